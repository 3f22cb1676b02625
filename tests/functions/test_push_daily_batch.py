from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from functions.push_daily_batch import handler
from narthex.domain.errors import MisconfiguredError, NarthexError, RetryLaterError
from narthex.domain.jobs import PushJob
from narthex.ports import Budget
from tests.functions.conftest import LambdaContext, event

YESTERDAY = event("push_daily_batch/yesterday")
SEVERAL = event("push_daily_batch/several_records")
MALFORMED = event("push_daily_batch/malformed")
FIRST, SECOND, THIRD = (record["messageId"] for record in SEVERAL["Records"])


class Worker:
    """Stands in for the use case: keeps what it is asked, and fails on one day."""

    def __init__(self) -> None:
        self.jobs: list[PushJob] = []
        self.left_ms: list[int] = []
        self.failure: tuple[date, Exception] | None = None

    def __call__(self, job: PushJob, budget: Budget) -> None:
        self.jobs.append(job)
        self.left_ms.append(budget.time_left_ms())
        if self.failure is not None and self.failure[0] == job.day:
            raise self.failure[1]


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    worker = Worker()
    monkeypatch.setattr(handler, "build", lambda _variables: worker)
    handler.use_case.cache_clear()
    yield worker
    handler.use_case.cache_clear()


def failed(answer: dict[str, Any]) -> list[str]:
    assert answer.keys() == {"batchItemFailures"}
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


def test_a_record_becomes_a_job(worker: Worker, context: LambdaContext) -> None:
    answer = handler.lambda_handler(YESTERDAY, context)

    assert failed(answer) == []
    assert worker.jobs == [PushJob("grace", date(2026, 11, 15), cause="schedule", nonce="2026-11-16")]


def test_records_are_worked_through_in_their_order(worker: Worker, context: LambdaContext) -> None:
    answer = handler.lambda_handler(SEVERAL, context)

    assert failed(answer) == []
    assert [job.day.day for job in worker.jobs] == [13, 14, 15]
    assert [job.dry_run for job in worker.jobs] == [False, False, True]


@pytest.mark.parametrize(
    "problem",
    [
        RetryLaterError("DynamoDB is busy", retry_after_seconds=1),
        MisconfiguredError("no table"),
        NarthexError(),
    ],
)
def test_a_job_that_fails_goes_back_with_all_that_come_after_it(
    worker: Worker, context: LambdaContext, problem: NarthexError
) -> None:
    worker.failure = (date(2026, 11, 14), problem)

    answer = handler.lambda_handler(SEVERAL, context)

    assert failed(answer) == [SECOND, THIRD]
    assert [job.day.day for job in worker.jobs] == [13, 14]


def test_a_fault_of_ours_ends_the_run_so_that_the_alarm_rings(worker: Worker, context: LambdaContext) -> None:
    worker.failure = (date(2026, 11, 13), ZeroDivisionError("a bug"))

    with pytest.raises(ZeroDivisionError):
        handler.lambda_handler(SEVERAL, context)


def test_a_malformed_record_goes_back_and_nothing_is_worked_on(
    worker: Worker, context: LambdaContext
) -> None:
    answer = handler.lambda_handler(MALFORMED, context)

    assert failed(answer) == [MALFORMED["Records"][0]["messageId"]]
    assert worker.jobs == []


def test_a_malformed_record_keeps_those_behind_it_waiting(worker: Worker, context: LambdaContext) -> None:
    records = [SEVERAL["Records"][0], *MALFORMED["Records"], SEVERAL["Records"][2]]

    answer = handler.lambda_handler({"Records": records}, context)

    assert failed(answer) == [records[1]["messageId"], THIRD]
    assert [job.day.day for job in worker.jobs] == [13]


def test_a_run_stops_in_time_to_save_its_state(worker: Worker, context: LambdaContext) -> None:
    handler.lambda_handler(YESTERDAY, context)

    assert worker.left_ms[0] <= context.left_ms - handler.SAFETY_MS


def test_a_run_without_time_left_is_told_so(worker: Worker) -> None:
    handler.lambda_handler(YESTERDAY, LambdaContext(left_ms=1_000))

    assert worker.left_ms == [0]


def test_the_worker_is_built_once(monkeypatch: pytest.MonkeyPatch, context: LambdaContext) -> None:
    built: list[Worker] = []

    def build(_variables: object) -> Worker:
        built.append(Worker())
        return built[-1]

    monkeypatch.setattr(handler, "build", build)
    handler.use_case.cache_clear()

    handler.lambda_handler(YESTERDAY, context)
    handler.lambda_handler(YESTERDAY, context)

    assert len(built) == 1
    handler.use_case.cache_clear()
