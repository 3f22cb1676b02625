"""Send calls of one vendor: gate, announcement, time limits, and the only retry loop (S62)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

import httpx

from narthex.adapters.exchange.answers import Answer, Call, DoubtError, NotAppliedError
from narthex.adapters.exchange.fates import RAISED_BY_HTTPX, Fate, fate_of
from narthex.domain.errors import MisconfiguredError, OutcomeUnknownError, RetryLaterError
from narthex.ports import Announce, Budget, Clock

CONNECT_TIMEOUT_SECONDS: Final = 5.0
READ_TIMEOUT_SECONDS: Final = 20.0
WRITE_TIMEOUT_SECONDS: Final = 10.0
POOL_TIMEOUT_SECONDS: Final = 5.0
LEAST_TIME_FOR_A_READ_MS: Final = 1_000
LEAST_TIME_FOR_A_WRITE_MS: Final = 5_000
"""A write is not begun with less: an answer that comes too late costs a quiet time of minutes."""
MOST_ATTEMPTS: Final = 5
FIRST_PAUSE_MS: Final = 500
LONGEST_PAUSE_MS: Final = 8_000
LONGEST_WAIT_FOR_VENDOR_MS: Final = 10_000
"""A longer Retry-After is waited for in the queue, not in a paid function."""
PAUSE_AFTER_GIVING_UP_SECONDS: Final = 60
SLOW_ANNOUNCEMENT_MS: Final = 200
"""A request must leave at most 400 ms after its slot (domain/rate_limit.py); the rest is for the send."""
MOST_BODY_BYTES: Final = 32 * 1024 * 1024

_ALWAYS: Final = {"Accept": "application/json", "Accept-Encoding": "gzip, deflate"}
_LOG: Final = logging.getLogger(__name__)
Result = TypeVar("Result")
Jitter = Callable[[], float]
"""Returns a random number, at least 0 and below 1."""


class Gate(Protocol):
    """Stands between two requests of one vendor: it lets them through and hears how each was answered."""

    def enter(self, time_left_ms: int) -> None:
        """Return when a request may be sent. Raises RetryLaterError."""

    def leave(self, answer: Answer) -> bool:
        """Learn from the answer; True when `enter` will wait out the answer's Retry-After by itself."""


class Open:
    """The `Gate` of a vendor without a shared budget."""

    def enter(self, time_left_ms: int) -> None:
        """Let everything through."""

    def leave(self, answer: Answer) -> bool:  # noqa: ARG002
        """Learn nothing."""
        return False


