"""Build what registers an organization."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from narthex.adapters.aws_client import make_client
from narthex.adapters.dynamodb.organizations import DynamoDbOrganizations
from narthex.adapters.dynamodb.rate_limiter import DynamoDbRateLimiter
from narthex.adapters.dynamodb.table import connect
from narthex.adapters.schedules import EventBridgeSchedules
from narthex.adapters.secrets import SecretsManagerStore
from narthex.adapters.system import SystemClock, jitter
from narthex.adapters.vendors import VendorConnector
from narthex.domain.organization import Credentials
from narthex.services.register_organization import RegisterOrganization
from narthex.settings import Environment


@dataclass(frozen=True, slots=True)
class OneSecret:
    """A `SecretStore` of credentials that are being tried and not stored yet."""

    credentials: Credentials

    def get(self, organization_id: str) -> Credentials:  # noqa: ARG002 - whoever asks
        """The credentials."""
        return self.credentials

    def put(self, organization_id: str, credentials: Credentials) -> None:
        """Nothing is kept here."""


def build(variables: Mapping[str, str]) -> RegisterOrganization:
    """The use case with its adapters; nothing is sent yet.

    Raises:
        MisconfiguredError: When the environment lacks something.
    """
    environment = Environment(variables)
    clock = SystemClock()
    connection = connect()
    limiter = DynamoDbRateLimiter(connection, environment.text("RATE_LIMITS_TABLE"), clock=clock)
    contact = environment.text("CONTACT")

    def connect_with(credentials: Credentials) -> VendorConnector:
        return VendorConnector(
            secrets=OneSecret(credentials), clock=clock, limiter=limiter, jitter=jitter, contact=contact
        )

    return RegisterOrganization(
        organizations=DynamoDbOrganizations(connection, environment.text("ORGANIZATIONS_TABLE")),
        secrets=SecretsManagerStore(
            make_client("secretsmanager", connection.session),
            environment.text("SECRET_PREFIX"),
            environment.text("DATA_KEY_ID"),
            clock,
        ),
        schedules=EventBridgeSchedules(
            make_client("scheduler", connection.session),
            group=environment.text("SCHEDULE_GROUP"),
            target_arn=environment.text("START_SYNCS_ARN"),
            role_arn=environment.text("SCHEDULE_ROLE_ARN"),
            dead_letter_arn=environment.text("SCHEDULE_DEAD_LETTER_ARN"),
        ),
        connect_with=connect_with,
        clock=clock,
    )
