"""Push one church day: every gift of WeGive into one committed batch, exactly once (S30-S40)."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from narthex.domain.church_day import bounds_of
from narthex.domain.errors import (
    LeaseHeldError,
    LeaseLostError,
    MisconfiguredError,
    NarthexError,
    NeedsAttentionError,
    PreflightRefusedError,
    RetryLaterError,
)
from narthex.domain.jobs import PushJob
from narthex.domain.ledger import Day, DayStatus, GiftState
from narthex.domain.organization import Organization
from narthex.domain.rate_limit import Lane
from narthex.ports import (
    Budget,
    Clock,
    Connector,
    CorrelationStore,
    Giving,
    JobQueue,
    LedgerStore,
    OrganizationStore,
    People,
    ReviewStore,
    Vendors,
    WeGive,
)
from narthex.services.day_run import LEASE_MARGIN_MS, MINUTES_MS, DayRun
from narthex.services.plan_day import plan_day
from narthex.services.prove_day import renew_head
from narthex.services.work_day import DayWorker

_log = logging.getLogger(__name__)

QUEUE_DELAY_LIMIT_SECONDS = 900
"""SQS delays no message longer; what must wait longer is woken by the sweep."""

PAUSED_WAIT_MS = 24 * 60 * MINUTES_MS

UNFINISHED = {DayStatus.OPEN, DayStatus.HOLDING, DayStatus.COMMITTING, DayStatus.COMMITTED}
"""A committed day still has audits to come."""

SWEEP_GRACE_MS = 10 * MINUTES_MS
"""How long after a planned continuation the sweep takes over, in case its message was lost."""


WORTH_TELLING_SECONDS = 60
"""A vendor that is to be left alone for longer than this is worth a word to those who wait."""


@dataclass(frozen=True, slots=True)
class _Unreachable:
    """`Vendors` of an organization that cannot even be connected: every use says why."""

    problem: MisconfiguredError
    requests_sent: int = 0

    @property
    def people(self) -> People:
        raise self.problem

    @property
    def giving(self) -> Giving:
        raise self.problem

    @property
    def wegive(self) -> WeGive:
        raise self.problem


@dataclass(frozen=True, slots=True)
class PushDailyBatch:
    """The use case behind the push worker; one call is one run, a long day takes several."""

    organizations: OrganizationStore
    connect: Connector
    ledger: LedgerStore
    correlations: CorrelationStore
    reviews: ReviewStore
    queue: JobQueue
    clock: Clock
    quiet_ms: int

    def __call__(self, job: PushJob, budget: Budget) -> Day | None:
        """Do one run of the day.

        Returns:
            The head record as this run left it; None when another worker had the day, took it over, or
            the run was a dry one.

        Raises:
            InvalidInputError: The organization does not exist.
            NarthexError: Something that only a redelivery of the job can answer.
        """
        organization = self.organizations.get(job.organization_id)
        if organization.settings.paused:
            self._set_aside(job)
            return None
        if job.dry_run:
            self._plan(organization, job, budget)
            return None
        try:
            run = self._open(organization, job, budget)
        except LeaseHeldError as held:
            self.queue.send_later(_continuation(job, "wait", self.clock.now_ms()), _delay(held))
            return None
        try:
            return self._close(job, run, self._work(run))
        except LeaseLostError:
            _log.warning("another worker took over", extra=_about(run))
            return None

    def _set_aside(self, job: PushJob) -> None:
        """A paused organization's day is looked at again tomorrow, lest the sweep sends it every time."""
        _log.info("organization is paused", extra={"organization_id": job.organization_id})
        now_ms = self.clock.now_ms()
        if self.ledger.read_day(job.organization_id, job.day) is None:
            return
        try:
            day = self.ledger.open_day(
                job.organization_id, job.day, now_ms=now_ms, lease_until_ms=now_ms + LEASE_MARGIN_MS
            )
        except LeaseHeldError:
            return
        wake_at_ms = now_ms + PAUSED_WAIT_MS if day.status in UNFINISHED else None
        self.ledger.save_day(replace(day, lease_until_ms=0, wake_at_ms=wake_at_ms))

    def _open(self, organization: Organization, job: PushJob, budget: Budget) -> DayRun:
        now_ms = self.clock.now_ms()
        vendors = self._connect(organization, budget)
        lease_until_ms = now_ms + budget.time_left_ms() + LEASE_MARGIN_MS
        day = self.ledger.open_day(organization.id, job.day, now_ms=now_ms, lease_until_ms=lease_until_ms)
        run = DayRun(
            organization=organization,
            date=job.day,
            vendors=vendors,
            ledger=self.ledger,
            clock=self.clock,
            budget=budget,
            quiet_ms=self.quiet_ms,
            day=replace(day, message=None),
        )
        run.started_ms = now_ms
        return run

    def _connect(self, organization: Organization, budget: Budget) -> Vendors:
        try:
            return self.connect(organization, Lane.BULK, budget)
        except MisconfiguredError as problem:
            return _Unreachable(problem)

    def _work(self, run: DayRun) -> int | None:
        """Work until done or out of time; when to come back (epoch ms), None for never."""
        worker = DayWorker(run, self.correlations, self.reviews)
        if run.day.status in {DayStatus.STOPPED, DayStatus.REFUSED}:
            resumed = DayStatus.OPEN if run.day.committed_at is None else DayStatus.COMMITTED
            run.day = replace(run.day, status=resumed, message=None)
        try:
            run.load()
            return worker()
        except RetryLaterError as later:
            _log.info("run stops early: %s", later, extra=_about(run))
            if later.retry_after_seconds >= WORTH_TELLING_SECONDS:
                run.day = replace(run.day, message=str(later))
            return self.clock.now_ms() + math.ceil(later.retry_after_seconds * 1000)
        except MisconfiguredError as problem:
            _log.error("push stopped: %s", problem, extra=_about(run))
            if run.wrote:
                run.in_doubt = False  # refused before it took effect
            refused = isinstance(problem, PreflightRefusedError)
            self._stop(run, DayStatus.REFUSED if refused else DayStatus.STOPPED, problem)
        except NeedsAttentionError as problem:
            _log.exception("push stopped by a record that concerns the whole day", extra=_about(run))
            self._stop(run, DayStatus.STOPPED, problem)
        return None

    def _stop(self, run: DayRun, status: DayStatus, problem: NarthexError) -> None:
        """Nothing goes on by itself: the day waits for a person and for the next push."""
        run.day = replace(run.day, status=status, message=str(problem))
        renew_head(run)

    def _close(self, job: PushJob, run: DayRun, again_ms: int | None) -> Day:
        now_ms = self.clock.now_ms()
        delay_seconds = math.ceil(max(0, (again_ms or now_ms) - now_ms) / 1000)
        queued = again_ms is not None and delay_seconds <= QUEUE_DELAY_LIMIT_SECONDS
        wake_at_ms = again_ms
        if again_ms is not None and queued:
            wake_at_ms = again_ms + SWEEP_GRACE_MS
        run.save_day(
            lease_until_ms=0,
            announcement=run.day.announcement if run.in_doubt else None,
            progress=run.progress(),
            requests=run.day.requests + run.vendors.requests_sent,
            finished_ms=now_ms,
            started_ms=run.day.started_ms or run.started_ms,
            wake_at_ms=wake_at_ms,
        )
        if queued:
            continuation = _continuation(job, "continuation", run.day.fence)
            if delay_seconds == 0:
                self.queue.send([continuation])
            else:
                self.queue.send_later(continuation, delay_seconds)
        _log.info("run done", extra={**_about(run), "status": run.day.status.value, "again_ms": again_ms})
        return run.day

    def _plan(self, organization: Organization, job: PushJob, budget: Budget) -> None:
        """Keep what a push would do as the day's plan (S40); not even the ledger's intents are written."""
        vendors = self._connect(organization, budget)
        start, _ = bounds_of(job.day, organization.time_zone)
        day = self.ledger.read_day(organization.id, job.day) or Day(organization.id, job.day)
        run = DayRun(
            organization=organization,
            date=job.day,
            vendors=vendors,
            ledger=self.ledger,
            clock=self.clock,
            budget=budget,
            quiet_ms=self.quiet_ms,
            day=day,
        )
        document = plan_day(run, self.correlations, self.reviews)
        document["nonce"] = job.nonce
        self.ledger.put_document(organization.id, job.day, "plan", document)
        _log.info("dry run done", extra={**_about(run), "since": start.isoformat()})


def _continuation(job: PushJob, cause: str, nonce: int) -> PushJob:
    return replace(job, cause=cause, nonce=str(nonce))


def _delay(held: LeaseHeldError) -> int:
    return min(QUEUE_DELAY_LIMIT_SECONDS, max(1, math.ceil(held.retry_after_seconds)))


def _about(run: DayRun) -> Mapping[str, Any]:
    return {
        "organization_id": run.organization.id,
        "day": run.date.isoformat(),
        "fence": run.day.fence,
        "recorded": len(run.in_state(GiftState.RECORDED)),
    }
