"""The table of the shared limit, for moto."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pynamodb.connection import Connection


def create_rate_limits_table(connection: Connection, name: str) -> None:
    """Create a table whose key is the string `account`."""
    client: Any = connection.client
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "account", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "account", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
