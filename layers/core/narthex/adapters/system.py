"""The real clock, and real randomness."""

from __future__ import annotations

import random
import time
import uuid

from narthex.ports import Clock


class SystemClock:
    """UTC epoch milliseconds of this machine."""

    def now_ms(self) -> int:
        """Now."""
        return time.time_ns() // 1_000_000

    def sleep_ms(self, duration_ms: int) -> None:
        """Wait."""
        time.sleep(max(0, duration_ms) / 1000)


class Deadline:
    """The `Budget` of a run that must stop at `ends_ms` by `clock`."""

    def __init__(self, clock: Clock, ends_ms: int) -> None:
        self._clock = clock
        self._ends_ms = ends_ms

    def time_left_ms(self) -> int:
        """Milliseconds left, at least zero."""
        return max(0, self._ends_ms - self._clock.now_ms())


def new_id() -> str:
    """An id that nobody else makes: 32 hexadecimal digits."""
    return uuid.uuid4().hex


def jitter() -> float:
    """A random number, at least 0 and below 1; for pauses, not for secrets."""
    return random.random()  # noqa: S311
