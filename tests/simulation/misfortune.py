"""Which call goes wrong, and how: drawn from a seed, or told call by call."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Misfortune(StrEnum):
    """What may happen to one call."""

    KILLED_BEFORE = "killed_before"
    KILLED_AFTER = "killed_after"
    REQUEST_LOST = "request_lost"
    ANSWER_LOST = "answer_lost"
    LATE_EFFECT = "late_effect"
    ERROR_WITHOUT_EFFECT = "error_without_effect"
    ERROR_WITH_EFFECT = "error_with_effect"
    REFUSED_CONNECTION = "refused_connection"
    TOO_MANY = "too_many"
    FROZEN = "frozen"


VENDOR_MISFORTUNES = (
    Misfortune.KILLED_BEFORE,
    Misfortune.KILLED_AFTER,
    Misfortune.REQUEST_LOST,
    Misfortune.ANSWER_LOST,
    Misfortune.LATE_EFFECT,
    Misfortune.ERROR_WITHOUT_EFFECT,
    Misfortune.ERROR_WITH_EFFECT,
    Misfortune.REFUSED_CONNECTION,
    Misfortune.TOO_MANY,
)
STORE_MISFORTUNES = (
    Misfortune.KILLED_BEFORE,
    Misfortune.KILLED_AFTER,
    *(Misfortune.ERROR_WITHOUT_EFFECT, Misfortune.ERROR_WITH_EFFECT) * 3,
)
"""A process dies about as often in a store's call as in a vendor's."""

LATE_EFFECT_MS = 100_000
"""How late an unanswered request may still take effect."""
FREEZE_MS = 20 * 60_000


@dataclass(slots=True)
class Fate:
    """Decides for each call in turn.

    Args:
        seed: Of the draws.
        share: Part of the calls that go wrong, 0 to 1.
        freezes: Whether a process may freeze between two of its steps.
        told: What happens to the n-th call whatever the draws say; with `share` 0 nothing else does.
        quiet_from_ms: From when on nothing goes wrong any more (an instant).
        freezes_ms: How long the first freezes last; those after them are drawn.
    """

    seed: int
    share: float = 0.0
    freezes: bool = False
    told: Mapping[int, Misfortune] = field(default_factory=dict)
    quiet_from_ms: int | None = None
    freezes_ms: tuple[int, ...] = ()
    calls: int = 0
    log: list[tuple[int, str, Misfortune | None]] = field(default_factory=list)
    keeps_log: bool = False
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def of_vendor_call(self, what: str, now_ms: int) -> Misfortune | None:
        """What happens to the next request."""
        return self._draw(VENDOR_MISFORTUNES, what, now_ms)

    def of_store_call(self, what: str, now_ms: int) -> Misfortune | None:
        """What happens to the next call of a store or queue."""
        return self._draw(STORE_MISFORTUNES, what, now_ms)

    def latency_ms(self, longest_ms: int) -> int:
        """How long a call takes."""
        return self.dice.randint(1, longest_ms)

    def delay_ms(self) -> int:
        """How late a late effect comes."""
        return self.dice.randint(1_000, LATE_EFFECT_MS)

    def freeze_ms(self) -> int:
        """How long a frozen process stays so."""
        if self.freezes_ms:
            first, *rest = self.freezes_ms
            self.freezes_ms = tuple(rest)
            return first
        return self.dice.randint(1_000, FREEZE_MS)

    def _draw(self, choices: tuple[Misfortune, ...], what: str, now_ms: int) -> Misfortune | None:
        self.calls += 1
        drawn = self.told.get(self.calls)
        is_calm = self.quiet_from_ms is not None and now_ms >= self.quiet_from_ms
        if drawn is None and self.share and not is_calm and self.dice.random() < self.share:
            every = (*choices, Misfortune.FROZEN) if self.freezes else choices
            drawn = self.dice.choice(every)
        if self.keeps_log:
            self.log.append((self.calls, what, drawn))
        return drawn
