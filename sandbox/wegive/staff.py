"""What a church's staff and WeGive itself do to rows: the life cycle of wegive-api.md 8 and 13.8.

Every function takes the records, a clock (aware UTC) and the organization's id, changes rows in place and
returns the changed row. An id that the organization does not have is a `LookupError`, a change that the row's
state forbids a `ValueError`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.wegive.defaults import Row
from sandbox.wegive.moments import read_time
from sandbox.wegive.tables import add, existing_row, next_id, rows_by, rows_of, save, wire_time

if TYPE_CHECKING:
    from sandbox.records import Records

Clock = Callable[[], datetime]

__all__ = [
    "add_gift",
    "archive",
    "close_payout",
    "edit_donor",
    "edit_fund",
    "edit_payment",
    "merge_donors",
    "merge_funds",
    "pause_plan",
    "refund",
    "refund_partly",
    "restore",
    "return_ach",
    "settle_ach",
    "spoil",
]

PAUSED_FOR_GOOD = 2
"""`paused_type` of a plan that stays paused until somebody resumes it; the number is assumed (4.5)."""
_PAYMENT_FIELDS = frozenset(
    {
        "donor_id",
        "fund_id",
        "fund_allocations",
        "created_at",
        "description",
        "scheduled_donation_id",
        "amount",
    }
)
_UNTOUCHABLE = frozenset({"id", "uuid", "organization_id", "created_at", "updated_at", "wire"})


def merge_donors(records: Records, clock: Clock, organization_id: str, keep_id: int, remove_id: int) -> Row:
    """Merge two donors for good: payments and plans move, the removed id is gone (404)."""
    keep = existing_row(records, "donor", organization_id, keep_id)
    removed = existing_row(records, "donor", organization_id, remove_id)
    if keep is removed:
        raise ValueError("a donor cannot be merged with itself")
    now = clock()
    for kind in ("transaction", "scheduled_donation"):
        for row in rows_by(records, kind, "donor_id", organization_id, remove_id):
            save(records, kind, {**row, "donor_id": keep_id}, now)
    for household in rows_by(records, "household", "member", organization_id, remove_id):
        members = dict.fromkeys(keep_id if each == remove_id else each for each in household["member_ids"])
        save(records, "household", {**household, "member_ids": list(members)}, now)
    records.delete("donor", str(removed["id"]))
    return save(records, "donor", keep, now)


def edit_donor(
    records: Records, clock: Clock, organization_id: str, donor_id: int, changes: dict[str, Any]
) -> Row:
    """Change fields of a donor."""
    return _edit(records, clock, "donor", existing_row(records, "donor", organization_id, donor_id), changes)


def edit_fund(
    records: Records, clock: Clock, organization_id: str, fund_id: int, changes: dict[str, Any]
) -> Row:
    """Change fields of a fund: rename it, make it inactive."""
    return _edit(records, clock, "fund", existing_row(records, "fund", organization_id, fund_id), changes)


def merge_funds(records: Records, clock: Clock, organization_id: str, keep_id: int, remove_id: int) -> Row:
    """Merge two funds: the removed one is archived and names the other in `merged_into_id`."""
    existing_row(records, "fund", organization_id, keep_id)
    removed = existing_row(records, "fund", organization_id, remove_id)
    now = clock()
    changes = {"merged_into_id": keep_id, "active": False, "deleted_at": wire_time(now)}
    return save(records, "fund", removed | changes, now)


def archive(records: Records, clock: Clock, organization_id: str, kind: str, row_id: int) -> Row:
    """Archive a row of any kind: it leaves the active view."""
    row = existing_row(records, kind, organization_id, row_id)
    now = clock()
    return save(records, kind, {**row, "deleted_at": wire_time(now)}, now)


def restore(records: Records, clock: Clock, organization_id: str, kind: str, row_id: int) -> Row:
    """Bring an archived row back."""
    row = existing_row(records, kind, organization_id, row_id)
    return save(records, kind, {**row, "deleted_at": None}, clock())


def add_gift(  # noqa: PLR0917
    records: Records,
    clock: Clock,
    organization_id: str,
    donor_id: int | None,
    amount: int,
    fund_id: int,
    created_at: str,
) -> Row:
    """Add a succeeded card gift whose time lies where one likes, also on a day long past."""
    moment = read_time(created_at)
    if moment is None:
        raise ValueError("created_at must be an ISO 8601 time")
    existing_row(records, "fund", organization_id, fund_id)
    if donor_id is not None:
        existing_row(records, "donor", organization_id, donor_id)
    at = wire_time(moment)
    return add(
        records, "transaction", organization_id, clock(), donor_id=donor_id, amount=amount, fund_id=fund_id,
        created_at=at, initiated_at=at, succeeded_at=at, source_type="card", source=card(),
    )  # fmt: skip


def card(issuer: str = "Visa", last_four: str = "4242") -> Row:
    """Return a card as a payment's source."""
    return {"type": "card", "last_four": last_four, "issuer": issuer, "expiration": "09/2029"}


