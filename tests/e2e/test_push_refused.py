"""Bad input: each is told clearly, and nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from local.aws import client
from local.deployed import Deployed
from local.organization import register
from local.processes import LocalRunError
from tests.e2e.local_church import LocalChurch

NEWCOMER = "new-church"
Document = dict[str, Any]


def wrong_secret(document: Document) -> None:
    document["planning_center"]["credentials"]["secret"] = "not-this-one"


def wrong_token(document: Document) -> None:
    document["wegive"]["token"] = "not-this-one"


def unknown_fund(document: Document) -> None:
    document["default_fund"] = "Roof"


def no_such_zone(document: Document) -> None:
    document["time_zone"] = "America/Fairhaven"


def several_mistakes(document: Document) -> None:
    del document["name"]
    document["default_found"] = "General Fund"
    document["settings"]["push_at"] = "25:00"


def is_stored(deployed: Deployed, organization_id: str) -> bool:
    """Whether the organization left anything: its record, a secret, a schedule."""
    table = deployed.outputs["OrganizationsTableName"]
    key = {"organization_id": {"S": organization_id}}
    record = client(deployed.run, "dynamodb").get_item(TableName=table, Key=key)
    secrets = client(deployed.run, "secretsmanager").list_secrets()["SecretList"]
    schedules = client(deployed.run, "scheduler").list_schedules()["Schedules"]
    names = [secret["Name"] for secret in secrets] + [schedule["Name"] for schedule in schedules]
    return "Item" in record or any(organization_id in name for name in names)


def test_a_registered_organization_has_its_record_its_secret_and_its_schedule(hillside: LocalChurch) -> None:
    assert is_stored(hillside.deployed, hillside.id)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (wrong_secret, "planning_center: .*401"),
        (wrong_token, "wegive: .*refuses the token"),
        (unknown_fund, "no fund named 'Roof' in Planning Center"),
        (no_such_zone, 'time_zone: found "America/Fairhaven"'),
        (several_mistakes, r"3 problems:(?s:.*)name: is missing(?s:.*)did you mean default_fund"),
    ],
)
def test_a_wrong_organization_file_is_refused_and_nothing_of_it_is_stored(
    hillside: LocalChurch, spoil: Callable[[Document], None], told: str
) -> None:
    document = {**deepcopy(hillside.document), "organization_id": NEWCOMER}
    spoil(document)

    with pytest.raises(LocalRunError, match=told):
        register(hillside.deployed, document)

    assert not is_stored(hillside.deployed, NEWCOMER)


def test_a_refusal_does_not_show_the_credentials(hillside: LocalChurch) -> None:
    document = {**deepcopy(hillside.document), "organization_id": NEWCOMER}
    wrong_secret(document)

    with pytest.raises(LocalRunError) as refused:
        register(hillside.deployed, document)

    assert "not-this-one" not in str(refused.value)


@pytest.mark.parametrize("text", ["2026-13-01", "15.11.2026", "yesterday", "2026-2-3"])
def test_what_is_no_date_is_refused_with_an_example(hillside: LocalChurch, text: str) -> None:
    event = {"organization_id": hillside.id, "date": text}

    answer = hillside.deployed.invoke("StartSyncs", event)

    assert answer == {
        "error": f"date: {text!r} is not a date; write it as YYYY-MM-DD, for example 2026-11-15"
    }


def test_a_day_that_is_not_over_is_refused(hillside: LocalChurch) -> None:
    answer = hillside.deployed.invoke("StartSyncs", {"organization_id": hillside.id, "date": "2999-01-01"})

    assert "2999-01-01 is not over yet in America/Chicago" in answer["error"]


@pytest.mark.parametrize("function", ["StartSyncs", "ReadProof"])
@pytest.mark.parametrize("unknown", ["nobody", ""])
def test_an_unknown_organization_is_named(hillside: LocalChurch, function: str, unknown: str) -> None:
    event = {"organization_id": unknown, "date": hillside.sunday.isoformat()}

    answer = hillside.deployed.invoke(function, event)

    assert answer == {"error": f"organization_id: there is no organization {unknown!r}"}
