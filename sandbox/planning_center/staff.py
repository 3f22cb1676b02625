"""Staff: what people in the church's office, and donors, do in Planning Center by hand.

Every function takes the records, the church's id and the clock; ids that do not exist are a `Refusal` (404).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.planning_center import accounts, batches, contact_details
from sandbox.planning_center.desk import open_call
from sandbox.planning_center.donation_rules import spread_fee
from sandbox.planning_center.merging import merge_people
from sandbox.planning_center.outside import (
    add_campus,
    add_fund,
    add_online_donation,
    add_recurring_donation,
)
from sandbox.planning_center.people import NAMES, apply_to_person, new_person
from sandbox.planning_center.people_vertices import ADDRESS, EMAIL, PERSON, PHONE_NUMBER
from sandbox.planning_center.store import note_change

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sandbox.planning_center.call import Call
    from sandbox.planning_center.store import Record
    from sandbox.records import Records

    Clock = Callable[[], datetime]

Values = dict[str, Any]

__all__ = [
    "add_campus",
    "add_fund",
    "add_online_donation",
    "add_person",
    "add_recurring_donation",
    "archive_payment_source",
    "close_fund",
    "commit_batch",
    "delete_batch",
    "delete_donation",
    "delete_person",
    "edit_batch",
    "edit_donation",
    "edit_fund",
    "edit_person",
    "merge_people",
    "set_token_state",
]


def add_person(
    records: Records,
    organization_id: str,
    clock: Clock,
    attributes: Values,
    *,
    emails: Sequence[Values] = (),
    phone_numbers: Sequence[Values] = (),
    addresses: Sequence[Values] = (),
) -> str:
    """Add a person with contact details, given as the API takes them; return the person's id."""
    call = open_call(records, organization_id, clock)
    person = new_person(call, attributes, {})
    for vertex, details in ((EMAIL, emails), (PHONE_NUMBER, phone_numbers), (ADDRESS, addresses)):
        for values in details:
            contact_details.add_detail(call, vertex, person, values)
    return str(person["id"])


def edit_person(
    records: Records, organization_id: str, person_id: str, changes: Values, clock: Clock
) -> None:
    """Change a person's attributes; `status` of `inactive` makes them inactive."""
    unknown = set(changes) - PERSON.update
    if unknown:
        raise ValueError(f"not attributes of a person that can be changed: {sorted(unknown)}")
    call = open_call(records, organization_id, clock)
    person = call.record("Person", person_id)
    if any(name in changes for name in NAMES):
        note_change(person, NAMES, call.now_ts, 0)
    apply_to_person(person, changes, call.now_text)
    call.store.put("Person", person)


def delete_person(records: Records, organization_id: str, person_id: str, clock: Clock) -> None:
    """Delete a person; what they gave becomes anonymous."""
    call = open_call(records, organization_id, clock)
    person = call.record("Person", person_id)
    for donation in call.store.find("Donation", "person", organization_id, person_id):
        donation["relations"]["person"] = None
        call.store.put("Donation", donation)
    for type_ in ("Email", "PhoneNumber", "Address"):
        for detail in contact_details.details(call.store, type_, person):
            call.store.delete(type_, detail)
    call.store.delete("Person", person)


def edit_donation(
    records: Records, organization_id: str, donation_id: str, changes: Values, clock: Clock
) -> None:
    """Change a donation whatever its source: attributes by name, and `person`, `fund`, `amount_cents`.

    `amount_cents` and `fund` leave it with one designation.
    """
    call = open_call(records, organization_id, clock)
    donation = call.record("Donation", donation_id)
    changes = dict(changes)
    if "person" in changes:
        donation["relations"]["person"] = changes.pop("person")
    amount_cents = changes.pop("amount_cents", None)
    fund_id = changes.pop("fund", None)
    before_cents = donation["attributes"]["amount_cents"]
    if amount_cents is not None or fund_id is not None:
        part = donation["designations"][0]
        part["attributes"]["amount_cents"] = before_cents if amount_cents is None else amount_cents
        part["relations"]["fund"] = fund_id or part["relations"]["fund"]
        donation["designations"] = [part]
        donation["attributes"]["amount_cents"] = part["attributes"]["amount_cents"]
    donation["attributes"] |= changes | {"updated_at": call.now_text}
    spread_fee(donation["designations"], donation["attributes"]["fee_cents"])
    call.store.put("Donation", donation)
    _add_to_batch(call, donation, donation["attributes"]["amount_cents"] - before_cents)


def delete_donation(records: Records, organization_id: str, donation_id: str, clock: Clock) -> None:
    """Delete a donation, committed or not."""
    call = open_call(records, organization_id, clock)
    donation = call.record("Donation", donation_id)
    batches.bury(call.store, "Donation", donation, call.now_ts, keep_ghost=True)
    _add_to_batch(call, donation, -donation["attributes"]["amount_cents"])


def edit_batch(records: Records, organization_id: str, batch_id: str, changes: Values, clock: Clock) -> None:
    """Change a batch's attributes."""
    _edit(open_call(records, organization_id, clock), "Batch", batch_id, changes)


def delete_batch(records: Records, organization_id: str, batch_id: str, clock: Clock) -> None:
    """Delete a batch and its donations at once, committed or not."""
    call = open_call(records, organization_id, clock)
    batches.erase(call.store, call.record("Batch", batch_id), call.now_ts)


def commit_batch(records: Records, organization_id: str, batch_id: str, clock: Clock) -> None:
    """Commit a batch at once."""
    call = open_call(records, organization_id, clock)
    batches.finish_commit(call.store, call.record("Batch", batch_id), call.now_text)


def edit_fund(records: Records, organization_id: str, fund_id: str, changes: Values, clock: Clock) -> None:
    """Change a fund's attributes."""
    _edit(open_call(records, organization_id, clock), "Fund", fund_id, changes)


def close_fund(records: Records, organization_id: str, fund_id: str, clock: Clock) -> None:
    """Let a fund take no more designations."""
    edit_fund(records, organization_id, fund_id, {"visibility": "nowhere"}, clock)


def archive_payment_source(records: Records, organization_id: str, source_id: str, clock: Clock) -> None:
    """Let a payment source take no more donations."""
    call = open_call(records, organization_id, clock)
    _edit(call, "PaymentSource", source_id, {"status": "archived"})


def set_token_state(records: Records, organization_id: str, state: str) -> None:
    """Make the access token `valid`, `expired`, `revoked` or `without_scope`."""
    organization = records.get(accounts.KIND, organization_id)
    if organization is None:
        raise KeyError(organization_id)
    if state not in accounts.TOKEN_HINTS:
        raise ValueError(f"not a state of a token: {state}")
    records.put(accounts.KIND, organization_id, organization | {"token_state": state})


def _edit(call: Call, type_: str, record_id: str, changes: Values) -> None:
    record = call.record(type_, record_id)
    unknown = set(changes) - set(record["attributes"])
    if unknown:
        raise ValueError(f"not attributes of a {type_}: {sorted(unknown)}")
    record["attributes"] |= changes | {"updated_at": call.now_text}
    call.store.put(type_, record)


def _add_to_batch(call: Call, donation: Record, cents: int) -> None:
    batch_id = donation["relations"]["batch"]
    if batch_id is not None:
        batch = call.record("Batch", batch_id)
        batch["attributes"]["total_cents"] += cents
        batch["attributes"]["updated_at"] = call.now_text
        call.store.put("Batch", batch)
