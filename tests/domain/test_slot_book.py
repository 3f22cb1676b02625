"""How one worker books, uses and drops its slots (S60, S61)."""

from __future__ import annotations

import pytest

from narthex.domain.pace import Pace
from narthex.domain.rate_limit import OWN_RULE, SEND_LATENESS_MS, Lane
from narthex.domain.slot_book import BULK_LEAD_MS, CHANGES_REACH_MS, Go, Sleep, SlotBook, TooLate
from tests.support.limiter_world import START_MS, Hand, MemoryMeter

SPACING_MS = OWN_RULE.spacing_ms


@pytest.fixture
def hand() -> Hand:
    return Hand(MemoryMeter(), SlotBook())


def test_the_first_request_of_an_account_leaves_at_once_with_one_write(hand: Hand) -> None:
    sent_ms = hand.send()

    assert sent_ms == START_MS
    assert hand.writes == 1


def test_an_idle_account_saves_up_no_burst(hand: Hand) -> None:
    hand.send(Lane.INTERACTIVE)
    hand.now_ms += 3_600_000

    sent_ms = [hand.send(Lane.INTERACTIVE) for _ in range(3)]

    assert sent_ms == [hand.now_ms - 2 * SPACING_MS, hand.now_ms - SPACING_MS, hand.now_ms]


def test_a_fast_worker_books_four_slots_with_one_write(hand: Hand) -> None:
    for _ in range(5):
        hand.send()
    hand.writes = 0

    for _ in range(40):
        hand.send()

    assert hand.writes == 10


def test_slots_that_a_frozen_worker_missed_are_dropped_not_sent_late(hand: Hand) -> None:
    for _ in range(7):
        hand.send()
    assert len(hand.book._slots) == 3
    hand.writes = 0

    hand.now_ms += 10_000
    hand.send()

    assert hand.writes > 0
    assert min(hand.book._slots, default=hand.now_ms) >= hand.now_ms - SEND_LATENESS_MS


def test_a_slot_within_its_lateness_is_used_late(hand: Hand) -> None:
    for _ in range(6):
        hand.send()
    step = hand.step()
    assert isinstance(step, Sleep)

    hand.now_ms = step.until_ms + SEND_LATENESS_MS

    assert hand.step() == Go()


def test_a_caller_without_patience_is_told_how_long_it_would_wait(hand: Hand) -> None:
    hand.send(Lane.INTERACTIVE)

    step = hand.another().step(Lane.INTERACTIVE, patience_ms=SPACING_MS - 1)

    assert step == TooLate(SPACING_MS)


def test_a_change_waits_until_the_next_slot_is_near_and_a_visitor_does_not(hand: Hand) -> None:
    for _ in range(4):
        hand.another().step(Lane.INTERACTIVE)
    tat_ms = hand.meter.attributes["tat_ms"]

    change = hand.another().step(Lane.CHANGES)
    visitor = hand.another().step(Lane.INTERACTIVE)

    assert change == Sleep(tat_ms - CHANGES_REACH_MS)
    assert visitor == Sleep(tat_ms)


def test_a_worker_slower_than_the_spacing_books_fewer_slots_in_a_row() -> None:
    pace = Pace()

    slots = []
    for took_ms in (100, 400, 900):
        for start_ms in range(0, 100_000, 1_000):
            pace.went(start_ms)
            pace.back(start_ms + took_ms)
        slots.append(pace.slots(SPACING_MS, 4))

    assert slots == [4, 3, 1]


def test_a_second_bulk_worker_stands_in_line_behind_the_first_ones_next_booking(hand: Hand) -> None:
    for _ in range(6):
        hand.send()
    line_ms = hand.meter.attributes["line_ms"]

    step = hand.another().step()

    assert step == Sleep(line_ms - BULK_LEAD_MS)
    assert hand.meter.attributes["line_ms"] > line_ms


def test_bulk_books_single_slots_while_visitors_come(hand: Hand) -> None:
    for _ in range(6):
        hand.send()
    hand.another().step(Lane.INTERACTIVE)
    for _ in range(4):
        hand.send()
    hand.writes = 0

    for _ in range(8):
        hand.send()

    assert hand.writes >= 8
