"""Builds the template for this machine, deploys it to a local run, and talks to what was deployed."""

from __future__ import annotations

import fcntl
import hashlib
import json
import subprocess
from typing import TYPE_CHECKING, Any

from local.aws import client
from local.environments import ENVIRONMENTS, ROOT
from local.layer import SWITCH
from local.processes import LocalRunError
from local.settings import STACK_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from local.settings import LocalRun

SAM = ENVIRONMENTS["sam"].folder / "bin" / "sam"
BUILDS = ROOT / "build" / "local"
_LOG_LINES_SHOWN = 30


def build(run: LocalRun) -> Path:
    """Build functions and layers for the interpreter that the local AWS runs them with.

    Returns:
        The built template. Builds of one interpreter share a folder, so that only what changed is built.

    Raises:
        LocalRunError: `sam build` failed; the text holds its last lines.
    """
    interpreter = str(ENVIRONMENTS["ministack"].python)
    recipe = (ENVIRONMENTS["ministack"].fingerprint().encode(), (ROOT / "local" / "layer.py").read_bytes())
    folder = BUILDS / hashlib.sha256(b"\0".join(recipe)).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    command = [str(SAM), "build", "--template-file", str(ROOT / "template.yaml"), "--cached", "--parallel"]
    command += ["--build-dir", str(folder / "build"), "--cache-dir", str(folder / "cache")]
    with (BUILDS / "lock").open("w", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        _run(command, run.environment() | {SWITCH: interpreter}, "sam build")
    return folder / "build" / "template.yaml"


def deploy(run: LocalRun, template: Path) -> None:
    """Deploy the built template; a second deployment of the same one changes nothing.

    Raises:
        LocalRunError: `sam deploy` failed; the text holds its last lines.
    """
    overrides = [f"{name}={value}" for name, value in run.parameters.items()]
    command = [str(SAM), "deploy", "--template-file", str(template), "--stack-name", STACK_NAME]
    command += ["--resolve-s3", "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset"]
    command += ["--no-fail-on-empty-changeset", "--parameter-overrides", *overrides]
    _run(command, run.environment(), "sam deploy")


def outputs(run: LocalRun) -> dict[str, str]:
    """The stack's outputs by name, as template.yaml lists them.

    Raises:
        LocalRunError: there is no finished stack.
    """
    formation = client(run, "cloudformation")
    try:
        stack = formation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]
    except formation.exceptions.ClientError:
        raise LocalRunError("There is no stack on the local AWS: run `make up` first.") from None
    if not stack["StackStatus"].endswith("_COMPLETE") or "ROLLBACK" in stack["StackStatus"]:
        raise LocalRunError(f"The stack is {stack['StackStatus']}: run `make up` again.")
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def invoke(run: LocalRun, function_name: str, event: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Invoke a function and wait for its answer.

    Raises:
        LocalRunError: the function failed; the text is its error.
    """
    answer = client(run, "lambda").invoke(FunctionName=function_name, Payload=json.dumps(event).encode())
    body = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        message = body.get("errorMessage", body) if isinstance(body, dict) else body
        raise LocalRunError(f"{function_name} failed: {message}")
    return body


def _run(command: list[str], environment: Mapping[str, str], name: str) -> None:
    done = subprocess.run(
        command,
        env=dict(environment),
        cwd=ROOT,
        check=False,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode != 0:
        tail = "\n".join(done.stdout.splitlines()[-_LOG_LINES_SHOWN:])
        raise LocalRunError(f"{tail}\n{name} failed; the lines above say why.")
