from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from functions.start_syncs import handler
from narthex.domain.errors import RetryLaterError
from narthex.domain.jobs import PushJob
from narthex.domain.organization import Settings
from narthex.services.start_syncs import StartSyncs
from tests.functions.conftest import LambdaContext, event
from tests.support.builders import an_organization
from tests.support.fakes import FakeLedger, FakeOrganizations, FakeQueue, VirtualClock

DAILY = event("start_syncs/daily")
MANUAL = event("start_syncs/manual")
SWEEP = event("start_syncs/sweep")
TIMER = event("start_syncs/timer")
TIMER_WITH_JUNK = event("start_syncs/timer_with_junk")
NO_DATE = event("start_syncs/no_date")
UNKNOWN_ORGANIZATION = event("start_syncs/unknown_organization")

SUNDAY = date(2026, 11, 15)
MONDAY_MORNING = datetime(2026, 11, 16, 14, 1, tzinfo=UTC)
GRACE = an_organization(id="grace", settings=Settings(first_day=date(2026, 11, 13)))


@dataclass(frozen=True)
class World:
    """What start_syncs talks to."""

    organizations: FakeOrganizations
    ledger: FakeLedger
    queue: FakeQueue
    clock: VirtualClock


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    clock = VirtualClock(MONDAY_MORNING)
    world = World(FakeOrganizations(GRACE), FakeLedger(), FakeQueue(clock), clock)
    use_case = StartSyncs(world.organizations, world.ledger, world.queue, world.clock)
    monkeypatch.setattr(handler, "build", lambda _variables: use_case)
    handler.use_case.cache_clear()
    yield world
    handler.use_case.cache_clear()


def test_the_morning_asks_for_every_day_back_to_the_first(world: World, context: LambdaContext) -> None:
    answer = handler.lambda_handler(DAILY, context)

    assert answer == {"started": 3}
    assert [job.day.day for job in world.queue.jobs()] == [15, 14, 13]


def test_the_same_morning_twice_asks_once(world: World, context: LambdaContext) -> None:
    handler.lambda_handler(DAILY, context)
    handler.lambda_handler(DAILY, context)

    assert len(world.queue.jobs()) == 3


def test_a_paused_organization_is_left_alone(world: World, context: LambdaContext) -> None:
    world.organizations.put(replace(GRACE, settings=Settings(paused=True)))

    assert handler.lambda_handler(DAILY, context) == {"started": 0}


def test_a_person_asks_for_one_day(world: World, context: LambdaContext) -> None:
    answer = handler.lambda_handler(MANUAL, context)

    assert answer["started"] == 1
    assert world.queue.jobs() == [PushJob("grace", SUNDAY, dry_run=True, cause="manual", nonce="7f3a")]


def test_whoever_gives_no_nonce_is_told_by_the_request(world: World, context: LambdaContext) -> None:
    handler.lambda_handler({"organization_id": "grace", "date": "2026-11-15"}, context)

    assert [job.nonce for job in world.queue.jobs()] == [context.aws_request_id]


def test_a_malformed_date_is_refused_with_an_example(world: World, context: LambdaContext) -> None:
    answer = handler.lambda_handler(NO_DATE, context)

    assert answer == {
        "error": "date: '15.11.2026' is not a date; write it as YYYY-MM-DD, for example 2026-11-15"
    }
    assert world.queue.jobs() == []


@pytest.mark.parametrize("unknown", [UNKNOWN_ORGANIZATION, {"organization_id": "nobody"}])
def test_an_unknown_organization_is_named(
    world: World, context: LambdaContext, unknown: dict[str, str]
) -> None:
    answer = handler.lambda_handler(unknown, context)

    assert answer == {"error": "organization_id: there is no organization 'nobody'"}


def test_the_sweep_wakes_the_days_that_are_due(world: World, context: LambdaContext) -> None:
    now_ms = world.clock.now_ms()
    opened = world.ledger.open_day("grace", SUNDAY, now_ms=now_ms - 1_000, lease_until_ms=now_ms - 1)
    world.ledger.save_day(replace(opened, wake_at_ms=now_ms - 1))

    answer = handler.lambda_handler(SWEEP, context)

    assert answer == {"started": 1}
    assert [(job.day, job.cause) for job in world.queue.jobs()] == [(SUNDAY, "sweep")]


def test_a_sweep_with_nothing_due_starts_nothing(world: World, context: LambdaContext) -> None:
    assert handler.lambda_handler(SWEEP, context) == {"started": 0}


def test_a_timer_that_has_run_out_sends_its_job_on(world: World, context: LambdaContext) -> None:
    answer = handler.lambda_handler(TIMER, context)

    assert answer == {"batchItemFailures": []}
    assert world.queue.jobs() == [PushJob("grace", SUNDAY, cause="continuation", nonce="3")]


def test_junk_among_timers_goes_back_alone(world: World, context: LambdaContext) -> None:
    answer = handler.lambda_handler(TIMER_WITH_JUNK, context)

    junk, _ = TIMER_WITH_JUNK["Records"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": junk["messageId"]}]}
    assert [job.nonce for job in world.queue.jobs()] == ["4"]


def test_timers_that_the_queue_does_not_take_all_come_again(
    world: World, context: LambdaContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_queue: FakeQueue, _jobs: Sequence[PushJob]) -> None:
        raise RetryLaterError("SQS is busy", retry_after_seconds=1)

    monkeypatch.setattr(FakeQueue, "send", refuse)

    with pytest.raises(RetryLaterError):
        handler.lambda_handler(TIMER, context)
