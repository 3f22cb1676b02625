"""Which of WeGive's payments is a gift (S31), and what has become of it (S36, wegive-api.md 7 and 8)."""

from __future__ import annotations

from enum import StrEnum

from narthex.domain.drafting import gift_cents
from narthex.domain.giving import Transaction, TransactionKind
from narthex.domain.organization import GiftAmount


class Standing(StrEnum):
    """What a Transaction is to the day's batch."""

    GIFT = "gift"
    WAITING = "waiting"  # not settled yet (ACH); comes as a late gift of its day
    FAILED = "failed"
    TEST = "test"
    SERVICE_REVENUE = "service_revenue"
    ARCHIVED = "archived"
    REFUNDED = "refunded"  # in full
    PARTLY_REFUNDED = "partly_refunded"
    REVERSED = "reversed"  # it had succeeded and came back: chargeback, late ACH return


def standing_of(transaction: Transaction, *, gift_amount: GiftAmount, pushed_cents: int | None) -> Standing:
    """What the Transaction is.

    Timestamps decide, not WeGive's undocumented status values. A refund is a full one when the amount is
    what it was; WeGive publishes only that a refund happened, so a fallen amount means a partial one.

    Args:
        transaction: As read now.
        gift_amount: Whether a covered fee counts.
        pushed_cents: The gift's cents as the ledger has them; None when it does not know the gift.
    """
    if transaction.is_test:
        return Standing.TEST
    if transaction.kind is TransactionKind.SERVICE_REVENUE:
        return Standing.SERVICE_REVENUE
    if transaction.archived:
        return Standing.ARCHIVED
    if transaction.succeeded_at is None:
        return Standing.WAITING if transaction.failed_at is None else Standing.FAILED
    if transaction.refunded_at is not None:
        return _refund(transaction, gift_cents(transaction, gift_amount), pushed_cents)
    if transaction.failed_at is not None and transaction.failed_at >= transaction.succeeded_at:
        return Standing.REVERSED
    return Standing.GIFT


def _refund(transaction: Transaction, now_cents: int, pushed_cents: int | None) -> Standing:
    before_cents = pushed_cents
    if before_cents is None:
        before_cents = sum(allocation.amount_cents for allocation in transaction.allocations) or None
    if before_cents is None or now_cents in {before_cents, 0}:
        return Standing.REFUNDED
    return Standing.PARTLY_REFUNDED
