"""How often one Planning Center account may be asked (S60-S62): slots on one line of time, booked ahead.

Every request needs a slot of its own. Slots lie at least `Rule.spacing_ms` apart, whoever booked them, and
no request leaves later than `SEND_LATENESS_MS` after its slot. Why no window of the vendor's can then hold
more than the limit is shown in docs/decisions/0003-booked-slots.md.

All workers of an account share one `Meter`; they change it only by a conditional `Write`, never by reading
first. All times are UTC epoch milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

MOST_REQUESTS = 70
"""Our own limit in any `PERIOD_SECONDS`, whatever the vendor allows (S60)."""
PERIOD_SECONDS = 20
LONGEST_PERIOD_SECONDS = 3_600
LONGEST_RETRY_AFTER_SECONDS = 3_600
"""A vendor that asks for more is asked again after an hour."""

SEND_LATENESS_MS = 400
"""A worker that is later than this drops the slot: it was frozen, or is slower than its bookings."""
TRAVEL_SPREAD_MS = 300
"""How much longer one request may travel to the vendor's counter than another."""
CLOCK_SKEW_MS = 100
"""How far the clocks of two workers may be apart."""
LATENESS_MS = SEND_LATENESS_MS + TRAVEL_SPREAD_MS + CLOCK_SKEW_MS


Sign = Literal["=", "<", "<=", ">="]
Requirement = tuple[str, Sign, int]
"""An attribute of the meter, and how it must compare with a value."""


class Lane(StrEnum):
    """Who goes first (S61)."""

    INTERACTIVE = "interactive"
    """A visitor waits: takes the next free slot, however far ahead it lies."""
    CHANGES = "changes"
    """News of one record: takes the next free slot once it is near."""
    BULK = "bulk"
    """All that the others leave: waits its turn in a line, and books several slots at once."""


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `limit` requests in any `period_seconds`."""

    limit: int
    period_seconds: int

    @property
    def window_ms(self) -> int:
        """The stretch of slots whose requests can meet in one of the vendor's windows."""
        return self.period_seconds * 1_000 + LATENESS_MS

    @property
    def spacing_ms(self) -> int:
        """The least distance of two slots, so that a window never holds more than `limit` of them."""
        return self.window_ms // self.limit + 1

    def pause_after_ms(self, former: Rule) -> int:
        """How far the next slot moves when this rule takes the place of `former`.

        As much as makes every slot given out under `former` harmless under this rule.
        """
        if self == OWN_RULE:
            return 0
        if self.period_seconds > former.period_seconds:
            return self.window_ms
        return max(0, self.limit * (self.spacing_ms - former.spacing_ms))


OWN_RULE = Rule(MOST_REQUESTS, PERIOD_SECONDS)


def heard_rule(limit: int, period_seconds: int | None) -> Rule:
    """The rule to keep when headers announce `limit` per `period_seconds` (planning-center-api.md 2).

    Our own rule stays unless the vendor's asks for wider spacing. Nonsense (zero, a year) is clamped.
    """
    period_seconds = PERIOD_SECONDS if period_seconds is None else period_seconds
    heard = Rule(max(1, limit), min(max(1, period_seconds), LONGEST_PERIOD_SECONDS))
    return heard if heard.spacing_ms > OWN_RULE.spacing_ms else OWN_RULE


@dataclass(frozen=True, slots=True)
class Meter:
    """The shared state of one account, as the last answer of the table showed it.

    Args:
        tat_ms: The first slot that nobody has booked ("theoretical arrival time").
        line_ms: The end of the line in which bulk workers wait for their turn to book; advice, no more:
            only `tat_ms` and `rule` guard the limit.
        rule: What all bookings must keep.
        rule_since_ms: When the rule changed last.
        inserted_ms: How much time all bookings of the lanes before bulk have pushed into the line so far.
        hurried_at_ms: When one of those lanes booked last.
    """

    tat_ms: int
    line_ms: int
    rule: Rule = OWN_RULE
    rule_since_ms: int = 0
    inserted_ms: int = 0
    hurried_at_ms: int = 0

    @classmethod
    def read(cls, attributes: Mapping[str, int]) -> Meter:
        """Build from stored attributes; those that were never written have their first value."""
        return cls(
            tat_ms=attributes["tat_ms"],
            line_ms=attributes.get("line_ms", 0),
            rule=Rule(
                attributes.get("request_limit", OWN_RULE.limit),
                attributes.get("period_seconds", OWN_RULE.period_seconds),
            ),
            rule_since_ms=attributes.get("rule_since_ms", 0),
            inserted_ms=attributes.get("inserted_ms", 0),
            hurried_at_ms=attributes.get("hurried_at_ms", 0),
        )