def edit_payment(
    records: Records, clock: Clock, organization_id: str, transaction_id: int, changes: dict[str, Any]
) -> Row:
    """Change a payment after the fact: donor, designation, date, plan (4.3); `updated_at` moves."""
    if not changes.keys() <= _PAYMENT_FIELDS:
        raise ValueError(f"of a payment one may change {', '.join(sorted(_PAYMENT_FIELDS))}")
    for allocation in changes.get("fund_allocations", ()):
        allocation.setdefault("id", next_id(records, "allocation"))
    row = existing_row(records, "transaction", organization_id, transaction_id)
    return save(records, "transaction", row | changes, clock())


def refund(records: Records, clock: Clock, organization_id: str, transaction_id: int) -> Row:
    """Refund a payment in full: `refunded_at` is set and the amount stays (7)."""
    row = _succeeded(records, organization_id, transaction_id)
    now = clock()
    return save(records, "transaction", {**row, "refunded_at": wire_time(now), "status": "refunded"}, now)


def refund_partly(
    records: Records, clock: Clock, organization_id: str, transaction_id: int, refunded_cents: int
) -> Row:
    """Refund a part: the amount falls, and so do the allocations, the last first (7)."""
    row = _succeeded(records, organization_id, transaction_id)
    if not 0 < refunded_cents < row["amount"]:
        raise ValueError("a partial refund is more than nothing and less than the payment")
    now = clock()
    changes: Row = {"amount": row["amount"] - refunded_cents, "refunded_at": wire_time(now)}
    rest = refunded_cents
    allocations: list[Row] = []
    for allocation in reversed(row["fund_allocations"]):
        taken = min(rest, allocation["amount"])
        rest -= taken
        if allocation["amount"] > taken:
            allocations.insert(0, {**allocation, "amount": allocation["amount"] - taken})
    changes |= {"fund_allocations": allocations, "status": "partially_refunded"}
    return save(records, "transaction", row | changes, now)


def settle_ach(records: Records, clock: Clock, organization_id: str, transaction_id: int) -> Row:
    """Let a pending bank payment succeed now."""
    row = existing_row(records, "transaction", organization_id, transaction_id)
    if row["status"] != "pending":
        raise ValueError("only a pending payment settles")
    now = clock()
    return save(records, "transaction", {**row, "succeeded_at": wire_time(now), "status": "success"}, now)


def return_ach(records: Records, clock: Clock, organization_id: str, transaction_id: int) -> Row:
    """Let the bank take a payment back after it had succeeded."""
    row = _succeeded(records, organization_id, transaction_id)
    now = clock()
    return save(records, "transaction", {**row, "failed_at": wire_time(now), "status": "failed"}, now)


def pause_plan(records: Records, clock: Clock, organization_id: str, scheduled_donation_id: int) -> Row:
    """Pause a plan as the system does after four failures: for good, without a next try (4.5)."""
    row = existing_row(records, "scheduled_donation", organization_id, scheduled_donation_id)
    now = clock()
    changes = {"paused_at": wire_time(now), "paused_type": PAUSED_FOR_GOOD, "paused_until": None}
    return save(
        records, "scheduled_donation", row | changes | {"status": "paused", "next_retry_at": None}, now
    )


def close_payout(records: Records, clock: Clock, organization_id: str, reference: str) -> Row:
    """Pay out every succeeded payment that was in no payout yet, less the fees."""
    paid = [
        row
        for row in rows_of(records, "transaction", organization_id)
        if row["succeeded_at"] and row["payout_id"] is None and not row["is_test"] and not row["refunded_at"]
    ]
    now = clock()
    payout = add(
        records, "payout", organization_id, now, reference=reference, paid_at=wire_time(now),
        amount=sum(row["amount"] - row["fee_amount"] for row in paid), transaction_count=len(paid),
    )  # fmt: skip
    for row in paid:
        save(records, "transaction", {**row, "payout_id": payout["id"]}, now)
    return payout


def spoil(  # noqa: PLR0917
    records: Records, clock: Clock, organization_id: str, kind: str, row_id: int, wire: dict[str, Any]
) -> Row:
    """Let the API show other values than the row has: `{"amount": "12.34"}`, an unknown `status`.

    An empty `wire` makes the row whole again. See wegive-api.md 13.7.
    """
    row = existing_row(records, kind, organization_id, row_id)
    return save(records, kind, {**row, "wire": wire}, clock())


def _edit(records: Records, clock: Clock, kind: str, row: Row, changes: dict[str, Any]) -> Row:
    unknown = changes.keys() - row.keys() | changes.keys() & _UNTOUCHABLE
    if unknown:
        raise ValueError(f"a {kind} has no {', '.join(sorted(unknown))} to change")
    return save(records, kind, row | changes, clock())


def _succeeded(records: Records, organization_id: str, transaction_id: int) -> Row:
    row = existing_row(records, "transaction", organization_id, transaction_id)
    if row["succeeded_at"] is None or row["refunded_at"] is not None:
        raise ValueError("the payment has not succeeded, or was refunded before")
    return row
