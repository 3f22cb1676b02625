"""The push queue in memory: a FIFO queue with groups and deduplication, behind a timer queue for delays."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from narthex.domain.jobs import PushJob
from narthex.ports import Clock

DEDUPLICATION_MS = 5 * 60 * 1000
LONGEST_DELAY_SECONDS = 900

_Identity = tuple[str, date, bool, str, str]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message as it was handed out for the `receives`-th time."""

    job: PushJob
    receives: int


@dataclass(slots=True)
class _Message:
    job: PushJob
    receives: int = 0
    invisible_until_ms: int = 0


class FakeQueue:
    """A `JobQueue`, and the other end of it.

    `receive` hands out the first message of a group that has none in flight; it comes again when it is not
    deleted within `visibility_ms`, and lands in `dead` after `max_receives`. Delayed jobs go through the same
    door as they do in the cloud: when their time has come they are sent to the FIFO queue, where a job that
    was sent in the last five minutes is dropped.
    """

    def __init__(self, clock: Clock, *, visibility_ms: int = 1_800_000, max_receives: int = 1000) -> None:
        self._clock = clock
        self._visibility_ms = visibility_ms
        self._max_receives = max_receives
        self._timers: list[tuple[int, int, PushJob]] = []
        self._timers_sent = 0
        self._groups: dict[str, deque[_Message]] = {}
        self._sent_ms: dict[_Identity, int] = {}
        self.dead: list[PushJob] = []

    def send(self, jobs: Sequence[PushJob]) -> None:
        now_ms = self._clock.now_ms()
        for job in jobs:
            identity = (job.organization_id, job.day, job.dry_run, job.cause, job.nonce)
            sent_ms = self._sent_ms.get(identity)
            if sent_ms is not None and now_ms - sent_ms < DEDUPLICATION_MS:
                continue
            self._sent_ms[identity] = now_ms
            self._groups.setdefault(job.organization_id, deque()).append(_Message(job))

    def send_later(self, job: PushJob, delay_seconds: int) -> None:
        if not 0 <= delay_seconds <= LONGEST_DELAY_SECONDS:
            raise ValueError(f"a delay of {delay_seconds} s is beyond what the queue can do")
        self._timers_sent += 1
        due_ms = self._clock.now_ms() + delay_seconds * 1000
        heapq.heappush(self._timers, (due_ms, self._timers_sent, job))

    def receive(self) -> Delivery | None:
        """Hand out the next visible message, or None."""
        now_ms = self._clock.now_ms()
        self._ring(now_ms)
        for group in self._groups.values():
            while group and group[0].invisible_until_ms <= now_ms:
                message = group[0]
                if message.receives >= self._max_receives:
                    self.dead.append(group.popleft().job)
                    continue
                message.receives += 1
                message.invisible_until_ms = now_ms + self._visibility_ms
                return Delivery(message.job, message.receives)
        return None

    def delete(self, delivery: Delivery) -> None:
        """The job is done. Without effect once the message has become visible again."""
        if self._message(delivery) is not None:
            self._groups[delivery.job.organization_id].popleft()

    def put_back(self, delivery: Delivery, after_ms: int = 0) -> None:
        """Make it visible again after a while; without effect once it has become so by itself."""
        message = self._message(delivery)
        if message is not None:
            message.invisible_until_ms = self._clock.now_ms() + after_ms

    def next_at_ms(self) -> int | None:
        """When something can be received at the earliest; None when the queue is empty."""
        self._ring(self._clock.now_ms())
        instants = [group[0].invisible_until_ms for group in self._groups.values() if group]
        if self._timers:
            instants.append(self._timers[0][0])
        return max(min(instants), self._clock.now_ms()) if instants else None

    def jobs(self) -> list[PushJob]:
        """All that waits or is in flight, delayed jobs last."""
        waiting = [message.job for group in self._groups.values() for message in group]
        return waiting + [job for _, _, job in sorted(self._timers)]

    def _message(self, delivery: Delivery) -> _Message | None:
        group = self._groups[delivery.job.organization_id]
        if not group or group[0].job is not delivery.job or group[0].receives != delivery.receives:
            return None
        return group[0] if group[0].invisible_until_ms > self._clock.now_ms() else None

    def _ring(self, now_ms: int) -> None:
        while self._timers and self._timers[0][0] <= now_ms:
            self.send([heapq.heappop(self._timers)[2]])
