"""One worker's booked slots of one account, and what it does next (S60-S62).

No I/O and no clock: whoever drives a `SlotBook` asks for the next `Step`, carries it out and reports the
outcome. docs/decisions/0003-booked-slots.md tells why it is built so.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from narthex.domain.pace import Pace
from narthex.domain.rate_limit import (
    LONGEST_RETRY_AFTER_SECONDS,
    OWN_RULE,
    SEND_LATENESS_MS,
    Booking,
    Lane,
    Meter,
    Rule,
    Write,
    change_rule,
    heard_rule,
    hold_until,
    join_line,
)

MOST_SLOTS_A_BOOKING = 4
LONGEST_BOOKING_MS = 1_200
"""A bulk booking covers no more time than this, so that a visitor who comes after it need not wait longer."""
BULK_REACH_MS = 300
"""Bulk books only when the next free slot is this near; it comes `BULK_LEAD_MS` before its turn."""
BULK_LEAD_MS = 150
CHANGES_REACH_MS = 600
HURRY_MS = 30_000
"""How long bulk books single slots after a lane before it has booked."""


@dataclass(frozen=True, slots=True)
class Go:
    """One request may be sent now."""


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait until then, and ask again."""

    until_ms: int


@dataclass(frozen=True, slots=True)
class TooLate:
    """No slot comes within the caller's patience; one may after `wait_ms`."""

    wait_ms: int


Step = Go | Sleep | TooLate | Write


