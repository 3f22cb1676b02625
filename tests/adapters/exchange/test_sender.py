from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from narthex.adapters.exchange import sender as sender_module
from narthex.adapters.exchange.answers import Answer, Call, DoubtError, NotAppliedError
from narthex.adapters.exchange.sender import MOST_ATTEMPTS, Gate, Open, Sender
from narthex.domain.errors import LeaseLostError, MisconfiguredError, OutcomeUnknownError, RetryLaterError
from tests.support.fakes import FixedBudget, VirtualBudget, VirtualClock

READ = Call("GET", "https://vendor.test/records/1", "/records/1")
CREATE = Call("POST", "https://vendor.test/records", "/records", body={"name": "Ana"})
REPEATABLE = Call("PATCH", "https://vendor.test/records/1", "/records/1", body={"name": "Ana"})
Step = Exception | httpx.Response


def ok() -> httpx.Response:
    return httpx.Response(200, headers={"content-type": "application/json"}, content=b'{"fine": true}')


def status(code: int, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(code, headers={"content-type": "application/json", **named}, content=b"{}")


def judge(_: Call, answer: Answer) -> object:
    if answer.status == 429:
        retry_after = answer.headers.get("retry-after")
        raise NotAppliedError("429", retry_after_seconds=int(retry_after) if retry_after else None)
    if answer.status >= 500:
        raise DoubtError(str(answer.status))
    return answer.json()


@dataclass
class Vendor(httpx.BaseTransport):
    """Does what the script says, one step a request; the last step for ever."""

    script: list[Step]
    seen: list[httpx.Request] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, Exception):
            raise step
        return step


def sending(
    *script: Step,
    clock: VirtualClock | None = None,
    left_ms: int = 270_000,
    gate: Gate | None = None,
    jitter: Callable[[], float] = lambda: 0.5,
) -> tuple[Sender[object], Vendor]:
    vendor = Vendor(list(script))
    sender: Sender[object] = Sender(
        vendor="Vendor",
        transport=vendor,
        clock=clock or VirtualClock(),
        budget=FixedBudget(left_ms),
        jitter=jitter,
        gate=gate or Open(),
        judge=judge,
        headers={"Authorization": "Bearer secret-token"},
    )
    return sender, vendor


DOUBTFUL: dict[str, Callable[[], Step]] = {
    "server error": lambda: status(500),
    "bad gateway": lambda: status(502),
    "read timeout": lambda: httpx.ReadTimeout("late"),
    "reset": lambda: httpx.ReadError("reset"),
    "closed without an answer": lambda: httpx.RemoteProtocolError("closed"),
    "broken compression": lambda: httpx.DecodingError("gzip"),
    "HTML 200": lambda: httpx.Response(200, headers={"content-type": "text/html"}, content=b"<html>"),
    "truncated": lambda: httpx.Response(200, headers={"content-type": "application/json"}, content=b'{"a'),
    "no content type": lambda: httpx.Response(200, content=b'{"a": 1}'),
}
HARMLESS: dict[str, Callable[[], Step]] = {
    "connection refused": lambda: httpx.ConnectError("refused"),
    "connect timeout": lambda: httpx.ConnectTimeout("late"),
    "pool timeout": lambda: httpx.PoolTimeout("busy"),
    "too many requests": lambda: status(429),
}


@pytest.mark.parametrize("trouble", DOUBTFUL.values(), ids=DOUBTFUL)
def test_a_read_without_a_believable_answer_is_repeated(trouble: Callable[[], Step]) -> None:
    sender, vendor = sending(trouble(), ok())

    assert sender(READ) == {"fine": True}

    assert len(vendor.seen) == 2


@pytest.mark.parametrize("call", [CREATE, REPEATABLE], ids=["create", "repeatable"])
@pytest.mark.parametrize("trouble", DOUBTFUL.values(), ids=DOUBTFUL)
def test_a_write_without_a_believable_answer_is_never_repeated(
    trouble: Callable[[], Step], call: Call
) -> None:
    sender, vendor = sending(trouble(), ok())

    with pytest.raises(OutcomeUnknownError):
        sender(call)

    assert len(vendor.seen) == 1


