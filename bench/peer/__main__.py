"""zae-limiter under the same load as `bench.limiter`, at the same strictness; one line of JSON.

Run by `bench.limiter` with the interpreter of `.tools/peer`: ``python -m bench.peer 1 4 16``.

What makes it fair: the same virtual time, table latency, clock errors, answer times and vendor; its sync
API with its defaults (speculative writes, one-second rejection cache, limits stored and cached); each worker
has a repository and a limiter of its own, as processes have, opened before the count begins. A refused
worker waits as long as the library says and, which spares the peer a third to two thirds of its calls, a
random time more that grows with the crew. Its limit is a bucket of `CAPACITY`, the best of 1 to 4, with the
refill that keeps every 20.8 s (20 s and the lateness that ours allows for) at 70 at most. Its clock is set
where its own documentation says, `_now_ms`; its sleeps between conflicting writes pass on virtual time.
"""

from __future__ import annotations

import json
import os
import sys
import time
import types
import warnings
from typing import Any

from moto import mock_aws
from zae_limiter import Limit, RateLimitExceeded, SyncRateLimiter, SyncRepository, sync_lease, sync_repository

from bench.strict_vendor import PERIOD_MS, StrictVendor
from bench.virtual_time import START_MS, TableCalls, VirtualTime

MOST_REQUESTS = 70
LATENESS_MS = 800
CAPACITY = 2
REFILL_PERIOD_SECONDS = (PERIOD_MS + LATENESS_MS) // 100
REFILL = (MOST_REQUESTS - CAPACITY) * REFILL_PERIOD_SECONDS * 1_000 // (PERIOD_MS + LATENESS_MS)
LIMIT = "requests"
RESOURCE = "planning-center"
ACCOUNT = "church"
WARM_UP_MS = PERIOD_MS
MEASURED_MS = PERIOD_MS
TRAVEL_MS = (10, 60)
ANSWER_MS = (70, 340)
JITTER_MS_PER_RIVAL = 200


class PeerSite:
    """One table, its vendor, and workers that ask zae-limiter for leave."""

    def __init__(self, workers: int) -> None:
        self.time = VirtualTime(workers)
        self.jitter_ms = (0, 2 + JITTER_MS_PER_RIVAL * (workers - 1))
        self.table = TableCalls(self.time)
        self.vendor = StrictVendor(MOST_REQUESTS)
        on_virtual_time = types.SimpleNamespace(**vars(time))
        on_virtual_time.sleep = lambda seconds: self.time.sleep_ms(round(seconds * 1_000))
        for module in (sync_lease, sync_repository):
            module.time = on_virtual_time
        owner = self.repository(0)
        owner.create_table()
        owner.register_namespace("default")
        SyncRateLimiter(repository=owner).set_resource_defaults(
            RESOURCE, [Limit.custom(LIMIT, CAPACITY, REFILL, REFILL_PERIOD_SECONDS)]
        )

    def repository(self, skew_ms: int) -> SyncRepository:
        """A process's own repository, on virtual time."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            made = SyncRepository(name="bench", region="us-east-1", parallel_mode="serial")
        made._now_ms = lambda: self.time.now_ms + skew_ms  # noqa: SLF001 - the place its documentation names
        made._rejection_cache._clock = lambda: self.time.now_ms / 1_000  # noqa: SLF001
        return made

    def work(self) -> None:
        """A worker that always has another request to send."""
        repository = self.repository(self.time.draw((-50, 50)))
        self.table.watch(repository._get_client())  # noqa: SLF001
        limiter = SyncRateLimiter(repository=repository)
        while True:
            try:
                with limiter.acquire(entity_id=ACCOUNT, resource=RESOURCE, consume={LIMIT: 1}):
                    self.time.sleep_ms(self.time.draw(TRAVEL_MS))
                    self.vendor.receive(self.time.now_ms)
                    self.time.sleep_ms(self.time.draw(ANSWER_MS))
            except RateLimitExceeded as refusal:
                told_ms = round(refusal.retry_after_seconds * 1_000)
                self.time.sleep_ms(told_ms + self.time.draw(self.jitter_ms))


def under_load(workers: int) -> dict[str, Any]:
    """The peer's figures for one crew."""
    with mock_aws():
        site = PeerSite(workers)
        for _ in range(workers):
            site.time.start(site.work, site.time.draw((0, 50)))
        warm_ms = START_MS + WARM_UP_MS
        site.time.run_until(warm_ms)
        calls, sent = site.table.total, len(site.vendor.arrivals_ms)
        site.time.run_until(warm_ms + MEASURED_MS)
        requests = len(site.vendor.arrivals_ms) - sent
        return {
            f"dynamodb_calls_per_request_peer_{workers}": round((site.table.total - calls) / requests, 3),
            f"budget_used_peer_{workers}": round(requests / (MOST_REQUESTS * MEASURED_MS / PERIOD_MS), 4),
            f"max_requests_in_20s_peer_{workers}": site.vendor.most_in_any_window(),
        }


def main() -> None:
    """Print all figures as JSON in one line."""
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "bench")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "bench")
    figures: dict[str, Any] = {}
    for workers in sys.argv[1:]:
        figures |= under_load(int(workers))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
