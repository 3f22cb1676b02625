"""The demonstration's Sunday at the real limit: 112 gifts of every kind, by a schedule, then once more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.deployed import Deployed
from local.push import Pushed, follow
from tests.e2e.local_church import LocalChurch

LIMIT_IN_20_SECONDS = 70


@dataclass(frozen=True)
class Sunday:
    """The day after the schedule has pushed it, and Planning Center's request log of that push."""

    church: LocalChurch
    pushed: Pushed
    requests: dict[str, Any]

    @property
    def proof(self) -> dict[str, Any]:
        proof: dict[str, Any] = self.pushed.answer["proof"]
        return proof


@pytest.fixture(scope="module")
def sunday(deployed: Deployed) -> Sunday:
    church = LocalChurch.registered(deployed, "grace-fairhaven")
    event = {"organization_id": church.id, "date": church.sunday.isoformat(), "nonce": "sunday"}
    deployed.schedule_once("sunday", datetime.now(UTC) + timedelta(seconds=1), event)
    pushed = follow(deployed, church.id, church.sunday.isoformat(), after_runs=0)
    return Sunday(church, pushed, church.requests())


def test_a_schedule_has_the_day_committed_in_one_batch(sunday: Sunday) -> None:
    batches = sunday.church.batches(sunday.church.sunday)

    assert [batch["status"] for batch in batches] == ["committed"]


def test_a_day_that_is_longer_than_a_run_is_continued(sunday: Sunday) -> None:
    assert sunday.pushed.answer["day"]["runs"] > 1


def test_the_proof_adds_up_to_the_cent(sunday: Sunday) -> None:
    assert sunday.pushed.is_sound
    assert sunday.proof["unexplained_cents"] == 0


def test_the_proof_shows_what_wegive_has(sunday: Sunday) -> None:
    wegive = sunday.church.wegive_day()

    assert (sunday.proof["wegive_gifts"], sunday.proof["wegive_cents"]) == (
        wegive["gifts"],
        wegive["amount_cents"],
    )


def test_the_proof_shows_what_planning_center_has(sunday: Sunday) -> None:
    (batch,) = sunday.church.batches(sunday.church.sunday)

    assert (sunday.proof["planning_center_gifts"], sunday.proof["planning_center_cents"]) == (
        batch["donations"],
        batch["amount_cents"],
    )


def test_every_gift_is_in_the_batch_or_held_with_a_reason(sunday: Sunday) -> None:
    (batch,) = sunday.church.batches(sunday.church.sunday)
    held = sunday.proof["held"]

    assert all(line["reason"] for line in held)
    assert batch["amount_cents"] + sum(line["amount_cents"] for line in held) == sunday.proof["wegive_cents"]


def test_no_more_requests_than_the_limit_reach_planning_center_in_any_20_seconds(sunday: Sunday) -> None:
    assert 0 < sunday.requests["most_in_20_seconds"] <= LIMIT_IN_20_SECONDS


def test_planning_center_never_answers_429(sunday: Sunday) -> None:
    assert "429" not in sunday.requests["by_status"]


def test_a_second_push_writes_nothing(sunday: Sunday) -> None:
    writes_before = sunday.church.writes()

    again = sunday.church.push(sunday.church.sunday)

    assert again.is_sound
    assert sunday.church.writes() == writes_before
