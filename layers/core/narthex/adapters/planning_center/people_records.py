"""People's records in our words, and ours in People's (planning-center-api.md 3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from narthex.adapters.planning_center.client import attributes_of
from narthex.adapters.planning_center.wire import (
    Document,
    EmailAttributes,
    PersonAttributes,
    PhoneNumberAttributes,
    Resource,
)
from narthex.domain.people import Address, Person, PersonDraft, Phone

WITH_CONTACTS = {"include": "emails,phone_numbers"}


def people_of(document: Document) -> list[Person]:
    """The people of a page that was asked for `WITH_CONTACTS`."""
    return [_person(resource, document) for resource in document.many]


def _person(resource: Resource, document: Document) -> Person:
    attributes = attributes_of(resource, PersonAttributes)
    others = (attributes.nickname, attributes.given_name)
    return Person(
        id=resource.id,
        first_name=attributes.first_name or "",
        last_name=attributes.last_name or "",
        other_first_names=tuple(name for name in others if name and name != attributes.first_name),
        emails=tuple(addresses(_included(resource, document, "emails", "Email"))),
        phones=tuple(numbers(_included(resource, document, "phone_numbers", "PhoneNumber"))),
        birthdate=attributes.birthdate,
        active=attributes.status != "inactive",
    )


def _included(resource: Resource, document: Document, relationship: str, type_name: str) -> list[Resource]:
    present = document.included_of(type_name)
    return [present[one] for one in resource.related_ids(relationship) if one in present]


def addresses(emails: Iterable[Resource]) -> Iterable[str]:
    """The address of each email."""
    for email in emails:
        address = attributes_of(email, EmailAttributes).address
        if address:
            yield address


def numbers(phone_numbers: Iterable[Resource]) -> Iterable[str]:
    """The number of each phone, as Planning Center wrote it."""
    for phone_number in phone_numbers:
        number = attributes_of(phone_number, PhoneNumberAttributes).number
        if number:
            yield number


def person_body(draft: PersonDraft) -> dict[str, Any]:
    """Empty parts are left out: only a first or a last name is wanted."""
    attributes = {
        "first_name": draft.first_name,
        "middle_name": draft.middle_name,
        "last_name": draft.last_name,
        "birthdate": draft.birthdate.isoformat() if draft.birthdate else "",
    }
    return _body("Person", attributes)


def email_body(address: str) -> dict[str, Any]:
    """A Home email, primary."""
    return _body("Email", {"address": address, "location": "Home", "primary": True})


def phone_body(phone: Phone) -> dict[str, Any]:
    """A primary phone; `location` is required (planning-center-api.md 3.3)."""
    attributes = {"number": phone.number, "location": phone.location.value, "primary": True}
    return _body("PhoneNumber", attributes)


def address_body(address: Address) -> dict[str, Any]:
    """A Home address, primary; two street lines since 2023-03-21 (planning-center-api.md 3.4)."""
    attributes = {
        "street_line_1": address.street_line_1,
        "street_line_2": address.street_line_2,
        "city": address.city,
        "state": address.state,
        "zip": address.zip,
        "country_code": address.country_code,
        "location": "Home",
        "primary": True,
    }
    return _body("Address", attributes)


def _body(type_name: str, attributes: dict[str, Any]) -> dict[str, Any]:
    present = {name: value for name, value in attributes.items() if value != ""}
    return {"data": {"type": type_name, "attributes": present}}
