"""Held gifts: how long the batch waits for them, and how they come in after all (S12, S34)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from narthex.domain.correlation import Answer
from narthex.domain.ledger import DayStatus, GiftState
from narthex.domain.organization import CompanyDonors, GiftsInReview, HeldGifts
from sandbox.wegive.staff import edit_payment
from tests.simulation.parish import ORGANIZATION
from tests.support.bad_gifts import (
    a_company,
    a_donor_in_review,
    split_off_by_a_cent,
)
from tests.support.parish_push import ParishPush


def _held(church: ParishPush) -> dict[str, str]:
    return {line["transaction_id"]: line["reason"] for line in church.proof()["held"]}


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
