"""Conditions: what `where` means for each kind of attribute (planning-center-api.md 1.5)."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from sandbox.planning_center.errors import bad_request
from sandbox.planning_center.moments import is_date, read_moment
from sandbox.planning_center.vertex import BOOLEAN, DATE, DATE_TIME, INTEGER

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.planning_center.query import Where

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def condition(kind: str, where: Where, time_zone: str) -> Callable[[Any], bool]:
    """Return the test of one attribute's value.

    Raises:
        Refusal: 400, the value or the operator does not fit the attribute's kind.
    """
    if kind == DATE_TIME:
        return _moment_condition(where, time_zone)
    if kind == DATE:
        return _date_condition(where)
    if where.operator:
        raise _misfit(where)
    if kind == BOOLEAN:
        if where.value not in {"true", "false"}:
            raise _misfit(where)
        wanted = where.value == "true"
        return lambda value: bool(value) is wanted
    if kind == INTEGER:
        return lambda value: value is not None and str(value) == where.value
    return _text_condition(where.value)


def _text_condition(value: str) -> Callable[[Any], bool]:
    """Compare without regard to case; a `%` at an end stands for any text."""
    text = value.casefold()
    bare = text.strip("%")
    if text.startswith("%") and text.endswith("%"):
        return lambda found: found is not None and bare in str(found).casefold()
    if text.startswith("%"):
        return lambda found: found is not None and str(found).casefold().endswith(bare)
    if text.endswith("%"):
        return lambda found: found is not None and str(found).casefold().startswith(bare)
    return lambda found: found is not None and str(found).casefold() == text


def _date_condition(where: Where) -> Callable[[Any], bool]:
    if not is_date(where.value):
        raise _misfit(where)
    compare = _OPERATORS[where.operator]
    return lambda found: found is not None and compare(found, where.value)


def _moment_condition(where: Where, time_zone: str) -> Callable[[Any], bool]:
    if not where.operator and is_date(where.value):
        return lambda found: found is not None and found.startswith(where.value)
    wanted = read_moment(where.value, time_zone)
    if wanted is None:
        raise _misfit(where)
    compare = _OPERATORS[where.operator]
    return lambda found: found is not None and compare(found, wanted)


def _misfit(where: Where) -> Exception:
    name = f"where[{where.name}]" + (f"[{where.operator}]" if where.operator else "")
    return bad_request("invalid_parameter", f"{where.value!r} does not fit {name}", name)
