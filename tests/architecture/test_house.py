"""The repository's own promises: locks agree, events are used, commands are shown, imports point down."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, folder_of, functions

HOSTS = re.compile(r"https?://|--(?:extra-)?index-url|--find-links|--trusted-host")
COMMANDS = ("demo", "test", "check", "simulate", "bench", "up", "down", "organization", "push")


def locked(path: Path) -> dict[str, frozenset[str]]:
    """The hashes of each requirement of a lock, by its line without options: name, version, marker."""
    logical_lines = path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    requirements = [line for line in logical_lines if line.strip() and not line.lstrip().startswith("#")]
    return {
        line.split(" --hash=")[0].strip(): frozenset(re.findall(r"--hash=(\S+)", line))
        for line in requirements
    }


def locks() -> list[Path]:
    found = [ROOT / "requirements.lock", ROOT / "layers" / "dependencies" / "requirements.txt"]
    found.extend(sorted((ROOT / "local" / "tools").glob("*.lock")))
    found.extend(sorted((ROOT / "bench").rglob("*.lock")))
    return found


def output_of(*command: str) -> str:
    """What a command of ours says on its way to success."""
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def name_and_version(requirement: str) -> str:
    return requirement.split(";", maxsplit=1)[0].strip()


def test_the_layer_holds_exactly_what_the_lock_holds() -> None:
    lock = {name_and_version(line): hashes for line, hashes in locked(ROOT / "requirements.lock").items()}

    layer = locked(ROOT / "layers" / "dependencies" / "requirements.txt")

    assert {name_and_version(line): hashes for line, hashes in layer.items()}.items() <= lock.items()


def test_the_layer_holds_every_runtime_dependency() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = re.search(r"^dependencies = \[(.*?)\]", project, re.DOTALL | re.MULTILINE)
    assert wanted
    names = set(re.findall(r'"([a-z0-9-]+)', wanted[1]))

    layer = locked(ROOT / "layers" / "dependencies" / "requirements.txt")

    assert names <= {line.split("==")[0] for line in layer}


@pytest.mark.parametrize("lock", locks(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_lock_has_hashes_and_names_no_registry(lock: Path) -> None:
    assert HOSTS.search(lock.read_text(encoding="utf-8")) is None
    assert [line for line, hashes in locked(lock).items() if not hashes] == []


@pytest.mark.parametrize("name", functions())
def test_a_function_has_a_sample_event(name: str) -> None:
    assert list((ROOT / "events" / folder_of(name)).glob("*.json"))


def test_every_sample_event_is_used_by_a_test() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "functions").rglob("*.py"))
    events = [path.relative_to(ROOT / "events") for path in sorted((ROOT / "events").rglob("*.json"))]
    assert events

    unused = [str(event) for event in events if event.with_suffix("").as_posix() not in tests]

    assert unused == []


def test_every_setting_of_a_function_is_read() -> None:
    package = ROOT / "layers" / "core" / "narthex"
    code = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))

    unread = {
        f"{name}: {variable}"
        for name, properties in functions().items()
        for variable in properties["Environment"]["Variables"]
        if f'"{variable}"' not in code
    }

    assert unread == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_shows_every_command(command: str) -> None:
    assert f"make {command}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_make_help_lists_every_command(command: str) -> None:
    listed = output_of("make", "-s")

    assert re.search(rf"^  make {command}\s+\S", listed, re.MULTILINE)


def test_imports_point_down() -> None:
    assert "0 broken" in output_of(str(Path(sys.executable).with_name("lint-imports")), "--no-cache")


def test_ci_checks_and_tests() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert script.endswith("\nmake check\nmake test\n")
