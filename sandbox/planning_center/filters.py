"""Filters: the named scopes of the lists."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sandbox.planning_center.errors import bad_request
from sandbox.planning_center.moments import moment_text, read_moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.planning_center.call import Call
    from sandbox.planning_center.query import Query
    from sandbox.planning_center.store import Record


def _status(wanted: str) -> Callable[[Call, Query], Callable[[Record], bool]]:
    return lambda _call, _query: lambda row: row["attributes"]["status"] == wanted


def _succeeded(_call: Call, _query: Query) -> Callable[[Record], bool]:
    return lambda row: row["attributes"]["payment_status"] == "succeeded"


def _has_donated(call: Call, _query: Query) -> Callable[[Record], bool]:
    return lambda row: bool(call.store.find("Donation", "person", call.organization_id, row["id"]))


def _admins(_call: Call, _query: Query) -> Callable[[Record], bool]:
    return lambda row: row["attributes"]["people_permissions"] is not None


def _organization_admins(_call: Call, _query: Query) -> Callable[[Record], bool]:
    return lambda row: row["attributes"]["site_administrator"] is True


def _created_since(call: Call, query: Query) -> Callable[[Record], bool]:
    """Take the last 24 hours, or all since the parameter `time`."""
    since = read_moment(query.since, call.organization["time_zone"]) if query.since else None
    if query.since and since is None:
        raise bad_request("invalid_parameter", f"{query.since!r} is not a time", "time")
    start = since or moment_text(call.now - timedelta(days=1))
    return lambda row: row["attributes"]["created_at"] >= start


FILTERS: dict[tuple[str, str], Callable[[Call, Query], Callable[[Record], bool]]] = {
    ("Batch", "committed"): _status("committed"),
    ("Batch", "in_progress"): _status("in_progress"),
    ("BatchGroup", "committed"): _status("committed"),
    ("BatchGroup", "in_progress"): _status("in_progress"),
    ("Donation", "succeeded"): _succeeded,
    ("Person", "has_donated"): _has_donated,
    ("Person", "admins"): _admins,
    ("Person", "organization_admins"): _organization_admins,
    ("Person", "created_since"): _created_since,
}
