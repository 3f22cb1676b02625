"""What SQS does and moto does not: the fake's own promises to the simulation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.builders import SUNDAY, a_job
from tests.support.clock import VirtualClock
from tests.support.fakes import Delivery, FakeQueue

VISIBILITY_MS = 30_000
MONDAY_JOB = a_job(day=SUNDAY + timedelta(days=1))
OTHER_CHURCH = a_job(organization_id="hillside-chapel")


@pytest.fixture
def queue(clock: VirtualClock) -> FakeQueue:
    return FakeQueue(clock, visibility_ms=VISIBILITY_MS, max_receives=3)


def received(queue: FakeQueue) -> Delivery:
    delivery = queue.receive()
    assert delivery is not None
    return delivery


def test_a_job_that_was_done_is_not_done_again_for_a_repeated_message(queue: FakeQueue) -> None:
    queue.send([a_job()])
    queue.delete(received(queue))

    queue.send([a_job()])

    assert queue.receive() is None


def test_after_five_minutes_the_same_job_is_a_new_one(queue: FakeQueue, clock: VirtualClock) -> None:
    queue.send([a_job()])
    queue.delete(received(queue))
    clock.advance_ms(300_000)

    queue.send([a_job()])

    assert received(queue).job == a_job()


def test_an_organization_has_one_job_in_flight(queue: FakeQueue) -> None:
    queue.send([a_job(), MONDAY_JOB, OTHER_CHURCH])

    jobs = [received(queue).job, received(queue).job]

    assert jobs == [a_job(), OTHER_CHURCH]
    assert queue.receive() is None


def test_a_job_that_is_not_finished_comes_again(queue: FakeQueue, clock: VirtualClock) -> None:
    queue.send([a_job()])
    received(queue)

    clock.advance_ms(VISIBILITY_MS)

    assert received(queue) == Delivery(a_job(), receives=2)


def test_a_worker_that_is_too_late_cannot_delete(queue: FakeQueue, clock: VirtualClock) -> None:
    queue.send([a_job()])
    late = received(queue)
    clock.advance_ms(VISIBILITY_MS)

    queue.delete(late)
    queue.put_back(late)

    assert received(queue).receives == 2


def test_a_job_that_is_put_back_comes_again_after_its_time(queue: FakeQueue, clock: VirtualClock) -> None:
    queue.send([a_job()])
    queue.put_back(received(queue), after_ms=5_000)

    before = queue.receive()
    clock.advance_ms(5_000)

    assert before is None
    assert received(queue).job == a_job()


def test_a_job_that_always_fails_becomes_a_dead_letter(queue: FakeQueue) -> None:
    queue.send([a_job(), MONDAY_JOB])
    for _ in range(3):
        queue.put_back(received(queue))

    following = received(queue)

    assert queue.dead == [a_job()]
    assert following.job == MONDAY_JOB


def test_a_delayed_job_arrives_in_time(queue: FakeQueue, clock: VirtualClock) -> None:
    queue.send_later(a_job(), 180)

    clock.advance_ms(179_999)
    before = queue.receive()
    clock.advance_ms(1)

    assert before is None
    assert received(queue).job == a_job()


def test_delayed_jobs_arrive_in_the_order_of_their_times(queue: FakeQueue, clock: VirtualClock) -> None:
    queue.send_later(MONDAY_JOB, 20)
    queue.send_later(a_job(), 10)
    clock.advance_ms(20_000)

    first = received(queue)
    queue.delete(first)

    assert [first.job, received(queue).job] == [a_job(), MONDAY_JOB]


def test_the_queue_tells_when_to_look_next(queue: FakeQueue, clock: VirtualClock) -> None:
    instants = [queue.next_at_ms()]
    queue.send_later(MONDAY_JOB, 60)
    instants.append(queue.next_at_ms())
    queue.send([a_job()])
    instants.append(queue.next_at_ms())
    received(queue)
    instants.append(queue.next_at_ms())

    now_ms = clock.now_ms()
    assert instants == [None, now_ms + 60_000, now_ms, now_ms + VISIBILITY_MS]


def test_what_waits_can_be_seen(queue: FakeQueue) -> None:
    queue.send_later(MONDAY_JOB, 60)
    queue.send([a_job()])

    assert queue.jobs() == [a_job(), MONDAY_JOB]
