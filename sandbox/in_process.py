"""An httpx transport that calls an ASGI app in the same thread, without an event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import httpx

from sandbox.faults import DELAY, NO_ANSWER

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    from starlette.types import ASGIApp

    Message = MutableMapping[str, Any]


class _Exchange:
    """One request's two ASGI channels; neither ever really awaits."""

    def __init__(self, body: bytes, on_delay: Callable[[float], None]) -> None:
        self._body = body
        self._on_delay = on_delay
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.content = b""
        self.unanswered = False

    async def receive(self) -> Message:
        body, self._body = self._body, b""
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            self.status = message["status"]
            self.headers = message["headers"]
        elif kind == "http.response.body":
            self.content += message.get("body", b"")
        elif kind == NO_ANSWER:
            self.unanswered = True
        elif kind == DELAY:
            self._on_delay(message["seconds"])


class InProcessTransport(httpx.BaseTransport):
    """Hands each request to an app whose handlers never really await.

    The app's coroutine is driven by hand, so a request costs neither a thread nor a turn of an event loop.

    Args:
        app: the ASGI app.
        on_delay: told the seconds that a slow answer takes, after its effect, so that a virtual clock moves
            on. An answer slower than the request's own read timeout is a `ReadTimeout` for the client.
    """

    def __init__(self, app: ASGIApp, on_delay: Callable[[float], None] | None = None) -> None:
        self._app = app
        self._on_delay = on_delay

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the app's answer.

        Raises:
            httpx.ReadTimeout: the app gave no answer, or gave it too late.
            RuntimeError: a handler awaited something real.
        """
        exchange = _Exchange(request.read(), lambda seconds: self._wait(request, seconds))
        coroutine = self._app(_scope(request), exchange.receive, exchange.send)
        try:
            coroutine.send(None)  # type: ignore[attr-defined]
        except StopIteration:
            pass
        else:
            coroutine.close()  # type: ignore[attr-defined]
            raise RuntimeError("an in-process handler awaited something")
        if exchange.unanswered:
            raise httpx.ReadTimeout("the sandbox gave no answer", request=request)
        return httpx.Response(exchange.status, headers=exchange.headers, content=exchange.content)

    def _wait(self, request: httpx.Request, seconds: float) -> None:
        if self._on_delay is not None:
            self._on_delay(seconds)
        patience = request.extensions.get("timeout", {}).get("read")
        if patience is not None and seconds > patience:
            raise httpx.ReadTimeout("the sandbox answered too late", request=request)


def _scope(request: httpx.Request) -> dict[str, Any]:
    raw_path, _, query = request.url.raw_path.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": unquote(raw_path.decode("ascii")),
        "raw_path": raw_path,
        "query_string": query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 0),
        "server": (request.url.host, request.url.port or (443 if request.url.scheme == "https" else 80)),
        "state": {},
        "extensions": {},
    }
