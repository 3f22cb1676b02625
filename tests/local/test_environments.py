from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from local import environments
from local.environments import Environment, SetupError


@pytest.fixture
def filled(tmp_path: Path) -> Environment:
    lock = tmp_path / "some.lock"
    lock.write_text("some==1\n", encoding="utf-8")
    environment = Environment(tmp_path / "environment", lock)
    environment.python.parent.mkdir(parents=True)
    environment.python.touch()
    environment.stamp.write_text(environment.fingerprint(), encoding="utf-8")
    return environment


def test_an_environment_is_left_alone_while_its_lock_stays(filled: Environment) -> None:
    assert filled.is_current()


def test_an_environment_is_filled_again_when_its_lock_changes(filled: Environment) -> None:
    filled.lock.write_text("some==2\n", encoding="utf-8")

    assert not filled.is_current()


def test_an_environment_that_was_moved_is_filled_again(filled: Environment, tmp_path: Path) -> None:
    moved = replace(filled, folder=filled.folder.rename(tmp_path / "elsewhere"))

    assert not moved.is_current()


def test_without_any_way_to_get_uv_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environments, "_succeeds", lambda _command: False)

    with pytest.raises(SetupError, match="apt-get install python3-venv"):
        environments.find_uv()

    assert capsys.readouterr().out == "Setting up uv ...\n"


def test_uv_comes_without_venv_where_pip_is_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environments, "_succeeds", lambda command: "--target" in command)

    assert environments.find_uv() == str(environments.TOOLS / "uv-without-venv" / "bin" / "uv")
    assert capsys.readouterr().err == ""
