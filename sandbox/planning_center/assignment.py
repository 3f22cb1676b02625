"""Assignment: what a POST or PATCH may set, and all complaints at once (planning-center-api.md 1.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.planning_center.errors import bad_request, invalid, unassignable, unprocessable
from sandbox.planning_center.moments import is_date, read_moment
from sandbox.planning_center.vertex import BOOLEAN, DATE, DATE_TIME, INTEGER, STRING

if TYPE_CHECKING:
    from sandbox.planning_center.call import Call
    from sandbox.planning_center.vertex import Vertex

Error = dict[str, Any]
Related = str | list[str] | None

LONGEST_TEXT = 255
_TYPES: dict[str, type] = {STRING: str, INTEGER: int, BOOLEAN: bool, DATE: str, DATE_TIME: str}


def assigned(call: Call, vertex: Vertex, *, creating: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the attributes and the related ids that the request sets.

    An `..._id` attribute counts as its relationship.

    Raises:
        Refusal: 400, there is no `data` or it is of another type; 422, one error per wrong attribute.
    """
    data = call.document.get("data")
    if not isinstance(data, dict):
        raise bad_request("invalid_resource_payload", "The payload must have a `data` object")
    if data.get("type", vertex.type) != vertex.type:
        raise bad_request("invalid_resource_payload", f"The type of `data` must be {vertex.type}")
    errors: list[Error] = []
    attributes: dict[str, Any] = {}
    relations: dict[str, Any] = {}
    assignable = vertex.assignable(creating=creating)
    for name, value in _object(data, "attributes").items():
        if name not in assignable:
            errors.append(unassignable(name))
        elif name in vertex.attributes:
            attributes[name] = _value(call, vertex, name, value, errors)
        elif name.removesuffix("_id") in vertex.relationships:
            relations[name.removesuffix("_id")] = None if value is None else str(value)
        else:
            attributes[name] = value
    allowed = vertex.assignable_relationships(creating=creating)
    for name, value in _object(data, "relationships").items():
        if name in allowed:
            relations[name] = _related(vertex, name, value, errors)
        else:
            errors.append(unassignable(name))
    if errors:
        raise unprocessable(*errors)
    return attributes, relations


def _object(data: dict[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise bad_request("invalid_resource_payload", f"`{key}` must be an object")
    return value


def _value(call: Call, vertex: Vertex, name: str, value: object, errors: list[Error]) -> object:
    """Return the value as it is kept; a value of the wrong kind adds a complaint."""
    if value is None:
        return None
    kind = vertex.attributes[name]
    wanted = _TYPES.get(kind)
    if wanted is not None and type(value) is not wanted:
        errors.append(invalid(name, f"must be of kind {kind}", vertex.type))
        return None
    if isinstance(value, str):
        return _text(call, vertex, name, value, errors)
    return value


def _text(call: Call, vertex: Vertex, name: str, value: str, errors: list[Error]) -> str | None:
    kind = vertex.attributes[name]
    if kind == DATE_TIME:
        moment = read_moment(value, call.organization["time_zone"])
        if moment is None:
            errors.append(invalid(name, "is not an ISO 8601 date or time", vertex.type))
        return moment
    if kind == DATE and not is_date(value):
        errors.append(invalid(name, "is not a date", vertex.type))
        return None
    if len(value) > LONGEST_TEXT and name != "medical_notes":
        errors.append(invalid(name, f"is too long (maximum is {LONGEST_TEXT} characters)", vertex.type))
    return value


def _related(vertex: Vertex, name: str, value: object, errors: list[Error]) -> Related:
    """Return the id, or the ids, of a relationship object; null and `{}` are nobody."""
    data = value.get("data") if isinstance(value, dict) else None
    if vertex.relationships[name].to_many:
        return [_id(name, item, errors) for item in data] if isinstance(data, list) else []
    return None if data is None else _id(name, data, errors)


def _id(name: str, item: object, errors: list[Error]) -> str:
    if isinstance(item, dict) and isinstance(item.get("id"), str | int) and item["id"] != "":
        return str(item["id"])
    errors.append(invalid(name, "must name a type and an id"))
    return ""
