"""What an answer of Planning Center means: one table from status and content type to our error tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from pydantic import ValidationError

from narthex.adapters.exchange.answers import Answer, Call, DoubtError, NotAppliedError, leading_integer
from narthex.adapters.planning_center.wire import Document
from narthex.domain.errors import (
    MisconfiguredError,
    ReconnectNeededError,
    RecordNotFoundError,
    RejectedError,
    RetryLaterError,
)

FIREWALL_PAUSE_SECONDS: Final = 900
_MOST_REASON_CHARACTERS: Final = 300
_HINTS: Final = {
    "PELICAN": "the connection lacks a scope it needs",
    "BABOON": "the access token is expired",
    "CAPUCHIN": "the access token was revoked",
    "CHINCHILLA": "the connected application is no longer valid",
    "FLAMINGO": "the user who connected it is gone",
    "LEMMING": "the organization is gone",
    "TRASH_PANDA": "the user who connected it has no access to this product",
}
"""Hints in the text of a 401 (planning-center-api.md 1.6)."""
_EMAIL: Final = re.compile(r"\S+@\S+")


def judge(call: Call, answer: Answer) -> Document | None:
    """The document of a success, None for a success without one.

    Raises:
        DoubtError: 408, 5xx, HTML or broken JSON where a document belongs.
        NotAppliedError: 429.
        ReconnectNeededError: 401.
        MisconfiguredError: 403 in JSON (a missing right); a redirect or an HTML 404 (a wrong address).
        RetryLaterError: 403 in HTML.
        RecordNotFoundError: 404.
        RejectedError: Any other 4xx.
    """
    status = answer.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return _document(call, answer)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        retry_after_seconds = leading_integer(answer.headers.get("retry-after"))
        raise NotAppliedError("too many requests", retry_after_seconds=retry_after_seconds)
    if status == HTTPStatus.REQUEST_TIMEOUT or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise DoubtError(f"status {status}{_request_id(answer)}")
    said = f"Planning Center answered {status} to {call.method} {call.path}{_request_id(answer)}"
    if status == HTTPStatus.UNAUTHORIZED:
        message = f"{said}: {_hint(answer)}; connect the organization to Planning Center again"
        raise ReconnectNeededError(message)
    if status < HTTPStatus.BAD_REQUEST:
        message = f"{said} instead of a record; check planning_center.base_url"
        raise MisconfiguredError(message)
    if not answer.is_json:
        raise _page(status, said)
    raise _refusal(status, said, _errors(answer), call)


def _document(call: Call, answer: Answer) -> Document | None:
    if not call.expects_document and not answer.body.strip():
        return None
    content = answer.json()
    if not call.expects_document:
        return None
    try:
        return Document.model_validate(content)
    except ValidationError as error:
        raise DoubtError(f"status {answer.status}, but the body is no document") from error


def _page(status: int, said: str) -> Exception:
    """A web page: not the application speaks, but what stands in front of it (planning-center-api.md 1.6).

    A firewall's 403 is no matter of rights: we always name a User-Agent and send no body with GET, so its
    other causes remain, a blocked address above all. No setting of ours ends that, a while often does.
    """
    if status == HTTPStatus.FORBIDDEN:
        message = (
            f"{said} with a firewall's page; if this goes on, ask Planning Center whether the address that "
            "requests come from is blocked, and send them the request id"
        )
        return RetryLaterError(message, retry_after_seconds=FIREWALL_PAUSE_SECONDS)
    if status == HTTPStatus.NOT_FOUND:
        # Taking this for a deleted record would turn a wrong address into lost donors.
        return MisconfiguredError(f"{said} with a web page; check planning_center.base_url")
    return RejectedError(f"{said} with a web page", codes=(str(status),))


def _refusal(status: int, said: str, errors: list[Mapping[str, Any]], call: Call) -> Exception:
    reasons = _without(_sent_texts(call.body), "; ".join(_reasons(errors)))[:_MOST_REASON_CHARACTERS]
    text = f"{said}: {reasons}" if reasons else said
    if status == HTTPStatus.FORBIDDEN:
        return MisconfiguredError(
            f"{text}. Check that the user who connected Planning Center is an Administrator in Giving and an "
            "Editor or Manager in People"
        )
    if status == HTTPStatus.NOT_FOUND:
        return RecordNotFoundError(said)
    codes = tuple(str(error["code"]).lower() for error in errors if error.get("code"))
    return RejectedError(text, codes=codes, parameters=tuple(_parameters(errors)))


def _errors(answer: Answer) -> list[Mapping[str, Any]]:
    try:
        content = answer.json()
    except DoubtError:
        return []
    errors = content.get("errors") if isinstance(content, dict) else None
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def _reasons(errors: list[Mapping[str, Any]]) -> Iterator[str]:
    for error in errors:
        meta = error.get("meta")
        description = meta.get("description") if isinstance(meta, dict) else None
        reason = description or error.get("detail") or error.get("title")
        parameter = next(iter(_parameters([error])), None)
        if reason:
            yield f"{parameter}: {reason}" if parameter else str(reason)


def _parameters(errors: list[Mapping[str, Any]]) -> Iterator[str]:
    for error in errors:
        source = error.get("source")
        if isinstance(source, dict) and source.get("parameter"):
            yield str(source["parameter"])


def _hint(answer: Answer) -> str:
    text = answer.body[:2000].decode("utf-8", "replace")
    return next((meaning for word, meaning in _HINTS.items() if word in text), "it refuses the credentials")


def _request_id(answer: Answer) -> str:
    request_id = answer.headers.get("x-request-id")
    return f", request id {request_id}" if request_id else ""


def _sent_texts(body: Mapping[str, Any] | None) -> set[str]:
    """The texts that we sent as attributes: names, addresses, numbers."""
    attributes = (body or {}).get("data", {}).get("attributes", {})
    return {value for value in attributes.values() if isinstance(value, str) and value}


def _without(texts: set[str], reasons: str) -> str:
    """Take out what must not stand in a log: what we sent, and whatever looks like an email address."""
    for text in sorted(texts, key=len, reverse=True):
        reasons = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", "…", reasons, flags=re.IGNORECASE)
    return _EMAIL.sub("…", reasons)


def is_taken(refusal: RejectedError) -> bool:
    """Whether the record is refused because there is one like it (a name, a slug, an address)."""
    return "taken" in refusal.codes or "already been taken" in str(refusal)
