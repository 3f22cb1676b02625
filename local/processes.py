"""Background processes of a local run: started once, found again by their recorded ids, stopped in order."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_POLL_SECONDS = 0.1

_children: dict[int, subprocess.Popen[bytes]] = {}
"""What this very process started: it must be waited for, where what another one started can't be."""


class LocalRunError(Exception):
    """The local run can't do what was asked; the text is one sentence for the person at the keyboard."""


@dataclass(frozen=True, slots=True)
class Background:
    """One long-running process of a local run.

    Args:
        name: Names its log and its record in the run's folder.
        port: The port on 127.0.0.1 that it listens on.
        folder: The run's folder.
    """

    name: str
    port: int
    folder: Path

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return self.folder / f"{self.name}.log"

    @property
    def record(self) -> Path:
        """Holds the process id and the moment of its start, so that a recycled id is never signalled."""
        return self.folder / f"{self.name}.pid"

    def pid(self) -> int | None:
        """The id of the running process, or None when it isn't running."""
        try:
            recorded = json.loads(self.record.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        pid = int(recorded["pid"])
        return pid if _started_at(pid) == recorded["started_at"] else None

    def start(self, command: Sequence[str], environment: Mapping[str, str], cwd: Path) -> None:
        """Start it in a session of its own.

        Raises:
            LocalRunError: the port is taken by something else.
        """
        refuse_a_busy_port(self.port, self.name)
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                list(command),
                env=dict(environment),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _children[process.pid] = process
        record = {"pid": process.pid, "started_at": _started_at(process.pid)}
        self.record.write_text(json.dumps(record), encoding="utf-8")

    def wait_until(self, is_ready: Callable[[], bool], patience_seconds: float) -> None:
        """Wait until it answers.

        Raises:
            LocalRunError: it ended, or the patience did.
        """
        deadline = time.monotonic() + patience_seconds
        while not is_ready():
            if self.pid() is None:
                raise LocalRunError(f"{self.name} ended before it was ready; {self.log} says why.")
            if time.monotonic() > deadline:
                raise LocalRunError(f"{self.name} was not ready in {patience_seconds:.0f} s; see {self.log}.")
            time.sleep(_POLL_SECONDS)

    def stop(self, patience_seconds: float = 30) -> bool:
        """Ask it to end and wait: it writes its state on the way out.

        Returns:
            Whether it was running.

        Raises:
            LocalRunError: it had to be killed, so what it had not written yet is lost.
        """
        pid = self.pid()
        if pid is None:
            self.record.unlink(missing_ok=True)
            return False
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + patience_seconds
        while self.pid() is not None and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        if self.pid() is not None:
            os.kill(pid, signal.SIGKILL)
            _forget(pid)
            raise LocalRunError(f"{self.name} did not end in {patience_seconds:.0f} s and was killed.")
        _forget(pid)
        self.record.unlink(missing_ok=True)
        return True


def refuse_a_busy_port(port: int, name: str) -> None:
    """Make sure that nothing listens on the port.

    Raises:
        LocalRunError: something does; the text names the port and how to take another.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            variable = "SANDBOX_PORT" if name == "sandbox" else "LOCAL_AWS_PORT"
            raise LocalRunError(
                f"Port {port} is in use by another program, so {name} can't start: "
                f"stop that program or choose another port with {variable}=..."
            ) from None


def free_port() -> int:
    """A port on 127.0.0.1 that nothing listens on right now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def worker_pids(folder: Path, function_name: str = "") -> list[int]:
    """The processes that run one function (or all) of the local AWS whose folder this is, by id.

    The local AWS unpacks each worker under its temporary folder and starts it from there, so the command
    line tells the run and the function. For tests that kill a worker in the middle of its work.
    """
    marker = str(folder / "tmp" / f"ministack-lambda-{function_name}").encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if marker in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return sorted(found)


def _forget(pid: int) -> None:
    child = _children.pop(pid, None)
    if child is not None:
        child.wait()


def _started_at(pid: int) -> str | None:
    """The start time that the kernel keeps of a process; None when it has ended, reaped or not."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    state, start_time = fields[0], fields[19]
    return None if state == "Z" else start_time
