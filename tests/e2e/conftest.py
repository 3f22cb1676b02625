"""A local AWS for the end-to-end tests alone: own ports, own folder, gone afterwards.

A running `make up` is not disturbed. What an interrupted run left behind is stopped by the next one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.deployed import Deployed
from local.environments import ENVIRONMENTS, ROOT
from local.processes import free_port
from local.settings import LocalRun
from local.up import down, up

FOLDER = ROOT / "build" / "e2e"
PUSH_TIMEOUT_SECONDS = 20
PUSH_VISIBILITY_SECONDS = 25
QUIET_SECONDS = 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def deployed() -> Iterator[Deployed]:
    """The real template on a local AWS with rights enforced, and the sandbox beside it."""
    missing = [name for name in ("sam", "ministack") if not ENVIRONMENTS[name].stamp.exists()]
    assert not missing, "the tools are not set up: run `make test`, or `make local-aws` once"
    run = LocalRun(
        port=free_port(),
        sandbox_port=free_port(),
        folder=FOLDER,
        push_timeout_seconds=PUSH_TIMEOUT_SECONDS,
        push_visibility_seconds=PUSH_VISIBILITY_SECONDS,
        quiet_seconds=QUIET_SECONDS,
        log_level="DEBUG",
    )
    down(run)
    shutil.rmtree(FOLDER, ignore_errors=True)
    try:
        yield Deployed(run, up(run))
    finally:
        down(run)
