"""The two programs of a local run: MiniStack as the AWS, and the sandbox as both vendors."""

from __future__ import annotations

import http.client
import json
import sys
from typing import TYPE_CHECKING

from local.environments import ENVIRONMENTS, ROOT
from local.processes import Background
from local.settings import ACCOUNT_ID, REGION

if TYPE_CHECKING:
    from local.settings import LocalRun

_START_PATIENCE_SECONDS = 60


def local_aws(run: LocalRun) -> Background:
    """The local AWS of a run, running or not."""
    return Background("local-aws", run.port, run.folder)


def sandbox(run: LocalRun) -> Background:
    """The sandbox of a run, running or not."""
    return Background("sandbox", run.sandbox_port, run.folder)


def start_local_aws(run: LocalRun) -> None:
    """Start MiniStack with the functions' rights enforced and its state kept, and wait until it answers.

    Raises:
        LocalRunError: the port is busy, or it did not come up.
    """
    aws = local_aws(run)
    for name in ("aws", "tmp", "s3"):
        (run.folder / name).mkdir(parents=True, exist_ok=True)
    settings = {
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(run.port),
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "INFO",
        "MINISTACK_ACCOUNT_ID": ACCOUNT_ID,
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "1",
        "S3_DATA_DIR": str(run.folder / "s3"),
        "S3_PERSIST": "1",
        "SFTP_ENABLED": "0",
        "STATE_DIR": str(run.folder / "aws"),
        "TMPDIR": str(run.folder / "tmp"),
    }
    command = [str(ENVIRONMENTS["ministack"].python), "-m", "ministack"]
    aws.start(command, run.environment() | settings, run.folder)
    aws.wait_until(lambda: _answers(run.port, "/_ministack/ready"), _START_PATIENCE_SECONDS)


def start_sandbox(run: LocalRun) -> None:
    """Start the sandbox and wait until it answers.

    Raises:
        LocalRunError: the port is busy, or it did not come up.
    """
    server = sandbox(run)
    command = [sys.executable, "-m", "sandbox", "--port", str(run.sandbox_port)]
    command += ["--state-dir", str(run.folder / "sandbox")]
    server.start(command, run.environment(), ROOT)
    server.wait_until(lambda: _answers(run.sandbox_port, "/control/health"), _START_PATIENCE_SECONDS)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return response.status == http.HTTPStatus.OK and bool(json.loads(body or b"{}"))
