"""The shared limit on a DynamoDB table: one item, conditional writes, no reads (S60-S62)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from threading import Lock, Thread
from typing import Any

import pytest

from narthex.adapters.dynamodb.rate_limiter import MOST_WRITES_AN_ACQUIRE, DynamoDbRateLimiter
from narthex.domain.errors import RetryLaterError
from narthex.domain.rate_limit import OWN_RULE, PERIOD_SECONDS, Lane, Meter, Rule, Write
from narthex.domain.slot_book import SlotBook
from tests.support.clock import VirtualClock
from tests.support.faulty_connection import Fault, FaultyConnection
from tests.support.limiter_world import most_in_window
from tests.support.rate_limits_table import create_rate_limits_table

ACCOUNT = "church-1"
PATIENCE_MS = 120_000
SPACING_MS = OWN_RULE.spacing_ms

Workers = Callable[[], DynamoDbRateLimiter]


@pytest.fixture
def table_name(connection: FaultyConnection, prefix: str) -> str:
    name = f"{prefix}-rate-limits"
    create_rate_limits_table(connection, name)
    connection.reset()
    return name


@pytest.fixture
def booked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every slot that any worker takes."""
    slots: list[int] = []
    take = SlotBook.wrote

    def wrote(book: SlotBook, write: Write, meter: Meter) -> None:
        take(book, write, meter)
        slots.extend(list(book._slots)[len(book._slots) - write.slots :])

    monkeypatch.setattr(SlotBook, "wrote", wrote)
    return slots


@pytest.fixture
def new_worker(connection: FaultyConnection, table_name: str, clock: VirtualClock) -> Workers:
    return lambda: DynamoDbRateLimiter(connection, table_name, clock=clock)


@pytest.fixture
def worker(new_worker: Workers) -> DynamoDbRateLimiter:
    return new_worker()


def stored(connection: FaultyConnection, table_name: str) -> dict[str, int]:
    client: Any = connection.client
    item = client.get_item(TableName=table_name, Key={"account": {"S": ACCOUNT}})["Item"]
    return {name: int(value["N"]) for name, value in item.items() if "N" in value}


def acquire(worker: DynamoDbRateLimiter, lane: Lane = Lane.BULK, patience_ms: int = PATIENCE_MS) -> None:
    worker.acquire(ACCOUNT, lane, patience_ms=patience_ms)


def hear(worker: DynamoDbRateLimiter, limit: int | None = None, retry_after: int | None = None) -> None:
    worker.observe(ACCOUNT, limit=limit, period_seconds=20, retry_after_seconds=retry_after)


def test_the_first_request_of_an_account_costs_one_write(
    connection: FaultyConnection, worker: DynamoDbRateLimiter, clock: VirtualClock
) -> None:
    acquire(worker)

    assert connection.operations() == ["UpdateItem"]
    assert clock.slept_ms == 0


def test_a_worker_under_load_writes_once_for_four_requests_and_never_reads(
    connection: FaultyConnection, worker: DynamoDbRateLimiter
) -> None:
    for _ in range(42):
        acquire(worker)

    assert connection.operations() == ["UpdateItem"] * 12


def test_requests_of_one_worker_keep_the_spacing(worker: DynamoDbRateLimiter, clock: VirtualClock) -> None:
    sent_ms = []
    for _ in range(100):
        acquire(worker)
        sent_ms.append(clock.now_ms())

    assert most_in_window(sent_ms, PERIOD_SECONDS * 1_000) <= OWN_RULE.limit


def test_accounts_do_not_share_a_budget(worker: DynamoDbRateLimiter, clock: VirtualClock) -> None:
    acquire(worker)

    worker.acquire("church-2", Lane.INTERACTIVE, patience_ms=0)

    assert clock.slept_ms == 0


def test_headers_that_say_nothing_new_cost_no_call(
    connection: FaultyConnection, worker: DynamoDbRateLimiter
) -> None:
    acquire(worker)
    connection.reset()

    hear(worker, limit=100)

    assert connection.operations() == []


