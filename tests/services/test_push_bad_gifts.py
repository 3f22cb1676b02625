"""One gift that cannot be pushed does not stop the others; it is listed with its reason (S34)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from narthex.domain.ledger import DayStatus
from sandbox.planning_center.staff import edit_fund
from sandbox.wegive.tables import add
from tests.support.bad_gifts import (
    Bad,
    a_closed_fund,
    a_company,
    a_donor_in_review,
    a_fund_without_a_name,
    a_gift_of_nothing,
    a_missing_fund,
    an_amount_with_a_point,
    an_unreadable_donor,
    split_off_by_a_cent,
    spoil_gift,
)
from tests.support.parish_push import CHURCH, ParishPush

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


def test_an_amount_that_is_corrected_in_wegive_goes_in(church: ParishPush) -> None:
    gift = an_amount_with_a_point(church)
    church.parish.give("Ben", 4000, minute=30)
    church.push()

    spoil_gift(church, gift, {})
    church.push()

    assert church.cents() == [1234, 4000]
    assert church.proof()["held"] == []


def test_a_recorded_gift_that_becomes_unreadable_is_shown_and_stops_nothing(church: ParishPush) -> None:
    gift = church.parish.give("Ana", 1234, minute=0)
    church.push()

    spoil_gift(church, gift, {"amount": "12.34"})
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
