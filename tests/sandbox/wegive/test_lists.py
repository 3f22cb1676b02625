from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.wegive.desk import Desk

SUNDAY = {"created[start]": "2026-01-04T06:00:00Z", "created[end]": "2026-01-05T06:00:00Z"}


def test_a_list_tells_its_pages(desk: Desk) -> None:
    for _ in range(5):
        desk.gift()

    body = desk.get("/transactions", page=2, count=2)

    assert body["meta"] == {
        "total": 5,
        "current_page": 2,
        "last_page": 3,
        "per_page": 2,
        "from": 3,
        "to": 4,
    }
    assert (body["search_mode"], body["pagination"], body["sort"]) == (False, True, False)


def test_a_page_beyond_the_last_is_empty(desk: Desk) -> None:
    desk.gift()

    body = desk.get("/transactions", page=7)

    assert body["data"] == []
    assert body["meta"]["from"] is None


def test_a_list_shows_25_rows_unless_told(desk: Desk) -> None:
    for _ in range(30):
        desk.gift()

    assert len(desk.get("/transactions")["data"]) == 25


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("count=201", "count"),
        ("count=0", "count"),
        ("page=0", "page"),
        ("page=one", "page"),
        ("view=both", "view"),
        ("sort[id]=up", "sort[id]"),
        ("sort[colour]=asc", "sort[colour]"),
        ("created[start]=yesterday", "created[start]"),
        ("created[middle]=2026-01-04", "created[middle]"),
        ("amount[start]=12.34", "amount[start]"),
        ("is_test=maybe", "is_test"),
        ("type=gift", "type"),
        ("updated=1", "updated"),
    ],
)
def test_a_parameter_that_a_list_does_not_take_is_a_422(desk: Desk, query: str, field: str) -> None:
    answer = desk.client.get(f"/transactions?{query}")

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]


def test_an_unknown_parameter_can_be_ignored_instead(desk: Desk) -> None:
    desk.options.unknown_parameter = "ignored"
    gift = desk.gift()

    assert desk.ids("/transactions", colour="red") == [gift["id"]]


def test_donors_have_no_change_time_to_ask_for(desk: Desk) -> None:
    assert desk.client.get("/donors?updated_at[start]=2026-01-01").status_code == 422


def test_the_newest_come_first_unless_sorted(desk: Desk) -> None:
    first, second = desk.gift(), desk.gift()

    assert desk.ids("/transactions") == [second["id"], first["id"]]
    assert desk.ids("/transactions", **{"sort[id]": "asc"}) == [first["id"], second["id"]]


def test_gifts_sort_by_amount(desk: Desk) -> None:
    large, small = desk.gift(amount=900), desk.gift(amount=100)

    assert desk.ids("/transactions", **{"sort[amount]": "asc"}) == [small["id"], large["id"]]


def test_a_range_holds_what_lies_between_its_ends(desk: Desk) -> None:
    desk.gift("2026-01-04T05:59:59Z")
    inside = [desk.gift("2026-01-04T06:00:00Z")["id"], desk.gift("2026-01-05T05:59:59Z")["id"]]
    desk.gift("2026-01-05T06:00:01Z")

    assert desk.ids("/transactions", **SUNDAY, **{"sort[id]": "asc"}) == inside


@pytest.mark.parametrize(("end", "count"), [("inclusive", 1), ("exclusive", 0)])
def test_the_end_of_a_range_may_be_in_it_or_not(desk: Desk, end: str, count: int) -> None:
    desk.options.range_end = end  # type: ignore[assignment]
    desk.gift("2026-01-05T06:00:00Z")

    assert len(desk.ids("/transactions", **SUNDAY)) == count


def test_a_range_may_carry_an_offset(desk: Desk) -> None:
    gift = desk.gift("2026-01-04T06:00:00Z")

    found = desk.ids("/transactions", **{"created[start]": "2026-01-04T00:00:00-06:00"})

    assert found == [gift["id"]]


