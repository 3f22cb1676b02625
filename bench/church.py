"""A church in both sandboxes, in this process, on a virtual clock; and the product that pushes its days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from narthex.adapters.vendors import VendorConnector
from narthex.domain.errors import RetryLaterError
from narthex.domain.ledger import Day
from narthex.domain.organization import (
    BearerToken,
    Credentials,
    Organization,
    PersonalAccessToken,
    WeGiveSurface,
)
from narthex.domain.rate_limit import Lane, Write
from narthex.domain.slot_book import Go, Sleep, SlotBook, TooLate
from narthex.services.push_daily_batch import PushDailyBatch
from narthex.services.start_syncs import StartSyncs
from sandbox.church import GRACE, Church, generate, install
from sandbox.church.plan import Gift
from sandbox.in_process import InProcessTransport
from sandbox.planning_center.app import VENDOR as PLANNING_CENTER
from sandbox.request_log import Entry
from sandbox.world import World
from tests.support.fakes import (
    FakeCorrelations,
    FakeLedger,
    FakeOrganizations,
    FakeQueue,
    FakeReviews,
    FakeSecrets,
    VirtualBudget,
    VirtualClock,
)
from tests.support.limiter_world import MemoryMeter

TIME_ZONE = "America/Chicago"
PLANNING_CENTER_URL = "http://planning-center.test"
WEGIVE_URL = "http://wegive.test/api"
REQUEST_MS = 120
"""How long a vendor's answer takes on the virtual clock."""

RUN_MS = 300_000 - 3_000
"""One Lambda run: `PushTimeoutSeconds` of template.yaml less what the handler keeps for saving."""

QUIET_MS = 180_000
MOST_RUNS = 100
"""More runs than any day here needs: a day that is not done by then goes round in a circle."""


class LimiterInMemory:
    """A `RateLimiter` that books slots as the product does, on a meter in memory, not in a table."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._meter = MemoryMeter()
        self._book = SlotBook()

    def acquire(self, account: str, lane: Lane, *, patience_ms: int) -> None:  # noqa: ARG002 - only one
        """Wait on the virtual clock. Raises RetryLaterError."""
        deadline_ms = self._clock.now_ms() + patience_ms
        while True:
            now_ms = self._clock.now_ms()
            match self._book.step(now_ms, lane, deadline_ms):
                case Go():
                    return
                case Sleep(until_ms=until_ms):
                    self._clock.sleep_ms(until_ms - now_ms)
                case TooLate(wait_ms=wait_ms):
                    raise RetryLaterError("no slot in time", retry_after_seconds=wait_ms / 1000)
                case Write() as write:
                    self._write(write)

    def observe(
        self,
        account: str,  # noqa: ARG002 - only one
        *,
        limit: int | None,
        period_seconds: int | None,
        retry_after_seconds: int | None,
    ) -> None:
        """Feed what an answer's headers said."""
        self._book.hear(self._clock.now_ms(), limit, period_seconds, retry_after_seconds)
        while (write := self._book.owed(self._clock.now_ms())) is not None:
            self._write(write)

    def _write(self, write: Write) -> None:
        written, meter = self._meter.apply(write)
        if written and meter is not None:
            self._book.wrote(write, meter)
        else:
            self._book.refused(meter, self._clock.now_ms())


class Network(httpx.BaseTransport):
    """Sends each request to the sandbox of its host; an answer takes its time on the virtual clock."""

    def __init__(self, world: World, clock: VirtualClock, request_ms: int = REQUEST_MS) -> None:
        self._clock = clock
        self._request_ms = request_ms
        self._apps = {
            "planning-center.test": InProcessTransport(world.planning_center),
            "wegive.test": InProcessTransport(world.wegive),
        }

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer from the sandbox."""
        self._clock.advance_ms(self._request_ms)
        return self._apps[request.url.host].handle_request(request)


@dataclass(frozen=True, slots=True)
class Days:
    """A plain church: `known_gifts` of as many known donors on two days, on a third `new_gifts` of new ones.

    The first day ties every known donor to a person, so that the second is a day like any other.
    """

    known_gifts: int = 1000
    new_gifts: int = 100
    first: date = date(2026, 11, 13)

    @property
    def second(self) -> date:
        """The day whose donors are all tied already."""
        return self.first + timedelta(days=1)

    @property
    def third(self) -> date:
        """The day whose donors are all new, with email, phone and address."""
        return self.first + timedelta(days=2)

    def church(self) -> Church:
        """The church with all three days' gifts."""
        days = [self._of(self.first), self._of(self.second), self._of(self.third)]
        known = [gift for church in days[:2] for gift in church.gifts if self._is_known(gift)]
        new = [gift for gift in days[2].gifts if not self._is_known(gift)]
        for before, after in pairwise(days):
            if before.donors != after.donors:
                raise AssertionError("one seed must make one crowd, whatever the day")
        return replace(days[0], gifts=(*known, *new))

    def _of(self, day: date) -> Church:
        donors = self.known_gifts + self.new_gifts
        return generate(1, day, TIME_ZONE, donors=donors, gifts=donors, known=True, newcomers=self.new_gifts)

    def _is_known(self, gift: Gift) -> bool:
        return gift.donor is not None and gift.donor < self.known_gifts


