"""The shared budget of an account in one DynamoDB item, written and never read (S60-S62)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from narthex.domain.errors import RetryLaterError
from narthex.domain.rate_limit import Lane, Meter, Write
from narthex.domain.slot_book import Go, Sleep, SlotBook, TooLate

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from narthex.ports import Clock

logger = logging.getLogger(__name__)

KEY = "account"
MOST_WRITES_AN_ACQUIRE = 64
"""A refused booking is repeated with what the refusal told; so many in one wait mean a fault."""
RETRY_AFTER_FAILURE_SECONDS = 1.0


class DynamoDbRateLimiter:
    """A `RateLimiter` whose state all workers share; one instance belongs to one worker (thread).

    Args:
        client: A botocore client of DynamoDB; PynamoDB's `Connection.client` will do.
        table_name: A table whose key is the string `account`.
        clock: Time and waiting. Clocks of two workers must agree within `CLOCK_SKEW_MS`.
    """

    def __init__(self, client: DynamoDBClient, table_name: str, clock: Clock) -> None:
        self._client = client
        self._table_name = table_name
        self._clock = clock
        self._books: dict[str, SlotBook] = {}

    def acquire(self, account: str, lane: Lane, *, patience_ms: int) -> None:
        """Wait for a slot. The request must leave at once: each slot is good for one, for a moment.

        Raises:
            RetryLaterError: When the next slot lies beyond `patience_ms`, or the table does not answer.
        """
        book = self._books.setdefault(account, SlotBook())
        deadline_ms = self._clock.now_ms() + patience_ms
        writes = 0
        while writes < MOST_WRITES_AN_ACQUIRE:
            now_ms = self._clock.now_ms()
            step = book.step(now_ms, lane, deadline_ms)
            match step:
                case Go():
                    return
                case Sleep():
                    self._clock.sleep_ms(step.until_ms - now_ms)
                case TooLate():
                    raise RetryLaterError(
                        f"the next request to Planning Center may leave in {step.wait_ms} ms",
                        retry_after_seconds=step.wait_ms / 1_000,
                    )
                case Write():
                    writes += 1
                    self._write_or_retry_later(account, book, step)
        raise RetryLaterError(
            f"no slot after {writes} bookings", retry_after_seconds=RETRY_AFTER_FAILURE_SECONDS
        )

    def observe(
        self,
        account: str,
        *,
        limit: int | None,
        period_seconds: int | None,
        retry_after_seconds: int | None,
    ) -> None:
        """Feed what an answer's headers said; no call goes out when nothing changed.

        A table that does not answer spoils nothing here: the answer stands, and the news are written
        before the next slot is given out.
        """
        book = self._books.setdefault(account, SlotBook())
        book.hear(self._clock.now_ms(), limit, period_seconds, retry_after_seconds)
        for _ in range(MOST_WRITES_AN_ACQUIRE):
            write = book.owed(self._clock.now_ms())
            if write is None:
                return
            try:
                self._write(account, book, write)
            except (BotoCoreError, ClientError) as error:
                logger.warning("the rate limit's news are kept for later: %s", error)
                return

    def _write_or_retry_later(self, account: str, book: SlotBook, write: Write) -> None:
        try:
            self._write(account, book, write)
        except (BotoCoreError, ClientError) as error:
            # Slots that were booked without our knowing lapse; nothing was sent.
            raise RetryLaterError(
                f"the rate limit's table did not answer: {error}",
                retry_after_seconds=RETRY_AFTER_FAILURE_SECONDS,
            ) from error

    def _write(self, account: str, book: SlotBook, write: Write) -> None:
        try:
            answer = self._client.update_item(
                TableName=self._table_name,
                Key={KEY: {"S": account}},
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **_expressions(write),
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "ConditionalCheckFailedException":
                raise
            item = cast("Mapping[str, Any]", error.response.get("Item", {}))
            book.refused(_meter(item) if item else None, self._clock.now_ms())
        else:
            book.wrote(write, _meter(answer["Attributes"]))


def _meter(item: Mapping[str, Any]) -> Meter:
    return Meter.read({name: int(value["N"]) for name, value in item.items() if "N" in value})


def _expressions(write: Write) -> dict[str, Any]:
    """A `Write` in DynamoDB's words."""
    values: dict[str, int] = {}

    def placeholder(value: int) -> str:
        name = f":v{len(values)}"
        values[name] = value
        return name

    puts = [f"{name} = {placeholder(value)}" for name, value in write.put.items()]
    adds = [f"{name} {placeholder(value)}" for name, value in write.add.items()]
    updates = ["SET " + ", ".join(puts)] * bool(puts) + ["ADD " + ", ".join(adds)] * bool(adds)
    condition = " AND ".join(f"{name} {sign} {placeholder(value)}" for name, sign, value in write.requires)
    if write.or_absent:
        condition = f"attribute_not_exists({KEY}) OR ({condition})"
    return {
        "UpdateExpression": " ".join(updates),
        "ConditionExpression": condition,
        "ExpressionAttributeValues": {name: {"N": str(value)} for name, value in values.items()},
    }
