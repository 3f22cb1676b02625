"""How long a function's first start takes, as a ratio to a typical stack started in the same run.

Each start is a fresh interpreter that sees the two built layers, bytecode included, and the handler; nothing
of this project's own environment. It imports the handler as Lambda does, calls its cached builder, and makes
the clients that the builder leaves for the first event; nothing is sent. The typical stack has the same
packages in the same versions, with bytecode too, as they come from the registry: only our own layer's build
leaves things out. What counts is the processor time from the interpreter's own start, because the cores are
shared. Run: ``python -m bench cold_start``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from local.environments import ROOT
from local.layer import SWITCH

STARTS = 11
"""Of each function, each right after one of the typical stack; the medians are compared."""

TYPICAL = "typical_stack"
START_TIMEOUT_SECONDS = 60
_STARTS = Path(__file__).parent / "starts"
_VARIABLE = re.compile(r"^ {10}([A-Z][A-Z0-9_]+):", re.MULTILINE)
_TALKS_TO_A_VENDOR = re.compile(r"^(from|import) narthex\.adapters\.vendors\b", re.MULTILINE)


class ColdStartError(Exception):
    """A start could not be measured; the text holds what the interpreter said."""


def functions() -> list[str]:
    """Every function of the project, by its folder's name."""
    return sorted(handler.parent.name for handler in (ROOT / "functions").glob("*/handler.py"))


def talks_to_a_vendor(function: str) -> bool:
    """Whether a function is built with the vendors' clients, and so is a worker."""
    built_by = ROOT / "layers" / "core" / "narthex" / "bootstrap" / f"{function}.py"
    return _TALKS_TO_A_VENDOR.search(built_by.read_text(encoding="utf-8")) is not None


def measure(starts: int = STARTS) -> dict[str, float | int]:
    """Build the layers, then start everything in turn.

    Returns:
        `cold_start_<function>`, the ratio of the medians, and `cold_start_milliseconds_<name>` beside it,
        processor time that is true for this machine only.

    Raises:
        ColdStartError: A layer could not be built, or a start failed.
    """
    with TemporaryDirectory(prefix="narthex-bench-") as folder:
        stage = build_stage(Path(folder))
        names = functions()
        for name in (TYPICAL, *names):
            stage.start(name)  # the first one reads the files from the disk
        pairs: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
        for _ in range(starts):
            for name in names:
                pairs[name].append((stage.start(TYPICAL), stage.start(name)))
    return figures_of(pairs)


def figures_of(pairs: Mapping[str, Sequence[tuple[float, float]]]) -> dict[str, float | int]:
    """Ratios of medians; each function is held against the typical starts right before its own."""
    ratios: dict[str, float | int] = {}
    milliseconds: dict[str, float | int] = {}
    for name, starts in pairs.items():
        typical, own = (median(times) for times in zip(*starts, strict=True))
        ratios[f"cold_start_{name}"] = round(own / typical, 3)
        milliseconds[f"cold_start_milliseconds_{name}"] = round(own)
    every = [typical for starts in pairs.values() for typical, _ in starts]
    return ratios | milliseconds | {f"cold_start_milliseconds_{TYPICAL}": round(median(every))}


@dataclass(frozen=True, slots=True)
class Stage:
    """The built layers, the packages as installed (`whole`), and the folder of each handler in `task`."""

    layers: tuple[Path, Path]
    whole: Path
    task: Path
    environment: Mapping[str, str]

    def start(self, name: str) -> float:
        """Start once.

        Returns:
            Milliseconds of processor time.

        Raises:
            ColdStartError: The interpreter did not come to its end.
        """
        done = subprocess.run(
            self.command(name),
            env=dict(self.environment),
            cwd=self.task,
            check=False,
            capture_output=True,
            text=True,
            timeout=START_TIMEOUT_SECONDS,
        )
        if done.returncode != 0:
            raise ColdStartError(f"{name} did not start:\n{done.stderr}")
        return float(json.loads(done.stdout)["milliseconds"])

    def command(self, name: str, *options: str) -> list[str]:
        """The call: -S leaves out installed packages, -B keeps handlers without bytecode, as in Lambda."""
        is_typical = name == TYPICAL
        program = "typical.py" if is_typical else "function.py"
        path = [self.whole] if is_typical else [self.task / name, *self.layers]
        interpreter = [sys.executable, "-S", "-E", "-B", *options]
        return [*interpreter, str(_STARTS / program), *(str(folder) for folder in path)]


def build_stage(folder: Path) -> Stage:
    """Build both layers with the project's own build for this interpreter, and lay out the handlers.

    Raises:
        ColdStartError: The build failed.
    """
    core = _build("core", folder / "core")
    dependencies = _build("dependencies", folder / "dependencies")
    whole = _build("dependencies", folder / "whole", "--as-installed")
    task = folder / "task"
    for name in functions():
        (task / name).mkdir(parents=True)
        shutil.copy(ROOT / "functions" / name / "handler.py", task / name)
    return Stage((dependencies, core), whole, task, _environment(folder))


def _build(layer: str, folder: Path, *options: str) -> Path:
    built = subprocess.run(
        [sys.executable, "-m", "local.layer", layer, str(folder), *options],
        env={**os.environ, SWITCH: sys.executable},
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    if built.returncode != 0:
        raise ColdStartError(f"the layer {layer} could not be built:\n{built.stderr}")
    return folder / "python"


def _environment(home: Path) -> dict[str, str]:
    """What Lambda and the template put into a function's environment; the values open nothing."""
    template = (ROOT / "template.yaml").read_text(encoding="utf-8")
    settings = dict.fromkeys(_VARIABLE.findall(template), "60")
    queues = {name: f"https://sqs.invalid/1/{name.lower()}" for name in settings if name.endswith("_URL")}
    return {
        **settings,
        **queues,
        "HOME": str(home),
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "POWERTOOLS_SERVICE_NAME": "narthex",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }
