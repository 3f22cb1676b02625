"""DynamoDB on moto, behind a connection that loses answers on demand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from moto import mock_aws

from narthex.adapters.dynamodb.correlations import DynamoDbCorrelations
from narthex.adapters.dynamodb.ledger import DynamoDbLedger
from narthex.adapters.dynamodb.organizations import DynamoDbOrganizations
from narthex.adapters.dynamodb.reviews import DynamoDbReviews
from tests.support.clock import VirtualClock
from tests.support.faulty_connection import FaultyConnection
from tests.support.tables import create_tables

_prefixes = (f"test{number}" for number in count(1))


@pytest.fixture(scope="module")
def kept_connection() -> Iterator[FaultyConnection]:
    with mock_aws():
        yield FaultyConnection()


@pytest.fixture
def connection(kept_connection: FaultyConnection) -> FaultyConnection:
    kept_connection.reset()
    return kept_connection


@pytest.fixture
def prefix(connection: FaultyConnection) -> str:
    """A set of tables of its own, under this prefix."""
    name = next(_prefixes)
    create_tables(connection, name)
    connection.reset()
    return name


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def ledger(connection: FaultyConnection, prefix: str, clock: VirtualClock) -> DynamoDbLedger:
    ids = count(1)
    return DynamoDbLedger(connection, f"{prefix}-ledger", clock=clock, new_id=lambda: f"mine-{next(ids)}")


@pytest.fixture
def other_ledger(connection: FaultyConnection, prefix: str, clock: VirtualClock) -> DynamoDbLedger:
    ids = count(1)
    return DynamoDbLedger(connection, f"{prefix}-ledger", clock=clock, new_id=lambda: f"theirs-{next(ids)}")


@pytest.fixture
def correlations(connection: FaultyConnection, prefix: str, clock: VirtualClock) -> DynamoDbCorrelations:
    ids = count(1)
    return DynamoDbCorrelations(
        connection, f"{prefix}-correlations", clock=clock, new_id=lambda: f"mine-{next(ids)}"
    )


@pytest.fixture
def reviews(connection: FaultyConnection, prefix: str) -> DynamoDbReviews:
    return DynamoDbReviews(connection, f"{prefix}-reviews")


@pytest.fixture
def organizations(connection: FaultyConnection, prefix: str) -> DynamoDbOrganizations:
    return DynamoDbOrganizations(connection, f"{prefix}-organizations")
