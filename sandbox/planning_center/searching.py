"""Searching: `where` keys of Person that are no attributes, and many ids (planning-center-api.md 3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.planning_center.errors import bad_request
from sandbox.planning_center.store import found_attributes

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.planning_center.call import Call
    from sandbox.planning_center.query import Where
    from sandbox.planning_center.store import Record

_NAMES = ("first_name", "given_name", "nickname", "middle_name", "last_name")


def id_condition(call: Call, where: Where) -> Callable[[Record], bool]:
    """Take one id; several, parted by commas, as the option `bulk_ids` says."""
    ids = set(where.value.split(","))
    if len(ids) > 1:
        if call.options.bulk_ids == "refused":
            raise bad_request("invalid_parameter", f"{where.value!r} is not an id", "where[id]")
        if call.options.bulk_ids == "ignored":
            return lambda _row: True
    return lambda row: row["id"] in ids


def _by_name(call: Call, value: str) -> Callable[[Record], bool]:
    """Take the people who have every word of the value in some part of their name."""
    wanted = value.casefold().split()
    lag_seconds = call.options.search_lag_seconds

    def test(row: Record) -> bool:
        found = found_attributes(row, call.now_ts, lag_seconds)
        if found is None or not wanted:
            return False
        text = " ".join(str(found.get(name) or "") for name in _NAMES).casefold()
        return all(word in text for word in wanted)

    return test


def _by_email(call: Call, value: str) -> Callable[[Record], bool]:
    """Take the people one of whose addresses contains the value."""
    text = value.strip().casefold()
    owners: set[str] = set()
    if "@" in text:
        for email in call.store.all("Email", call.organization_id):
            found = found_attributes(email, call.now_ts, call.options.search_lag_seconds)
            if found is not None and text in found["address"].casefold():
                owners.add(email["relations"]["person"])
    return lambda row: row["id"] in owners


def _by_phone_number(call: Call, value: str) -> Callable[[Record], bool]:
    """Take the people one of whose numbers contains the value's digits."""
    digits = "".join(filter(str.isdigit, value))
    owners: set[str] = set()
    if digits:
        for phone in call.store.all("PhoneNumber", call.organization_id):
            found = found_attributes(phone, call.now_ts, call.options.search_lag_seconds)
            if found is not None and digits in "".join(filter(str.isdigit, found["number"])):
                owners.add(phone["relations"]["person"])
    return lambda row: row["id"] in owners


def _by_e164(call: Call, value: str) -> Callable[[Record], bool]:
    owners = {
        phone["relations"]["person"]
        for phone in call.store.find("PhoneNumber", "e164", call.organization_id, value.strip())
        if (found_attributes(phone, call.now_ts, call.options.search_lag_seconds) or {}).get("e164")
        == value.strip()
    }
    return lambda row: row["id"] in owners


def _any(
    *searches: Callable[[Call, str], Callable[[Record], bool]],
) -> Callable[[Call, str], Callable[[Record], bool]]:
    def search(call: Call, value: str) -> Callable[[Record], bool]:
        tests = [each(call, value) for each in searches]
        return lambda row: any(test(row) for test in tests)

    return search


SEARCHES: dict[str, Callable[[Call, str], Callable[[Record], bool]]] = {
    "search_name": _by_name,
    "search_name_or_email": _any(_by_name, _by_email),
    "search_name_or_email_or_phone_number": _any(_by_name, _by_email, _by_phone_number),
    "search_phone_number": _by_phone_number,
    "search_phone_number_e164": _by_e164,
}
