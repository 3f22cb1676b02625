"""The product over the simulation's small parish, without misfortune: push a day, look at both sides."""

# ruff: noqa: ANN401 - sandbox records are plain dicts, and fakes of several kinds stand for ports
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

import httpx

from narthex.adapters.vendors import VendorConnector
from narthex.domain.jobs import PushJob
from narthex.domain.ledger import Day, Finding, FindingKind, FindingState, Gift
from narthex.domain.organization import Credentials, Organization, Settings
from narthex.ports import JobQueue
from narthex.services.push_daily_batch import PushDailyBatch
from narthex.services.start_syncs import StartSyncs
from sandbox.in_process import InProcessTransport
from sandbox.planning_center.batches import settle_batches
from sandbox.planning_center.store import Store
from tests.simulation.parish import CREDENTIALS, DAY, ORGANIZATION, Parish, build_parish
from tests.simulation.stage import Stage
from tests.support.fakes import (
    FakeCorrelations,
    FakeLedger,
    FakeLimiter,
    FakeOrganizations,
    FakeQueue,
    FakeReviews,
    FakeSecrets,
    VirtualBudget,
)

CHURCH = "7"
RUN_MS = 270_000
QUIET_MS = 180_000
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
SOON_MS = 20 * MINUTE_MS
"""How far ahead `push` follows a day's own continuations; audits and deadlines lie further off."""
MOST_RUNS = 60

Answer = Callable[[httpx.Request], httpx.Response]


class Door(httpx.BaseTransport):
    """Both vendors by their host; notes every request, and may answer in a vendor's stead."""

    def __init__(self, hosts: dict[str, InProcessTransport]) -> None:
        self._hosts = hosts
        self._instead: list[tuple[re.Pattern[str], Answer]] = []
        self.requests: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        what = f"{request.method} {request.url.host} {request.url.path}"
        self.requests.append(what)
        for pattern, answer in self._instead:
            if pattern.search(what):
                return answer(request)
        return self._hosts[request.url.host].handle_request(request)

    def writes(self) -> list[str]:
        """All requests but reads, so far."""
        return [each for each in self.requests if not each.startswith("GET ")]

    @contextmanager
    def answering(self, pattern: str, answer: Answer) -> Iterator[None]:
        """Have requests like "POST planning-center.test /giving/v2/…" answered this way."""
        entry = (re.compile(pattern), answer)
        self._instead.append(entry)
        try:
            yield
        finally:
            self._instead.remove(entry)


