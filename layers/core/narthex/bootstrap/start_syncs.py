"""Build what starts the syncs."""

from __future__ import annotations

from collections.abc import Mapping

from narthex.adapters.aws_client import make_client
from narthex.adapters.dynamodb.ledger import DynamoDbLedger
from narthex.adapters.dynamodb.organizations import DynamoDbOrganizations
from narthex.adapters.dynamodb.table import connect
from narthex.adapters.sqs import SqsJobQueue
from narthex.adapters.system import SystemClock, new_id
from narthex.services.start_syncs import StartSyncs
from narthex.settings import Environment


def build(variables: Mapping[str, str]) -> StartSyncs:
    """The use case with its adapters; nothing is sent yet.

    Raises:
        MisconfiguredError: When the environment lacks something.
    """
    environment = Environment(variables)
    clock = SystemClock()
    connection = connect()
    push_queue_url = environment.text("PUSH_QUEUE_URL")
    return StartSyncs(
        organizations=DynamoDbOrganizations(connection, environment.text("ORGANIZATIONS_TABLE")),
        ledger=DynamoDbLedger(connection, environment.text("LEDGER_TABLE"), clock=clock, new_id=new_id),
        # Nothing is delayed here: what comes from the timer queue is due.
        queue=SqsJobQueue(make_client("sqs", connection.session), push_queue_url, push_queue_url),
        clock=clock,
    )
