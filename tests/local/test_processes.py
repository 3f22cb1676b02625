from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path

import pytest

from local.processes import Background, LocalRunError, free_port, refuse_a_busy_port

WAITS = [sys.executable, "-c", "import signal; print('ready', flush=True); signal.pause()"]
ENDS = [sys.executable, "-c", "raise SystemExit(1)"]


@pytest.fixture
def program(tmp_path: Path) -> Background:
    return Background("program", free_port(), tmp_path)


def says_ready(program: Background) -> bool:
    return b"ready" in program.log.read_bytes()


def test_a_program_is_found_again_by_its_record_and_stopped(program: Background) -> None:
    program.start(WAITS, os.environ, program.folder)
    program.wait_until(lambda: says_ready(program), patience_seconds=10)
    found = Background(program.name, program.port, program.folder)
    assert found.pid() is not None

    assert found.stop()

    assert found.pid() is None
    assert not found.stop()


def test_a_program_that_ends_before_it_is_ready_is_reported_with_its_log(program: Background) -> None:
    program.start(ENDS, os.environ, program.folder)

    with pytest.raises(LocalRunError, match=r"ended before it was ready; .*program\.log says why"):
        program.wait_until(lambda: False, patience_seconds=10)

    program.stop()


def test_a_recycled_process_id_is_never_signalled(program: Background) -> None:
    record = {"pid": os.getpid(), "started_at": "the start of a program that is long gone"}
    program.record.write_text(json.dumps(record), encoding="utf-8")

    assert program.pid() is None
    assert not program.stop()


@pytest.mark.parametrize(("name", "variable"), [("sandbox", "SANDBOX_PORT"), ("local-aws", "LOCAL_AWS_PORT")])
def test_a_busy_port_is_refused_with_the_variable_that_chooses_another(name: str, variable: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(LocalRunError, match=f"Port {port} is in use .* {variable}=") as refusal:
            refuse_a_busy_port(port, name)

    assert "\n" not in str(refusal.value)
