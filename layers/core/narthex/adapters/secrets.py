"""Credentials in Secrets Manager: one secret per organization, under the stack's own key.

What a lost answer may do: nothing. Storing the same credentials twice gives the same secret.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from narthex.adapters.aws_faults import error_code, passing_faults
from narthex.domain.errors import ReconnectNeededError
from narthex.domain.organization import BearerToken, Credentials, PersonalAccessToken

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

    from narthex.ports import Clock

CACHE_MS = 180_000
"""How long a worker may go on with credentials that were replaced elsewhere."""

_PERSONAL_ACCESS_TOKEN = "personal_access_token"  # noqa: S105 - the name of a kind
_OAUTH = "oauth"


class SecretsManagerStore:
    """A `SecretStore`. One instance lives as long as its process and remembers for some minutes.

    Args:
        client: A botocore client of Secrets Manager.
        prefix: What the secrets' names begin with ("narthex/prod/").
        key_id: The KMS key for new secrets.
        clock: For the age of what is remembered.
    """

    def __init__(self, client: SecretsManagerClient, prefix: str, key_id: str, clock: Clock) -> None:
        self._client = client
        self._prefix = prefix
        self._key_id = key_id
        self._clock = clock
        self._remembered: dict[str, tuple[int, Credentials]] = {}

    def get(self, organization_id: str) -> Credentials:
        """See `SecretStore`."""
        known = self._remembered.get(organization_id)
        now_ms = self._clock.now_ms()
        if known is not None and now_ms < known[0]:
            return known[1]
        credentials = self._read(organization_id)
        self._remembered[organization_id] = (now_ms + CACHE_MS, credentials)
        return credentials

    def put(self, organization_id: str, credentials: Credentials) -> None:
        """See `SecretStore`."""
        text = _encode(credentials)
        if not self._replace(organization_id, text) and not self._create(organization_id, text):
            self._replace(organization_id, text)
        self._remembered[organization_id] = (self._clock.now_ms() + CACHE_MS, credentials)

    def _read(self, organization_id: str) -> Credentials:
        try:
            with passing_faults("read credentials"):
                answer = self._client.get_secret_value(SecretId=self._prefix + organization_id)
        except ClientError as error:
            # InvalidRequest: the secret is marked for deletion.
            if error_code(error) not in {"ResourceNotFoundException", "InvalidRequestException"}:
                raise
            raise _reconnect(organization_id, "has no credentials") from error
        try:
            return _decode(answer["SecretString"])
        except (KeyError, TypeError, ValueError) as error:
            # Without the cause: a parser's error quotes what it could not read.
            reason = f"has credentials that cannot be read ({type(error).__name__})"
        raise _reconnect(organization_id, reason)

    def _replace(self, organization_id: str, text: str) -> bool:
        """Give an existing secret a new value; False when there is none."""
        try:
            with passing_faults("store credentials"):
                self._client.put_secret_value(SecretId=self._prefix + organization_id, SecretString=text)
        except ClientError as error:
            if error_code(error) != "ResourceNotFoundException":
                raise
            return False
        return True

    def _create(self, organization_id: str, text: str) -> bool:
        """Create the secret; False when somebody else just did."""
        try:
            with passing_faults("store credentials"):
                self._client.create_secret(
                    Name=self._prefix + organization_id, SecretString=text, KmsKeyId=self._key_id
                )
        except ClientError as error:
            if error_code(error) != "ResourceExistsException":
                raise
            return False
        return True


def _encode(credentials: Credentials) -> str:
    planning_center = credentials.planning_center
    if isinstance(planning_center, PersonalAccessToken):
        opening = {
            "kind": _PERSONAL_ACCESS_TOKEN,
            "application_id": planning_center.application_id,
            "secret": planning_center.secret,
        }
    else:
        opening = {"kind": _OAUTH, "access_token": planning_center.token}
    return json.dumps({"planning_center": opening, "wegive": {"token": credentials.wegive.token}})


def _decode(text: str) -> Credentials:
    found: dict[str, Any] = json.loads(text)
    return Credentials(
        planning_center=_opening_from(found["planning_center"]),
        wegive=BearerToken(found["wegive"]["token"]),
    )


def _opening_from(found: dict[str, Any]) -> PersonalAccessToken | BearerToken:
    if found["kind"] == _PERSONAL_ACCESS_TOKEN:
        return PersonalAccessToken(found["application_id"], found["secret"])
    if found["kind"] == _OAUTH:
        return BearerToken(found["access_token"])
    message = "unknown kind of credentials"
    raise ValueError(message)


def _reconnect(organization_id: str, reason: str) -> ReconnectNeededError:
    return ReconnectNeededError(f"organization {organization_id!r} {reason}; register it again")
