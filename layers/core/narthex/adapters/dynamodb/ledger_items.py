"""The shape of the ledger's items, and how they are found.

What a condition or an index looks at is an attribute of its own; what is only ever read as a whole (a
draft, an announcement) is one attribute of JSON. Money is whole cents, times are UTC.
"""

from __future__ import annotations

import zlib
from datetime import date

from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    JSONAttribute,
    UnicodeAttribute,
)
from pynamodb.models import Model

from narthex.adapters.dynamodb.attributes import WholeNumberAttribute
from narthex.domain.ledger import DayStatus

DAY = "day"
GIFT = "gift#"
FINDING = "finding#"
DOCUMENT = "document#"
TRANSACTION = "transaction#"
PREFLIGHT = "preflight"
WAKE_INDEX = "wake"
WAKE_SHARDS = 4


class LedgerItem(Model):
    """What every item of the ledger has: the partition of its day, and its own name there."""

    partition = UnicodeAttribute(hash_key=True)
    item = UnicodeAttribute(range_key=True)


class GuardedItem(LedgerItem):
    """An item that is written under a fence; `stamp` orders the writes of one fence."""

    fence = WholeNumberAttribute(default=0)
    stamp = WholeNumberAttribute(null=True)


class DayItem(GuardedItem):
    """The head record of a day. `opened_by` names the attempt that took the lease."""

    lease_until_ms = WholeNumberAttribute(default=0)
    opened_by = UnicodeAttribute(null=True)
    status = UnicodeAttribute(default=DayStatus.OPEN.value)
    announcement = JSONAttribute(null=True)
    progress = JSONAttribute(null=True)
    batch_id = UnicodeAttribute(null=True)
    batch_sent_ms = WholeNumberAttribute(null=True)
    changed_ms = WholeNumberAttribute(default=0)
    committed_at = UnicodeAttribute(null=True)
    committed_ms = WholeNumberAttribute(null=True)
    audits_done = WholeNumberAttribute(default=0)
    wake_shard = UnicodeAttribute(null=True)
    wake_at = WholeNumberAttribute(null=True)
    message = UnicodeAttribute(null=True)
    requests = WholeNumberAttribute(default=0)
    started_ms = WholeNumberAttribute(null=True)
    finished_ms = WholeNumberAttribute(null=True)


class GiftItem(GuardedItem):
    """One gift; `late` and `refunded` are left out when they are false."""

    state = UnicodeAttribute()
    amount_cents = WholeNumberAttribute()
    content = UnicodeAttribute()
    donor_id = UnicodeAttribute(null=True)
    draft = JSONAttribute(null=True)
    donation_id = UnicodeAttribute(null=True)
    last_sent_ms = WholeNumberAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    late = BooleanAttribute(null=True)
    refunded = BooleanAttribute(null=True)


class FindingItem(LedgerItem):
    """One finding."""

    kind = UnicodeAttribute()
    text = UnicodeAttribute()
    difference_cents = WholeNumberAttribute()
    state = UnicodeAttribute()
    transaction_id = UnicodeAttribute(null=True)
    donation_id = UnicodeAttribute(null=True)


class TransactionItem(LedgerItem):
    """The day to which a transaction belongs, in the organization's own partition."""

    day = UnicodeAttribute()


class DocumentItem(LedgerItem):
    """A JSON document, deflated: a proof or a plan of a large day stays far below DynamoDB's 400 KB."""

    body = BinaryAttribute(legacy_encoding=False)


def partition_of(organization_id: str, day: date) -> str:
    """The partition of one church day."""
    return f"{organization_id}#{day.isoformat()}"


def day_of_partition(partition: str) -> tuple[str, date]:
    """The organization's id and the day that a partition stands for."""
    organization_id, _, day = partition.rpartition("#")
    return organization_id, date.fromisoformat(day)


def wake_shard_of(organization_id: str) -> str:
    """The part of the index in which an organization's days wait."""
    return str(zlib.crc32(organization_id.encode()) % WAKE_SHARDS)
