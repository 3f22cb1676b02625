"""A bucket of requests for each token (wegive-api.md 5; no number is published)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.wegive.options import Options


@dataclass
class _Bucket:
    tokens: float
    at: datetime


class RateLimit:
    """Counts requests per organization under the options of the moment."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._buckets: dict[str, _Bucket] = {}

    def take(self, organization_id: str, now: datetime) -> tuple[dict[str, str], bool]:
        """Count a request; return the rate headers and whether the request may pass.

        A refused answer carries `Retry-After` in whole seconds.
        """
        per_minute, burst = self._options.requests_per_minute, self._options.burst
        if per_minute <= 0:
            return {}, True
        bucket = self._buckets.setdefault(organization_id, _Bucket(burst, now))
        refill = max((now - bucket.at).total_seconds(), 0) * per_minute / 60
        bucket.tokens = min(bucket.tokens + refill, burst)
        bucket.at = now
        passes = bucket.tokens >= 1
        if passes:
            bucket.tokens -= 1
        headers = {
            "X-RateLimit-Limit": str(per_minute),
            "X-RateLimit-Remaining": str(int(bucket.tokens)),
        }
        if not passes:
            headers["Retry-After"] = str(math.ceil((1 - bucket.tokens) * 60 / per_minute))
        return headers, passes
