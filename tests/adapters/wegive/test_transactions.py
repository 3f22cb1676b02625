"""One row at a time: what is read, and what is held rather than guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narthex.adapters.wegive.transactions import OffsetCount, Untold, read_transaction
from narthex.domain.giving import (
    FundAllocation,
    Payment,
    PaymentMethod,
    Transaction,
    TransactionKind,
    UnreadableTransaction,
)

ROW: dict[str, Any] = {
    "id": 610_001,
    "owner": {"id": 41_001, "name": "Ana Reyes"},
    "amount": "5000",
    "fee_amount": "175",
    "cover_fees": False,
    "source": {"type": "card", "last_four": "4242", "issuer": "Visa"},
    "source_type": "card",
    "fund": {"id": 901, "name": "General"},
    "fund_allocations": [],
    "created_at": "2026-11-15T09:30:17-06:00",
    "succeeded_at": "2026-11-15T15:30:19Z",
    "failed_at": None,
    "refunded_at": None,
    "type": "donation",
    "is_test": False,
    "deleted_at": None,
}


def read(**changes: object) -> Transaction:
    reading = read_transaction({**ROW, **changes}, Untold(), OffsetCount())
    assert isinstance(reading, Transaction), reading
    return reading


def problem_of(**changes: object) -> str:
    reading = read_transaction({**ROW, **changes}, Untold(), OffsetCount())
    assert isinstance(reading, UnreadableTransaction), reading
    return reading.problem


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in ROW.items() if name not in names}


def test_a_sound_payment_is_read_whole() -> None:
    assert read() == Transaction(
        id="610001",
        donor_id="41001",
        amount_cents=5_000,
        created_at=datetime(2026, 11, 15, 15, 30, 17, tzinfo=UTC),
        payment=Payment(PaymentMethod.CARD, "Visa", "4242"),
        fund_id="901",
        fee_cents=175,
        succeeded_at=datetime(2026, 11, 15, 15, 30, 19, tzinfo=UTC),
    )


@pytest.mark.parametrize("amount", ["12.34", "-5", "+5", "1,200", "$5", "", " 5", None, 12.0, True, [5], "५"])
def test_an_amount_that_is_no_whole_number_of_cents_is_held(amount: object) -> None:
    assert "correct the record in WeGive" in problem_of(amount=amount)


@pytest.mark.parametrize("amount", [5_000, "5000", "05000"])
def test_cents_come_as_numbers_and_as_digits(amount: object) -> None:
    assert read(amount=amount).amount_cents == 5_000


@pytest.mark.parametrize(
    "owner", [None, {"name": "Guest User"}, {}, {"id": None, "name": None}, {"id": "", "name": ""}]
)
def test_a_guest_has_no_donor(owner: object) -> None:
    assert read(owner=owner).donor_id is None


def test_an_owner_with_a_name_and_no_id_does_not_become_anonymous() -> None:
    assert "owner has no id" in problem_of(owner={"name": "Ana Reyes"})


def test_the_donor_stands_in_for_a_missing_owner() -> None:
    assert read(owner=None, donor={"id": "41002"}).donor_id == "41002"


@pytest.mark.parametrize(
    ("source", "source_type", "payment"),
    [
        (
            {"type": "bank", "last_four": "0042", "bank_account_type": "checking"},
            "bank",
            Payment(PaymentMethod.ACH, None, "0042"),
        ),
        ({"type": "card", "last_four": 42}, None, Payment(PaymentMethod.CARD, None, "0042")),
        ({"type": "card", "last_four": "**42", "issuer": ""}, "card", Payment(PaymentMethod.CARD)),
        (None, "card", Payment(PaymentMethod.CARD)),
        (None, "check", Payment(PaymentMethod.CHECK)),
        (None, "Cash", Payment(PaymentMethod.CASH)),
    ],
)
def test_a_source_says_how_the_money_came(source: object, source_type: str | None, payment: Payment) -> None:
    assert read(source=source, source_type=source_type).payment == payment


@pytest.mark.parametrize(
    ("source", "source_type"),
    [
        ({"type": "organization"}, "offline"),
        ({"type": "donor"}, "donor"),
        (None, None),
        ({"type": "card"}, "bank"),
        ({"type": "crypto"}, "crypto"),
    ],
)
def test_a_source_that_names_no_one_payment_method_is_held(source: object, source_type: str | None) -> None:
    assert "names no one payment method" in problem_of(source=source, source_type=source_type)


def test_allocations_are_read_in_cents() -> None:
    allocations = [{"fund": {"id": 901}, "amount": 3_000}, {"fund_id": "902", "amount": "2000"}]

    reading = read(fund_allocations=allocations)

    assert reading.allocations == (FundAllocation("901", 3_000), FundAllocation("902", 2_000))


@pytest.mark.parametrize("allocation", [{"fund": None, "amount": 5}, {"amount": 5}, {"fund": {"id": 9}}])
def test_an_allocation_without_fund_or_amount_is_held(allocation: object) -> None:
    assert problem_of(fund_allocations=[allocation])


def test_no_fund_at_all_leaves_the_choice_to_the_default() -> None:
    assert read(fund=None).fund_id is None


def test_a_covered_fee_is_told_apart_from_the_amount() -> None:
    reading = read(cover_fees="1")

    assert (reading.amount_cents, reading.fee_cents, reading.covered_fee_cents) == (5_000, 175, 175)


def test_a_fee_may_stand_under_its_other_name() -> None:
    assert read(fee_amount=None, fee="80").fee_cents == 80


@pytest.mark.parametrize(
    "changes", [{"fee_amount": "1.75"}, {"cover_fees": "perhaps"}, {"cover_fees": []}, {"is_test": 7}]
)
def test_a_fee_or_a_flag_that_cannot_be_read_is_held(changes: dict[str, object]) -> None:
    assert problem_of(**changes)


@pytest.mark.parametrize(
    ("changes", "kind", "recurring"),
    [
        ({"type": "donation"}, TransactionKind.DONATION, False),
        ({"type": "recurring"}, TransactionKind.RECURRING, True),
        ({"type": "service-revenue"}, TransactionKind.SERVICE_REVENUE, False),
        ({"type": None, "scheduled_donation_id": 23_001}, TransactionKind.RECURRING, True),
        ({"type": None, "scheduledDonation": {"id": 23_001}}, TransactionKind.RECURRING, True),
        ({"type": "donation", "scheduled_donation_id": 23_001}, TransactionKind.DONATION, True),
    ],
)
def test_kinds_and_plans_are_told(
    changes: dict[str, object], kind: TransactionKind, *, recurring: bool
) -> None:
    reading = read(**changes)

    assert (reading.kind, reading.recurring) == (kind, recurring)


def test_an_unknown_kind_is_held() -> None:
    assert "'raffle' is unknown" in problem_of(type="raffle")


@pytest.mark.parametrize("is_test", [True, "true", "1", 1])
def test_a_test_payment_says_so(is_test: object) -> None:
    assert read(is_test=is_test).is_test


def test_what_a_row_does_not_tell_is_taken_from_the_filters() -> None:
    refunded_at = datetime(2026, 11, 16, tzinfo=UTC)
    row = without("type", "is_test", "failed_at", "refunded_at")
    told = Untold(
        tests=frozenset({"610001"}),
        service_revenue=frozenset({"610001"}),
        failed=frozenset({"610001"}),
        refunded={"610001": refunded_at},
    )

    reading = read_transaction(row, told, OffsetCount())

    assert isinstance(reading, Transaction)
    assert (reading.is_test, reading.kind) == (True, TransactionKind.SERVICE_REVENUE)
    assert (reading.failed_at, reading.refunded_at) == (reading.succeeded_at, refunded_at)


def test_what_a_row_tells_counts_before_the_filters() -> None:
    told = Untold(refunded={"610001": datetime(2026, 11, 16, tzinfo=UTC)}, failed=frozenset({"610001"}))

    reading = read_transaction(ROW, told, OffsetCount())

    assert isinstance(reading, Transaction)
    assert (reading.failed_at, reading.refunded_at) == (None, None)


def test_an_archived_payment_says_so() -> None:
    assert read(deleted_at="2026-11-16T00:00:00Z").archived


def test_a_time_without_offset_is_read_as_utc_and_counted() -> None:
    offsets = OffsetCount()

    reading = read_transaction({**ROW, "created_at": "2026-11-15T15:30:17"}, Untold(), offsets)

    assert reading.created_at == datetime(2026, 11, 15, 15, 30, 17, tzinfo=UTC)
    assert offsets.times == 1


@pytest.mark.parametrize("created_at", [None, "", "yesterday", "15/11/2026"])
def test_a_payment_without_a_readable_time_belongs_to_no_day(created_at: object) -> None:
    reading = read_transaction({**ROW, "created_at": created_at}, Untold(), OffsetCount())

    assert isinstance(reading, UnreadableTransaction)
    assert (reading.id, reading.created_at) == ("610001", None)
    assert "created_at" in reading.problem


def test_a_bad_field_leaves_the_time_readable_so_that_the_day_is_known() -> None:
    reading = read_transaction({**ROW, "amount": "12.34"}, Untold(), OffsetCount())

    assert reading == UnreadableTransaction(
        "610001",
        datetime(2026, 11, 15, 15, 30, 17, tzinfo=UTC),
        "amount '12.34' is not a whole number of cents; correct the record in WeGive",
    )


def test_a_field_of_another_shape_is_named() -> None:
    assert problem_of(fund_allocations="none", owner=7) == (
        "WeGive's payment has an unreadable fund_allocations, owner"
    )


def test_a_row_without_an_id_keeps_one_name_over_readings() -> None:
    row = without("id")

    first, second = (read_transaction(row, Untold(), OffsetCount()) for _ in range(2))

    assert first.id == second.id
    assert first.id.startswith("without-id-")
    assert first.id != read_transaction({**row, "amount": "1"}, Untold(), OffsetCount()).id


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(ROW)), ANYTHING))
def test_no_row_whatever_it_holds_stops_the_others(changes: dict[str, object]) -> None:
    reading = read_transaction({**ROW, **changes}, Untold(), OffsetCount())

    assert isinstance(reading, Transaction | UnreadableTransaction)
