"""Turns JSON from the control endpoint into options and arguments, and says what is wrong with it."""

from __future__ import annotations

import inspect
import re
import typing
from dataclasses import fields
from datetime import date, datetime
from types import NoneType
from typing import TYPE_CHECKING, Any

from sandbox import planning_center, wegive
from sandbox.church import events
from sandbox.faults import Fault, FaultKind
from sandbox.planning_center import staff as planning_center_staff
from sandbox.planning_center.app import VENDOR as PLANNING_CENTER
from sandbox.wegive import staff as wegive_staff
from sandbox.wegive.app import VENDOR as WEGIVE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sandbox.world import World

Json = dict[str, Any]

CHURCH = "church"
_STAFF = {PLANNING_CENTER: planning_center_staff, WEGIVE: wegive_staff, CHURCH: events}
_GIVEN = ("records", "clock")
_FAULT_FIELDS = {"vendor": str, "kind": str, "method": str, "path": str, "times": int, "skip": int}


def staff_actions() -> dict[str, dict[str, list[str]]]:
    """Return the staff functions by vendor and name, each with the parameters that it takes."""
    return {
        vendor: {
            name: [
                parameter.name + ("" if parameter.default is parameter.empty else "?")
                for parameter in inspect.signature(getattr(module, name)).parameters.values()
                if parameter.name not in _GIVEN
            ]
            for name in sorted(module.__all__)
        }
        for vendor, module in _STAFF.items()
    }


def staff_call(world: World, vendor: str, action: str, values: Json) -> object:
    """Call a staff function by name with arguments by name; return what it returns.

    Raises:
        ValueError: there is no such function, or an argument is missing, unknown or of the wrong kind.
        LookupError: an id does not exist.
    """
    module = _STAFF.get(vendor)
    if module is None:
        raise ValueError(f"there is no staff of {vendor}; there are {', '.join(_STAFF)}")
    if action not in module.__all__:
        raise ValueError(f"staff of {vendor} cannot {action}; they can {', '.join(sorted(module.__all__))}")
    function: Callable[..., object] = getattr(module, action)
    parameters = inspect.signature(function).parameters
    records = world.planning_center_records if vendor == PLANNING_CENTER else world.wegive_records
    given = {"records": records, "clock": world.clock}
    arguments: Json = {name: value for name, value in given.items() if name in parameters}
    for name, value in values.items():
        if name in _GIVEN:
            raise ValueError(f"{name} is not for you to give")
        annotation = parameters[name].annotation if name in parameters else ""
        arguments[name] = _argument(name, value, str(annotation))
    try:
        inspect.signature(function).bind(**arguments)
    except TypeError as error:
        raise ValueError(f"{action}: {error}") from error
    try:
        return function(**arguments)
    except (TypeError, AttributeError) as error:
        raise ValueError(f"{action} cannot work with these arguments: {error}") from error


def _argument(name: str, value: object, annotation: str) -> object:
    """Return the value in the kind that the annotation asks for; numbers and their digits are the same."""
    wanted, _, nothing = annotation.partition(" | ")
    if value is None and nothing == "None":
        return None
    if wanted == "str" and isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    if wanted == "int" and not isinstance(value, bool) and str(value).lstrip("-").isdigit():
        return int(str(value))
    if wanted == "date":
        return read_day(name, value)
    if wanted in ("str", "int"):
        raise ValueError(f"{name} must be of kind {annotation}")
    if wanted in ("Values", "dict[str, Any]") and not isinstance(value, dict):
        raise ValueError(f"{name} must be an object")
    return value


def read_day(name: str, value: object) -> date:
    """Return a day written YYYY-MM-DD.

    Raises:
        ValueError: it is none.
    """
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f"{name} must be a day, YYYY-MM-DD") from error


def read_moment(name: str, value: str) -> datetime:
    """Return an ISO 8601 time with an offset.

    Raises:
        ValueError: it is none, or has no offset.
    """
    try:
        # A query's plus sign is a blank.
        at = datetime.fromisoformat(value.replace(" ", "+"))
    except ValueError as error:
        raise ValueError(f"{name} must be an ISO 8601 time") from error
    if at.tzinfo is None:
        raise ValueError(f"{name} must have an offset, such as Z")
    return at


def read_fault(body: Json) -> Fault:
    """Return a fault.

    Raises:
        ValueError: a field is missing, unknown or wrong.
    """
    for name in ("vendor", "kind"):
        if name not in body:
            raise ValueError(f"a fault needs {name}")
    for name, value in body.items():
        kind = _FAULT_FIELDS.get(name, float if name == "seconds" else None)
        if kind is None:
            raise ValueError(f"a fault has no {name}; it has {', '.join(_FAULT_FIELDS)}, seconds")
        allowed = (int, float) if kind is float else (kind,)
        if not isinstance(value, allowed) or isinstance(value, bool):
            raise ValueError(  # noqa: TRY004 - one kind of error for bad input
                f"a fault's {name} must be of kind {kind.__name__}"
            )
    if body["vendor"] not in (PLANNING_CENTER, WEGIVE):
        raise ValueError(f"a fault's vendor is {PLANNING_CENTER} or {WEGIVE}")
    if body["kind"] not in list(FaultKind):
        raise ValueError(f"a fault's kind is one of {', '.join(FaultKind)}")
    try:
        return Fault(**body)
    except re.error as error:
        raise ValueError(f"a fault's path must be a regular expression: {error}") from error


def change_options(options: planning_center.Options | wegive.Options, body: Mapping[str, Any]) -> None:
    """Set switches by name, all or none.

    Raises:
        ValueError: there is no such switch, or it does not take the value.
    """
    kinds = typing.get_type_hints(type(options))
    known = [field.name for field in fields(options)]
    for name, value in body.items():
        if name not in known:
            raise ValueError(f"there is no option {name}; there are {', '.join(known)}")
        if not _fits(value, kinds[name]):
            raise ValueError(f"option {name} takes {_described(kinds[name])}")
    for name, value in body.items():
        setattr(options, name, value)


def _fits(value: object, kind: object) -> bool:
    if typing.get_origin(kind) is typing.Literal:
        return value in typing.get_args(kind)
    if typing.get_args(kind):
        return any(_fits(value, each) for each in typing.get_args(kind))
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is kind


def _described(kind: object) -> str:
    if typing.get_origin(kind) is typing.Literal:
        return " or ".join(map(str, typing.get_args(kind)))
    if typing.get_args(kind):
        return " or ".join(_described(each) for each in typing.get_args(kind))
    return "null" if kind is NoneType else getattr(kind, "__name__", str(kind))
