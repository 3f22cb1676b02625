"""The port `People` on Planning Center People, version 2025-11-10."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from narthex.adapters.planning_center.client import PER_PAGE, PlanningCenterClient, attributes_of
from narthex.adapters.planning_center.people_records import (
    WITH_CONTACTS,
    address_body,
    addresses,
    email_body,
    numbers,
    people_of,
    person_body,
    phone_body,
)
from narthex.adapters.planning_center.survivors import Survivors
from narthex.adapters.planning_center.verdicts import is_taken
from narthex.adapters.planning_center.wire import AddressAttributes, EmailAttributes, Resource
from narthex.domain.errors import (
    AnswerMismatchError,
    ContractViolationError,
    OutcomeUnknownError,
    RecordNotFoundError,
    RejectedError,
)
from narthex.domain.people import Address, Person, PersonDraft, Phone, email_key, name_key, phone_key
from narthex.ports import Announce

MOST_NAMESAKES_READ: Final = 300
"""When more people bear the last name, the question is narrowed by the first name."""
_WORD: Final = re.compile(r"[^\W_]+")


class PlanningCenterPeople:
    """People of one church.

    Args:
        client: Of the product People.
    """

    def __init__(self, client: PlanningCenterClient) -> None:
        self._client = client
        self._survivors = Survivors(client)

    def account(self) -> str:
        """The user whose rate limit and rights we use; People ids are unique over all churches.

        Raises:
            ReconnectNeededError, MisconfiguredError: Planning Center does not let us in.
        """
        user = self._client.get("/me").one
        if user is None:
            raise ContractViolationError("Planning Center does not say whose credentials these are")
        return f"user {user.id}"

    def surviving(self, person_ids: Sequence[str]) -> dict[str, str | None]:
        """Who each id is today: itself, the person it was merged into, or None when deleted (S13)."""
        return self._survivors(person_ids)

    def get(self, person_id: str) -> Person:
        """One person with emails and phones. Raises RecordNotFoundError."""
        return people_of(self._client.get(f"/people/{person_id}", WITH_CONTACTS))[0]

    def owners_of_email(self, address: str) -> list[str]:
        """The ids of everybody who has exactly this address, ignoring case.

        There is no such question for people, so emails are asked for their owners (planning-center-api.md
        3.1).
        """
        wanted = email_key(address)
        if not wanted:
            return []
        owners: dict[str, None] = {}
        for page in self._client.pages("/emails", {"where[address]": address.strip()}):
            for email in page.many:
                if email_key(attributes_of(email, EmailAttributes).address or "") == wanted:
                    owners[_owner_of(email)] = None
        return list(owners)

    def get_many(self, person_ids: Sequence[str]) -> list[Person]:
        """These people with emails and phones, a hundred per request; those who are gone are left out.

        An email may outlive its owner's merge for a while.
        """
        wanted = list(dict.fromkeys(person_ids))
        return [
            person
            for start in range(0, len(wanted), PER_PAGE)
            for person in self._present(wanted[start : start + PER_PAGE])
        ]

    def find_by_name(self, first_name: str, last_name: str) -> list[Person]:
        """Everybody whose full name equals this one after folding, with emails and phones.

        A nickname or given name may stand for the first name, as Planning Center shows the one and keeps
        the other (planning-center-api.md 3.1). Its search is asked for the last name's longest word and
        answers loosely; what it finds is compared here.
        """
        wanted = name_key(first_name, last_name)
        if not wanted:
            return []
        found: dict[str, Person] = {}
        for spelling in _spellings(last_name or first_name):
            for person in self._named(spelling, first_name if last_name else ""):
                names = (person.first_name, *person.other_first_names)
                if wanted in {name_key(name, person.last_name) for name in names}:
                    found[person.id] = person
        return list(found.values())

    def create(self, draft: PersonDraft, announce: Announce) -> Person:
        """Create a person.

        Raises:
            OutcomeUnknownError: When no believable answer came.
            AnswerMismatchError: When the answer shows another name.
            RejectedError: When Planning Center refuses the draft.
        """
        document = self._client.create("/people", person_body(draft), announce)
        try:
            person = people_of(document)[0]
        except ContractViolationError as error:
            raise OutcomeUnknownError(str(error)) from error
        if name_key(person.first_name, person.last_name) != name_key(draft.first_name, draft.last_name):
            message = f"Planning Center created person {person.id} under another name than was sent"
            raise AnswerMismatchError(message, record_id=person.id)
        return person

    def add_email(self, person_id: str, address: str, announce: Announce, *, look_first: bool) -> None:
        """Add a Home email, primary; a no-op when the person has it already."""

        def is_there() -> bool:
            emails = self._listed(f"/people/{person_id}/emails")
            return email_key(address) in {email_key(one) for one in addresses(emails)}

        self._add(
            f"/people/{person_id}/emails", email_body(address), announce, is_there, look_first=look_first
        )

    def add_phone(self, person_id: str, phone: Phone, announce: Announce, *, look_first: bool) -> None:
        """Add a phone number, primary; a no-op when the person has it already."""

        def is_there() -> bool:
            present = numbers(self._listed(f"/people/{person_id}/phone_numbers"))
            return phone_key(phone.number) in {phone_key(number) for number in present}

        path = f"/people/{person_id}/phone_numbers"
        self._add(path, phone_body(phone), announce, is_there, look_first=look_first)

    def add_address(self, person_id: str, address: Address, announce: Announce, *, look_first: bool) -> None:
        """Add a Home address, primary; a no-op when the person has one with that street already."""

        def is_there() -> bool:
            present = self._listed(f"/people/{person_id}/addresses")
            streets = {name_key(attributes_of(one, AddressAttributes).street_line_1 or "") for one in present}
            return name_key(address.street_line_1) in streets

        path = f"/people/{person_id}/addresses"
        self._add(path, address_body(address), announce, is_there, look_first=look_first)

    def _add(
        self,
        path: str,
        body: Mapping[str, Any],
        announce: Announce,
        is_there: Callable[[], bool],
        *,
        look_first: bool,
    ) -> None:
        if look_first and is_there():
            return
        try:
            self._client.create(path, body, announce)
        except RejectedError as refusal:
            if not is_taken(refusal) or not is_there():
                raise

    def _listed(self, path: str) -> Iterable[Resource]:
        for page in self._client.pages(path):
            yield from page.many

    def _present(self, person_ids: list[str]) -> Iterable[Person]:
        """Those who still are; an email may outlive its owner's merge for a while."""
        if len(person_ids) > 1 and self._survivors.reads_in_bulk:
            params: dict[str, str | int] = {
                "where[id]": ",".join(person_ids),
                "per_page": PER_PAGE,
                **WITH_CONTACTS,
            }
            try:
                found = people_of(self._client.get("/people", params))
            except RejectedError:
                found = []
            if {person.id for person in found} <= set(person_ids):
                yield from found
                present = {person.id for person in found}
                person_ids = [person_id for person_id in person_ids if person_id not in present]
        for person_id in person_ids:
            try:
                yield self.get(person_id)
            except RecordNotFoundError:
                continue

    def _named(self, last_name: str, first_name: str) -> Iterable[Person]:
        params: dict[str, str | int] = {
            "where[search_name]": last_name,
            "per_page": PER_PAGE,
            **WITH_CONTACTS,
        }
        first_page = self._client.get("/people", params)
        total_count = first_page.meta.total_count
        if first_name and total_count is not None and total_count > MOST_NAMESAKES_READ:
            params["where[search_name]"] = f"{first_name} {last_name}"
        elif first_page.links.next is None:
            yield from people_of(first_page)
            return
        for page in self._client.pages("/people", params):
            yield from people_of(page)


def _owner_of(email: Resource) -> str:
    person_id = email.related_id("person")
    if person_id is None:
        raise ContractViolationError(f"Planning Center's Email {email.id} names no person")
    return person_id


def _spellings(name: str) -> list[str]:
    """The name's longest word as it is written and, where that differs, without its accents."""
    words = _WORD.findall(unicodedata.normalize("NFC", name))
    if not words:
        return [name.strip()]
    word = max(words, key=len)
    decomposed = unicodedata.normalize("NFKD", word)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return list(dict.fromkeys((word, plain)))
