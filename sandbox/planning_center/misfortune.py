"""Misfortune: what each fault makes of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from sandbox.faults import Fault, FaultKind, NoAnswer, SlowAnswer
from sandbox.planning_center import pages
from sandbox.planning_center.errors import forbidden

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.planning_center.options import Options


_PAGES: dict[FaultKind, Callable[[], Response]] = {
    FaultKind.ERROR_WITHOUT_EFFECT: pages.server_error,
    FaultKind.HTML_200: lambda: pages.page(200, "Planning Center", "Please sign in."),
    FaultKind.HTML_403: pages.blocked,
    FaultKind.HTML_502: lambda: pages.page(502, "Bad Gateway", "The server returned an invalid response."),
    FaultKind.MAINTENANCE: lambda: pages.page(503, "Maintenance", "We will be back soon."),
    FaultKind.UNAUTHORIZED: lambda: pages.denied(""),
    FaultKind.FORBIDDEN: lambda: pages.refused(forbidden("The user does not have access to this product")),
    FaultKind.LOST_REQUEST: NoAnswer,
    FaultKind.LATE_EFFECT: NoAnswer,
}

PREVENTED = frozenset({*_PAGES, FaultKind.TOO_MANY})
"""The faults under which the request is not handled, or not now."""


def stand_in(fault: Fault, options: Options) -> Response:
    """Return what the caller gets instead of an answer to the request."""
    if fault.kind is FaultKind.TOO_MANY:
        return pages.too_many(options.limit + 1, options.limit, options.period_seconds, int(fault.seconds))
    return _PAGES[fault.kind]()


def spoil(response: Response, fault: Fault) -> Response:
    """Return what is left of the answer to a request that was handled."""
    match fault.kind:
        case FaultKind.ERROR_WITH_EFFECT:
            return pages.server_error()
        case FaultKind.LOST_ANSWER:
            return NoAnswer()
        case FaultKind.SLOW:
            return SlowAnswer(response, fault.seconds)
        case FaultKind.TRUNCATED_JSON:
            headers = {name: value for name, value in response.headers.items() if name != "content-length"}
            return Response(bytes(response.body)[: len(response.body) // 2], response.status_code, headers)
        case FaultKind.CHARSETLESS:
            media_type = response.headers.get("content-type", "").partition(";")[0]
            response.headers["content-type"] = media_type
            return response
        case _:
            return response
