"""Time for tests: it moves only when somebody moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SUNDAY_NOON = datetime(2026, 11, 15, 18, 0, tzinfo=UTC)


class VirtualClock:
    """A `Clock` whose `sleep_ms` costs nothing and moves the time on."""

    __slots__ = ("_now_ms", "slept_ms")

    def __init__(self, start: datetime = SUNDAY_NOON) -> None:
        self._now_ms = (start - EPOCH) // timedelta(milliseconds=1)
        self.slept_ms = 0

    def now_ms(self) -> int:
        return self._now_ms

    def sleep_ms(self, duration_ms: int) -> None:
        self.slept_ms += max(0, duration_ms)
        self._now_ms += max(0, duration_ms)

    def advance_ms(self, duration_ms: int) -> None:
        self._now_ms += duration_ms

    def advance_to_ms(self, instant_ms: int) -> None:
        """Move on to the instant; never back."""
        self._now_ms = max(self._now_ms, instant_ms)

    def now(self) -> datetime:
        """The same instant as an aware datetime, as the sandboxes want it."""
        return EPOCH + timedelta(milliseconds=self._now_ms)


class FixedBudget:
    """A `Budget` that says the same however long the run takes."""

    __slots__ = ("left_ms",)

    def __init__(self, left_ms: int = 270_000) -> None:
        self.left_ms = left_ms

    def time_left_ms(self) -> int:
        return self.left_ms


class VirtualBudget:
    """A `Budget` that ends at an instant of a virtual clock."""

    __slots__ = ("_clock", "_ends_ms")

    def __init__(self, clock: VirtualClock, duration_ms: int = 270_000) -> None:
        self._clock = clock
        self._ends_ms = clock.now_ms() + duration_ms

    def time_left_ms(self) -> int:
        return max(0, self._ends_ms - self._clock.now_ms())
