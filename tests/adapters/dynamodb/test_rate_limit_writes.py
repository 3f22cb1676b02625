"""What DynamoDB does with the limiter's writes (S60)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narthex.adapters.dynamodb.rate_limiter import DynamoDbRateLimiter
from narthex.domain.rate_limit import OWN_RULE, Booking, Write
from tests.support.clock import VirtualClock
from tests.support.faulty_connection import FaultyConnection
from tests.support.limiter_world import MemoryMeter
from tests.support.rate_limits_table import create_rate_limits_table

ACCOUNT = "church-1"


@pytest.fixture
def table_name(connection: FaultyConnection, prefix: str) -> str:
    name = f"{prefix}-rate-limits"
    create_rate_limits_table(connection, name)
    connection.reset()
    return name


@pytest.fixture
def worker(connection: FaultyConnection, table_name: str, clock: VirtualClock) -> DynamoDbRateLimiter:
    return DynamoDbRateLimiter(connection, table_name, clock=clock)


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
