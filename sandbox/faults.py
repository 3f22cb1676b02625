"""Faults on demand: what a vendor, or the network in front of it, does wrong and when."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

NO_ANSWER = "sandbox.no_answer"
"""Type of the ASGI message that asks the host to end the exchange without any answer.

In process the transport raises `httpx.ReadTimeout`; a server closes the connection.
"""
DELAY = "sandbox.delay"
"""Type of the ASGI message that asks the host to wait `seconds` before it sends what follows.

In process the transport tells its `on_delay`; a server sleeps.
"""


class FaultKind(StrEnum):
    """What goes wrong. The effect of a request and the answer to it fail separately."""

    ERROR_WITHOUT_EFFECT = "error_without_effect"  # 500, nothing happened
    ERROR_WITH_EFFECT = "error_with_effect"  # 500, yet it took effect
    LOST_REQUEST = "lost_request"  # never handled, no answer
    LOST_ANSWER = "lost_answer"  # handled, no answer
    LATE_EFFECT = "late_effect"  # no answer; handled `seconds` later, whatever the caller did meanwhile
    HTML_403 = "html_403"  # the firewall's page
    HTML_502 = "html_502"  # the gateway's page
    MAINTENANCE = "maintenance"  # 503
    TOO_MANY = "too_many"  # 429 with Retry-After = seconds, which may be negative
    UNAUTHORIZED = "unauthorized"  # 401, nothing happened
    FORBIDDEN = "forbidden"  # 403 in the vendor's own JSON, nothing happened
    TRUNCATED_JSON = "truncated_json"  # handled, the body breaks off
    CHARSETLESS = "charsetless"  # handled, Content-Type without a charset
    HTML_200 = "html_200"  # not handled, a page where JSON belongs, status 200
    SLOW = "slow"  # handled, the answer comes after `seconds`


@dataclass
class Fault:
    """One fault: used `times` times, after `skip` matching requests went through."""

    vendor: str
    kind: FaultKind
    method: str = "*"
    path: str = ".*"
    """A regular expression that the whole path must match, without the query."""
    times: int = 1
    skip: int = 0
    seconds: float = 0
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.kind = FaultKind(self.kind)
        self._pattern = re.compile(self.path)

    def fits(self, vendor: str, method: str, path: str) -> bool:
        """Tell whether the request is one that this fault is for."""
        return (
            self.times > 0
            and self.vendor == vendor
            and self.method in ("*", method)
            and self._pattern.fullmatch(path) is not None
        )


class Faults:
    """The faults that wait for their request, in the order in which they were added."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let the fault wait for its request."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Forget all faults."""
        self._waiting.clear()

    def waiting(self) -> list[Fault]:
        """Return the faults that are not used up."""
        return list(self._waiting)

    def match(self, vendor: str, method: str, path: str) -> Fault | None:
        """Return the fault for this request, or None, and count it as used.

        Every fault that fits counts the request off its `skip`; the first that has nothing to skip is used.
        """
        if not self._waiting:
            return None
        used: Fault | None = None
        for fault in self._waiting:
            if not fault.fits(vendor, method, path):
                continue
            if fault.skip > 0:
                fault.skip -= 1
            elif used is None:
                fault.times -= 1
                used = fault
        if used is not None and used.times <= 0:
            self._waiting.remove(used)
        return used


class NoAnswer(Response):
    """What an endpoint returns when the caller shall hear nothing."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Ask the host to end the exchange."""
        await send({"type": NO_ANSWER})


class SlowAnswer(Response):
    """Another answer, `seconds` later."""

    def __init__(self, answer: Response, seconds: float) -> None:
        super().__init__()
        self._answer = answer
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask the host to wait, then send the answer."""
        await send({"type": DELAY, "seconds": self._seconds})
        await self._answer(scope, receive, send)
