"""After the commit nothing is overwritten: what anybody changes is shown to a person (S37)."""

from __future__ import annotations

import pytest

from narthex.domain.ledger import DayStatus, FindingKind, FindingState, GiftState
from sandbox.planning_center import staff
from sandbox.planning_center.desk import open_call
from sandbox.planning_center.outside import add_fund
from sandbox.wegive.staff import archive
from tests.support.office import delete, edit, enter_by_hand, in_wegive, open_texts
from tests.support.parish_push import CHURCH, DAY_MS, MINUTE_MS, ParishPush


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


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"amount_cents": 2600}, "was entered as 25.00 and shows 26.00: somebody edited it"),
        ({"fund": "Missions"}, "(25.00) was given another fund or donor in Planning Center after the commit"),
        ({"person": None}, "(25.00) was given another fund or donor in Planning Center after the commit"),
        ({"refunded": True}, "(25.00) was refunded in Planning Center, but the payment stands in WeGive"),
    ],
)
def test_a_donation_edited_after_the_commit_is_shown_by_the_next_audit(
    church: ParishPush, gifts: list[int], changes: dict[str, object], says: str
) -> None:
    church.push()
    if "fund" in changes:
        changes = {"fund": church.fund_id("Missions")}
    edit(church, gifts[0], **changes)
    written = len(church.door.writes())

    church.sleep_until_woken()

    (text,) = open_texts(church)
    assert says in text
    assert str(church.gift(gifts[0]).donation_id) in text
    assert church.proof()["unexplained_cents"] == 0
    assert len(church.door.writes()) == written


def test_an_edit_that_staff_take_back_is_no_finding_any_more(church: ParishPush, gifts: list[int]) -> None:
    church.push()
    edit(church, gifts[0], amount_cents=2600)
    church.sleep_until_woken()

    edit(church, gifts[0], amount_cents=2500)
    church.sleep_until_woken()

    assert open_texts(church) == []
    assert church.proof()["unexplained_cents"] == 0


def test_a_donation_deleted_after_the_commit_is_missing_until_a_person_confirms_to_enter_it_anew(
    church: ParishPush, gifts: list[int]
) -> None:
    church.push()
    delete(church, gifts[0])
    church.sleep_until_woken()
    assert church.cents() == [4000]
    (text,) = open_texts(church)
    assert "(25.00) is gone from the committed batch; confirm to enter it anew" in text

    church.decide(church.findings(FindingKind.MISSING)[0], FindingState.CONFIRMED)
    church.push()

    assert church.cents() == [2500, 4000]
    assert open_texts(church) == []
    assert church.proof()["unexplained_cents"] == 0


def test_a_committed_batch_that_staff_deleted_is_shown_gift_by_gift(
    church: ParishPush, gifts: list[int]
) -> None:
    church.push()
    staff.delete_batch(church.parish.planning_center_records, CHURCH, "1", church.clock.now)

    church.sleep_until_woken()

    assert len(open_texts(church)) == len(gifts)
    assert church.proof()["planning_center_cents"] == 0
    assert church.proof()["unexplained_cents"] == 0


def test_an_edit_in_wegive_after_the_commit_is_shown_with_both_amounts(
    church: ParishPush, gifts: list[int]
) -> None:
    church.push()
    written = len(church.door.writes())

    in_wegive(church, gifts[0], amount=3000)
    church.push()

    (text,) = open_texts(church)
    assert text == (
        f"payment {gifts[0]} was edited in WeGive after the batch was committed: it was 25.00 and is 30.00 "
        f"now. Change donation {church.gift(gifts[0]).donation_id} in Planning Center by hand"
    )
    assert church.proof()["unexplained_cents"] == 0
    assert len(church.door.writes()) == written


def test_an_edit_in_wegive_of_anything_but_the_amount_says_so(church: ParishPush, gifts: list[int]) -> None:
    church.push()

    in_wegive(church, gifts[0], fund_id=church.parish.fund_ids["Missions"])
    church.push()

    (text,) = open_texts(church)
    assert "its amount is the same (25.00), but its donor, fund, time or payment method is another" in text


