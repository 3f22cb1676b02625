from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sandbox.wegive import staff
from tests.sandbox.wegive.desk import ORGANIZATION, OTHER_ORGANIZATION

if TYPE_CHECKING:
    from tests.sandbox.wegive.desk import Desk


def shown(desk: Desk, row_id: int, path: str = "/transactions") -> dict[str, Any]:
    data: dict[str, Any] = desk.get(f"{path}/{row_id}")["data"]
    return data


def test_merging_donors_moves_what_they_gave_and_ends_the_other_id(desk: Desk) -> None:
    keep, remove = desk.donor(), desk.donor()
    gift = desk.gift(donor_id=remove["id"])
    desk.add("household", name="Okafor", member_ids=[keep["id"], remove["id"]])
    desk.wait(60)

    staff.merge_donors(desk.records, desk.clock, ORGANIZATION, keep["id"], remove["id"])

    assert desk.client.get(f"/donors/{remove['id']}").status_code == 404
    assert desk.ids("/transactions", donor_id=keep["id"]) == [gift["id"]]
    assert shown(desk, gift["id"])["updated_at"] == "2026-01-05T14:02:00Z"
    assert [m["id"] for m in desk.get("/households")["data"][0]["members"]] == [keep["id"]]


def test_a_donor_is_not_merged_with_itself(desk: Desk) -> None:
    donor = desk.donor()

    with pytest.raises(ValueError, match="itself"):
        staff.merge_donors(desk.records, desk.clock, ORGANIZATION, donor["id"], donor["id"])


def test_staff_of_one_church_cannot_touch_another(desk: Desk) -> None:
    gift = desk.gift()

    with pytest.raises(LookupError, match="no transaction"):
        staff.refund(desk.records, desk.clock, OTHER_ORGANIZATION, gift["id"])


def test_an_archived_row_leaves_the_active_view_and_comes_back(desk: Desk) -> None:
    donor = desk.donor()

    staff.archive(desk.records, desk.clock, ORGANIZATION, "donor", donor["id"])
    while_archived = desk.ids("/donors")
    staff.restore(desk.records, desk.clock, ORGANIZATION, "donor", donor["id"])

    assert while_archived == []
    assert desk.ids("/donors") == [donor["id"]]


def test_a_full_refund_keeps_the_amount_and_sets_the_time(desk: Desk) -> None:
    gift = desk.gift()

    staff.refund(desk.records, desk.clock, ORGANIZATION, gift["id"])

    data = shown(desk, gift["id"])
    assert (data["amount"], data["refunded_at"]) == (5000, "2026-01-05T14:01:00Z")
    assert desk.ids("/transactions", **{"refunded_at[start]": "2026-01-05"}) == [gift["id"]]


def test_a_partial_refund_lets_amount_and_allocations_fall(desk: Desk) -> None:
    parts = [{"fund_id": desk.general, "amount": 3000}, {"fund_id": desk.general, "amount": 2000}]
    gift = desk.gift(fund_id=None, fund_allocations=parts)

    staff.refund_partly(desk.records, desk.clock, ORGANIZATION, gift["id"], 2500)

    data = shown(desk, gift["id"])
    assert data["amount"] == 2500
    assert [part["amount"] for part in data["fund_allocations"]] == [2500]
    assert data["refunded_at"] is not None


@pytest.mark.parametrize("cents", [0, 5000, 6000])
def test_a_partial_refund_is_a_part(desk: Desk, cents: int) -> None:
    gift = desk.gift()

    with pytest.raises(ValueError, match="partial"):
        staff.refund_partly(desk.records, desk.clock, ORGANIZATION, gift["id"], cents)


def test_nothing_is_refunded_twice_or_before_it_succeeded(desk: Desk) -> None:
    refunded, pending = desk.gift(), desk.gift(succeeded_at=None, status="pending")
    staff.refund(desk.records, desk.clock, ORGANIZATION, refunded["id"])

    for gift in (refunded, pending):
        with pytest.raises(ValueError, match="succeeded"):
            staff.refund(desk.records, desk.clock, ORGANIZATION, gift["id"])