def test_a_lower_limit_is_kept_in_the_item_and_obeyed_by_a_worker_that_never_heard_it(
    connection: FaultyConnection, table_name: str, new_worker: Workers, clock: VirtualClock
) -> None:
    first, second = new_worker(), new_worker()
    acquire(first)
    hear(first, limit=10)

    acquire(second, Lane.INTERACTIVE)
    slot_ms = clock.now_ms()
    acquire(second, Lane.INTERACTIVE)

    assert clock.now_ms() - slot_ms == Rule(10, 20).spacing_ms
    assert stored(connection, table_name)["request_limit"] == 10


def test_a_retry_after_of_one_worker_holds_the_others(new_worker: Workers, clock: VirtualClock) -> None:
    first, second = new_worker(), new_worker()
    acquire(first)
    heard_ms = clock.now_ms()

    hear(first, retry_after=9)
    acquire(second, Lane.INTERACTIVE)

    assert clock.now_ms() == heard_ms + 9_000


def test_a_caller_without_patience_is_told_when_to_come_again(
    new_worker: Workers, clock: VirtualClock
) -> None:
    acquire(new_worker(), Lane.INTERACTIVE)

    with pytest.raises(RetryLaterError) as refusal:
        acquire(new_worker(), Lane.INTERACTIVE, patience_ms=100)

    assert refusal.value.retry_after_seconds == SPACING_MS / 1_000
    assert clock.slept_ms == 0


@pytest.mark.parametrize(
    "fault", [Fault.ANSWER_LOST, Fault.REQUEST_LOST, Fault.THROTTLED, Fault.SERVER_ERROR]
)
def test_no_request_leaves_while_the_table_does_not_answer(
    connection: FaultyConnection, worker: DynamoDbRateLimiter, fault: Fault
) -> None:
    connection.faults = [fault]

    with pytest.raises(RetryLaterError):
        acquire(worker)

    acquire(worker)


def test_a_booking_that_was_sent_twice_gives_out_its_slots_once(
    connection: FaultyConnection, worker: DynamoDbRateLimiter, booked: list[int]
) -> None:
    for number in range(80):
        connection.faults = [Fault.REPEATED] if number % 9 == 0 else []
        acquire(worker)

    assert min(later - earlier for earlier, later in pairwise(booked)) >= SPACING_MS


def test_news_that_the_table_did_not_take_do_not_spoil_the_answer_and_are_written_before_the_next_slot(
    connection: FaultyConnection, table_name: str, worker: DynamoDbRateLimiter, clock: VirtualClock
) -> None:
    acquire(worker)
    heard_ms = clock.now_ms()
    connection.faults = [Fault.REQUEST_LOST]

    hear(worker, limit=10, retry_after=30)
    acquire(worker)

    assert stored(connection, table_name)["request_limit"] == 10
    assert clock.now_ms() >= heard_ms + 30_000


def test_a_deleted_item_begins_anew(
    connection: FaultyConnection, table_name: str, worker: DynamoDbRateLimiter
) -> None:
    for _ in range(3):
        acquire(worker)
    client: Any = connection.client
    client.delete_item(TableName=table_name, Key={"account": {"S": ACCOUNT}})

    for _ in range(9):
        acquire(worker)

    assert stored(connection, table_name)["request_limit"] == OWN_RULE.limit


def test_an_acquire_that_is_refused_again_and_again_gives_up(
    connection: FaultyConnection, worker: DynamoDbRateLimiter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "narthex.domain.slot_book.SlotBook.step",
        lambda *_: Write(requires=(("tat_ms", "<", 0),), put={"x": 1}),
    )

    with pytest.raises(RetryLaterError):
        acquire(worker)

    assert len(connection.operations()) == MOST_WRITES_AN_ACQUIRE


def test_workers_in_parallel_never_hold_the_same_slot(
    connection: FaultyConnection, table_name: str, booked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each thread has a clock of its own that runs ahead freely, so every branch of a booking is met."""
    one_call = Lock()  # DynamoDB does one write of an item at a time; moto does not
    send = connection.dispatch

    def dispatch(operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        with one_call:
            answer: dict[str, Any] = send(operation_name, operation_kwargs)
            return answer

    def work() -> None:
        worker = DynamoDbRateLimiter(connection, table_name, clock=VirtualClock())
        for _ in range(40):
            acquire(worker, patience_ms=10**9)

    monkeypatch.setattr(connection, "dispatch", dispatch)
    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(booked) >= 160
    assert min(later - earlier for earlier, later in pairwise(sorted(booked))) >= SPACING_MS
