from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.wegive import staff
from tests.sandbox.wegive.desk import ORGANIZATION

if TYPE_CHECKING:
    from tests.sandbox.wegive.desk import Desk


def test_amounts_are_digit_strings_on_lists_and_integers_below(desk: Desk) -> None:
    desk.gift(fund_id=None, fund_allocations=[{"fund_id": desk.general, "amount": 5000}])

    row = desk.get("/transactions")["data"][0]

    assert row["amount"] == "5000"
    assert row["fund_allocations"][0]["amount"] == 5000


def test_a_single_record_has_integer_amounts(desk: Desk) -> None:
    gift = desk.gift(fee_amount=175)

    data = desk.get(f"/transactions/{gift['id']}")["data"]

    assert (data["amount"], data["fee_amount"]) == (5000, 175)


def test_the_owner_of_a_payment_is_the_whole_donor(desk: Desk) -> None:
    donor = desk.donor(email_1="ada@example.org")
    desk.gift(donor_id=donor["id"])

    owner = desk.get("/transactions")["data"][0]["owner"]

    assert (owner["id"], owner["name"], owner["email_1"]) == (donor["id"], "Ada Okafor", "ada@example.org")


def test_a_guest_has_a_name_on_lists_and_is_nobody_alone(desk: Desk) -> None:
    gift = desk.gift()

    assert desk.get("/transactions")["data"][0]["owner"] == {"name": "Guest User"}
    assert desk.get(f"/transactions/{gift['id']}")["data"]["owner"] is None


def test_a_guest_can_be_null_on_lists_too(desk: Desk) -> None:
    desk.options.guest_owner = "null"
    desk.gift()

    assert desk.get("/transactions")["data"][0]["owner"] is None


def test_an_address_has_another_key_on_lists(desk: Desk) -> None:
    address = {"address_1": "1 Mill Road", "city": "Fairhaven", "state": "IL", "zip": "60990"}
    donor = desk.donor(mailing_address=address)

    listed = desk.get("/donors")["data"][0]
    single = desk.get(f"/donors/{donor['id']}")["data"]

    assert listed["mailing_address_object"]["readable_string"] == "1 Mill Road, Fairhaven, IL 60990"
    assert single["mailing_address"] == listed["mailing_address_object"]
    assert "mailing_address" not in listed


def test_a_donor_shows_no_change_time(desk: Desk) -> None:
    donor = desk.donor()

    assert "updated_at" not in desk.get(f"/donors/{donor['id']}")["data"]


def test_only_funds_show_a_planning_center_id(desk: Desk) -> None:
    donor = desk.donor(planning_center_id="41")
    fund = desk.add("fund", name="Missions", planning_center_id="9")

    assert "planning_center_id" not in desk.get(f"/donors/{donor['id']}")["data"]
    assert desk.get(f"/funds/{fund['id']}")["data"]["planning_center_id"] == "9"


def test_the_customers_surface_shows_a_donors_planning_center_id(desk: Desk) -> None:
    desk.options.surface = "customer"
    donor = desk.donor(planning_center_id="41")

    assert desk.get(f"/donors/{donor['id']}")["data"]["planning_center_id"] == "41"


def test_a_payment_does_not_say_that_it_is_a_test(desk: Desk) -> None:
    desk.gift(is_test=True)

    row = desk.get("/transactions")["data"][0]

    assert not {"is_test", "type"} & row.keys()


def test_a_payment_can_be_made_to_say_what_it_is(desk: Desk) -> None:
    desk.options.shows_kind = True
    desk.gift(is_test=True)

    row = desk.get("/transactions")["data"][0]

    assert (row["is_test"], row["type"]) == (True, "donation")


def test_the_lesser_timestamps_can_be_missing(desk: Desk) -> None:
    desk.options.shows_timestamps = False
    desk.gift()

    row = desk.get("/transactions")["data"][0]

    assert "succeeded_at" in row
    assert not {"refunded_at", "failed_at", "updated_at", "initiated_at"} & row.keys()


def test_times_can_come_without_an_offset(desk: Desk) -> None:
    desk.options.times_without_offset = True
    desk.gift("2026-01-04T16:00:00Z")

    assert desk.get("/transactions")["data"][0]["created_at"] == "2026-01-04T16:00:00"


def test_a_plan_tells_what_is_charged_and_what_arrives(desk: Desk) -> None:
    plan = desk.add(
        "scheduled_donation", donor_id=None, amount=5000, fee_amount=175, cover_fees=True,
        start_date="2026-01-01T00:00:00Z", fund_id=desk.general,
    )  # fmt: skip

    data = desk.get(f"/scheduled-donations/{plan['id']}")["data"]

    assert (data["amount"], data["charge_amount"], data["net_amount"]) == (5000, 5175, 5000)


@pytest.mark.parametrize(
    "wire", [{"amount": "12.34"}, {"status": "on_its_way"}, {"owner": None}, {"frequency": "fortnightly"}]
)
def test_a_payment_can_be_spoiled_and_made_whole_again(desk: Desk, wire: dict[str, object]) -> None:
    gift = desk.gift(donor_id=desk.donor()["id"])
    name, value = next(iter(wire.items()))
    whole = desk.get("/transactions")["data"][0][name]

    staff.spoil(desk.records, desk.clock, ORGANIZATION, "transaction", gift["id"], wire)
    spoiled = desk.get("/transactions")["data"][0][name]
    staff.spoil(desk.records, desk.clock, ORGANIZATION, "transaction", gift["id"], {})

    assert spoiled == value
    assert desk.get("/transactions")["data"][0][name] == whole
