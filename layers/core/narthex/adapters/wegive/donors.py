"""Donors and funds: WeGive's rows in our words (wegive-api.md 4.1 and 4.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from narthex.adapters.wegive.wire import AddressRow, DonorRow, FundRow
from narthex.domain.errors import ContractViolationError
from narthex.domain.giving import WeGiveFund
from narthex.domain.people import Address, Donor, DonorKind, Phone, PhoneLocation, email_key, phone_key

_COUNTRY_CODES: Final = {"united states": "US", "united states of america": "US", "usa": "US", "canada": "CA"}
_CODE_LETTERS: Final = 2


def read_donor(row: Mapping[str, Any]) -> Donor:
    """Read a donor.

    Raises:
        ContractViolationError: When the id or the type cannot be read.
    """
    try:
        wire = DonorRow.model_validate(row)
        kind = DonorKind(wire.type or DonorKind.INDIVIDUAL)
    except (ValidationError, ValueError):
        message = f"WeGive's donor {row.get('id')} is unreadable; look at it in WeGive"
        raise ContractViolationError(message) from None
    return Donor(
        id=wire.id,
        kind=kind,
        first_name=_text(wire.first_name),
        middle_name=_text(wire.middle_name),
        last_name=_text(wire.last_name),
        name=_text(wire.name),
        emails=_emails(wire),
        phones=_phones(wire),
        address=_address(wire.mailing_address or wire.mailing_address_object),
        birthdate=_date(wire.birthdate),
        planning_center_id=_text(wire.planning_center_id) or None,
        archived=bool(wire.deleted_at),
    )


def read_fund(row: Mapping[str, Any]) -> WeGiveFund:
    """Read a fund.

    Raises:
        ContractViolationError: When the id or the name cannot be read.
    """
    try:
        wire = FundRow.model_validate(row)
    except ValidationError:
        message = f"WeGive's fund {row.get('id')} is unreadable; look at it in WeGive"
        raise ContractViolationError(message) from None
    is_switched_off = str(wire.active).lower() in {"false", "0"}
    return WeGiveFund(
        id=wire.id,
        name=_text(wire.name),
        active=not is_switched_off and not wire.deleted_at,
        description=_text(wire.description) or None,
        planning_center_id=_text(wire.planning_center_id) or None,
        merged_into_id=_text(wire.merged_into_id) or None,
    )


def _text(value: str | None) -> str:
    return (value or "").strip()


def _emails(wire: DonorRow) -> tuple[str, ...]:
    """Each address once, `email_1` first: that is the primary one (3.1 of the specification)."""
    found: dict[str, str] = {}
    for address in map(_text, (wire.email_1, wire.email_2, wire.email_3, wire.email)):
        if "@" in address:
            found.setdefault(email_key(address), address)
    return tuple(found.values())


def _phones(wire: DonorRow) -> tuple[Phone, ...]:
    found: dict[str, Phone] = {}
    for number, location in (
        (wire.mobile_phone, PhoneLocation.MOBILE),
        (wire.home_phone, PhoneLocation.HOME),
        (wire.office_phone, PhoneLocation.WORK),
        (wire.other_phone, PhoneLocation.OTHER),
        (wire.phone, PhoneLocation.OTHER),
    ):
        if phone_key(_text(number)):
            found.setdefault(phone_key(_text(number)), Phone(_text(number), location))
    return tuple(found.values())


def _address(wire: AddressRow | None) -> Address | None:
    """An address; without a street there is none to write."""
    if wire is None or not _text(wire.address_1):
        return None
    return Address(
        street_line_1=_text(wire.address_1),
        street_line_2=_text(wire.address_2),
        city=_text(wire.city),
        state=_text(wire.state),
        zip=_text(wire.zip),
        country_code=_country_code(_text(wire.country)),
    )


def _country_code(country: str) -> str:
    """Two letters, as Planning Center wants them; empty (the church's own country) when we can't tell."""
    if len(country) == _CODE_LETTERS and country.isalpha():
        return country.upper()
    return _COUNTRY_CODES.get(country.lower(), "")


def _date(text: str | None) -> date | None:
    """A date, also out of a time; None when it is unreadable, for it only helps to compare."""
    try:
        return date.fromisoformat(_text(text)[:10])
    except ValueError:
        return None
