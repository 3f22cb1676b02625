"""Where the simulation plays: virtual time, and workers that take turns at every call they make."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import UTC, datetime

from greenlet import getcurrent, greenlet

START = datetime(2026, 11, 16, 14, 1, tzinfo=UTC)


class Killed(BaseException):
    """The worker's process dies here; no handler of the product may see it and go on."""


class Stage:
    """A virtual clock that is also the scheduler.

    Workers are greenlets. Each call that a worker makes to the outer world passes time (`pass_time`), and
    whoever is next in time goes on: so two workers interleave at every call, the same way for every seed.
    """

    def __init__(self, start: datetime = START) -> None:
        self._now_ms = int(start.timestamp() * 1000)
        self._agenda: list[tuple[int, int, Callable[[], object]]] = []
        self._entries = 0
        self._hub = getcurrent()
        self.workers = 0

    def now_ms(self) -> int:
        return self._now_ms

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._now_ms / 1000, UTC)

    def sleep_ms(self, duration_ms: int) -> None:
        self.pass_time(max(0, duration_ms))

    def advance_ms(self, duration_ms: int) -> None:
        self.pass_time(duration_ms)

    def pass_time(self, duration_ms: int) -> None:
        """Let `duration_ms` go by for the worker that calls; others may act meanwhile."""
        current = getcurrent()
        if current is self._hub:
            self._now_ms += duration_ms
            return
        self.at(self._now_ms + duration_ms, current.switch)
        self._hub.switch()

    def at(self, at_ms: int, act: Callable[[], object]) -> None:
        """Have something happen at an instant (not before now)."""
        self._entries += 1
        heapq.heappush(self._agenda, (max(at_ms, self._now_ms), self._entries, act))

    def start_worker(self, work: Callable[[], object]) -> None:
        """Start a worker now; what it raises, `Killed` included, ends only itself."""

        def life() -> None:
            self.workers += 1
            try:
                work()
            except Killed:
                pass
            finally:
                self.workers -= 1

        worker = greenlet(life, parent=self._hub)
        self.at(self._now_ms, worker.switch)

    def run_until(self, is_over: Callable[[], bool], limit_ms: int) -> bool:
        """Play until `is_over` says so; False when the agenda runs dry or the limit passes first."""
        while self._agenda and not is_over():
            at_ms, _, act = heapq.heappop(self._agenda)
            if at_ms > limit_ms:
                return False
            self._now_ms = max(self._now_ms, at_ms)
            act()
        return is_over()
