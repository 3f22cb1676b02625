"""A Call to a vendor, its Answer, and the two doubts about it that only the sender hears of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    Args:
        method: GET, POST, PATCH, PUT or DELETE. Everything but GET is a write.
        url: Absolute, without the query unless it is a link that a vendor gave.
        path: What messages show: no host, no query, so no email address.
        params: The query.
        body: A JSON object; never on GET (a firewall refuses it, planning-center-api.md 1.1).
        headers: Added to the sender's.
        expects_document: Whether a success without a body is a doubt.
    """

    method: str
    url: str
    path: str
    params: Mapping[str, str | int] | None = None
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    headers: Mapping[str, str] | None = None
    expects_document: bool = True

    @property
    def is_write(self) -> bool:
        """Whether it may change something at the vendor."""
        return self.method != "GET"


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer: the status, the headers in lower case, the decoded bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def is_json(self) -> bool:
        """Whether the vendor's application speaks, by its content type; a gateway or firewall sends HTML."""
        media_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return media_type == "application/json" or media_type.endswith("+json")

    def json(self) -> object:
        """The body, parsed.

        Raises:
            DoubtError: When it is not JSON, or broken off.
        """
        if not self.is_json:
            raise DoubtError("the body is not JSON")
        try:
            content: object = json.loads(self.body)
        except ValueError as error:
            raise DoubtError("the body is broken JSON") from error
        return content


class DoubtError(Exception):
    """No believable answer: a read is repeated, a write has an unknown outcome."""


class NotAppliedError(Exception):
    """The request certainly had no effect and may be sent again, creates too.

    `retry_after_seconds` is what the vendor asked for; negative values have been seen.
    """

    def __init__(self, message: str, *, retry_after_seconds: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


def leading_integer(text: str | None) -> int | None:
    """Read "20", "20 seconds" or "-3"; None when the text begins with no number."""
    words = (text or "").split()
    try:
        return int(words[0]) if words else None
    except ValueError:
        return None
