"""Refunds, chargebacks and late returns: booked where Planning Center can, else a person's task (S36)."""

from __future__ import annotations

import pytest

from narthex.domain.ledger import DayStatus, FindingKind, FindingState, GiftState
from sandbox.planning_center.staff import edit_donation
from sandbox.wegive.staff import refund, refund_partly, return_ach, settle_ach
from sandbox.wegive.tables import save
from tests.support.parish_push import CHURCH, DAY_MS, ParishPush


@pytest.fixture
def gifts(church: ParishPush) -> list[int]:
    give = church.parish.give
    return [give("Ana", 2500, minute=0), give("Ben", 4000, minute=5)]


def in_wegive(church: ParishPush, what: object, transaction_id: int, *more: int) -> None:
    """Let WeGive's staff do something about a payment, some days later."""
    church.clock.pass_time(2 * DAY_MS)
    what(church.parish.wegive_records, church.clock.now, "parish", transaction_id, *more)  # type: ignore[operator]


def hold_the_batch(church: ParishPush) -> None:
    """Push with one gift that cannot go in, so that the batch stays open until the deadline."""
    church.reset_settings()
    church.parish.give("Ana", 100, minute=1, allocations=[("General", 60), ("Missions", 41)])
    church.push()
    assert church.head().status is DayStatus.HOLDING


def test_a_gift_refunded_in_full_before_the_push_is_not_pushed_and_stands_in_the_proof(
    church: ParishPush, gifts: list[int]
) -> None:
    refund(church.parish.wegive_records, church.clock.now, "parish", gifts[0])

    church.push()

    assert church.cents() == [4000]
    (line,) = church.proof()["refunded"]
    assert (line["transaction_id"], line["amount_cents"]) == (str(gifts[0]), 2500)
    assert church.proof()["unexplained_cents"] == 0


def test_what_was_refunded_before_the_push_says_that_the_refund_may_be_a_partial_one(
    church: ParishPush, gifts: list[int]
) -> None:
    refund_partly(church.parish.wegive_records, church.clock.now, "parish", gifts[0], 500)

    church.push()

    (line,) = church.proof()["refunded"]
    assert line["amount_cents"] == 2000
    assert "if only in part, enter what remains by hand" in line["reason"]


def test_a_full_refund_before_the_commit_takes_the_donation_out(church: ParishPush, gifts: list[int]) -> None:
    hold_the_batch(church)

    refund(church.parish.wegive_records, church.clock.now, "parish", gifts[0])
    church.push()

    assert church.cents() == [4000]
    assert church.gift(gifts[0]).state is GiftState.WITHDRAWN
    assert church.proof()["unexplained_cents"] == 0


def test_a_batch_whose_gifts_were_all_refunded_before_the_commit_is_deleted(
    church: ParishPush, gifts: list[int]
) -> None:
    hold_the_batch(church)

    for gift in gifts:
        refund(church.parish.wegive_records, church.clock.now, "parish", gift)
    church.push()

    assert church.batches() == []
    assert church.proof()["unexplained_cents"] == 0


def test_a_full_refund_after_the_commit_is_issued_with_its_date(church: ParishPush, gifts: list[int]) -> None:
    church.push()

    in_wegive(church, refund, gifts[0])
    church.push()

    (refunded,) = [each for each in church.donations() if each["attributes"]["refunded"]]
    assert refunded["attributes"]["amount_cents"] == 2500
    assert refunded["refund"]["attributes"]["refunded_at"].startswith("2026-11-18")
    proof = church.proof()
    assert (proof["wegive_cents"], proof["planning_center_cents"], proof["unexplained_cents"]) == (
        4000,
        4000,
        0,
    )
    assert [line["reason"] for line in proof["refunded"]] == ["refunded in Planning Center"]


def test_a_refund_is_issued_once(church: ParishPush, gifts: list[int]) -> None:
    church.push()
    in_wegive(church, refund, gifts[0])
    church.push()
    written = len(church.door.writes())

    church.push()

    assert len(church.door.writes()) == written


