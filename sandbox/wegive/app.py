"""The WeGive app: who asks, whether they may, and which handler answers (wegive-api.md 2 to 6, 13)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.routing import Mount

from sandbox.faults import FaultKind, NoAnswer
from sandbox.wegive.answers import (
    after_handling,
    instead_of_handling,
    invalid,
    json_answer,
    message,
    too_many,
    unauthenticated,
)
from sandbox.wegive.filters import InvalidQueryError, Question
from sandbox.wegive.lists import answer_list
from sandbox.wegive.options import Options
from sandbox.wegive.rate_limit import RateLimit
from sandbox.wegive.rendering import Rendering
from sandbox.wegive.resources import RESOURCES
from sandbox.wegive.tables import declare_indexes, row_of
from sandbox.wegive.writes import InvalidBodyError, Writes

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    from sandbox.faults import Fault, Faults
    from sandbox.records import Records
    from sandbox.request_log import RequestLog

VENDOR = "wegive"
PREFIX = "/api/dashboard/"
_SWITCHED_OFF = {
    403: "This action is unauthorized.",
    404: "The route could not be found.",
    405: "The {method} method is not supported for this route.",
}
_WRITES = frozenset({("POST", "donors"), ("PUT", "donors"), ("POST", "transactions"), ("POST", "funds")})


@dataclass(frozen=True)
class _Call:
    method: str
    path: str
    query: str
    authorization: str
    body: bytes


class WeGive:
    """The API of all churches of these records; a church is told by its bearer token."""

    def __init__(
        self,
        records: Records,
        clock: Callable[[], datetime],
        faults: Faults,
        log: RequestLog,
        options: Options,
    ) -> None:
        self._records = records
        self._clock = clock
        self._faults = faults
        self._log = log
        self._options = options
        self._rendering = Rendering(records, options)
        self._writes = Writes(records, options)
        self._rate_limit = RateLimit(options)
        self._late: list[tuple[float, _Call]] = []
        declare_indexes(records)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = dict(scope["headers"])
        call = _Call(
            method=scope["method"],
            path=scope["path"][len(scope.get("root_path", "")) :],
            query=scope["query_string"].decode("latin-1"),
            authorization=headers.get(b"authorization", b"").decode("latin-1"),
            body=await _body(receive),
        )
        await self._answer(call)(scope, receive, send)

    def _answer(self, call: _Call) -> Response:
        now = self._clock()
        self._handle_late_calls(now)
        organization = self._organization(call)
        fault = self._faults.match(VENDOR, call.method, call.path)
        answer = self._under_fault(call, organization, fault, now)
        status = 0 if isinstance(answer, NoAnswer) else answer.status_code
        self._log.append(now, VENDOR, organization or "", call.method, call.path, call.query, status)
        return answer

    def _under_fault(
        self, call: _Call, organization: str | None, fault: Fault | None, now: datetime
    ) -> Response:
        if fault is None:
            return self._limited(call, organization, now)
        if fault.kind is FaultKind.LATE_EFFECT:
            self._late.append((now.timestamp() + fault.seconds, call))
        answer = instead_of_handling(fault)
        if answer is None:
            answer = after_handling(fault, self._limited(call, organization, now))
        return answer

    def _handle_late_calls(self, now: datetime) -> None:
        if not self._late:
            return
        moment = now.timestamp()
        due = [call for at, call in self._late if at <= moment]
        self._late = [(at, call) for at, call in self._late if at > moment]
        for call in due:
            self._limited(call, self._organization(call), now)

    def _organization(self, call: _Call) -> str | None:
        scheme, _, token = call.authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        found = self._records.find("organization", "token", token.strip())
        return str(found[0]["id"]) if found else None

    def _limited(self, call: _Call, organization: str | None, now: datetime) -> Response:
        if organization is None:
            return unauthenticated()
        headers, passes = self._rate_limit.take(organization, now)
        if not passes:
            return too_many(int(headers["Retry-After"]), headers)
        try:
            answer = self._handled(call, organization, now)
        except InvalidQueryError as error:
            answer = invalid({error.parameter: [f"The {error.parameter} {error}."]})
        except InvalidBodyError as error:
            answer = invalid(error.problems)
        answer.headers.update(headers)
        return answer

    def _handled(self, call: _Call, organization: str, now: datetime) -> Response:
        if not call.path.startswith(PREFIX):
            return message(404, _SWITCHED_OFF[404])
        name, _, rest = call.path[len(PREFIX) :].strip("/").partition("/")
        resource = RESOURCES.get(name)
        if resource is None:
            return message(404, _SWITCHED_OFF[404])
        if call.method == "GET":
            return self._read(call, name, rest, organization, now)
        if call.method == "POST" and (name, rest) == ("donors", "find-or-create"):
            row = self._writes.find_or_create_donor(organization, _json_object(call.body), now)
            return json_answer({"data": self._rendering.single("donor", row)})
        return self._write(call, name, rest, organization, now)

    def _read(self, call: _Call, name: str, rest: str, organization: str, now: datetime) -> Response:
        resource = RESOURCES[name]
        if not rest:
            question = Question(self._records, organization, now)
            query = parse_qsl(call.query, keep_blank_values=True)
            return json_answer(answer_list(name, query, question, self._rendering, self._options))
        row = row_of(self._records, resource.kind, organization, rest) if rest.isdigit() else None
        if row is None:
            return message(404, "The requested record could not be found.")
        return json_answer({"data": self._rendering.single(resource.kind, row)})

    def _write(self, call: _Call, name: str, rest: str, organization: str, now: datetime) -> Response:
        is_known = (call.method, name) in _WRITES and bool(rest) is (call.method == "PUT")
        if not is_known or self._options.surface != "customer":
            status = self._options.switched_off_status
            return message(status, _SWITCHED_OFF[status].format(method=call.method))
        body = _json_object(call.body)
        if call.method == "PUT":
            row = row_of(self._records, "donor", organization, rest)
            if row is None:
                return message(404, "The requested record could not be found.")
            changed = self._writes.update_donor(row, body, now)
            return json_answer({"data": self._rendering.single("donor", changed)})
        create = {
            "donors": self._writes.create_donor,
            "transactions": self._writes.create_transaction,
            "funds": self._writes.create_fund,
        }[name]
        row = create(organization, body, now)
        return json_answer({"data": self._rendering.single(RESOURCES[name].kind, row)}, 201)


async def _body(receive: Receive) -> bytes:
    message_ = await receive()
    body: bytes = message_.get("body", b"")
    while message_.get("more_body"):
        message_ = await receive()
        body += message_.get("body", b"")
    return body


def _json_object(body: bytes) -> dict[str, Any]:
    """Read a body; anything but an object counts as empty, so that validation names what is missing."""
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def create_app(
    records: Records,
    *,
    clock: Callable[[], datetime],
    faults: Faults,
    log: RequestLog,
    options: Options | None = None,
) -> Starlette:
    """Return WeGive as an ASGI app under `/api/dashboard/...`.

    Args:
        records: its memory; `sandbox.wegive.tables` puts rows there.
        clock: the time of each request, aware, in UTC.
        faults: consulted for each request, vendor `wegive`, path as seen below the app.
        log: told each request.
        options: switches; they may be changed while the app runs.
    """
    app = WeGive(records, clock, faults, log, options or Options())
    return Starlette(routes=[Mount("", app=app)])
