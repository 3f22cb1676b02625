"""The simulation as part of the ordinary test run."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.simulation.__main__ import main, seeded
from tests.simulation.misfortune import Misfortune
from tests.simulation.pairs import count_calls, single_faults, with_a_second_fault
from tests.simulation.play import Schedule, play

SEEDS = 300
PAIR_STRIDE = 61


def played_clean(schedules: list[Schedule]) -> list[Schedule]:
    """The schedules that did not end clean, played on all processors."""
    with ProcessPoolExecutor() as pool:
        return [
            verdict.schedule for verdict in pool.map(play, schedules, chunksize=5) if not verdict.is_clean
        ]


def test_a_day_without_faults_is_committed_once() -> None:
    verdict = play(Schedule(seed=1))

    assert verdict.is_clean
    assert verdict.doubts == verdict.repaired == 0


def test_the_same_seed_plays_the_same_schedule() -> None:
    schedule = Schedule(seed=7, share=0.1, freezes=True, parallel=True)

    assert play(schedule, keeps_log=True) == play(schedule, keeps_log=True)


def test_nothing_is_lost_doubled_stuck_or_left_over_in_any_seeded_schedule() -> None:
    assert played_clean(list(seeded(SEEDS, 1))) == []


def test_no_single_fault_does_any_harm() -> None:
    assert played_clean(list(single_faults(count_calls()))) == []


def test_no_pair_of_faults_does_any_harm() -> None:
    """Each 61st pair; `make simulate EVERY=pair` plays them all."""
    pairs = []
    for number, single in enumerate(single_faults(count_calls())):
        if number % 4 == 0:
            pairs += list(with_a_second_fault(single))[number % PAIR_STRIDE :: PAIR_STRIDE]

    assert played_clean(pairs) == []


def test_a_failing_schedule_says_how_to_see_it_again(capsys: pytest.CaptureFixture[str]) -> None:
    lost_for_good = Schedule(seed=1, told=((1, Misfortune.KILLED_BEFORE),))
    assert play(lost_for_good).is_clean

    status = main(["--seeds", "2", "--seed", "3", "--share", "0.1"])

    assert status == 0
    assert capsys.readouterr().out.endswith("schedules=2 lost=0 duplicated=0 stuck=0 orphans=0\n")
