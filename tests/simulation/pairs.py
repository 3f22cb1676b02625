"""Every single fault and every pair of faults on a day of three gifts, two of them twins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.simulation.misfortune import Misfortune
from tests.simulation.play import Schedule, Verdict, play

_CALM = Schedule(seed=1, small=True)
_READS = (
    "GET",
    "gifts",
    "findings",
    "get_many",
    "read_day",
    "get_document",
    "preflight_passed",
    "new_people",
)
_READ_FAULTS = (Misfortune.KILLED_BEFORE, Misfortune.ANSWER_LOST)
_REQUEST_FAULTS = (
    Misfortune.KILLED_BEFORE,
    Misfortune.KILLED_AFTER,
    Misfortune.REQUEST_LOST,
    Misfortune.ANSWER_LOST,
    Misfortune.LATE_EFFECT,
    Misfortune.ERROR_WITHOUT_EFFECT,
    Misfortune.ERROR_WITH_EFFECT,
)
_STORE_FAULTS = (
    Misfortune.KILLED_BEFORE,
    Misfortune.KILLED_AFTER,
    Misfortune.ERROR_WITHOUT_EFFECT,
    Misfortune.ERROR_WITH_EFFECT,
)
_STORE_READ_FAULTS = (Misfortune.KILLED_BEFORE, Misfortune.ERROR_WITHOUT_EFFECT)


def faults_of(what: str) -> tuple[Misfortune, ...]:
    """The faults that can differ in effect for this call: a read cannot take effect late."""
    is_request = " " in what
    if any(word in what for word in _READS):
        return _READ_FAULTS if is_request else _STORE_READ_FAULTS
    return _REQUEST_FAULTS if is_request else _STORE_FAULTS


def count_calls() -> Verdict:
    """The day without faults, with its calls."""
    return play(_CALM, keeps_log=True)


def single_faults(calm: Verdict) -> Iterator[Schedule]:
    """One schedule for each call of the day and each fault that it can meet."""
    for number, what, _ in calm.log:
        for fault in faults_of(what):
            yield replace(_CALM, told=((number, fault),))


def with_a_second_fault(single: Schedule) -> Iterator[Schedule]:
    """The same schedule with one more fault, at each call that follows the first one."""
    first = single.told[0]
    for number, what, _ in play(single, keeps_log=True).log:
        if number > first[0]:
            for fault in faults_of(what):
                yield replace(single, told=(first, (number, fault)))
