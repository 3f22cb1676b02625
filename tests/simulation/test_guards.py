"""Each guard of spec section 4 is needed: with it the schedule ends clean, without it a rule is broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from tests.simulation.guards import GUARDS
from tests.simulation.misfortune import Misfortune
from tests.simulation.play import Schedule, Verdict, play

CREATE = "planning_center POST /giving/v2/batches/1/donations"
SMALL = Schedule(seed=1, small=True)
PAST_THE_LEASE_MS = 390_000
A_MINUTE_MS = 60_000


def number_of(schedule: Schedule, what: str, nth: int) -> int:
    """The number of the n-th call of a kind when the schedule is played."""
    numbers = [number for number, call, _ in play(schedule, keeps_log=True).log if call == what]
    return numbers[nth]


def told(schedule: Schedule, what: str, nth: int, misfortune: Misfortune) -> Schedule:
    """The schedule with one more misfortune, at the n-th call of a kind."""
    number = number_of(schedule, what, nth)
    return replace(schedule, told=(*schedule.told, (number, misfortune)))


def a_worker_frozen_before_it_announces() -> Schedule:
    """Another worker finishes the day, then the first one wakes up in the middle of its own."""
    return told(replace(SMALL, freezes_ms=(PAST_THE_LEASE_MS,)), "announce", 1, Misfortune.FROZEN)


def a_create_that_arrives_while_another_worker_sends() -> Schedule:
    """The first worker freezes with its request in hand; the second is not done when it comes."""
    first = told(replace(SMALL, freezes_ms=(PAST_THE_LEASE_MS, A_MINUTE_MS)), CREATE, 0, Misfortune.FROZEN)
    return told(first, CREATE, 2, Misfortune.FROZEN)


def a_late_effect() -> Schedule:
    """A create that got no answer takes effect a minute or so later."""
    return told(SMALL, CREATE, 0, Misfortune.LATE_EFFECT)


def twins_without_answers() -> Schedule:
    """Both of two equal gifts are booked, and neither answer comes back."""
    return told(told(SMALL, CREATE, 0, Misfortune.ANSWER_LOST), CREATE, 1, Misfortune.ANSWER_LOST)


def a_late_gift_whose_worker_dies() -> Schedule:
    """After the commit nothing can be staged: what is booked twice is seen by donors."""
    return told(replace(SMALL, late=True), CREATE, 3, Misfortune.KILLED_AFTER)


def a_late_gift_without_an_answer() -> Schedule:
    """The same, and the worker lives on."""
    return told(replace(SMALL, late=True), CREATE, 3, Misfortune.ANSWER_LOST)


def two_workers_and_no_fault() -> Schedule:
    """The queue delivers the day twice; nothing else happens."""
    return replace(SMALL, seed=5, parallel=True)


def breaks_a_rule(verdict: Verdict) -> bool:
    """Lost, doubled, stuck, left over, or a person had to repair it."""
    return not verdict.is_clean or verdict.repaired > 0


def is_in_doubt(verdict: Verdict) -> bool:
    """A healthy day was thrown into doubt, and had to wait out the quiet time."""
    return verdict.doubts > 0


@dataclass(frozen=True)
class Case:
    """A guard, the schedule that shows its use, and what goes wrong without it."""

    guard: str
    schedule: Callable[[], Schedule]
    fails: Callable[[Verdict], bool] = breaks_a_rule


CASES = (
    Case("quiet time", a_late_effect),
    Case("write-ahead of last_sent", a_late_gift_whose_worker_dies),
    Case("lease", two_workers_and_no_fault, is_in_doubt),
    Case("fence", a_worker_frozen_before_it_announces),
    Case("surplus delete", a_create_that_arrives_while_another_worker_sends),
    Case("recount before commit", a_create_that_arrives_while_another_worker_sends),
    Case("multiset", twins_without_answers),
    Case("adoption", a_late_gift_without_an_answer),
)


def test_a_run_that_cannot_read_the_ledger_keeps_what_the_last_one_announced() -> None:
    """The batch is made, its worker dies, and its successor is stopped before it has read anything."""
    schedule = told(SMALL, "planning_center POST /giving/v2/batches", 0, Misfortune.KILLED_AFTER)
    for attempt in (1, 2, 3):
        schedule = told(schedule, "gifts", attempt, Misfortune.ERROR_WITHOUT_EFFECT)

    assert not breaks_a_rule(play(schedule))


def test_every_guard_has_its_case() -> None:
    assert {case.guard for case in CASES} == set(GUARDS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.guard)
def test_with_the_guard_the_schedule_ends_well(case: Case) -> None:
    assert not case.fails(play(case.schedule()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.guard)
def test_without_the_guard_it_does_not(case: Case) -> None:
    assert case.fails(GUARDS[case.guard](case.schedule()))
