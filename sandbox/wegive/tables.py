"""WeGive's tables: kinds of rows, how they are found, and how one is added.

Rows are plain dicts. Amounts are integer cents, times `2026-01-04T15:00:00Z` in UTC, ids integers that count
up over all organizations. Every row but an organization carries `organization_id`.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.wegive.defaults import DEFAULTS, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sandbox.records import Records

EMAIL_FIELDS = ("email_1", "email_2", "email_3")
FIRST_ID = {
    "donor": 41_000,
    "household": 7_000,
    "fund": 900,
    "transaction": 610_000,
    "allocation": 880_000,
    "scheduled_donation": 23_000,
    "payout": 5_000,
}
MOST_DAYS_BY_INDEX = 800


def wire_time(at: datetime) -> str:
    """Return the moment in the form in which rows keep it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _by(*fields: str) -> Callable[[Row], Iterable[str]]:
    """Index a row under each value that it has in the fields, within its organization."""

    def values(row: Row) -> list[str]:
        organization_id = row["organization_id"]
        return [f"{organization_id} {str(row[name]).lower()}" for name in fields if row.get(name) is not None]

    return values


def _by_day(field: str) -> Callable[[Row], Iterable[str]]:
    return lambda row: [f"{row['organization_id']} {row[field][:10]}"]


def declare_indexes(records: Records) -> None:
    """Make the rows of these records findable; may be repeated."""
    records.add_index("organization", "token", lambda row: [row["token"]])
    for kind in DEFAULTS:
        records.add_index(kind, "organization", lambda row: [row["organization_id"]])
    for kind in ("donor", "transaction"):
        records.add_index(kind, "planning_center_id", _by("planning_center_id"))
    records.add_index("donor", "email_1", _by("email_1"))
    records.add_index("donor", "any_email", _by(*EMAIL_FIELDS))
    for kind in ("transaction", "scheduled_donation"):
        records.add_index(kind, "donor_id", _by("donor_id"))
        records.add_index(kind, "updated_at", _by_day("updated_at"))
    records.add_index("transaction", "created_at", _by_day("created_at"))
    records.add_index("transaction", "payout", _by("payout_id"))
    records.add_index(
        "household",
        "member",
        lambda row: [f"{row['organization_id']} {member_id}" for member_id in row["member_ids"]],
    )


def rows_of(records: Records, kind: str, organization_id: str) -> list[Row]:
    """Return every row of the kind that belongs to the organization."""
    return records.find(kind, "organization", organization_id)


def rows_by(records: Records, kind: str, index: str, organization_id: str, value: object) -> list[Row]:
    """Return the organization's rows that the index holds under the value (compared in lower case)."""
    return records.find(kind, index, f"{organization_id} {str(value).lower()}")


def rows_by_day(  # noqa: PLR0917
    records: Records, kind: str, field: str, organization_id: str, first: str, last: str
) -> list[Row] | None:
    """Return the rows whose time `field` lies on the UTC days first to last, or None for too many days."""
    day = datetime.fromisoformat(first[:10]).date()
    end = datetime.fromisoformat(last[:10]).date()
    if (end - day).days > MOST_DAYS_BY_INDEX:
        return None
    rows: list[Row] = []
    while day <= end:
        rows += records.find(kind, field, f"{organization_id} {day.isoformat()}")
        day += timedelta(days=1)
    return rows


def row_of(records: Records, kind: str, organization_id: str, row_id: object) -> Row | None:
    """Return the organization's row, or None: another organization's row is as good as absent."""
    row = records.get(kind, str(row_id))
    return row if row is not None and row["organization_id"] == organization_id else None


def existing_row(records: Records, kind: str, organization_id: str, row_id: object) -> Row:
    """Return the organization's row.

    Raises:
        LookupError: the organization has no such row.
    """
    row = row_of(records, kind, organization_id, row_id)
    if row is None:
        raise LookupError(f"organization {organization_id} has no {kind.replace('_', ' ')} {row_id}")
    return row


def save(records: Records, kind: str, row: Row, at: datetime) -> Row:
    """Keep a changed row and move its `updated_at`."""
    row["updated_at"] = wire_time(at)
    records.put(kind, str(row["id"]), row)
    return row


def next_id(records: Records, kind: str) -> int:
    """Return a new id of the kind."""
    return FIRST_ID[kind] + records.next_id(kind)


def add_organization(
    records: Records, organization_id: str, name: str, token: str, *, is_sandbox: bool = False
) -> Row:
    """Add a church with its personal access token, `{token_id}|{secret}` (wegive-api.md 2).

    Raises:
        ValueError: the token has another shape.
    """
    token_id, bar, secret = token.partition("|")
    if not (token_id and bar and secret):
        raise ValueError("a WeGive token looks like {token_id}|{secret}")
    row = {"id": organization_id, "name": name, "token": token, "is_sandbox": is_sandbox}
    records.put("organization", organization_id, row)
    return row


def add(records: Records, kind: str, organization_id: str, at: datetime, **fields: Any) -> Row:  # noqa: ANN401
    """Add a row of the kind, created at the moment; fields that are not given are the kind's defaults.

    `created_at` and `updated_at` may be given as text. Allocations get ids of their own.
    """
    row_id = next_id(records, kind)
    moment = wire_time(at)
    row: Row = {
        "id": row_id,
        "organization_id": organization_id,
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_OID, f"wegive {kind} {row_id}")),
        **{
            name: value.copy() if isinstance(value, list | dict) else value
            for name, value in DEFAULTS[kind].items()
        },
        "created_at": moment,
        "updated_at": moment,
        **fields,
    }
    for allocation in row.get("fund_allocations", ()):
        allocation.setdefault("id", next_id(records, "allocation"))
    records.put(kind, str(row_id), row)
    return row
