"""Query: the parameters of a read, held against the vertex's table (planning-center-api.md 1.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.planning_center.errors import bad_request
from sandbox.planning_center.vertex import NOBODY

if TYPE_CHECKING:
    from sandbox.planning_center.call import Call
    from sandbox.planning_center.vertex import Vertex

MOST_PER_PAGE = 100
PER_PAGE = 25

_WHERE = re.compile(r"where\[(\w+)\](?:\[(\w+)\])?")
_FIELDS = re.compile(r"fields\[(\w+)\]")


@dataclass
class Where:
    """One condition: `operator` is empty for equality."""

    name: str
    operator: str
    value: str


@dataclass
class Query:
    """What a read asked for."""

    per_page: int = PER_PAGE
    offset: int = 0
    order: str = ""
    filter: str = ""
    since: str = ""
    where: list[Where] = field(default_factory=list)
    include: tuple[str, ...] = ()
    fields: dict[str, frozenset[str]] = field(default_factory=dict)


def read_query(call: Call, vertex: Vertex, *, a_list: bool, filters: frozenset[str] = NOBODY) -> Query:
    """Return the query of this read.

    Raises:
        Refusal: 400, with the parameter that the documents do not know.
    """
    query = Query()
    for name, value in call.parameters:
        if name in {"include", "include[]"}:
            _read_include(query, vertex, value)
        elif name.startswith("fields["):
            _read_fields(query, name, value)
        elif not a_list or not _read_list_parameter(call, query, vertex, filters, name=name, value=value):
            _unknown(call, name, f"{name} is not a parameter of this {vertex.type} endpoint")
    return query


def _read_include(query: Query, vertex: Vertex, value: str) -> None:
    names = tuple(name for name in value.split(",") if name)
    for name in names:
        if name not in vertex.include:
            raise bad_request("invalid_include", f"{name} cannot be included with {vertex.type}", "include")
    query.include += names


def _read_fields(query: Query, name: str, value: str) -> None:
    match = _FIELDS.fullmatch(name)
    if match is None:
        raise bad_request("invalid_parameter", f"{name} is not a fields parameter", name)
    query.fields[match[1]] = frozenset(value.split(","))


def _read_list_parameter(
    call: Call, query: Query, vertex: Vertex, filters: frozenset[str], *, name: str, value: str
) -> bool:
    if name == "per_page":
        query.per_page = _number(name, value, 1, MOST_PER_PAGE)
    elif name == "offset":
        query.offset = _number(name, value, 0, None)
    elif name == "order":
        if value.removeprefix("-") not in vertex.order:
            raise bad_request("invalid_order", f"{vertex.type} cannot be ordered by {value}", "order")
        query.order = value
    elif name == "filter":
        if value not in filters:
            raise bad_request(
                "invalid_filter", f"{value} is not a filter of this {vertex.type} list", "filter"
            )
        query.filter = value
    elif name == "time" and "created_since" in filters:
        query.since = value
    elif name.startswith("where["):
        _read_where(call, query, vertex, name, value)
    else:
        return False
    return True


def _read_where(call: Call, query: Query, vertex: Vertex, name: str, value: str) -> None:
    match = _WHERE.fullmatch(name)
    if match is None or match[1] not in vertex.where or match[2] not in {None, "gt", "gte", "lt", "lte"}:
        _unknown(call, name, f"{vertex.type} cannot be queried by {name}")
        return
    query.where.append(Where(match[1], match[2] or "", value))


def _unknown(call: Call, name: str, detail: str) -> None:
    if call.options.unknown_where == "refused":
        raise bad_request("invalid_parameter", detail, name)


def _number(name: str, value: str, least: int, most: int | None) -> int:
    number = int(value) if value.isascii() and value.isdigit() else -1
    if number < least or (most is not None and number > most):
        raise bad_request("invalid_parameter", f"{name} must be a number from {least} to {most}", name)
    return number