def test_once_staff_have_followed_the_edit_and_ticked_it_off_the_proof_adds_up(
    church: ParishPush, gifts: list[int]
) -> None:
    church.push()
    in_wegive(church, gifts[0], amount=3000)
    church.push()

    edit(church, gifts[0], amount_cents=3000)
    church.decide(church.findings(FindingKind.EDITED)[0], FindingState.RESOLVED)
    church.push()
    church.finish_audits()

    assert open_texts(church) == []
    assert church.proof()["unexplained_cents"] == 0
    assert church.cents() == [3000, 4000]


def test_an_edit_that_was_ticked_off_but_not_followed_stays_unexplained(
    church: ParishPush, gifts: list[int]
) -> None:
    church.push()
    in_wegive(church, gifts[0], amount=3000)
    church.push()

    church.decide(church.findings(FindingKind.EDITED)[0], FindingState.RESOLVED)
    church.push()

    assert church.proof()["unexplained_cents"] == 500


def test_a_payment_archived_after_the_commit_is_shown(church: ParishPush, gifts: list[int]) -> None:
    church.push()

    archive(church.parish.wegive_records, church.clock.now, "parish", "transaction", gifts[0])
    church.push()

    (text,) = open_texts(church)
    assert "no longer counts as a gift in WeGive (archived)" in text
    assert church.cents() == [2500, 4000]
    assert church.proof()["unexplained_cents"] == 0


def test_a_payment_moved_to_another_day_after_the_commit_is_shown_and_not_pushed_twice(
    church: ParishPush, gifts: list[int]
) -> None:
    church.push()
    church.clock.pass_time(DAY_MS)

    in_wegive(church, gifts[0], created_at="2026-11-16T17:00:00Z")
    church.push()
    monday = church.head().date.replace(day=16)
    church.push(monday)

    assert church.cents() == [2500, 4000]
    (text,) = open_texts(church)
    assert f"WeGive no longer lists payment {gifts[0]} on this day" in text
    assert church.gift(gifts[0], monday).state is GiftState.HELD
    assert church.proof()["unexplained_cents"] == church.proof(monday)["unexplained_cents"] == 0


def show_a_surplus(church: ParishPush, gifts: list[int]) -> None:
    """The audit finds one donation of ours too many: a twin of the first gift's."""
    church.push()
    twin = enter_by_hand(church, gifts[0])
    original = church.donations()[0]["relations"]["payment_source"]
    edited = next(each for each in church.donations() if each["id"] == twin)
    edited["relations"]["payment_source"] = original
    call = open_call(church.parish.planning_center_records, CHURCH, church.clock.now)
    call.store.put("Donation", edited)
    church.sleep_until_woken()
    (text,) = open_texts(church)
    assert "(25.00) is more than WeGive has" in text


def test_a_surplus_after_the_commit_is_deleted_when_a_person_confirms_it(
    church: ParishPush, gifts: list[int]
) -> None:
    show_a_surplus(church, gifts)

    church.decide(church.findings(FindingKind.SURPLUS)[0], FindingState.CONFIRMED)
    church.push()

    assert church.cents() == [2500, 4000]
    assert church.proof()["unexplained_cents"] == 0


def test_a_surplus_whose_twin_staff_deleted_by_hand_takes_its_place(
    church: ParishPush, gifts: list[int]
) -> None:
    show_a_surplus(church, gifts)
    delete(church, gifts[0])

    church.decide(church.findings(FindingKind.SURPLUS)[0], FindingState.CONFIRMED)
    church.push()

    assert church.cents() == [2500, 4000]
    assert church.proof()["unexplained_cents"] == 0


def test_a_fund_that_only_changes_its_name_changes_nothing(church: ParishPush, gifts: list[int]) -> None:
    church.push()
    add_fund(church.parish.planning_center_records, CHURCH, church.clock.now, "Unused")
    records, clock = church.parish.planning_center_records, church.clock.now
    staff.edit_fund(records, CHURCH, church.fund_id("General"), {"name": "Common"}, clock)

    church.sleep_until_woken()

    assert open_texts(church) == []
    assert church.proof()["unexplained_cents"] == 0
