"""WeGive's answers in HTTP: bodies, errors and what comes instead of them (wegive-api.md 5, 13.7)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, Response

from sandbox.faults import FaultKind, NoAnswer, SlowAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sandbox.faults import Fault

_JSON = "application/json"
_PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


def json_answer(
    body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a JSON answer."""
    content = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return Response(content, status, headers=headers, media_type=_JSON)


def message(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return an error that is one sentence."""
    return json_answer({"message": text}, status, headers)


def unauthenticated() -> Response:
    """Return the 401."""
    return message(401, "Unauthenticated.")


def invalid(problems: Mapping[str, list[str]]) -> Response:
    """Return the 422, with texts by field."""
    return json_answer({"message": "The given data was invalid.", "errors": problems}, 422)


def too_many(retry_after_seconds: int, headers: Mapping[str, str] | None = None) -> Response:
    """Return the 429."""
    return message(429, "Too Many Attempts.", {**(headers or {}), "Retry-After": str(retry_after_seconds)})


def page(status: int, title: str) -> Response:
    """Return an HTML page, as a gateway or a firewall would."""
    return HTMLResponse(_PAGE.format(title), status)


_INSTEAD: Mapping[FaultKind, Callable[[Fault], Response]] = {
    FaultKind.ERROR_WITHOUT_EFFECT: lambda _: message(500, "Server Error"),
    FaultKind.LOST_REQUEST: lambda _: NoAnswer(),
    FaultKind.LATE_EFFECT: lambda _: NoAnswer(),
    FaultKind.HTML_403: lambda _: page(403, "403 Forbidden"),
    FaultKind.HTML_502: lambda _: page(502, "502 Bad Gateway"),
    FaultKind.HTML_200: lambda _: page(200, "WeGive"),
    FaultKind.MAINTENANCE: lambda _: message(503, "Service Unavailable"),
    FaultKind.TOO_MANY: lambda fault: too_many(int(fault.seconds)),
    FaultKind.UNAUTHORIZED: lambda _: unauthenticated(),
    FaultKind.FORBIDDEN: lambda _: message(403, "This action is unauthorized."),
}


def instead_of_handling(fault: Fault) -> Response | None:
    """Return the answer to a request that is never handled, or None when the fault lets it be handled."""
    answer = _INSTEAD.get(fault.kind)
    return None if answer is None else answer(fault)


def after_handling(fault: Fault, answer: Response) -> Response:
    """Return what the caller hears of a request that was handled."""
    match fault.kind:
        case FaultKind.ERROR_WITH_EFFECT:
            return message(500, "Server Error")
        case FaultKind.LOST_ANSWER:
            return NoAnswer()
        case FaultKind.TRUNCATED_JSON:
            body = bytes(answer.body)
            return Response(body[: len(body) // 2], answer.status_code, media_type=_JSON)
        case FaultKind.SLOW:
            return SlowAnswer(answer, fault.seconds)
        case _:
            return answer
