"""What an answer of WeGive means (wegive-api.md 5): from status and content type to our error tree."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from narthex.adapters.exchange.answers import Answer, Call, DoubtError, NotAppliedError, leading_integer
from narthex.domain.errors import (
    ContractViolationError,
    MisconfiguredError,
    ReconnectNeededError,
    RecordNotFoundError,
    RejectedError,
    RetryLaterError,
)

FIREWALL_PAUSE_SECONDS: Final = 900
_MOST_REASON_CHARACTERS: Final = 300


def judge(call: Call, answer: Answer) -> dict[str, object]:
    """The JSON object of a success.

    Raises:
        DoubtError: 408, 5xx, HTML or broken JSON where a record belongs.
        NotAppliedError: 429.
        ReconnectNeededError: 401.
        MisconfiguredError: 403 in JSON; a redirect or an HTML 404 (a wrong address).
        RetryLaterError: 403 in HTML, which only a gateway sends.
        RecordNotFoundError: 404.
        RejectedError: Any other 4xx.
        ContractViolationError: A success that is JSON but no object.
    """
    status = answer.status
    said = f"WeGive answered {status} to {call.method} {call.path}"
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        content = answer.json()
        if isinstance(content, dict):
            return content
        message = f"{said} with an export, not with a list or record; ask WeGive what the token may read"
        raise ContractViolationError(message)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        retry_after_seconds = leading_integer(answer.headers.get("retry-after"))
        raise NotAppliedError("too many requests", retry_after_seconds=retry_after_seconds)
    if status == HTTPStatus.REQUEST_TIMEOUT or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise DoubtError(f"status {status}")
    if status == HTTPStatus.UNAUTHORIZED:
        message = f"{said}: it refuses the token; make a new one in WeGive (Settings, API) and connect again"
        raise ReconnectNeededError(message)
    if status < HTTPStatus.BAD_REQUEST:
        raise MisconfiguredError(f"{said} instead of a record; check wegive.base_url")
    raise _refusal(status, said, answer)


def _refusal(status: int, said: str, answer: Answer) -> Exception:
    if status == HTTPStatus.FORBIDDEN:
        if answer.is_json:
            message = f"{said}: the token may not do this; check its rights in WeGive (Settings, API)"
            return MisconfiguredError(message)
        message = f"{said} with a gateway's page; if this goes on, ask WeGive whether our address is blocked"
        return RetryLaterError(message, retry_after_seconds=FIREWALL_PAUSE_SECONDS)
    if status == HTTPStatus.NOT_FOUND:
        if answer.is_json:
            return RecordNotFoundError(said)
        return MisconfiguredError(f"{said} with a web page; check wegive.base_url")
    fields = tuple(_fields(answer))
    named = f"{said}: it does not accept {', '.join(fields)}" if fields else said
    return RejectedError(named[:_MOST_REASON_CHARACTERS], codes=(str(status),), parameters=fields)


def _fields(answer: Answer) -> Iterator[str]:
    """The names of the fields to blame; their texts may quote what was sent."""
    try:
        content = answer.json()
    except DoubtError:
        return
    errors = content.get("errors") if isinstance(content, dict) else None
    if isinstance(errors, dict):
        yield from map(str, errors)
