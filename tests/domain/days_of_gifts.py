"""Generated days of gifts, pushed by the book: what the property of money is tried on.

A day is drawn from a seed: payments of every standing, splits, twins, fees, refunds; and what became of
each create (answered, unanswered and done, unanswered and lost, doubled, edited or deleted by staff). The
drafts, the count of the batch and the proof are the product's own; only Planning Center's list is made here.
"""

# ruff: noqa: S311 - days are drawn, not kept secret
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from narthex.domain.drafting import content_of, draft_donation, gift_cents
from narthex.domain.errors import NeedsAttentionError
from narthex.domain.giving import (
    Donation,
    DonationDraft,
    FundAllocation,
    Payment,
    PaymentMethod,
    Transaction,
    TransactionKind,
    UnreadableTransaction,
)
from narthex.domain.ledger import Finding, FindingKind, FindingState, Gift, GiftState
from narthex.domain.organization import GiftAmount
from narthex.domain.proof import DayAccount, Proof, prove
from narthex.domain.reconciliation import reconcile
from narthex.domain.standing import Standing, standing_of

GIFTS_A_DAY = 250
OUR_SOURCE = "21001"
FUND_IDS = {"901": "11", "902": "12", "903": "13", "904": "11"}
FUND_NAMES = {"11": "General", "12": "Missions", "13": "Building"}
DAWN = datetime(2026, 11, 15, 6, tzinfo=UTC)
HEAD = {"organization_id": "parish", "date": date(2026, 11, 15), "status": "committed", "batch_id": "1"}
_PAYMENTS = (
    *(Payment(PaymentMethod.CARD, "Visa", "4242"),) * 3,
    Payment(PaymentMethod.ACH, "First Bank", "6789"),
    Payment(PaymentMethod.CASH),
)
_COMMON_CENTS = (1000, 2000, 2500, 5000, 10000)


@dataclass(slots=True)
class GeneratedDay:
    """Both sides of a day as they stand when the proof is made."""

    gift_amount: GiftAmount
    committed: bool
    transactions: dict[str, Transaction] = field(default_factory=dict)
    unreadable: dict[str, UnreadableTransaction] = field(default_factory=dict)
    gifts: dict[str, Gift] = field(default_factory=dict)
    donations: dict[str, Donation] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def prove(self) -> Proof:
        """The product's proof of it."""
        return prove(
            DayAccount(
                transactions=self.transactions,
                unreadable=self.unreadable,
                gifts=self.gifts,
                donations=list(self.donations.values()),
                findings=self.findings,
                fund_names=FUND_NAMES,
                gift_amount=self.gift_amount,
            ),
            HEAD,
        )


def generate_days(gifts: int, seed: int) -> Iterator[GeneratedDay]:
    """Days that hold so many payments together."""
    dice = Random(seed)
    left = gifts
    while left > 0:
        size = min(left, dice.randint(1, 2 * GIFTS_A_DAY))
        left -= size
        yield generate_day(dice, size)


def generate_day(dice: Random, size: int) -> GeneratedDay:
    """One day of so many payments, pushed, counted, and gone on with by WeGive and by staff."""
    day = GeneratedDay(
        gift_amount=dice.choice(tuple(GiftAmount)),
        committed=dice.random() < 0.5,
    )
    for number in range(size):
        _pay(day, dice, str(610_001 + number))
    _push(day, dice)
    if day.committed:
        _go_on(day, dice)
    _count(day)
    return day


def _pay(day: GeneratedDay, dice: Random, transaction_id: str) -> None:
    """Add a payment; one in ten is the twin of the one before it."""
    kind = dice.random()
    if kind < 0.01:
        day.unreadable[transaction_id] = UnreadableTransaction(transaction_id, DAWN, "the amount is '12.34'")
        return
    before = day.transactions.get(str(int(transaction_id) - 1))
    if kind < 0.1 and before is not None:
        day.transactions[transaction_id] = replace(before, id=transaction_id)
        return
    at = DAWN + timedelta(seconds=dice.randrange(86_400))
    cents = dice.choice(_COMMON_CENTS) if kind < 0.6 else dice.randrange(1, 500_000)
    fee_cents = 30 + cents * 29 // 1000 if kind < 0.8 else 0
    covered_fee_cents = fee_cents if kind < 0.3 else 0
    whole = cents + (covered_fee_cents if day.gift_amount is GiftAmount.AMOUNT_PLUS_COVERED_FEE else 0)
    day.transactions[transaction_id] = Transaction(
        id=transaction_id,
        donor_id=str(dice.randrange(300)) if kind < 0.95 else None,
        amount_cents=cents,
        created_at=at,
        payment=dice.choice(_PAYMENTS),
        kind=TransactionKind.SERVICE_REVENUE if 0.6 < kind < 0.61 else TransactionKind.DONATION,
        fund_id=dice.choice((None, *FUND_IDS)),
        allocations=_allocations(dice, whole) if kind < 0.4 else (),
        fee_cents=fee_cents,
        covered_fee_cents=covered_fee_cents,
        succeeded_at=at if not 0.61 < kind < 0.64 else None,
        failed_at=at if 0.61 < kind < 0.62 else None,
        refunded_at=at + timedelta(hours=1) if 0.64 < kind < 0.66 else None,
        is_test=0.66 < kind < 0.67,
        archived=0.67 < kind < 0.68,
    )


def _allocations(dice: Random, whole: int) -> tuple[FundAllocation, ...]:
    """A split of the whole, now and then off by a cent."""
    first = dice.randint(0, whole)
    second = dice.randint(0, whole - first)
    off = dice.choice((0,) * 18 + (1, -1))
    shares = (first, second, max(0, whole - first - second + off))
    funds = dice.sample(sorted(FUND_IDS), 3)
    return tuple(FundAllocation(fund_id, cents) for fund_id, cents in zip(funds, shares, strict=True))


def _push(day: GeneratedDay, dice: Random) -> None:
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


def _go_on(day: GeneratedDay, dice: Random) -> None:
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


def _count(day: GeneratedDay) -> None:
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
