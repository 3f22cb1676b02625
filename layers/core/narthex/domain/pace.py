"""How many booked slots in a row one worker is fast enough to use."""

from __future__ import annotations

from math import isqrt

from narthex.domain.rate_limit import SEND_LATENESS_MS


class Pace:
    """How fast a worker uses its slots: from the leave to send until it asks again, smoothed."""

    LONGEST_MS = 2_000
    BACKLOG_MS = SEND_LATENESS_MS * 3 // 4
    """How late the worker's own slowness may make the last slot of a booking."""

    def __init__(self) -> None:
        self._went_ms: int | None = None
        self._mean_ms = self.LONGEST_MS
        self._deviation_ms = 0
        self._known = False

    def went(self, now_ms: int) -> None:
        """The worker sends now."""
        self._went_ms = now_ms

    def back(self, now_ms: int) -> None:
        """The worker asks for its next slot."""
        if self._went_ms is None:
            return
        took_ms = min(max(0, now_ms - self._went_ms), self.LONGEST_MS)
        self._went_ms = None
        if self._known:
            self._deviation_ms += (abs(took_ms - self._mean_ms) - self._deviation_ms + 4) // 8
            self._mean_ms += (took_ms - self._mean_ms + 4) // 8
        else:
            self._mean_ms, self._deviation_ms, self._known = took_ms, took_ms // 2, True

    def back_by(self, ms: int) -> bool:
        """Whether the worker asks again within `ms` of its next leave to send."""
        return not self._known or self._mean_ms <= ms

    def slots(self, spacing_ms: int, most: int) -> int:
        """How many of at most `most` slots in a row this worker will use in time, at least one.

        Its lateness at the last of them walks at random: the mean grows with the steps, the spread with
        their root, of which two deviations must fit.
        """
        for steps in range(most - 1, 0, -1):
            drift_ms = (self._mean_ms - spacing_ms) * steps
            if drift_ms + self._deviation_ms * isqrt(400 * steps) // 10 <= self.BACKLOG_MS:
                return steps + 1
        return 1
