"""Before the commit the batch is ours: what staff change in it is set right (S37)."""

from __future__ import annotations

import httpx
import pytest

from narthex.domain.ledger import DayStatus, FindingKind, GiftState
from sandbox.planning_center import staff
from sandbox.wegive.staff import archive
from tests.support.office import delete, edit, enter_by_hand, in_wegive
from tests.support.parish_push import CHURCH, MINUTE_MS, ParishPush


@pytest.fixture
def gifts(church: ParishPush) -> list[int]:
    give = church.parish.give
    return [give("Ana", 2500, minute=0), give("Ben", 4000, minute=5)]


@pytest.fixture
def open_batch(church: ParishPush, gifts: list[int]) -> ParishPush:
    """The day's batch, complete but for one gift that is held."""
    church.reset_settings()
    church.parish.give("Ana", 100, minute=1, allocations=[("General", 60), ("Missions", 41)])
    church.push()
    assert church.head().status is DayStatus.HOLDING
    church.clock.pass_time(10 * MINUTE_MS)
    return church


def test_a_donation_deleted_before_the_commit_is_entered_again(
    open_batch: ParishPush, gifts: list[int]
) -> None:
    delete(open_batch, gifts[0])

    open_batch.sleep_until_woken()

    assert open_batch.head().status is DayStatus.COMMITTED
    assert open_batch.cents() == [2500, 4000]


def test_a_batch_deleted_before_the_commit_is_made_again(open_batch: ParishPush) -> None:
    staff.delete_batch(open_batch.parish.planning_center_records, CHURCH, "1", open_batch.clock.now)

    open_batch.sleep_until_woken()

    assert [batch["attributes"]["status"] for batch in open_batch.batches()] == ["committed"]
    assert open_batch.cents() == [2500, 4000]
    assert open_batch.proof()["unexplained_cents"] == 0


@pytest.mark.parametrize("changes", [{"amount_cents": 2600}, {"fund": "Missions"}, {"person": None}])
def test_a_donation_edited_before_the_commit_is_set_right(
    open_batch: ParishPush, gifts: list[int], changes: dict[str, object]
) -> None:
    giver = open_batch.giver(gifts[0])
    if "fund" in changes:
        changes = {"fund": open_batch.fund_id("Missions")}
    edit(open_batch, gifts[0], **changes)

    open_batch.sleep_until_woken()

    assert open_batch.head().status is DayStatus.COMMITTED
    assert open_batch.cents() == [2500, 4000]
    assert open_batch.giver(gifts[0]) == giver
    assert {fund["name"]: fund["planning_center_cents"] for fund in open_batch.proof()["funds"]} == {
        "General": 6500
    }


def test_a_batch_that_staff_commit_early_gets_the_rest_late(open_batch: ParishPush) -> None:
    staff.commit_batch(open_batch.parish.planning_center_records, CHURCH, "1", open_batch.clock.now)
    late = open_batch.parish.give("Ben", 700, minute=40)

    open_batch.push()

    assert open_batch.head().status is DayStatus.COMMITTED
    assert open_batch.gift(late).late
    assert open_batch.cents() == [700, 2500, 4000]
    assert open_batch.proof()["unexplained_cents"] == 0


def test_a_strangers_donation_in_the_open_batch_is_shown_and_left_alone(
    open_batch: ParishPush, gifts: list[int]
) -> None:
    strange = enter_by_hand(open_batch, gifts[0])

    open_batch.sleep_until_woken()

    assert open_batch.cents() == [2500, 2500, 4000]
    (finding,) = open_batch.findings(FindingKind.FOREIGN)
    assert finding.donation_id == strange
    assert open_batch.proof()["unexplained_cents"] == 0


def test_a_strangers_donation_in_a_batch_that_lost_all_its_gifts_keeps_the_batch(
    open_batch: ParishPush, gifts: list[int]
) -> None:
    enter_by_hand(open_batch, gifts[0])
    for gift in gifts:
        archive(open_batch.parish.wegive_records, open_batch.clock.now, "parish", "transaction", gift)

    open_batch.push()

    assert open_batch.cents() == [2500]
    assert len(open_batch.batches()) == 1
    assert open_batch.runs < 30
    assert open_batch.proof()["unexplained_cents"] == 0


def test_a_correction_that_planning_center_refuses_and_cannot_take_back_at_once_doubles_nothing(
    open_batch: ParishPush, gifts: list[int]
) -> None:
    def unanswered(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("lost", request=request)

    refused = httpx.Response(422, json={"errors": [{"status": "422", "detail": "cannot be changed"}]})
    in_wegive(open_batch, gifts[0], amount=3000)
    with (
        open_batch.door.answering("PATCH .*/donations/", lambda _request: refused),
        open_batch.door.answering("DELETE .*/donations/", unanswered),
    ):
        open_batch.push_once()
    assert open_batch.gift(gifts[0]).state is GiftState.HELD

    open_batch.sleep_until_woken()

    assert open_batch.cents() == [3000, 4000]
    assert open_batch.proof()["unexplained_cents"] == 0
