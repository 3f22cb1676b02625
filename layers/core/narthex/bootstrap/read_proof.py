"""Build what reads a day's proof."""

from __future__ import annotations

from collections.abc import Mapping

from narthex.adapters.dynamodb.ledger import DynamoDbLedger
from narthex.adapters.dynamodb.organizations import DynamoDbOrganizations
from narthex.adapters.dynamodb.reviews import DynamoDbReviews
from narthex.adapters.dynamodb.table import connect
from narthex.adapters.system import SystemClock, new_id
from narthex.services.read_proof import ReadProof
from narthex.settings import Environment


def build(variables: Mapping[str, str]) -> ReadProof:
    """The use case with its adapters; nothing is sent yet.

    Raises:
        MisconfiguredError: When the environment lacks something.
    """
    environment = Environment(variables)
    connection = connect()
    clock = SystemClock()
    return ReadProof(
        organizations=DynamoDbOrganizations(connection, environment.text("ORGANIZATIONS_TABLE")),
        ledger=DynamoDbLedger(connection, environment.text("LEDGER_TABLE"), clock=clock, new_id=new_id),
        reviews=DynamoDbReviews(connection, environment.text("REVIEWS_TABLE")),
        clock=clock,
    )
