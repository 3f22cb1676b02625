"""A million generated gifts through drafts, counts and proofs: not a cent may stay unexplained (S38)."""

from __future__ import annotations

from tests.domain.days_of_gifts import generate_days

GIFTS = 1_000_000
SEED = 20_261_115


def measure(gifts: int = GIFTS) -> dict[str, int]:
    """The two figures of money.

    Returns:
        `money_gifts`, the payments that were generated; `money_unexplained_cents`, the cents that the proofs
        of their days left unexplained, whatever their sign.
    """
    measured = unexplained_cents = 0
    for day in generate_days(gifts, SEED):
        measured += len(day.transactions) + len(day.unreadable)
        unexplained_cents += abs(day.prove().unexplained_cents)
    return {"money_gifts": measured, "money_unexplained_cents": unexplained_cents}
