"""Request: what came in, read once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

_OFFSET = re.compile(r"(?:^|&)offset=(\d+)")


@dataclass(frozen=True)
class Request:
    """A request as it came in; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    base_url: str
    now: datetime

    @property
    def authentication(self) -> str:
        """How the user was recognised, in the words of the answer's header."""
        return "OAuth2" if self.headers.get("authorization", "")[:6].casefold() == "bearer" else "HTTPBasic"

    @property
    def offset(self) -> int:
        """The offset of a list, 0 if none is given."""
        match = _OFFSET.search(self.query) if "offset=" in self.query else None
        return 0 if match is None else int(match[1])

    def at(self, timestamp: float) -> Request:
        """Return the same request at another time, in seconds since 1970."""
        return replace(self, now=datetime.fromtimestamp(timestamp, UTC))


async def read_request(scope: Scope, receive: Receive, now: datetime) -> Request:
    """Read the whole request."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    root_path = scope.get("root_path", "")
    return Request(
        method=scope["method"],
        path=scope["path"].removeprefix(root_path),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
        base_url=f"{scope['scheme']}://{headers.get('host', 'sandbox.test')}{root_path}",
        now=now,
    )
