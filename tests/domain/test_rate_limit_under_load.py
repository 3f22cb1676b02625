"""What any mixture of workers may put on the wire, and what each of them gets (S60, S61)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narthex.domain.rate_limit import MOST_REQUESTS, OWN_RULE, PERIOD_SECONDS, Lane
from tests.support.limiter_world import START_MS, Arrival, Habits, World, most_in_window

PERIOD_MS = PERIOD_SECONDS * 1_000
SPACING_MS = OWN_RULE.spacing_ms
LANES = st.sampled_from(list(Lane))
PROMPT = (10, 60)
LATE = (10, 310)


@st.composite
def habits(draw: st.DrawFn) -> Habits:
    least, more = draw(st.integers(20, 400)), draw(st.integers(0, 400))
    return Habits(
        lane=draw(LANES),
        skew_ms=draw(st.integers(-50, 50)),
        travel_ms=(10, 310),
        answer_ms=(least, least + more),
        table_ms=(2, draw(st.sampled_from([8, 40, 300]))),
        rest_ms=(0, draw(st.sampled_from([0, 0, 500, 20_000]))),
        freezes_per_mille=draw(st.sampled_from([0, 20])),
        freeze_ms=draw(st.integers(100, 60_000)),
        failures_per_mille=draw(st.sampled_from([0, 30])),
        patience_ms=draw(st.sampled_from([500, 5_000, 120_000])),
    )


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), crew=st.lists(habits(), min_size=1, max_size=12))
def test_no_mixture_of_workers_sends_more_than_the_limit_in_any_window(seed: int, crew: list[Habits]) -> None:
    world = World(seed)
    for number, one in enumerate(crew):
        world.start(world.worker(number, one), world.draw((0, 2_000)))

    world.run(90_000)

    assert most_in_window((arrival.at_ms for arrival in world.arrivals), PERIOD_MS) <= MOST_REQUESTS


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    crew=st.lists(habits(), min_size=1, max_size=8),
    limits=st.lists(st.integers(1, 100), min_size=1, max_size=4),
)
def test_after_each_change_of_the_limit_no_window_holds_more_than_the_new_one(
    seed: int, crew: list[Habits], limits: list[int]
) -> None:
    world = World(seed)
    for number, one in enumerate(crew):
        world.start(world.worker(number, one), world.draw((0, 2_000)))

    for limit in limits:
        world.run(world.draw((5_000, 45_000)))
        world.news.append((limit, world.random.choice([None, -3, 4])))
    world.run(60_000)

    for arrival in world.arrivals:
        assert held_with(world.arrivals, arrival) <= arrival.rule.limit


def held_with(arrivals: list[Arrival], last: Arrival) -> int:
    """The most in a window that ends with `last`, if it has the newest rule in there."""
    window = [one for one in arrivals if 0 <= last.at_ms - one.at_ms <= PERIOD_MS]
    return len(window) if all(one.rule_since_ms <= last.rule_since_ms for one in window) else 0


@pytest.mark.parametrize(
    ("workers", "travel_ms"),
    [(1, PROMPT), (2, PROMPT), (4, PROMPT), (7, PROMPT), (16, PROMPT), (2, LATE), (4, LATE), (16, LATE)],
)
def test_bulk_under_load_uses_ninety_five_percent_and_nobody_starves(
    workers: int, travel_ms: tuple[int, int]
) -> None:
    world = World(workers)
    one = Habits(travel_ms=travel_ms)
    for number in range(workers):
        world.start(world.worker(number, replace(one, skew_ms=world.draw((-50, 50)))), world.draw((0, 50)))

    world.run(420_000)

    warm = [arrival for arrival in world.arrivals if arrival.at_ms >= START_MS + PERIOD_MS]
    longest_ms = max(arrival.waited_ms for arrival in warm)
    assert len(warm) >= 0.95 * MOST_REQUESTS * 20
    assert len({arrival.worker for arrival in warm}) == workers
    assert longest_ms <= (workers + 2) * 4 * SPACING_MS


def test_a_visitor_beside_saturated_bulk_waits_for_one_booking_at_most_and_then_less() -> None:
    world = World(5)
    for number in range(4):
        world.start(world.worker(number, Habits()))
    visitor = Habits(lane=Lane.INTERACTIVE, rest_ms=(2_000, 6_000))
    world.start(world.worker(9, visitor), 20_000)

    world.run(300_000)

    waits_ms = [one.waited_ms for one in world.arrivals if one.lane is Lane.INTERACTIVE]
    assert max(waits_ms) <= 5 * SPACING_MS
    assert sorted(waits_ms)[len(waits_ms) * 9 // 10] <= 2 * SPACING_MS


def test_under_full_load_a_visitor_waits_less_than_a_change_and_a_change_less_than_bulk() -> None:
    world = World(6)
    for number, lane in enumerate([Lane.BULK] * 2 + [Lane.CHANGES] * 3 + [Lane.INTERACTIVE]):
        rest_ms = (0, 2_000) if lane is Lane.CHANGES else (0, 0)
        world.start(world.worker(number, Habits(lane=lane, rest_ms=rest_ms)))

    world.run(200_000)

    mean_ms = {}
    for lane in Lane:
        waits_ms = [one.waited_ms for one in world.arrivals if one.lane is lane]
        mean_ms[lane] = sum(waits_ms) / len(waits_ms)
    assert mean_ms[Lane.INTERACTIVE] < mean_ms[Lane.CHANGES] < mean_ms[Lane.BULK]


def test_bulk_gets_all_that_the_other_lanes_leave() -> None:
    world = World(7)
    for number, lane in enumerate([Lane.BULK, Lane.BULK, Lane.CHANGES, Lane.INTERACTIVE]):
        rest_ms = (0, 0) if lane is Lane.BULK else (500, 5_000)
        world.start(world.worker(number, Habits(lane=lane, rest_ms=rest_ms)))

    world.run(420_000)

    assert len(world.arrivals) >= 0.95 * MOST_REQUESTS * 21
