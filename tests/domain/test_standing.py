"""What a WeGive payment is to the day's batch (S31, S36, wegive-api.md 7 and 8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narthex.domain.giving import Transaction, TransactionKind
from narthex.domain.organization import GiftAmount
from narthex.domain.standing import Standing, standing_of
from tests.support.giving_builders import LATER, SUNDAY_MORNING, a_transaction, split

ONLY_WHEN_IT_STANDS = {Standing.GIFT, Standing.PARTLY_REFUNDED}


def standing(
    transaction: Transaction, *, pushed_cents: int | None = None, gift_amount: GiftAmount = GiftAmount.AMOUNT
) -> Standing:
    return standing_of(transaction, gift_amount=gift_amount, pushed_cents=pushed_cents)


@pytest.mark.parametrize("kind", [TransactionKind.DONATION, TransactionKind.RECURRING])
def test_a_payment_that_succeeded_is_a_gift_single_or_from_a_plan(kind: TransactionKind) -> None:
    assert standing(a_transaction(kind=kind)) is Standing.GIFT


def test_a_guests_payment_is_a_gift() -> None:
    assert standing(a_transaction(donor_id=None)) is Standing.GIFT


def test_a_bank_payment_that_was_started_waits() -> None:
    assert standing(a_transaction(succeeded_at=None)) is Standing.WAITING


def test_a_payment_that_never_succeeded_has_failed() -> None:
    assert standing(a_transaction(succeeded_at=None, failed_at=LATER)) is Standing.FAILED


def test_a_payment_that_succeeded_after_a_failure_is_a_gift() -> None:
    assert standing(a_transaction(failed_at=SUNDAY_MORNING, succeeded_at=LATER)) is Standing.GIFT


def test_a_payment_that_failed_after_it_had_succeeded_came_back() -> None:
    assert standing(a_transaction(failed_at=LATER)) is Standing.REVERSED


def test_a_failure_in_the_very_second_of_the_success_counts_as_one_after_it() -> None:
    assert standing(a_transaction(failed_at=SUNDAY_MORNING)) is Standing.REVERSED


def test_a_test_payment_is_never_a_gift() -> None:
    assert standing(a_transaction(is_test=True)) is Standing.TEST


def test_service_revenue_is_never_a_gift() -> None:
    assert standing(a_transaction(kind=TransactionKind.SERVICE_REVENUE)) is Standing.SERVICE_REVENUE


def test_an_archived_payment_is_no_gift() -> None:
    assert standing(a_transaction(archived=True)) is Standing.ARCHIVED


def test_a_test_stays_a_test_whatever_becomes_of_it() -> None:
    payment = a_transaction(is_test=True, archived=True, refunded_at=LATER, failed_at=LATER)

    assert standing(payment, pushed_cents=5000) is Standing.TEST


def test_a_refund_that_leaves_the_pushed_amount_as_it_was_is_a_full_one() -> None:
    assert standing(a_transaction(refunded_at=LATER), pushed_cents=5000) is Standing.REFUNDED


def test_a_refund_that_makes_the_amount_fall_is_a_partial_one() -> None:
    payment = a_transaction(amount_cents=3000, refunded_at=LATER)

    assert standing(payment, pushed_cents=5000) is Standing.PARTLY_REFUNDED


def test_a_refund_that_makes_the_amount_fall_to_nothing_is_a_full_one() -> None:
    assert standing(a_transaction(amount_cents=0, refunded_at=LATER), pushed_cents=5000) is Standing.REFUNDED


def test_before_the_push_the_allocations_tell_what_the_amount_was() -> None:
    payment = a_transaction(amount_cents=3000, allocations=split(("1", 4000), ("2", 1000)), refunded_at=LATER)

    assert standing(payment) is Standing.PARTLY_REFUNDED


def test_before_the_push_a_refund_of_an_unsplit_payment_is_taken_for_a_full_one() -> None:
    assert standing(a_transaction(refunded_at=LATER)) is Standing.REFUNDED


def test_a_refund_is_measured_by_what_the_church_counts_as_the_gift() -> None:
    payment = a_transaction(covered_fee_cents=150, refunded_at=LATER)

    counted = standing(payment, pushed_cents=5150, gift_amount=GiftAmount.AMOUNT_PLUS_COVERED_FEE)

    assert counted is Standing.REFUNDED


def test_a_refund_outweighs_a_later_failure() -> None:
    payment = a_transaction(refunded_at=LATER, failed_at=LATER + timedelta(days=1))

    assert standing(payment, pushed_cents=5000) is Standing.REFUNDED


_moments = st.none() | st.sampled_from([SUNDAY_MORNING, LATER, LATER + timedelta(days=3)])


@given(
    st.fixed_dictionaries(
        {
            "is_test": st.booleans(),
            "archived": st.booleans(),
            "kind": st.sampled_from(TransactionKind),
            "succeeded_at": _moments,
            "failed_at": _moments,
            "refunded_at": _moments,
            "amount_cents": st.integers(0, 9999),
        }
    ),
    st.none() | st.integers(1, 9999),
)
def test_nothing_counts_that_is_a_test_or_revenue_or_archived_or_has_not_succeeded(
    changes: dict[str, Any], pushed_cents: int | None
) -> None:
    payment = a_transaction(**changes)

    counts = standing(payment, pushed_cents=pushed_cents) in ONLY_WHEN_IT_STANDS

    excluded = (
        payment.is_test
        or payment.archived
        or payment.kind is TransactionKind.SERVICE_REVENUE
        or payment.succeeded_at is None
    )
    assert not (counts and excluded)
