"""The shared limit on a DynamoDB table: one item, conditional writes, no reads (S60-S62)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from threading import Lock, Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narthex.adapters.dynamodb.rate_limiter import MOST_WRITES_AN_ACQUIRE, DynamoDbRateLimiter
from narthex.domain.errors import RetryLaterError
from narthex.domain.rate_limit import OWN_RULE, PERIOD_SECONDS, Booking, Lane, Meter, Rule, Write
from narthex.domain.slot_book import SlotBook
from tests.support.clock import VirtualClock
from tests.support.faulty_connection import Fault, FaultyConnection
from tests.support.limiter_world import MemoryMeter, most_in_window

ACCOUNT = "church-1"
PATIENCE_MS = 120_000
SPACING_MS = OWN_RULE.spacing_ms
TABLE = "rate-limits"

Workers = Callable[[], DynamoDbRateLimiter]


@pytest.fixture
def table_name(connection: FaultyConnection, prefix: str) -> str:
    name = f"{prefix}-{TABLE}"
    client: Any = connection.client
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "account", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "account", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    connection.reset()
    return name


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
    connection: FaultyConnection, worker: DynamoDbRateLimiter, clock: VirtualClock
) -> None:
    sent_ms = []
    for number in range(80):
        if number % 9 == 0:
            connection.faults = [Fault.REPEATED]
        acquire(worker)
        sent_ms.append(clock.now_ms())

    assert min(later - earlier for earlier, later in pairwise(sent_ms)) >= SPACING_MS


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
    connection: FaultyConnection, table_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each thread has a clock of its own that runs ahead freely, so every branch of a booking is met."""
    one_call = Lock()  # DynamoDB does one write of an item at a time; moto does not
    send, take = connection.dispatch, SlotBook.wrote
    slots: list[int] = []

    def dispatch(operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        with one_call:
            answer: dict[str, Any] = send(operation_name, operation_kwargs)
            return answer

    def wrote(book: SlotBook, write: Write, meter: Meter) -> None:
        take(book, write, meter)
        slots.extend(list(book._slots)[len(book._slots) - write.slots :])

    def work() -> None:
        worker = DynamoDbRateLimiter(connection, table_name, clock=VirtualClock())
        for _ in range(40):
            acquire(worker, patience_ms=10**9)

    monkeypatch.setattr(connection, "dispatch", dispatch)
    monkeypatch.setattr(SlotBook, "wrote", wrote)
    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(slots) >= 160
    assert min(later - earlier for earlier, later in pairwise(sorted(slots))) >= SPACING_MS


NUMBERS = st.integers(0, 5)
NAMES = st.sampled_from(["tat_ms", "line_ms", "request_limit"])
WRITES = st.builds(
    Write,
    put=st.dictionaries(st.sampled_from(["line_ms", "request_limit"]), NUMBERS),
    add=st.dictionaries(st.just("tat_ms"), NUMBERS, min_size=1),
    requires=st.lists(
        st.tuples(NAMES, st.sampled_from(["=", "<", "<=", ">="]), NUMBERS), min_size=1, max_size=3
    ).map(tuple),
    or_absent=st.booleans(),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=st.lists(WRITES, max_size=6))
def test_the_table_does_with_a_write_what_the_meter_in_memory_does(
    connection: FaultyConnection, table_name: str, worker: DynamoDbRateLimiter, writes: list[Write]
) -> None:
    client: Any = connection.client
    client.delete_item(TableName=table_name, Key={"account": {"S": ACCOUNT}})
    memory = MemoryMeter()
    book = Recorder()

    for write in writes:
        worker._write(ACCOUNT, book, write)  # type: ignore[arg-type]

        assert book.outcome == memory.apply(write)


class Recorder:
    """Stands where the slot book stands and keeps the last outcome."""

    def __init__(self) -> None:
        self.outcome: tuple[bool, object] = (False, None)

    def wrote(self, _: Write, meter: object) -> None:
        self.outcome = (True, meter)

    def refused(self, meter: object, _: int) -> None:
        self.outcome = (False, meter)


def test_a_booking_has_no_word_that_dynamodb_reserves(
    connection: FaultyConnection, worker: DynamoDbRateLimiter
) -> None:
    for tat_ms, line_ms in [(0, 0), (0, 10**15), (10**15, 0), (10**15, 10**15)]:
        booking = Booking(1, 1, in_line=False, latest_ms=10**15, before_bulk=True, seen_inserted_ms=0)
        worker._write(ACCOUNT, Recorder(), booking.onto(tat_ms, line_ms, OWN_RULE, 10**12))  # type: ignore[arg-type]

    assert len(connection.operations()) == 4
