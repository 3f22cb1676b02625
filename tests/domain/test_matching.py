"""Which person a donor is: nothing is guessed, nobody is created twice (S11, S12, S14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from narthex.domain.matching import Ask, Create, Link, Match, match_donor
from narthex.domain.people import Donor, Person
from tests.support.giving_builders import a_donor, a_person, phones

BORN = date(1970, 5, 1)
STRANGER = a_person("90", first_name="Otto", last_name="Ohm", emails=("otto@parish.example",))


def match(
    donor: Donor,
    *,
    hinted: Person | None = None,
    owners: Sequence[Person] = (),
    namesakes: Sequence[Person] = (),
) -> Match:
    return match_donor(donor, hinted=hinted, email_owners=owners, namesakes=namesakes)


def asked(found: Match) -> tuple[str, tuple[str, ...]]:
    assert isinstance(found, Ask)
    return found.evidence, found.candidate_ids


# The order: WeGive's hint, email, full name, create.


def test_wegives_hint_comes_before_the_email() -> None:
    found = match(a_donor(), hinted=a_person("31"), owners=[a_person("32")])

    assert found == Link("31", "planning_center_id")


def test_the_email_comes_before_the_name() -> None:
    found = match(a_donor(), owners=[a_person("31")], namesakes=[a_person("32")])

    assert found == Link("31", "email")


def test_the_full_name_comes_before_creating() -> None:
    found = match(a_donor(emails=()), namesakes=[a_person("31")])

    assert found == Link("31", "name")


def test_with_no_candidate_at_all_a_person_is_created() -> None:
    assert match(a_donor()) == Create()


def test_with_no_candidate_and_no_email_a_person_is_created_too() -> None:
    assert match(a_donor(emails=())) == Create()


# WeGive's hint is only a hint.


@pytest.mark.parametrize(
    "person",
    [
        a_person("31", emails=()),
        a_person("31", last_name="Lopez"),
        a_person("31", first_name="Anne", other_first_names=("Ana",), emails=()),
    ],
)
def test_a_hint_is_followed_when_the_name_or_the_email_confirms_it(person: Person) -> None:
    assert match(a_donor(), hinted=person) == Link("31", "planning_center_id")


def test_a_hint_to_somebody_with_another_name_and_email_is_asked_about() -> None:
    assert asked(match(a_donor(), hinted=STRANGER)) == (
        "WeGive gives Planning Center id 90, but neither name nor email agree",
        ("90",),
    )


def test_a_hint_to_another_member_of_the_family_is_asked_about() -> None:
    brother = a_person("32", first_name="Ben")

    assert asked(match(a_donor(), hinted=brother))[1] == ("32",)


# By email.


def test_any_of_the_donors_emails_counts_whatever_its_case() -> None:
    donor = a_donor(emails=("new@parish.example", "ANA@Parish.Example"))

    assert match(donor, owners=[a_person("31")]) == Link("31", "email")


def test_a_family_email_links_when_the_full_name_fits_exactly_one_owner() -> None:
    family = [a_person("32", first_name="Ben"), a_person("31"), a_person("33", first_name="Cleo")]

    assert match(a_donor(), owners=family) == Link("31", "email and name")


def test_a_family_email_of_which_no_owner_bears_the_name_is_asked_about() -> None:
    family = [a_person("32", first_name="Ben"), a_person("33", first_name="Cleo")]

    assert asked(match(a_donor(), owners=family)) == (
        "2 people own the email and none bears this full name",
        ("32", "33"),
    )


def test_two_owners_of_the_email_with_the_same_name_are_asked_about() -> None:
    doubles = [a_person("31"), a_person("32"), a_person("33", first_name="Cleo")]

    assert asked(match(a_donor(), owners=doubles)) == (
        "2 owners of the email bear this full name",
        ("31", "32"),
    )


def test_an_owner_who_is_found_by_two_emails_is_one_candidate() -> None:
    assert match(a_donor(), owners=[a_person("31"), a_person("31")]) == Link("31", "email")


def test_an_only_owner_with_another_first_name_is_a_contradiction() -> None:
    assert asked(match(a_donor(), owners=[a_person("32", first_name="Ben")])) == (
        "the only owner of the email, person 32, bears another first name",
        ("32",),
    )


def test_an_only_owner_with_another_last_name_links_for_people_marry() -> None:
    assert match(a_donor(), owners=[a_person("31", last_name="Lopez")]) == Link("31", "email")


def test_an_only_owner_links_when_the_donor_has_no_name() -> None:
    nameless = a_donor(first_name="", last_name="")

    assert match(nameless, owners=[a_person("31")]) == Link("31", "email")


def test_without_a_first_name_another_last_name_is_a_contradiction() -> None:
    company = a_donor(first_name="", last_name="Álvarez Roofing")

    assert asked(match(company, owners=[a_person("31")])) == (
        "the only owner of the email, person 31, bears another name",
        ("31",),
    )


# By name.


def test_a_namesake_without_contact_details_contradicts_nothing() -> None:
    assert match(a_donor(), namesakes=[a_person("31", emails=())]) == Link("31", "name")


def test_several_namesakes_are_asked_about() -> None:
    namesakes = [a_person("31", emails=()), a_person("32", emails=())]

    assert asked(match(a_donor(), namesakes=namesakes)) == ("2 people bear this full name", ("31", "32"))


@pytest.mark.parametrize(
    ("donor", "person", "contradiction"),
    [
        (a_donor(), a_person("31", emails=("other@parish.example",)), "another email"),
        (
            a_donor(emails=(), phones=phones("312-555-0143")),
            a_person("31", phones=("(312) 555-0199",)),
            "another phone number",
        ),
        (
            a_donor(emails=(), birthdate=BORN),
            a_person("31", birthdate=BORN.replace(year=1999)),
            "another birthdate",
        ),
    ],
)
def test_a_namesake_with_another_email_phone_or_birthdate_is_asked_about(
    donor: Donor, person: Person, contradiction: str
) -> None:
    assert asked(match(donor, namesakes=[person])) == (
        f"person 31 bears this full name, but has {contradiction}",
        ("31",),
    )


def test_one_shared_email_and_one_shared_phone_are_enough() -> None:
    donor = a_donor(emails=("old@parish.example", "ana@parish.example"), phones=phones("1 312 555 0143"))
    person = a_person("31", emails=("ana@parish.example",), phones=("999", "(312) 555-0143"), birthdate=BORN)

    assert match(donor, namesakes=[person]) == Link("31", "name")


@pytest.mark.parametrize(
    ("first_name", "last_name"),
    [("ANA", "ALVAREZ"), ("ana", "álvarez"), (" Ana ", "A\u0301lvarez"), ("Ana", "Álva-rez")],
)
def test_case_accents_spaces_and_hyphens_do_not_make_another_name(first_name: str, last_name: str) -> None:
    donor = a_donor(first_name=first_name, last_name=last_name)

    assert match(donor, namesakes=[a_person("31")]) == Link("31", "name")


def test_a_nickname_or_given_name_may_stand_for_the_first_name() -> None:
    robert = a_person("31", first_name="Robert", other_first_names=("Bob",), emails=())

    assert match(a_donor(first_name="Bob"), namesakes=[robert]) == Link("31", "name")


def test_names_that_only_run_together_alike_are_not_the_same() -> None:
    donor = a_donor(first_name="Ann", last_name="Abel", emails=())
    other = a_person("31", first_name="Anna", last_name="Bel", emails=())

    assert match(donor, namesakes=[other]) == Create()


# Donors without a name or an email.


def test_a_donor_with_neither_name_nor_email_is_asked_about() -> None:
    nobody = a_donor(first_name="", last_name="", emails=())

    assert asked(match(nobody)) == ("WeGive has neither a name nor an email for this donor", ())


def test_a_donor_with_an_unknown_email_and_no_name_is_asked_about() -> None:
    nameless = a_donor(first_name="", last_name="")

    assert "an email but no name" in asked(match(nameless))[0]
