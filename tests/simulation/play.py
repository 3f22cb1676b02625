"""Play one schedule of faults to its end, and judge what both vendors hold then."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import httpx

from narthex.adapters.vendors import VendorConnector
from narthex.domain.correlation import Answer, Review, ReviewState
from narthex.domain.errors import NarthexError
from narthex.domain.jobs import PushJob
from narthex.domain.ledger import Day, DayStatus, Finding, FindingKind, FindingState, Gift, GiftState
from narthex.ports import JobQueue
from narthex.services.push_daily_batch import PushDailyBatch
from narthex.services.start_syncs import StartSyncs
from narthex.services.work_day import AUDITS_MS
from sandbox.planning_center.staff import merge_people
from sandbox.planning_center.store import Store
from tests.simulation.faulty import FaultyPort, FaultyTransport
from tests.simulation.misfortune import Fate, Misfortune
from tests.simulation.parish import (
    CREDENTIALS,
    DAY,
    ORGANIZATION,
    Parish,
    build_parish,
)
from tests.simulation.stage import Stage
from tests.support.fakes import (
    Delivery,
    FakeCorrelations,
    FakeLedger,
    FakeLimiter,
    FakeOrganizations,
    FakeQueue,
    FakeReviews,
    FakeSecrets,
    VirtualBudget,
)

RUN_MS = 270_000
VISIBILITY_MS = 330_000
QUIET_MS = 180_000
SWEEP_MS = 300_000
DAY_MS = 86_400_000
CALM_AFTER_MS = DAY_MS // 8
LATE_MS = DAY_MS // 16
HOPELESS_MS = DAY_MS // 3
LIMIT_MS = 14 * DAY_MS
AUDITS = len(AUDITS_MS)
CHURCH = "7"
_SURPLUS_OR_LOSS = {FindingKind.SURPLUS, FindingKind.MISSING}
_FOR_STAFF = {*_SURPLUS_OR_LOSS, FindingKind.NAMESAKE}


@dataclass(frozen=True, slots=True)
class Schedule:
    """One run of the simulation, reproducible from these values alone."""

    seed: int
    share: float = 0.0
    freezes: bool = False
    parallel: bool = False
    told: tuple[tuple[int, Misfortune], ...] = ()
    small: bool = False
    late: bool = False
    freezes_ms: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was wrong at the end.

    `repaired` counts what staff had to confirm after an audit, `doubts` gifts whose creation had an unknown
    outcome at some time.
    """

    schedule: Schedule
    lost: int
    duplicated: int
    stuck: bool
    orphans: int
    repaired: int
    doubts: int
    calls: int
    findings: tuple[str, ...] = ()
    log: tuple[tuple[int, str, Misfortune | None], ...] = ()

    @property
    def is_clean(self) -> bool:
        """Nothing lost, doubled, stuck or left over."""
        return not (self.lost or self.duplicated or self.stuck or self.orphans)


class CountingLedger(FakeLedger):
    """Counts the gifts that were in doubt at some time."""

    def __init__(self) -> None:
        super().__init__()
        self.doubts = 0

    def save_gift(self, day: Day, gift: Gift) -> None:
        super().save_gift(day, gift)
        self.doubts += gift.state is GiftState.UNKNOWN


class AlertQueue(FakeQueue):
    """A queue that says when something was sent to it or taken from it."""

    on_change: Callable[[], None] = staticmethod(lambda: None)

    def send(self, jobs: Sequence[PushJob]) -> None:
        super().send(jobs)
        self.on_change()

    def send_later(self, job: PushJob, delay_seconds: int) -> None:
        super().send_later(job, delay_seconds)
        self.on_change()

    def delete(self, delivery: Delivery) -> None:
        super().delete(delivery)
        self.on_change()