@dataclass(slots=True)
class Sender(Generic[Result]):
    """One vendor as one organization reaches it, within one run.

    Args:
        vendor: Its name, for messages.
        transport: Kept over invocations. Not a Client: that would follow environments, keep cookies from one
            organization to the next, log addresses with their queries, and take twice the time.
        clock: For pauses.
        budget: How long this run may still work; no request may outlast it.
        jitter: Where the randomness of pauses comes from.
        gate: Who grants requests.
        judge: Turns an answer into a result, or raises: one of our errors when the matter is settled, else
            `DoubtError` or `NotAppliedError`.
        headers: Sent with every request; they hold the credentials.
    """

    vendor: str
    transport: httpx.BaseTransport
    clock: Clock
    budget: Budget
    jitter: Jitter
    gate: Gate
    judge: Callable[[Call, Answer], Result]
    headers: Mapping[str, str] = field(repr=False)
    requests_sent: int = 0

    def __call__(self, call: Call, announce: Announce | None = None) -> Result:
        """Send it until there is a believable answer, and return what `judge` made of that.

        `announce` is called before every single sending.

        Raises:
            OutcomeUnknownError: A write got no believable answer; it is not sent again.
            RetryLaterError: Nothing took effect, and the attempts or the time are used up.
            MisconfiguredError: The address can never work.
            NarthexError: What `judge` or `announce` raise.
        """
        for attempt in range(1, MOST_ATTEMPTS + 1):
            is_paced = False
            self.gate.enter(self._time_left_ms(call))
            self._time_left_ms(call)
            if announce is not None:
                self._announce(call, announce)
            try:
                answer = self._exchange(call, self._time_left_ms(call))
                is_paced = self._heard(answer)
                return self.judge(call, answer)
            except DoubtError as doubt:
                problem = f"{self.vendor} gave no believable answer to {call.method} {call.path} ({doubt})"
                if call.is_write:
                    raise OutcomeUnknownError(problem) from doubt
                self._pause(attempt, problem)
            except NotAppliedError as refusal:
                problem = f"{self.vendor} did not take {call.method} {call.path} ({refusal})"
                self._pause(attempt, problem, refusal.retry_after_seconds, is_paced=is_paced)
        raise AssertionError("the last pause raises")

    def _announce(self, call: Call, announce: Announce) -> None:
        """Announce; a slow announcement has used up the moment for which the gate was open."""
        entered_ms = self.clock.now_ms()
        announce()
        if self.clock.now_ms() - entered_ms > SLOW_ANNOUNCEMENT_MS:
            self.gate.enter(self._time_left_ms(call))

    def _exchange(self, call: Call, time_left_ms: int) -> Answer:
        patience_seconds = time_left_ms / 1000
        timeout = httpx.Timeout(
            connect=min(CONNECT_TIMEOUT_SECONDS, patience_seconds),
            read=min(READ_TIMEOUT_SECONDS, patience_seconds),
            write=min(WRITE_TIMEOUT_SECONDS, patience_seconds),
            pool=min(POOL_TIMEOUT_SECONDS, patience_seconds),
        )
        try:
            request = httpx.Request(
                call.method,
                call.url,
                params=call.params,
                json=call.body,
                headers={**_ALWAYS, **self.headers, **(call.headers or {})},
                extensions={"timeout": timeout.as_dict()},
            )
            self.requests_sent += 1
            response = self.transport.handle_request(request)
            try:
                return Answer(response.status_code, response.headers, self._read(response))
            finally:
                response.close()
        except RAISED_BY_HTTPX as error:
            raise self._explained(error) from error

    def _heard(self, answer: Answer) -> bool:
        try:
            return self.gate.leave(answer)
        except Exception:  # noqa: BLE001 - what the gate cannot remember must not hide what the vendor did
            _LOG.warning("the rate that %s told could not be shared", self.vendor, exc_info=True)
            return False

    def _read(self, response: httpx.Response) -> bytes:
        """Read the body; httpx limits the wait for each piece, this limits the whole."""
        pieces: list[bytes] = []
        size_bytes = 0
        for piece in response.iter_bytes():
            if pieces and self.budget.time_left_ms() <= 0:
                raise DoubtError("the body was still coming when the time was up")
            pieces.append(piece)
            size_bytes += len(piece)
            if size_bytes > MOST_BODY_BYTES:
                raise DoubtError(f"the body is larger than {MOST_BODY_BYTES} bytes")
        return b"".join(pieces)

    def _explained(self, error: Exception) -> Exception:
        name = type(error).__name__
        match fate_of(error):
            case Fate.NOT_SENT:
                self.requests_sent -= 1
                return NotAppliedError(name)
            case Fate.UNKNOWN:
                return DoubtError(name)
            case Fate.MISCONFIGURED:
                return MisconfiguredError(
                    f"the address of {self.vendor} is not usable ({name}); write it as https://host/path"
                )

    def _time_left_ms(self, call: Call) -> int:
        time_left_ms = self.budget.time_left_ms()
        least_ms = LEAST_TIME_FOR_A_WRITE_MS if call.is_write else LEAST_TIME_FOR_A_READ_MS
        if time_left_ms < least_ms:
            message = f"no time left in this run for {call.method} {call.path}"
            raise RetryLaterError(message, retry_after_seconds=1)
        return time_left_ms

    def _pause(
        self, attempt: int, problem: str, retry_after_seconds: int | None = None, *, is_paced: bool = False
    ) -> None:
        """Wait before the next attempt: as long as the vendor asks, else with full jitter.

        Raises:
            RetryLaterError: When that was the last attempt or the wait is better spent in the queue.
        """
        asked_ms = max(0, retry_after_seconds or 0) * 1000
        if attempt == MOST_ATTEMPTS:
            seconds = max(asked_ms / 1000, PAUSE_AFTER_GIVING_UP_SECONDS * (1 + self.jitter()))
            raise RetryLaterError(f"{problem}, {attempt} times", retry_after_seconds=seconds)
        if is_paced:
            return
        ceiling_ms = min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1))
        pause_ms = asked_ms + int(self.jitter() * ceiling_ms)
        longest_ms = min(LONGEST_WAIT_FOR_VENDOR_MS, self.budget.time_left_ms() - LEAST_TIME_FOR_A_WRITE_MS)
        if pause_ms > longest_ms:
            raise RetryLaterError(problem, retry_after_seconds=max(1, pause_ms / 1000))
        self.clock.sleep_ms(pause_ms)
