"""What people who wait for a day are shown of it."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from narthex.domain.errors import InvalidInputError
from narthex.services.read_proof import ReadProof
from sandbox.wegive.tables import add
from tests.simulation.parish import DAY, ORGANIZATION
from tests.support.parish_push import ParishPush


def shown(church: ParishPush) -> dict[str, Any]:
    read = ReadProof(church.organizations, church.ledger, church.reviews, cast("Any", church.clock))
    answer = read(ORGANIZATION.id, DAY)
    return cast("dict[str, Any]", json.loads(json.dumps(answer)))


def test_a_day_that_nobody_has_touched_has_neither_proof_nor_plan(church: ParishPush) -> None:
    assert shown(church) == {
        "organization": {"id": "parish", "name": "Parish of the Simulation"},
        "day": None,
        "proof": None,
        "plan": None,
        "reviews": [],
    }


def test_a_pushed_day_shows_its_head_and_its_proof(church: ParishPush) -> None:
    church.parish.give("Ana", 2500, minute=0)
    church.push()

    answer = shown(church)

    head = answer["day"]
    assert (head["date"], head["status"], head["batch_id"]) == ("2026-11-15", "committed", "1")
    assert (head["progress"]["gifts"], head["progress"]["recorded"], head["progress"]["held"]) == (1, 1, 0)
    assert (head["is_running"], head["message"]) == (False, None)
    assert answer["proof"]["unexplained_cents"] == 0


def test_a_worker_that_has_the_day_is_shown_as_running_until_its_lease_is_over(church: ParishPush) -> None:
    now_ms = church.clock.now_ms()
    church.ledger.open_day(ORGANIZATION.id, DAY, now_ms=now_ms, lease_until_ms=now_ms + 1000)

    assert shown(church)["day"]["is_running"]
    church.clock.pass_time(1000)
    assert not shown(church)["day"]["is_running"]


def test_a_planned_day_shows_its_plan(church: ParishPush) -> None:
    church.parish.give("Ana", 2500, minute=0)
    church.push(dry_run=True)

    answer = shown(church)

    assert answer["day"] is None
    assert answer["plan"]["donations_to_create"] == 1


def test_open_questions_are_shown_without_names_or_addresses(church: ParishPush) -> None:
    row = add(
        church.parish.wegive_records, "donor", "parish", church.clock.now(),
        first_name="Otto", last_name="Ohm", email_1="ana@parish.example",
    )  # fmt: skip
    church.parish.donor_ids["Otto"] = int(row["id"])
    church.parish.give("Otto", 900, minute=3)
    church.push()

    (review,) = shown(church)["reviews"]

    assert review["donor_id"] == str(row["id"])
    assert review["question"] == "Is this donor the owner of the email address?"
    assert review["candidate_ids"] == church.people("Ana")
    assert not [word for word in ("Otto", "Ohm", "Ana", "@") if word in json.dumps(review)]


def test_an_unknown_organization_is_refused(church: ParishPush) -> None:
    read = ReadProof(church.organizations, church.ledger, church.reviews, cast("Any", church.clock))

    with pytest.raises(InvalidInputError, match="nowhere"):
        read("nowhere", DAY)
