"""The shared rate limit under load, beside zae-limiter (S60-S62).

The real adapter, moto's DynamoDB in this process, workers on a virtual clock: each has a clock up to 50 ms
wrong, waits 3-8 ms for the table and 80-400 ms for the vendor, and always has another request to send. The
vendor counts by a fixed and by a sliding window at once. All figures are counts and ratios; they repeat.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moto import mock_aws
from pynamodb.connection import Connection

from bench.strict_vendor import PERIOD_MS, StrictVendor
from bench.virtual_time import START_MS, SkewedClock, TableCalls, VirtualTime
from narthex.adapters.dynamodb.rate_limiter import DynamoDbRateLimiter
from narthex.domain.rate_limit import MOST_REQUESTS, Lane

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
PEER_PYTHON = ROOT / ".tools" / "peer" / "bin" / "python"
TABLE = "rate-limits"
ACCOUNT = "church"
CREWS = (1, 4, 16)
LATE_CREWS = (4, 16)
"""One worker that waits 0.39 s for each answer cannot send 3.5 a second."""
WARM_UP_MS = PERIOD_MS
MEASURED_MS = 10 * PERIOD_MS
PROMPT_MS = (10, 60)
LATE_MS = (10, 310)
"""From the leave to send until the vendor's counter: 0.3 s of lateness put in."""
ANSWER_MS = (70, 340)
PATIENCE_MS = 120_000

Figures = dict[str, float | int]


@dataclass(frozen=True, slots=True)
class Load:
    """What one run measured."""

    budget_used: float
    calls_per_request: float
    reads: int
    most_in_window: int
    refused: int


class Site:
    """One account's table, its vendor, and the workers on them."""

    def __init__(self, seed: int, vendor: StrictVendor) -> None:
        self.time = VirtualTime(seed)
        self.table = TableCalls(self.time)
        self.vendor = vendor
        self.visitor_waits_ms: list[int] = []
        self._connection = Connection(region="us-east-1", max_retry_attempts=0)
        client: Any = self._connection.client
        client.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "account", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "account", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self.table.watch(client)

    def limiter(self) -> DynamoDbRateLimiter:
        """What a new worker brings along."""
        clock = SkewedClock(self.time, self.time.draw((-50, 50)))
        return DynamoDbRateLimiter(self._connection, TABLE, clock=clock)

    def bulk_worker(self, travel_ms: tuple[int, int]) -> Callable[[], None]:
        """A worker of the daily push."""

        def work() -> None:
            limiter = self.limiter()
            while True:
                limiter.acquire(ACCOUNT, Lane.BULK, patience_ms=PATIENCE_MS)
                self.send(limiter, travel_ms)

        return work

    def visitor(self, requests: int, pause_ms: tuple[int, int]) -> Callable[[], None]:
        """Visitors who sign in one after the other, `requests` each."""

        def work() -> None:
            while True:
                self.time.sleep_ms(self.time.draw(pause_ms))
                limiter = self.limiter()
                for _ in range(requests):
                    wished_ms = self.time.now_ms
                    limiter.acquire(ACCOUNT, Lane.INTERACTIVE, patience_ms=PATIENCE_MS)
                    self.visitor_waits_ms.append(self.time.now_ms - wished_ms)
                    self.send(limiter, PROMPT_MS)

        return work

    def send(self, limiter: DynamoDbRateLimiter, travel_ms: tuple[int, int]) -> None:
        """One request there and back."""
        self.time.sleep_ms(self.time.draw(travel_ms))
        verdict = self.vendor.receive(self.time.now_ms)
        self.time.sleep_ms(self.time.draw(ANSWER_MS))
        limiter.observe(
            ACCOUNT,
            limit=verdict.limit,
            period_seconds=PERIOD_MS // 1_000,
            retry_after_seconds=verdict.retry_after_seconds,
        )


