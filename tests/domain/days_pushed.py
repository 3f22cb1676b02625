"""What became of a generated day: each create had its fate, and life went on after the commit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from narthex.domain.drafting import content_of, draft_donation, gift_cents
from narthex.domain.errors import NeedsAttentionError
from narthex.domain.giving import (
    Donation,
    DonationDraft,
    Transaction,
)
from narthex.domain.ledger import Finding, FindingKind, FindingState, Gift, GiftState
from narthex.domain.reconciliation import reconcile
from narthex.domain.standing import Standing, standing_of
from tests.domain.generated_day import DAWN, FUND_IDS, OUR_SOURCE, GeneratedDay


def push(day: GeneratedDay, dice: Random) -> None:
    """Draft every gift, and let each create have one of its fates."""
    for transaction in day.transactions.values():
        standing = standing_of(transaction, gift_amount=day.gift_amount, pushed_cents=None)
        if standing is not Standing.GIFT:
            continue
        gift = _intent(day, transaction)
        fate = dice.random()
        if gift.draft is not None and fate > 0.02:
            gift = _sent(day, gift, gift.draft, fate)
        day.gifts[transaction.id] = gift
    for problem in day.unreadable.values():
        day.gifts[problem.id] = Gift(problem.id, GiftState.HELD, 0, "unreadable", reason=problem.problem)


def _intent(day: GeneratedDay, transaction: Transaction) -> Gift:
    content = content_of(transaction)
    try:
        draft = draft_donation(
            transaction,
            person_id=transaction.donor_id,
            fund_ids=FUND_IDS,
            default_fund_id="11",
            label_ids=(),
            gift_amount=day.gift_amount,
        )
    except NeedsAttentionError as problem:
        cents = gift_cents(transaction, day.gift_amount)
        return Gift(transaction.id, GiftState.HELD, cents, content, reason=str(problem))
    return Gift(transaction.id, GiftState.PLANNED, draft.amount_cents, content, draft=draft)


def _sent(day: GeneratedDay, gift: Gift, draft: DonationDraft, fate: float) -> Gift:
    """Answered as a rule; else unanswered, whether done, done twice or lost."""
    if fate < 0.05:
        return replace(gift, state=GiftState.UNKNOWN)
    donation_id = _enter(day, draft)
    if fate < 0.1:
        return replace(gift, state=GiftState.UNKNOWN)
    if fate < 0.12:
        _enter(day, draft)
    return replace(gift, state=GiftState.RECORDED, donation_id=donation_id)


def _enter(day: GeneratedDay, draft: DonationDraft, source_id: str = OUR_SOURCE) -> str:
    donation_id = str(190_000_001 + len(day.donations))
    day.donations[donation_id] = Donation(
        id=donation_id,
        batch_id="1",
        person_id=draft.person_id,
        method=draft.payment.method,
        received_at=draft.received_at,
        amount_cents=draft.amount_cents,
        designations=draft.designations,
        payment_source_id=source_id,
        fee_cents=draft.fee_cents,
    )
    return donation_id


def go_on(day: GeneratedDay, dice: Random) -> None:
    """After the commit: refunds in full and in part, returns, edits and deletions by staff, strangers."""
    for gift in list(day.gifts.values()):
        if gift.state is not GiftState.RECORDED or gift.donation_id is None:
            continue
        luck = dice.random()
        if luck < 0.01:
            _refund(day, gift, gift.donation_id)
        elif luck < 0.02:
            _return(day, gift, dice)
        elif luck < 0.03:
            del day.donations[gift.donation_id]
        elif luck < 0.04:
            _edit(day, gift.donation_id, dice.choice((-1, 1, 100)))
        elif luck < 0.05 and gift.draft is not None:
            _enter(day, gift.draft, source_id="5")


def _refund(day: GeneratedDay, gift: Gift, donation_id: str) -> None:
    """In full, and booked so."""
    transaction = day.transactions[gift.transaction_id]
    day.transactions[transaction.id] = replace(transaction, refunded_at=DAWN + timedelta(days=2))
    day.donations[donation_id] = replace(day.donations[donation_id], refunded=True)
    day.gifts[transaction.id] = replace(gift, refunded=True)


def _return(day: GeneratedDay, gift: Gift, dice: Random) -> None:
    """In part or by the bank: only a finding can say so."""
    transaction = day.transactions[gift.transaction_id]
    later = DAWN + timedelta(days=3)
    if dice.random() < 0.5 and transaction.amount_cents > 1:
        left = dice.randrange(1, transaction.amount_cents)
        day.transactions[transaction.id] = replace(transaction, amount_cents=left, refunded_at=later)
    else:
        day.transactions[transaction.id] = replace(transaction, failed_at=later)
    _find(day, FindingKind.REVERSAL, gift.transaction_id, gift.donation_id)


def _edit(day: GeneratedDay, donation_id: str, cents: int) -> None:
    """Staff type another amount."""
    donation = day.donations[donation_id]
    first, *others = donation.designations
    if first.amount_cents + cents > 0:
        changed = replace(first, amount_cents=first.amount_cents + cents)
        day.donations[donation_id] = replace(
            donation, designations=(changed, *others), amount_cents=donation.amount_cents + cents
        )


def count(day: GeneratedDay) -> None:
    """Count the batch as the push does, until ledger and list agree or a finding says why not."""
    found = reconcile(list(day.gifts.values()), list(day.donations.values()), OUR_SOURCE)
    for gift, donation in found.adopted:
        day.gifts[gift.transaction_id] = replace(gift, state=GiftState.RECORDED, donation_id=donation.id)
    for gift in found.unsent:
        day.gifts[gift.transaction_id] = replace(gift, state=GiftState.PLANNED)
    for gift, _ in found.doubtful:
        day.gifts[gift.transaction_id] = replace(gift, state=GiftState.HELD, reason="doubtful")
    for donation in found.surplus:
        if day.committed:
            _find(day, FindingKind.SURPLUS, None, donation.id)
        else:
            del day.donations[donation.id]
    for gift in found.missing:
        _find(day, FindingKind.MISSING, gift.transaction_id, gift.donation_id)
    for gift, donation in found.changed:
        _find(day, FindingKind.CHANGED, gift.transaction_id, donation.id)
    for donation in found.foreign:
        _find(day, FindingKind.FOREIGN, None, donation.id)


def _find(day: GeneratedDay, kind: FindingKind, transaction_id: str | None, donation_id: str | None) -> None:
    day.findings.append(
        Finding(
            id=f"{kind.value}-{transaction_id}-{donation_id}",
            kind=kind,
            text="as the push would say",
            difference_cents=0,
            state=FindingState.OPEN,
            transaction_id=transaction_id,
            donation_id=donation_id,
        )
    )
