"""Many workers in one process on a virtual clock, in an order that a seed decides.

Each worker is a greenlet; whatever takes time hands over to the others. Needs greenlet and botocore, nothing
of the product, so that the peer's environment can run it as well.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from greenlet import getcurrent, greenlet

START_MS = 1_795_000_000_000
READS = frozenset({"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"})


class VirtualTime:
    """One line of time for all workers."""

    def __init__(self, seed: int) -> None:
        self.now_ms = START_MS
        self.random = Random(seed)
        self._queue: list[tuple[int, int, greenlet]] = []
        self._count = 0
        self._hub = getcurrent()

    def start(self, work: Callable[[], None], after_ms: int = 0) -> None:
        """Let a worker begin."""
        self._at(self.now_ms + after_ms, greenlet(work, self._hub))

    def sleep_ms(self, duration_ms: int) -> None:
        """Let the others go on for that long; outside of a worker it costs nothing."""
        if getcurrent() is self._hub:
            return
        self._at(self.now_ms + max(0, duration_ms), getcurrent())
        self._hub.switch()

    def run_until(self, end_ms: int) -> None:
        """Run the workers up to an instant; they stand still there."""
        while self._queue and self._queue[0][0] <= end_ms:
            self.now_ms, _, worker = heapq.heappop(self._queue)
            worker.switch()
        self.now_ms = end_ms

    def draw(self, span_ms: tuple[int, int]) -> int:
        """One value of a range, evenly."""
        return self.random.randint(*span_ms)

    def _at(self, instant_ms: int, worker: greenlet) -> None:
        self._count += 1
        heapq.heappush(self._queue, (instant_ms, self._count, worker))


class SkewedClock:
    """A worker's own clock: the `Clock` port on virtual time, a little wrong."""

    def __init__(self, time: VirtualTime, skew_ms: int) -> None:
        self._time = time
        self._skew_ms = skew_ms

    def now_ms(self) -> int:
        """What this worker takes for now."""
        return self._time.now_ms + self._skew_ms

    def sleep_ms(self, duration_ms: int) -> None:
        """Wait, and wake up to 2 ms late."""
        self._time.sleep_ms(duration_ms + self._time.draw((0, 2)))


class TableCalls:
    """Counts the calls of botocore clients and gives each its latency, half of it before the effect."""

    LATENCY_MS = (3, 8)

    def __init__(self, time: VirtualTime) -> None:
        self._time = time
        self.calls: Counter[str] = Counter()

    def watch(self, client: Any) -> None:  # noqa: ANN401 - botocore makes the class at run time
        """Count every call of this client from now on."""
        events = client.meta.events
        events.register("before-call.dynamodb", self._before)
        events.register("after-call.dynamodb", self._after)

    @property
    def total(self) -> int:
        """All calls so far."""
        return self.calls.total()

    @property
    def reads(self) -> int:
        """Those of them that read."""
        return sum(count for name, count in self.calls.items() if name in READS)

    def _before(self, model: Any, **_: object) -> None:  # noqa: ANN401 - botocore's OperationModel
        self.calls[model.name] += 1
        self._time.sleep_ms(self._time.draw(self.LATENCY_MS) // 2)

    def _after(self, **_: object) -> None:
        self._time.sleep_ms(self._time.draw(self.LATENCY_MS) // 2)
