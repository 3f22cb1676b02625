"""The sandbox's vertices, held against Planning Center's own documents."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sandbox.planning_center.fund_vertices import FUND_VERTICES
from sandbox.planning_center.giving_vertices import GIVING_VERTICES
from sandbox.planning_center.people_vertices import PEOPLE_VERTICES
from sandbox.planning_center.routes import ROUTES
from sandbox.planning_center.versions import NEWEST
from sandbox.planning_center.vertex import BOOLEAN, DATE, DATE_TIME, INTEGER, JSON, STRING, Vertex

DOCUMENTS = Path(__file__).parents[3].parent / "shared" / "reference" / "planning-center-docs"
VERTICES = (*PEOPLE_VERTICES, *GIVING_VERTICES, *FUND_VERTICES)
KINDS = {
    "string": STRING,
    "int": INTEGER,
    "bool": BOOLEAN,
    "System.DateOnly": DATE,
    "System.DateTime": DATE_TIME,
    "System.Text.Json.Nodes.JsonArray": JSON,
    "System.Text.Json.Nodes.JsonObject": JSON,
}
BEYOND_THE_DOCUMENTS = {
    # Shown as an attribute by the newest documents; the fact sheet (4.1) lists it as writable.
    "PaymentSource": {"status"},
}

reference = [
    pytest.mark.reference,
    pytest.mark.skipif(not DOCUMENTS.exists(), reason="the vendor's documents are not beside the repository"),
]
each_vertex = pytest.mark.parametrize(
    "vertex", VERTICES, ids=[f"{vertex.product}.{vertex.type}" for vertex in VERTICES]
)


def snake_case(type_: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type_).lower()


@cache
def newest(product: str) -> dict[str, Any]:
    text = (DOCUMENTS / "newest" / f"{product}-{NEWEST[product]}.json").read_text()
    return {resource["JsonName"]: resource for resource in json.loads(text)["Resources"]}


def resource(vertex: Vertex) -> dict[str, Any]:
    found: dict[str, Any] = newest(vertex.product)[snake_case(vertex.type)]
    return found


def permissions(vertex: Vertex) -> dict[str, Any]:
    text = (DOCUMENTS / vertex.product / f"{snake_case(vertex.type)}.json").read_text()
    found: dict[str, Any] = json.loads(text)["data"]["relationships"]["permissions"]["data"]["attributes"]
    return found


def parameters(vertex: Vertex) -> set[str]:
    return {
        each["Parameter"].removeprefix("where[").removesuffix("]") for each in resource(vertex)["CanQueryBy"]
    }


def values(vertex: Vertex, key: str) -> set[str]:
    return {each["Value"] for each in resource(vertex)[key]}


class TestDocuments:
    pytestmark = reference

    @each_vertex
    def test_a_vertex_has_the_documented_attributes_of_the_documented_kinds(self, vertex: Vertex) -> None:
        documented = {each["JsonName"]: KINDS[each["ClrType"]] for each in resource(vertex)["Attributes"]}

        assert dict(vertex.attributes) == documented

    @each_vertex
    def test_attributes_that_need_fields_are_shown_on_request_only(self, vertex: Vertex) -> None:
        documented = {
            each["JsonName"]
            for each in resource(vertex)["Attributes"]
            if "requested with the" in (each["Description"] or "")
        }

        assert vertex.on_request == documented

    @each_vertex
    def test_a_vertex_has_the_documented_relationships(self, vertex: Vertex) -> None:
        documented = {
            each["JsonName"]: each.get("IsCollection", False) for each in resource(vertex)["Relationships"]
        }

        assert {name: each.to_many for name, each in vertex.relationships.items()} == documented

    @each_vertex
    def test_a_vertex_is_queried_ordered_and_included_as_documented(self, vertex: Vertex) -> None:
        documented = [parameters(vertex), values(vertex, "CanOrderBy"), values(vertex, "CanInclude")]

        assert [set(vertex.where), set(vertex.order), set(vertex.include)] == documented

    @each_vertex
    def test_a_vertex_is_written_as_documented(self, vertex: Vertex) -> None:
        documented = tuple(resource(vertex)[key] for key in ("Postable", "Patchable", "Deletable"))

        assert (vertex.can_create, vertex.can_update, vertex.can_destroy) == documented

    @each_vertex
    def test_a_vertex_takes_the_documented_attributes_only(self, vertex: Vertex) -> None:
        documented = permissions(vertex)
        beyond = BEYOND_THE_DOCUMENTS.get(vertex.type, set())

        assert vertex.create - beyond == set(documented.get("create_assignable") or ())
        assert vertex.update - beyond == set(documented.get("update_assignable") or ())

    @each_vertex
    def test_edges_and_actions_are_documented(self, vertex: Vertex) -> None:
        edges = {each["Slug"] for each in resource(vertex)["Children"]}
        actions = {each["Path"] for each in resource(vertex)["Actions"]}

        assert set(vertex.edges) <= edges
        assert set(vertex.actions) == actions

    @each_vertex
    def test_the_organizations_list_has_the_documented_filters(self, vertex: Vertex) -> None:
        children = {each["Slug"]: each for each in newest(vertex.product)["organization"]["Children"]}
        documented = {each["Value"] for each in children.get(vertex.collection, {"Filters": []})["Filters"]}

        assert vertex.filters == documented


@pytest.mark.parametrize("vertex", [vertex for vertex in VERTICES if vertex.collection])
def test_every_edge_and_action_of_a_vertex_is_routed(vertex: Vertex) -> None:
    routes = ROUTES[vertex.product]

    missing = [
        name for name in (*vertex.edges, *vertex.actions) if f"{vertex.collection}/*/{name}" not in routes
    ]

    assert missing == []


@each_vertex
def test_what_may_be_set_is_an_attribute_or_a_relationship(vertex: Vertex) -> None:
    known = {*vertex.attributes, *(f"{name}_id" for name in vertex.relationships)}
    # Written under names that no answer shows (any more).
    hidden = {"gender_id", "payment_source_type"}

    assert (vertex.create | vertex.update) - known <= hidden
