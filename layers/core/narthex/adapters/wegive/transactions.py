"""Transactions: from WeGive's rows to checked ones, or to what is wrong with them (wegive-api.md 4.3)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from narthex.adapters.wegive.wire import OwnerRow, TransactionRow
from narthex.domain.church_day import parse_instant
from narthex.domain.errors import ContractViolationError
from narthex.domain.giving import (
    FundAllocation,
    Payment,
    PaymentMethod,
    Transaction,
    TransactionKind,
    TransactionReading,
    UnreadableTransaction,
)
from narthex.domain.money import parse_cents

GUEST: Final = "Guest User"
_METHODS: Final = {
    "card": PaymentMethod.CARD,
    "bank": PaymentMethod.ACH,
    "ach": PaymentMethod.ACH,
    "cash": PaymentMethod.CASH,
    "check": PaymentMethod.CHECK,
}
"""Anything else ("donor", "organization", "offline") does not say how the money came."""
_FLAGS: Final = {"true": True, "1": True, "false": False, "0": False}
_LAST_FOUR: Final = 4


@dataclass(slots=True)
class OffsetCount:
    """How many times came without an offset and were read as UTC (wegive-api.md 3)."""

    times: int = 0

    def instant(self, text: str | None, name: str) -> datetime | None:
        """Read a time; empty means none.

        Raises:
            ContractViolationError: Naming the field.
        """
        if not text:
            return None
        try:
            instant, had_offset = parse_instant(text)
        except ContractViolationError as error:
            raise ContractViolationError(f"its {name} is unreadable: {error}") from error
        self.times += not had_offset
        return instant


@dataclass(frozen=True, slots=True)
class Untold:
    """What rows do not tell about themselves and only the list's filters know, by transaction id."""

    tests: frozenset[str] = frozenset()
    service_revenue: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    refunded: Mapping[str, datetime] = field(default_factory=dict)


def read_transaction(row: Mapping[str, Any], untold: Untold, offsets: OffsetCount) -> TransactionReading:
    """Read one row of the list; never raises, because one bad payment must not stop the others (S34)."""
    try:
        wire = TransactionRow.model_validate(row)
    except ValidationError as error:
        names = ", ".join(sorted({str(problem["loc"][0]) for problem in error.errors()}))
        return UnreadableTransaction(_id_of(row), None, f"WeGive's payment has an unreadable {names}")
    created_at: datetime | None = None
    try:
        created_at = offsets.instant(wire.created_at, "created_at")
        return _checked(wire, created_at, untold, offsets)
    except ContractViolationError as error:
        return UnreadableTransaction(wire.id, created_at, str(error))


def _checked(
    wire: TransactionRow, created_at: datetime | None, untold: Untold, offsets: OffsetCount
) -> Transaction:
    if created_at is None:
        raise ContractViolationError("it has no created_at, so it belongs to no day")
    succeeded_at = offsets.instant(wire.succeeded_at, "succeeded_at")
    fee_cents = _cents_or_zero(wire.fee_amount, wire.fee)
    has_plan = bool(wire.scheduled_donation_id or wire.scheduled_donation or wire.scheduledDonation)
    kind = _kind(wire, untold, has_plan=has_plan)
    return Transaction(
        id=wire.id,
        donor_id=_donor_id(wire),
        amount_cents=parse_cents(wire.amount),
        created_at=created_at,
        payment=_payment(wire),
        kind=kind,
        fund_id=wire.fund.id if wire.fund is not None else wire.fund_id or None,
        allocations=_allocations(wire),
        fee_cents=fee_cents,
        covered_fee_cents=fee_cents if _flag(wire.cover_fees, "cover_fees") else 0,
        succeeded_at=succeeded_at,
        failed_at=_failed_at(wire, untold, offsets, succeeded_at or created_at),
        refunded_at=_refunded_at(wire, untold, offsets),
        archived=bool(wire.deleted_at),
        is_test=_flag(wire.is_test, "is_test") or wire.id in untold.tests,
        recurring=has_plan or kind is TransactionKind.RECURRING,
    )


