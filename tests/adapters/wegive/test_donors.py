from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from narthex.adapters.wegive.donors import read_donor, read_fund
from narthex.domain.errors import ContractViolationError
from narthex.domain.giving import WeGiveFund
from narthex.domain.people import Address, Donor, DonorKind, Phone, PhoneLocation

ADDRESS = {
    "id": 5,
    "address_1": "12 Elm Street",
    "address_2": None,
    "city": "Waco",
    "state": "TX",
    "country": "United States",
    "zip": 76701,
    "readable_string": "12 Elm Street, Waco",
}
ROW: dict[str, Any] = {
    "id": 41_001,
    "type": "individual",
    "first_name": " Ana ",
    "middle_name": None,
    "last_name": "Reyes",
    "name": "Ana Reyes",
    "email": "ANA@example.test",
    "email_1": "ana@example.test",
    "email_2": "",
    "email_3": "ana.reyes@example.test",
    "mobile_phone": "555-210-3344",
    "home_phone": "+1 555 210 3344",
    "office_phone": "555-210-9900",
    "phone": "555-210-3344",
    "mailing_address": ADDRESS,
    "birthdate": "1980-02-29",
}


def test_a_donor_is_read_with_the_primary_email_and_phone_first_and_each_once() -> None:
    assert read_donor(ROW) == Donor(
        id="41001",
        first_name="Ana",
        last_name="Reyes",
        name="Ana Reyes",
        emails=("ana@example.test", "ana.reyes@example.test"),
        phones=(Phone("555-210-3344"), Phone("555-210-9900", PhoneLocation.WORK)),
        address=Address("12 Elm Street", city="Waco", state="TX", zip="76701", country_code="US"),
        birthdate=date(1980, 2, 29),
    )


def test_an_address_is_found_under_the_lists_name_for_it() -> None:
    row = {**ROW, "mailing_address": None, "mailing_address_object": ADDRESS}

    assert read_donor(row).address == read_donor(ROW).address


def test_an_address_without_a_street_is_none() -> None:
    assert read_donor({**ROW, "mailing_address": {**ADDRESS, "address_1": " "}}).address is None


@pytest.mark.parametrize(("country", "code"), [("us", "US"), ("USA", "US"), ("Atlantis", ""), (None, "")])
def test_a_country_becomes_two_letters_or_nothing(country: str | None, code: str) -> None:
    address = read_donor({**ROW, "mailing_address": {**ADDRESS, "country": country}}).address

    assert address is not None
    assert address.country_code == code


def test_a_company_is_told_apart() -> None:
    donor = read_donor({"id": 1, "type": "company", "name": "Harbor Bakery"})

    assert (donor.kind, donor.name, donor.emails) == (DonorKind.COMPANY, "Harbor Bakery", ())


def test_what_is_no_address_is_no_email() -> None:
    assert read_donor({"id": 1, "email_1": "none", "email": "n/a"}).emails == ()


@pytest.mark.parametrize("birthdate", ["1980-02-29T00:00:00Z", "1980-02-29"])
def test_a_birthdate_may_come_as_a_time(birthdate: str) -> None:
    assert read_donor({**ROW, "birthdate": birthdate}).birthdate == date(1980, 2, 29)


def test_an_unreadable_birthdate_is_no_birthdate() -> None:
    assert read_donor({**ROW, "birthdate": "29.02.1980"}).birthdate is None


def test_an_archived_donor_with_a_hint_says_both() -> None:
    donor = read_donor({**ROW, "deleted_at": "2026-11-01T00:00:00Z", "planning_center_id": 77})

    assert (donor.archived, donor.planning_center_id) == (True, "77")


@pytest.mark.parametrize("row", [{}, {"id": None}, {"id": 1, "type": "estate"}, {"id": 1, "email_1": []}])
def test_a_donor_that_cannot_be_read_is_a_contract_violation(row: dict[str, Any]) -> None:
    with pytest.raises(ContractViolationError, match="is unreadable"):
        read_donor(row)


@pytest.mark.parametrize(
    ("changes", "active"),
    [
        ({}, True),
        ({"active": False}, False),
        ({"active": "0"}, False),
        ({"active": 1}, True),
        ({"deleted_at": "2026-11-01T00:00:00Z"}, False),
    ],
)
def test_a_fund_is_active_unless_it_is_switched_off_or_archived(
    changes: dict[str, Any], *, active: bool
) -> None:
    fund = read_fund({"id": 901, "name": " General ", "description": "", **changes})

    assert fund == WeGiveFund("901", "General", active=active)


def test_a_fund_without_a_name_is_a_contract_violation() -> None:
    with pytest.raises(ContractViolationError, match="fund 901"):
        read_fund({"id": 901})
