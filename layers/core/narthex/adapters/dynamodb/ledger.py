"""The ledger in DynamoDB: a day's head record, its gifts, findings and documents (spec section 4).

What a lost answer may do, and why it does not mislead. botocore repeats a call whose answer was lost, and a
request that was given up may still arrive later, after newer ones:

* `open_day` stamps the item with the id of this attempt. A repetition of an attempt that took effect fails
  its condition, finds its own id in the item that comes back, and is the success that it was. An attempt
  that arrives late finds its own id too, or a lease that runs, and changes nothing. If every answer is
  lost, the next call of the same store may take over the lease of the attempt that it knows to be its own.
* Writes under a fence (`announce`, `save_day`, `save_gift`) carry a stamp that grows with every write of
  the store. Of two writes of one fence the later one stands, in whatever order they arrive; a repetition
  finds its own stamp and is a success. With a new lease the fence shuts out everything older.
* `claim_transactions` and `save_finding` may be repeated: the same values give the same result. Documents,
  and the mark of the preflight, are simply written again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from narthex.adapters.dynamodb.ledger_items import (
    DAY,
    DOCUMENT,
    FINDING,
    GIFT,
    PREFLIGHT,
    TRANSACTION,
    WAKE_INDEX,
    WAKE_SHARDS,
    DayItem,
    FindingItem,
    GuardedItem,
    LedgerItem,
    TransactionItem,
    day_of_partition,
    partition_of,
    wake_shard_of,
)
from narthex.adapters.dynamodb.ledger_mapping import (
    announcement_json,
    day_from,
    day_item,
    document_from,
    document_item,
    finding_from,
    finding_item,
    gift_from,
    gift_item,
    progress_json,
)
from narthex.adapters.dynamodb.many_writes import write_many
from narthex.adapters.dynamodb.table import ConditionFailedError, Item, Table
from narthex.domain.errors import LeaseHeldError, LeaseLostError, RetryLaterError
from narthex.domain.ledger import Announcement, Day, Finding, FindingState, Gift, Progress

if TYPE_CHECKING:
    from pynamodb.connection import Connection
    from pynamodb.expressions.update import Action

    from narthex.ports import Clock


class DynamoDbLedger:
    """A `LedgerStore`.

    Args:
        connection: The process's connection.
        table_name: A table with hash key `partition`, range key `item` (both strings) and the sparse index
            `wake` (hash `wake_shard`, range `wake_at`, keys only).
        clock: For the stamps.
        new_id: Makes ids that no other worker makes.
    """

    def __init__(
        self, connection: Connection, table_name: str, *, clock: Clock, new_id: Callable[[], str]
    ) -> None:
        self._table = Table(connection, table_name, hash_key="partition", range_key="item")
        self._clock = clock
        self._new_id = new_id
        self._stamp = 0
        self._unanswered: dict[str, str] = {}

    def read_day(self, organization_id: str, day: date) -> Day | None:
        """See `LedgerStore`."""
        item = self._table.get(partition_of(organization_id, day), DAY)
        return None if item is None else day_from(item)

    def open_day(self, organization_id: str, day: date, *, now_ms: int, lease_until_ms: int) -> Day:
        """See `LedgerStore`. One conditional write, no read."""
        partition = partition_of(organization_id, day)
        attempt = self._new_id()
        free = DayItem.lease_until_ms <= now_ms
        if partition in self._unanswered:
            free = free | (DayItem.opened_by == self._unanswered[partition])
        condition = DayItem.lease_until_ms.does_not_exist() | ((DayItem.opened_by != attempt) & free)
        actions = [
            DayItem.fence.set((DayItem.fence | 0) + 1),
            DayItem.lease_until_ms.set(lease_until_ms),
            DayItem.opened_by.set(attempt),
            DayItem.stamp.remove(),
            # A worker that dies leaves a day that the sweep finds when the lease is over.
            DayItem.wake_shard.set(wake_shard_of(organization_id)),
            DayItem.wake_at.set(lease_until_ms),
        ]
        try:
            item = self._table.update(partition, DAY, actions, condition)
        except ConditionFailedError as failed:
            item = _opened_by(attempt, failed, now_ms)
        except RetryLaterError:
            self._unanswered[partition] = attempt
            raise
        self._unanswered.pop(partition, None)
        return day_from(item)

    def announce(self, day: Day, announcement: Announcement | None, progress: Progress) -> None:
        """See `LedgerStore`. The hot write, one per donation: one small conditional update."""
        stamp = self._next_stamp()
        actions = [
            DayItem.progress.set(progress_json(progress)),
            DayItem.stamp.set(stamp),
            DayItem.announcement.remove()
            if announcement is None
            else DayItem.announcement.set(announcement_json(announcement)),
        ]
        self._update_day(day, actions, stamp)

    def save_day(self, day: Day) -> None:
        """See `LedgerStore`."""
        stamp = self._next_stamp()
        row = day_item(day)
        row.stamp = stamp
        untouched = {"partition", "item", "fence", "opened_by"}
        actions = [
            attribute.remove() if getattr(row, name) is None else attribute.set(getattr(row, name))
            for name, attribute in DayItem.get_attributes().items()
            if name not in untouched
        ]
        self._update_day(day, actions, stamp)

    def gifts(self, organization_id: str, day: date) -> list[Gift]:
        """See `LedgerStore`."""
        return [gift_from(item) for item in self._table.query(partition_of(organization_id, day), GIFT)]

    def save_gift(self, day: Day, gift: Gift) -> None:
        """See `LedgerStore`."""
        self._put_gift(day, gift, self._next_stamp())

    def save_gifts(self, day: Day, gifts: Sequence[Gift]) -> None:
        """See `LedgerStore`. All are tried; then the first failure is raised."""
        stamped = [(gift, self._next_stamp()) for gift in gifts]
        write_many(lambda pair: self._put_gift(day, *pair), stamped)

    def claim_transactions(
        self, organization_id: str, day: date, transaction_ids: Sequence[str]
    ) -> dict[str, date]:
        """See `LedgerStore`. One conditional write each, no read."""

        def claim(transaction_id: str) -> date:
            name = TRANSACTION + transaction_id
            row = TransactionItem(partition=organization_id, item=name, day=day.isoformat())
            try:
                self._table.put(row, TransactionItem.day.does_not_exist())
            except ConditionFailedError as failed:
                return date.fromisoformat((failed.item or {})["day"]["S"])
            return day

        unique = list(dict.fromkeys(transaction_ids))
        return dict(zip(unique, write_many(claim, unique), strict=True))

    def findings(self, organization_id: str, day: date) -> list[Finding]:
        """See `LedgerStore`."""
        return [finding_from(item) for item in self._table.query(partition_of(organization_id, day), FINDING)]

    def save_finding(self, organization_id: str, day: date, finding: Finding) -> None:
        """See `LedgerStore`. A finding goes from open to confirmed to resolved and never back."""
        earlier = {
            FindingState.OPEN: (FindingState.OPEN,),
            FindingState.CONFIRMED: (FindingState.OPEN, FindingState.CONFIRMED),
            FindingState.RESOLVED: tuple(FindingState),
        }[finding.state]
        known = FindingItem.state.is_in(*(state.value for state in earlier))
        try:
            self._table.put(
                finding_item(organization_id, day, finding), FindingItem.state.does_not_exist() | known
            )
        except ConditionFailedError:
            return

    def put_document(self, organization_id: str, day: date, name: str, document: Mapping[str, Any]) -> None:
        """See `LedgerStore`."""
        self._table.put(document_item(organization_id, day, name, document))

    def get_document(self, organization_id: str, day: date, name: str) -> dict[str, Any] | None:
        """See `LedgerStore`."""
        item = self._table.get(partition_of(organization_id, day), DOCUMENT + name)
        return None if item is None else document_from(item)

    def due(self, now_ms: int, limit: int) -> list[tuple[str, date]]:
        """See `LedgerStore`. One query of the index for each shard."""
        waiting: list[tuple[int, str]] = []
        for shard in range(WAKE_SHARDS):
            condition = (DayItem.wake_shard == str(shard)) & (DayItem.wake_at <= now_ms)
            items = self._table.query_index(WAKE_INDEX, condition, limit)
            waiting += [(int(item["wake_at"]["N"]), item["partition"]["S"]) for item in items]
        return [day_of_partition(partition) for _, partition in sorted(waiting)[:limit]]

    def preflight_passed(self, organization_id: str) -> bool:
        """See `LedgerStore`."""
        return self._table.get(organization_id, PREFLIGHT) is not None

    def pass_preflight(self, organization_id: str) -> None:
        """See `LedgerStore`."""
        self._table.put(LedgerItem(partition=organization_id, item=PREFLIGHT))

    def _update_day(self, day: Day, actions: Sequence[Action], stamp: int) -> None:
        newest = DayItem.stamp.does_not_exist() | (DayItem.stamp < stamp)
        partition = partition_of(day.organization_id, day.date)
        try:
            self._table.update(partition, DAY, actions, (DayItem.fence == day.fence) & newest)
        except ConditionFailedError as failed:
            _own_or_lost(failed, day.fence, stamp)

    def _put_gift(self, day: Day, gift: Gift, stamp: int) -> None:
        row = gift_item(day, gift)
        row.stamp = stamp
        newest = (GuardedItem.fence == day.fence) & (GuardedItem.stamp < stamp)
        condition = GuardedItem.fence.does_not_exist() | (GuardedItem.fence < day.fence) | newest
        try:
            self._table.put(row, condition)
        except ConditionFailedError as failed:
            _own_or_lost(failed, day.fence, stamp)

    def _next_stamp(self) -> int:
        self._stamp = max(self._stamp + 1, self._clock.now_ms())
        return self._stamp


def _opened_by(attempt: str, failed: ConditionFailedError, now_ms: int) -> Item:
    """The day's item if this very attempt has opened it, and only its answer was lost."""
    item = failed.item or {}
    if item.get("opened_by") == {"S": attempt}:
        return item
    until_ms = int(item.get("lease_until_ms", {"N": now_ms})["N"])
    seconds = max(1, until_ms - now_ms) / 1000
    raise LeaseHeldError("another worker has the day", retry_after_seconds=seconds) from failed


def _own_or_lost(failed: ConditionFailedError, fence: int, stamp: int) -> None:
    """Return if this very write stands already, and only its answer was lost."""
    item = failed.item or {}
    if item.get("fence") == {"N": str(fence)} and item.get("stamp") == {"N": str(stamp)}:
        return
    raise LeaseLostError("another worker took the day over") from failed
