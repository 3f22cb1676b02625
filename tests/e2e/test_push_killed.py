"""A worker that is killed in the middle of its work."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Mapping
from typing import Any

from local.push import Pushed
from tests.e2e.local_church import LocalChurch

AMOUNTS_CENTS = [1000 + number for number in range(30)]
IN_THE_MIDDLE = 6


def is_in_the_middle(answer: Mapping[str, Any]) -> bool:
    head = answer["day"]
    return head is not None and IN_THE_MIDDLE <= head["progress"]["recorded"] < len(AMOUNTS_CENTS)


def is_committed(answer: Mapping[str, Any]) -> bool:
    return Pushed(answer).is_committed and not answer["day"]["is_running"]


def test_a_day_whose_worker_was_killed_is_resumed_and_nothing_is_lost_or_doubled(
    hillside: LocalChurch,
) -> None:
    day = hillside.weeks_before(1)
    hillside.add_gifts(day, AMOUNTS_CENTS)
    donations_before = hillside.donations()
    hillside.ask_for_push(day, "to be killed")
    hillside.wait(day, is_in_the_middle)

    workers = hillside.deployed.worker_pids("PushDailyBatch")
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    answer = hillside.wait(day, is_committed)

    assert workers
    assert hillside.donated_cents(day) == Counter(AMOUNTS_CENTS)
    assert hillside.donations() == donations_before + len(AMOUNTS_CENTS)
    assert Pushed(answer).is_sound