@dataclass(slots=True)
class Theatre:
    """Everything of one run; `guards` may replace a store by one that lacks a guard."""

    schedule: Schedule
    quiet_ms: int = QUIET_MS
    ledger: Any = field(default_factory=CountingLedger)
    keeps_log: bool = False
    stage: Stage = field(init=False)
    fate: Fate = field(init=False)
    parish: Parish = field(init=False)
    queue: AlertQueue = field(init=False)
    correlations: FakeCorrelations = field(init=False)
    reviews: FakeReviews = field(default_factory=FakeReviews)
    repaired: int = 0

    def __post_init__(self) -> None:
        self.stage = Stage()
        calm_ms = self.stage.now_ms() + 3_600_000 + CALM_AFTER_MS
        schedule = self.schedule
        self.fate = Fate(
            schedule.seed,
            schedule.share,
            schedule.freezes,
            dict(schedule.told),
            calm_ms,
            keeps_log=self.keeps_log,
            freezes_ms=schedule.freezes_ms,
        )
        self.parish = build_parish(self.stage)
        self.stage.pass_time(3_600_000)  # everybody in the parish has been there for a while
        self.queue = AlertQueue(cast("Any", self.stage), visibility_ms=VISIBILITY_MS)
        self.correlations = FakeCorrelations(cast("Any", self.stage))

    def faulty(self, port: object) -> Any:  # noqa: ANN401 - it has the port's own shape
        """The port as the product meets it."""
        return FaultyPort(port, self.stage, self.fate)


