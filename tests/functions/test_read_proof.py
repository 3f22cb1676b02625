from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from functions.read_proof import handler
from narthex.domain.ledger import Progress
from narthex.services.read_proof import ReadProof
from tests.functions.conftest import LambdaContext, event
from tests.support.builders import a_review, an_organization
from tests.support.fakes import FakeLedger, FakeOrganizations, FakeReviews, VirtualClock

SUNDAY_EVENT = event("read_proof/sunday")
NO_DATE = event("read_proof/no_date")
UNKNOWN_ORGANIZATION = event("read_proof/unknown_organization")
SUNDAY = date(2026, 11, 15)
NOW = datetime(1970, 1, 1, 0, 0, 5, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """What read_proof reads."""

    ledger: FakeLedger
    reviews: FakeReviews


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    world = World(FakeLedger(), FakeReviews())
    organizations = FakeOrganizations(an_organization(id="grace"))
    use_case = ReadProof(organizations, world.ledger, world.reviews, VirtualClock(NOW))
    monkeypatch.setattr(handler, "build", lambda _variables: use_case)
    handler.use_case.cache_clear()
    yield world
    handler.use_case.cache_clear()


def read(context: LambdaContext) -> dict[str, Any]:
    return handler.lambda_handler(SUNDAY_EVENT, context)


def test_a_day_that_nobody_pushed_has_no_proof(world: World, context: LambdaContext) -> None:
    assert read(context) == {
        "organization": {"id": "grace", "name": "Grace Church Fairhaven"},
        "day": None,
        "proof": None,
        "plan": None,
        "reviews": [],
    }


def test_a_day_under_way_shows_its_progress(world: World, context: LambdaContext) -> None:
    opened = world.ledger.open_day("grace", SUNDAY, now_ms=1_000, lease_until_ms=9_000)
    world.ledger.announce(opened, None, Progress(gifts=3, recorded=1, held=1))

    head = read(context)["day"]

    assert (head["status"], head["is_running"], head["runs"]) == ("open", True, 1)
    assert {"gifts": 3, "recorded": 1, "held": 1}.items() <= head["progress"].items()


def test_a_day_shows_its_proof_and_its_plan(world: World, context: LambdaContext) -> None:
    world.ledger.put_document("grace", SUNDAY, "proof", {"unexplained_cents": 0})
    world.ledger.put_document("grace", SUNDAY, "plan", {"donations_to_create": 2})

    answer = read(context)

    assert answer["proof"] == {"unexplained_cents": 0}
    assert answer["plan"] == {"donations_to_create": 2}


def test_a_day_shows_what_a_person_must_decide(world: World, context: LambdaContext) -> None:
    world.reviews.open("grace", a_review("501"))

    (review,) = read(context)["reviews"]

    assert review == {
        "donor_id": "501",
        "question": "Which person is this donor?",
        "evidence": "two people share this email",
        "candidate_ids": ["31", "32"],
    }


def test_a_missing_date_is_refused_with_an_example(world: World, context: LambdaContext) -> None:
    assert handler.lambda_handler(NO_DATE, context) == {
        "error": "date: '' is not a date; write it as YYYY-MM-DD, for example 2026-11-15"
    }


def test_an_unknown_organization_is_named(world: World, context: LambdaContext) -> None:
    assert handler.lambda_handler(UNKNOWN_ORGANIZATION, context) == {
        "error": "organization_id: there is no organization 'nobody'"
    }
