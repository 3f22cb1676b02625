"""The app: firewall, credential, rate limit, version, route, handler, and faults around all of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette

from sandbox.faults import Fault, FaultKind, NoAnswer
from sandbox.planning_center import pages
from sandbox.planning_center.accounts import Accounts
from sandbox.planning_center.batches import settle_batches
from sandbox.planning_center.call import Call
from sandbox.planning_center.errors import Refusal, bad_request, forbidden
from sandbox.planning_center.misfortune import PREVENTED, spoil, stand_in
from sandbox.planning_center.rate_limit import RateLimiter
from sandbox.planning_center.request import Request, read_request
from sandbox.planning_center.routes import find_route
from sandbox.planning_center.store import Store
from sandbox.planning_center.versions import processed_version

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from sandbox.faults import Faults
    from sandbox.planning_center.options import Options
    from sandbox.records import Records
    from sandbox.request_log import RequestLog

VENDOR = "planning_center"

# A product and a contact: "Narthex (https://church.example)", "narthex/1.0 (ops@church.example)".
_REAL_USER_AGENT = re.compile(r"\w[\w .-]*(/[\w.+-]+)?.*\(.*(https?://|@).*\)|.*\S+@\S+\.\S+")


class PlanningCenter(Starlette):
    """People and Giving of several churches, told apart by credential."""

    def __init__(
        self,
        records: Records,
        *,
        clock: Callable[[], datetime],
        faults: Faults,
        log: RequestLog,
        options: Options,
    ) -> None:
        super().__init__()
        self.options = options
        self.limiter = RateLimiter()
        self._store = Store(records)
        self._accounts = Accounts(records)
        self._clock = clock
        self._faults = faults
        self._log = log
        self._late: list[tuple[float, Request]] = []
        self._requests = 0

    def build_middleware_stack(self) -> ASGIApp:
        """Return the app itself: its errors are answers, and one route table serves faster than layers."""
        return self._serve

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.router(scope, receive, send)
            return
        request = await read_request(scope, receive, self._clock())
        response = self.answer(request)
        await response(scope, receive, send)

    def answer(self, request: Request) -> Response:
        """Answer a request, faults included, and log it."""
        self.settle(request.now)
        organization, hint = self._accounts.find(request.headers.get("authorization", ""))
        fault = self._faults.match(VENDOR, request.method, request.path)
        if fault is not None and fault.kind in PREVENTED:
            response = self._prevent(request, organization, fault)
        else:
            response = self._handle(request, organization, hint)
            if fault is not None:
                response = spoil(response, fault)
        organization_id = "" if organization is None else organization["id"]
        status = 0 if isinstance(response, NoAnswer) else response.status_code
        self._log.append(
            request.now, VENDOR, organization_id, request.method, request.path, request.query, status
        )
        return response

    def settle(self, now: datetime) -> None:
        """Let happen what is due: late effects, commits and deletes of batches."""
        now_ts = now.timestamp()
        if self._late:
            due = [late for late in self._late if late[0] <= now_ts]
            self._late = [late for late in self._late if late[0] > now_ts]
            for due_ts, request in sorted(due, key=lambda late: late[0]):
                settle_batches(self._store, due_ts)
                late_request = request.at(due_ts)
                organization, hint = self._accounts.find(request.headers.get("authorization", ""))
                self._handle(late_request, organization, hint)
        settle_batches(self._store, now_ts)

    def _prevent(self, request: Request, organization: dict[str, Any] | None, fault: Fault) -> Response:
        """Answer, or not, without handling the request now."""
        if fault.kind is FaultKind.LATE_EFFECT:
            self._late.append((request.now.timestamp() + fault.seconds, request))
        elif organization is not None and fault.kind is FaultKind.ERROR_WITHOUT_EFFECT:
            self._count(request, organization)
        return stand_in(fault, self.options)

    def _handle(self, request: Request, organization: dict[str, Any] | None, hint: str) -> Response:
        if self._is_blocked(request):
            return pages.blocked()
        if request.method not in {"GET", "POST", "PATCH", "DELETE"}:
            return pages.page(404, "Not Found", "The page you were looking for does not exist.")
        if organization is None:
            return pages.denied(hint)
        route = find_route(request.path)
        standing = self._count(request, organization, routed=route is not None)
        options = self.options
        if standing.refused:
            wait_seconds = options.retry_after_seconds
            if wait_seconds is None:
                wait_seconds = standing.retry_after_seconds
            return pages.too_many(standing.count, standing.limit, options.period_seconds, wait_seconds)
        headers = {
            "x-pco-api-request-rate-limit": str(standing.limit),
            "x-pco-api-request-rate-period": str(options.period_seconds),
            "x-pco-api-request-rate-count": str(standing.count),
            "x-pco-api-auth-method": request.authentication,
            "x-request-id": self._request_id(),
        }
        if route is None:
            headers["x-pco-api-request-rate-period"] = f"{options.period_seconds} seconds"
            error = {"status": "404", "title": "Not Found", "detail": "No route matches this path"}
            return pages.document(404, {"errors": [error]}, headers)
        return self._run(request, organization, route, headers)

    def _run(
        self,
        request: Request,
        organization: dict[str, Any],
        route: tuple[str, dict[str, Callable[[Call], Any]], tuple[str, ...]],
        headers: dict[str, str],
    ) -> Response:
        product, handlers, ids = route
        try:
            version = processed_version(product, request.headers.get("x-pco-api-version"), self.options)
            headers["x-pco-api-processed-as-version"] = version
            if product == "giving" and organization["giving_permission"] is None:
                raise forbidden(f"User with id {organization['user_id']} not found in the application")
            handler = handlers.get(request.method)
            if handler is None:
                raise forbidden(
                    f"User with id {organization['user_id']} cannot {request.method} this resource."
                )
            answer = handler(self._call(request, organization, ids))
        except Refusal as refusal:
            return pages.refused(refusal, headers)
        if answer.document is None:
            return pages.empty(answer.status, headers)
        return pages.document(answer.status, answer.document, headers)

    def _call(self, request: Request, organization: dict[str, Any], ids: tuple[str, ...]) -> Call:
        document: object = {}
        if request.body:
            try:
                document = json.loads(request.body)
            except ValueError:
                document = None
        if not isinstance(document, dict):
            raise bad_request("invalid_resource_payload", "The payload is not a JSON object")
        return Call(
            store=self._store,
            options=self.options,
            now=request.now,
            organization=organization,
            method=request.method,
            base_url=request.base_url,
            path=request.path,
            ids=ids,
            parameters=parse_qsl(request.query, keep_blank_values=True) if request.query else [],
            document=document,
        )

    def _is_blocked(self, request: Request) -> bool:
        if request.method == "GET" and request.body:
            return True
        agent = request.headers.get("user-agent", "")
        return self.options.require_user_agent and _REAL_USER_AGENT.fullmatch(agent) is None

    def _count(self, request: Request, organization: dict[str, Any], *, routed: bool = True) -> Any:  # noqa: ANN401
        limit = self.options.limit
        if request.offset > self.options.deep_offset:
            limit = min(limit, self.options.deep_offset_limit)
        user = organization["user_id"] if routed else f"{organization['user_id']} unrouted"
        key = f"{organization['id']}:{user}"
        return self.limiter.count(key, request.now.timestamp(), self.options, limit)

    def _request_id(self) -> str:
        self._requests += 1
        return f"00000000-0000-4000-8000-{self._requests:012d}"


def create_app(
    records: Records,
    *,
    clock: Callable[[], datetime],
    faults: Faults,
    log: RequestLog,
    options: Options,
) -> PlanningCenter:
    """Return the app; it may be driven in process, mounted, or served.

    Args:
        records: the state; fill it with `add_organization` and the functions of `staff`.
        clock: the time, aware and in UTC.
        faults: asked at each request, under the vendor `planning_center`.
        log: told of each request.
        options: its switches, which may be changed while it runs.
    """
    return PlanningCenter(records, clock=clock, faults=faults, log=log, options=options)
