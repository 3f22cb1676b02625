"""A world for the rate limit: one meter, many workers, one line of virtual time.

Workers are generators that yield how many milliseconds pass until they go on; everything between two
yields happens at one instant.
"""

from __future__ import annotations

import heapq
import operator
from collections import Counter
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from random import Random

from narthex.domain.rate_limit import Lane, Meter, Rule, Write
from narthex.domain.slot_book import Go, Sleep, SlotBook, Step, TooLate

START_MS = 1_795_000_000_000
SIGNS: dict[str, Callable[[int, int], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">=": operator.ge,
}

Process = Generator[int, None, None]


class MemoryMeter:
    """What DynamoDB does with a `Write`, in memory."""

    def __init__(self) -> None:
        self.attributes: dict[str, int] = {}

    def apply(self, write: Write) -> tuple[bool, Meter | None]:
        """Whether it was written, and the state after it, or the one that stood against it."""
        held = all(
            name in self.attributes and SIGNS[sign](self.attributes[name], value)
            for name, sign, value in write.requires
        )
        written = held or (write.or_absent and not self.attributes)
        if written:
            self.attributes |= write.put
            self.attributes |= {n: self.attributes.get(n, 0) + v for n, v in write.add.items()}
        return written, Meter.read(self.attributes) if self.attributes else None


@dataclass
class Hand:
    """One worker, driven by hand."""

    meter: MemoryMeter
    book: SlotBook
    now_ms: int = START_MS
    writes: int = 0

    def another(self) -> Hand:
        """A second worker on the same meter."""
        return Hand(self.meter, SlotBook(), self.now_ms)

    def step(self, lane: Lane = Lane.BULK, patience_ms: int = 60_000) -> Step:
        """The first step that is no write; writes are carried out at once."""
        while isinstance(step := self.book.step(self.now_ms, lane, self.now_ms + patience_ms), Write):
            self.carry_out(step)
        return step

    def carry_out(self, write: Write) -> None:
        """Do one write and report its outcome."""
        self.writes += 1
        written, meter = self.meter.apply(write)
        if written and meter is not None:
            self.book.wrote(write, meter)
        else:
            self.book.refused(meter, self.now_ms)

    def send(self, lane: Lane = Lane.BULK, patience_ms: int = 60_000) -> int:
        """Wait for a slot and answer when it came."""
        deadline_ms = self.now_ms + patience_ms
        while not isinstance(step := self.step(lane, deadline_ms - self.now_ms), Go):
            if not isinstance(step, Sleep):
                raise TypeError(step)
            self.now_ms = step.until_ms
        return self.now_ms

    def hear(
        self,
        limit: int | None = None,
        period_seconds: int | None = None,
        retry_after_seconds: int | None = None,
    ) -> None:
        """Feed an answer's headers and carry out what they change."""
        self.book.hear(self.now_ms, limit, period_seconds, retry_after_seconds)
        while (write := self.book.owed(self.now_ms)) is not None:
            self.carry_out(write)


@dataclass(frozen=True)
class Arrival:
    """One request as the vendor's counter meets it."""

    at_ms: int
    worker: int
    lane: Lane
    waited_ms: int
    rule: Rule
    rule_since_ms: int


@dataclass(frozen=True)
class Habits:
    """How one worker behaves; ranges are drawn from evenly.

    Args:
        travel_ms: From the leave to send to the vendor's counter.
        answer_ms: From the counter to the answer.
        table_ms: One call of the table, there and back.
        rest_ms: Between an answer and the next wish.
        oversleep_ms: How much later than asked for it wakes up.
        freezes_per_mille: How often a sleep lasts `freeze_ms` longer.
        failures_per_mille: How often a call of the table fails, with or without effect.
    """

    lane: Lane = Lane.BULK
    skew_ms: int = 0
    travel_ms: tuple[int, int] = (10, 60)
    answer_ms: tuple[int, int] = (70, 340)
    table_ms: tuple[int, int] = (3, 8)
    rest_ms: tuple[int, int] = (0, 0)
    oversleep_ms: tuple[int, int] = (0, 2)
    freezes_per_mille: int = 0
    freeze_ms: int = 5_000
    failures_per_mille: int = 0
    patience_ms: int = 120_000


@dataclass
class World:
    """Runs workers against one meter and notes what the vendor sees."""

    seed: int
    now_ms: int = START_MS
    meter: MemoryMeter = field(default_factory=MemoryMeter)
    arrivals: list[Arrival] = field(default_factory=list)
    writes: Counter[str] = field(default_factory=Counter)
    news: list[tuple[int, int | None]] = field(default_factory=list)
    """(limit per 20 seconds, Retry-After) that the next answers will bring, one each."""
    _queue: list[tuple[int, int, Process]] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 -- the same seed must give the same world

    def start(self, process: Process, after_ms: int = 0) -> None:
        """Let a process begin."""
        self._count += 1
        heapq.heappush(self._queue, (self.now_ms + after_ms, self._count, process))

    def run(self, duration_ms: int) -> None:
        """Let that much time pass."""
        end_ms = self.now_ms + duration_ms
        while self._queue and self._queue[0][0] <= end_ms:
            self.now_ms, _, process = heapq.heappop(self._queue)
            for wait_ms in process:
                self.start(process, max(0, wait_ms))
                break
        self.now_ms = end_ms

    def draw(self, span_ms: tuple[int, int]) -> int:
        """One value of a range."""
        return self.random.randint(*span_ms)

    def happens(self, per_mille: int) -> bool:
        """Whether a thing of that frequency happens now."""
        return self.random.randrange(1_000) < per_mille

    def worker(self, number: int, habits: Habits) -> Process:
        """A worker that always has another request to send."""
        book = SlotBook()
        wished_ms = self.now_ms
        while True:
            now_ms = self.now_ms + habits.skew_ms
            step = book.step(now_ms, habits.lane, wished_ms + habits.skew_ms + habits.patience_ms)
            match step:
                case Write():
                    yield from self.write(book, step, habits)
                case Sleep():
                    yield step.until_ms - now_ms + self.draw(habits.oversleep_ms) + self.freeze(habits)
                case TooLate():
                    yield step.wait_ms
                    wished_ms = self.now_ms
                case Go():
                    waited_ms, rule, since_ms = self.now_ms - wished_ms, book.rule, book.rule_since_ms
                    yield self.draw(habits.travel_ms)
                    self.arrivals.append(Arrival(self.now_ms, number, habits.lane, waited_ms, rule, since_ms))
                    yield self.draw(habits.answer_ms)
                    if self.news:
                        limit, retry_after_seconds = self.news.pop()
                        book.hear(self.now_ms + habits.skew_ms, limit, 20, retry_after_seconds)
                    yield self.draw(habits.rest_ms)
                    wished_ms = self.now_ms

    def freeze(self, habits: Habits) -> int:
        """How much longer a sleep lasts because the worker is frozen."""
        return habits.freeze_ms if self.happens(habits.freezes_per_mille) else 0

    def write(self, book: SlotBook, write: Write, habits: Habits) -> Process:
        """One call of the table."""
        yield self.draw(habits.table_ms) // 2
        fails = self.happens(habits.failures_per_mille)
        if fails and self.happens(500):
            yield 1_000
            return
        written, meter = self.meter.apply(write)
        self.writes["written" if written else "refused"] += 1
        yield self.draw(habits.table_ms) // 2 + (1_000 if fails else 0)
        if fails:
            return
        if written and meter is not None:
            book.wrote(write, meter)
        else:
            book.refused(meter, self.now_ms + habits.skew_ms)


def most_in_window(instants_ms: Iterable[int], window_ms: int) -> int:
    """The most instants in any closed window of that length, wherever it begins."""
    ordered = sorted(instants_ms)
    first = most = 0
    for last, instant_ms in enumerate(ordered):
        while instant_ms - ordered[first] > window_ms:
            first += 1
        most = max(most, last - first + 1)
    return most
