"""The server: one process with both vendors, the control endpoint and the pages, on 127.0.0.1 only."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

from sandbox import page
from sandbox.control import create_control
from sandbox.control_values import read_day
from sandbox.faults import DELAY, NO_ANSWER
from sandbox.world import World

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from sandbox.church import Church

HOST = "127.0.0.1"
BUSY = 2
"""Exit status for a port that something else listens on."""
WAITING_CONNECTIONS = 128
PATIENCE_SECONDS = 5
"""How long open requests may take after SIGTERM."""


class Host:
    """Gives an app what the messages `sandbox.no_answer` and `sandbox.delay` ask for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but those two messages."""

        async def hosted(message: Message) -> None:
            if message["type"] == DELAY:
                await asyncio.sleep(message["seconds"])
            elif message["type"] == NO_ANSWER:
                await _hang_up(receive, send)
            else:
                await send(message)

        await self._app(scope, receive, hosted)


async def _hang_up(receive: Receive, send: Send) -> None:
    """Close the connection before an answer has begun.

    ASGI has no word for it: `send` is a method of uvicorn's exchange, which holds the connection.
    """
    exchange: Any = send.__self__  # type: ignore[attr-defined]
    exchange.transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass


class Pages:
    """The pages over one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes from `/` on."""
        return [
            Route("/", self.home),
            Route("/churches/{church}/batches/{batch_id}", self.batch),
            Route("/churches/{church}/days/{day}", self.day),
        ]

    async def home(self, _: Request) -> Response:
        """Show what is here."""
        self._world.settle()
        return HTMLResponse(page.home(self._world))

    async def batch(self, request: Request) -> Response:
        """Show a batch."""
        self._world.settle()
        church = self._church(request)
        shown = church and page.batch_page(self._world, church, request.path_params["batch_id"])
        return HTMLResponse(shown) if shown else _nothing("There is no such batch.")

    async def day(self, request: Request) -> Response:
        """Show a day of WeGive's."""
        church = self._church(request)
        try:
            day = read_day("day", request.path_params["day"])
        except ValueError:
            return _nothing("There is no such day.")
        if church is None:
            return _nothing("There is no such church.")
        return HTMLResponse(page.day_page(self._world, church, day))

    def _church(self, request: Request) -> Church | None:
        wanted = request.path_params["church"]
        return next((c for c in self._world.churches if c.account.organization_id == wanted), None)


def _nothing(text: str) -> Response:
    return HTMLResponse(page.document("Not found", f"<h1>{text}</h1><p><a href='/'>Sandbox</a></p>"), 404)


def create_site(world: World) -> ASGIApp:
    """Return everything that the server serves."""
    return Host(
        Starlette(
            routes=[
                Mount("/planning-center", app=world.planning_center),
                Mount("/wegive", app=world.wegive),
                Mount("/control", app=create_control(world)),
                *Pages(world).routes(),
            ]
        )
    )


def serve(port: int, state_directory: Path, seed: int | None = None, day: date | None = None) -> int:
    """Serve until SIGTERM or SIGINT; return the exit status.

    Args:
        port: on 127.0.0.1; 0 lets the system choose.
        state_directory: made if need be; what lies there is used.
        seed: of the sample, if there is none yet.
        day: the Sunday of the sample, if there is none yet.
    """
    listener = _listen(port)
    if listener is None:
        print(  # noqa: T201
            f"sandbox: port {port} is in use; stop what listens there, or choose another with --port",
            file=sys.stderr,
        )
        return BUSY
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    state_directory.mkdir(parents=True, exist_ok=True)
    world = World(lambda: datetime.now(UTC), state_directory)
    world.install_once(seed, day)
    sample = world.churches[0]
    if seed not in (None, sample.seed) or day not in (None, sample.day):
        print(  # noqa: T201
            f"sandbox: kept the sample of seed {sample.seed} and day {sample.day} that is there; "
            "POST /control/reset makes another",
            file=sys.stderr,
        )
    print(f"sandbox: http://{HOST}:{listener.getsockname()[1]}/", flush=True)  # noqa: T201
    _run(world, listener)
    return 0


def _listen(port: int) -> socket.socket | None:
    """Return a listening socket, or None when the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(WAITING_CONNECTIONS)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            return None
        raise
    return listener


def _stop(*_: object) -> None:
    """Leave as one who was asked to: uvicorn raises the signal again once it has stopped serving."""
    raise SystemExit(0)


def _run(world: World, listener: socket.socket) -> None:
    config = uvicorn.Config(
        create_site(world),
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=PATIENCE_SECONDS,
    )
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        world.close()
        listener.close()
