"""A local AWS for the end-to-end tests alone: own ports, own folder, gone afterwards.

A running `make up` is not disturbed, nor is another run of these tests. What an interrupted run left behind
is stopped by the next one.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from local.deployed import Deployed
from local.environments import ENVIRONMENTS, ROOT
from local.processes import free_port
from local.settings import LocalRun
from local.up import down, up
from tests.e2e.local_church import LocalChurch

FOLDERS = ROOT / "build" / "e2e"
PUSH_TIMEOUT_SECONDS = 20
PUSH_VISIBILITY_SECONDS = 25
QUIET_SECONDS = 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@contextmanager
def folder_of_this_run() -> Iterator[Path]:
    """The first folder that no other run of these tests holds; the kernel frees it when a run dies."""
    FOLDERS.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        with (FOLDERS / f"{number}.lock").open("w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield FOLDERS / str(number)
            return


@pytest.fixture(scope="session")
def run_folder() -> Iterator[Path]:
    """Where this run of the tests keeps its local AWS."""
    with folder_of_this_run() as folder:
        yield folder


@pytest.fixture(scope="session")
def deployed(run_folder: Path) -> Iterator[Deployed]:
    """The real template on a local AWS with rights enforced, and the sandbox beside it."""
    missing = [name for name in ("sam", "ministack") if not ENVIRONMENTS[name].stamp.exists()]
    assert not missing, "the tools are not set up: run `make test`, or `make local-aws` once"
    run = LocalRun(
        port=free_port(),
        sandbox_port=free_port(),
        folder=run_folder,
        push_timeout_seconds=PUSH_TIMEOUT_SECONDS,
        push_visibility_seconds=PUSH_VISIBILITY_SECONDS,
        quiet_seconds=QUIET_SECONDS,
        log_level="DEBUG",
    )
    down(run)
    shutil.rmtree(run_folder, ignore_errors=True)
    try:
        yield Deployed(run, up(run))
    finally:
        down(run)


@pytest.fixture(scope="session")
def hillside(deployed: Deployed) -> LocalChurch:
    """The small sample church; each test has a day of its own there."""
    return LocalChurch.registered(deployed, "hillside-chapel")
