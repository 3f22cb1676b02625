"""Each contract is held against the fake and against the real adapter on moto: the same sentences."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from moto import mock_aws
from pynamodb.connection import Connection

from narthex.adapters.dynamodb.correlations import DynamoDbCorrelations
from narthex.adapters.dynamodb.ledger import DynamoDbLedger
from narthex.adapters.dynamodb.organizations import DynamoDbOrganizations
from narthex.adapters.dynamodb.reviews import DynamoDbReviews
from narthex.adapters.dynamodb.table import connect
from narthex.ports import CorrelationStore, LedgerStore, OrganizationStore, ReviewStore
from tests.support.clock import VirtualClock
from tests.support.fakes import FakeCorrelations, FakeLedger, FakeOrganizations, FakeReviews
from tests.support.tables import REGION, create_tables

_attempts = (f"attempt-{number}" for number in count(1))
_prefixes = (f"test{number}" for number in count(1))


@pytest.fixture(scope="module")
def aws() -> Iterator[Connection]:
    with mock_aws(), pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", REGION)
        yield connect()


@pytest.fixture
def prefix(aws: Connection) -> str:
    """A set of tables of its own, under this prefix."""
    name = next(_prefixes)
    create_tables(aws, name)
    return name


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture(params=["fake", "moto"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def ledger(kind: str, clock: VirtualClock, request: pytest.FixtureRequest) -> LedgerStore:
    if kind == "fake":
        return FakeLedger()
    table, connection = request.getfixturevalue("prefix") + "-ledger", request.getfixturevalue("aws")
    return DynamoDbLedger(connection, table, clock=clock, new_id=lambda: next(_attempts))


@pytest.fixture
def correlations(kind: str, clock: VirtualClock, request: pytest.FixtureRequest) -> CorrelationStore:
    if kind == "fake":
        return FakeCorrelations(clock)
    table, connection = request.getfixturevalue("prefix") + "-correlations", request.getfixturevalue("aws")
    return DynamoDbCorrelations(connection, table, clock=clock, new_id=lambda: next(_attempts))


@pytest.fixture
def reviews(kind: str, request: pytest.FixtureRequest) -> ReviewStore:
    if kind == "fake":
        return FakeReviews()
    table, connection = request.getfixturevalue("prefix") + "-reviews", request.getfixturevalue("aws")
    return DynamoDbReviews(connection, table)


@pytest.fixture
def organizations(kind: str, request: pytest.FixtureRequest) -> OrganizationStore:
    if kind == "fake":
        return FakeOrganizations()
    table, connection = request.getfixturevalue("prefix") + "-organizations", request.getfixturevalue("aws")
    return DynamoDbOrganizations(connection, table)