def test_a_range_without_an_end_finds_what_is_dated_ahead(desk: Desk) -> None:
    gift = desk.gift("2027-03-01T00:00:00Z")

    assert desk.ids("/transactions", **{"created[start]": "2026-01-01"}) == [gift["id"]]


def test_a_range_of_many_years_finds_the_same(desk: Desk) -> None:
    gift = desk.gift()

    found = desk.ids("/transactions", **{"created[start]": "1990-01-01", "created[end]": "2030-01-01"})

    assert found == [gift["id"]]


def test_a_row_without_the_time_is_outside_its_range(desk: Desk) -> None:
    desk.gift(succeeded_at=None, status="pending")

    assert desk.ids("/transactions", **{"succeeded_at[start]": "2000-01-01"}) == []


def test_changed_gifts_are_found_by_their_change_time(desk: Desk) -> None:
    desk.gift(updated_at="2026-01-01T00:00:00Z")
    changed = desk.gift(updated_at="2026-01-05T10:00:00Z")

    assert desk.ids("/transactions", **{"updated_at[start]": "2026-01-05T00:00:00Z"}) == [changed["id"]]


def test_two_filters_must_both_hold(desk: Desk) -> None:
    ada = desk.donor()
    wanted = desk.gift(donor_id=ada["id"], is_test=False)
    desk.gift(donor_id=ada["id"], is_test=True)
    desk.gift()

    assert desk.ids("/transactions", donor_id=ada["id"], is_test="false") == [wanted["id"]]


@pytest.mark.parametrize(
    ("kind", "count"), [("donation", 2), ("recurring", 1), ("service-revenue", 1), ("both", 3)]
)
def test_the_type_tells_gifts_from_service_revenue(desk: Desk, kind: str, count: int) -> None:
    plan = desk.add("scheduled_donation", donor_id=None, amount=5000, start_date="2026-01-01T00:00:00Z")
    desk.gift()
    desk.gift(scheduled_donation_id=plan["id"])
    desk.gift(type="service-revenue")

    assert len(desk.ids("/transactions", type=kind)) == count


@pytest.mark.parametrize(("view", "count"), [("active", 1), ("archived", 1), ("all", 2)])
def test_a_view_holds_archived_rows_or_not(desk: Desk, view: str, count: int) -> None:
    desk.gift()
    desk.gift(deleted_at="2026-01-05T00:00:00Z")

    assert len(desk.ids("/transactions", view=view)) == count


def test_a_gift_is_found_by_any_of_its_funds(desk: Desk) -> None:
    missions = desk.add("fund", name="Missions")["id"]
    parts = [{"fund_id": desk.general, "amount": 2500}, {"fund_id": missions, "amount": 2500}]
    split = desk.gift(fund_id=None, fund_allocations=parts)
    desk.gift()

    assert desk.ids("/transactions", fund=missions) == [split["id"]]


def test_donors_are_found_by_first_email_in_any_case(desk: Desk) -> None:
    donor = desk.donor(email_1="Ada@Example.org")
    desk.donor(email_1="other@example.org", email_2="ada@example.org")

    assert desk.ids("/donors", email_1="ada@EXAMPLE.org") == [donor["id"]]


def test_donors_are_found_by_planning_center_id(desk: Desk) -> None:
    donor = desk.donor(planning_center_id="41")
    desk.donor()

    assert desk.ids("/donors", planning_center_id="41") == [donor["id"]]


def test_donors_who_share_an_email_are_duplicates(desk: Desk) -> None:
    pair = [desk.donor(email_1="a@example.org")["id"], desk.donor(email_2="A@example.org")["id"]]
    desk.donor(email_1="b@example.org")

    assert desk.ids("/donors", duplicates="true", **{"sort[id]": "asc"}) == pair


