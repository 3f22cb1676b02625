"""Schedules, sweeps and people start pushes; days are the church's own (S30, S35)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from narthex.domain.errors import InvalidInputError
from narthex.domain.jobs import PushJob
from narthex.domain.organization import Organization, Settings
from narthex.services.start_syncs import SWEEP_LIMIT, StartSyncs
from tests.support.builders import CHURCH, a_day, an_organization
from tests.support.fakes import FakeLedger, FakeOrganizations, FakeQueue, VirtualClock

MONDAY_MORNING = datetime(2026, 11, 16, 14, 1, tzinfo=UTC)  # 8:01 in Chicago
SUNDAY = date(2026, 11, 15)
FIRST_DAY = date(2026, 1, 1)


class Office:
    """A church whose schedule, sweep and staff start pushes."""

    def __init__(self, now: datetime = MONDAY_MORNING, **changes: Any) -> None:  # noqa: ANN401
        self.clock = VirtualClock(now)
        self.ledger = FakeLedger()
        self.queue = FakeQueue(self.clock)
        settings = Settings(**{"first_day": FIRST_DAY, **changes})
        self.organization: Organization = an_organization(settings=settings)
        self.start = StartSyncs(FakeOrganizations(self.organization), self.ledger, self.queue, self.clock)

    def sleep(self, day: date, wake_at_ms: int) -> None:
        """Leave a day in the ledger that wants to be woken."""
        head = self.ledger.open_day(CHURCH, day, now_ms=0, lease_until_ms=0)
        self.ledger.save_day(a_day(date=day, fence=head.fence, wake_at_ms=wake_at_ms))


def test_the_schedule_pushes_yesterday_first() -> None:
    office = Office()

    jobs = office.start.daily(CHURCH)

    assert jobs[0] == PushJob(CHURCH, SUNDAY, cause="schedule", nonce="2026-11-16")
    assert office.queue.jobs() == jobs


def test_the_schedule_looks_again_at_the_last_35_days() -> None:
    jobs = Office().start.daily(CHURCH)

    assert [job.day for job in jobs] == [SUNDAY - timedelta(days=back) for back in range(35)]


def test_the_look_back_is_a_setting() -> None:
    assert [job.day for job in Office(look_back_days=1).start.daily(CHURCH)] == [SUNDAY]


def test_days_before_the_organizations_first_one_are_left_alone() -> None:
    office = Office(first_day=SUNDAY - timedelta(days=2))

    assert [job.day for job in office.start.daily(CHURCH)] == [
        SUNDAY - timedelta(days=back) for back in range(3)
    ]


def test_on_its_first_day_an_organization_has_nothing_to_push() -> None:
    assert Office(first_day=SUNDAY + timedelta(days=1)).start.daily(CHURCH) == []


@pytest.mark.parametrize(
    ("now", "yesterday"),
    [
        (datetime(2026, 11, 16, 5, 59, 59, tzinfo=UTC), date(2026, 11, 14)),  # still Sunday in Chicago
        (datetime(2026, 11, 16, 6, 0, tzinfo=UTC), SUNDAY),
    ],
)
def test_yesterday_is_the_churchs_yesterday(now: datetime, yesterday: date) -> None:
    assert Office(now).start.daily(CHURCH)[0].day == yesterday


def test_a_schedule_that_fires_twice_starts_nothing_twice() -> None:
    office = Office()

    office.start.daily(CHURCH)
    office.start.daily(CHURCH)

    assert len(office.queue.jobs()) == 35


def test_a_paused_organization_is_not_started() -> None:
    office = Office(paused=True)

    assert office.start.daily(CHURCH) == []
    assert office.queue.jobs() == []


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_person_may_push_or_plan_any_day_that_is_over(*, dry_run: bool) -> None:
    office = Office()

    job = office.start.manual(CHURCH, date(2025, 12, 24), dry_run=dry_run, nonce="n1")

    assert job == PushJob(CHURCH, date(2025, 12, 24), dry_run=dry_run, cause="manual", nonce="n1")
    assert office.queue.jobs() == [job]


@pytest.mark.parametrize("ahead", [1, 2, 300])
def test_a_day_that_is_not_over_is_refused_with_the_date_there(ahead: int) -> None:
    office = Office()
    day = SUNDAY + timedelta(days=ahead)

    with pytest.raises(InvalidInputError) as problem:
        office.start.manual(CHURCH, day, dry_run=False, nonce="n1")

    assert str(problem.value) == (
        f"date: {day.isoformat()} is not over yet in America/Chicago, where it is 2026-11-16; "
        f"push a day that has ended"
    )
    assert office.queue.jobs() == []


def test_a_day_that_is_over_only_in_utc_is_refused() -> None:
    office = Office(datetime(2026, 11, 16, 5, 59, tzinfo=UTC))

    with pytest.raises(InvalidInputError, match="where it is 2026-11-15"):
        office.start.manual(CHURCH, SUNDAY, dry_run=False, nonce="n1")


def test_a_paused_organizations_day_is_refused_rather_than_waited_for() -> None:
    office = Office(paused=True)

    with pytest.raises(InvalidInputError, match="is paused and nothing is pushed; resume it first"):
        office.start.manual(CHURCH, SUNDAY, dry_run=True, nonce="n1")


def test_an_unknown_organization_is_refused_by_name() -> None:
    with pytest.raises(InvalidInputError, match="nowhere"):
        Office().start.daily("nowhere")
    with pytest.raises(InvalidInputError, match="nowhere"):
        Office().start.manual("nowhere", SUNDAY, dry_run=False, nonce="n1")


def test_two_wishes_for_one_day_are_two_jobs_and_the_same_wish_is_one() -> None:
    office = Office()

    for nonce in ("n1", "n2", "n2"):
        office.start.manual(CHURCH, SUNDAY, dry_run=False, nonce=nonce)

    assert [job.nonce for job in office.queue.jobs()] == ["n1", "n2"]


def test_the_sweep_wakes_the_days_whose_time_has_come_and_no_others() -> None:
    office = Office()
    now_ms = office.clock.now_ms()
    office.sleep(SUNDAY, now_ms)
    office.sleep(SUNDAY - timedelta(days=1), now_ms + 1)

    jobs = office.start.sweep()

    assert [(job.day, job.cause, job.dry_run) for job in jobs] == [(SUNDAY, "sweep", False)]
    assert office.queue.jobs() == jobs


def test_a_sweep_takes_at_most_a_hundred_days_the_oldest_first() -> None:
    office = Office()
    for back in range(SWEEP_LIMIT + 5):
        office.sleep(SUNDAY - timedelta(days=back), 1000 + back)

    assert [job.day for job in office.start.sweep()] == [
        SUNDAY - timedelta(days=back) for back in range(SWEEP_LIMIT)
    ]


def test_a_sweep_that_is_repeated_at_once_wakes_nobody_twice() -> None:
    office = Office()
    office.sleep(SUNDAY, office.clock.now_ms())

    office.start.sweep()
    office.start.sweep()

    assert len(office.queue.jobs()) == 1


def test_a_job_whose_delay_is_over_is_sent_on_as_it_is() -> None:
    office = Office()
    job = PushJob(CHURCH, SUNDAY, cause="continuation", nonce="7")

    office.start.forward([job])

    assert office.queue.jobs() == [job]
