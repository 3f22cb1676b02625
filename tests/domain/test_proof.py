"""Both sides to the cent, every difference with its reason (S38)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from narthex.domain.giving import Donation, Transaction, UnreadableTransaction
from narthex.domain.ledger import Finding, FindingKind, FindingState, Gift, GiftState
from narthex.domain.organization import GiftAmount
from narthex.domain.proof import DayAccount, FundLine, Line, Proof, prove
from tests.support.builders import a_draft, a_finding, a_gift
from tests.support.giving_builders import (
    LATER,
    SUNDAY_MORNING,
    a_donation,
    a_transaction,
    parts,
    recorded,
)

HEAD = {"organization_id": "parish", "date": date(2026, 11, 15), "status": "committed", "batch_id": "1"}
FUND_NAMES = {"11": "General", "12": "Missions"}


def a_pushed_gift(transaction_id: str = "9001", donation_id: str = "77", **changes: Any) -> Gift:  # noqa: ANN401
    gift = a_gift(
        transaction_id,
        amount_cents=5000,
        draft=a_draft(designations=parts(("11", 5000)), received_at=SUNDAY_MORNING),
    )
    return replace(recorded(gift, donation_id), **changes)


def proof_of(
    transactions: Sequence[Transaction],
    gifts: Sequence[Gift],
    donations: Sequence[Donation],
    findings: Sequence[Finding] = (),
    *,
    unreadable: Sequence[UnreadableTransaction] = (),
    gift_amount: GiftAmount = GiftAmount.AMOUNT,
) -> Proof:
    account = DayAccount(
        transactions={each.id: each for each in transactions},
        unreadable={each.id: each for each in unreadable},
        gifts={each.transaction_id: each for each in gifts},
        donations=donations,
        findings=findings,
        fund_names=FUND_NAMES,
        gift_amount=gift_amount,
    )
    return prove(account, HEAD)


def test_a_gift_and_its_donation_leave_nothing_unexplained() -> None:
    proof = proof_of([a_transaction()], [a_pushed_gift()], [a_donation(fee_cents=-175)])

    assert (proof.wegive_gifts, proof.wegive_cents) == (1, 5000)
    assert (proof.planning_center_gifts, proof.planning_center_cents) == (1, 5000)
    assert (proof.unexplained_cents, proof.fees_cents) == (0, -175)


@pytest.mark.parametrize("off_by", [-1, 1])
def test_a_donation_off_by_a_cent_is_unexplained_to_the_cent(off_by: int) -> None:
    proof = proof_of([a_transaction()], [a_pushed_gift()], [a_donation(amount_cents=5000 + off_by)])

    assert proof.unexplained_cents == -off_by


def test_a_finding_explains_its_difference_and_no_other() -> None:
    changed = a_finding("c", kind=FindingKind.CHANGED, transaction_id="9001", donation_id="77")
    gifts = [a_pushed_gift(), a_pushed_gift("9002", "78")]
    donations = [a_donation("77", amount_cents=4900), a_donation("78", amount_cents=4999)]

    proof = proof_of([a_transaction(), a_transaction("9002")], gifts, donations, [changed])

    assert proof.unexplained_cents == 1


def test_a_finding_that_was_ticked_off_without_being_mended_explains_nothing() -> None:
    ticked = a_finding("c", transaction_id="9001", donation_id="77", state=FindingState.RESOLVED)

    proof = proof_of([a_transaction()], [a_pushed_gift()], [a_donation(amount_cents=4900)], [ticked])

    assert proof.unexplained_cents == 100


def test_a_finding_that_staff_have_mended_leaves_nothing_unexplained_open_or_not() -> None:
    for state in FindingState:
        finding = a_finding("c", transaction_id="9001", donation_id="77", state=state)

        proof = proof_of([a_transaction()], [a_pushed_gift()], [a_donation()], [finding])

        assert proof.unexplained_cents == 0


def test_two_findings_about_one_gift_are_counted_once() -> None:
    findings = [a_finding(name, transaction_id="9001", donation_id="77") for name in ("edited", "reversal")]

    proof = proof_of([a_transaction()], [a_pushed_gift()], [a_donation(amount_cents=4000)], findings)

    assert proof.unexplained_cents == 0


def test_a_held_gift_is_named_with_its_cents_and_reason() -> None:
    held = a_gift(state=GiftState.HELD, amount_cents=5000, draft=None, reason="its donor is in review")

    proof = proof_of([a_transaction()], [held], [])

    assert proof.held == (Line("9001", 5000, "its donor is in review"),)
    assert (proof.wegive_cents, proof.unexplained_cents) == (5000, 0)


def test_a_gift_on_its_way_is_held_until_it_is_there() -> None:
    proof = proof_of([a_transaction()], [a_gift(state=GiftState.PLANNED, amount_cents=5000)], [])

    assert proof.held == (Line("9001", 5000, "on its way; the push is not finished"),)


def test_a_gift_that_the_ledger_does_not_know_yet_is_named_too() -> None:
    proof = proof_of([a_transaction()], [], [])

    assert proof.held == (Line("9001", 5000, "not planned yet"),)
    assert proof.unexplained_cents == 0


def test_an_unreadable_payment_is_held_without_cents() -> None:
    held = a_gift("9002", state=GiftState.HELD, amount_cents=0, draft=None, reason="amount '12.34' is …")
    problem = UnreadableTransaction("9002", SUNDAY_MORNING, "amount '12.34' is …")

    proof = proof_of([], [held], [], unreadable=[problem])

    assert proof.held == (Line("9002", 0, "amount '12.34' is …"),)
    assert proof.unexplained_cents == 0


def test_a_late_gift_is_in_both_sums_and_named() -> None:
    proof = proof_of([a_transaction()], [a_pushed_gift(late=True)], [a_donation()])

    assert proof.late == (Line("9001", 5000, "came after the batch was committed"),)
    assert proof.unexplained_cents == 0


def test_a_gift_refunded_on_both_sides_is_in_neither_sum() -> None:
    gift = a_pushed_gift(refunded=True)

    proof = proof_of([a_transaction(refunded_at=LATER)], [gift], [a_donation(refunded=True)])

    assert (proof.wegive_cents, proof.planning_center_cents, proof.unexplained_cents) == (0, 0, 0)
    assert proof.refunded == (Line("9001", 5000, "refunded in Planning Center"),)


def test_a_gift_refunded_before_the_push_stands_in_the_proof() -> None:
    gone = a_gift(state=GiftState.WITHDRAWN, amount_cents=5000)

    proof = proof_of([a_transaction(refunded_at=LATER)], [gone], [])

    assert [line.transaction_id for line in proof.refunded] == ["9001"]
    assert "before it was pushed" in proof.refunded[0].reason
    assert proof.unexplained_cents == 0


def test_a_refund_that_planning_center_has_not_booked_yet_is_unexplained() -> None:
    proof = proof_of([a_transaction(refunded_at=LATER)], [a_pushed_gift()], [a_donation()])

    assert proof.unexplained_cents == -5000


@pytest.mark.parametrize(
    ("payment", "counted_cents"),
    [
        (a_transaction(amount_cents=3000, refunded_at=LATER), 3000),
        (a_transaction(failed_at=LATER), 0),
    ],
)
def test_a_partial_refund_or_a_return_adds_up_by_its_finding(
    payment: Transaction, counted_cents: int
) -> None:
    reversal = a_finding("r", kind=FindingKind.REVERSAL, transaction_id="9001", donation_id="77")

    proof = proof_of([payment], [a_pushed_gift()], [a_donation()], [reversal])

    assert (proof.wegive_cents, proof.planning_center_cents) == (counted_cents, 5000)
    assert proof.unexplained_cents == 0


@pytest.mark.parametrize("kind", [FindingKind.SURPLUS, FindingKind.FOREIGN])
def test_a_stray_donation_is_unexplained_until_a_finding_names_it(kind: FindingKind) -> None:
    donations = [a_donation(), a_donation("78", amount_cents=700)]
    stray = a_finding("s", kind=kind, donation_id="78")

    silent = proof_of([a_transaction()], [a_pushed_gift()], donations)
    named = proof_of([a_transaction()], [a_pushed_gift()], donations, [stray])

    assert (silent.unexplained_cents, named.unexplained_cents) == (-700, 0)


def test_a_missing_donation_is_unexplained_until_a_finding_names_it() -> None:
    missing = a_finding("m", kind=FindingKind.MISSING, transaction_id="9001", donation_id="77")

    silent = proof_of([a_transaction()], [a_pushed_gift()], [])
    named = proof_of([a_transaction()], [a_pushed_gift()], [], [missing])

    assert (silent.unexplained_cents, named.unexplained_cents) == (5000, 0)


def test_payments_that_are_no_gifts_are_counted_by_what_they_are() -> None:
    payments = [
        a_transaction("1", is_test=True),
        a_transaction("2", is_test=True),
        a_transaction("3", succeeded_at=None),
        a_transaction("4", archived=True),
    ]

    proof = proof_of(payments, [], [])

    assert proof.not_gifts == {"archived": 1, "test": 2, "waiting": 1}
    assert proof.wegive_gifts == 0


def test_every_fund_shows_both_sides_by_name() -> None:
    draft = a_draft(designations=parts(("11", 4000), ("12", 1000)))
    gifts = [replace(a_pushed_gift(), draft=draft)]

    proof = proof_of([a_transaction()], gifts, [a_donation(designations=parts(("11", 4000), ("14", 1000)))])

    assert proof.funds == (
        FundLine("11", "General", 4000, 4000),
        FundLine("12", "Missions", 1000, 0),
        FundLine("14", "fund 14", 0, 1000),
    )


def test_a_covered_fee_counts_on_wegives_side_when_the_church_counts_it() -> None:
    gift = replace(a_pushed_gift(), amount_cents=5150)

    proof = proof_of(
        [a_transaction(covered_fee_cents=150)],
        [gift],
        [a_donation(amount_cents=5150)],
        gift_amount=GiftAmount.AMOUNT_PLUS_COVERED_FEE,
    )

    assert (proof.wegive_cents, proof.unexplained_cents) == (5150, 0)


def test_the_document_is_plain_json() -> None:
    proof = proof_of([a_transaction()], [a_pushed_gift()], [a_donation()], [a_finding()])

    document = json.loads(json.dumps(proof.document()))

    assert document["date"] == "2026-11-15"
    assert document["unexplained_cents"] == 0
    assert document["findings"][0]["kind"] == "surplus"