def test_companies_are_told_from_individuals(desk: Desk) -> None:
    company = desk.donor(type="company", name="Harbor Light")
    desk.donor()

    assert desk.ids("/donors", type="company") == [company["id"]]


def test_donors_are_found_by_what_they_gave(desk: Desk) -> None:
    giver, _ = desk.donor(), desk.donor()
    desk.gift(donor_id=giver["id"], amount=70_000)

    assert desk.ids("/donors", **{"total_given[start]": 50_000}) == [giver["id"]]
    assert desk.ids("/donors", **{"donated_at[start]": "2026-01-04"}) == [giver["id"]]


def test_allocations_are_listed_without_filters(desk: Desk) -> None:
    desk.gift(fund_id=None, fund_allocations=[{"fund_id": desk.general, "amount": 5000}])

    body = desk.get("/fund-allocations")

    assert [(row["fund"]["name"], row["amount"]) for row in body["data"]] == [("General", "5000")]
    assert desk.client.get("/fund-allocations?view=all").status_code == 422


def test_payouts_lead_to_their_payments(desk: Desk) -> None:
    payout = desk.add(
        "payout", reference="po_1", amount=5000, transaction_count=1, paid_at="2026-01-05T00:00:00Z"
    )
    gift = desk.gift(payout_id=payout["id"])
    desk.gift()

    assert desk.ids("/payouts", **{"paid_at[start]": "2026-01-05"}) == [payout["id"]]
    assert desk.ids("/transactions", payout=payout["id"]) == [gift["id"]]


def test_a_household_leads_to_its_members_and_their_gifts(desk: Desk) -> None:
    ada = desk.donor()
    household = desk.add("household", name="Okafor household", member_ids=[ada["id"]])
    gift = desk.gift(donor_id=ada["id"])
    desk.gift()

    assert desk.get(f"/households/{household['id']}")["data"]["members"][0]["id"] == ada["id"]
    assert desk.ids("/households", **{"members[]": ada["id"]}) == [household["id"]]
    assert desk.ids("/transactions", household_id=household["id"]) == [gift["id"]]


def test_plans_are_found_by_status(desk: Desk) -> None:
    usual: dict[str, Any] = {"donor_id": None, "amount": 5000, "start_date": "2026-01-01T00:00:00Z"}
    paused = desk.add("scheduled_donation", status="paused", **usual)
    desk.add("scheduled_donation", **usual)

    assert desk.ids("/scheduled-donations", status="paused") == [paused["id"]]
    assert len(desk.ids("/scheduled-donations", status="all")) == 2


@pytest.mark.parametrize(("shift", "seen"), [(1, [1, 2, 4]), (-1, [1, 2, 2, 3])])
def test_pages_can_shift_while_they_are_read(desk: Desk, shift: int, seen: list[int]) -> None:
    ids = [desk.gift()["id"] for _ in range(4)]
    desk.options.page_shift, desk.options.page_shift_times = shift, 1

    found = [
        row_id
        for page in (1, 2)
        for row_id in desk.ids("/transactions", page=page, count=2, **{"sort[id]": "asc"})
    ]

    assert found == [ids[number - 1] for number in seen]


def test_a_list_can_lack_its_meta_once(desk: Desk) -> None:
    desk.options.lists_without_meta = 1

    assert "meta" not in desk.get("/funds")
    assert "meta" in desk.get("/funds")


def test_the_clock_decides_what_this_year_is(desk: Desk) -> None:
    old, new = desk.donor(), desk.donor()
    desk.gift("2025-12-31T00:00:00Z", donor_id=old["id"], amount=900)
    desk.gift(donor_id=new["id"], amount=100)

    by_year = {"sort[total_given_this_year]": "desc"}
    this_year = desk.ids("/donors", **by_year)
    desk.now = datetime(2025, 12, 31, tzinfo=UTC)

    assert this_year == [new["id"], old["id"]]
    assert desk.ids("/donors", **by_year) == [old["id"], new["id"]]
