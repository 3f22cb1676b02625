from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.faults import Fault, FaultKind, Faults, NoAnswer, SlowAnswer
from sandbox.in_process import InProcessTransport
from sandbox.records import Records
from sandbox.request_log import RequestLog

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def test_records_survive_a_restart_in_their_order(tmp_path: Path) -> None:
    first = Records(tmp_path / "records.sqlite")
    first.put("fund", "b", {"name": "Building"})
    first.put("fund", "a", {"name": "General"})
    first.put("fund", "b", {"name": "Roof"})
    first.next_id("fund")
    first.close()

    second = Records(tmp_path / "records.sqlite")

    assert second.all("fund") == [{"name": "Roof"}, {"name": "General"}]
    assert second.next_id("fund") == 2
    second.close()


def test_a_deleted_record_stays_deleted_after_a_restart(tmp_path: Path) -> None:
    first = Records(tmp_path / "records.sqlite")
    first.put("fund", "a", {})
    first.delete("fund", "a")
    first.close()

    second = Records(tmp_path / "records.sqlite")

    assert second.get("fund", "a") is None
    second.close()


def test_an_index_follows_every_change_of_a_record() -> None:
    records = Records()
    records.add_index("email", "address", lambda record: [record["address"].lower()])
    email = {"address": "Ada@example.org"}
    records.put("email", "1", email)

    email["address"] = "ada@example.net"
    records.put("email", "1", email)

    assert records.find("email", "address", "ada@example.org") == []
    assert records.find("email", "address", "ada@example.net") == [email]


def test_a_fault_is_used_after_its_skip_and_as_often_as_it_says() -> None:
    faults = Faults()
    faults.add(Fault("wegive", FaultKind.SLOW, method="GET", path="/v1/.*", skip=1, times=2))

    used = [faults.match("wegive", "GET", "/v1/funds") is not None for _ in range(4)]

    assert used == [False, True, True, False]
    assert faults.waiting() == []


@pytest.mark.parametrize(
    ("vendor", "method", "path"),
    [
        ("planning_center", "GET", "/v1/funds"),
        ("wegive", "POST", "/v1/funds"),
        ("wegive", "GET", "/v1/funds/1"),
    ],
)
def test_a_fault_leaves_other_requests_alone(vendor: str, method: str, path: str) -> None:
    faults = Faults()
    faults.add(Fault("wegive", FaultKind.SLOW, method="GET", path="/v1/funds"))

    assert faults.match(vendor, method, path) is None


def test_the_log_finds_the_fullest_window_wherever_it_starts() -> None:
    log = RequestLog()
    for seconds in (0, 15, 19, 21, 34, 60):
        log.append(START + timedelta(seconds=seconds), "planning_center", "1", "GET", "/", "", 200)

    assert log.most_in_window(20) == 4
    assert log.most_in_window(20, organization="2") == 0


def test_the_transport_carries_method_query_headers_and_body() -> None:
    async def echo(request: Request) -> Response:
        body = await request.body()
        return JSONResponse(
            {"query": request.url.query, "x": request.headers["x-colour"], "body": body.decode()}, 201
        )

    app = Starlette(routes=[Route("/echo/{rest:path}", echo, methods=["POST"])])
    with httpx.Client(transport=InProcessTransport(app), base_url="http://sandbox.test") as client:
        answer = client.post("/echo/a%20b?q=1%202", headers={"X-Colour": "blue"}, content=b"hello")

    assert answer.status_code == 201
    assert answer.json() == {"query": "q=1%202", "x": "blue", "body": "hello"}


def test_no_answer_is_a_read_timeout_in_process() -> None:
    async def silent(_: Request) -> Response:
        return NoAnswer()

    app = Starlette(routes=[Route("/", silent)])
    with (
        httpx.Client(transport=InProcessTransport(app), base_url="http://sandbox.test") as client,
        pytest.raises(httpx.ReadTimeout),
    ):
        client.get("/")


def test_a_slow_answer_moves_the_hosts_clock_and_times_out_beyond_the_clients_patience() -> None:
    async def slow(_: Request) -> Response:
        return SlowAnswer(Response(status_code=204), seconds=7)

    waited: list[float] = []
    transport = InProcessTransport(Starlette(routes=[Route("/", slow)]), on_delay=waited.append)
    with httpx.Client(transport=transport, base_url="http://sandbox.test", timeout=10) as client:
        answer = client.get("/")
        with pytest.raises(httpx.ReadTimeout):
            client.get("/", timeout=5)

    assert answer.status_code == 204
    assert waited == [7, 7]
