"""Contact details: emails, phone numbers and addresses of people (planning-center-api.md 3.2 to 3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.planning_center.assignment import assigned
from sandbox.planning_center.call import Answer
from sandbox.planning_center.contact_rules import RULES
from sandbox.planning_center.errors import unprocessable
from sandbox.planning_center.json_api import read_one, written
from sandbox.planning_center.listing import list_organization, list_rows
from sandbox.planning_center.people import touch_person
from sandbox.planning_center.people_vertices import EMAIL, PERSON
from sandbox.planning_center.store import new_record, note_change

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.planning_center.call import Call
    from sandbox.planning_center.store import Record, Store
    from sandbox.planning_center.vertex import Vertex

_SEARCHABLE = ("address", "number", "e164")


def list_details(vertex: Vertex) -> Callable[[Call], Answer]:
    """Return the handler that lists the details of the whole church."""
    return lambda call: list_organization(call, vertex)


def list_of_person(vertex: Vertex) -> Callable[[Call], Answer]:
    """Return the handler that lists one person's details."""

    def handler(call: Call) -> Answer:
        person = call.record("Person")
        return list_rows(call, vertex, details(call.store, vertex.type, person), ("Person", person["id"]))

    return handler


def read_detail(vertex: Vertex) -> Callable[[Call], Answer]:
    """Return the handler that reads one detail by its own id."""
    return lambda call: read_one(call, vertex, call.record(vertex.type))


def create_detail(vertex: Vertex) -> Callable[[Call], Answer]:
    """Return the handler that gives a person a detail."""

    def handler(call: Call) -> Answer:
        person = call.record("Person")
        values, _ = assigned(call, vertex, creating=True)
        detail = add_detail(call, vertex, person, values)
        answer = written(call, vertex, detail, 201)
        if vertex is EMAIL and answer.document is not None and not values.get("primary"):
            # The first email is the primary one, yet the vendor's answer to its creation denies it (3.2).
            data = answer.document["data"]
            data["attributes"] = {**data["attributes"], "primary": False}
        return answer

    return handler


def add_detail(call: Call, vertex: Vertex, person: Record, values: dict[str, Any]) -> Record:
    """Check, complete and keep a new detail.

    Raises:
        Refusal: 422, the rules of its kind.
    """
    owned = details(call.store, vertex.type, person)
    now = call.now_text
    attributes = dict.fromkeys(vertex.attributes) | {"created_at": now, "primary": False}
    _set(call, vertex, attributes, values, owned)
    detail = new_record(
        call.store.new_id(vertex.type, call.organization_id),
        call.organization_id,
        call.now_ts,
        attributes,
        {"person": person["id"]},
    )
    call.store.put(vertex.type, detail)
    _settle_primary(call.store, vertex.type, person, detail if values.get("primary") else None, now)
    touch_person(call.store, person, now)
    return detail


def update_detail(vertex: Vertex) -> Callable[[Call], Answer]:
    """Return the handler that changes a detail by its own id."""

    def handler(call: Call) -> Answer:
        detail = call.record(vertex.type)
        values, _ = assigned(call, vertex, creating=False)
        person = call.record("Person", detail["relations"]["person"])
        owned = [each for each in details(call.store, vertex.type, person) if each is not detail]
        attributes = dict(detail["attributes"])
        _set(call, vertex, attributes, values, owned)
        searchable = [name for name in _SEARCHABLE if name in attributes]
        if any(detail["attributes"][name] != attributes[name] for name in searchable):
            note_change(detail, searchable, call.now_ts, call.options.search_lag_seconds)
        detail["attributes"] = attributes
        call.store.put(vertex.type, detail)
        now = call.now_text
        _settle_primary(call.store, vertex.type, person, detail if values.get("primary") else None, now)
        touch_person(call.store, person, now)
        return written(call, vertex, detail, 200)

    return handler


def delete_detail(vertex: Vertex) -> Callable[[Call], Answer]:
    """Return the handler that deletes a detail; the oldest that is left becomes the primary one."""

    def handler(call: Call) -> Answer:
        detail = call.record(vertex.type)
        person = call.record("Person", detail["relations"]["person"])
        call.store.delete(vertex.type, detail)
        now = call.now_text
        _settle_primary(call.store, vertex.type, person, None, now)
        touch_person(call.store, person, now)
        return Answer(204)

    return handler


def read_owner(call: Call) -> Answer:
    """Return the person whose email this is."""
    return read_one(call, PERSON, call.record("Person", call.record("Email")["relations"]["person"]))


def details(store: Store, type_: str, person: Record) -> list[Record]:
    """Return a person's details of one kind."""
    return store.find(type_, "person", person["organization_id"], person["id"])


def _set(
    call: Call, vertex: Vertex, attributes: dict[str, Any], values: dict[str, Any], owned: list[Record]
) -> None:
    attributes.update({name: value for name, value in values.items() if name != "primary"})
    if values.get("primary") is False:
        attributes["primary"] = False
    attributes["updated_at"] = call.now_text
    errors = RULES[vertex.type](attributes, owned, call.organization["country_code"])
    if errors:
        raise unprocessable(*errors)


def _settle_primary(store: Store, type_: str, person: Record, chosen: Record | None, now: str) -> None:
    """Leave exactly one primary detail: the chosen one, else the one that is, else the oldest."""
    owned = details(store, type_, person)
    if chosen is None:
        chosen = next((each for each in owned if each["attributes"]["primary"]), owned[0] if owned else None)
    for each in owned:
        primary = each is chosen
        if each["attributes"]["primary"] is not primary:
            each["attributes"] |= {"primary": primary, "updated_at": now}
            store.put(type_, each)