@pytest.mark.parametrize("call", [READ, CREATE], ids=["read", "create"])
@pytest.mark.parametrize("trouble", HARMLESS.values(), ids=HARMLESS)
def test_what_certainly_had_no_effect_is_sent_again_creates_too(
    trouble: Callable[[], Step], call: Call
) -> None:
    sender, vendor = sending(trouble(), ok())

    assert sender(call) == {"fine": True}

    assert len(vendor.seen) == 2


def test_a_read_that_never_succeeds_is_put_back() -> None:
    sender, vendor = sending(status(503))

    with pytest.raises(RetryLaterError) as raised:
        sender(READ)

    assert len(vendor.seen) == MOST_ATTEMPTS
    assert raised.value.retry_after_seconds == 90


def test_every_single_sending_is_announced() -> None:
    announced: list[int] = []
    sender, vendor = sending(httpx.ConnectError("refused"), status(429), ok())

    sender(CREATE, lambda: announced.append(len(vendor.seen)))

    assert announced == [0, 1, 2]


def test_an_announcement_that_raises_sends_nothing() -> None:
    def lost() -> None:
        raise LeaseLostError("another worker took over")

    sender, vendor = sending(ok())

    with pytest.raises(LeaseLostError):
        sender(CREATE, lost)

    assert vendor.seen == []


def test_the_announcement_comes_after_the_token() -> None:
    order: list[str] = []

    class Noted(Open):
        def enter(self, time_left_ms: int) -> None:
            order.append("token")

    sender, _ = sending(ok(), gate=Noted())
    sender(CREATE, lambda: order.append("announcement"))

    assert order == ["token", "announcement"]


def test_a_refused_token_sends_and_announces_nothing() -> None:
    class Closed(Open):
        def enter(self, time_left_ms: int) -> None:
            raise RetryLaterError("no slot", retry_after_seconds=7)

    announced: list[str] = []
    sender, vendor = sending(ok(), gate=Closed())

    with pytest.raises(RetryLaterError, match="no slot"):
        sender(CREATE, lambda: announced.append("x"))

    assert (vendor.seen, announced) == ([], [])


def test_pauses_grow_with_full_jitter() -> None:
    pauses: list[int] = []

    class Noting(VirtualClock):
        def sleep_ms(self, duration_ms: int) -> None:
            pauses.append(duration_ms)

    draws = iter([0.0, 0.999, 0.5, 0.25, 0.0])
    sender, _ = sending(status(500), clock=Noting(), jitter=lambda: next(draws))

    with pytest.raises(RetryLaterError):
        sender(READ)

    assert pauses == [0, 999, 1000, 1000]


def test_a_retry_after_is_waited_out() -> None:
    clock = VirtualClock()
    sender, _ = sending(status(429, retry_after="4"), ok(), clock=clock)

    sender(READ)

    assert clock.slept_ms == 4_250


def test_a_long_retry_after_is_spent_in_the_queue() -> None:
    clock = VirtualClock()
    sender, vendor = sending(status(429, retry_after="45"), clock=clock)

    with pytest.raises(RetryLaterError) as raised:
        sender(READ)

    assert raised.value.retry_after_seconds == 45.25
    assert (len(vendor.seen), clock.slept_ms) == (1, 0)


def test_a_negative_retry_after_does_not_hurry() -> None:
    clock = VirtualClock()
    sender, _ = sending(status(429, retry_after="-3"), ok(), clock=clock)

    sender(READ)

    assert clock.slept_ms == 250


def test_a_gate_that_waits_out_the_retry_after_saves_our_own_pause() -> None:
    class Pacing(Open):
        def leave(self, answer: Answer) -> bool:
            return answer.status == 429

    clock = VirtualClock()
    sender, _ = sending(status(429, retry_after="4"), ok(), clock=clock, gate=Pacing())

    sender(READ)

    assert clock.slept_ms == 0


