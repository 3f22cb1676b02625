"""Rules of the shared limit: spacing, pauses, and what the vendor's headers change (S60)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narthex.domain.rate_limit import (
    LATENESS_MS,
    MOST_REQUESTS,
    OWN_RULE,
    PERIOD_SECONDS,
    Lane,
    Rule,
    heard_rule,
)
from narthex.domain.slot_book import Sleep, SlotBook
from tests.support.limiter_world import Hand, MemoryMeter

PERIOD_MS = PERIOD_SECONDS * 1_000
SPACING_MS = OWN_RULE.spacing_ms
LIMITS = st.integers(1, 120)
PERIODS = st.integers(1, 120)


@pytest.fixture
def hand() -> Hand:
    return Hand(MemoryMeter(), SlotBook())


@given(limit=LIMITS, period_seconds=PERIODS)
def test_no_window_has_room_for_more_slots_than_the_limit_and_a_closer_spacing_would_make_room(
    limit: int, period_seconds: int
) -> None:
    rule = Rule(limit, period_seconds)

    fit = rule.window_ms // rule.spacing_ms + 1
    fit_closer = rule.window_ms // (rule.spacing_ms - 1) + 1

    assert fit <= limit < fit_closer


def test_our_own_rule_uses_more_than_ninety_five_percent_of_the_budget() -> None:
    assert PERIOD_MS / SPACING_MS / MOST_REQUESTS > 0.95


@given(limit=st.integers(-5, 200), period_seconds=st.integers(-5, 10**9))
def test_whatever_the_headers_say_our_own_spacing_is_the_closest(limit: int, period_seconds: int) -> None:
    rule = heard_rule(limit, period_seconds)

    assert rule.spacing_ms >= SPACING_MS
    assert rule.limit >= 1


def test_a_higher_limit_of_the_vendor_leaves_our_own_rule() -> None:
    assert heard_rule(100, 20) == OWN_RULE
    assert heard_rule(75, None) == OWN_RULE


def test_a_lower_limit_of_the_vendor_is_kept_as_it_is() -> None:
    assert heard_rule(10, 20) == Rule(10, 20)
    assert heard_rule(100, 60) == Rule(100, 60)


@given(
    limit=st.integers(1, 70),
    later_limit=st.integers(1, 70),
    gaps=st.lists(st.integers(0, 800), max_size=150),
)
def test_slots_given_out_before_a_cut_count_in_the_windows_after_it(
    limit: int, later_limit: int, gaps: list[int]
) -> None:
    former, rule = heard_rule(limit, 20), heard_rule(later_limit, 20)
    slots, tat_ms = [], 0
    for gap_ms in gaps:
        slots.append(tat_ms + gap_ms)
        tat_ms = slots[-1] + former.spacing_ms

    first_ms = tat_ms + rule.pause_after_ms(former)
    later = [first_ms + index * rule.spacing_ms for index in range(later_limit + 5)]

    for last_ms in later:
        window = [slot for slot in slots + later if last_ms - rule.window_ms <= slot <= last_ms]
        assert len(window) <= rule.limit


@given(period_seconds=st.integers(1, 60), longer=st.integers(1, 60), limit=LIMITS)
def test_a_longer_period_waits_until_all_earlier_slots_are_out_of_its_window(
    period_seconds: int, longer: int, limit: int
) -> None:
    former, rule = Rule(limit, period_seconds), Rule(limit, period_seconds + longer)

    assert rule.pause_after_ms(former) == rule.window_ms


def test_retry_after_holds_every_worker_and_drops_the_slots_in_hand(hand: Hand) -> None:
    for _ in range(6):
        hand.send()
    until_ms = hand.now_ms + 7_000

    hand.hear(retry_after_seconds=7)

    assert hand.another().step(Lane.INTERACTIVE) == Sleep(until_ms)
    assert hand.send() >= until_ms


@pytest.mark.parametrize("retry_after_seconds", [-17, 0, 1])
def test_a_retry_after_below_one_second_is_one_second(hand: Hand, retry_after_seconds: int) -> None:
    hand.send()

    hand.hear(retry_after_seconds=retry_after_seconds)

    assert hand.meter.attributes["tat_ms"] == hand.now_ms + 1_000


def test_a_shorter_retry_after_does_not_shorten_a_longer_one(hand: Hand) -> None:
    hand.send()
    hand.hear(retry_after_seconds=9)

    other = hand.another()
    other.hear(retry_after_seconds=2)

    assert hand.meter.attributes["tat_ms"] == hand.now_ms + 9_000


def test_a_lower_limit_counts_at_once_for_all_workers_and_is_written_once(hand: Hand) -> None:
    hand.send()
    other = hand.another()
    hand.hear(limit=10, period_seconds=20)
    tat_ms = hand.meter.attributes["tat_ms"]

    other.hear(limit=10, period_seconds=20)

    assert other.book.rule == Rule(10, 20)
    assert hand.meter.attributes["tat_ms"] == tat_ms


def test_a_higher_limit_counts_only_a_window_after_the_last_change(hand: Hand) -> None:
    hand.send()
    hand.hear(limit=10, period_seconds=20)

    hand.now_ms += PERIOD_MS + LATENESS_MS - 1
    hand.hear(limit=100, period_seconds=20)
    too_early = hand.book.rule
    hand.now_ms += 1
    hand.hear(limit=100, period_seconds=20)

    assert (too_early, hand.book.rule) == (Rule(10, 20), OWN_RULE)


def test_headers_that_say_nothing_new_cost_no_write(hand: Hand) -> None:
    hand.send()
    hand.writes = 0

    hand.hear(limit=100, period_seconds=20)

    assert hand.writes == 0
