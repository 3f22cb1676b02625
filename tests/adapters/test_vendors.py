from __future__ import annotations

import logging
import socket
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from narthex.adapters.vendors import VERSION, VendorConnector
from narthex.domain.errors import (
    MisconfiguredError,
    OutcomeUnknownError,
    ReconnectNeededError,
    RetryLaterError,
)
from narthex.domain.organization import BearerToken, Credentials, PersonalAccessToken
from narthex.domain.people import PersonDraft
from narthex.domain.rate_limit import Lane
from tests.adapters.house import CREDENTIALS, ORGANIZATION, House, connect, nothing
from tests.support.fakes import FakeLimiter, FakeSecrets, FixedBudget, VirtualClock

if TYPE_CHECKING:
    from narthex.ports import Connector, Vendors

EMPTY = b'{"data": [], "meta": {"total": 0, "last_page": 1}}'
JSON = {"content-type": "application/json"}


def test_the_connector_and_what_it_opens_have_the_ports_shape() -> None:
    house = House()
    connector: Connector = house.connector

    vendors: Vendors = connector(ORGANIZATION, Lane.BULK, FixedBudget())

    assert [fund.name for fund in vendors.giving.funds()] == ["General"]


def test_one_transport_serves_all_openings() -> None:
    opened: list[httpx.BaseTransport] = []

    def open_transport() -> httpx.BaseTransport:
        opened.append(httpx.MockTransport(lambda _: httpx.Response(200, headers=JSON, content=EMPTY)))
        return opened[-1]

    connector = VendorConnector(
        secrets=FakeSecrets({ORGANIZATION.id: CREDENTIALS}),
        clock=VirtualClock(),
        limiter=FakeLimiter(),
        jitter=lambda: 0.0,
        contact="office@grace.example",
        open_transport=open_transport,
    )
    before = len(opened)
    for _ in range(3):
        connector(ORGANIZATION, Lane.BULK, FixedBudget()).giving.funds()

    assert (before, len(opened)) == (0, 1)


def test_requests_to_planning_center_are_counted_over_both_products_and_wegive_is_not() -> None:
    house = House()
    house.vendors.giving.funds()
    house.vendors.people.owners_of_email("ana@example.test")
    house.vendors.wegive.funds()

    assert house.vendors.requests_sent == 2


def test_each_opening_counts_for_itself() -> None:
    house = House()
    house.vendors.giving.funds()

    assert house.connector(ORGANIZATION, Lane.BULK, FixedBudget()).requests_sent == 0


def test_a_cookie_of_one_church_does_not_reach_the_next() -> None:
    seen: list[str | None] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("cookie"))
        return httpx.Response(200, headers=JSON | {"set-cookie": "session=1"}, content=EMPTY)

    connector = connect(httpx.MockTransport(handler))
    for _ in range(2):
        connector(ORGANIZATION, Lane.BULK, FixedBudget()).giving.funds()

    assert seen == [None, None]


def test_no_log_line_holds_an_email_address_or_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    house = House()

    house.vendors.people.owners_of_email("ana@example.test")

    assert "ana" not in caplog.text
    assert "secret" not in caplog.text


def test_nothing_that_is_opened_shows_its_credentials() -> None:
    vendors = House().vendors

    shown = f"{vendors!r} {vendors.planning_center_sender!r} {vendors.wegive_sender!r}"

    assert "secret" not in shown
    assert "Basic" not in shown


@pytest.mark.parametrize("token", ["", " ", "line\nbreak", "tab\t", "schlüssel", " padded"])
def test_a_token_that_cannot_be_sent_asks_to_be_entered_again(token: str) -> None:
    connector = connect(
        httpx.MockTransport(lambda _: httpx.Response(200)),
        credentials=Credentials(planning_center=CREDENTIALS.planning_center, wegive=BearerToken(token)),
    )

    with pytest.raises(ReconnectNeededError, match="WeGive") as raised:
        connector(ORGANIZATION, Lane.BULK, FixedBudget())

    assert not token.strip() or token not in str(raised.value)


