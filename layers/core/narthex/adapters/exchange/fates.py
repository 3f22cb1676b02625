"""What became of a request when httpx raised: the one table from its exceptions to our tree."""

from __future__ import annotations

from enum import Enum
from typing import Final

import httpx


class Fate(Enum):
    """What the caller may conclude."""

    NOT_SENT = "nothing reached the vendor: send it again, creates too"
    UNKNOWN = "it may have taken effect: repeat reads, look before repeating writes"
    MISCONFIGURED = "the address can never work"


FATES: Final[dict[type[Exception], Fate]] = {
    httpx.ConnectError: Fate.NOT_SENT,
    httpx.ConnectTimeout: Fate.NOT_SENT,
    httpx.PoolTimeout: Fate.NOT_SENT,
    httpx.ProxyError: Fate.NOT_SENT,
    httpx.InvalidURL: Fate.MISCONFIGURED,
    httpx.UnsupportedProtocol: Fate.MISCONFIGURED,
    httpx.ReadTimeout: Fate.UNKNOWN,
    httpx.WriteTimeout: Fate.UNKNOWN,
    httpx.ReadError: Fate.UNKNOWN,
    httpx.WriteError: Fate.UNKNOWN,
    httpx.CloseError: Fate.UNKNOWN,
    httpx.RemoteProtocolError: Fate.UNKNOWN,
    httpx.LocalProtocolError: Fate.UNKNOWN,
    httpx.DecodingError: Fate.UNKNOWN,
    # The rest cannot come from what we call; should one, then after the request may have left.
    httpx.TooManyRedirects: Fate.UNKNOWN,
    httpx.HTTPStatusError: Fate.UNKNOWN,
    httpx.CookieConflict: Fate.UNKNOWN,
    httpx.StreamConsumed: Fate.UNKNOWN,
    httpx.StreamClosed: Fate.UNKNOWN,
    httpx.RequestNotRead: Fate.UNKNOWN,
    httpx.ResponseNotRead: Fate.UNKNOWN,
    # Families: only a class that is new to us lands here.
    httpx.TimeoutException: Fate.UNKNOWN,
    httpx.NetworkError: Fate.UNKNOWN,
    httpx.ProtocolError: Fate.UNKNOWN,
    httpx.TransportError: Fate.UNKNOWN,
    httpx.RequestError: Fate.UNKNOWN,
    httpx.HTTPError: Fate.UNKNOWN,
    httpx.StreamError: Fate.UNKNOWN,
}

RAISED_BY_HTTPX: Final = (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict, httpx.StreamError)


def fate_of(error: Exception) -> Fate:
    """The row of the error's class, else of its nearest ancestor."""
    return next(FATES[ancestor] for ancestor in type(error).__mro__ if ancestor in FATES)
