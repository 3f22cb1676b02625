from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from sandbox.church import GRACE

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30


def start(state_directory: Path, port: str = "0") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sandbox", "--port", port, "--state-dir", str(state_directory)]
    command += ["--seed", "7", "--day", "2026-01-04"]
    return subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def address_of(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    line = server.stdout.readline()
    return line.removeprefix("sandbox: ").strip().rstrip("/")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    process = start(tmp_path_factory.mktemp("state"))
    try:
        yield address_of(process)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)


def test_everything_is_at_its_place(server: str) -> None:
    bearer = {"Authorization": f"Bearer {GRACE.wegive_token}"}
    agent = {"User-Agent": "tests (https://tests.example)", "X-PCO-API-Version": "2025-11-10"}
    with httpx.Client(base_url=server) as client:
        assert client.get("/control/health").json() == {"status": "ok"}
        assert client.get("/wegive/api/dashboard/funds", headers=bearer).status_code == 200
        auth = (GRACE.application_id, GRACE.secret)
        me = client.get("/planning-center/current/v2/me", headers=agent, auth=auth)
        assert me.status_code == 200
        assert GRACE.name in client.get("/").text


def test_no_answer_closes_the_connection(server: str) -> None:
    with httpx.Client(base_url=server) as client:
        client.post("/control/faults", json={"vendor": "wegive", "kind": "lost_answer"})

        with pytest.raises(httpx.TransportError):
            client.get("/wegive/api/dashboard/funds")

        assert client.get("/wegive/api/dashboard/funds").status_code == 401


def test_a_slow_answer_takes_its_seconds(server: str) -> None:
    with httpx.Client(base_url=server) as client:
        client.post("/control/faults", json={"vendor": "wegive", "kind": "slow", "seconds": 5})

        with pytest.raises(httpx.ReadTimeout):
            client.get("/wegive/api/dashboard/funds", timeout=0.2)


def test_a_busy_port_is_one_clear_line_and_status_2(server: str, tmp_path: Path) -> None:
    port = server.rpartition(":")[2]

    second = start(tmp_path, port)
    _, errors = second.communicate(timeout=PATIENCE_SECONDS)

    assert second.returncode == 2
    assert errors.splitlines() == [
        f"sandbox: port {port} is in use; stop what listens there, or choose another with --port"
    ]


def test_sigterm_stops_it_cleanly_and_the_state_is_there_again(tmp_path: Path) -> None:
    first = start(tmp_path)
    late = {"church": GRACE.organization_id, "day": "2026-01-04"}
    httpx.post(f"{address_of(first)}/control/staff/church/add_late_gift", json=late).raise_for_status()
    first.send_signal(signal.SIGTERM)
    _, errors = first.communicate(timeout=PATIENCE_SECONDS)

    second = start(tmp_path)
    state = httpx.get(f"{address_of(second)}/control/state").json()
    second.terminate()
    second.communicate(timeout=PATIENCE_SECONDS)

    assert (first.returncode, errors) == (0, "")
    assert state["churches"][0]["wegive"]["transactions"] == 123


@pytest.mark.parametrize(("option", "value"), [("--day", "Sunday"), ("--port", "70000"), ("--seed", "nine")])
def test_a_bad_command_line_is_refused(tmp_path: Path, option: str, value: str) -> None:
    command = [sys.executable, "-m", "sandbox", "--state-dir", str(tmp_path), option, value]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603

    assert done.returncode == 2
    assert option in done.stderr