@dataclass(slots=True)
class ParishPush:
    """One church, pushed on a virtual clock; stands on the morning after the parish's Sunday."""

    clock: Stage = field(default_factory=Stage)
    parish: Parish = field(init=False)
    door: Door = field(init=False)
    queue: FakeQueue = field(init=False)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    correlations: FakeCorrelations = field(init=False)
    reviews: FakeReviews = field(default_factory=FakeReviews)
    organizations: FakeOrganizations = field(default_factory=lambda: FakeOrganizations(ORGANIZATION))
    secrets: FakeSecrets = field(default_factory=lambda: FakeSecrets({ORGANIZATION.id: CREDENTIALS}))
    request_ms: int = 0
    runs: int = 0
    nonces: int = 0

    def __post_init__(self) -> None:
        clock = cast("Any", self.clock)
        self.parish = build_parish(self.clock)
        self.clock.pass_time(HOUR_MS)  # everybody has been there for a while
        hosts = {
            "planning-center.test": self.parish.planning_center,
            "wegive.test": self.parish.wegive,
        }
        self.door = Door(hosts)
        self.queue = FakeQueue(clock)
        self.correlations = FakeCorrelations(clock)

    @property
    def organization(self) -> Organization:
        return self.organizations.get(ORGANIZATION.id)

    def set(self, **changes: Any) -> None:
        """Change settings of the organization."""
        settings = replace(self.organization.settings, **changes)
        self.organizations.put(replace(self.organization, settings=settings))

    def reset_settings(self) -> None:
        """The defaults of the specification: hold the batch until the deadline."""
        self.organizations.put(replace(self.organization, settings=Settings()))

    def use(self, credentials: Credentials) -> None:
        """Connect the church with other credentials."""
        self.secrets.put(ORGANIZATION.id, credentials)

    def product(self) -> PushDailyBatch:
        clock = cast("Any", self.clock)
        return PushDailyBatch(
            organizations=self.organizations,
            connect=VendorConnector(
                secrets=self.secrets,
                clock=clock,
                limiter=FakeLimiter(clock, request_ms=self.request_ms),
                jitter=lambda: 0.5,
                contact="office@parish.example",
                open_transport=lambda: self.door,
            ),
            ledger=self.ledger,
            correlations=self.correlations,
            reviews=self.reviews,
            queue=cast("JobQueue", self.queue),
            clock=clock,
            quiet_ms=QUIET_MS,
        )

    def start_syncs(self) -> StartSyncs:
        return StartSyncs(self.organizations, self.ledger, self.queue, cast("Any", self.clock))

    def push(self, day: date = DAY, *, dry_run: bool = False, budget_ms: int = RUN_MS) -> Day | None:
        """Ask for the day, and follow it until it has nothing to do in the next minutes."""
        self.nonces += 1
        self.queue.send([PushJob(ORGANIZATION.id, day, dry_run=dry_run, nonce=str(self.nonces))])
        return self.work(day, budget_ms=budget_ms)

    def work(self, day: date = DAY, *, budget_ms: int = RUN_MS, until_ms: int = SOON_MS) -> Day | None:
        """Deliver what the queue has, as it becomes due within `until_ms`."""
        product, limit_ms = self.product(), self.clock.now_ms() + until_ms
        for _ in range(MOST_RUNS):
            at_ms = self.queue.next_at_ms()
            if at_ms is None or at_ms > limit_ms:
                return self.ledger.read_day(ORGANIZATION.id, day)
            self.clock.pass_time(max(0, at_ms - self.clock.now_ms()))
            delivery = self.queue.receive()
            if delivery is not None:
                self.runs += 1
                product(delivery.job, VirtualBudget(cast("Any", self.clock), budget_ms))
                self.queue.delete(delivery)
        raise AssertionError(f"the day is not done after {MOST_RUNS} runs")

    def push_once(self, day: date = DAY) -> Day | None:
        """One run, whatever it leaves to do."""
        self.nonces += 1
        job = PushJob(ORGANIZATION.id, day, nonce=str(self.nonces))
        return self.product()(job, VirtualBudget(cast("Any", self.clock), RUN_MS))

    def sleep_until_woken(self, day: date = DAY) -> Day | None:
        """Pass the time until the ledger wants the day looked at, and let the sweep do so."""
        head = self.head(day)
        assert head.wake_at_ms is not None
        self.clock.pass_time(max(0, head.wake_at_ms - self.clock.now_ms()) + MINUTE_MS)
        self.start_syncs().sweep()
        return self.work(day)

    def finish_audits(self, day: date = DAY) -> None:
        """Pass the days until nothing more is due by itself."""
        while self.head(day).wake_at_ms is not None:
            self.sleep_until_woken(day)

    # What both sides hold.

    def head(self, day: date = DAY) -> Day:
        head = self.ledger.read_day(ORGANIZATION.id, day)
        assert head is not None
        return head

    def proof(self, day: date = DAY) -> dict[str, Any]:
        return self._document("proof", day)

    def plan(self, day: date = DAY) -> dict[str, Any]:
        return self._document("plan", day)

    def _document(self, name: str, day: date) -> dict[str, Any]:
        document = self.ledger.get_document(ORGANIZATION.id, day, name)
        assert document is not None
        return document

    def gift(self, transaction_id: int, day: date = DAY) -> Gift:
        gifts = {gift.transaction_id: gift for gift in self.ledger.gifts(ORGANIZATION.id, day)}
        return gifts[str(transaction_id)]

    def findings(self, kind: FindingKind, day: date = DAY) -> list[Finding]:
        return [each for each in self.ledger.findings(ORGANIZATION.id, day) if each.kind is kind]

    def decide(self, finding: Finding, state: FindingState, day: date = DAY) -> None:
        """What staff answer to a finding."""
        self.ledger.save_finding(ORGANIZATION.id, day, replace(finding, state=state))

    def batches(self) -> list[dict[str, Any]]:
        return self._all("Batch")

    def donations(self) -> list[dict[str, Any]]:
        return self._all("Donation")

    def cents(self) -> list[int]:
        """The amounts in Planning Center, sorted; refunded ones left out."""
        amounts = [each["attributes"] for each in self.donations()]
        return sorted(each["amount_cents"] for each in amounts if not each["refunded"])

    def people(self, first_name: str) -> list[str]:
        named = [each for each in self._all("Person") if each["attributes"]["first_name"] == first_name]
        return [str(each["id"]) for each in named]

    def details(self, kind: str, person_id: str) -> list[dict[str, Any]]:
        """Attributes of the person's emails, phone numbers or addresses."""
        owned = [each for each in self._all(kind) if each["relations"]["person"] == person_id]
        return [dict(each["attributes"]) for each in owned]

    def giver(self, transaction_id: int, day: date = DAY) -> str | None:
        """The person to whom Planning Center gives the donation of a gift."""
        donation_id = self.gift(transaction_id, day).donation_id
        found = [each for each in self.donations() if each["id"] == donation_id]
        person_id: str | None = found[0]["relations"]["person"]
        return person_id

    def fund_id(self, name: str) -> str:
        funds = [each for each in self._all("Fund") if each["attributes"]["name"] == name]
        return str(funds[0]["id"])

    def _all(self, kind: str) -> list[dict[str, Any]]:
        store = Store(self.parish.planning_center_records)
        settle_batches(store, self.clock.now().timestamp())
        return store.all(kind, CHURCH)
