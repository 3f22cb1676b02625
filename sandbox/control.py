"""The control endpoint: sets faults and switches, edits records as staff would, shows the request log."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandbox.church import organization_file
from sandbox.control_values import (
    Json,
    change_options,
    read_day,
    read_fault,
    read_moment,
    staff_actions,
    staff_call,
)
from sandbox.overview import state_of
from sandbox.planning_center.errors import Refusal
from sandbox.request_log import RequestLog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from sandbox.faults import Fault
    from sandbox.world import World

    Endpoint = Callable[[Request], Awaitable[Response]]

WINDOW_SECONDS = 20
"""Planning Center's period, and the stretch for which the log tells the most requests (spec S60)."""
MOST_ENTRIES_SHOWN = 2_000


class BadControlError(ValueError):
    """A request to the control endpoint that cannot be understood."""


class Control:
    """The endpoints over one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes below `/control`."""
        table: dict[str, dict[str, Endpoint]] = {
            "/health": {"GET": self.health},
            "/state": {"GET": self.state},
            "/requests": {"GET": self.requests, "DELETE": self.forget_requests},
            "/faults": {"GET": self.faults, "POST": self.add_faults, "DELETE": self.clear_faults},
            "/options/{vendor}": {"GET": self.options, "PATCH": self.change_options},
            "/staff": {"GET": self.staff},
            "/staff/{vendor}/{action}": {"POST": self.act},
            "/reset": {"POST": self.reset},
            "/organization-files/{organization_id}": {"GET": self.organization_file},
        }
        return [
            Route(path, _guarded(endpoint), methods=[method])
            for path, endpoints in table.items()
            for method, endpoint in endpoints.items()
        ]

    async def health(self, _: Request) -> Response:
        """Tell that the server is up."""
        return JSONResponse({"status": "ok"})

    async def state(self, _: Request) -> Response:
        """Return how much there is of what, by church, and the batches."""
        self._world.settle()
        return JSONResponse(state_of(self._world))

    async def requests(self, request: Request) -> Response:
        """Return the request log, of one vendor and since a moment if so asked, with counts.

        `most_in_20_seconds` is the most of one account; `count` is of all, `requests` the last 2,000.
        """
        vendor = request.query_params.get("vendor")
        if vendor is not None:
            self._world.options_of(vendor)
        entries = self._world.log.entries(vendor)
        since = request.query_params.get("since")
        if since is not None:
            start = read_moment("since", since)
            entries = [entry for entry in entries if entry.at >= start]
        log = RequestLog()
        for entry in entries:
            log.append(*entry)
        accounts = {(entry.vendor, entry.organization) for entry in entries}
        most = max((log.most_in_window(WINDOW_SECONDS, org, of) for of, org in accounts), default=0)
        shown = [entry._asdict() | {"at": entry.at.isoformat()} for entry in entries[-MOST_ENTRIES_SHOWN:]]
        body = {
            "count": len(entries),
            "most_in_20_seconds": most,
            "by_vendor": Counter(entry.vendor for entry in entries),
            "by_status": Counter(str(entry.status) for entry in entries),
            "requests": shown,
        }
        return JSONResponse(body)

    async def forget_requests(self, _: Request) -> Response:
        """Empty the request log."""
        self._world.log.clear()
        return JSONResponse({"count": 0})

    async def faults(self, _: Request) -> Response:
        """Return the faults that wait."""
        return JSONResponse({"faults": [_shown_fault(fault) for fault in self._world.faults.waiting()]})

    async def add_faults(self, request: Request) -> Response:
        """Let one fault, or a list of them, wait for their requests; all or none."""
        body = await _json(request)
        wanted = body if isinstance(body, list) else [body]
        faults = [read_fault(_object(each)) for each in wanted]
        for fault in faults:
            self._world.faults.add(fault)
        return JSONResponse({"faults": [_shown_fault(fault) for fault in faults]}, 201)

    async def clear_faults(self, _: Request) -> Response:
        """Forget all faults."""
        self._world.faults.clear()
        return JSONResponse({"faults": []})

    async def options(self, request: Request) -> Response:
        """Return a vendor's switches."""
        return JSONResponse(asdict(self._world.options_of(request.path_params["vendor"])))

    async def change_options(self, request: Request) -> Response:
        """Set some of a vendor's switches; return all."""
        options = self._world.options_of(request.path_params["vendor"])
        change_options(options, _object(await _json(request)))
        return JSONResponse(asdict(options))

    async def staff(self, _: Request) -> Response:
        """Return what staff can do."""
        return JSONResponse(staff_actions())

    async def act(self, request: Request) -> Response:
        """Do what staff would do by hand; the body holds the arguments by name."""
        vendor, action = request.path_params["vendor"], request.path_params["action"]
        result = staff_call(self._world, vendor, action, _object(await _json(request)))
        return JSONResponse({"result": result})

    async def reset(self, request: Request) -> Response:
        """Install the sample churches anew, with `seed` and `day` if they are given."""
        body = _object(await _json(request))
        if unknown := body.keys() - {"seed", "day"}:
            raise BadControlError(f"reset takes seed and day, not {', '.join(sorted(unknown))}")
        seed = body.get("seed")
        if seed is not None and type(seed) is not int:
            raise BadControlError("seed must be an integer")
        self._world.reset(seed, read_day("day", body["day"]) if "day" in body else None)
        return JSONResponse(state_of(self._world))

    async def organization_file(self, request: Request) -> Response:
        """Return the organization file that registers a sample church with Narthex."""
        wanted = request.path_params["organization_id"]
        for church in self._world.churches:
            if church.account.organization_id == wanted:
                surface = self._world.wegive_options.surface
                return JSONResponse(
                    organization_file(church, f"{request.url.scheme}://{request.url.netloc}", surface=surface)
                )
        raise BadControlError(f"there is no sample church {wanted}")


def create_control(world: World) -> Starlette:
    """Return the control endpoint, to be mounted at `/control`; bad input is a 400 with a `message`."""
    return Starlette(routes=Control(world).routes())


def _guarded(endpoint: Endpoint) -> Endpoint:
    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (ValueError, LookupError) as error:
            return JSONResponse({"message": _text(error)}, 400)
        except Refusal as refusal:
            return JSONResponse({"message": _refused(refusal), "errors": refusal.errors}, 400)

    return guarded


def _text(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"there is no {error.args[0]}"
    return str(error)


def _refused(refusal: Refusal) -> str:
    details = [str(error.get("detail", "")) for error in refusal.errors]
    return f"Planning Center would refuse this with {refusal.status}: {'; '.join(details)}"


def _shown_fault(fault: Fault) -> Json:
    names = ("vendor", "kind", "method", "path", "times", "skip", "seconds")
    return {name: getattr(fault, name) for name in names}


async def _json(request: Request) -> Any:  # noqa: ANN401
    body = await request.body()
    try:
        return json.loads(body) if body else {}
    except ValueError as error:
        raise BadControlError(f"the body is not JSON: {error}") from error


def _object(body: object) -> Json:
    if not isinstance(body, dict):
        raise BadControlError("the body must be a JSON object")
    return body
