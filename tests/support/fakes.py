"""Every fake, under one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.clock import FixedBudget, VirtualBudget, VirtualClock
from tests.support.fake_ledger import FakeLedger
from tests.support.fake_queue import Delivery, FakeQueue
from tests.support.fake_stores import (
    FakeCorrelations,
    FakeOrganizations,
    FakeReviews,
    FakeSchedules,
    FakeSecrets,
)

if TYPE_CHECKING:
    from narthex.domain.rate_limit import Lane

__all__ = [
    "Delivery",
    "FakeCorrelations",
    "FakeLedger",
    "FakeLimiter",
    "FakeOrganizations",
    "FakeQueue",
    "FakeReviews",
    "FakeSchedules",
    "FakeSecrets",
    "FixedBudget",
    "VirtualBudget",
    "VirtualClock",
]


class FakeLimiter:
    """A `RateLimiter` that grants at once; each grant may take `request_ms` of a virtual clock."""

    def __init__(self, clock: VirtualClock | None = None, *, request_ms: int = 0) -> None:
        self._clock = clock
        self._request_ms = request_ms
        self.granted = 0

    def acquire(self, account: str, lane: Lane, *, patience_ms: int) -> None:
        self.granted += 1
        if self._clock is not None and self._request_ms:
            self._clock.advance_ms(self._request_ms)

    def observe(
        self,
        account: str,
        *,
        limit: int | None,
        period_seconds: int | None,
        retry_after_seconds: int | None,
    ) -> None:
        """Nothing to learn: it never refuses."""
