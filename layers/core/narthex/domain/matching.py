"""Which Person is this Donor? Nothing is guessed and nobody is created twice (S11, S12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from narthex.domain.people import Donor, Person, email_key, name_key, phone_key


@dataclass(frozen=True, slots=True)
class Link:
    """This person it is; `matched_by` says how we know."""

    person_id: str
    matched_by: str


@dataclass(frozen=True, slots=True)
class Create:
    """Nobody fits: a new person."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Only a person can tell: `evidence` is a sentence for staff, without names or addresses."""

    question: str
    evidence: str
    candidate_ids: tuple[str, ...] = ()


Match = Link | Create | Ask


def match_donor(
    donor: Donor,
    *,
    hinted: Person | None,
    email_owners: Sequence[Person],
    namesakes: Sequence[Person],
) -> Match:
    """Decide by WeGive's hint, then email, then full name, then create.

    Args:
        donor: Whom to find; no correlation exists.
        hinted: The living person whom WeGive's `planning_center_id` names, if any.
        email_owners: Everybody in Planning Center with one of the donor's emails.
        namesakes: Everybody in Planning Center with the donor's full name.
    """
    if hinted is not None:
        return _by_hint(donor, hinted)
    owners = _each_once(email_owners)
    if owners:
        return _by_email(donor, owners)
    # A search compares names run together: "Ann Abel" also finds "Anna Bel".
    return _by_name(donor, [person for person in _each_once(namesakes) if same_full_name(donor, person)])


def same_full_name(donor: Donor, person: Person) -> bool:
    """Whether the names agree in full; a nickname or given name may stand for the first name."""
    return (
        bool(name_key(donor.first_name, donor.last_name))
        and name_key(donor.last_name) == name_key(person.last_name)
        and _same_first_name(donor, person)
    )


def _same_first_name(donor: Donor, person: Person) -> bool:
    known = {name_key(name) for name in (person.first_name, *person.other_first_names)}
    return name_key(donor.first_name) in known


def _each_once(people: Sequence[Person]) -> list[Person]:
    return list({person.id: person for person in people}.values())


def _shares_an_email(donor: Donor, person: Person) -> bool:
    return not {email_key(a) for a in donor.emails}.isdisjoint(email_key(a) for a in person.emails)


def _by_hint(donor: Donor, person: Person) -> Match:
    if same_full_name(donor, person) or (_shares_an_email(donor, person) and _name_fits(donor, person)):
        return Link(person.id, "planning_center_id")
    return Ask(
        "Is this donor the person whom WeGive names?",
        f"WeGive gives Planning Center id {person.id}, but neither name nor email agree",
        (person.id,),
    )


def _name_fits(donor: Donor, person: Person) -> bool:
    """Whether the names agree as far as an email needs it: people marry, so the last name may differ.

    A donor without a first name (a company, a family's account) is known by the last name alone.
    """
    if name_key(donor.first_name):
        return _same_first_name(donor, person)
    return name_key(donor.last_name) in {"", name_key(person.last_name)}


def _by_email(donor: Donor, owners: list[Person]) -> Match:
    if len(owners) == 1:
        owner = owners[0]
        if _name_fits(donor, owner):
            return Link(owner.id, "email")
        another = "another first name" if name_key(donor.first_name) else "another name"
        return Ask(
            "Is this donor the owner of the email address?",
            f"the only owner of the email, person {owner.id}, bears {another}",
            (owner.id,),
        )
    fitting = [owner for owner in owners if same_full_name(donor, owner)]
    if len(fitting) == 1:
        return Link(fitting[0].id, "email and name")
    ids = tuple(person.id for person in (fitting or owners))
    evidence = (
        f"{len(fitting)} owners of the email bear this full name"
        if fitting
        else f"{len(owners)} people own the email and none bears this full name"
    )
    return Ask("Which of these people is this donor?", evidence, ids)


def _by_name(donor: Donor, namesakes: list[Person]) -> Match:
    if not name_key(donor.first_name, donor.last_name):
        if donor.emails:
            return Ask(
                "Who is this donor?", "WeGive has an email but no name, and Planning Center does not know it"
            )
        return Ask("Who is this donor?", "WeGive has neither a name nor an email for this donor")
    if not namesakes:
        return Create()
    if len(namesakes) > 1:
        ids = tuple(person.id for person in namesakes)
        return Ask("Which of these people is this donor?", f"{len(ids)} people bear this full name", ids)
    person = namesakes[0]
    contradiction = _contradiction(donor, person)
    if contradiction is None:
        return Link(person.id, "name")
    return Ask(
        "Is this donor that person?",
        f"person {person.id} bears this full name, but has {contradiction}",
        (person.id,),
    )


def _contradiction(donor: Donor, person: Person) -> str | None:
    if donor.emails and person.emails and not _shares_an_email(donor, person):
        return "another email"
    theirs = {phone_key(number) for number in person.phones}
    if donor.phones and theirs and theirs.isdisjoint(phone_key(phone.number) for phone in donor.phones):
        return "another phone number"
    if donor.birthdate and person.birthdate and donor.birthdate != person.birthdate:
        return "another birthdate"
    return None
