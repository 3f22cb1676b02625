"""Pages: the answers that are no JSON:API document (planning-center-api.md 1.6)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

if TYPE_CHECKING:
    from sandbox.planning_center.errors import Refusal

JSON_TYPE = "application/vnd.api+json; charset=utf-8"
ERROR_TYPE = "application/json; charset=utf-8"
HTML_TYPE = "text/html; charset=utf-8"

_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False)
_PAGE = (
    "<!DOCTYPE html><html><head><title>{title}</title></head>"
    "<body><h1>{title}</h1><p>{text}</p></body></html>"
)


def page(status: int, title: str, text: str) -> Response:
    """Return an HTML page."""
    return Response(_PAGE.format(title=title, text=text), status, {"content-type": HTML_TYPE})


def blocked() -> Response:
    """Return the firewall's page."""
    return page(403, "ERROR: The request could not be satisfied", "Request blocked.")


def document(status: int, body: dict[str, Any], headers: dict[str, str]) -> Response:
    """Return a document, or a refusal's errors."""
    content_type = JSON_TYPE if "errors" not in body else ERROR_TYPE
    return Response(_ENCODER.encode(body), status, {"content-type": content_type, **headers})


def denied(hint: str) -> Response:
    """Return the 401: plain words for Basic, JSON with a hint for OAuth."""
    if not hint:
        return Response("HTTP Basic: Access denied.\n", 401, {"content-type": HTML_TYPE})
    error = {
        "status": "401",
        "title": "Unauthorized",
        "code": "unauthorized",
        "detail": f"The access token was not accepted. Error Code Hint: {hint}",
    }
    return document(401, {"errors": [error]}, {})


def server_error() -> Response:
    """Return the 500."""
    error = {"status": "500", "title": "Internal Server Error", "detail": "Something went wrong"}
    return document(500, {"errors": [error]}, {})


def too_many(count: int, limit: int, period_seconds: int, retry_after_seconds: int) -> Response:
    """Return the 429; its error has a code and no status, its Period header says `seconds`."""
    detail = f"Rate limit exceeded: {count} of {limit} requests per {period_seconds} seconds"
    error = {"code": "429", "title": "Too Many Requests", "detail": detail}
    headers = {
        "retry-after": str(retry_after_seconds),
        "x-pco-api-request-rate-limit": str(limit),
        "x-pco-api-request-rate-period": f"{period_seconds} seconds",
        "x-pco-api-request-rate-count": str(count),
    }
    return document(429, {"errors": [error]}, headers)


def empty(status: int, headers: dict[str, str]) -> Response:
    """Return an answer without a body."""
    return Response(None, status, headers)


def refused(refusal: Refusal, headers: dict[str, str] | None = None) -> Response:
    """Return the answer that a refusal is."""
    return document(refusal.status, {"errors": refusal.errors}, headers or {})
