"""Listing: where, filter, order and pages over the records of a list (planning-center-api.md 1.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from sandbox.planning_center.conditions import condition
from sandbox.planning_center.filters import FILTERS
from sandbox.planning_center.json_api import many
from sandbox.planning_center.query import read_query
from sandbox.planning_center.searching import SEARCHES, id_condition
from sandbox.planning_center.store import found_attributes
from sandbox.planning_center.vertex import NOBODY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sandbox.planning_center.call import Answer, Call
    from sandbox.planning_center.query import Query, Where
    from sandbox.planning_center.store import Record
    from sandbox.planning_center.vertex import Vertex

Rows = list[dict[str, Any]]
_NARROWING = {("Email", "address"): "address", ("Label", "slug"): "slug"}
"""The texts whose equality an index answers."""


def list_organization(call: Call, vertex: Vertex) -> Answer:
    """Return the page that is asked for of all the church's records of this vertex."""
    query = read_query(call, vertex, a_list=True, filters=vertex.filters)
    rows = _candidates(call, vertex, query)
    return _page(call, vertex, rows, query, filters=vertex.filters, parent=("Organization", ""))


def list_rows(
    call: Call, vertex: Vertex, rows: Rows, parent: tuple[str, str], filters: frozenset[str] = NOBODY
) -> Answer:
    """Return the page that is asked for of these rows; `parent` is the type and id of what they hang on."""
    query = read_query(call, vertex, a_list=True, filters=filters)
    return _page(call, vertex, rows, query, filters=filters, parent=parent)


def _candidates(call: Call, vertex: Vertex, query: Query) -> Rows:
    """Return the church's records, or the few of them that an index already finds."""
    for where in query.where:
        index = _NARROWING.get((vertex.type, where.name))
        if index is not None and not where.operator and "%" not in where.value:
            return call.store.find(vertex.type, index, call.organization_id, where.value.casefold())
        if vertex.type == "Person" and where.name == "id" and "," not in where.value:
            found = call.store.get(vertex.type, call.organization_id, where.value)
            return [] if found is None else [found]
    rows = call.store.all(vertex.type, call.organization_id)
    if (vertex.product, vertex.type) == ("giving", "Person"):
        latest = call.now_ts - call.options.giving_person_lag_seconds
        return [row for row in rows if row["created_ts"] <= latest]
    return as_listed(call, vertex.type, rows, call.store.all)


def as_listed(call: Call, type_: str, rows: Rows, ghosts: Callable[[str, str], Rows]) -> Rows:
    """Return the rows as a list shows them: the newest not yet, the just deleted still.

    Args:
        call: the request.
        type_: `Batch` and `Donation` lists lag; others do not.
        rows: the rows as they are.
        ghosts: finds deleted rows by type and organization.
    """
    lag_seconds = call.options.list_lag_seconds
    if lag_seconds <= 0 or type_ not in {"Batch", "Donation"}:
        return rows
    latest = call.now_ts - lag_seconds
    gone = ghosts(f"{type_}.ghost", call.organization_id)
    seen = [row for row in rows if row["created_ts"] <= latest]
    seen += [row for row in gone if row["deleted_ts"] > latest >= row["created_ts"]]
    return sorted(seen, key=lambda row: int(row["id"]))


def _page(
    call: Call, vertex: Vertex, rows: Rows, query: Query, *, filters: frozenset[str], parent: tuple[str, str]
) -> Answer:
    tests = [_test(call, vertex, where) for where in query.where]
    if query.filter:
        tests.append(FILTERS[vertex.type, query.filter](call, query))
    if tests:
        rows = [row for row in rows if all(test(row) for test in tests)]
    if query.order:
        rows = _ordered(rows, query.order)
    page = rows[query.offset : query.offset + query.per_page]
    parent_type, parent_id = parent
    meta: dict[str, Any] = {"total_count": len(rows), "count": len(page)}
    links: dict[str, Any] = {"self": _url(call, None)}
    if query.offset + query.per_page < len(rows):
        meta["next"] = {"offset": query.offset + query.per_page}
        links["next"] = _url(call, query.offset + query.per_page)
    if query.offset > 0:
        meta["prev"] = {"offset": max(0, query.offset - query.per_page)}
        links["prev"] = _url(call, max(0, query.offset - query.per_page))
    meta |= _abilities(vertex, filters)
    meta["parent"] = {"id": parent_id or call.organization_id, "type": parent_type}
    return many(call, vertex, page, query=query, meta=meta, links=links)


def _abilities(vertex: Vertex, filters: frozenset[str]) -> dict[str, list[str]]:
    abilities = {
        "can_order_by": vertex.order,
        "can_query_by": vertex.where,
        "can_include": vertex.include,
        "can_filter": filters,
    }
    return {name: sorted(words) for name, words in abilities.items() if words}


def _url(call: Call, offset: int | None) -> str:
    pairs = call.parameters
    if offset is not None:
        pairs = [*((name, value) for name, value in pairs if name != "offset"), ("offset", str(offset))]
    query = urlencode(pairs)
    return f"{call.base_url}{call.path}?{query}" if query else f"{call.base_url}{call.path}"


def _test(call: Call, vertex: Vertex, where: Where) -> Callable[[Record], bool]:
    if where.name == "id":
        return id_condition(call, where)
    search = SEARCHES.get(where.name)
    if search is not None:
        return search(call, where.value)
    name = where.name
    relation = name.removesuffix("_id")
    if name not in vertex.attributes and relation in vertex.relationships:
        return lambda row: row["relations"].get(relation) == where.value
    test = condition(vertex.attributes[name], where, call.organization["time_zone"])
    lag_seconds = call.options.search_lag_seconds
    if lag_seconds > 0 and name in vertex.lagging:
        return lambda row: test((found_attributes(row, call.now_ts, lag_seconds) or {}).get(name))
    return lambda row: test(row["attributes"].get(name))


def _ordered(rows: Iterable[Record], order: str) -> Rows:
    """Sort by one attribute; rows without a value come first."""
    name = order.removeprefix("-")

    def key(row: Record) -> tuple[bool, Any]:
        value = row["attributes"].get(name)
        if isinstance(value, str):
            value = value.casefold()
        return (value is not None, value if value is not None else 0)

    return sorted(rows, key=key, reverse=order.startswith("-"))
