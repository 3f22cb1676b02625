from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.organization import read_file
from local.processes import LocalRunError
from local.settings import LocalRun


def test_a_run_without_variables_has_the_ports_of_the_readme() -> None:
    run = LocalRun.from_environment({})

    assert (run.endpoint_url, run.sandbox_url) == ("http://127.0.0.1:4566", "http://127.0.0.1:8700")


def test_a_port_that_is_no_number_is_named() -> None:
    with pytest.raises(ValueError, match="LOCAL_AWS_PORT must be a whole number, not 'many'"):
        LocalRun.from_environment({"LOCAL_AWS_PORT": "many"})


def test_nothing_of_the_users_own_aws_account_is_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID", "GITHUB_TOKEN"):
        monkeypatch.setenv(name, "the user's own")

    inherited = LocalRun().environment()

    assert "the user's own" not in inherited.values()


def test_a_proxy_never_stands_before_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "intranet.example")

    inherited = LocalRun().environment()

    assert inherited["NO_PROXY"] == inherited["no_proxy"] == "intranet.example,127.0.0.1,localhost"


def test_the_sandbox_is_needed_unless_both_vendors_have_addresses() -> None:
    assert LocalRun(planning_center_url="http://127.0.0.1:1").needs_sandbox
    assert not LocalRun(
        planning_center_url="http://127.0.0.1:1", wegive_url="http://127.0.0.1:2"
    ).needs_sandbox


def test_the_addresses_of_the_run_take_the_place_of_the_files(tmp_path: Path) -> None:
    path = tmp_path / "church.json"
    path.write_text(
        json.dumps({"planning_center": {"base_url": "http://old"}, "wegive": {"base_url": "http://kept"}}),
        encoding="utf-8",
    )

    content = read_file(path, LocalRun(planning_center_url="http://new"))

    assert content == {"planning_center": {"base_url": "http://new"}, "wegive": {"base_url": "http://kept"}}


@pytest.mark.parametrize(("text", "problem"), [("{", "is no JSON"), ("[]", "must hold one JSON object")])
def test_a_file_that_is_no_organization_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "church.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(LocalRunError, match=problem):
        read_file(path, LocalRun())


def test_a_missing_file_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(LocalRunError, match=r"can't be read .*FILE=church\.json"):
        read_file(tmp_path / "none.json", LocalRun())
