"""Which Planning Center person a day's donors are: known, linked, created, or left to a person (S10-S14)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace

from narthex.domain.correlation import (
    Answer,
    Correlation,
    CorrelationKind,
    CorrelationState,
    Review,
    ReviewState,
)
from narthex.domain.errors import NeedsAttentionError, RecordNotFoundError
from narthex.domain.matching import Ask, Create, Link, Match, match_donor
from narthex.domain.organization import CompanyDonors, Organization
from narthex.domain.people import Donor, DonorKind, Person, email_key, name_key
from narthex.ports import Clock, CorrelationStore, ReviewStore, Vendors

UNFINISHED_WAIT_MS = 30 * 60_000
"""No worker lives so long: what an interrupted one had under way has arrived, or never will."""

LOOK_AGAIN_MS = 30_000
"""How soon a donor is looked at again who waits for another donor's creation."""

INTENT = "creating:"
"""Begins the id under which a creation is remembered that was announced and not yet answered."""

_QUESTION_WHICH_PERSON = "Which person in Planning Center is this donor?"


@dataclass(slots=True)
class Donors:
    """The answer for each donor; every asked id is in exactly one of the five.

    `person_ids` holds the person (None: a person decided that the gifts are anonymous). `in_review` and
    `held` give reasons. `creating` says when an unconfirmed creation may be looked at (epoch ms).
    `to_create` are the donors that a real run creates; `to_review` what it asks; `doubted` are those whose
    creation had an unknown outcome that is over now; `reopened` are decided ones whose person is gone;
    `unfinished` lack an email, phone or address still.
    """

    person_ids: dict[str, str | None] = field(default_factory=dict)
    in_review: dict[str, str] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    creating: dict[str, int] = field(default_factory=dict)
    to_create: dict[str, Donor] = field(default_factory=dict)
    seen: dict[str, Correlation] = field(default_factory=dict)
    to_review: dict[str, Ask] = field(default_factory=dict)
    to_link: dict[str, Link] = field(default_factory=dict)
    doubted: dict[str, Donor] = field(default_factory=dict)
    unfinished: dict[str, Correlation] = field(default_factory=dict)
    reopened: set[str] = field(default_factory=set)

    def donor_linked_to(self, person_id: str) -> str | None:
        """Who of these donors was just found to be this person."""
        linked = (donor_id for donor_id, link in self.to_link.items() if link.person_id == person_id)
        return next(linked, None)

    def creates_somebody_like(self, donor: Donor) -> bool:
        """Whether one of those to be created shares a full name or an email with this donor."""
        named = name_key(donor.first_name, donor.last_name)
        emails = {email_key(address) for address in donor.emails}
        return any(
            name_key(other.first_name, other.last_name) == named
            or not emails.isdisjoint(email_key(address) for address in other.emails)
            for other in self.to_create.values()
        )

    def add(self, others: Donors) -> None:
        """Take in the answers for other donors."""
        for each in fields(self):
            getattr(self, each.name).update(getattr(others, each.name))


