"""The shared budget of an account in one DynamoDB item, written and never read (S60-S62).

What a lost answer may do: waste slots. A booking that took effect without our knowing lapses unused; its
repetition is refused, or books the slots after it.
"""

from __future__ import annotations

import logging
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from pynamodb.expressions.operand import Path

from narthex.adapters.aws_faults import AwsError
from narthex.adapters.dynamodb.table import ConditionFailedError, Item, Table
from narthex.domain.errors import RetryLaterError
from narthex.domain.rate_limit import Lane, Meter, Sign, Write
from narthex.domain.slot_book import Go, Sleep, SlotBook, TooLate

if TYPE_CHECKING:
    from pynamodb.connection import Connection
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from narthex.ports import Clock

logger = logging.getLogger(__name__)

KEY = "account"
MOST_WRITES_AN_ACQUIRE = 64
"""A refused booking is repeated with what the refusal told; so many in one wait mean a fault, or a crowd."""
RETRY_AFTER_SECONDS = 1.0


class DynamoDbRateLimiter:
    """A `RateLimiter` whose state all workers share; one instance belongs to one worker (thread).

    Args:
        connection: The process's connection.
        table_name: A table with hash key `account`, a string.
        clock: Time and waiting. The clocks of two workers must agree within `CLOCK_SKEW_MS`.
    """

    def __init__(self, connection: Connection, table_name: str, *, clock: Clock) -> None:
        self._table = Table(connection, table_name, hash_key=KEY, range_key=None)
        self._clock = clock
        self._books: dict[str, SlotBook] = {}

    def acquire(self, account: str, lane: Lane, *, patience_ms: int) -> None:
        """Wait for a slot. The request must leave at once: a slot is good for one, for a moment.

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
                    self._write(account, book, step)
        raise RetryLaterError(
            f"no slot for Planning Center after {writes} bookings", retry_after_seconds=RETRY_AFTER_SECONDS
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

        Never raises: the answer stands. News that the table did not take are written before the next slot
        is given out.
        """
        book = self._books.setdefault(account, SlotBook())
        book.hear(self._clock.now_ms(), limit, period_seconds, retry_after_seconds)
        for _ in range(MOST_WRITES_AN_ACQUIRE):
            write = book.owed(self._clock.now_ms())
            if write is None:
                return
            try:
                self._write(account, book, write)
            except (RetryLaterError, *AwsError) as error:
                logger.warning("the vendor's news about its limit are kept for later: %s", error)
                return

    def _write(self, account: str, book: SlotBook, write: Write) -> None:
        try:
            item = self._table.update(account, None, _actions(write), _condition(write))
        except ConditionFailedError as refusal:
            meter = None if refusal.item is None else _meter(refusal.item)
            book.refused(meter, self._clock.now_ms())
        else:
            book.wrote(write, _meter(item))


def _meter(item: Item) -> Meter:
    return Meter.read({name: int(value["N"]) for name, value in item.items() if "N" in value})


def _number(value: int) -> dict[str, str]:
    return {"N": str(value)}


def _actions(write: Write) -> list[Action]:
    puts: list[Action] = [Path(name).set(_number(value)) for name, value in write.put.items()]
    adds: list[Action] = [Path(name).add(_number(value)) for name, value in write.add.items()]
    return puts + adds


def _condition(write: Write) -> Condition:
    condition = reduce(and_, (_comparison(*requirement) for requirement in write.requires))
    return Path(KEY).does_not_exist() | condition if write.or_absent else condition


def _comparison(name: str, sign: Sign, value: int) -> Condition:
    path, number = Path(name), _number(value)
    match sign:
        case "=":
            condition = path == number
        case "<":
            condition = path < number
        case "<=":
            condition = path <= number
        case ">=":
            condition = path >= number
    return condition
