"""Each function is built from the environment that the template gives it, and from nothing else."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from narthex.domain.errors import MisconfiguredError
from tests.architecture.house import folder_of, functions, template


def variables_of(name: str) -> dict[str, str]:
    """The function's own variables and the shared ones, with values as they look when deployed."""
    shared = template()["Globals"]["Function"].get("Environment", {}).get("Variables", {})
    own = functions()[name]["Environment"]["Variables"]
    names = [*shared, *own]
    return {
        variable: "2" if variable.endswith("_SECONDS") else f"https://example.org/{variable.lower()}"
        for variable in names
    }


def bootstrap_of(name: str) -> Any:  # noqa: ANN401 - a module
    return importlib.import_module(f"narthex.bootstrap.{folder_of(name)}")


@pytest.fixture(autouse=True)
def _lambda_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


@pytest.mark.parametrize("name", functions())
def test_a_function_is_built_from_its_environment(name: str) -> None:
    assert bootstrap_of(name).build(variables_of(name)) is not None


@pytest.mark.parametrize("name", functions())
def test_a_function_without_its_environment_says_what_is_missing(name: str) -> None:
    with pytest.raises(MisconfiguredError, match=r"the function's environment lacks [A-Z_]+; deploy"):
        bootstrap_of(name).build({})