@dataclass(frozen=True, slots=True)
class Write:
    """One conditional change of the meter.

    Args:
        put: Attributes to set.
        add: Attributes to add to; an absent one counts as zero.
        requires: What must hold, all of it; else nothing is written.
        or_absent: Whether a meter that does not exist yet will do as well.
        slots: How many slots the writer takes.
        of_place: How many of them its place in the line was for.
        place_ms: How long a new place at the end of the line it takes, 0 for none.
    """

    put: Mapping[str, int] = field(default_factory=dict)
    add: Mapping[str, int] = field(default_factory=dict)
    requires: tuple[Requirement, ...] = ()
    or_absent: bool = False
    slots: int = 0
    of_place: int = 0
    place_ms: int = 0


def _keeps(rule: Rule) -> tuple[Requirement, ...]:
    return (("request_limit", "=", rule.limit), ("period_seconds", "=", rule.period_seconds))


def _named(rule: Rule) -> dict[str, int]:
    return {"request_limit": rule.limit, "period_seconds": rule.period_seconds}


@dataclass(frozen=True, slots=True)
class Booking:
    """What one worker wants to book.

    Args:
        slots: How many, at least one.
        next_slots: How many its next booking will take; they get a place in the line. 0: no place wanted.
        in_line: Whether these slots have their place in the line already.
        latest_ms: The first slot must not lie beyond this.
        before_bulk: Whether bulk shall make room for it.
        seen_inserted_ms: Refuse if more than this was inserted; None: however much it was.
    """

    slots: int
    next_slots: int
    in_line: bool
    latest_ms: int
    before_bulk: bool
    seen_inserted_ms: int | None = None

    def onto(self, tat_ms: int, line_ms: int, rule: Rule, now_ms: int) -> Write:
        """The write that fits a meter believed to stand at `tat_ms` and `line_ms` under `rule`.

        A busy meter is added to, so that bookings of several workers commute. One that has fallen behind
        by more than a slot may be late is set to now: what was not used is lost, it never makes a burst.
        """
        taken_ms, place_ms = self.slots * rule.spacing_ms, self.next_slots * rule.spacing_ms
        oldest_ms, end_ms = now_ms - SEND_LATENESS_MS, now_ms + taken_ms
        put = {"hurried_at_ms": now_ms} if self.before_bulk else {}
        add = {"inserted_ms": 0}
        requires = _keeps(rule)
        if self.seen_inserted_ms is not None:
            requires += (("inserted_ms", "<=", self.seen_inserted_ms),)
        if tat_ms >= oldest_ms:
            add = {"tat_ms": taken_ms, "inserted_ms": taken_ms if self.before_bulk else 0}
            if line_ms < tat_ms:  # everybody in the line has gone
                put["line_ms"] = tat_ms + taken_ms + place_ms
            else:
                add["line_ms"] = place_ms + (0 if self.in_line else taken_ms)
            requires += (("tat_ms", ">=", oldest_ms), ("tat_ms", "<=", self.latest_ms))
        elif line_ms >= end_ms:
            put |= {"tat_ms": end_ms}
            add |= {"line_ms": place_ms}
            requires += (("tat_ms", "<", oldest_ms), ("line_ms", ">=", end_ms))
        else:
            put |= {"tat_ms": end_ms, "line_ms": end_ms + place_ms, **_named(rule)}
            requires += (("tat_ms", "<", oldest_ms), ("line_ms", "<", end_ms))
        of_place = self.slots if self.in_line and not self.before_bulk else 0
        return Write(put, add, requires, "request_limit" in put, self.slots, of_place, place_ms)


def join_line(meter: Meter, place_ms: int) -> Write:
    """Take a place at the end of the line, or be its head."""
    if meter.line_ms < meter.tat_ms:
        return Write(
            put={"line_ms": meter.tat_ms + place_ms},
            requires=(("line_ms", "<", meter.tat_ms),),
            place_ms=place_ms,
        )
    return Write(add={"line_ms": place_ms}, requires=(("line_ms", ">=", meter.tat_ms),), place_ms=place_ms)


def hold_until(until_ms: int, rule: Rule) -> Write:
    """Keep every slot that is not booked yet from lying before `until_ms` (`Retry-After`)."""
    return Write(
        put={"tat_ms": until_ms, "line_ms": until_ms, **_named(rule)},
        add={"inserted_ms": 0},
        requires=(*_keeps(rule), ("tat_ms", "<", until_ms)),
        or_absent=True,
    )


def change_rule(former: Rule, rule: Rule, now_ms: int) -> Write:
    """Put `rule` in the place of `former`, once, whoever comes first."""
    pause_ms = rule.pause_after_ms(former)
    return Write(
        put={**_named(rule), "rule_since_ms": now_ms},
        add={"tat_ms": pause_ms, "line_ms": pause_ms, "inserted_ms": 0},
        requires=_keeps(former),
        or_absent=True,
    )