def test_ach_settles_and_may_come_back(desk: Desk) -> None:
    gift = desk.gift(succeeded_at=None, status="pending")

    staff.settle_ach(desk.records, desk.clock, ORGANIZATION, gift["id"])
    settled = shown(desk, gift["id"])
    desk.wait(3 * 24 * 3600)
    staff.return_ach(desk.records, desk.clock, ORGANIZATION, gift["id"])

    returned = shown(desk, gift["id"])
    assert (settled["succeeded_at"], settled["failed_at"]) == ("2026-01-05T14:01:00Z", None)
    assert (returned["succeeded_at"], returned["failed_at"]) == (
        "2026-01-05T14:01:00Z",
        "2026-01-08T14:01:00Z",
    )


def test_only_what_is_pending_settles(desk: Desk) -> None:
    with pytest.raises(ValueError, match="pending"):
        staff.settle_ach(desk.records, desk.clock, ORGANIZATION, desk.gift()["id"])


def test_an_edited_payment_moves_its_change_time_and_its_day(desk: Desk) -> None:
    gift = desk.gift("2026-01-04T16:00:00Z")

    changes = {"created_at": "2026-01-11T16:00:00Z", "fund_id": desk.general}
    staff.edit_payment(desk.records, desk.clock, ORGANIZATION, gift["id"], changes)

    assert desk.ids("/transactions", **{"created[start]": "2026-01-11"}) == [gift["id"]]
    assert desk.ids("/transactions", **{"created[start]": "2026-01-04", "created[end]": "2026-01-05"}) == []


def test_what_a_payment_does_not_have_cannot_be_edited(desk: Desk) -> None:
    with pytest.raises(ValueError, match="one may change"):
        staff.edit_payment(desk.records, desk.clock, ORGANIZATION, desk.gift()["id"], {"id": 1})


def test_a_late_gift_may_lie_on_a_day_long_past(desk: Desk) -> None:
    donor = desk.donor()

    late = staff.add_gift(
        desk.records, desk.clock, ORGANIZATION, donor["id"], 7500, desk.general, "2025-12-28T10:00:00-06:00"
    )

    data = shown(desk, late["id"])
    assert (data["created_at"], data["updated_at"]) == ("2025-12-28T16:00:00Z", "2026-01-05T14:01:00Z")


def test_a_plan_that_keeps_failing_is_paused_for_good(desk: Desk) -> None:
    plan = desk.add("scheduled_donation", donor_id=None, amount=5000, start_date="2026-01-01T00:00:00Z")

    staff.pause_plan(desk.records, desk.clock, ORGANIZATION, plan["id"])

    data = shown(desk, plan["id"], "/scheduled-donations")
    assert (data["status"], data["paused_until"], data["next_retry_at"]) == ("paused", None, None)


def test_a_payout_takes_every_payment_once_less_the_fees(desk: Desk) -> None:
    gift = desk.gift(amount=5000, fee_amount=175)
    desk.gift(is_test=True)

    first = staff.close_payout(desk.records, desk.clock, ORGANIZATION, "po_1")
    second = staff.close_payout(desk.records, desk.clock, ORGANIZATION, "po_2")

    assert (first["amount"], first["transaction_count"], second["transaction_count"]) == (4825, 1, 0)
    assert desk.ids("/transactions", payout=first["id"]) == [gift["id"]]


def test_a_merged_fund_names_the_one_that_was_kept(desk: Desk) -> None:
    old = desk.add("fund", name="Youth")

    staff.merge_funds(desk.records, desk.clock, ORGANIZATION, desk.general, old["id"])

    assert shown(desk, old["id"], "/funds")["merged_into_id"] == desk.general


def test_a_fund_can_be_renamed_but_gets_no_new_fields(desk: Desk) -> None:
    staff.edit_fund(desk.records, desk.clock, ORGANIZATION, desk.general, {"name": "Tithes"})

    assert shown(desk, desk.general, "/funds")["name"] == "Tithes"
    with pytest.raises(ValueError, match="colour"):
        staff.edit_fund(desk.records, desk.clock, ORGANIZATION, desk.general, {"colour": "red"})


def test_a_donor_can_be_edited(desk: Desk) -> None:
    donor = desk.donor(email_1="old@example.org")

    staff.edit_donor(desk.records, desk.clock, ORGANIZATION, donor["id"], {"email_1": "new@example.org"})

    assert desk.ids("/donors", email_1="new@example.org") == [donor["id"]]
