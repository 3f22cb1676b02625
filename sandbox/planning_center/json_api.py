"""The JSON:API documents: resources, links, included, meta (planning-center-api.md 1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.planning_center.call import Answer
from sandbox.planning_center.includes import INCLUDES, SHAPES
from sandbox.planning_center.query import Query, read_query

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.planning_center.call import Call
    from sandbox.planning_center.store import Record
    from sandbox.planning_center.vertex import Vertex

Document = dict[str, Any]


class Rendering:
    """The resources of one answer, with all that they include."""

    def __init__(self, call: Call, query: Query) -> None:
        self._call = call
        self._query = query
        self._included: dict[tuple[str, str], Document] = {}
        self._plain: Rendering | None = None

    def resource(self, vertex: Vertex, record: Record, *, in_list: bool) -> Document:
        """Return one resource and take note of what it includes."""
        url = self._url(vertex, record)
        relationships = _relationships(vertex, record)
        if self._query.include:
            self._include(vertex, record, url, relationships)
        return {
            "type": vertex.type,
            "id": record["id"],
            "attributes": self._attributes(vertex, record),
            "relationships": relationships,
            "links": self._list_links(vertex, record, url) if in_list else _links(vertex, url),
        }

    def included(self) -> list[Document]:
        """Return what the resources so far include, each once."""
        return list(self._included.values())

    def _url(self, vertex: Vertex, record: Record) -> str:
        own = record.get("path", f"{vertex.collection}/{record['id']}")
        return f"{self._call.base_url}/{vertex.product}/v2/{own}".rstrip("/")

    def _attributes(self, vertex: Vertex, record: Record) -> Document:
        fields = self._query.fields.get(vertex.type)
        shape = SHAPES.get((vertex.product, vertex.type))
        if fields is not None:
            attributes = record["attributes"] if shape is None else shape(self._call, record)
            return {name: attributes.get(name) for name in vertex.attributes if name in fields}
        attributes = record["attributes"]
        if shape is not None and not vertex.on_request:
            return shape(self._call, record)
        if vertex.on_request:
            return {name: value for name, value in attributes.items() if name not in vertex.on_request}
        return attributes  # type: ignore[no-any-return]

    def _list_links(self, vertex: Vertex, record: Record, url: str) -> Document:
        if vertex.product == "people" and vertex.type == "Person":
            return {"self": url, "html": f"https://people.example.test/people/AC{record['id']}"}
        return {"self": url}

    def _include(self, vertex: Vertex, record: Record, url: str, relationships: Document) -> None:
        for name in self._query.include:
            include = INCLUDES[vertex.product, vertex.type][name]
            found = include.records(self._call, record)
            if include.vertex is None:
                relationships[name] = {"data": [] if include.to_many else None}
                continue
            ids = [{"type": include.vertex.type, "id": each["id"]} for each in found]
            if include.to_many:
                relationships[name] = {"links": {"related": f"{url}/{name}"}, "data": ids}
            else:
                relationships[name] = {"data": ids[0] if ids else None}
            for each in found:
                key = (include.vertex.type, each["id"])
                if key not in self._included:
                    if self._plain is None:
                        self._plain = Rendering(self._call, Query(fields=self._query.fields))
                    self._included[key] = self._plain.resource(include.vertex, each, in_list=True)


def _relationships(vertex: Vertex, record: Record) -> Document:
    relations = record["relations"]
    document: Document = {}
    for name, relationship in vertex.relationships.items():
        related = relations.get(name)
        if relationship.to_many:
            document[name] = {"data": [{"type": relationship.type, "id": each} for each in related or ()]}
        else:
            document[name] = {"data": None if related is None else {"type": relationship.type, "id": related}}
    return document


def _links(vertex: Vertex, url: str) -> Document:
    links: Document = {name: f"{url}/{name}" for name in (*vertex.edges, *vertex.actions)}
    links["self"] = url
    return links


def read_one(call: Call, vertex: Vertex, record: Record) -> Answer:
    """Return the answer to a GET of one record, with the includes and fields that it asks for."""
    return Answer(200, one(call, vertex, record, read_query(call, vertex, a_list=False)))


def written(call: Call, vertex: Vertex, record: Record, status: int) -> Answer:
    """Return the answer to a POST (201) or a PATCH (200)."""
    return Answer(status, one(call, vertex, record, read_query(call, vertex, a_list=False)))


def one(call: Call, vertex: Vertex, record: Record, query: Query) -> Document:
    """Return the document of one record."""
    rendering = Rendering(call, query)
    data = rendering.resource(vertex, record, in_list=False)
    meta: Document = {"parent": {"id": call.organization_id, "type": "Organization"}}
    if vertex.include:
        meta["can_include"] = sorted(vertex.include)
    return {"data": data, "included": rendering.included(), "meta": meta}


def many(
    call: Call,
    vertex: Vertex,
    page: Iterable[Record],
    *,
    query: Query,
    meta: Document,
    links: Document,
) -> Answer:
    """Return the answer that lists one page."""
    rendering = Rendering(call, query)
    data = [rendering.resource(vertex, record, in_list=True) for record in page]
    return Answer(200, {"links": links, "data": data, "included": rendering.included(), "meta": meta})
