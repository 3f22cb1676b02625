from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local import demo
from local.push import Pushed
from local.settings import LocalRun


def a_day(status: str = "committed", unexplained_cents: int = 0) -> Pushed:
    answer: dict[str, Any] = {"day": {"status": status}, "proof": {"unexplained_cents": unexplained_cents}}
    return Pushed(answer)


def test_a_sound_day_that_a_second_push_left_alone_is_a_success(capsys: pytest.CaptureFixture[str]) -> None:
    assert demo._verdict(a_day(), a_day(), books_agree=True, written=0) == 0
    assert "proven to the cent" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ({"first": a_day("stopped")}, "the day is not committed"),
        ({"first": a_day(unexplained_cents=1)}, "a cent is unexplained"),
        ({"second": a_day(unexplained_cents=-1)}, "a cent is unexplained"),
        ({"books_agree": False}, "the sandbox's own books say otherwise"),
        ({"written": 1}, "the second push wrote something"),
    ],
)
def test_whatever_went_wrong_is_told_and_makes_the_exit_status(
    capsys: pytest.CaptureFixture[str], case: dict[str, Any], why: str
) -> None:
    sound: dict[str, Any] = {"first": a_day(), "second": a_day(), "books_agree": True, "written": 0}

    status = demo._verdict(**(sound | case))

    assert status == demo.EXIT_FAILED
    assert f"FAILED: {why}" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["PLANNING_CENTER_URL", "WEGIVE_URL"])
def test_other_vendors_are_refused_before_anything_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.setenv("LOCAL_FOLDER", str(tmp_path / "run"))
    monkeypatch.setenv(name, "https://vendor.example.org")

    assert demo.main() == demo.EXIT_UNUSABLE
    assert f"unset {name}." in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_an_interrupted_demonstration_says_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(_run: LocalRun) -> None:
        raise KeyboardInterrupt

    monkeypatch.setenv("LOCAL_FOLDER", str(tmp_path))
    monkeypatch.setattr(demo, "up", interrupt)

    assert demo.main() == demo.EXIT_INTERRUPTED
    assert "Interrupted; nothing is left running." in capsys.readouterr().err


def test_starting_anew_leaves_other_peoples_files_alone(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "deployed").touch()

    demo._forget(LocalRun(folder=tmp_path))

    assert [path.name for path in tmp_path.iterdir()] == ["letters"]