def play(
    schedule: Schedule,
    *,
    quiet_ms: int = QUIET_MS,
    make_ledger: Callable[[], Any] = CountingLedger,
    keeps_log: bool = False,
) -> Verdict:
    """Play a schedule to its end."""
    logging.disable(logging.CRITICAL)
    theatre = Theatre(schedule, quiet_ms, make_ledger(), keeps_log)
    gifts = _give(theatre)
    push = _product(theatre)
    first = PushJob(ORGANIZATION.id, DAY, cause="schedule", nonce="1")
    theatre.queue.send([first])
    if schedule.parallel:
        _twice(theatre, push, first)
    _deliver(theatre, push)
    _sweep(theatre)
    start_ms = theatre.stage.now_ms()
    if schedule.late:
        _give_late(theatre, gifts)
    _staff(theatre, start_ms)
    hopeless_ms = start_ms + (HOPELESS_MS // 4 if schedule.small else HOPELESS_MS)
    theatre.stage.run_until(lambda: _is_over(theatre, hopeless_ms), start_ms + LIMIT_MS)
    return _judge(theatre, gifts, done=_is_done(theatre))


def _product(theatre: Theatre) -> PushDailyBatch:
    stage = theatre.stage
    transports = {
        "planning-center.test": FaultyTransport(
            "planning_center", theatre.parish.planning_center, stage, theatre.fate
        ),
        "wegive.test": FaultyTransport("wegive", theatre.parish.wegive, stage, theatre.fate),
    }
    connect = VendorConnector(
        secrets=FakeSecrets({ORGANIZATION.id: CREDENTIALS}),
        clock=cast("Any", stage),
        limiter=FakeLimiter(),
        jitter=theatre.fate.dice.random,
        contact="office@parish.example",
        open_transport=lambda: ByHost(transports),
    )
    return PushDailyBatch(
        organizations=FakeOrganizations(ORGANIZATION),
        connect=connect,
        ledger=theatre.faulty(theatre.ledger),
        correlations=theatre.faulty(theatre.correlations),
        reviews=theatre.faulty(theatre.reviews),
        queue=cast("JobQueue", theatre.faulty(theatre.queue)),
        clock=cast("Any", stage),
        quiet_ms=theatre.quiet_ms,
    )


class ByHost(httpx.BaseTransport):
    """Sends each request to the transport of its host."""

    def __init__(self, transports: dict[str, FaultyTransport]) -> None:
        self._transports = transports

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._transports[request.url.host].handle_request(request)


def _give(theatre: Theatre) -> list[int]:
    """The day's gifts: twins always; more unless the schedule is small."""
    give = theatre.parish.give
    gifts = [give("Ana", 2500, minute=0), give("Ana", 2500, minute=0)]
    if theatre.schedule.small:
        return [*gifts, give("Ben", 4000, minute=5)]
    gifts.append(give("Ben", 4000, minute=5, allocations=[("General", 1500), ("Missions", 2500)]))
    gifts.append(give("Nils", 7700, minute=9))
    dice = theatre.fate.dice
    donors = ("Ana", "Ben", "Bea", "Nils", None)
    gifts += [
        give(dice.choice(donors), dice.randint(1, 9) * 500, minute=dice.randint(0, 3))
        for _ in range(dice.randint(0, 4))
    ]
    theatre.parish.options.list_lag_seconds = dice.choice((0, 0, 20, 60))
    theatre.parish.options.search_lag_seconds = dice.choice((0, 60))
    theatre.parish.options.giving_person_lag_seconds = dice.choice((0, 0, 15))
    theatre.parish.options.commit_seconds = dice.choice((0, 2, 30))
    return gifts


def _give_late(theatre: Theatre, gifts: list[int]) -> None:
    """A gift of the day that settles only later, equal to two that are in the batch already."""

    def settle() -> None:
        gifts.append(theatre.parish.give("Ana", 2500, minute=0))
        theatre.queue.send([PushJob(ORGANIZATION.id, DAY, cause="schedule", nonce="late")])

    theatre.stage.at(theatre.stage.now_ms() + LATE_MS, settle)


def _work(theatre: Theatre, push: PushDailyBatch, job: PushJob, done: Callable[[], None]) -> None:
    try:
        push(job, VirtualBudget(cast("Any", theatre.stage), RUN_MS))
    except NarthexError:
        return  # the queue delivers the job again when its visibility is over
    done()


def _twice(theatre: Theatre, push: PushDailyBatch, job: PushJob) -> None:
    """The queue hands the same job to a second worker, now and somewhat later."""
    latest_ms = 5_000 if theatre.schedule.small else 60_000
    for delay_ms in (0, theatre.fate.dice.randint(0, latest_ms)):
        at_ms = theatre.stage.now_ms() + delay_ms
        theatre.stage.at(
            at_ms,
            lambda: theatre.stage.start_worker(lambda: _work(theatre, push, job, lambda: None)),
        )


def _deliver(theatre: Theatre, push: PushDailyBatch) -> None:
    """Hand out what the queue has, whenever something in it becomes visible."""
    stage, queue = theatre.stage, theatre.queue

    def poll() -> None:
        delivery = queue.receive()
        if delivery is not None:
            taken = delivery
            stage.start_worker(lambda: _work(theatre, push, taken.job, lambda: queue.delete(taken)))
        plan()

    def plan() -> None:
        at_ms = queue.next_at_ms()
        if at_ms is not None:
            stage.at(at_ms, poll)

    queue.on_change = plan
    plan()


def _sweep(theatre: Theatre) -> None:
    """The schedule that wakes days whose time has come."""
    stage = theatre.stage
    start = StartSyncs(FakeOrganizations(ORGANIZATION), theatre.ledger, theatre.queue, cast("Any", stage))

    def sweep() -> None:
        start.sweep()
        stage.at(stage.now_ms() + SWEEP_MS, sweep)

    stage.at(stage.now_ms() + SWEEP_MS, sweep)


def _staff(theatre: Theatre, start_ms: int) -> None:
    """Twice a day somebody in the office confirms what the audit found, and answers questions."""
    stage = theatre.stage

    def look() -> None:
        repaired = theatre.repaired
        for finding in theatre.ledger.findings(ORGANIZATION.id, DAY):
            if finding.state is FindingState.OPEN and finding.kind in _FOR_STAFF:
                _confirm(theatre, finding)
        for review in theatre.reviews.all(ORGANIZATION.id):
            if review.state is ReviewState.OPEN:
                _answer(theatre, review)
        if theatre.repaired > repaired:
            nonce = f"staff-{stage.now_ms()}"
            theatre.queue.send([PushJob(ORGANIZATION.id, DAY, cause="staff", nonce=nonce)])
        stage.at(stage.now_ms() + DAY_MS // 2, look)

    stage.at(start_ms + DAY_MS // 2, look)


def _confirm(theatre: Theatre, finding: Finding) -> None:
    """Have a surplus deleted or a missing donation entered again; merge a person who is there twice."""
    theatre.repaired += 1
    state = FindingState.CONFIRMED
    if finding.kind is FindingKind.NAMESAKE:
        keep, remove = finding.id.split("-")[-2:]
        _merge(theatre, keep, remove)
        state = FindingState.RESOLVED
    theatre.ledger.save_finding(ORGANIZATION.id, DAY, replace(finding, state=state))


def _answer(theatre: Theatre, review: Review) -> None:
    """In this parish namesakes are one person: merge them, and say that the donor is that person."""
    theatre.repaired += 1
    keep, *others = review.candidate_ids
    for other in others:
        _merge(theatre, keep, other)
    decided = replace(review, state=ReviewState.DECIDED, answer=Answer.LINK, person_id=keep)
    theatre.reviews.decide(ORGANIZATION.id, decided)


def _merge(theatre: Theatre, keep: str, remove: str) -> None:
    records, now = theatre.parish.planning_center_records, theatre.stage.now
    merge_people(records, CHURCH, keep, remove, now)


def _is_over(theatre: Theatre, hopeless_ms: int) -> bool:
    """Done, or not even committed long after the last fault."""
    if theatre.stage.now_ms() > hopeless_ms:
        day = theatre.ledger.read_day(ORGANIZATION.id, DAY)
        if day is None or day.committed_at is None:
            return True
    return _is_done(theatre)


def _is_done(theatre: Theatre) -> bool:
    day = theatre.ledger.read_day(ORGANIZATION.id, DAY)
    return bool(
        day is not None
        and day.status is DayStatus.COMMITTED
        and day.audits_done == AUDITS
        and not day.lease_until_ms
        and theatre.stage.workers == 0
        and not any(
            finding.state is not FindingState.RESOLVED and finding.kind in _FOR_STAFF
            for finding in theatre.ledger.findings(ORGANIZATION.id, DAY)
        )
        and all(review.state is ReviewState.DECIDED for review in theatre.reviews.all(ORGANIZATION.id))
    )


def _judge(theatre: Theatre, gifts: list[int], *, done: bool) -> Verdict:
    given = Counter(
        (theatre.parish.wegive_records.get("transaction", str(gift)) or {})["created_at"][:19]
        + f" {(theatre.parish.wegive_records.get('transaction', str(gift)) or {})['amount']}"
        for gift in gifts
    )
    store = Store(theatre.parish.planning_center_records)
    donations = store.all("Donation", CHURCH)
    booked = Counter(
        f"{donation['attributes']['received_at'][:19]} {_cents(donation)}" for donation in donations
    )
    findings = theatre.ledger.findings(ORGANIZATION.id, DAY)
    return Verdict(
        schedule=theatre.schedule,
        lost=sum((given - booked).values()),
        duplicated=sum((booked - given).values()),
        stuck=not done,
        orphans=_orphans(store) + theatre.parish.stage.workers,
        repaired=theatre.repaired,
        doubts=theatre.ledger.doubts,
        calls=theatre.fate.calls,
        findings=tuple(f"{finding.kind.value}:{finding.state.value}" for finding in findings),
        log=tuple(theatre.fate.log),
    )


def _cents(donation: dict[str, Any]) -> int:
    return sum(int(part["attributes"]["amount_cents"]) for part in donation["designations"])


def _orphans(store: Store) -> int:
    """Batches beyond the day's one, people created twice, contact details entered twice or never."""
    batches = len(store.all("Batch", CHURCH)) - 1
    people = store.all("Person", CHURCH)
    names = Counter((each["attributes"]["first_name"], each["attributes"]["last_name"]) for each in people)
    details = 0
    newcomers = [each["id"] for each in people if each["attributes"]["first_name"] == "Nils"]
    for kind in ("Email", "PhoneNumber", "Address"):
        owners = Counter(each["relations"]["person"] for each in store.all(kind, CHURCH))
        details += sum(abs(owners[person_id] - 1) for person_id in newcomers)
    return abs(batches) + sum(count - 1 for count in names.values()) + details
