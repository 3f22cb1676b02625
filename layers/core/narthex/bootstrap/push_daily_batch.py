"""Build the push worker."""

from __future__ import annotations

from collections.abc import Mapping

from narthex.adapters.aws_client import make_client
from narthex.adapters.dynamodb.correlations import DynamoDbCorrelations
from narthex.adapters.dynamodb.ledger import DynamoDbLedger
from narthex.adapters.dynamodb.organizations import DynamoDbOrganizations
from narthex.adapters.dynamodb.rate_limiter import DynamoDbRateLimiter
from narthex.adapters.dynamodb.reviews import DynamoDbReviews
from narthex.adapters.dynamodb.table import connect
from narthex.adapters.secrets import SecretsManagerStore
from narthex.adapters.sqs import SqsJobQueue
from narthex.adapters.system import SystemClock, jitter, new_id
from narthex.adapters.vendors import VendorConnector
from narthex.services.push_daily_batch import PushDailyBatch
from narthex.settings import Environment


def build(variables: Mapping[str, str]) -> PushDailyBatch:
    """The use case with its adapters; nothing is sent yet.

    Raises:
        MisconfiguredError: When the environment lacks something.
    """
    environment = Environment(variables)
    clock = SystemClock()
    connection = connect()
    secrets = make_client("secretsmanager", connection.session)
    limiter = DynamoDbRateLimiter(connection, environment.text("RATE_LIMITS_TABLE"), clock=clock)
    return PushDailyBatch(
        organizations=DynamoDbOrganizations(connection, environment.text("ORGANIZATIONS_TABLE")),
        connect=VendorConnector(
            secrets=SecretsManagerStore(secrets, environment.text("SECRET_PREFIX"), "", clock),
            clock=clock,
            limiter=limiter,
            jitter=jitter,
            contact=environment.text("CONTACT"),
        ),
        ledger=DynamoDbLedger(connection, environment.text("LEDGER_TABLE"), clock=clock, new_id=new_id),
        correlations=DynamoDbCorrelations(
            connection, environment.text("CORRELATIONS_TABLE"), clock=clock, new_id=new_id
        ),
        reviews=DynamoDbReviews(connection, environment.text("REVIEWS_TABLE")),
        queue=SqsJobQueue(
            make_client("sqs", connection.session),
            environment.text("PUSH_QUEUE_URL"),
            environment.text("TIMER_QUEUE_URL"),
        ),
        clock=clock,
        quiet_ms=environment.seconds("QUIET_SECONDS") * 1000,
    )
