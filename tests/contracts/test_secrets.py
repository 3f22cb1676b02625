from __future__ import annotations

import pytest
from pynamodb.connection import Connection

from narthex.adapters.aws_client import make_client
from narthex.adapters.secrets import SecretsManagerStore
from narthex.domain.errors import ReconnectNeededError
from narthex.domain.organization import BearerToken, Credentials
from narthex.ports import SecretStore
from tests.support.builders import CHURCH, some_credentials
from tests.support.clock import VirtualClock
from tests.support.fakes import FakeSecrets


@pytest.fixture
def secrets(kind: str, clock: VirtualClock, request: pytest.FixtureRequest) -> SecretStore:
    if kind == "fake":
        return FakeSecrets()
    connection: Connection = request.getfixturevalue("aws")
    client = make_client("secretsmanager", connection.session)
    return SecretsManagerStore(client, f"narthex/{request.node.name}/", "alias/narthex", clock)


def test_credentials_come_back_as_they_were_put(secrets: SecretStore) -> None:
    secrets.put(CHURCH, some_credentials())

    assert secrets.get(CHURCH) == some_credentials()


def test_an_oauth_token_is_kept_as_one(secrets: SecretStore) -> None:
    credentials = Credentials(planning_center=BearerToken("invented"), wegive=BearerToken("7701|invented"))

    secrets.put(CHURCH, credentials)

    assert secrets.get(CHURCH) == credentials


def test_credentials_are_replaced(secrets: SecretStore) -> None:
    secrets.put(CHURCH, some_credentials())
    newer = Credentials(planning_center=BearerToken("newer"), wegive=BearerToken("newer"))

    secrets.put(CHURCH, newer)

    assert secrets.get(CHURCH) == newer


def test_an_organization_without_credentials_must_be_connected(secrets: SecretStore) -> None:
    secrets.put("hillside-chapel", some_credentials())

    with pytest.raises(ReconnectNeededError, match=CHURCH):
        secrets.get(CHURCH)