@dataclass(frozen=True, slots=True)
class DonorResolver:
    """Decides who each donor is, reading only; `create_people` carries the decisions out."""

    organization: Organization
    vendors: Vendors
    correlations: CorrelationStore
    reviews: ReviewStore
    clock: Clock
    quiet_ms: int

    def __call__(self, donor_ids: Iterable[str]) -> Donors:
        """Decide for these donors."""
        wanted = sorted(set(donor_ids))
        donors = Donors()
        donors.seen = self.correlations.get_many(self.organization.id, CorrelationKind.DONOR, wanted)
        gone = self._accept_known(donors)
        unknown = [donor_id for donor_id in wanted if donor_id not in donors.person_ids]
        reviews = self.reviews.get_many(self.organization.id, unknown)
        to_match = []
        for donor_id in unknown:
            with _held_alone(donors, donor_id):
                donor = self._settle(donors, donor_id, reviews.get(donor_id), forgotten=donor_id in gone)
                if donor is not None:
                    to_match.append(donor)
        ids: dict[str, list[str]] = {}
        for donor in to_match:
            if donor.planning_center_id is None:
                with _held_alone(donors, donor.id):
                    ids[donor.id] = self._ids_of_owners(donor)
        owners = self._read_owners(ids)
        for donor in to_match:
            if donor.id in donors.held:
                continue
            with _held_alone(donors, donor.id):
                match = self._match(donor, owners.get(donor.id, []))
                if donor.id in gone and donor.id in reviews:
                    donors.reopened.add(donor.id)
                self._apply_match(donors, donor, match)
        return donors

    def _accept_known(self, donors: Donors) -> set[str]:
        """Follow merges of linked people; the donors whose person is gone for good."""
        linked = {
            donor_id: tie.planning_center_id
            for donor_id, tie in donors.seen.items()
            if tie.state is CorrelationState.LINKED and tie.planning_center_id is not None
        }
        surviving = self.vendors.people.surviving(sorted(set(linked.values()))) if linked else {}
        gone: set[str] = set()
        for donor_id, person_id in linked.items():
            survivor = surviving.get(person_id)
            if survivor is None:
                gone.add(donor_id)
                continue
            donors.person_ids[donor_id] = survivor
            tie = donors.seen[donor_id]
            if survivor != person_id:
                donors.to_link[donor_id] = Link(survivor, "merge in Planning Center")
            elif tie.pending and self.clock.now_ms() >= (tie.last_sent_ms or 0) + UNFINISHED_WAIT_MS:
                donors.unfinished[donor_id] = tie
        return gone

    def _settle(
        self, donors: Donors, donor_id: str, review: Review | None, *, forgotten: bool
    ) -> Donor | None:
        """Settle what needs no search; the donor when one is needed."""
        tie = donors.seen.get(donor_id)
        if tie is not None and tie.state is CorrelationState.CREATING:
            ready_ms = (tie.last_sent_ms or 0) + self.quiet_ms
            if self.clock.now_ms() < ready_ms:
                donors.creating[donor_id] = ready_ms
                return None
        if review is not None and review.state is ReviewState.OPEN:
            donors.in_review[donor_id] = waiting_text(donor_id, review.evidence)
            return None
        try:
            donor = self.vendors.wegive.donor(donor_id)
        except RecordNotFoundError:
            donors.held[donor_id] = (
                f"WeGive no longer knows donor {donor_id} (merged or deleted there); "
                f"set the surviving donor on the payment in WeGive"
            )
            return None
        if tie is not None and tie.state is CorrelationState.CREATING:
            donors.doubted[donor_id] = donor
        if review is not None and review.state is ReviewState.DECIDED and not forgotten:
            if donor_id in donors.doubted and review.answer is Answer.CREATE:
                self._look_for_created(donors, donor, review)
            else:
                self._apply_answer(donors, donor, review)
            return None
        return donor

    def _look_for_created(self, donors: Donors, donor: Donor, review: Review) -> None:
        """Staff said "create", and the creation's outcome was unknown: is the new person there?

        It bears the name, has no email or phone yet, and is none of those whom staff were shown.
        """
        namesakes = self.vendors.people.find_by_name(donor.first_name, donor.last_name or donor.name)
        others = [person for person in namesakes if person.id not in review.candidate_ids]
        bare = [person for person in others if not person.emails and not person.phones]
        if not others:
            self._plan_creation(donors, donor)
        elif len(others) == 1 and bare:
            donors.person_ids[donor.id] = bare[0].id
            donors.to_link[donor.id] = Link(bare[0].id, "created")
        else:
            donors.reopened.add(donor.id)
            ids = (*review.candidate_ids, *(person.id for person in others))
            ask = Ask(_QUESTION_WHICH_PERSON, "a new person was asked for, and may be one of these", ids)
            donors.to_review[donor.id] = ask
            donors.in_review[donor.id] = waiting_text(donor.id, ask.evidence)

    def _ids_of_owners(self, donor: Donor) -> list[str]:
        return [owner for email in donor.emails for owner in self.vendors.people.owners_of_email(email)]

    def _read_owners(self, ids: Mapping[str, list[str]]) -> dict[str, list[Person]]:
        """The people of each donor's ids, all read at once."""
        wanted = sorted({owner for owners in ids.values() for owner in owners})
        known = {person.id: person for person in self.vendors.people.get_many(wanted)} if wanted else {}
        return {
            donor_id: [known[owner] for owner in owners if owner in known] for donor_id, owners in ids.items()
        }

    def _apply_answer(self, donors: Donors, donor: Donor, review: Review) -> None:
        if review.answer is Answer.ANONYMOUS:
            donors.person_ids[donor.id] = None
        elif review.answer is Answer.LINK and review.person_id is not None:
            survivor = self.vendors.people.surviving([review.person_id]).get(review.person_id)
            if survivor is None:
                donors.held[donor.id] = (
                    f"staff chose person {review.person_id}, who no longer exists in Planning Center; "
                    f"decide anew"
                )
            else:
                donors.person_ids[donor.id] = survivor
                donors.to_link[donor.id] = Link(survivor, "decided by staff")
        else:
            self._plan_creation(donors, donor)

    def _apply_match(self, donors: Donors, donor: Donor, match: Match) -> None:
        if isinstance(match, Link):
            holder = self.correlations.holder(self.organization.id, CorrelationKind.DONOR, match.person_id)
            holder = holder or donors.donor_linked_to(match.person_id)
            if holder is not None and holder != donor.id:
                match = Ask(
                    _QUESTION_WHICH_PERSON,
                    f"person {match.person_id} fits, but is tied to donor {holder} already; "
                    f"if the two donors are one, merge them in WeGive",
                    (match.person_id,),
                )
            else:
                donors.person_ids[donor.id] = match.person_id
                donors.to_link[donor.id] = match
                return
        if isinstance(match, Ask):
            donors.to_review[donor.id] = match
            donors.in_review[donor.id] = waiting_text(donor.id, match.evidence)
        else:
            self._plan_creation(donors, donor)

    def _plan_creation(self, donors: Donors, donor: Donor) -> None:
        being_created_ms = self._being_created_ms(donor)
        if being_created_ms is not None:
            donors.creating[donor.id] = max(being_created_ms, self.clock.now_ms() + LOOK_AGAIN_MS)
        elif donors.creates_somebody_like(donor):
            # Two records of one donor, perhaps: the second is looked at again when the first is a person.
            donors.creating[donor.id] = self.clock.now_ms()
        elif self.organization.settings.switches.push_donors:
            donors.to_create[donor.id] = donor
        else:
            donors.held[donor.id] = (
                f"donor {donor.id} is not in Planning Center, and creating people is switched off; "
                f"add the person there or switch push_donors on"
            )

    def _match(self, donor: Donor, owners: list[Person]) -> Match:
        if donor.kind is DonorKind.COMPANY:
            rule = self.organization.settings.company_donors
            if rule is CompanyDonors.REVIEW:
                return Ask(_QUESTION_WHICH_PERSON, "WeGive calls this donor a company")
            named = replace(donor, first_name="", last_name=donor.name or donor.last_name)
            match = self._search(named, owners)
            if rule is CompanyDonors.LINK and isinstance(match, Create):
                return Ask(_QUESTION_WHICH_PERSON, "this company is nobody in Planning Center yet")
            return match
        return self._search(donor, owners)

    def _search(self, donor: Donor, owners: list[Person]) -> Match:
        hinted = self._hinted(donor)
        namesakes: list[Person] = []
        if hinted is None and donor.planning_center_id is not None:
            owners = self._read_owners({donor.id: self._ids_of_owners(donor)})[donor.id]
        if hinted is None:
            keys = [f"email:{email_key(address)}" for address in donor.emails]
            owners = [*owners, *self._lately_created(keys)]
        named = name_key(donor.first_name, donor.last_name)
        if hinted is None and not owners and named:
            namesakes = self.vendors.people.find_by_name(donor.first_name, donor.last_name)
            namesakes += self._lately_created([f"name:{named}"])
        return match_donor(donor, hinted=hinted, email_owners=owners, namesakes=namesakes)

    def _hinted(self, donor: Donor) -> Person | None:
        if donor.planning_center_id is None:
            return None
        survivor = self.vendors.people.surviving([donor.planning_center_id]).get(donor.planning_center_id)
        return None if survivor is None else self.vendors.people.get(survivor)

    def _lately_created(self, keys: Iterable[str]) -> list[Person]:
        """People of ours whom a search may not find yet."""
        found = [
            new.person for key in keys for new in self.correlations.new_people(self.organization.id, key)
        ]
        return [person for person in found if not person.id.startswith(INTENT)]

    def _being_created_ms(self, donor: Donor) -> int | None:
        """When the open creation of somebody with this donor's name or email may be looked at, if any."""
        known = [
            new.person.id.removeprefix(INTENT)
            for key in match_keys(donor)
            for new in self.correlations.new_people(self.organization.id, key)
            if new.person.id.startswith(INTENT)
        ]
        others = sorted(set(known) - {donor.id})
        ties = (
            self.correlations.get_many(self.organization.id, CorrelationKind.DONOR, others) if others else {}
        )
        open_ms = [tie.last_sent_ms or 0 for tie in ties.values() if tie.state is CorrelationState.CREATING]
        return max(open_ms) + self.quiet_ms if open_ms else None


def match_keys(donor: Donor) -> list[str]:
    """What tells that two donors may be one: each email, and the full name."""
    keys = [f"email:{email_key(address)}" for address in donor.emails]
    return [*keys, f"name:{name_key(donor.first_name, donor.last_name)}"]


@contextmanager
def _held_alone(donors: Donors, donor_id: str) -> Iterator[None]:
    """A donor who cannot be read or looked up is held; the others go on (S34)."""
    try:
        yield
    except NeedsAttentionError as problem:
        donors.held[donor_id] = f"donor {donor_id} could not be looked up: {problem}"


def waiting_text(donor_id: str, evidence: str) -> str:
    """Why the gifts of a donor in review are held."""
    return f"donor {donor_id} waits for a decision: {evidence}"
