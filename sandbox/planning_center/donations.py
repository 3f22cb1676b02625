"""Donations: recorded in batches, changed and deleted by their own id (planning-center-api.md 4.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.planning_center import donation_rules as rules
from sandbox.planning_center.assignment import assigned
from sandbox.planning_center.batches import bury, refuse_while_updating, succeed
from sandbox.planning_center.call import Answer
from sandbox.planning_center.errors import Refusal, forbidden, impossible, invalid, unprocessable
from sandbox.planning_center.giving_vertices import DONATION
from sandbox.planning_center.json_api import read_one, written
from sandbox.planning_center.listing import as_listed, list_organization, list_rows
from sandbox.planning_center.store import new_record

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.planning_center.call import Call
    from sandbox.planning_center.store import Record

NEW_DONATION: dict[str, Any] = dict.fromkeys(DONATION.attributes) | {
    "amount_cents": 0,
    "fee_cents": 0,
    "fee_covered": False,
    "payment_channel": "api",
    "payment_status": "pending",
    "refundable": False,
    "refunded": False,
}


def list_donations(call: Call) -> Answer:
    """Return a page of all donations of the church."""
    return list_organization(call, DONATION)


def list_donations_of(type_: str, index: str) -> Callable[[Call], Answer]:
    """Return the handler that lists the donations of a batch, person, payment source or campus."""

    def handler(call: Call) -> Answer:
        parent = call.record(type_)
        rows = call.store.find("Donation", index, call.organization_id, parent["id"])

        def ghosts(ghost_type: str, organization_id: str) -> list[Record]:
            return call.store.find(ghost_type, index, organization_id, parent["id"])

        return list_rows(call, DONATION, as_listed(call, "Donation", rows, ghosts), (type_, parent["id"]))

    return handler


def read_donation(call: Call) -> Answer:
    """Return one donation."""
    return read_one(call, DONATION, call.record("Donation"))


def refuse_donation(call: Call) -> Answer:
    """Refuse a donation that names no batch."""
    raise forbidden(f"{call.user} cannot create a Donation.")


def create_donation(call: Call) -> Answer:
    """Record a donation in a batch; one that is committed commits it at once.

    Raises:
        Refusal: 422, one error per wrong attribute, relationship or designation.
    """
    batch = call.record("Batch")
    refuse_while_updating(batch)
    values, relations = assigned(call, DONATION, creating=True)
    attributes, errors = _new_attributes(call, values)
    errors += rules.check_payment_source(call, relations.get("payment_source"))
    errors += rules.check_related(call, relations)
    designations = _read_designations(call, [], errors)
    if not designations and not errors:
        errors.append(invalid("designations", "can't be blank", "Donation"))
    person_id = _resolve(call, relations.get("person"), errors)
    if errors:
        raise unprocessable(*errors)
    donation = new_record(
        call.store.new_id("Donation", call.organization_id),
        call.organization_id,
        call.now_ts,
        attributes,
        {
            "batch": batch["id"],
            "campus": relations["campus"] if "campus" in relations else _campus(call, person_id),
            "person": person_id,
            "payment_source": relations["payment_source"],
            "labels": relations.get("labels") or [],
            "recurring_donation": None,
        },
    )
    donation |= {"refund": None, "designations": []}
    take_designations(call, donation, designations)
    if batch["attributes"]["status"] == "committed":
        succeed(donation, call.now_text)
    call.store.put("Donation", donation)
    _count(call, batch, donation["attributes"]["amount_cents"])
    return written(call, DONATION, donation, 201)


def update_donation(call: Call) -> Answer:
    """Change a donation, its labels, its designations or its batch.

    Raises:
        Refusal: 403, it came through the built-in source; 422, a rule is broken.
    """
    donation, batch = _editable(call, "update")
    values, relations = assigned(call, DONATION, creating=False)
    target = _target(call, batch, relations)
    attributes = donation["attributes"] | values
    attributes["fee_cents"] = attributes["fee_cents"] or 0
    errors = rules.check_attributes(attributes) + rules.check_related(call, relations)
    if "payment_source" in relations:
        errors += rules.check_payment_source(call, relations["payment_source"])
    designations = _read_designations(call, donation["designations"], errors)
    if "person" in relations:
        relations["person"] = _resolve(call, relations["person"], errors)
    if errors:
        raise unprocessable(*errors)
    before_cents = donation["attributes"]["amount_cents"]
    donation["attributes"] = attributes | {"updated_at": call.now_text}
    donation["relations"] |= relations
    take_designations(call, donation, designations)
    call.store.put("Donation", donation)
    _count(call, batch, -before_cents)
    _count(call, target, donation["attributes"]["amount_cents"])
    if target is not batch and target["attributes"]["status"] == "committed":
        succeed(donation, call.now_text)
        call.store.put("Donation", donation)
    return written(call, DONATION, donation, 200)


def delete_donation(call: Call) -> Answer:
    """Delete a donation, committed or not."""
    donation, batch = _editable(call, "destroy")
    keep_ghost = call.options.list_lag_seconds > 0
    bury(call.store, "Donation", donation, call.now_ts, keep_ghost=keep_ghost)
    _count(call, batch, -donation["attributes"]["amount_cents"])
    return Answer(204)


def _new_attributes(call: Call, values: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    now = call.now_text
    currency = call.organization["currency"]
    attributes = NEW_DONATION | {
        "amount_currency": currency,
        "created_at": now,
        "fee_currency": currency,
        "received_at": now,
        "updated_at": now,
    }
    attributes |= {name: value for name, value in values.items() if value is not None}
    return attributes, rules.check_attributes(attributes)


def _read_designations(call: Call, present: list[Record], errors: list[dict[str, Any]]) -> list[Record]:
    try:
        designations, _ = rules.read_designations(call, present)
    except Refusal as refusal:
        errors.extend(refusal.errors)
        return present
    return designations


def _resolve(call: Call, person_id: str | None, errors: list[dict[str, Any]]) -> str | None:
    try:
        return rules.resolve_person(call, person_id)
    except Refusal as refusal:
        errors.extend(refusal.errors)
        return None


def _campus(call: Call, person_id: str | None) -> str | None:
    """Return the donor's primary campus, the default of a donation's campus."""
    person = None if person_id is None else call.store.get("Person", call.organization_id, person_id)
    return None if person is None else person["relations"]["primary_campus"]


def take_designations(call: Call, donation: Record, designations: list[Record]) -> None:
    """Give the donation its designations, with ids, fees, and the amount that they add up to."""
    for part in designations:
        if part["id"] is None:
            part["id"] = call.store.new_id("Designation", call.organization_id)
            part["path"] = f"donations/{donation['id']}/designations/{part['id']}"
        fund = call.record("Fund", part["relations"]["fund"])
        if fund["attributes"]["deletable"]:
            fund["attributes"]["deletable"] = False
            call.store.put("Fund", fund)
    rules.spread_fee(designations, donation["attributes"]["fee_cents"])
    donation["designations"] = designations
    donation["attributes"]["amount_cents"] = sum(part["attributes"]["amount_cents"] for part in designations)


def _editable(call: Call, deed: str) -> tuple[Record, Record]:
    """Return the donation and its batch, if the API may change them."""
    donation = call.record("Donation")
    if donation["relations"]["payment_source"] == rules.BUILT_IN_SOURCE:
        raise forbidden(f"{call.user} cannot {deed} a Donation.")
    batch = call.record("Batch", donation["relations"]["batch"])
    refuse_while_updating(batch)
    return donation, batch


def _target(call: Call, batch: Record, relations: dict[str, Any]) -> Record:
    """Return the batch that the donation shall be in."""
    target_id = relations.get("batch", batch["id"])
    target = None if target_id is None else call.store.get("Batch", call.organization_id, target_id)
    if target is None:
        raise unprocessable(invalid("batch", "can't be blank", "Donation"))
    refuse_while_updating(target)
    if batch["attributes"]["status"] == "committed" != target["attributes"]["status"]:
        raise impossible("A committed donation cannot be moved to an uncommitted batch")
    return target


def _count(call: Call, batch: Record, cents: int) -> None:
    """Add to the batch's total; it may be the total of a batch that holds nothing else."""
    batch["attributes"]["total_cents"] += cents
    batch["attributes"]["updated_at"] = call.now_text
    call.store.put("Batch", batch)
