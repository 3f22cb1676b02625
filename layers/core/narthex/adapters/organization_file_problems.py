"""What is wrong with an organization file, in words for the person who wrote it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any, NoReturn, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from narthex.adapters.organization_file_values import HIDDEN, WRONG
from narthex.domain.church_day import zone
from narthex.domain.errors import InvalidInputError

LONGEST_SHOWN = 60
YEARS_LOOKED_AT = range(2026, 2037)
"""Clock changes repeat; ten years show them all."""

_COMMENTS = frozenset({"$comment", "$schema"})
_SECRET_NAMES = frozenset({"credentials", "secret", "token", "access_token", "application_id", "kind"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: the dotted field ("" for the file itself) and what to do about it."""

    field: str
    text: str


def invalid(problems: Sequence[Problem]) -> InvalidInputError:
    """One error that names them all."""
    if len(problems) == 1:
        return InvalidInputError(problems[0].text, field=problems[0].field or None)
    lines = [f"- {problem.field}: {problem.text}" for problem in problems]
    return InvalidInputError("\n".join([f"the organization file has {len(problems)} problems:", *lines]))


def load_json(text: str | bytes) -> object:
    """The JSON values of a file.

    Raises:
        InvalidInputError: It is not JSON; with line and column.
    """
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        return json.loads(decoded, object_pairs_hook=_once_each, parse_constant=_no_constant)
    except UnicodeDecodeError:
        reason = "the organization file is not UTF-8 text; save it as UTF-8"
    except json.JSONDecodeError as error:
        reason = (
            f"the organization file is not JSON: {error.msg}, at line {error.lineno}, column {error.colno}; "
            f'names and texts stand in "double quotes", and no comma stands before a closing bracket'
        )
    except (RecursionError, ValueError):
        reason = "the organization file is nested far too deeply, or has a number with thousands of digits"
    raise InvalidInputError(reason)


def without_comments(value: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """The same values without `$comment` and `$schema`."""
    if isinstance(value, Mapping):
        return {name: without_comments(part) for name, part in value.items() if name not in _COMMENTS}
    if isinstance(value, list):
        return [without_comments(part) for part in value]
    return value


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Every problem that pydantic found, in the order of the file's fields."""
    return [_problem_of(detail, model) for detail in error.errors(include_url=False)]


def time_problems(push_at: time, time_zone: str) -> list[Problem]:
    """Whether the clocks skip the time of the push: EventBridge would leave that day's push out."""
    local = zone(time_zone)
    day = date(YEARS_LOOKED_AT.start, 1, 1)
    while day.year < YEARS_LOOKED_AT.stop:
        moment = datetime.combine(day, push_at, tzinfo=local)
        if moment.astimezone(UTC).astimezone(local).time() != push_at:
            text = (
                f'found "{push_at:%H:%M}", which the clocks of {time_zone} skip on {day.isoformat()}; '
                f'no push would run then. Choose a time that every day has, for example "08:01"'
            )
            return [Problem("settings.push_at", text)]
        day += timedelta(days=1)
    return []


def _problem_of(detail: ErrorDetails, model: type[BaseModel]) -> Problem:
    path, parent, field = _walk([str(step) for step in detail["loc"]], model)
    name = ".".join(path)
    wanted = "" if field is None else f"write {field.description}"
    match detail["type"]:
        case "extra_forbidden":
            return Problem(name, _unknown(path[-1], parent))
        case "missing":
            return Problem(name, f"is missing; {wanted}")
        case "union_tag_not_found":
            return Problem(f"{name}.kind", f"is missing; write {_kinds_of(field)}")
        case "union_tag_invalid":
            return Problem(f"{name}.kind", f"is unknown; write {_kinds_of(field)}")
        case _ if detail["type"] == HIDDEN:
            return Problem(name, f"{detail['msg']}; {wanted}")
        case _ if detail["type"] == WRONG:
            return Problem(name, f"found {_shown(detail['input'], path, field)}, which {detail['msg']}")
        case _:
            return Problem(name, f"found {_shown(detail['input'], path, field)}; {wanted}")


def _walk(steps: list[str], model: type[BaseModel]) -> tuple[list[str], type[BaseModel], FieldInfo | None]:
    """The path without pydantic's union tags, the model around its end, and the field there."""
    path: list[str] = []
    parent: type[BaseModel] = model
    field: FieldInfo | None = None
    choices: dict[str, type[BaseModel]] = {}
    for step in steps:
        if step in choices:
            parent, choices = choices[step], {}
            continue
        path.append(step)
        if field is not None and (inner := _model_of(field)) is not None:
            parent = inner
        field = parent.model_fields.get(step)
        choices = {} if field is None else _choices_of(field)
    return path, parent, field


def _model_of(field: FieldInfo) -> type[BaseModel] | None:
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _choices_of(field: FieldInfo) -> dict[str, type[BaseModel]]:
    if field.discriminator is None:
        return {}
    return {get_args(kind.model_fields["kind"].annotation)[0]: kind for kind in get_args(field.annotation)}


def _kinds_of(field: FieldInfo | None) -> str:
    return " or ".join(f'"{kind}"' for kind in ({} if field is None else _choices_of(field)))


def _unknown(name: str, parent: type[BaseModel]) -> str:
    known = list(parent.model_fields)
    near = get_close_matches(name, known, n=1)
    if near:
        return f"is not known here; did you mean {near[0]}?"
    return f"is not known here; known are {', '.join(known)}"


def _shown(value: object, path: Sequence[str], field: FieldInfo | None) -> str:
    """What was found, as far as it cannot be a secret."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    wants_object = field is None or field.discriminator is not None or _model_of(field) is not None
    if wants_object or _SECRET_NAMES & set(path):
        return "something else (not shown)"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}… (shortened)"


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidInputError("stands there twice; keep one of them", field=twice)
    return found


def _no_constant(name: str) -> NoReturn:
    message = f"the organization file is not JSON: {name} is no JSON value"
    raise InvalidInputError(message)