def under_load(workers: int, travel_ms: tuple[int, int]) -> Load:
    """Bulk workers that never rest, on a vendor that allows exactly our own limit."""
    with mock_aws():
        site = Site(workers, StrictVendor(MOST_REQUESTS))
        for _ in range(workers):
            site.time.start(site.bulk_worker(travel_ms), site.time.draw((0, 50)))
        warm_ms = START_MS + WARM_UP_MS
        site.time.run_until(warm_ms)
        calls, sent = site.table.total, len(site.vendor.arrivals_ms)
        site.time.run_until(warm_ms + MEASURED_MS)
        requests = len(site.vendor.arrivals_ms) - sent
        return Load(
            budget_used=requests / (MOST_REQUESTS * MEASURED_MS / PERIOD_MS),
            calls_per_request=(site.table.total - calls) / requests,
            reads=site.table.reads,
            most_in_window=site.vendor.most_in_any_window(),
            refused=len(site.vendor.refused_ms),
        )


def share_refused_in_cuts(limit: int = 10) -> float:
    """The share of 429 answers when the vendor's limit falls in the middle of full load.

    Counted from 100 s before each cut to 100 s after it, over two cuts for each crew. The first request
    after a cut is always refused, and so is one that left before that answer came: one or two a cut.
    """
    refused = answers = 0
    for seed, workers in enumerate(CREWS * 2):
        with mock_aws():
            site = Site(seed, StrictVendor(100))
            for _ in range(workers):
                site.time.start(site.bulk_worker(PROMPT_MS), site.time.draw((0, 50)))
            cut_ms = START_MS + 5 * PERIOD_MS + site.time.draw((-PERIOD_MS // 2, PERIOD_MS // 2))
            site.time.run_until(cut_ms)
            site.vendor.limit = limit
            site.time.run_until(cut_ms + 5 * PERIOD_MS)
            refused += len(site.vendor.refused_ms)
            answers += len(site.vendor.arrivals_ms)
    return refused / answers


def visitor_waits_ms() -> list[int]:
    """How long visitors wait for each of three requests beside one saturated push, shortest first."""
    with mock_aws():
        site = Site(7, StrictVendor(MOST_REQUESTS))
        site.time.start(site.bulk_worker(PROMPT_MS))
        site.time.start(site.visitor(3, (5_000, 90_000)), PERIOD_MS)
        site.time.run_until(START_MS + 40 * PERIOD_MS)
        return sorted(site.visitor_waits_ms)


def start_peer() -> subprocess.Popen[str]:
    """Let the same workers run on zae-limiter, in its own environment, meanwhile.

    Raises:
        FileNotFoundError: That environment was not set up.
    """
    command = [str(PEER_PYTHON), "-m", "bench.peer", *(str(workers) for workers in CREWS)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def own_figures() -> Figures:
    """What our limiter does."""
    result: Figures = {}
    loads = []
    for name, travel_ms, crews in (("", PROMPT_MS, CREWS), ("late_", LATE_MS, LATE_CREWS)):
        for workers in crews:
            load = under_load(workers, travel_ms)
            loads.append(load)
            result[f"budget_used_{name}{workers}"] = round(load.budget_used, 4)
            result[f"dynamodb_calls_per_request_{name}{workers}"] = round(load.calls_per_request, 3)
    result["dynamodb_reads"] = sum(load.reads for load in loads)
    result["max_requests_in_20s"] = max(load.most_in_window for load in loads)
    result["answers_429"] = sum(load.refused for load in loads)
    result["answers_429_share_in_cut"] = round(share_refused_in_cuts(), 5)
    waits_ms = visitor_waits_ms()
    result["visitor_wait_seconds_p50"] = waits_ms[len(waits_ms) // 2] / 1_000
    result["visitor_wait_seconds_p99"] = waits_ms[len(waits_ms) * 99 // 100] / 1_000
    return result


def measure() -> Figures:
    """All figures of the limiter by name, as `build/bench.json` wants them.

    Raises:
        FileNotFoundError: The peer's environment was not set up.
        RuntimeError: The peer did not come to its end.
    """
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "bench")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "bench")
    with start_peer() as peer:
        own = own_figures()
        said, _ = peer.communicate()
    if peer.returncode:
        raise RuntimeError(f"the peer ended with status {peer.returncode}")
    of_peer: Figures = json.loads(said.splitlines()[-1])
    return own | of_peer


def main() -> None:
    """Print the figures."""
    for name, value in measure().items():
        print(f"{name:45} {value:>10}")


if __name__ == "__main__":
    main()
