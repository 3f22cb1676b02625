"""Merging: two people become one, as staff do it by hand (planning-center-api.md 3.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.planning_center.contact_details import details
from sandbox.planning_center.desk import open_call
from sandbox.planning_center.people import touch_person
from sandbox.planning_center.store import new_record

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sandbox.planning_center.call import Call
    from sandbox.planning_center.store import Record
    from sandbox.records import Records

_SAME = {
    "Email": ("address",),
    "PhoneNumber": ("e164",),
    "Address": ("street_line_1", "city", "zip"),
}
"""What makes two contact details the same."""


def merge_people(
    records: Records, organization_id: str, keep: str, remove: str, clock: Callable[[], datetime]
) -> None:
    """Merge the person `remove` into the person `keep`.

    The removed id is a 404 from now on; donations, plans and contact details go over.
    """
    call = open_call(records, organization_id, clock)
    kept, removed = call.record("Person", keep), call.record("Person", remove)
    if kept is removed:
        raise ValueError("a person cannot be merged with themselves")
    for type_ in _SAME:
        _move_details(call, type_, kept, removed)
    for type_ in ("Donation", "RecurringDonation"):
        for record in call.store.find(type_, "person", organization_id, remove):
            record["relations"]["person"] = keep
            record["attributes"]["updated_at"] = call.now_text
            call.store.put(type_, record)
    now = call.now_text
    merger = new_record(
        call.store.new_id("PersonMerger", organization_id),
        organization_id,
        call.now_ts,
        {"created_at": now, "person_to_keep_id": int(keep), "person_to_remove_id": int(remove)},
        {"person_to_keep": keep, "person_to_remove": remove},
    )
    call.store.put("PersonMerger", merger)
    call.store.delete("Person", removed)
    touch_person(call.store, kept, now)


def _move_details(call: Call, type_: str, kept: Record, removed: Record) -> None:
    def likeness(detail: Record) -> tuple[str, ...]:
        return tuple(str(detail["attributes"][name]).casefold() for name in _SAME[type_])

    present = details(call.store, type_, kept)
    known = {likeness(detail) for detail in present}
    has_primary = bool(present)
    for detail in details(call.store, type_, removed):
        if likeness(detail) in known:
            call.store.delete(type_, detail)
            continue
        detail["relations"]["person"] = kept["id"]
        detail["attributes"]["primary"] = detail["attributes"]["primary"] and not has_primary
        call.store.put(type_, detail)
