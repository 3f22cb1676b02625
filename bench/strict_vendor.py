"""A vendor's rate limit that counts both ways at once: whichever window is full first refuses."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

PERIOD_MS = 20_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the vendor answers, with its rate headers (planning-center-api.md 2)."""

    refused: bool
    limit: int
    retry_after_seconds: int | None


class StrictVendor:
    """Counts by a fixed window that opens with the first request, and by a sliding one.

    Refused requests count as well. `Retry-After` is on every refusal: whole seconds until the fixed window
    closes or the sliding one has room.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.arrivals_ms: list[int] = []
        self.refused_ms: list[int] = []
        self._recent: deque[int] = deque()
        self._window_ms = 0
        self._window_count = 0

    def receive(self, now_ms: int) -> Verdict:
        """Judge one request that arrives now."""
        self.arrivals_ms.append(now_ms)
        if now_ms >= self._window_ms + PERIOD_MS:
            self._window_ms, self._window_count = now_ms, 0
        self._window_count += 1
        while self._recent and self._recent[0] <= now_ms - PERIOD_MS:
            self._recent.popleft()
        self._recent.append(now_ms)
        waits_ms = []
        if self._window_count > self.limit:
            waits_ms.append(self._window_ms + PERIOD_MS - now_ms)
        if len(self._recent) > self.limit:
            waits_ms.append(self._recent[-self.limit] + PERIOD_MS - now_ms)
        if not waits_ms:
            return Verdict(refused=False, limit=self.limit, retry_after_seconds=None)
        self.refused_ms.append(now_ms)
        return Verdict(refused=True, limit=self.limit, retry_after_seconds=-(-max(waits_ms) // 1_000))

    def most_in_any_window(self) -> int:
        """The most arrivals in any closed stretch of 20 seconds, wherever it begins."""
        first = most = 0
        ordered = sorted(self.arrivals_ms)
        for last, instant_ms in enumerate(ordered):
            while instant_ms - ordered[first] > PERIOD_MS:
                first += 1
            most = max(most, last - first + 1)
        return most
