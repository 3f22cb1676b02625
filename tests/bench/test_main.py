from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

import bench.__main__ as command


def raise_error() -> dict[str, float | int]:
    raise RuntimeError("no peer")


@pytest.fixture
def result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "build" / "bench.json"
    monkeypatch.setattr(command, "RESULT", path)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    return path


def parts(monkeypatch: pytest.MonkeyPatch, **found: object) -> None:
    monkeypatch.setattr(command, "PARTS", tuple(found))
    modules = {f"bench.{name}": SimpleNamespace(measure=measure) for name, measure in found.items()}
    monkeypatch.setattr(command, "importlib", SimpleNamespace(import_module=modules.__getitem__))


def test_all_figures_are_kept_in_one_flat_object(result: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts(monkeypatch, limiter=lambda: {"answers_429": 0}, money=lambda: {"money_gifts": 7})

    assert command.main([]) == 0

    assert json.loads(result.read_text()) == {"answers_429": 0, "money_gifts": 7}


def test_a_missed_target_is_shown_and_no_error(
    result: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parts(monkeypatch, limiter=lambda: {"answers_429": 3})

    assert command.main([]) == 0

    assert "Targets missed: answers_429." in capsys.readouterr().out
    assert result.exists()


def test_a_part_that_cannot_be_measured_is_named_and_an_error(
    result: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parts(monkeypatch, limiter=raise_error, money=lambda: {"money_gifts": 7})

    assert command.main([]) == 1

    said = capsys.readouterr()
    assert "Not measured: limiter" in said.err
    assert "no peer" in said.err
    assert "money_gifts" in said.out
    assert not result.exists()


def test_one_part_alone_leaves_the_kept_figures_as_they_are(
    result: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts(monkeypatch, limiter=lambda: {"answers_429": 0}, money=raise_error)

    assert command.main(["limiter"]) == 0

    assert not result.exists()


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["weather"])

    assert "there is no part weather" in capsys.readouterr().err
