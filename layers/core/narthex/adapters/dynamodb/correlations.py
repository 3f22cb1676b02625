"""Correlations in DynamoDB (S10).

A correlation is one item; that a Planning Center id is taken is a second one, its *holder*. The holder is
written first. A worker that dies in between leaves a holder without a correlation: nobody else can tie that
person then, which is the safe side, and the same WeGive id may claim again.

What a lost answer may do: `claim` marks the item with an id of this call, so that botocore's repetition of a
claim that took effect is the success that it was, while an equal claim of another worker is refused. When
every answer is lost, `RetryLaterError` says so; the item may then hold the claim, and whoever comes next
finds a creation that may have been sent, although it was not, and waits the quiet time: slower, never twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model

from narthex.adapters.dynamodb.attributes import WholeNumberAttribute
from narthex.adapters.dynamodb.many_writes import write_many
from narthex.adapters.dynamodb.table import ConditionFailedError, Table
from narthex.domain.correlation import Correlation, CorrelationKind, CorrelationState, NewPerson
from narthex.domain.people import Person

if TYPE_CHECKING:
    from pynamodb.connection import Connection

    from narthex.ports import Clock

NEW_PERSON_LIFE_MS = 7 * 24 * 3600 * 1000
"""How long a person whom we created is remembered; searches find everybody much sooner."""


class CorrelationsItem(Model):
    """What every item of the table has."""

    partition = UnicodeAttribute(hash_key=True)
    item = UnicodeAttribute(range_key=True)


class CorrelationItem(CorrelationsItem):
    """One correlation; `claimed_by` is the call that wrote it."""

    state = UnicodeAttribute()
    planning_center_id = UnicodeAttribute(null=True)
    last_sent_ms = WholeNumberAttribute(null=True)
    pending = JSONAttribute(null=True)
    matched_by = UnicodeAttribute(null=True)
    claimed_by = UnicodeAttribute(null=True)


class HolderItem(CorrelationsItem):
    """Which WeGive id has a Planning Center id."""

    wegive_id = UnicodeAttribute()


class NewPersonItem(CorrelationsItem):
    """A person whom we created, under one match key; `expires_at` (seconds) is for cleaning only."""

    person = JSONAttribute()
    created_ms = WholeNumberAttribute()
    expires_at = WholeNumberAttribute()


class DynamoDbCorrelations:
    """A `CorrelationStore`.

    Args:
        connection: The process's connection.
        table_name: A table with hash key `partition` and range key `item`, both strings.
        clock: For the age of people whom we created.
        new_id: Makes ids that no other worker makes.
    """

    def __init__(
        self, connection: Connection, table_name: str, *, clock: Clock, new_id: Callable[[], str]
    ) -> None:
        self._table = Table(connection, table_name, hash_key="partition", range_key="item")
        self._clock = clock
        self._new_id = new_id

    def get_many(
        self, organization_id: str, kind: CorrelationKind, wegive_ids: Sequence[str]
    ) -> dict[str, Correlation]:
        """See `CorrelationStore`."""
        keys = [(organization_id, _item_name(kind, wegive_id)) for wegive_id in wegive_ids]
        found = [correlation_from(item) for item in self._table.get_many(keys)]
        return {correlation.wegive_id: correlation for correlation in found}

    def claim(self, organization_id: str, correlation: Correlation, seen: Correlation | None) -> bool:
        """See `CorrelationStore`. One conditional write, two when a Planning Center id is tied anew."""
        target = _target(correlation)
        if target is not None and target != _target(seen):
            holder = HolderItem(
                partition=organization_id,
                item=_holder_name(correlation.kind, target),
                wegive_id=correlation.wegive_id,
            )
            mine = HolderItem.wegive_id == correlation.wegive_id
            try:
                self._table.put(holder, HolderItem.wegive_id.does_not_exist() | mine)
            except ConditionFailedError:
                return False
        row = correlation_item(organization_id, correlation)
        row.claimed_by = self._new_id()
        try:
            self._table.put(row, _still(organization_id, seen))
        except ConditionFailedError as failed:
            return _is_ours(failed, row.claimed_by, correlation)
        self._release(organization_id, correlation, seen)
        return True

    def holder(self, organization_id: str, kind: CorrelationKind, planning_center_id: str) -> str | None:
        """See `CorrelationStore`."""
        item = self._table.get(organization_id, _holder_name(kind, planning_center_id))
        return None if item is None else HolderItem.from_raw_data(item).wegive_id

    def remember_new_person(self, organization_id: str, new: NewPerson, keys: Sequence[str]) -> None:
        """See `CorrelationStore`."""
        write_many(lambda key: self._table.put(new_person_item(organization_id, key, new)), keys)

    def new_people(self, organization_id: str, key: str) -> list[NewPerson]:
        """See `CorrelationStore`."""
        oldest_ms = self._clock.now_ms() - NEW_PERSON_LIFE_MS
        items = self._table.query(_key_partition(organization_id, key))
        return [new for new in map(new_person_from, items) if new.created_ms > oldest_ms]

    def _release(self, organization_id: str, correlation: Correlation, seen: Correlation | None) -> None:
        """Free the Planning Center id that was tied before, so that its right owner can have it."""
        before = _target(seen)
        if before is None or before == _target(correlation):
            return
        mine = HolderItem.wegive_id == correlation.wegive_id
        try:
            self._table.delete(organization_id, _holder_name(correlation.kind, before), mine)
        except ConditionFailedError:
            return


def correlation_item(organization_id: str, correlation: Correlation) -> CorrelationItem:
    """The item of a correlation."""
    return CorrelationItem(
        partition=organization_id,
        item=_item_name(correlation.kind, correlation.wegive_id),
        state=correlation.state.value,
        planning_center_id=correlation.planning_center_id,
        last_sent_ms=correlation.last_sent_ms,
        pending=list(correlation.pending) or None,
        matched_by=correlation.matched_by or None,
    )


def correlation_from(item: Mapping[str, Any]) -> Correlation:
    """The correlation of an item."""
    row = CorrelationItem.from_raw_data(dict(item))
    kind, _, wegive_id = row.item.partition("#")
    return Correlation(
        kind=CorrelationKind(kind),
        wegive_id=wegive_id,
        state=CorrelationState(row.state),
        planning_center_id=row.planning_center_id,
        last_sent_ms=row.last_sent_ms,
        pending=tuple(row.pending or ()),
        matched_by=row.matched_by or "",
    )


def new_person_item(organization_id: str, key: str, new: NewPerson) -> NewPersonItem:
    """The item of a person whom we created."""
    born = new.person.birthdate
    return NewPersonItem(
        partition=_key_partition(organization_id, key),
        item=new.person.id,
        person={**asdict(new.person), "birthdate": None if born is None else born.isoformat()},
        created_ms=new.created_ms,
        expires_at=(new.created_ms + NEW_PERSON_LIFE_MS) // 1000,
    )


def new_person_from(item: Mapping[str, Any]) -> NewPerson:
    """The person of an item."""
    row = NewPersonItem.from_raw_data(dict(item))
    found = dict(row.person)
    for name in ("other_first_names", "emails", "phones"):
        found[name] = tuple(found[name])
    if found["birthdate"] is not None:
        found["birthdate"] = date.fromisoformat(found["birthdate"])
    return NewPerson(person=Person(**found), created_ms=row.created_ms)


def _item_name(kind: CorrelationKind, wegive_id: str) -> str:
    return f"{kind.value}#{wegive_id}"


def _holder_name(kind: CorrelationKind, planning_center_id: str) -> str:
    return f"holder#{kind.value}#{planning_center_id}"


def _key_partition(organization_id: str, key: str) -> str:
    # Hashed: a name or an address must not stand in a key, which metrics and traces show.
    return f"{organization_id}#new#{hashlib.sha256(key.encode()).hexdigest()}"


def _target(correlation: Correlation | None) -> str | None:
    if correlation is None or correlation.state is not CorrelationState.LINKED:
        return None
    return correlation.planning_center_id


def _still(organization_id: str, seen: Correlation | None) -> Condition:
    """That the stored item says what `seen` says."""
    if seen is None:
        return CorrelationItem.state.does_not_exist()
    row = correlation_item(organization_id, seen)
    condition: Condition = CorrelationItem.state == row.state
    for name in ("planning_center_id", "last_sent_ms", "pending", "matched_by"):
        attribute, value = getattr(CorrelationItem, name), getattr(row, name)
        condition &= attribute.does_not_exist() if value is None else attribute == value
    return condition


def _is_ours(failed: ConditionFailedError, claimed_by: str, correlation: Correlation) -> bool:
    """Whether this very call has written what stands there; a tie may also have been written before."""
    if failed.item is None:
        return False
    if failed.item.get("claimed_by") == {"S": claimed_by}:
        return True
    stored = correlation_from(failed.item)
    return stored.state is CorrelationState.LINKED and stored == correlation
