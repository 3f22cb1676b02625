"""Money is read strictly and written as people read it (wegive-api.md 3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narthex.domain.errors import ContractViolationError
from narthex.domain.money import format_cents, parse_cents


@pytest.mark.parametrize(
    ("wire", "cents"), [(0, 0), (1234, 1234), ("0", 0), ("1234", 1234), ("007", 7), ("9" * 15, 10**15 - 1)]
)
def test_cents_are_an_integer_or_a_string_of_digits(wire: object, cents: int) -> None:
    assert parse_cents(wire) == cents


@pytest.mark.parametrize(
    "wire",
    [
        *(
            "12.34",
            "12,34",
            "1,234",
            "$12",
            "12 USD",
            "-5",
            "+5",
            " 5",
            "5 ",
            "5\n",
            "",
            "1e3",
            "0x10",
            "1_000",
        ),
        *("٣", "\uff11\uff12", "²", "9" * 16),
        *(-1, 12.0, 12.34, True, False, None, [], {}, b"12"),
    ],
)
def test_anything_else_is_a_breach_of_contract(wire: object) -> None:
    with pytest.raises(ContractViolationError):
        parse_cents(wire)


def test_the_message_names_the_field_the_value_and_what_to_do() -> None:
    with pytest.raises(ContractViolationError) as problem:
        parse_cents("12.34", name="fee")

    assert str(problem.value) == "fee '12.34' is not a whole number of cents; correct the record in WeGive"


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (1234, "12.34"), (123456789, "1,234,567.89"), (-100, "-1.00")],
)
def test_cents_are_written_as_people_read_them(cents: int, text: str) -> None:
    assert format_cents(cents) == text


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_an_amount_is_the_same_as_a_number_and_as_digits(cents: int) -> None:
    assert parse_cents(cents) == parse_cents(str(cents)) == cents


@given(st.integers(min_value=-(10**18), max_value=10**18))
def test_what_is_written_holds_every_cent(cents: int) -> None:
    text = format_cents(cents)

    assert int(text.replace(",", "").replace(".", "")) == cents
    assert text[-3] == "."


@given(st.text())
def test_a_text_is_cents_only_if_it_is_plain_digits(text: str) -> None:
    is_plain = 1 <= len(text) <= 15 and set(text) <= set("0123456789")

    try:
        parse_cents(text)
    except ContractViolationError:
        assert not is_plain
    else:
        assert is_plain
