"""The kinds of question that a list can be asked: filters, ranges and sort keys (wegive-api.md 3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.wegive.defaults import Row
from sandbox.wegive.tables import EMAIL_FIELDS, rows_by, wire_time

if TYPE_CHECKING:
    from sandbox.records import Records

_FLAGS = {"1": True, "true": True, "0": False, "false": False}


class InvalidQueryError(ValueError):
    """A parameter's value that the list does not take; `parameter` names it."""

    def __init__(self, parameter: str, text: str) -> None:
        super().__init__(text)
        self.parameter = parameter


@dataclass(frozen=True)
class Question:
    """What a filter may look at beside the row."""

    records: Records
    organization_id: str
    now: datetime


Test = Callable[[Row], bool]
Filter = Callable[[str, str, Question], Test]
"""Makes the test for a parameter's name and value."""
SortKey = Callable[[Row, Question], Any]


@dataclass(frozen=True)
class Range:
    """A filter `name[start]`, `name[end]`: a row is in it when one of its values is."""

    bound: Callable[[str, str], Any]
    values: Callable[[Row, Question], Sequence[Any]]
    day_index: str | None = None
    """The index by UTC day that narrows the rows, if there is one."""


@dataclass(frozen=True)
class Resource:
    """One list: what it shows and what it can be asked."""

    kind: str
    filters: Mapping[str, Filter] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    sorts: Mapping[str, SortKey] = field(default_factory=dict)
    views: tuple[str, ...] = ("all", "active", "archived")
    indexes: Mapping[str, str] = field(default_factory=dict)
    """Filters that an index answers, each with the index's name."""


def same(name: str) -> Filter:
    """Compare the field's text without regard to case."""

    def make(_: str, value: str, __: Question) -> Test:
        wanted = value.lower()
        return lambda row: row[name] is not None and str(row[name]).lower() == wanted

    return make


def flag(name: str) -> Filter:
    """Compare a field that is true or false."""

    def make(parameter: str, value: str, _: Question) -> Test:
        wanted = _FLAGS.get(value.lower())
        if wanted is None:
            raise InvalidQueryError(parameter, "must be true or false")
        return lambda row: bool(row[name]) is wanted

    return make


def choice(tests: Mapping[str, Test]) -> Filter:
    """Take one of a few documented words."""

    def make(parameter: str, value: str, _: Question) -> Test:
        if value not in tests:
            raise InvalidQueryError(parameter, f"must be one of {', '.join(tests)}")
        return tests[value]

    return make


def search(*names: str) -> Filter:
    """Look for every word of the value in the fields."""

    def make(_: str, value: str, __: Question) -> Test:
        words = value.lower().split()

        def fits(row: Row) -> bool:
            text = " ".join(str(row[name]) for name in names if row.get(name)).lower()
            return all(word in text for word in words)

        return fits

    return make


def holds(name: str) -> Filter:
    """Look for the value in a field that is a list."""
    return lambda _, value, __: lambda row: value in map(str, row[name])


def never(_: str, __: str, ___: Question) -> Test:
    """Ask for something that no row of the sandbox has (another CRM's ids, imports)."""
    return lambda _: False


def always(_: Row) -> bool:
    """Let every row pass."""
    return True


def of_household(_: str, value: str, question: Question) -> Test:
    """Let the rows of a household's members pass."""
    household = question.records.get("household", value) or {}
    is_ours = household.get("organization_id") == question.organization_id
    members = set(household["member_ids"]) if is_ours else set()
    return lambda row: row["donor_id"] in members


def of_fund(_: str, value: str, __: Question) -> Test:
    """Let transactions pass that are for the fund, wholly or in part."""
    return lambda row: (
        str(row["fund_id"]) == value
        or any(str(allocation["fund_id"]) == value for allocation in row["fund_allocations"])
    )


def shared_email(parameter: str, value: str, question: Question) -> Test:
    """Let donors pass that share an email with another (wegive-api.md 4.1, "Has Duplicates")."""
    wanted = _FLAGS.get(value.lower())
    if wanted is None:
        raise InvalidQueryError(parameter, "must be true or false")

    def fits(row: Row) -> bool:
        return (
            any(
                len(rows_by(question.records, "donor", "any_email", row["organization_id"], row[name])) > 1
                for name in EMAIL_FIELDS
                if row[name]
            )
            is wanted
        )

    return fits


def moment(parameter: str, value: str) -> str:
    """Read a range's end that is a time; without an offset it is UTC.

    Raises:
        InvalidQueryError: it is no ISO 8601 date or time.
    """
    try:
        at = datetime.fromisoformat(value)
    except ValueError as error:
        raise InvalidQueryError(parameter, "must be an ISO 8601 date or time") from error
    return wire_time(at if at.tzinfo else at.replace(tzinfo=UTC))


def number(parameter: str, value: str) -> int:
    """Read a range's end that is a number.

    Raises:
        InvalidQueryError: it is no integer.
    """
    try:
        return int(value)
    except ValueError as error:
        raise InvalidQueryError(parameter, "must be an integer") from error


def time_range(name: str, *, day_index: str | None = None) -> Range:
    """Range over a time that the row carries; a row without it is outside."""
    return Range(moment, lambda row, _: (row[name],) if row[name] else (), day_index)


def amount_range(name: str) -> Range:
    """Range over a field in cents."""
    return Range(number, lambda row, _: (row[name],))


def by(name: str) -> SortKey:
    """Sort by a field, absent ones first, then by id."""
    return lambda row, _: (row[name] is not None, row[name] or 0, row["id"])
