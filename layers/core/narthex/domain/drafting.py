"""From a Transaction to the Donation that stands for it (3.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import astuple
from datetime import UTC

from narthex.domain.errors import NeedsAttentionError
from narthex.domain.giving import Designation, DonationDraft, PaymentMethod, Transaction
from narthex.domain.money import format_cents
from narthex.domain.organization import GiftAmount


def gift_cents(transaction: Transaction, gift_amount: GiftAmount) -> int:
    """What the church counts as the gift, in cents: with or without the fee that the donor covered."""
    if gift_amount is GiftAmount.AMOUNT_PLUS_COVERED_FEE:
        return transaction.amount_cents + transaction.covered_fee_cents
    return transaction.amount_cents


def content_of(transaction: Transaction) -> str:
    """A short hash of all that a donation is made from; another hash means that WeGive's record changed."""
    parts = (
        transaction.donor_id,
        transaction.amount_cents,
        transaction.created_at.isoformat(),
        astuple(transaction.payment),
        transaction.fund_id,
        sorted(astuple(allocation) for allocation in transaction.allocations),
        transaction.fee_cents,
        transaction.covered_fee_cents,
        transaction.recurring,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def wegive_fund_ids(transaction: Transaction) -> tuple[str, ...]:
    """The WeGive funds that the gift names, in order, each once; empty means the default fund."""
    named = [allocation.fund_id for allocation in transaction.allocations]
    if not named and transaction.fund_id is not None:
        named = [transaction.fund_id]
    return tuple(dict.fromkeys(named))


def draft_donation(
    transaction: Transaction,
    *,
    person_id: str | None,
    fund_ids: Mapping[str, str],
    default_fund_id: str,
    label_ids: tuple[str, ...],
    gift_amount: GiftAmount,
) -> DonationDraft:
    """The Donation for a gift.

    Args:
        transaction: A gift.
        person_id: Planning Center's donor; None for an anonymous gift.
        fund_ids: Planning Center fund id by WeGive fund id, for every fund of `wegive_fund_ids`.
        default_fund_id: Where a gift goes that names no fund.
        label_ids: Labels to attach.
        gift_amount: Whether a covered fee counts.

    Raises:
        NeedsAttentionError: When the allocations don't sum to the gift, or the amount is zero.
    """
    amount_cents = gift_cents(transaction, gift_amount)
    if amount_cents <= 0:
        message = "the amount is zero, and Planning Center takes no empty gift; correct it in WeGive"
        raise NeedsAttentionError(message)
    payment = transaction.payment
    free_of_charge = payment.method in {PaymentMethod.CASH, PaymentMethod.CHECK}
    return DonationDraft(
        person_id=person_id,
        payment=payment,
        received_at=transaction.created_at.astimezone(UTC).replace(microsecond=0),
        designations=_designations(transaction, amount_cents, fund_ids, default_fund_id),
        fee_cents=0 if free_of_charge else -transaction.fee_cents,
        label_ids=label_ids,
    )


def _designations(
    transaction: Transaction, amount_cents: int, fund_ids: Mapping[str, str], default_fund_id: str
) -> tuple[Designation, ...]:
    if not transaction.allocations:
        fund_id = default_fund_id if transaction.fund_id is None else fund_ids[transaction.fund_id]
        return (Designation(fund_id, amount_cents),)
    allocated_cents = sum(allocation.amount_cents for allocation in transaction.allocations)
    if allocated_cents != amount_cents:
        message = (
            f"its fund allocations sum to {format_cents(allocated_cents)}, the gift is "
            f"{format_cents(amount_cents)}; correct the allocations in WeGive"
        )
        raise NeedsAttentionError(message)
    cents: dict[str, int] = {}
    for allocation in transaction.allocations:
        fund_id = fund_ids[allocation.fund_id]
        cents[fund_id] = cents.get(fund_id, 0) + allocation.amount_cents
    return tuple(Designation(fund_id, share) for fund_id, share in cents.items() if share > 0)
