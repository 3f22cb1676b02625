"""Rate limit: how many requests a user has made in the period (planning-center-api.md 2)."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.planning_center.options import Options


@dataclass
class Standing:
    """A user's standing after the request that was just counted."""

    count: int
    limit: int
    retry_after_seconds: int

    @property
    def refused(self) -> bool:
        """Whether the request was one too many."""
        return self.count > self.limit


class RateLimiter:
    """Counts each user's requests, refused ones included."""

    def __init__(self) -> None:
        self._fixed: dict[str, tuple[float, int]] = {}
        self._sliding: dict[str, deque[float]] = {}

    def count(self, user: str, now_ts: float, options: Options, limit: int) -> Standing:
        """Count a request of the user at `now_ts` seconds against the limit."""
        if options.window == "sliding":
            return self._count_sliding(user, now_ts, options.period_seconds, limit)
        start, count = self._fixed.get(user, (now_ts, 0))
        if now_ts - start >= options.period_seconds:
            start, count = now_ts, 0
        self._fixed[user] = (start, count + 1)
        return Standing(count + 1, limit, _whole(start + options.period_seconds - now_ts))

    def _count_sliding(self, user: str, now_ts: float, period_seconds: int, limit: int) -> Standing:
        times = self._sliding.setdefault(user, deque())
        while times and now_ts - times[0] >= period_seconds:
            times.popleft()
        times.append(now_ts)
        first_to_go = times[max(0, len(times) - max(limit, 1))]
        return Standing(len(times), limit, _whole(first_to_go + period_seconds - now_ts))

    def clear(self) -> None:
        """Forget all counts."""
        self._fixed.clear()
        self._sliding.clear()


def _whole(seconds: float) -> int:
    return max(1, math.ceil(seconds))
