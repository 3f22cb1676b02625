"""One gift that cannot be pushed does not stop the others; it is listed with its reason (S34)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from narthex.domain.correlation import Answer
from narthex.domain.ledger import DayStatus, GiftState
from narthex.domain.organization import CompanyDonors, GiftsInReview, HeldGifts, Switches
from sandbox.planning_center.staff import close_fund, edit_fund
from sandbox.wegive.staff import edit_donor, edit_payment, spoil
from sandbox.wegive.tables import add
from tests.simulation.parish import ORGANIZATION
from tests.support.parish_push import CHURCH, ParishPush

Bad = Callable[[ParishPush], int]


def split_off_by_a_cent(church: ParishPush) -> int:
    return church.parish.give("Ana", 1000, minute=20, allocations=[("General", 600), ("Missions", 399)])


def an_amount_with_a_point(church: ParishPush) -> int:
    gift = church.parish.give("Ana", 1234, minute=20)
    _spoil(church, gift, {"amount": "12.34"})
    return gift


def a_closed_fund(church: ParishPush) -> int:
    close_fund(church.parish.planning_center_records, CHURCH, church.fund_id("Missions"), church.clock.now)
    return church.parish.give("Ana", 1000, minute=20, fund="Missions")


def a_missing_fund(church: ParishPush) -> int:
    church.set(switches=Switches(push_funds=False))
    fund = add(church.parish.wegive_records, "fund", "parish", church.clock.now(), name="Choir")
    church.parish.fund_ids["Choir"] = int(fund["id"])
    return church.parish.give("Ana", 1000, minute=20, fund="Choir")


def a_donor_in_review(church: ParishPush) -> int:
    _edit_nils(church, first_name="Otto", email_1="ana@parish.example")
    return church.parish.give("Nils", 1000, minute=20)


def a_company(church: ParishPush) -> int:
    _edit_nils(church, type="company", name="Newcomer Roofing")
    return church.parish.give("Nils", 1000, minute=20)


def an_unreadable_donor(church: ParishPush) -> int:
    spoil(
        church.parish.wegive_records, church.clock.now, "parish", "donor", church.parish.donor_ids["Nils"],
        {"type": "committee"},
    )  # fmt: skip
    return church.parish.give("Nils", 1000, minute=20)


def a_gift_of_nothing(church: ParishPush) -> int:
    return church.parish.give("Ana", 0, minute=20)


def a_fund_without_a_name(church: ParishPush) -> int:
    fund = add(church.parish.wegive_records, "fund", "parish", church.clock.now(), name="")
    church.parish.fund_ids[""] = int(fund["id"])
    return church.parish.give("Ana", 1000, minute=20, fund="")


REASONS: list[tuple[Bad, str]] = [
    (
        split_off_by_a_cent,
        "its fund allocations sum to 9.99, the gift is 10.00; correct the allocations in WeGive",
    ),
    (an_amount_with_a_point, "amount '12.34' is not a whole number of cents; correct the record in WeGive"),
    (
        a_closed_fund,
        "the fund 'Missions' is closed in Planning Center (visibility nowhere) and takes no gifts",
    ),
    (
        a_missing_fund,
        "Planning Center has no fund named 'Choir', and creating funds is switched off",
    ),
    (a_donor_in_review, "waits for a decision: the only owner of the email, person"),
    (a_company, "waits for a decision: WeGive calls this donor a company"),
    (an_unreadable_donor, "is unreadable; look at it in WeGive"),
    (a_gift_of_nothing, "the amount is zero, and Planning Center takes no empty gift; correct it in WeGive"),
    (a_fund_without_a_name, "could not be created in Planning Center"),
]


def _spoil(church: ParishPush, gift: int, wire: dict[str, str]) -> None:
    spoil(church.parish.wegive_records, church.clock.now, "parish", "transaction", gift, wire)


def _edit_nils(church: ParishPush, **changes: str) -> None:
    donor_id = church.parish.donor_ids["Nils"]
    edit_donor(church.parish.wegive_records, church.clock.now, "parish", donor_id, changes)


def _held(church: ParishPush) -> dict[str, str]:
    return {line["transaction_id"]: line["reason"] for line in church.proof()["held"]}


@pytest.mark.parametrize(("make_bad", "reason"), REASONS)
def test_the_others_are_committed_and_the_gift_is_listed_with_what_to_do(
    church: ParishPush, make_bad: Bad, reason: str
) -> None:
    church.parish.give("Ana", 2500, minute=0)
    bad = make_bad(church)
    church.parish.give("Ben", 4000, minute=30)

    church.push()

    assert church.cents() == [2500, 4000]
    assert church.head().status is DayStatus.COMMITTED
    assert set(_held(church)) == {str(bad)}
    assert reason in _held(church)[str(bad)]
    assert church.proof()["unexplained_cents"] == 0


@pytest.mark.parametrize("make_bad", [bad for bad, _ in REASONS[:-1]])
def test_a_held_gift_costs_nothing_at_the_next_look(church: ParishPush, make_bad: Bad) -> None:
    church.parish.give("Ana", 2500, minute=0)
    make_bad(church)
    church.push()
    written, proof = len(church.door.writes()), church.proof()

    church.push()

    assert church.proof() == proof
    assert not [each for each in church.door.writes()[written:] if "/giving/v2/batches" in each]


@pytest.fixture
def holding(church: ParishPush) -> ParishPush:
    """A church with the default rule, whose batch is held open by a split that is off by a cent."""
    church.reset_settings()
    church.parish.give("Ana", 2500, minute=0)
    split_off_by_a_cent(church)
    church.push()
    return church


def mend_the_split(church: ParishPush) -> int:
    (bad,) = (int(line["transaction_id"]) for line in church.proof()["held"])
    shares = [{"fund_id": church.parish.fund_ids["General"], "amount": 1000}]
    records, clock = church.parish.wegive_records, church.clock.now
    edit_payment(records, clock, "parish", bad, {"fund_allocations": shares})
    return bad


def test_by_default_the_batch_is_held_open_and_the_proof_shows_it(holding: ParishPush) -> None:
    assert holding.head().status is DayStatus.HOLDING
    assert holding.batches()[0]["attributes"]["status"] == "in_progress"
    assert holding.proof()["status"] == "holding"
    assert holding.proof()["unexplained_cents"] == 0


def test_the_batch_is_held_until_twelve_hours_after_the_morning_push(holding: ParishPush) -> None:
    deadline = datetime(2026, 11, 17, 2, 1, tzinfo=UTC)  # 20:01 in Chicago

    assert holding.head().wake_at_ms == deadline.timestamp() * 1000


def test_at_the_deadline_what_is_sound_is_committed(holding: ParishPush) -> None:
    holding.sleep_until_woken()

    assert holding.head().status is DayStatus.COMMITTED
    assert holding.cents() == [2500]
    assert len(_held(holding)) == 1
    assert holding.proof()["unexplained_cents"] == 0


def test_the_deadline_is_the_setting(church: ParishPush) -> None:
    church.reset_settings()
    church.set(held_gifts_deadline_hours=1)
    church.parish.give("Ana", 2500, minute=0)
    split_off_by_a_cent(church)

    church.push()

    assert church.head().status is DayStatus.COMMITTED  # the push came an hour after the morning's


def test_a_gift_that_is_mended_before_the_deadline_lets_the_batch_be_committed(holding: ParishPush) -> None:
    bad = mend_the_split(holding)
    holding.push()

    assert holding.head().status is DayStatus.COMMITTED
    assert holding.cents() == [1000, 2500]
    assert not holding.gift(bad).late
    assert holding.proof()["held"] == []


def test_a_gift_that_is_mended_after_the_deadline_goes_late_into_the_same_batch(holding: ParishPush) -> None:
    holding.sleep_until_woken()

    bad = mend_the_split(holding)
    holding.push()

    assert len(holding.batches()) == 1
    assert holding.cents() == [1000, 2500]
    assert holding.gift(bad).late
    assert holding.proof()["unexplained_cents"] == 0


def test_a_gift_goes_in_late_once_staff_have_decided_who_its_donor_is(church: ParishPush) -> None:
    gift = a_donor_in_review(church)
    church.parish.give("Ben", 4000, minute=30)
    church.push()

    (review,) = church.reviews.all(ORGANIZATION.id)
    (ana,) = church.people("Ana")
    church.reviews.decide(ORGANIZATION.id, replace(review, answer=Answer.LINK, person_id=ana))
    church.push()

    assert church.giver(gift) == ana
    assert church.gift(gift).late
    assert church.cents() == [1000, 4000]


def test_a_decision_is_remembered(church: ParishPush) -> None:
    a_donor_in_review(church)
    church.push()
    (review,) = church.reviews.all(ORGANIZATION.id)
    church.reviews.decide(ORGANIZATION.id, replace(review, answer=Answer.ANONYMOUS))
    church.push()

    again = church.parish.give("Nils", 2000, minute=50)
    church.push()

    assert church.gift(again).state is GiftState.RECORDED
    assert church.giver(again) is None
    assert len(church.reviews.all(ORGANIZATION.id)) == 1


def test_staff_may_decide_that_the_donor_is_a_new_person(church: ParishPush) -> None:
    gift = a_donor_in_review(church)
    church.push()
    (review,) = church.reviews.all(ORGANIZATION.id)

    church.reviews.decide(ORGANIZATION.id, replace(review, answer=Answer.CREATE))
    church.push()

    assert [church.giver(gift)] == church.people("Otto")


def test_gifts_of_donors_in_review_may_go_in_anonymously(church: ParishPush) -> None:
    church.set(gifts_in_review=GiftsInReview.ANONYMOUS)
    gift = a_donor_in_review(church)

    church.push()

    assert church.giver(gift) is None
    assert church.head().status is DayStatus.COMMITTED
    assert len(church.reviews.all(ORGANIZATION.id)) == 1


def test_a_company_may_be_created_as_a_person(church: ParishPush) -> None:
    church.set(company_donors=CompanyDonors.CREATE)
    gift = a_company(church)

    church.push()

    assert church.gift(gift).state is GiftState.RECORDED
    assert church.giver(gift) is not None


def test_a_company_that_is_nobody_yet_is_not_created_when_the_rule_is_to_link(church: ParishPush) -> None:
    church.set(company_donors=CompanyDonors.LINK)
    gift = a_company(church)

    church.push()

    assert "this company is nobody in Planning Center yet" in str(church.gift(gift).reason)
    assert church.people("Nils") == []


def test_an_amount_that_is_corrected_in_wegive_goes_in(church: ParishPush) -> None:
    gift = an_amount_with_a_point(church)
    church.parish.give("Ben", 4000, minute=30)
    church.push()

    _spoil(church, gift, {})
    church.push()

    assert church.cents() == [1234, 4000]
    assert church.proof()["held"] == []


def test_a_recorded_gift_that_becomes_unreadable_is_shown_and_stops_nothing(church: ParishPush) -> None:
    gift = church.parish.give("Ana", 1234, minute=0)
    church.push()

    _spoil(church, gift, {"amount": "12.34"})
    church.push()

    (finding,) = church.proof()["findings"]
    assert f"payment {gift} can no longer be read: amount '12.34'" in finding["text"]
    assert church.proof()["unexplained_cents"] == 0
    assert church.cents() == [1234]


def test_a_fund_that_was_renamed_in_planning_center_is_still_the_same_fund(church: ParishPush) -> None:
    church.parish.give("Ana", 2500, minute=0, fund="Missions")
    church.push()
    fund_id = church.fund_id("Missions")
    edit_fund(
        church.parish.planning_center_records, CHURCH, fund_id, {"name": "World Missions"}, church.clock.now
    )

    late = church.parish.give("Ana", 500, minute=3, fund="Missions")
    church.push()

    draft = church.gift(late).draft
    assert draft is not None
    assert [part.fund_id for part in draft.designations] == [fund_id]


def test_a_fund_that_planning_center_lacks_is_created(church: ParishPush) -> None:
    fund = add(church.parish.wegive_records, "fund", "parish", church.clock.now(), name="Choir", active=False)
    church.parish.fund_ids["Choir"] = int(fund["id"])
    church.parish.give("Ana", 1000, minute=20, fund="Choir")

    church.push()

    assert church.cents() == [1000]
    assert church.fund_id("Choir")


def test_a_missing_default_fund_holds_only_gifts_that_name_none(church: ParishPush) -> None:
    church.organizations.put(replace(church.organization, default_fund="Gifts"))
    church.parish.fund_ids["none"] = None  # type: ignore[assignment]
    unnamed = church.parish.give("Ana", 700, minute=1, fund="none")
    church.parish.give("Ana", 2500, minute=0)

    church.push()

    assert church.cents() == [2500]
    assert _held(church)[str(unnamed)] == (
        "Planning Center has no fund named 'Gifts' (the default fund in the settings); create it there or "
        "name another one"
    )


def test_with_the_rule_to_commit_without_them_held_gifts_do_not_delay_the_batch(church: ParishPush) -> None:
    assert church.organization.settings.held_gifts is HeldGifts.COMMIT_WITHOUT
    church.parish.give("Ana", 2500, minute=0)
    split_off_by_a_cent(church)

    church.push()

    assert church.head().status is DayStatus.COMMITTED


def test_a_day_of_which_every_gift_is_held_makes_no_batch(church: ParishPush) -> None:
    split_off_by_a_cent(church)

    church.push()

    assert church.batches() == []
    assert church.head().status is DayStatus.HOLDING
    assert church.proof()["unexplained_cents"] == 0
