"""One connection to DynamoDB for all tables, and the few calls that the stores make through it.

PynamoDB's models hold the shape of the items; its `Connection` sends them. A model's own `save` and `get`
are not used: they tie a model to one table name and one connection per process, and hide the item that a
failed condition gives back.

Reads are strongly consistent, an index's excepted. Faults become errors of the domain here, once:

* A failed condition is `ConditionFailedError` with the item as it stands; the store says what it means.
* Throttling, 5xx, timeouts and broken connections are `RetryLaterError`, after botocore has repeated the
  call. A write may have taken effect all the same, so each store writes in a way that its own repetition
  is recognized or harmless.
* Anything else (no permission, no table, a malformed call) is a fault of the deployment or of this code
  and is raised as it came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from botocore.exceptions import ClientError
from pynamodb.connection import Connection
from pynamodb.connection.base import MetaTable
from pynamodb.exceptions import TableError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from narthex.adapters.aws_faults import (
    ATTEMPTS,
    CONNECT_TIMEOUT_SECONDS,
    READ_TIMEOUT_SECONDS,
    RETRY_AFTER_SECONDS,
    error_code,
    passing_faults,
)
from narthex.domain.errors import RetryLaterError

KEYS_PER_BATCH = 100
BATCH_ROUNDS = 5

Item = dict[str, dict[str, Any]]
"""Attribute values by name, as DynamoDB writes them: {"fence": {"N": "3"}}."""


class ConditionFailedError(Exception):
    """The write's condition did not hold; `item` is what stands there now, None for nothing."""

    def __init__(self, item: Item | None) -> None:
        super().__init__("the condition of a write did not hold")
        self.item = item


def connect(region: str | None = None) -> Connection:
    """Make the connection that all tables of a process share.

    Region, endpoint and credentials come from the usual AWS environment; nothing is sent, and the client is
    built with the first call.
    """
    return Connection(
        region=region,
        connect_timeout_seconds=CONNECT_TIMEOUT_SECONDS,
        read_timeout_seconds=READ_TIMEOUT_SECONDS,
        max_retry_attempts=ATTEMPTS - 1,
    )


class Table:
    """One table on a shared connection; all its keys are strings."""

    def __init__(self, connection: Connection, name: str, *, hash_key: str, range_key: str | None) -> None:
        self._connection = connection
        self.name = name
        self._hash_key = hash_key
        self._range_key = range_key
        self._declare()

    def get(self, hash_value: str, range_value: str | None = None) -> Item | None:
        """Read one item, strongly consistent."""
        arguments = self._arguments(hash_value, range_value, consistent_read=True)
        item: Item | None = self._send("GetItem", arguments).get("Item")
        return item

    def get_many(self, keys: Iterable[tuple[str, str]]) -> Iterator[Item]:
        """Read the items that exist among the keys, strongly consistent, in no order."""
        waiting = [self._key(*key) for key in dict.fromkeys(keys)]
        while waiting:
            page, waiting = waiting[:KEYS_PER_BATCH], waiting[KEYS_PER_BATCH:]
            for _ in range(BATCH_ROUNDS):
                request = {self.name: {"Keys": page, "ConsistentRead": True}}
                answer = self._send("BatchGetItem", {"RequestItems": request})
                yield from answer["Responses"].get(self.name, [])
                page = answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
                if not page:
                    break
            else:
                message = f"DynamoDB left keys of {self.name} unread"
                raise RetryLaterError(message, retry_after_seconds=RETRY_AFTER_SECONDS)

    def query(self, hash_value: str, prefix: str = "") -> Iterator[Item]:
        """Read all items of a partition whose range key begins with `prefix`, in its order."""
        condition = Path([self._hash_key]) == {"S": hash_value}
        if prefix and self._range_key is not None:
            condition &= Path([self._range_key]).startswith(prefix)
        return self._pages(condition, {"ConsistentRead": True})

    def query_index(self, index: str, condition: Condition, limit: int) -> list[Item]:
        """Read up to `limit` items of an index, lowest range key first; it may lag behind the table."""
        found: list[Item] = []
        for item in self._pages(condition, {"IndexName": index, "Limit": limit}):
            found.append(item)
            if len(found) == limit:
                break
        return found

    def put(self, model: Model, condition: Condition | None = None) -> None:
        """Write a whole item. Raises ConditionFailedError."""
        item = model.serialize()
        hash_value, range_value = self._values(item)
        arguments = self._arguments(
            hash_value, range_value, key="Item", attributes=item, **_guarded_by(condition)
        )
        self._send("PutItem", arguments)

    def update(
        self, hash_value: str, range_value: str | None, actions: Sequence[Action], condition: Condition
    ) -> Item:
        """Change attributes of an item and return the whole of it. Raises ConditionFailedError."""
        arguments = self._arguments(
            hash_value, range_value, actions=actions, return_values="ALL_NEW", **_guarded_by(condition)
        )
        item: Item = self._send("UpdateItem", arguments)["Attributes"]
        return item

    def delete(self, hash_value: str, range_value: str, condition: Condition) -> None:
        """Delete an item. Raises ConditionFailedError."""
        self._send("DeleteItem", self._arguments(hash_value, range_value, **_guarded_by(condition)))

    def _pages(self, condition: Condition, arguments: dict[str, Any]) -> Iterator[Item]:
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        request = {
            "TableName": self.name,
            "KeyConditionExpression": condition.serialize(names, values),
            "ExpressionAttributeNames": {placeholder: name for name, placeholder in names.items()},
            "ExpressionAttributeValues": values,
            **arguments,
        }
        while True:
            answer = self._send("Query", dict(request))
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _send(self, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Send one call; TableError is PynamoDB's own and means a mistake in this code."""
        with passing_faults(f"{operation} on {self.name or 'DynamoDB'}"):
            try:
                return self._connection.dispatch(operation, arguments)
            except ClientError as error:
                original = error.__cause__ if isinstance(error.__cause__, ClientError) else error
                if error_code(original) == "ConditionalCheckFailedException":
                    raise ConditionFailedError(_item_of(original)) from error
                raise original from error

    def _arguments(self, hash_value: str, range_value: str | None, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - PynamoDB's keywords
        arguments: dict[str, Any] = self._connection.get_operation_kwargs(
            self.name, hash_value, range_value, **more
        )
        return arguments

    def _key(self, hash_value: str, range_value: str) -> Item:
        key: Item = {self._hash_key: {"S": hash_value}}
        if self._range_key is not None:
            key[self._range_key] = {"S": range_value}
        return key

    def _values(self, item: Item) -> tuple[str, str | None]:
        range_value = None if self._range_key is None else item[self._range_key]["S"]
        return item[self._hash_key]["S"], range_value

    def _declare(self) -> None:
        keys = (
            {self._hash_key: "HASH"}
            if self._range_key is None
            else {
                self._hash_key: "HASH",
                self._range_key: "RANGE",
            }
        )
        try:
            self._connection.get_meta_table(self.name)
        except TableError:
            meta = {
                "TableName": self.name,
                "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()],
                "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in keys],
            }
            self._connection.add_meta_table(MetaTable(meta))


def _guarded_by(condition: Condition | None) -> dict[str, Any]:
    if condition is None:
        return {}
    return {"condition": condition, "return_values_on_condition_failure": "ALL_OLD"}


def _item_of(error: ClientError) -> Item | None:
    response: dict[str, Any] = dict(error.response)
    return response.get("Item")
