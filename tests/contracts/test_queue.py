from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pynamodb.connection import Connection

from narthex.adapters.aws_client import make_client
from narthex.adapters.sqs import SqsJobQueue, decode
from narthex.domain.jobs import PushJob
from narthex.ports import JobQueue
from tests.support.builders import SUNDAY, a_job
from tests.support.clock import VirtualClock
from tests.support.fakes import FakeQueue

OTHER_CHURCH = a_job(organization_id="hillside-chapel")

Other = tuple[JobQueue, Callable[[], list[PushJob]]]
"""A queue, and what takes every job that can be taken off it."""


@pytest.fixture
def both_ends(kind: str, clock: VirtualClock, request: pytest.FixtureRequest) -> Other:
    if kind == "fake":
        fake = FakeQueue(clock)
        return fake, lambda: _drain_fake(fake)
    connection: Connection = request.getfixturevalue("aws")
    client = make_client("sqs", connection.session)
    name = request.node.name.replace("[", "-").replace("]", "")[:60]
    push = client.create_queue(QueueName=f"{name}.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    timer = client.create_queue(QueueName=f"{name}-timer")["QueueUrl"]
    return SqsJobQueue(client, push, timer), lambda: _drain(client, push)


def _drain_fake(queue: FakeQueue) -> list[PushJob]:
    jobs = []
    while (delivery := queue.receive()) is not None:
        jobs.append(delivery.job)
        queue.delete(delivery)
    return jobs


def _drain(client: Any, url: str) -> list[PushJob]:  # noqa: ANN401
    jobs = []
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            jobs.append(decode(message["Body"]))
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return jobs


def test_a_job_arrives_as_it_was_sent(both_ends: Other) -> None:
    queue, drain = both_ends
    job = a_job(dry_run=True, cause="continuation", nonce="7-é")

    queue.send([job])

    assert drain() == [job]


def test_jobs_of_one_organization_arrive_in_order(both_ends: Other) -> None:
    queue, drain = both_ends
    jobs = [a_job(day=SUNDAY + timedelta(days=number)) for number in range(35)]

    queue.send(jobs)

    assert drain() == jobs


def test_the_same_job_twice_is_one_job(both_ends: Other) -> None:
    queue, drain = both_ends

    queue.send([a_job(), a_job()])
    queue.send([a_job()])

    assert drain() == [a_job()]


@pytest.mark.parametrize(
    "other",
    [
        OTHER_CHURCH,
        a_job(day=SUNDAY + timedelta(days=1)),
        a_job(dry_run=True),
        a_job(cause="sweep"),
        a_job(nonce="2"),
    ],
)
def test_jobs_that_differ_anywhere_are_two_jobs(both_ends: Other, other: PushJob) -> None:
    queue, drain = both_ends

    queue.send([a_job(), other])

    assert sorted(drain(), key=repr) == sorted([a_job(), other], key=repr)


def test_no_jobs_are_no_message(both_ends: Other) -> None:
    queue, drain = both_ends

    queue.send([])

    assert drain() == []


def test_a_delayed_job_is_not_there_yet(both_ends: Other) -> None:
    queue, drain = both_ends

    queue.send_later(a_job(), 900)

    assert drain() == []


@pytest.mark.parametrize("delay_seconds", [-1, 901])
def test_a_delay_beyond_the_queue_is_refused(both_ends: Other, delay_seconds: int) -> None:
    queue, _ = both_ends

    with pytest.raises(ValueError, match=str(delay_seconds)):
        queue.send_later(a_job(), delay_seconds)