class SlotBook:
    """What one worker knows and holds; not to be shared by threads."""

    def __init__(self) -> None:
        self._meter: Meter | None = None
        self._tat_guess_ms = 0  # where the meter will be found at the next booking
        self._slots: deque[int] = deque()
        self._pace = Pace()
        self._turn_ms: int | None = None  # when this worker's place in the line comes ...
        self._place_slots = 1  # ... and how many slots it is for
        self._heard: Rule | None = None  # news that the meter does not show yet
        self._hold_until_ms = 0

    @property
    def rule(self) -> Rule:
        """The rule as far as this worker knows."""
        return OWN_RULE if self._meter is None else self._meter.rule

    @property
    def rule_since_ms(self) -> int:
        """When it changed last, as far as this worker knows."""
        return 0 if self._meter is None else self._meter.rule_since_ms

    def step(self, now_ms: int, lane: Lane, deadline_ms: int) -> Step:
        """What to do next on the way to one request in `lane`, to be sent by `deadline_ms`."""
        self._pace.back(now_ms)
        owed = self.owed(now_ms)
        if owed is not None:
            return owed
        while self._slots and self._slots[0] < now_ms - SEND_LATENESS_MS:
            self._slots.popleft()
        if not self._slots:
            return self._next_booking(now_ms, lane, deadline_ms)
        if self._slots[0] > deadline_ms:
            return TooLate(self._slots[0] - now_ms)
        if self._slots[0] > now_ms:
            return Sleep(self._slots[0])
        self._slots.popleft()
        self._pace.went(now_ms)
        return Go()

    def owed(self, now_ms: int) -> Write | None:
        """News from the vendor that the meter does not show yet, as a write."""
        if self._heard is not None:
            if self._is_news(self._heard, now_ms):
                return change_rule(self.rule, self._heard, now_ms)
            self._heard = None
        if self._hold_until_ms > now_ms and (self._meter is None or self._meter.tat_ms < self._hold_until_ms):
            return hold_until(self._hold_until_ms, self.rule)
        self._hold_until_ms = 0
        return None

    def hear(
        self, now_ms: int, limit: int | None, period_seconds: int | None, retry_after_seconds: int | None
    ) -> None:
        """Take in the headers of one answer; slots in hand are dropped when they ask for less.

        `Retry-After` has been negative: at least one second is kept (performance.md, "The limit").
        """
        if limit is not None:
            heard = heard_rule(limit, period_seconds)
            if self._is_news(heard, now_ms):
                self._heard = heard
                if not self._is_raise(heard):
                    self._let_go()
        if retry_after_seconds is not None:
            seconds = min(max(1, retry_after_seconds), LONGEST_RETRY_AFTER_SECONDS)
            self._hold_until_ms = max(self._hold_until_ms, now_ms + seconds * 1_000)
            self._let_go()

    def wrote(self, write: Write, meter: Meter) -> None:
        """Take what a write has booked; `meter` is the state right after it."""
        self._meter = meter
        spacing_ms = meter.rule.spacing_ms
        first_ms = meter.tat_ms - write.slots * spacing_ms
        self._slots.extend(first_ms + index * spacing_ms for index in range(write.slots))
        if self._turn_ms is not None and write.of_place:
            self._turn_ms += write.of_place * spacing_ms
            self._place_slots -= write.of_place
        if write.place_ms:
            self._turn_ms = meter.line_ms - write.place_ms
            self._place_slots = write.place_ms // spacing_ms
        self._tat_guess_ms = max(meter.tat_ms, self._turn_ms or 0)

    def refused(self, meter: Meter | None, now_ms: int) -> None:
        """Take in why a write was refused: `meter` is the state that stood against it."""
        seen, self._meter = self._meter, meter
        self._tat_guess_ms = 0 if meter is None else meter.tat_ms
        if meter is None or seen is None or self._turn_ms is None:
            return
        self._turn_ms += meter.inserted_ms - seen.inserted_ms
        if meter.tat_ms > max(self._turn_ms + BULK_LEAD_MS, now_ms + BULK_REACH_MS):
            self._turn_ms = None  # somebody else has booked it; stand in line anew

    def _is_raise(self, heard: Rule) -> bool:
        return heard.spacing_ms <= self.rule.spacing_ms and heard.pause_after_ms(self.rule) == 0

    def _is_news(self, heard: Rule, now_ms: int) -> bool:
        """A lower limit counts at once; a higher one only when the last change is a window ago.

        Answers overtake each other, and endpoints differ in their limits: else the rule would flap.
        """
        if heard == self.rule:
            return False
        return not self._is_raise(heard) or now_ms >= self.rule_since_ms + self.rule.window_ms

    def _let_go(self) -> None:
        self._slots.clear()
        self._turn_ms = None

    def _next_booking(self, now_ms: int, lane: Lane, deadline_ms: int) -> Step:
        if lane is Lane.BULK:
            return self._bulk_booking(now_ms, deadline_ms)
        latest_ms = deadline_ms if lane is Lane.INTERACTIVE else min(deadline_ms, now_ms + CHANGES_REACH_MS)
        if self._meter is not None and self._meter.tat_ms > latest_ms:
            if self._meter.tat_ms > deadline_ms:
                return TooLate(self._meter.tat_ms - now_ms)
            return Sleep(self._meter.tat_ms - CHANGES_REACH_MS)
        return self._book(Booking(1, 0, in_line=True, latest_ms=latest_ms, before_bulk=True), now_ms)

    def _bulk_booking(self, now_ms: int, deadline_ms: int) -> Step:
        meter, turn_ms = self._meter, self._turn_ms
        end_ms = 0 if meter is None else max(meter.tat_ms, meter.line_ms)
        waits_until_ms = end_ms if turn_ms is None else turn_ms
        if waits_until_ms > deadline_ms:
            return TooLate(waits_until_ms - now_ms)
        if turn_ms is not None and turn_ms - BULK_LEAD_MS > now_ms:
            return Sleep(turn_ms - BULK_LEAD_MS)
        if turn_ms is None and meter is not None and end_ms > now_ms + BULK_REACH_MS:
            return join_line(meter, self._slots_at_once(now_ms) * self.rule.spacing_ms)
        return self._book(self._bulk_slots(max(end_ms, now_ms), now_ms), now_ms)

    def _bulk_slots(self, end_ms: int, now_ms: int) -> Booking:
        """The slots of this worker's place, one by one if it is hurried, and a place for the next ones.

        A worker that will not be back when its next place comes, at `end_ms`, takes none.
        """
        in_line = self._turn_ms is not None and self._turn_ms >= now_ms - SEND_LATENESS_MS
        place_slots = self._place_slots if in_line else 1
        slots = 1 if self._is_hurried(now_ms) else place_slots
        next_turn_ms = end_ms + slots * self.rule.spacing_ms
        comes_back = self._pace.back_by(next_turn_ms + SEND_LATENESS_MS - now_ms)
        takes_place = slots == place_slots and comes_back
        return Booking(
            slots,
            self._slots_at_once(now_ms) if takes_place else 0,
            in_line,
            latest_ms=now_ms + BULK_REACH_MS,
            before_bulk=False,
            seen_inserted_ms=None if slots == 1 or self._meter is None else self._meter.inserted_ms,
        )

    def _is_hurried(self, now_ms: int) -> bool:
        return self._meter is not None and now_ms < self._meter.hurried_at_ms + HURRY_MS

    def _slots_at_once(self, now_ms: int) -> int:
        """As many as the worker is fast enough to use, but one while somebody of another lane may come."""
        if self._is_hurried(now_ms):
            return 1
        spacing_ms = self.rule.spacing_ms
        most = min(MOST_SLOTS_A_BOOKING, max(1, LONGEST_BOOKING_MS // spacing_ms))
        return self._pace.slots(spacing_ms, most)

    def _book(self, booking: Booking, now_ms: int) -> Write:
        line_ms = 0 if self._meter is None else self._meter.line_ms
        return booking.onto(self._tat_guess_ms, line_ms, self.rule, now_ms)
