"""Turn a schedule, a sweep or a person's wish into push jobs (S30, S35)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from narthex.domain.church_day import day_of
from narthex.domain.errors import InvalidInputError
from narthex.domain.jobs import PushJob
from narthex.domain.organization import Organization
from narthex.ports import Clock, JobQueue, LedgerStore, OrganizationStore

SWEEP_LIMIT = 100
"""Days that one sweep wakes; the next sweep takes the rest."""

SWEEP_INTERVAL_MS = 300_000


@dataclass(frozen=True, slots=True)
class StartSyncs:
    """The use case behind every trigger of the push."""

    organizations: OrganizationStore
    ledger: LedgerStore
    queue: JobQueue
    clock: Clock

    def daily(self, organization_id: str) -> list[PushJob]:
        """Push yesterday and look again at the days before, back to the organization's first day.

        Raises:
            InvalidInputError: There is no such organization.
        """
        organization = self.organizations.get(organization_id)
        if organization.settings.paused:
            return []
        today = self._today(organization)
        first_day = organization.settings.first_day or today - timedelta(days=1)
        days = [today - timedelta(days=back) for back in range(1, organization.settings.look_back_days + 1)]
        jobs = [
            PushJob(organization.id, day, cause="schedule", nonce=today.isoformat())
            for day in days
            if day >= first_day
        ]
        self.queue.send(jobs)
        return jobs

    def manual(self, organization_id: str, day: date, *, dry_run: bool, nonce: str) -> PushJob:
        """Push one day because a person asks for it.

        Raises:
            InvalidInputError: There is no such organization, it is paused, or the day is not over there.
        """
        organization = self.organizations.get(organization_id)
        if organization.settings.paused:
            message = f"{organization.name} is paused and nothing is pushed; resume it first"
            raise InvalidInputError(message, field="organization_id")
        today = self._today(organization)
        if day >= today:
            message = (
                f"{day.isoformat()} is not over yet in {organization.time_zone}, where it is "
                f"{today.isoformat()}; push a day that has ended"
            )
            raise InvalidInputError(message, field="date")
        job = PushJob(organization.id, day, dry_run=dry_run, cause="manual", nonce=nonce)
        self.queue.send([job])
        return job

    def sweep(self) -> list[PushJob]:
        """Wake the days whose time has come: deadlines, audits, and runs that died."""
        now_ms = self.clock.now_ms()
        nonce = str(now_ms // SWEEP_INTERVAL_MS)
        jobs = [
            PushJob(organization_id, day, cause="sweep", nonce=nonce)
            for organization_id, day in self.ledger.due(now_ms, SWEEP_LIMIT)
        ]
        self.queue.send(jobs)
        return jobs

    def forward(self, jobs: Sequence[PushJob]) -> None:
        """Jobs whose delay is over go to the queue of their organization."""
        self.queue.send(jobs)

    def _today(self, organization: Organization) -> date:
        return day_of(datetime.fromtimestamp(self.clock.now_ms() / 1000, UTC), organization.time_zone)
