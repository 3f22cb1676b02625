"""`make up` and `make down`: the local AWS, the sandbox and the deployed stack, in the background."""

from __future__ import annotations

import os
import shutil
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from local import services, stack
from local.processes import refuse_a_busy_port, worker_pids

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from local.settings import LocalRun

    Result = TypeVar("Result")


def up(run: LocalRun) -> dict[str, str]:
    """Start what isn't running, deploy the template, and return the stack's outputs. Repeatable.

    Raises:
        LocalRunError: a port is busy, or a step failed; nothing that this call started is left running then.
    """
    aws, sandbox = services.local_aws(run), services.sandbox(run)
    for program in (aws, sandbox) if run.needs_sandbox else (aws,):
        if program.pid() is None:
            refuse_a_busy_port(program.port, program.name)
    started = []
    try:
        if aws.pid() is None:
            # Workers unpack themselves there; whoever was killed with them left their copies behind.
            for copy in (run.folder / "tmp").glob("ministack-lambda-*"):
                shutil.rmtree(copy, ignore_errors=True)
            started.append(aws)
            _step(f"Starting the local AWS on port {run.port}", lambda: services.start_local_aws(run))
        if run.needs_sandbox and sandbox.pid() is None:
            started.append(sandbox)
            _step(f"Starting the sandbox on port {run.sandbox_port}", lambda: services.start_sandbox(run))
        template = _step("Building functions and layers for this machine", lambda: stack.build(run))
        _step("Deploying template.yaml, with rights enforced", lambda: stack.deploy(run, template))
        return stack.outputs(run)
    except BaseException:
        for program in started:
            program.stop()
        raise


def down(run: LocalRun) -> list[str]:
    """Stop what `up` started; data stays.

    Returns:
        The names of the programs that were running.

    Raises:
        LocalRunError: a program had to be killed.
    """
    aws, sandbox = services.local_aws(run), services.sandbox(run)
    stopped = [program.name for program in (aws, sandbox) if program.stop()]
    for pid in worker_pids(run.folder):
        # A worker in the middle of its work outlives the local AWS; on AWS it would be frozen.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return stopped


def _step(title: str, work: Callable[[], Result]) -> Result:
    print(f"{title} ...", end=" ", flush=True)
    began = time.monotonic()
    try:
        result = work()
    except BaseException:
        print("failed.", flush=True)
        raise
    print(f"{time.monotonic() - began:.1f} s", flush=True)
    return result
