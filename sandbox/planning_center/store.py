"""Store: the records of all churches in one place, each seen by its own church only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sandbox.records import Records

_PREFIX = "planning_center"

Record = dict[str, Any]
"""A document of the store.

`id` and `organization_id`; `attributes` as they are shown; `relations` (name to id, or to a list of ids);
`created_ts` in seconds since 1970; and what a type keeps for itself.
"""

PER_ORGANIZATION_IDS = frozenset({"Batch", "BatchGroup"})
"""The types whose ids start anew in each church, as the documents of Batch say."""


def _own(name: str) -> Callable[[Record], Iterable[str]]:
    def values(record: Record) -> Iterable[str]:
        related = record["relations"].get(name)
        return () if related is None else (f"{record['organization_id']}:{related}",)

    return values


def _searchable(attribute: str) -> Callable[[Record], Iterable[str]]:
    """Index a text under its folded form, and under its form before the last change, for the search lag."""

    def values(record: Record) -> Iterable[str]:
        texts = {record["attributes"].get(attribute), (record.get("before") or {}).get(attribute)}
        return [f"{record['organization_id']}:{text.casefold()}" for text in texts if text]

    return values


def _of_organization(record: Record) -> Iterable[str]:
    return (str(record["organization_id"]),)


def _funds(record: Record) -> Iterable[str]:
    organization_id = record["organization_id"]
    return {f"{organization_id}:{part['relations']['fund']}" for part in record["designations"]}


def _updating(record: Record) -> Iterable[str]:
    return ("now",) if record.get("due_ts") is not None else ()


_INDEXES: dict[str, dict[str, Callable[[Record], Iterable[str]]]] = {
    "Email": {"person": _own("person"), "address": _searchable("address")},
    "PhoneNumber": {"person": _own("person"), "e164": _searchable("e164")},
    "Address": {"person": _own("person")},
    "Batch": {"updating": _updating, "batch_group": _own("batch_group")},
    "Donation": {
        "batch": _own("batch"),
        "person": _own("person"),
        "payment_source": _own("payment_source"),
        "campus": _own("campus"),
        "fund": _funds,
    },
    "Donation.ghost": {
        "batch": _own("batch"),
        "person": _own("person"),
        "payment_source": _own("payment_source"),
        "campus": _own("campus"),
    },
    "Label": {"slug": _searchable("slug")},
    "RecurringDonation": {"person": _own("person")},
}
_FIRST_IDS = {
    "Person": 41_000_000,
    "Email": 52_000_000,
    "PhoneNumber": 53_000_000,
    "Address": 54_000_000,
    "PersonMerger": 7_000_000,
    "Campus": 61_000,
    "Fund": 310_000,
    "PaymentSource": 21_000,
    "Label": 83_000,
    "Donation": 190_000_000,
    "Designation": 230_000_000,
    "Refund": 3_400_000,
    "DesignationRefund": 4_500_000,
    "RecurringDonation": 2_600_000,
    "RecurringDonationDesignation": 2_900_000,
}
_TYPES = (
    *(
        "Person",
        "Email",
        "PhoneNumber",
        "Address",
        "PersonMerger",
        "Campus",
        "Fund",
        "PaymentSource",
        "Label",
    ),
    *("Batch", "BatchGroup", "Batch.ghost", "Donation", "Donation.ghost", "RecurringDonation"),
)


class Store:
    """Planning Center's view of the records."""

    def __init__(self, records: Records) -> None:
        self.records = records
        for type_ in _TYPES:
            kind = _kind(type_)
            records.add_index(kind, "organization", _of_organization)
            for name, values in _INDEXES.get(type_, {}).items():
                records.add_index(kind, name, values)

    def get(self, type_: str, organization_id: str, record_id: str) -> Record | None:
        """Return the church's record, or None."""
        return self.records.get(_kind(type_), f"{organization_id}:{record_id}")

    def all(self, type_: str, organization_id: str) -> list[Record]:
        """Return the church's records of a type, oldest first."""
        return self.records.find(_kind(type_), "organization", organization_id)

    def find(self, type_: str, index: str, organization_id: str, value: str) -> list[Record]:
        """Return the church's records that an index holds under the value."""
        return self.records.find(_kind(type_), index, f"{organization_id}:{value}")

    def updating(self) -> list[Record]:
        """Return the batches of all churches whose commit or delete is under way."""
        return self.records.find(_kind("Batch"), "updating", "now")

    def put(self, type_: str, record: Record) -> None:
        """Keep the record."""
        self.records.put(_kind(type_), f"{record['organization_id']}:{record['id']}", record)

    def delete(self, type_: str, record: Record) -> None:
        """Forget the record."""
        self.records.delete(_kind(type_), f"{record['organization_id']}:{record['id']}")

    def new_id(self, type_: str, organization_id: str) -> str:
        """Return the next id of the type; the types' numbers lie apart, so that none passes for another."""
        if type_ in PER_ORGANIZATION_IDS:
            return str(self.records.next_id(f"{_kind(type_)}:{organization_id}"))
        return str(_FIRST_IDS[type_] + self.records.next_id(_kind(type_)))


def _kind(type_: str) -> str:
    return f"{_PREFIX}.{type_}"


def new_record(
    record_id: str, organization_id: str, now_ts: float, attributes: Record, relations: Record
) -> Record:
    """Return a record as the store keeps it."""
    return {
        "id": record_id,
        "organization_id": organization_id,
        "attributes": attributes,
        "relations": relations,
        "created_ts": now_ts,
    }


def last_change_ts(record: Record) -> float:
    """Return when a searchable attribute last changed, in seconds since 1970."""
    changed_ts: float = record["changed_ts"] if "changed_ts" in record else record["created_ts"]
    return changed_ts


def note_change(record: Record, names: Iterable[str], now_ts: float, lag_seconds: float) -> None:
    """Remember what the search shall go on finding for the lag; call it before the change.

    A change within the lag of an earlier one leaves the older state in place.
    """
    if now_ts < last_change_ts(record) + lag_seconds:
        record.setdefault("before", None)
    else:
        record["before"] = {name: record["attributes"].get(name) for name in names}
    record["changed_ts"] = now_ts


def found_attributes(record: Record, now_ts: float, lag_seconds: float) -> Record | None:
    """Return the searchable attributes that a search sees now; None: it does not see the record yet."""
    if lag_seconds <= 0 or now_ts >= last_change_ts(record) + lag_seconds:
        attributes: Record = record["attributes"]
        return attributes
    before: Record | None = record.get("before")
    return before