def _is_told(wire: TransactionRow, name: str) -> bool:
    return name in wire.model_fields_set


def _kind(wire: TransactionRow, untold: Untold, *, has_plan: bool) -> TransactionKind:
    if wire.id in untold.service_revenue:
        return TransactionKind.SERVICE_REVENUE
    if not wire.type:
        return TransactionKind.RECURRING if has_plan else TransactionKind.DONATION
    try:
        return TransactionKind(wire.type)
    except ValueError as error:
        raise ContractViolationError(f"its type {wire.type!r} is unknown; look at it in WeGive") from error


def _donor_id(wire: TransactionRow) -> str | None:
    """The owner's id, None for a guest. An owner who is neither must not become "anonymous" (S13)."""
    for owner in (wire.owner, wire.donor):
        if owner is not None and owner.id:
            return owner.id
    for owner in (wire.owner, wire.donor):
        if owner is not None and not _is_guest(owner):
            raise ContractViolationError("its owner has no id; look at the payment in WeGive")
    return None


def _is_guest(owner: OwnerRow) -> bool:
    return owner.name in {None, "", GUEST}


def _payment(wire: TransactionRow) -> Payment:
    told = [one for one in (wire.source and wire.source.type, wire.source_type) if one]
    methods = {_METHODS.get(one.lower()) for one in told} - {None}
    if len(methods) != 1:
        kinds = " and ".join(repr(one) for one in told) or "nothing"
        message = f"its source says {kinds}, which names no one payment method; enter the gift by hand"
        raise ContractViolationError(message)
    method = next(iter(methods)) or PaymentMethod.CARD
    if wire.source is None or method not in {PaymentMethod.CARD, PaymentMethod.ACH}:
        return Payment(method)
    digits = (wire.source.last_four or "").strip()
    last4 = digits.zfill(_LAST_FOUR) if digits.isascii() and digits.isdigit() else ""
    return Payment(
        method,
        brand=(wire.source.issuer or "").strip() or None,
        last4=last4 if len(last4) == _LAST_FOUR else None,
    )


def _allocations(wire: TransactionRow) -> tuple[FundAllocation, ...]:
    allocations = []
    for row in wire.fund_allocations or ():
        fund_id = row.fund.id if row.fund is not None else row.fund_id
        if not fund_id:
            raise ContractViolationError("one of its fund allocations names no fund; correct it in WeGive")
        allocations.append(FundAllocation(fund_id, parse_cents(row.amount, name="allocated amount")))
    return tuple(allocations)


def _failed_at(
    wire: TransactionRow, untold: Untold, offsets: OffsetCount, earliest: datetime
) -> datetime | None:
    """When it failed; where only the filter knows that it did, the earliest moment that makes sense."""
    if _is_told(wire, "failed_at"):
        return offsets.instant(wire.failed_at, "failed_at")
    return earliest if wire.id in untold.failed else None


def _refunded_at(wire: TransactionRow, untold: Untold, offsets: OffsetCount) -> datetime | None:
    if _is_told(wire, "refunded_at"):
        return offsets.instant(wire.refunded_at, "refunded_at")
    return untold.refunded.get(wire.id)


def _cents_or_zero(*candidates: object) -> int:
    for candidate in candidates:
        if not _is_empty(candidate):
            return parse_cents(candidate, name="fee")
    return 0


def _flag(value: object, name: str) -> bool:
    if _is_empty(value):
        return False
    if isinstance(value, str | int) and str(value).lower() in _FLAGS:
        return _FLAGS[str(value).lower()]
    raise ContractViolationError(f"its {name} is neither true nor false; look at it in WeGive")


def _is_empty(value: object) -> bool:
    return value is None or value == ""


def _id_of(row: Mapping[str, Any]) -> str:
    """The row's id; for a row without one a name that stays the same when it is read again."""
    record_id = row.get("id")
    if isinstance(record_id, int | str) and record_id != "":
        return str(record_id)
    return f"without-id-{hashlib.sha256(repr(sorted(row.items(), key=repr)).encode()).hexdigest()[:12]}"
