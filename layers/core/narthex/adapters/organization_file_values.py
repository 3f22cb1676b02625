"""The kinds of value in the organization file that JSON has no type for."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from narthex.domain.church_day import zone
from narthex.domain.errors import InvalidInputError

HIDDEN = "hidden"
"""The type of an error whose value may hold a secret."""
WRONG = "wrong"

_PRINTABLE = re.compile(r"[\x21-\x7e]+")


def _time_zone(name: str) -> str:
    try:
        zone(name)
    except InvalidInputError:
        near = get_close_matches(name, available_timezones(), n=1)
        hint = f'; did you mean "{near[0]}"?' if near else '; write one such as "America/Chicago"'
        reason = "is not an IANA time zone" + hint
        raise PydanticCustomError(WRONG, "{reason}", {"reason": reason}) from None
    return name


def _address(address: str) -> str:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise PydanticCustomError(WRONG, "is not an address; check its host and its port") from None
    if "@" in parts.netloc:
        raise PydanticCustomError(HIDDEN, "must not hold a user or a password")
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise PydanticCustomError(
            WRONG, "is not an address that begins with https:// (or http://) and a host"
        )
    if not _PRINTABLE.fullmatch(address):
        raise PydanticCustomError(WRONG, "must not contain spaces or letters beyond ASCII")
    if parts.query or parts.fragment:
        raise PydanticCustomError(HIDDEN, "must end before any ? or #")
    return address.rstrip("/")


def _secret(text: str) -> str:
    if not text:
        raise PydanticCustomError(HIDDEN, "is empty")
    if not _PRINTABLE.fullmatch(text):
        raise PydanticCustomError(HIDDEN, "has spaces, line breaks or odd letters in it; copy it once more")
    return text


def _one_line(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError(WRONG, "is empty")
    if text != text.strip() or not text.isprintable():
        raise PydanticCustomError(WRONG, "has line breaks in it, or spaces around it")
    return text


TimeZone = Annotated[str, AfterValidator(_time_zone)]
"""An IANA name."""
Address = Annotated[str, AfterValidator(_address)]
"""An http(s) address without credentials, query and trailing slash."""
Secret = Annotated[str, AfterValidator(_secret)]
"""What goes into an Authorization header; never shown."""
OneLine = Annotated[str, StringConstraints(max_length=200), AfterValidator(_one_line)]
"""A name as people write it."""