def test_no_write_begins_with_too_little_time_for_its_answer() -> None:
    sender, vendor = sending(ok(), left_ms=4_999)

    with pytest.raises(RetryLaterError, match="no time left"):
        sender(CREATE)

    assert vendor.seen == []


def test_a_read_needs_less_time_than_a_write() -> None:
    sender, _ = sending(ok(), left_ms=4_999)

    assert sender(READ) == {"fine": True}


def test_no_timeout_outlasts_the_run() -> None:
    sender, vendor = sending(ok(), left_ms=3_000)

    sender(READ)

    assert vendor.seen[0].extensions["timeout"] == {"connect": 3.0, "read": 3.0, "write": 3.0, "pool": 3.0}


def test_timeouts_are_bounded_however_long_the_run_is() -> None:
    sender, vendor = sending(ok())

    sender(READ)

    assert vendor.seen[0].extensions["timeout"] == {"connect": 5.0, "read": 20.0, "write": 10.0, "pool": 5.0}


def test_a_pause_that_would_outlast_the_run_is_spent_in_the_queue() -> None:
    sender, vendor = sending(status(500), left_ms=5_100)

    with pytest.raises(RetryLaterError):
        sender(READ)

    assert len(vendor.seen) == 1


def test_a_body_still_coming_when_the_time_is_up_is_no_answer() -> None:
    clock = VirtualClock()
    budget = VirtualBudget(clock, 30_000)

    def trickle() -> Iterator[bytes]:
        yield b'{"fine"'
        clock.advance_ms(60_000)
        yield b": true}"

    answer = httpx.Response(201, headers={"content-type": "application/json"}, content=trickle())
    sender, _ = sending(answer, clock=clock)
    sender.budget = budget

    with pytest.raises(OutcomeUnknownError, match="time was up"):
        sender(CREATE)


def test_a_body_without_end_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender_module, "MOST_BODY_BYTES", 10)
    sender, _ = sending(ok())

    with pytest.raises(OutcomeUnknownError, match="larger than 10 bytes"):
        sender(CREATE)


@pytest.mark.parametrize("url", ["ftp://vendor.test/x", "vendor.test/x", "http://vendor.test:port/x"])
def test_an_address_that_can_never_work_stops_the_organization(url: str) -> None:
    sender: Sender[object] = Sender(
        vendor="Vendor",
        transport=httpx.HTTPTransport(),
        clock=VirtualClock(),
        budget=FixedBudget(),
        jitter=lambda: 0.0,
        gate=Open(),
        judge=judge,
        headers={},
    )

    with pytest.raises(MisconfiguredError, match="address of Vendor"):
        sender(Call("GET", url, "/x"))


def test_a_gate_that_fails_to_remember_does_not_hide_the_answer() -> None:
    class Forgetful(Open):
        def leave(self, answer: Answer) -> bool:
            raise RuntimeError("the table is away")

    sender, _ = sending(ok(), gate=Forgetful())

    assert sender(CREATE) == {"fine": True}


def test_a_get_carries_no_body() -> None:
    sender, vendor = sending(ok())

    sender(READ)

    assert (vendor.seen[0].content, vendor.seen[0].headers.get("content-length")) == (b"", None)


def test_requests_are_counted_unless_nothing_was_sent() -> None:
    sender, _ = sending(httpx.ConnectError("refused"), httpx.ReadTimeout("late"), status(500), ok())

    sender(READ)

    assert sender.requests_sent == 3


def test_an_unknown_outcome_names_method_path_and_cause_only() -> None:
    sender, _ = sending(httpx.ReadTimeout("late"))

    with pytest.raises(OutcomeUnknownError) as raised:
        sender(CREATE)

    assert str(raised.value) == "Vendor gave no believable answer to POST /records (ReadTimeout)"


def test_a_sender_shows_no_credentials() -> None:
    sender, _ = sending(ok())

    assert "secret-token" not in repr(sender)
