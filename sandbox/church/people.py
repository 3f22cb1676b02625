"""Makes the people of a church: most known to both sides, and every case that a matching must tell apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox.church import names
from sandbox.church.plan import Address, Donor, Outcome, Person

if TYPE_CHECKING:
    from random import Random

PHONE_SHARE = 0.6
ADDRESS_SHARE = 0.5


class Crowd:
    """Collects people and donors; each call of a method adds one case."""

    def __init__(self, rng: Random) -> None:
        self.people: list[Person] = []
        self.donors: list[Donor] = []
        self._rng = rng
        self._names = [(first, last) for first in names.FIRST_NAMES for last in names.LAST_NAMES]
        rng.shuffle(self._names)
        self._taken: set[tuple[str, str]] = set()
        self._phones = 0

    def known(self) -> None:
        """Add a donor whom Planning Center has under the same name and email."""
        first, last = self._name()
        self._on_both_sides("known", first, last, (self._email(first, last),), phone=self._maybe_phone())

    def copy(self, donor: Donor) -> None:
        """Add a donor of another church, with the same name and email, to both sides of this one."""
        first, last = donor.first_name or "", donor.last_name or ""
        self._taken.add((first, last))
        self._on_both_sides("known", first, last, donor.emails, phone=donor.mobile_phone)

    def newcomer(self) -> None:
        """Add a donor with email, phone and address whom Planning Center does not have."""
        first, last = self._name()
        self._donor(
            "new", "created", None, first_name=first, last_name=last, emails=(self._email(first, last),),
            mobile_phone=self._phone(), address=self._address(),
        )  # fmt: skip

    def family(self, size: int) -> None:
        """Add a family that shares one email on both sides, and a child of it who does not give."""
        _, last = self._name()
        firsts = self._rng.sample(self._free_first_names(last), size + 1)
        self._taken.update((first, last) for first in firsts)
        email = f"{names.plain(last).lower().replace(' ', '')}.family{len(self.people)}@example.net"
        address = self._address()
        for first in firsts[:size]:
            self._on_both_sides(
                "shared_email", first, last, (email,), phone=self._phone(), address=address,
                household=f"{last} household {email}",
            )  # fmt: skip
        self._person(firsts[size], last, emails=(email,), address=address, is_child=True)

    def namesakes(self) -> None:
        """Add two donors of one name whom only their emails tell apart."""
        first, last = self._name()
        for number in (1, 2):
            email = f"{names.plain(first)}.{names.plain(last)}{number}@example.org".lower().replace(" ", "")
            self._on_both_sides("namesake", first, last, (email,), phone=self._phone())

    def with_diacritics(self) -> None:
        """Add donors whose names have letters beyond ASCII, one of them without in Planning Center."""
        for first, last in names.WITH_DIACRITICS:
            self._on_both_sides("diacritics", first, last, (self._email(first, last),))
        first, last = names.DIACRITICS_DROPPED
        email = self._email(first, last)
        person = self._person(names.plain(first), names.plain(last), emails=(email,))
        self._donor(
            "diacritics_dropped", "linked", person.key, first_name=first, last_name=last, emails=(email,)
        )

    def second_email(self) -> None:
        """Add a donor whose second email is the one that Planning Center has."""
        first, last = self._name()
        known = self._email(first, last)
        person = self._person(first, last, emails=(known,))
        self._donor(
            "second_email", "linked", person.key, first_name=first, last_name=last,
            emails=(f"new.{known}", known),
        )  # fmt: skip

    def without_email(self) -> None:
        """Add a donor without an email whose name only one person bears."""
        first, last = self._name()
        self._on_both_sides("no_email", first, last, (), phone=self._phone())

    def without_email_among_namesakes(self) -> None:
        """Add a donor without an email whose name two persons bear: several candidates."""
        first, last = self._name()
        right = self._person(first, last, emails=(self._email(first, last),))
        self._person(first, last, emails=(f"second.{self._email(first, last)}",))
        self._donor("no_email_namesakes", "review", right.key, first_name=first, last_name=last)

    def contradicted_by_phone(self) -> None:
        """Add a donor without an email whose only namesake has another phone: a contradiction."""
        first, last = self._name()
        self._person(first, last, mobile_phone=self._phone())
        phone = self._phone()
        self._donor("other_phone", "review", None, first_name=first, last_name=last, mobile_phone=phone)

    def other_first_name(self) -> None:
        """Add a donor whose email has one owner, who bears another first name: a contradiction."""
        first, last = self._name()
        other = self._rng.choice(self._free_first_names(last))
        self._taken.add((other, last))
        email = self._email(first, last)
        self._person(other, last, emails=(email,))
        self._donor("other_first_name", "review", None, first_name=first, last_name=last, emails=(email,))

    def several_candidates(self) -> None:
        """Add a donor whose email and name two persons have."""
        first, last = self._name()
        email = self._email(first, last)
        right = self._person(first, last, emails=(email,))
        self._person(first, last, emails=(email,))
        self._donor(
            "several_candidates", "review", right.key, first_name=first, last_name=last, emails=(email,)
        )

    def merged(self) -> None:
        """Add a donor whose WeGive record names a person who was merged away."""
        first, last = self._name()
        email = self._email(first, last)
        kept = self._person(first, last, emails=(email,))
        removed = self._person(first, last)
        self.people[removed.key] = replace(removed, merged_into=kept.key)
        self._donor(
            "merged", "linked", kept.key, first_name=first, last_name=last, emails=(email,),
            planning_center_person=removed.key,
        )  # fmt: skip

    def company(self) -> None:
        """Add a company; no person is one."""
        email = "office@harborlight.example"
        self._donor("company", "review", None, type_name=names.COMPANY, emails=(email,))

    def non_giver(self) -> None:
        """Add a person who is in Planning Center only."""
        first, last = self._name()
        self._person(first, last, emails=(self._email(first, last),))

    def _on_both_sides(
        self,
        case: str,
        first: str,
        last: str,
        emails: tuple[str, ...],
        *,
        phone: str | None = None,
        address: Address | None = None,
        household: str | None = None,
    ) -> None:
        if address is None and self._rng.random() < ADDRESS_SHARE:
            address = self._address()
        person = self._person(first, last, emails=emails, mobile_phone=phone, address=address)
        self._donor(
            case, "linked", person.key, first_name=first, last_name=last, emails=emails,
            mobile_phone=phone, address=address, household=household,
        )  # fmt: skip

    def _person(self, first: str, last: str, **rest: object) -> Person:
        person = Person(len(self.people), first, last, **rest)  # type: ignore[arg-type]
        self.people.append(person)
        return person

    def _donor(
        self, case: str, outcome: Outcome, person: int | None, type_name: str | None = None, **rest: object
    ) -> None:
        key = len(self.donors)
        donor = Donor(key, case, outcome, person, company_name=type_name, **rest)  # type: ignore[arg-type]
        self.donors.append(donor)

    def _name(self) -> tuple[str, str]:
        name = self._names.pop()
        while name in self._taken:
            name = self._names.pop()
        self._taken.add(name)
        return name

    def _free_first_names(self, last: str) -> list[str]:
        return [first for first in names.FIRST_NAMES if (first, last) not in self._taken]

    def _email(self, first: str, last: str) -> str:
        domain = self._rng.choice(names.MAIL_DOMAINS)
        return f"{names.plain(first)}.{names.plain(last)}@{domain}".lower().replace(" ", "")

    def _phone(self) -> str:
        self._phones += 1
        return names.phone(self._phones)

    def _maybe_phone(self) -> str | None:
        return self._phone() if self._rng.random() < PHONE_SHARE else None

    def _address(self) -> Address:
        city, zip_ = self._rng.choice(names.TOWNS)
        return Address(
            f"{self._rng.randint(1, 990)} {self._rng.choice(names.STREETS)}", city, names.STATE, zip_
        )
