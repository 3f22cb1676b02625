"""The template and the repository's files, read once for the tests of this folder."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

Properties = dict[str, Any]

_yaml: Any = import_module("yaml")
"""PyYAML without its stubs, which are not in the lock for this one file."""


def _short_form(loader: Any, suffix: str, node: Any) -> dict[str, Any]:  # noqa: ANN401 - PyYAML's own
    """CloudFormation's short forms: `!Ref X` is {"Ref": "X"}, `!GetAtt X.Y` is {"Fn::GetAtt": "X.Y"}."""
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, _yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, _yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


def _read_template() -> dict[str, Any]:
    loader: Any = type("TemplateLoader", (_yaml.SafeLoader,), {})
    loader.add_multi_constructor("!", _short_form)
    loaded = _yaml.load((ROOT / "template.yaml").read_text(encoding="utf-8"), Loader=loader)
    assert isinstance(loaded, dict)
    return loaded


@cache
def template() -> dict[str, Any]:
    return _read_template()


def resources(kind: str) -> dict[str, dict[str, Any]]:
    found = {name: body for name, body in template()["Resources"].items() if body["Type"] == kind}
    assert found, f"template.yaml has no {kind}"
    return found


def functions() -> dict[str, Properties]:
    return {name: body["Properties"] for name, body in resources("AWS::Serverless::Function").items()}


def folder_of(function_name: str) -> str:
    """StartSyncsFunction lies in functions/start_syncs."""
    stem = function_name.removesuffix("Function")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in stem).removeprefix("_")


def statements() -> list[tuple[str, dict[str, Any]]]:
    """Every statement that gives a role a right, with the name of what it belongs to."""
    found = [
        (name, statement)
        for name, properties in functions().items()
        for policy in properties["Policies"]
        for statement in policy["Statement"]
    ]
    for name, body in resources("AWS::IAM::Role").items():
        for policy in body["Properties"]["Policies"]:
            found.extend((name, statement) for statement in policy["PolicyDocument"]["Statement"])
    return found


def as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def actions_of(statement: dict[str, Any]) -> list[str]:
    """The verbs of a statement, in every stage: the branches of `!If` are all counted."""
    found: list[str] = []
    for action in as_list(statement["Action"]):
        branches = action["Fn::If"][1:] if isinstance(action, dict) else [action]
        found.extend(branch for branch in branches if isinstance(branch, str))
    return found
