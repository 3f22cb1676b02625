"""Doors to the outer world that go wrong as `Fate` decides: the vendors' transport, stores, the queue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from narthex.domain.errors import RetryLaterError
from sandbox.in_process import InProcessTransport
from tests.simulation.misfortune import Fate, Misfortune
from tests.simulation.stage import Killed, Stage

READ_TIMEOUT_MS = 20_000
REQUEST_LATENCY_MS = 400
STORE_LATENCY_MS = 8
STORE_ATTEMPTS = 3
"""How often the AWS SDK tries a call before the adapter gives up."""


_AT_ONCE = {
    None,
    Misfortune.KILLED_BEFORE,
    Misfortune.KILLED_AFTER,
    Misfortune.ERROR_WITHOUT_EFFECT,
    Misfortune.ERROR_WITH_EFFECT,
    Misfortune.REFUSED_CONNECTION,
    Misfortune.TOO_MANY,
}
"""The caller knows at once; the others cost it a read timeout."""


class FaultyTransport(httpx.BaseTransport):
    """One vendor's sandbox behind a network that loses, delays and repeats nothing but misfortune."""

    def __init__(self, name: str, app: InProcessTransport, stage: Stage, fate: Fate) -> None:
        self._name = name
        self._app = app
        self._stage = stage
        self._fate = fate

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        what = f"{self._name} {request.method} {request.url.path}"
        happens = self._fate.of_vendor_call(what, self._stage.now_ms())
        if happens is Misfortune.FROZEN:
            self._stage.pass_time(self._fate.freeze_ms())
            happens = None
        self._stage.pass_time(self._fate.latency_ms(REQUEST_LATENCY_MS))
        if happens in _AT_ONCE:
            return self._at_once(happens, request)
        if happens is Misfortune.LATE_EFFECT:
            late_ms = self._stage.now_ms() + self._fate.delay_ms()
            self._stage.at(late_ms, lambda: self._answer(request))
        elif happens is Misfortune.ANSWER_LOST:
            self._answer(request)
        self._stage.pass_time(READ_TIMEOUT_MS)
        raise httpx.ReadTimeout("no answer", request=request)

    def _at_once(self, happens: Misfortune | None, request: httpx.Request) -> httpx.Response:
        if happens is None:
            return self._answer(request)
        if happens is Misfortune.KILLED_BEFORE:
            raise Killed
        if happens is Misfortune.REFUSED_CONNECTION:
            raise httpx.ConnectError("refused", request=request)
        if happens is Misfortune.TOO_MANY:
            return self._too_many(request)
        if happens in {Misfortune.KILLED_AFTER, Misfortune.ERROR_WITH_EFFECT}:
            self._answer(request)
        if happens is Misfortune.KILLED_AFTER:
            raise Killed
        return httpx.Response(500, text="no")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        return self._app.handle_request(request)

    def _too_many(self, request: httpx.Request) -> httpx.Response:
        errors = [{"code": "429", "title": "Too Many Requests"}]
        return httpx.Response(429, json={"errors": errors}, headers={"Retry-After": "1"})


class FailedCallError(Exception):
    """One attempt of a store's call got no answer."""


class FaultyPort:
    """A store or queue whose calls fail before or after they took effect, or kill the caller."""

    def __init__(self, port: object, stage: Stage, fate: Fate) -> None:
        self._port = port
        self._stage = stage
        self._fate = fate
        self._kept: dict[str, Callable[..., Any]] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in self._kept:
            self._kept[name] = self._faulty(name, getattr(self._port, name))
        return self._kept[name]

    def _faulty(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: object, **options: object) -> object:
            for _ in range(STORE_ATTEMPTS):
                try:
                    return self._once(name, method, args, options)
                except FailedCallError:
                    continue
            raise RetryLaterError("DynamoDB failed", retry_after_seconds=1)

        return call

    def _once(
        self, name: str, method: Callable[..., Any], args: tuple[object, ...], options: dict[str, object]
    ) -> object:
        happens = self._fate.of_store_call(name, self._stage.now_ms())
        if happens is Misfortune.FROZEN:
            self._stage.pass_time(self._fate.freeze_ms())
            happens = None
        self._stage.pass_time(self._fate.latency_ms(STORE_LATENCY_MS))
        if happens is Misfortune.KILLED_BEFORE:
            raise Killed
        if happens is Misfortune.ERROR_WITHOUT_EFFECT:
            raise FailedCallError
        result = method(*args, **options)
        if happens is Misfortune.KILLED_AFTER:
            raise Killed
        if happens is Misfortune.ERROR_WITH_EFFECT:
            raise FailedCallError
        return result
