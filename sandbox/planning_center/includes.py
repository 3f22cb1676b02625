"""Includes: the records that `include` adds to a document, and the shapes that are computed when shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sandbox.planning_center import fund_vertices, giving_vertices, people_vertices
from sandbox.planning_center.moments import timestamp_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.planning_center.call import Call
    from sandbox.planning_center.store import Record
    from sandbox.planning_center.vertex import Vertex


class Include(NamedTuple):
    """How an include is resolved."""

    to_many: bool
    vertex: Vertex | None
    """None: the sandbox keeps no such records."""
    records: Callable[[Call, Record], list[Record]]


def nothing(_call: Call, _record: Record) -> list[Record]:
    """Return no record: the sandbox keeps none of the kind."""
    return []


def _of_person(type_: str) -> Callable[[Call, Record], list[Record]]:
    return lambda call, person: call.store.find(type_, "person", call.organization_id, person["id"])


def related(type_: str, relation: str) -> Callable[[Call, Record], list[Record]]:
    """Return the way to the one record that a relation names."""

    def records(call: Call, record: Record) -> list[Record]:
        related_id = record["relations"].get(relation)
        found = None if related_id is None else call.store.get(type_, call.organization_id, related_id)
        return [] if found is None else [found]

    return records


def labels(call: Call, donation: Record) -> list[Record]:
    """Return the donation's labels."""
    found = (call.store.get("Label", call.organization_id, key) for key in donation["relations"]["labels"])
    return [label for label in found if label is not None]


def organization_record(call: Call) -> Record:
    """Return the church as People shows it."""
    organization = call.organization
    attributes = dict.fromkeys(people_vertices.ORGANIZATION.attributes)
    attributes |= {
        "country_code": organization["country_code"],
        "created_at": timestamp_text(0),
        "name": organization["name"],
        "time_zone": organization["time_zone"],
    }
    return {"id": organization["id"], "attributes": attributes, "relations": {}, "path": ""}


def owner(call: Call, _record: Record) -> list[Record]:
    """Return the Giving person on whose behalf all calls are made."""
    first, _, last = call.organization["user_name"].partition(" ")
    attributes = dict.fromkeys(giving_vertices.PERSON.attributes)
    attributes |= {
        "addresses": [],
        "email_addresses": [],
        "first_name": first,
        "last_name": last,
        "permissions": call.organization["giving_permission"],
        "phone_numbers": [],
    }
    user_id = call.organization["user_id"]
    return [{"id": user_id, "shown": attributes, "attributes": {}, "relations": {}}]


def giving_person(call: Call, person: Record) -> dict[str, Any]:
    """Return a person's attributes as Giving shows them (planning-center-api.md 4.5)."""
    if "shown" in person:
        shown: dict[str, Any] = person["shown"]
        return shown
    owned = {
        type_: [record["attributes"] for record in _of_person(type_)(call, person)]
        for type_ in ("Address", "Email", "PhoneNumber")
    }
    address = ("street_line_1", "street_line_2", "city", "state", "zip", "location", "primary")
    return {
        "addresses": [{name: each[name] for name in address} for each in owned["Address"]],
        "donor_number": person.get("donor_number"),
        "email_addresses": [
            {name: each[name] for name in ("address", "location", "blocked", "primary")}
            for each in owned["Email"]
        ],
        "first_donated_at": person.get("first_donated_at"),
        "first_name": person["attributes"]["first_name"],
        "last_name": person["attributes"]["last_name"],
        "permissions": None,
        "phone_numbers": [
            {name: each[name] for name in ("number", "carrier", "location", "primary")}
            for each in owned["PhoneNumber"]
        ],
    }


def batch(call: Call, record: Record) -> dict[str, Any]:
    """Return a batch's attributes with its number of donations."""
    found = call.store.find("Donation", "batch", call.organization_id, record["id"])
    return {**record["attributes"], "donations_count": len(found)}


SHAPES: dict[tuple[str, str], Callable[[Call, Record], dict[str, Any]]] = {
    ("giving", "Person"): giving_person,
    ("giving", "Batch"): batch,
}

INCLUDES: dict[tuple[str, str], dict[str, Include]] = {
    ("people", "Person"): {
        "addresses": Include(True, people_vertices.ADDRESS, _of_person("Address")),
        "emails": Include(True, people_vertices.EMAIL, _of_person("Email")),
        "phone_numbers": Include(True, people_vertices.PHONE_NUMBER, _of_person("PhoneNumber")),
        "organization": Include(
            False, people_vertices.ORGANIZATION, lambda call, _record: [organization_record(call)]
        ),
        "primary_campus": Include(False, fund_vertices.CAMPUS, related("Campus", "primary_campus")),
        **{
            name: Include(True, None, nothing)
            for name in (
                "field_data",
                "households",
                "person_apps",
                "platform_notifications",
                "social_profiles",
            )
        },
        **{
            name: Include(False, None, nothing)
            for name in ("inactive_reason", "marital_status", "name_prefix", "name_suffix", "school")
        },
    },
    ("giving", "Batch"): {
        "batch_group": Include(False, giving_vertices.BATCH_GROUP, related("BatchGroup", "batch_group")),
        "owner": Include(False, giving_vertices.PERSON, owner),
    },
    ("giving", "BatchGroup"): {"owner": Include(False, giving_vertices.PERSON, owner)},
    ("giving", "Donation"): {
        "designations": Include(True, giving_vertices.DESIGNATION, lambda _call, gift: gift["designations"]),
        "labels": Include(True, fund_vertices.LABEL, labels),
        "note": Include(False, None, nothing),
        "refund": Include(
            False, giving_vertices.REFUND, lambda _call, gift: [gift["refund"]] if gift["refund"] else []
        ),
    },
    ("giving", "Refund"): {
        "designation_refunds": Include(
            True, giving_vertices.DESIGNATION_REFUND, lambda _call, refund: refund["designation_refunds"]
        ),
    },
    ("giving", "DesignationRefund"): {
        "designation": Include(False, giving_vertices.DESIGNATION, lambda _call, part: [part["designation"]]),
    },
    ("giving", "RecurringDonation"): {
        "designations": Include(
            True, fund_vertices.RECURRING_DONATION_DESIGNATION, lambda _call, plan: plan["designations"]
        ),
    },
    ("giving", "RecurringDonationDesignation"): {
        "fund": Include(False, fund_vertices.FUND, related("Fund", "fund")),
    },
}
