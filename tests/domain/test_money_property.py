"""The property of money: no cent stays unexplained on any day, and none escapes (S38)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from narthex.domain.ledger import FindingKind, GiftState
from narthex.domain.reconciliation import reconcile
from tests.domain.days_of_gifts import generate_day, generate_days
from tests.domain.generated_day import GeneratedDay
from tests.support.giving_builders import (
    OUR_SOURCE,
)

ORDINARY_GIFTS = 50_000
SEEDS = range(60)


def test_no_cent_of_fifty_thousand_generated_gifts_stays_unexplained() -> None:
    unexplained = [
        (index, day.prove().unexplained_cents)
        for index, day in enumerate(generate_days(ORDINARY_GIFTS, seed=1))
    ]

    assert [each for each in unexplained if each[1]] == []


def test_the_generated_days_hold_everything_that_can_befall_a_gift() -> None:
    days = list(generate_days(5_000, seed=2))

    kinds = Counter(finding.kind for day in days for finding in day.findings)
    states = Counter(gift.state for day in days for gift in day.gifts.values())
    proofs = [day.prove() for day in days]
    assert set(kinds) == {
        FindingKind.SURPLUS,
        FindingKind.MISSING,
        FindingKind.CHANGED,
        FindingKind.REVERSAL,
        FindingKind.FOREIGN,
    }
    assert set(states) == {GiftState.RECORDED, GiftState.PLANNED, GiftState.HELD}
    assert all(any(getattr(proof, name) for proof in proofs) for name in ("refunded", "held", "fees_cents"))
    assert {"failed", "test", "waiting", "reversed", "archived"} <= {
        name for proof in proofs for name in proof.not_gifts
    }


def unnamed(day: GeneratedDay) -> list[str]:
    """Donations that no finding is about."""
    named = {finding.donation_id for finding in day.findings}
    return [each.id for each in day.donations.values() if each.id not in named and not each.refunded]


@pytest.mark.parametrize("cents", [-1, 1])
def test_a_cent_that_is_tampered_with_shows_whoever_it_was(cents: int) -> None:
    for seed in SEEDS:
        dice = Random(seed)  # noqa: S311
        day = generate_day(dice, 40)
        victim = dice.choice(unnamed(day))
        before = day.donations[victim]
        first, *others = before.designations
        edited = replace(first, amount_cents=first.amount_cents + cents)
        day.donations[victim] = replace(
            before, designations=(edited, *others), amount_cents=before.amount_cents + cents
        )

        assert day.prove().unexplained_cents == -cents


def test_a_donation_that_is_taken_away_or_added_shows_with_all_its_cents() -> None:
    for seed in SEEDS:
        dice = Random(seed)  # noqa: S311
        day = generate_day(dice, 40)
        victim = day.donations[dice.choice(unnamed(day))]

        lost = replace(day, donations={key: each for key, each in day.donations.items() if key != victim.id})
        doubled = replace(day, donations={**day.donations, "1": replace(victim, id="1")})

        assert lost.prove().unexplained_cents == victim.amount_cents
        assert doubled.prove().unexplained_cents == -victim.amount_cents


def test_the_count_of_the_batch_finds_what_was_tampered_with() -> None:
    for seed in SEEDS:
        dice = Random(seed)  # noqa: S311
        day = generate_day(dice, 40)
        victim = day.donations[dice.choice(unnamed(day))]
        part = replace(victim.designations[0], amount_cents=victim.designations[0].amount_cents + 1)
        edited = replace(
            victim, designations=(part, *victim.designations[1:]), amount_cents=victim.amount_cents + 1
        )

        found = reconcile(
            list(day.gifts.values()), [*({**day.donations, victim.id: edited}).values()], OUR_SOURCE
        )

        assert victim.id in {donation.id for _, donation in found.changed}
