"""The tables as the template declares them, for moto."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pynamodb.connection import Connection

REGION = "us-east-1"

_KEYS: dict[str, tuple[str, ...]] = {
    "organizations": ("organization_id",),
    "ledger": ("partition", "item"),
    "correlations": ("partition", "item"),
    "reviews": ("organization_id", "review_id"),
}


def create_tables(connection: Connection, prefix: str, names: Collection[str] = tuple(_KEYS)) -> None:
    """Create `{prefix}-organizations`, `-ledger`, `-correlations` and `-reviews`, or some of them."""
    client: Any = connection.client
    for name in names:
        keys = _KEYS[name]
        attributes = dict.fromkeys(keys, "S")
        more: dict[str, Any] = {}
        if name == "ledger":
            attributes |= {"wake_shard": "S", "wake_at": "N"}
            index_keys = _key_schema(("wake_shard", "wake_at"))
            wake = {
                "IndexName": "wake",
                "KeySchema": index_keys,
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
            more = {"GlobalSecondaryIndexes": [wake]}
        client.create_table(
            TableName=f"{prefix}-{name}",
            KeySchema=_key_schema(keys),
            AttributeDefinitions=[
                {"AttributeName": attribute, "AttributeType": kind} for attribute, kind in attributes.items()
            ],
            BillingMode="PAY_PER_REQUEST",
            **more,
        )


def _key_schema(names: tuple[str, ...]) -> list[dict[str, str]]:
    kinds = zip(names, ("HASH", "RANGE"), strict=False)
    return [{"AttributeName": name, "KeyType": kind} for name, kind in kinds]
