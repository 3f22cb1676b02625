"""Generated days of gifts, pushed by the book: what the property of money is tried on.

A day is drawn from a seed: payments of every standing, splits, twins, fees, refunds; and what became of
each create (answered, unanswered and done, unanswered and lost, doubled, edited or deleted by staff). The
drafts, the count of the batch and the proof are the product's own; only Planning Center's list is made here.
"""

# ruff: noqa: S311 - days are drawn, not kept secret
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

from narthex.domain.giving import (
    FundAllocation,
    Payment,
    PaymentMethod,
    Transaction,
    TransactionKind,
    UnreadableTransaction,
)
from narthex.domain.organization import GiftAmount
from tests.domain.days_pushed import count, go_on, push
from tests.domain.generated_day import DAWN, FUND_IDS, GeneratedDay

GIFTS_A_DAY = 250
_PAYMENTS = (
    *(Payment(PaymentMethod.CARD, "Visa", "4242"),) * 3,
    Payment(PaymentMethod.ACH, "First Bank", "6789"),
    Payment(PaymentMethod.CASH),
)
_COMMON_CENTS = (1000, 2000, 2500, 5000, 10000)


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
    push(day, dice)
    if day.committed:
        go_on(day, dice)
    count(day)
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
