"""Answers lists: which rows, in which order, which page of them (wegive-api.md 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sandbox.wegive.defaults import Row
from sandbox.wegive.filters import InvalidQueryError, Question, Range, Resource, Test, number
from sandbox.wegive.resources import RESOURCES
from sandbox.wegive.tables import rows_by, rows_by_day, rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.wegive.options import Options
    from sandbox.wegive.rendering import Rendering

MOST_ROWS = 200
USUAL_ROWS = 25
_BRACKETS = re.compile(r"([a-z_]+)\[(start|end)\]")
_SORT = re.compile(r"sort\[([a-z_]+)\]")
_PAGING = ("page", "count", "view")


@dataclass
class _Asked:
    """A list's query, read; without a `sort` the newest come first."""

    page: int = 1
    count: int = USUAL_ROWS
    view: str = "active"
    sort: str = "id"
    descending: bool = True
    is_sorted: bool = False
    is_search: bool = False
    tests: list[Test] = field(default_factory=list)
    index: tuple[str, str] | None = None
    """An index and the value to look up in it."""
    days: tuple[str, str, str] | None = None
    """An index by UTC day with the first and last time of interest."""


def answer_list(
    name: str, query: Sequence[tuple[str, str]], question: Question, rendering: Rendering, options: Options
) -> dict[str, Any]:
    """Return the list's body.

    Raises:
        InvalidQueryError: a parameter that the list does not take, or a value that it does not.
    """
    resource = RESOURCES[name]
    asked = _read(resource, query, question, options)
    rows = [row for row in _candidates(resource, asked, question) if all(test(row) for test in asked.tests)]
    if not (asked.sort == "id" and _is_ascending_by_id(rows)):
        key = resource.sorts.get(asked.sort, _by_id)
        rows.sort(key=lambda row: key(row, question))
    if asked.descending:
        rows.reverse()
    return _page(resource.kind, rows, asked, rendering, options)


def _by_id(row: Row, _: Question) -> int:
    return int(row["id"])


def _is_ascending_by_id(rows: list[Row]) -> bool:
    return all(earlier["id"] < later["id"] for earlier, later in pairwise(rows))


def _read(
    resource: Resource, query: Sequence[tuple[str, str]], question: Question, options: Options
) -> _Asked:
    asked = _Asked()
    bounds: dict[str, dict[str, Any]] = {}
    for parameter, value in query:
        if parameter in _PAGING:
            _read_paging(asked, resource, parameter, value)
        elif parameter in resource.filters:
            _read_filter(asked, resource, parameter, value, question)
        elif (match := _BRACKETS.fullmatch(parameter)) and match[1] in resource.ranges:
            bounds.setdefault(match[1], {})[match[2]] = resource.ranges[match[1]].bound(parameter, value)
        elif (match := _SORT.fullmatch(parameter)) and match[1] in (*resource.sorts, "id"):
            _read_sort(asked, match[1], parameter, value)
        elif options.unknown_parameter == "refused":
            raise InvalidQueryError(parameter, "is not a parameter of this list")
    for range_name, bound in bounds.items():
        _add_range(asked, resource.ranges[range_name], bound, question, options)
    if resource.views:
        _add_view(asked)
    return asked


def _read_filter(asked: _Asked, resource: Resource, parameter: str, value: str, question: Question) -> None:
    if not value:
        return
    asked.tests.append(resource.filters[parameter](parameter, value, question))
    asked.is_search = asked.is_search or parameter == "search"
    if parameter in resource.indexes:
        asked.index = (resource.indexes[parameter], value)


def _read_paging(asked: _Asked, resource: Resource, parameter: str, value: str) -> None:
    if parameter == "view":
        if value not in resource.views:
            raise InvalidQueryError(parameter, "is not a view of this list")
        asked.view = value
        return
    count = number(parameter, value)
    most = MOST_ROWS if parameter == "count" else None
    if count < 1 or (most is not None and count > most):
        raise InvalidQueryError(parameter, f"must be between 1 and {most}" if most else "must be at least 1")
    if parameter == "count":
        asked.count = count
    else:
        asked.page = count


def _read_sort(asked: _Asked, name: str, parameter: str, value: str) -> None:
    if value not in ("asc", "desc"):
        raise InvalidQueryError(parameter, "must be asc or desc")
    asked.sort = name
    asked.descending = value == "desc"
    asked.is_sorted = True


def _add_range(
    asked: _Asked, range_: Range, bound: dict[str, Any], question: Question, options: Options
) -> None:
    start, end = bound.get("start"), bound.get("end")
    is_inclusive = options.range_end == "inclusive"

    def fits(row: Row) -> bool:
        return any(
            (start is None or value >= start)
            and (end is None or value < end or (is_inclusive and value == end))
            for value in range_.values(row, question)
        )

    asked.tests.append(fits)
    if range_.day_index and start is not None:
        # Without an end: rows may be dated ahead of the clock, but hardly beyond next year.
        last = f"{question.now.year + 1}-12-31" if end is None else end
        if asked.days is None or end is not None:
            asked.days = (range_.day_index, start, last)


def _add_view(asked: _Asked) -> None:
    if asked.view == "active":
        asked.tests.append(lambda row: row.get("deleted_at") is None)
    elif asked.view == "archived":
        asked.tests.append(lambda row: row.get("deleted_at") is not None)


def _candidates(resource: Resource, asked: _Asked, question: Question) -> list[Row]:
    """Return a superset of the rows asked for, from the narrowest index that fits."""
    organization_id = question.organization_id
    if resource.kind == "allocation":
        transactions = rows_of(question.records, "transaction", organization_id)
        return [
            {**allocation, "organization_id": organization_id}
            for transaction in transactions
            for allocation in transaction["fund_allocations"]
        ]
    if asked.index is not None:
        return rows_by(question.records, resource.kind, asked.index[0], organization_id, asked.index[1])
    if asked.days is not None:
        field, first, last = asked.days
        rows = rows_by_day(question.records, resource.kind, field, organization_id, first, last)
        if rows is not None:
            return rows
    return rows_of(question.records, resource.kind, organization_id)


def _page(
    kind: str, rows: list[Row], asked: _Asked, rendering: Rendering, options: Options
) -> dict[str, Any]:
    first = (asked.page - 1) * asked.count
    if asked.page > 1 and options.page_shift_times > 0:
        options.page_shift_times -= 1
        first = max(first + options.page_shift, 0)
    shown = rows[first : first + asked.count]
    body: dict[str, Any] = {"data": [rendering.listed(kind, row) for row in shown]}
    if options.lists_without_meta > 0:
        options.lists_without_meta -= 1
    else:
        body["meta"] = {
            "total": len(rows),
            "current_page": asked.page,
            "last_page": max(-(-len(rows) // asked.count), 1),
            "per_page": asked.count,
            "from": first + 1 if shown else None,
            "to": first + len(shown) if shown else None,
        }
    body["search_mode"] = asked.is_search
    body["pagination"] = True
    body["sort"] = asked.is_sorted
    return body