def test_a_secret_that_cannot_be_sent_asks_to_be_entered_again() -> None:
    credentials = Credentials(
        planning_center=PersonalAccessToken("application", "sé\ncret"), wegive=CREDENTIALS.wegive
    )
    connector = connect(httpx.MockTransport(lambda _: httpx.Response(200)), credentials=credentials)

    with pytest.raises(ReconnectNeededError, match="Planning Center"):
        connector(ORGANIZATION, Lane.BULK, FixedBudget())


@pytest.mark.parametrize(
    "url",
    [
        "api.planningcenteronline.com",
        "ftp://vendor.test",
        "https://",
        "https://vendor.test:port",
        "https://vendor.test:99999",
        "https://user:password@vendor.test",
        "https://vendor.test?token=1",
        "https://ven dor.test",
        "https://[broken",
        "https://-vendor.test",
    ],
)
def test_an_unusable_address_is_named_before_anything_is_sent(url: str) -> None:
    connector = House().connector

    with pytest.raises(MisconfiguredError, match=r"planning_center\.base_url"):
        connector(replace(ORGANIZATION, planning_center_url=url), Lane.BULK, FixedBudget())
    with pytest.raises(MisconfiguredError, match=r"wegive\.base_url"):
        connector(replace(ORGANIZATION, wegive_url=url), Lane.BULK, FixedBudget())


@pytest.mark.parametrize(
    "url",
    [
        "https://api.planningcenteronline.com",
        "http://127.0.0.1:8700/planning-center",
        "http://localhost:8700/",
        "http://[::1]:8700",
    ],
)
def test_an_ordinary_address_is_taken(url: str) -> None:
    assert House().connector(replace(ORGANIZATION, planning_center_url=url), Lane.BULK, FixedBudget())


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]

    assert project["version"] == VERSION


@contextmanager
def listening(*answers: bytes) -> Iterator[str]:
    """A server on this machine that gives one answer a connection, hangs up, and then refuses."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def serve() -> None:
        for answer in answers:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65_536)
                connection.sendall(answer)
        listener.close()

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        server.join(5)


def real_vendors(url: str) -> Vendors:
    connector = VendorConnector(
        secrets=FakeSecrets({ORGANIZATION.id: CREDENTIALS}),
        clock=VirtualClock(),
        limiter=FakeLimiter(),
        jitter=lambda: 0.0,
        contact="office@grace.example",
        open_transport=httpx.HTTPTransport,
    )
    return connector(replace(ORGANIZATION, planning_center_url=url), Lane.BULK, FixedBudget(10_000))


def http(body: bytes, *, length: int | None = None) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length or len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body


def test_a_real_connection_reads_a_list() -> None:
    with listening(http(EMPTY)) as url:
        assert real_vendors(url).giving.funds() == []


def test_a_real_answer_that_breaks_off_is_read_again() -> None:
    with listening(http(EMPTY[:9], length=len(EMPTY)), b"", http(EMPTY)) as url:
        vendors = real_vendors(url)

        assert (vendors.giving.funds(), vendors.requests_sent) == ([], 3)


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 201 Created\r\nContent-Length: 90\r\n\r\n{", b"garbage\r\n\r\n"]
)
def test_a_real_connection_that_dies_under_a_create_leaves_its_outcome_unknown(answer: bytes) -> None:
    with listening(answer, http(EMPTY)) as url, pytest.raises(OutcomeUnknownError):
        real_vendors(url).people.create(PersonDraft("Ana", "Reyes"), nothing)


def test_a_real_refused_connection_sends_nothing_and_is_put_back() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    vendors = real_vendors(f"http://127.0.0.1:{port}")

    with pytest.raises(RetryLaterError):
        vendors.people.create(PersonDraft("Ana", "Reyes"), nothing)

    assert vendors.requests_sent == 0