class ChurchInProcess:
    """Both vendors with a church in them, and a log of what Planning Center was asked."""

    def __init__(self, church: Church, start: datetime) -> None:
        self.church = church
        self.clock = VirtualClock(start)
        self.world = World(self.clock.now)
        self.world.wegive_options.requests_per_minute = 0  # WeGive's pace is not what is measured here
        self.installed = install(church, self.world.planning_center_records, self.world.wegive_records)
        self.network = Network(self.world, self.clock)
        self._counted = 0

    def gifts_of(self, day: date) -> list[Gift]:
        """The gifts of a church-local day."""
        return [gift for gift in self.church.gifts if self.church.local_day(gift) == day]

    def new_requests(self) -> list[Entry]:
        """What Planning Center was asked since the last call.

        Raises:
            BenchmarkError: Planning Center refused some of it as too many.
        """
        entries = self.world.log.entries(PLANNING_CENTER)
        new, self._counted = entries[self._counted :], len(entries)
        if any(entry.status == httpx.codes.TOO_MANY_REQUESTS for entry in new):
            raise BenchmarkError("Planning Center answered 429: the count is not that of an undisturbed day")
        return new

    def donations(self) -> list[dict[str, Any]]:
        """Every donation that Planning Center has."""
        return self.world.store.all("Donation", GRACE.planning_center_organization_id)


class BenchmarkError(Exception):
    """What was measured is not what the benchmark says it is."""


def morning_after(day: date) -> datetime:
    """When the schedule pushes a day (S30)."""
    local = datetime.combine(day + timedelta(days=1), time(8, 1), tzinfo=ZoneInfo(TIME_ZONE))
    return local.astimezone(UTC)


class Product:
    """The push with its real vendor adapters and its real limiter; stores and queue are in memory."""

    def __init__(self, church: ChurchInProcess, run_ms: int = RUN_MS) -> None:
        self._clock = church.clock
        self._run_ms = run_ms
        organization = _organization(church.church)
        self._organization_id = organization.id
        self._ledger = FakeLedger()
        self._queue = FakeQueue(self._clock)
        stores = FakeOrganizations(organization)
        connect = VendorConnector(
            secrets=FakeSecrets({organization.id: _credentials()}),
            clock=self._clock,
            limiter=LimiterInMemory(self._clock),
            jitter=lambda: 0.5,
            contact="office@grace.example",
            open_transport=lambda: church.network,
        )
        self._push = PushDailyBatch(
            organizations=stores,
            connect=connect,
            ledger=self._ledger,
            correlations=FakeCorrelations(self._clock),
            reviews=FakeReviews(),
            queue=self._queue,
            clock=self._clock,
            quiet_ms=QUIET_MS,
        )
        self._start = StartSyncs(stores, self._ledger, self._queue, self._clock)
        self.runs = 0

    def start(self, day: date) -> None:
        """Ask for a day's push on the morning after."""
        self._clock.advance_to_ms(int(morning_after(day).timestamp() * 1000))
        self._start.manual(self._organization_id, day, dry_run=False, nonce="1")

    def work_until(self, day: date, is_over: Callable[[Day], bool]) -> None:
        """Let the worker take jobs, its own continuations and what the sweep wakes, until a day is so far.

        Raises:
            BenchmarkError: It never is.
        """
        for _ in range(MOST_RUNS):
            if self._queue.next_at_ms() is None:
                self._sweep(day)
            self._clock.advance_to_ms(self._queue.next_at_ms() or 0)
            delivery = self._queue.receive()
            if delivery is None:
                continue
            self.runs += 1
            self._push(delivery.job, VirtualBudget(self._clock, self._run_ms))
            self._queue.delete(delivery)
            if is_over(self.day(day)):
                return
        head = self.day(day)
        raise BenchmarkError(f"{day} does not come to an end: {head.status.value}, {head.message}")

    def _sweep(self, day: date) -> None:
        wake_at_ms = self.day(day).wake_at_ms
        if wake_at_ms is None:
            raise BenchmarkError(f"nothing more is planned for {day}")
        self._clock.advance_to_ms(wake_at_ms)
        self._start.sweep()

    def day(self, day: date) -> Day:
        """A day's head record."""
        head = self._ledger.read_day(self._organization_id, day)
        if head is None:
            raise BenchmarkError(f"{day} was not pushed")
        return head

    def proof(self, day: date) -> Mapping[str, Any]:
        """A day's proof."""
        return self._ledger.get_document(self._organization_id, day, "proof") or {}


def _organization(church: Church) -> Organization:
    account = church.account
    return Organization(
        id=account.organization_id,
        name=account.name,
        time_zone=church.time_zone,
        planning_center_url=PLANNING_CENTER_URL,
        planning_center_account=f"church {account.planning_center_organization_id}, user {account.user_id}",
        wegive_url=WEGIVE_URL,
        wegive_surface=WeGiveSurface.PUBLISHED,
        default_fund=church.default_fund,
    )


def _credentials() -> Credentials:
    return Credentials(
        planning_center=PersonalAccessToken(GRACE.application_id, GRACE.secret),
        wegive=BearerToken(GRACE.wegive_token),
    )
