"""Contact rules: what Planning Center checks in, and derives from, a person's contact details."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.planning_center.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.planning_center.store import Record

Errors = list[dict[str, Any]]

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LOCATIONS = {"Home", "Work", "Other"}
_PHONE_LOCATIONS = {"Mobile", "Home", "Work", "Other", "Pager", "Fax", "Skype"}
_COUNTRIES = {
    "AU": "Australia",
    "CA": "Canada",
    "DE": "Germany",
    "GB": "United Kingdom",
    "MX": "Mexico",
    "NZ": "New Zealand",
    "US": "United States",
}
_CALLING_CODES = {"AU": "61", "CA": "1", "DE": "49", "GB": "44", "MX": "52", "NZ": "64", "US": "1"}
NORTH_AMERICAN_DIGITS = 10
FEWEST_DIGITS = 7


def check_email(attributes: dict[str, Any], owned: list[Record], _country_code: str) -> Errors:
    """Check an email: an address, once a person, at a known location (planning-center-api.md 3.2)."""
    errors: Errors = []
    address = (attributes["address"] or "").strip()
    attributes["address"] = address
    attributes["blocked"] = bool(attributes["blocked"])
    if not address:
        errors.append(invalid("address", "can't be blank", "Email"))
    elif _EMAIL.fullmatch(address) is None:
        errors.append(invalid("address", "is invalid", "Email"))
    elif any(each["attributes"]["address"].casefold() == address.casefold() for each in owned):
        errors.append(invalid("address", "has already been taken", "Email"))
    if attributes["location"] is None:
        attributes["location"] = "Home"
    if attributes["location"] not in _LOCATIONS:
        errors.append(invalid("location", "is not included in the list", "Email"))
    return errors


def check_address(attributes: dict[str, Any], _owned: list[Record], country_code: str) -> Errors:
    """Check an address and name its country (planning-center-api.md 3.4)."""
    errors: Errors = []
    attributes["country_code"] = attributes["country_code"] or country_code
    attributes["country_name"] = _COUNTRIES.get(attributes["country_code"], attributes["country_code"])
    if len(attributes["country_code"]) != len("US"):
        errors.append(invalid("country_code", "is invalid", "Address"))
    if attributes["location"] is None:
        attributes["location"] = "Home"
    if attributes["location"] not in _LOCATIONS:
        errors.append(invalid("location", "is not included in the list", "Address"))
    return errors


def check_phone_number(attributes: dict[str, Any], _owned: list[Record], country_code: str) -> Errors:
    """Check a phone number and rewrite it (planning-center-api.md 3.3).

    Without a location the vendor only says `Invalid Data`.
    """
    if attributes["location"] not in _PHONE_LOCATIONS:
        return [{"status": "422", "title": "Invalid Data", "detail": "Invalid Data"}]
    number = (attributes["number"] or "").strip()
    digits = "".join(filter(str.isdigit, number))
    if len(digits) < FEWEST_DIGITS:
        return [invalid("number", "is invalid", "PhoneNumber")]
    calling_code = _CALLING_CODES.get(country_code, "1")
    if number.startswith("+"):
        international = digits
    elif calling_code == "1":
        international = digits if len(digits) > NORTH_AMERICAN_DIGITS else f"1{digits}"
    else:
        international = calling_code + digits.removeprefix("0")
    attributes |= _written_forms(number, international)
    return []


def _written_forms(number: str, international: str) -> dict[str, Any]:
    if len(international) == NORTH_AMERICAN_DIGITS + 1 and international.startswith("1"):
        area, exchange, line = international[1:4], international[4:7], international[7:]
        national = f"({area}) {exchange}-{line}"
        spaced = f"+1 {area}-{exchange}-{line}"
        country = "US"
    else:
        code = next(
            (code for code in _CALLING_CODES.values() if code != "1" and international.startswith(code)), ""
        )
        national = f"0{international.removeprefix(code)}" if code else number
        spaced = f"+{code} {international.removeprefix(code)}" if code else f"+{international}"
        country = next((name for name, each in _CALLING_CODES.items() if each == code), "")
    return {
        "number": national if country == "US" else number,
        "e164": f"+{international}",
        "international": spaced,
        "national": national,
        "country_code": country or None,
        "formatted_number": national,
    }


RULES: dict[str, Callable[[dict[str, Any], list[Record], str], Errors]] = {
    "Email": check_email,
    "Address": check_address,
    "PhoneNumber": check_phone_number,
}
