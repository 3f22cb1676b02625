from __future__ import annotations

import sys
from pathlib import Path

import pytest

from local import layer
from local.environments import SetupError

UNCHECKED_HASH = b"\x01\x00\x00\x00"
"""The flags of bytecode that is never compared with its source (PEP 552)."""


def test_every_module_of_the_core_layer_has_bytecode_that_is_never_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(layer.SWITCH, sys.executable)

    assert layer.main("core", tmp_path) == 0

    sources = list((tmp_path / "python").rglob("*.py"))
    bytecode = list((tmp_path / "python").rglob("*.pyc"))
    assert sources
    assert len(bytecode) == len(sources)
    assert {path.read_bytes()[4:8] for path in bytecode} == {UNCHECKED_HASH}


def test_a_layer_leaves_out_what_no_function_imports(tmp_path: Path) -> None:
    kept = ["botocore/data/sqs/service-2.json", "botocore/data/endpoints.json", "httpx/__init__.py"]
    dropped = [
        "bin/httpx",
        "certifi/tests/test_it.py",
        "pydantic/main.pyi",
        "botocore/data/ec2/service-2.json",
    ]
    for name in kept + dropped:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    layer.remove_unused(tmp_path)

    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == set(kept)


def test_without_the_python_of_production_one_sentence_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layer, "_output", lambda _command: "")

    with pytest.raises(SetupError, match=r"uv python install 3\.13"):
        layer.find_production_python()


def test_an_interpreter_of_another_version_is_not_taken_for_productions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layer, "_output", lambda command: "3.12" if "-c" in command else "/bin/python3.13")

    with pytest.raises(SetupError):
        layer.find_production_python()
