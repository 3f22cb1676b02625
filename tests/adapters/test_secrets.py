from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from botocore.session import get_session
from botocore.stub import Stubber
from hypothesis import given
from moto import mock_aws

from narthex.adapters.aws_client import make_client
from narthex.adapters.secrets import CACHE_MS, SecretsManagerStore, _decode, _encode
from narthex.domain.errors import ReconnectNeededError, RetryLaterError
from narthex.domain.organization import BearerToken, Credentials
from tests.support import strategies
from tests.support.builders import CHURCH, some_credentials
from tests.support.clock import VirtualClock
from tests.support.tables import REGION

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

NAME = f"narthex/test/{CHURCH}"
NEWER = Credentials(planning_center=BearerToken("newer"), wegive=BearerToken("newer"))


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretsManagerClient]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield make_client("secretsmanager", get_session())


def store(client: SecretsManagerClient, clock: VirtualClock | None = None) -> SecretsManagerStore:
    return SecretsManagerStore(client, "narthex/test/", "alias/narthex-data", clock or VirtualClock())


def test_a_new_secret_is_under_the_stacks_key_and_prefix(client: SecretsManagerClient) -> None:
    store(client).put(CHURCH, some_credentials())

    assert client.describe_secret(SecretId=NAME)["KmsKeyId"] == "alias/narthex-data"


def test_credentials_are_read_once_for_some_minutes(client: SecretsManagerClient) -> None:
    clock = VirtualClock()
    store(client).put(CHURCH, some_credentials())
    worker = store(client, clock)
    worker.get(CHURCH)
    store(client).put(CHURCH, NEWER)

    clock.advance_ms(CACHE_MS - 1)
    remembered = worker.get(CHURCH)
    clock.advance_ms(1)

    assert (remembered, worker.get(CHURCH)) == (some_credentials(), NEWER)


def test_whoever_puts_credentials_uses_them_at_once(client: SecretsManagerClient) -> None:
    worker = store(client)
    worker.put(CHURCH, some_credentials())

    worker.put(CHURCH, NEWER)

    assert worker.get(CHURCH) == NEWER


def test_a_missing_secret_is_not_remembered(client: SecretsManagerClient) -> None:
    worker = store(client)
    with pytest.raises(ReconnectNeededError):
        worker.get(CHURCH)

    store(client).put(CHURCH, some_credentials())

    assert worker.get(CHURCH) == some_credentials()


def test_a_secret_that_is_being_deleted_must_be_connected_again(client: SecretsManagerClient) -> None:
    store(client).put(CHURCH, some_credentials())
    client.delete_secret(SecretId=NAME)

    with pytest.raises(ReconnectNeededError, match="register it again"):
        store(client).get(CHURCH)


@pytest.mark.parametrize(
    "text",
    [
        "not json with a secret-token",
        "[]",
        "null",
        json.dumps({"planning_center": {"kind": "password", "secret": "secret-token"}}),
        json.dumps({"planning_center": {"kind": "oauth", "access_token": "secret-token"}}),
    ],
)
def test_a_secret_that_cannot_be_read_is_not_shown(client: SecretsManagerClient, text: str) -> None:
    client.create_secret(Name=NAME, SecretString=text)

    with pytest.raises(ReconnectNeededError) as failure:
        store(client).get(CHURCH)

    shown = f"{failure.value} {failure.value.__cause__} {failure.value.__context__}"
    assert "secret-token" not in shown


def test_a_throttled_read_may_be_repeated(client: SecretsManagerClient) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("get_secret_value", "ThrottlingException", http_status_code=400)

        with pytest.raises(RetryLaterError, match="could not read credentials: ThrottlingException"):
            store(client).get(CHURCH)


def test_two_registrations_at_once_both_end_well(client: SecretsManagerClient) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("put_secret_value", "ResourceNotFoundException")
        stub.add_client_error("create_secret", "ResourceExistsException")
        stub.add_response("put_secret_value", {})

        store(client).put(CHURCH, some_credentials())

        stub.assert_no_pending_responses()


@given(strategies.credentials)
def test_credentials_survive_their_secret(credentials: Credentials) -> None:
    again = _decode(_encode(credentials))

    assert again == credentials
    assert type(again.planning_center) is type(credentials.planning_center)


def test_no_credentials_are_in_a_representation() -> None:
    assert "invented" not in repr(some_credentials())
