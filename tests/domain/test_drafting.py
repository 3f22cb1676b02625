"""From WeGive's payment to Planning Center's donation, to the cent (3.1)."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narthex.domain.drafting import content_of, draft_donation, gift_cents, wegive_fund_ids
from narthex.domain.errors import NeedsAttentionError
from narthex.domain.giving import DonationDraft, Payment, PaymentMethod, Transaction, TransactionKind
from narthex.domain.organization import GiftAmount
from tests.support.giving_builders import CARD, LATER, SUNDAY_MORNING, a_transaction, parts, split

FUNDS = {"1": "11", "2": "12", "3": "13", "9": "11"}
PLUS_FEE = GiftAmount.AMOUNT_PLUS_COVERED_FEE


def draft(
    transaction: Transaction,
    *,
    gift_amount: GiftAmount = GiftAmount.AMOUNT,
    person_id: str | None = "31",
    label_ids: tuple[str, ...] = (),
) -> DonationDraft:
    return draft_donation(
        transaction,
        person_id=person_id,
        fund_ids=FUNDS,
        default_fund_id="10",
        label_ids=label_ids,
        gift_amount=gift_amount,
    )


def test_one_fund_is_one_designation_of_the_whole_amount() -> None:
    assert draft(a_transaction(fund_id="2")).designations == parts(("12", 5000))


def test_a_gift_that_names_no_fund_goes_to_the_default_one() -> None:
    assert draft(a_transaction(fund_id=None)).designations == parts(("10", 5000))


def test_several_allocations_are_one_designation_each() -> None:
    gift = a_transaction(allocations=split(("1", 4999), ("2", 1)))

    assert draft(gift).designations == parts(("11", 4999), ("12", 1))


def test_allocations_outweigh_the_single_fund() -> None:
    gift = a_transaction(fund_id="3", allocations=split(("1", 5000)))

    assert draft(gift).designations == parts(("11", 5000))


def test_wegive_funds_that_share_a_planning_center_fund_are_one_designation() -> None:
    gift = a_transaction(allocations=split(("1", 2000), ("2", 500), ("9", 2500)))

    assert draft(gift).designations == parts(("11", 4500), ("12", 500))


def test_an_allocation_of_nothing_is_left_out() -> None:
    gift = a_transaction(allocations=split(("1", 5000), ("2", 0)))

    assert draft(gift).designations == parts(("11", 5000))


@pytest.mark.parametrize(("second", "sum_text"), [(1001, "50.01"), (999, "49.99")])
def test_allocations_off_by_a_cent_are_held_with_both_sums(second: int, sum_text: str) -> None:
    gift = a_transaction(allocations=split(("1", 4000), ("2", second)))

    with pytest.raises(NeedsAttentionError) as problem:
        draft(gift)

    assert str(problem.value) == (
        f"its fund allocations sum to {sum_text}, the gift is 50.00; correct the allocations in WeGive"
    )


@pytest.mark.parametrize("allocations", [(), split(("1", 0))])
def test_a_gift_of_nothing_is_held(allocations: Any) -> None:  # noqa: ANN401
    with pytest.raises(NeedsAttentionError, match="the amount is zero"):
        draft(a_transaction(amount_cents=0, allocations=allocations))


def test_a_fee_that_the_donor_covered_is_no_part_of_the_gift_by_default() -> None:
    assert draft(a_transaction(covered_fee_cents=150)).amount_cents == 5000


def test_a_church_may_count_the_covered_fee_as_part_of_the_gift() -> None:
    assert draft(a_transaction(covered_fee_cents=150), gift_amount=PLUS_FEE).amount_cents == 5150


def test_allocations_must_sum_to_what_the_church_counts_as_the_gift() -> None:
    gift = a_transaction(covered_fee_cents=150, allocations=split(("1", 5000), ("2", 150)))

    assert draft(gift, gift_amount=PLUS_FEE).amount_cents == 5150
    with pytest.raises(NeedsAttentionError, match=r"sum to 51\.50, the gift is 50\.00"):
        draft(gift)


def test_a_fee_is_zero_or_negative_in_planning_center() -> None:
    assert draft(a_transaction(fee_cents=145)).fee_cents == -145
    assert draft(a_transaction(fee_cents=0)).fee_cents == 0


@pytest.mark.parametrize("method", [PaymentMethod.CASH, PaymentMethod.CHECK])
def test_cash_and_checks_cost_no_fee(method: PaymentMethod) -> None:
    assert draft(a_transaction(payment=Payment(method), fee_cents=145)).fee_cents == 0


def test_person_payment_and_labels_are_carried_over() -> None:
    made = draft(a_transaction(), person_id="44", label_ids=("7",))

    assert (made.person_id, made.payment, made.label_ids) == ("44", CARD, ("7",))


def test_a_gift_without_a_person_is_anonymous() -> None:
    assert draft(a_transaction(donor_id=None), person_id=None).person_id is None


def test_the_time_of_the_gift_is_its_creation_in_utc_to_the_second() -> None:
    at = datetime(2026, 11, 15, 23, 59, 59, 999_999, tzinfo=timezone(timedelta(hours=-6)))

    assert draft(a_transaction(created_at=at)).received_at == datetime(2026, 11, 16, 5, 59, 59, tzinfo=UTC)


def test_the_funds_of_a_gift_are_named_once_each_in_order() -> None:
    assert wegive_fund_ids(a_transaction(allocations=split(("2", 1), ("1", 2), ("2", 3)))) == ("2", "1")
    assert wegive_fund_ids(a_transaction(fund_id="3")) == ("3",)
    assert wegive_fund_ids(a_transaction(fund_id=None)) == ()


_shares = st.lists(st.tuples(st.sampled_from(sorted(FUNDS)), st.integers(0, 10**9)), max_size=6)


@given(_shares, st.integers(0, 500), st.integers(0, 500), st.sampled_from(GiftAmount))
def test_the_designations_sum_to_the_gift_whatever_the_split(
    shares: list[tuple[str, int]], covered_fee_cents: int, fee_cents: int, gift_amount: GiftAmount
) -> None:
    whole = sum(cents for _, cents in shares) + 1
    added = covered_fee_cents if gift_amount is PLUS_FEE else 0
    gift = a_transaction(
        amount_cents=whole,
        allocations=split(*shares, ("1", 1 + added)) if shares else (),
        covered_fee_cents=covered_fee_cents,
        fee_cents=fee_cents,
    )

    made = draft(gift, gift_amount=gift_amount)

    assert made.amount_cents == gift_cents(gift, gift_amount) == whole + added
    assert all(part.amount_cents > 0 for part in made.designations)
    assert len({part.fund_id for part in made.designations}) == len(made.designations)
    assert made.fee_cents <= 0


@given(_shares.filter(bool), st.integers(-(10**6), 10**6).filter(bool))
def test_no_gift_is_drafted_whose_allocations_are_off_by_anything(
    shares: list[tuple[str, int]], off_cents: int
) -> None:
    whole = sum(cents for _, cents in shares) + off_cents
    gift = a_transaction(amount_cents=max(0, whole), allocations=split(*shares))

    with pytest.raises(NeedsAttentionError):
        draft(gift)


OF_THE_DONATION: dict[str, Any] = {
    "donor_id": "502",
    "amount_cents": 5001,
    "created_at": LATER,
    "payment": replace(CARD, last4="4243"),
    "fund_id": "3",
    "allocations": split(("1", 5000)),
    "fee_cents": 1,
    "covered_fee_cents": 1,
    "recurring": True,
}
OF_ITS_STANDING: dict[str, Any] = {
    "kind": TransactionKind.RECURRING,
    "succeeded_at": LATER,
    "failed_at": SUNDAY_MORNING,
    "refunded_at": LATER,
    "archived": True,
    "is_test": True,
}


@pytest.mark.parametrize("name", OF_THE_DONATION)
def test_the_content_tells_every_edit_that_would_make_another_donation(name: str) -> None:
    edited = replace(a_transaction(), **{name: OF_THE_DONATION[name]})

    assert content_of(edited) != content_of(a_transaction())


@pytest.mark.parametrize("name", OF_ITS_STANDING)
def test_the_content_stays_when_only_the_standing_changes(name: str) -> None:
    edited = replace(a_transaction(), **{name: OF_ITS_STANDING[name]})

    assert content_of(edited) == content_of(a_transaction())


def test_every_field_of_a_payment_is_one_or_the_other() -> None:
    names = {field.name for field in fields(Transaction)}

    assert names == {"id", *OF_THE_DONATION, *OF_ITS_STANDING}


@pytest.mark.parametrize("payment", [Payment(PaymentMethod.ACH, "Visa", "4242"), replace(CARD, brand="Amex")])
def test_the_content_tells_every_part_of_the_payment(payment: Payment) -> None:
    assert content_of(a_transaction(payment=payment)) != content_of(a_transaction())


def test_the_order_of_allocations_is_no_edit() -> None:
    one, other = split(("1", 4000), ("2", 1000)), split(("2", 1000), ("1", 4000))

    assert content_of(a_transaction(allocations=one)) == content_of(a_transaction(allocations=other))
