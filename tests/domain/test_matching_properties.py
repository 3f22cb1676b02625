"""Matching, for any donor and any people (S11, S12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from narthex.domain.matching import Ask, Create, Link, Match, match_donor, same_full_name
from narthex.domain.people import Donor, Person, email_key, name_key, phone_key
from tests.support.giving_builders import a_person, phones

BORN = date(1970, 5, 1)
STRANGER = a_person("90", first_name="Otto", last_name="Ohm", emails=("otto@parish.example",))

_first = st.sampled_from(("", "Ana", "ANA", "Ben", "Åsa"))
_last = st.sampled_from(("", "Abel", "Bel", "Ábel"))
_emails = st.lists(st.sampled_from(("a@x.example", "A@X.example", "b@x.example")), max_size=2).map(tuple)
_numbers = st.lists(st.sampled_from(("312-555-0143", "+1 312 555 0143", "312 555 0199")), max_size=2)
_births = st.none() | st.sampled_from((BORN, date(1999, 1, 1)))
_donors = st.builds(
    Donor,
    id=st.just("501"),
    first_name=_first,
    last_name=_last,
    emails=_emails,
    phones=_numbers.map(lambda numbers: phones(*numbers)),
    birthdate=_births,
)
_people = st.lists(
    st.builds(
        Person,
        id=st.sampled_from(("31", "32", "33", "34")),
        first_name=_first,
        last_name=_last,
        other_first_names=st.lists(_first.filter(bool), max_size=1).map(tuple),
        emails=_emails,
        phones=_numbers.map(tuple),
        birthdate=_births,
    ),
    max_size=4,
    unique_by=lambda person: person.id,
)


def owners_of(donor: Donor, people: Sequence[Person]) -> list[Person]:
    """What Planning Center finds by the donor's emails."""
    wanted = {email_key(address) for address in donor.emails}
    return [person for person in people if wanted & {email_key(address) for address in person.emails}]


def namesakes_of(donor: Donor, people: Sequence[Person]) -> list[Person]:
    """What the search for the donor's full name finds: names run together, as the client compares them."""
    wanted = name_key(donor.first_name, donor.last_name)
    return [
        person
        for person in people
        if wanted
        and wanted
        in {name_key(first, person.last_name) for first in (person.first_name, *person.other_first_names)}
    ]


def search(donor: Donor, people: Sequence[Person], hinted: Person | None = None) -> Match:
    owners = owners_of(donor, people)
    namesakes = [] if owners else namesakes_of(donor, people)
    return match_donor(donor, hinted=hinted, email_owners=owners, namesakes=namesakes)


@given(_donors, _people)
def test_no_link_is_made_to_somebody_who_contradicts_the_donor(donor: Donor, people: list[Person]) -> None:
    found = search(donor, people)

    if not isinstance(found, Link):
        return
    person = next(person for person in people if person.id == found.person_id)
    first_names = {name_key(first) for first in (person.first_name, *person.other_first_names)}
    if found.matched_by.startswith("email"):
        assert owners_of(donor, [person])
        assert not donor.first_name or name_key(donor.first_name) in first_names
    else:
        assert same_full_name(donor, person)
        assert not (donor.emails and person.emails)
        theirs = {phone_key(number) for number in person.phones}
        ours = {phone_key(phone.number) for phone in donor.phones}
        assert not (ours and theirs) or ours & theirs
        assert donor.birthdate is None or person.birthdate in {None, donor.birthdate}


@given(_donors, _people)
def test_a_link_has_no_second_candidate(donor: Donor, people: list[Person]) -> None:
    found = search(donor, people)

    if isinstance(found, Link):
        rivals = owners_of(donor, people) or namesakes_of(donor, people)
        assert len([person for person in rivals if same_full_name(donor, person)]) <= 1
        assert len(rivals) == 1 or found.matched_by in {"email and name", "name"}


@given(_donors, _people)
def test_nobody_is_created_when_somebody_has_the_email_or_bears_the_name(
    donor: Donor, people: list[Person]
) -> None:
    found = search(donor, people)

    if isinstance(found, Create):
        assert not owners_of(donor, people)
        assert not any(same_full_name(donor, person) for person in people)
        assert name_key(donor.first_name, donor.last_name)


@given(_donors, _people, st.randoms(use_true_random=False))
def test_the_order_in_which_people_are_found_decides_nothing(
    donor: Donor, people: list[Person], dice: st.DataObject
) -> None:
    shuffled = list(people)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]

    first, second = search(donor, people), search(donor, shuffled)

    if isinstance(first, Ask) and isinstance(second, Ask):
        assert sorted(first.candidate_ids) == sorted(second.candidate_ids)
        first, second = (replace(each, candidate_ids=()) for each in (first, second))
    assert first == second


@given(_donors, _people, st.data())
def test_a_hint_never_creates_and_never_links_anybody_else(
    donor: Donor, people: list[Person], data: st.DataObject
) -> None:
    hinted = data.draw(st.sampled_from(people)) if people else STRANGER

    found = search(donor, people, hinted)

    assert not isinstance(found, Create)
    assert not isinstance(found, Link) or found.person_id == hinted.id


@given(_donors, _people)
def test_the_evidence_names_nobody(donor: Donor, people: list[Person]) -> None:
    found = search(donor, people)

    if isinstance(found, Ask):
        words = {*donor.emails, *(name for name in (donor.first_name, donor.last_name) if name)}
        assert not any(word in found.evidence.split() for word in words)
