"""People: create, read, change and delete persons (planning-center-api.md 3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.planning_center.assignment import assigned
from sandbox.planning_center.call import Answer
from sandbox.planning_center.errors import impossible, invalid, related_not_found, unprocessable
from sandbox.planning_center.includes import organization_record
from sandbox.planning_center.json_api import read_one, written
from sandbox.planning_center.listing import list_organization
from sandbox.planning_center.people_vertices import ORGANIZATION, PERSON
from sandbox.planning_center.store import new_record, note_change

if TYPE_CHECKING:
    from sandbox.planning_center.call import Call
    from sandbox.planning_center.store import Record, Store

_NEW: dict[str, Any] = dict.fromkeys(PERSON.attributes) | {
    "accounting_administrator": False,
    "can_create_forms": False,
    "can_email_lists": False,
    "child": False,
    "directory_status": "no_access",
    "mfa_configured": False,
    "passed_background_check": False,
    "resource_permission_flags": {},
    "site_administrator": False,
    "status": "active",
}
NAMES = ("first_name", "given_name", "last_name", "middle_name", "nickname")


def list_people(call: Call) -> Answer:
    """Return a page of people, inactive ones included."""
    return list_organization(call, PERSON)


def read_person(call: Call) -> Answer:
    """Return one person."""
    return read_one(call, PERSON, call.record("Person"))


def create_person(call: Call) -> Answer:
    """Create a person.

    Raises:
        Refusal: 422, a wrong attribute, or neither a first nor a last name.
    """
    values, relations = assigned(call, PERSON, creating=True)
    _check(call, values, relations)
    if not any(values.get(name) for name in ("first_name", "given_name", "nickname", "last_name")):
        raise unprocessable(invalid("first_name", "can't be blank", "Person"))
    return written(call, PERSON, new_person(call, values, relations), 201)


def new_person(call: Call, values: dict[str, Any], relations: dict[str, Any]) -> Record:
    """Keep a new person with these values, and return it."""
    person = new_record(
        call.store.new_id("Person", call.organization_id),
        call.organization_id,
        call.now_ts,
        _NEW | {"created_at": call.now_text},
        {"primary_campus": relations.get("primary_campus"), "created_by": call.organization["user_id"]},
    )
    apply_to_person(person, values, call.now_text)
    call.store.put("Person", person)
    return person


def update_person(call: Call) -> Answer:
    """Change a person."""
    person = call.record("Person")
    values, relations = assigned(call, PERSON, creating=False)
    _check(call, values, relations)
    if any(name in values for name in NAMES):
        note_change(person, NAMES, call.now_ts, call.options.search_lag_seconds)
    apply_to_person(person, values, call.now_text)
    person["relations"].update(relations)
    call.store.put("Person", person)
    return written(call, PERSON, person, 200)


def delete_person(call: Call) -> Answer:
    """Delete a person with all contact details; one who has given cannot be deleted."""
    person = call.record("Person")
    if call.store.find("Donation", "person", call.organization_id, person["id"]):
        raise impossible("A person with donations cannot be deleted")
    for type_ in ("Email", "PhoneNumber", "Address"):
        for owned in call.store.find(type_, "person", call.organization_id, person["id"]):
            call.store.delete(type_, owned)
    call.store.delete("Person", person)
    return Answer(204)


def read_me(call: Call) -> Answer:
    """Return the user of the credential as a person of People."""
    first, _, last = call.organization["user_name"].partition(" ")
    attributes = _NEW | {"first_name": first, "last_name": last, "name": call.organization["user_name"]}
    attributes |= {"people_permissions": "Manager", "site_administrator": True}
    relations = {"primary_campus": None, "created_by": None}
    user = new_record(call.organization["user_id"], call.organization_id, 0, attributes, relations)
    return read_one(call, PERSON, user)


def read_organization(call: Call) -> Answer:
    """Return the church."""
    return read_one(call, ORGANIZATION, organization_record(call))


def _check(call: Call, values: dict[str, Any], relations: dict[str, Any]) -> None:
    campus_id = relations.get("primary_campus")
    if campus_id is not None and call.store.get("Campus", call.organization_id, campus_id) is None:
        raise unprocessable(related_not_found("primary_campus_id", campus_id))
    if "status" in values and values["status"] is None:
        raise unprocessable(invalid("status", "can't be blank", "Person"))


def apply_to_person(person: Record, values: dict[str, Any], now: str) -> None:
    """Set attributes on a person; `now` is a moment as the vendor writes it.

    `first_name` shows the nickname where there is one, else what was written, else the legal name.
    """
    attributes = person["attributes"]
    values = dict(values)
    if "status" in values:
        inactive = values.pop("status") == "inactive"
        values["inactivated_at"] = (attributes["inactivated_at"] or now) if inactive else None
    if "first_name" in values:
        person["first_name_written"] = values.pop("first_name")
    attributes.update(values)
    attributes["status"] = "active" if attributes["inactivated_at"] is None else "inactive"
    attributes["first_name"] = (
        attributes["nickname"] or person.get("first_name_written") or attributes["given_name"]
    )
    names = (attributes["first_name"], attributes["last_name"])
    attributes["name"] = " ".join(name for name in names if name)
    attributes["updated_at"] = now


def touch_person(store: Store, person: Record, now: str) -> None:
    """Move `updated_at`, as a change of a person's email, phone or address does."""
    person["attributes"]["updated_at"] = now
    store.put("Person", person)
