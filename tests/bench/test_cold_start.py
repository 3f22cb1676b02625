from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from bench.cold_start import TYPICAL, ColdStartError, Stage, figures_of, functions, talks_to_a_vendor
from local.environments import ROOT


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """What this project's own environment has, instead of built layers."""
    packages = next(Path(folder) for folder in sys.path if folder.endswith("site-packages"))
    for name in ("sound", "broken"):
        (tmp_path / name).mkdir()
    (tmp_path / "sound" / "handler.py").write_text("def use_case(): pass\n", encoding="utf-8")
    (tmp_path / "broken" / "handler.py").write_text("import no_such_package\n", encoding="utf-8")
    return Stage((packages, ROOT / "layers" / "core"), packages, tmp_path, {"HOME": str(tmp_path)})


def test_every_function_of_the_template_is_measured() -> None:
    template = (ROOT / "template.yaml").read_text(encoding="utf-8")
    named = re.findall(r"^  (\w+)Function:$", template, re.MULTILINE)

    assert functions() == sorted(re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() for name in named)


def test_the_functions_that_reach_planning_center_are_workers() -> None:
    assert talks_to_a_vendor("push_daily_batch")
    assert not talks_to_a_vendor("read_proof")


def test_a_start_is_measured(stage: Stage) -> None:
    assert stage.start("sound") > 0


def test_a_typical_stack_costs_more_than_a_handler_that_imports_nothing(stage: Stage) -> None:
    assert stage.start(TYPICAL) > stage.start("sound")


def test_a_start_that_fails_is_not_measured(stage: Stage) -> None:
    with pytest.raises(ColdStartError, match="no_such_package"):
        stage.start("broken")


def test_a_figure_is_the_ratio_of_the_medians_of_pairs() -> None:
    figures = figures_of({"read_proof": [(100.0, 50.0), (200.0, 60.0), (900.0, 500.0)]})

    assert figures == {
        "cold_start_read_proof": 0.3,
        "cold_start_milliseconds_read_proof": 60,
        "cold_start_milliseconds_typical_stack": 200,
    }