def test_a_partial_refund_after_the_commit_is_a_task_that_stays_in_the_proof(
    church: ParishPush, gifts: list[int]
) -> None:
    church.push()

    in_wegive(church, refund_partly, gifts[1], 1000)
    church.push()

    (task,) = church.findings(FindingKind.REVERSAL)
    donation_id = church.gift(gifts[1]).donation_id
    assert task.text == (
        f"payment {gifts[1]} was refunded in part: 10.00 of 40.00 went back. Planning Center's API cannot "
        f"book this: open donation {donation_id} there, refund it and enter what remains (30.00) by hand"
    )
    proof = church.proof()
    assert (proof["wegive_cents"], proof["planning_center_cents"], proof["unexplained_cents"]) == (
        5500,
        6500,
        0,
    )
    assert [finding["kind"] for finding in proof["findings"]] == ["reversal"]


@pytest.mark.parametrize("days_later", [0, 20])
def test_a_returned_payment_after_the_commit_is_a_task_that_stays_in_the_proof(
    church: ParishPush, gifts: list[int], days_later: int
) -> None:
    church.push()
    church.clock.pass_time(days_later * DAY_MS)

    in_wegive(church, return_ach, gifts[1])
    church.push()
    church.push()

    (task,) = church.findings(FindingKind.REVERSAL)
    assert "came back from the bank (chargeback or ACH return): 40.00 of 40.00 went back" in task.text
    proof = church.proof()
    assert (proof["wegive_cents"], proof["planning_center_cents"], proof["unexplained_cents"]) == (
        2500,
        6500,
        0,
    )
    assert [finding["state"] for finding in proof["findings"]] == ["open"]
    assert church.cents() == [2500, 4000]


def test_what_happens_after_the_last_audit_still_comes_into_the_proof(
    church: ParishPush, gifts: list[int]
) -> None:
    church.push()
    church.finish_audits()

    in_wegive(church, return_ach, gifts[1])
    church.push()

    assert [finding["kind"] for finding in church.proof()["findings"]] == ["reversal"]
    assert church.proof()["wegive_cents"] == 2500
    assert church.proof()["unexplained_cents"] == 0


def test_a_task_that_staff_have_done_and_ticked_off_leaves_a_proof_that_adds_up(
    church: ParishPush, gifts: list[int]
) -> None:
    church.push()
    in_wegive(church, return_ach, gifts[1])
    church.push()

    donation_id = str(church.gift(gifts[1]).donation_id)
    records, clock = church.parish.planning_center_records, church.clock.now
    edit_donation(records, CHURCH, donation_id, {"refunded": True}, clock)
    church.decide(church.findings(FindingKind.REVERSAL)[0], FindingState.RESOLVED)
    church.push()

    assert church.proof()["unexplained_cents"] == 0
    assert church.proof()["planning_center_cents"] == 2500
    assert [finding["state"] for finding in church.proof()["findings"]] == ["resolved"]


def test_a_returned_payment_before_the_commit_is_taken_out(church: ParishPush, gifts: list[int]) -> None:
    hold_the_batch(church)

    return_ach(church.parish.wegive_records, church.clock.now, "parish", gifts[1])
    church.push()

    assert church.cents() == [2500]
    assert church.proof()["unexplained_cents"] == 0


def test_a_partial_refund_before_the_commit_is_a_task_too(church: ParishPush, gifts: list[int]) -> None:
    hold_the_batch(church)

    refund_partly(church.parish.wegive_records, church.clock.now, "parish", gifts[1], 1000)
    church.push()

    assert [finding.transaction_id for finding in church.findings(FindingKind.REVERSAL)] == [str(gifts[1])]
    assert church.proof()["unexplained_cents"] == 0


def test_a_pending_bank_payment_waits_and_comes_late_into_the_batch_of_its_own_day(
    church: ParishPush, gifts: list[int]
) -> None:
    pending = church.parish.give("Ana", 900, minute=20)
    records = church.parish.wegive_records
    row = records.get("transaction", str(pending))
    assert row is not None
    save(records, "transaction", {**row, "succeeded_at": None, "status": "pending"}, church.clock.now())
    church.push()
    assert church.cents() == [2500, 4000]
    assert church.proof()["not_gifts"] == {"waiting": 1}

    in_wegive(church, settle_ach, pending)
    church.push()

    assert len(church.batches()) == 1
    assert church.gift(pending).late
    assert church.cents() == [900, 2500, 4000]
    assert church.proof()["unexplained_cents"] == 0
