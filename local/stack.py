"""Builds the template for this machine, deploys it to a local run, and talks to what was deployed."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from local.aws import client
from local.environments import ENVIRONMENTS, ROOT
from local.layer import SWITCH
from local.processes import LocalRunError
from local.services import local_aws
from local.settings import STACK_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from local.settings import LocalRun

SAM = ENVIRONMENTS["sam"].folder / "bin" / "sam"
BUILDS = ROOT / "build" / "local"
_INTERPRETER = str(ENVIRONMENTS["ministack"].python)
_LOG_LINES_SHOWN = 30
_BUILDS_KEPT = 3


def build(run: LocalRun) -> Path:
    """Build functions and layers for the interpreter that the local AWS runs them with.

    Returns:
        The folder of the build, named after what went into it; an old one is used as it is.

    Raises:
        LocalRunError: `sam build` failed; the text holds its last lines.
    """
    folder = BUILDS / _source_fingerprint()
    with _exclusive():
        if not (folder / "done").exists():
            cache = BUILDS / f"cache-{_recipe().hexdigest()[:16]}"
            command = [str(SAM), "build", "--template-file", str(ROOT / "template.yaml"), "--parallel"]
            command += ["--build-dir", str(folder), "--cached", "--cache-dir", str(cache)]
            _run(command, os.environ | run.environment() | {SWITCH: _INTERPRETER}, "sam build")
            _forget_old_builds(folder)
            (folder / "done").touch()
    return folder


def deploy(run: LocalRun, build_folder: Path) -> None:
    """Deploy a build; where the same one is deployed with the same parameters already, nothing happens.

    Raises:
        LocalRunError: `sam deploy` failed; the text holds its last lines.
    """
    overrides = [f"{name}={value}" for name, value in run.parameters.items()]
    deployed, wanted = run.folder / "deployed", f"{build_folder.name} {' '.join(overrides)}"
    if deployed.exists() and deployed.read_text(encoding="utf-8") == wanted:
        with suppress(LocalRunError):
            outputs(run)
            return
    command = [str(SAM), "deploy", "--template-file", str(build_folder / "template.yaml")]
    command += ["--stack-name", STACK_NAME, "--resolve-s3", "--capabilities", "CAPABILITY_IAM"]
    command += ["--no-confirm-changeset", "--no-fail-on-empty-changeset"]
    command += ["--parameter-overrides", *overrides]
    deployed.unlink(missing_ok=True)
    _run(command, run.environment(), "sam deploy")
    deployed.write_text(wanted, encoding="utf-8")


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


def require_running(run: LocalRun) -> None:
    """Make sure that `make up` has been here.

    Raises:
        LocalRunError: the local AWS is not running.
    """
    if local_aws(run).pid() is None:
        raise LocalRunError(f"The local AWS on port {run.port} is not running: run `make up` first.")


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


def _source_fingerprint() -> str:
    """A hash over all that decides what a build contains: sources, recipe, interpreter."""
    digest = _recipe()
    paths = [ROOT / "template.yaml"]
    for folder in ("functions", "layers"):
        paths.extend(path for path in (ROOT / folder).rglob("*") if path.suffix != ".pyc")
    for path in sorted(path for path in paths if path.is_file()):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _recipe() -> hashlib._Hash:
    return hashlib.sha256(
        (ROOT / "local" / "layer.py").read_bytes() + _INTERPRETER.encode() + sys.version.encode()
    )


def _forget_old_builds(current: Path) -> None:
    builds = sorted(
        (path for path in BUILDS.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime
    )
    for old in builds[:-_BUILDS_KEPT]:
        if old != current:
            shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _exclusive() -> Iterator[None]:
    """Two runs must not build into one folder at once."""
    BUILDS.mkdir(parents=True, exist_ok=True)
    with (BUILDS / "lock").open("w", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


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
