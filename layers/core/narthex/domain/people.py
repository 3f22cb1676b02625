"""People on both sides: WeGive's Donor, Planning Center's Person."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DonorKind(StrEnum):
    """WeGive's two kinds of donor."""

    INDIVIDUAL = "individual"
    COMPANY = "company"


class PhoneLocation(StrEnum):
    """Planning Center's phone locations; one is required on create (planning-center-api.md 3.3)."""

    MOBILE = "Mobile"
    HOME = "Home"
    WORK = "Work"
    OTHER = "Other"


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number as it was written; compare with `phone_key`."""

    number: str
    location: PhoneLocation = PhoneLocation.MOBILE


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; empty parts are empty strings."""

    street_line_1: str
    street_line_2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country_code: str = ""


@dataclass(frozen=True, slots=True)
class Donor:
    """A WeGive donor; the first email and the first phone are the primary ones.

    `planning_center_id` is a hint that WeGive may hold; our correlation is the truth (S10).
    """

    id: str
    kind: DonorKind = DonorKind.INDIVIDUAL
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    name: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[Phone, ...] = ()
    address: Address | None = None
    birthdate: date | None = None
    planning_center_id: str | None = None
    archived: bool = False

    @property
    def label(self) -> str:
        """How a member of staff recognizes the donor in WeGive: the id, never the name (logs see it)."""
        return f"donor {self.id}"


@dataclass(frozen=True, slots=True)
class Person:
    """A Planning Center person; `other_first_names` are the nickname and the given name, if set."""

    id: str
    first_name: str = ""
    last_name: str = ""
    other_first_names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    birthdate: date | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """A Person to be created; Planning Center wants a first or a last name."""

    first_name: str
    last_name: str
    middle_name: str = ""
    birthdate: date | None = None


def name_key(*parts: str) -> str:
    """Fold names for comparison: case, accents, spaces, hyphens and apostrophes do not count.

    Letters without a decomposition (as in "Łukasz", "Øystein") are kept as they are, folded in case.
    """
    decomposed = unicodedata.normalize("NFKD", " ".join(parts)).casefold()
    return "".join(letter for letter in decomposed if letter.isalnum())


def email_key(address: str) -> str:
    """Fold an email address for comparison: surrounding space and case do not count."""
    return unicodedata.normalize("NFC", address.strip()).casefold()


def phone_key(number: str) -> str:
    """Fold a phone number for comparison: its last ten digits (a country code may be missing)."""
    digits = "".join(character for character in number if character.isdigit())
    return digits[-10:]
