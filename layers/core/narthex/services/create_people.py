"""Carry out what was decided about donors: link, ask, create with email, phone and address (spec 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from narthex.domain.correlation import (
    Correlation,
    CorrelationKind,
    CorrelationState,
    NewPerson,
    Review,
)
from narthex.domain.errors import (
    AnswerMismatchError,
    LeaseHeldError,
    NeedsAttentionError,
    OutcomeUnknownError,
    RecordNotFoundError,
)
from narthex.domain.matching import Link
from narthex.domain.organization import Organization
from narthex.domain.people import Donor, DonorKind, Person, PersonDraft
from narthex.ports import Announce, Clock, CorrelationStore, ReviewStore, Vendors
from narthex.services.resolve_donors import INTENT, Donors, match_keys, waiting_text

CREATED = "created"
"""How a person is matched whom we made ourselves."""


@dataclass(frozen=True, slots=True)
class PeopleCreator:
    """Writes what `DonorResolver` decided.

    A person has no container to look into, so the correlation itself is the intent: it is claimed as
    CREATING right before the request leaves, by a condition that only one worker can meet. After an
    unknown outcome nobody creates until the quiet time is over and a new search has found nobody.
    """

    organization: Organization
    vendors: Vendors
    correlations: CorrelationStore
    reviews: ReviewStore
    clock: Clock
    quiet_ms: int
    check_time: Callable[[], None]

    def __call__(self, donors: Donors) -> None:
        """Carry it out; `donors` then says who everybody is, or why not."""
        for donor_id, ask in donors.to_review.items():
            review = Review(
                donor_id=donor_id,
                question=ask.question,
                evidence=ask.evidence,
                candidate_ids=ask.candidate_ids,
                opened_ms=self.clock.now_ms(),
            )
            if donor_id in donors.reopened:
                self.reviews.reopen(self.organization.id, review)
            else:
                self.reviews.open(self.organization.id, review)
        for donor_id, link in donors.to_link.items():
            self._link(donors, donor_id, link)
        for donor_id, donor in donors.to_create.items():
            self.check_time()
            self._create(donors, donor_id, donor)
        for donor_id, tie in donors.unfinished.items():
            self.check_time()
            self._finish(donor_id, tie)

    def _link(self, donors: Donors, donor_id: str, link: Link) -> None:
        tie = _linked(donor_id, link.person_id, link.matched_by)
        doubted = donors.doubted.get(donor_id)
        if doubted is not None:
            tie = replace(tie, pending=_parts(doubted), last_sent_ms=self.clock.now_ms())
        # Refused when another donor holds the person, as after a merge: the gift still goes to the survivor.
        linked = self.correlations.claim(self.organization.id, tie, donors.seen.get(donor_id))
        if linked and doubted is not None:
            self._add_parts(doubted, tie, look_first=True)

    def _create(self, donors: Donors, donor_id: str, donor: Donor) -> None:
        sent: list[Correlation] = [donors.seen[donor_id]] if donor_id in donors.seen else []
        try:
            self._remember(Person(id=f"{INTENT}{donor_id}"), donor)
            person = self.vendors.people.create(_draft(donor), self._claiming(donor_id, sent))
        except OutcomeUnknownError:
            donors.creating[donor_id] = self.clock.now_ms() + self.quiet_ms
            return
        except LeaseHeldError as held:
            donors.creating[donor_id] = self.clock.now_ms() + int(held.retry_after_seconds * 1000)
            return
        except AnswerMismatchError as mismatch:
            self._ask_about(donors, donor_id, mismatch)
            return
        except NeedsAttentionError as refused:
            donors.held[donor_id] = f"Planning Center refused to create donor {donor_id}: {refused}"
            return
        self._remember(person, donor)
        tie = _linked(donor_id, person.id, CREATED)
        tie = replace(tie, pending=_parts(donor), last_sent_ms=self.clock.now_ms())
        if not self.correlations.claim(self.organization.id, tie, sent[-1] if sent else None):
            donors.creating[donor_id] = self.clock.now_ms() + self.quiet_ms
            return
        donors.person_ids[donor_id] = person.id
        if tie.pending:
            self._add_parts(donor, tie, look_first=False)

    def _ask_about(self, donors: Donors, donor_id: str, mismatch: AnswerMismatchError) -> None:
        """Somebody was created, but not who was sent: only a person may say whether it is the donor."""
        evidence = (
            f"person {mismatch.record_id} was just created for this donor, but Planning Center shows another "
            f"name than was sent"
        )
        review = Review(
            donor_id=donor_id,
            question="Is the person whom we created this donor?",
            evidence=evidence,
            candidate_ids=(mismatch.record_id,),
            opened_ms=self.clock.now_ms(),
        )
        self.reviews.open(self.organization.id, review)
        donors.in_review[donor_id] = waiting_text(donor_id, evidence)

    def _claiming(self, donor_id: str, sent: list[Correlation]) -> Announce:
        """The write-ahead of a person's creation; `sent` collects what was claimed."""

        def announce() -> None:
            self.check_time()
            intent = Correlation(
                kind=CorrelationKind.DONOR,
                wegive_id=donor_id,
                state=CorrelationState.CREATING,
                last_sent_ms=self.clock.now_ms(),
            )
            if not self.correlations.claim(self.organization.id, intent, sent[-1] if sent else None):
                message = f"another worker is creating donor {donor_id}"
                raise LeaseHeldError(message, retry_after_seconds=self.quiet_ms / 1000)
            sent.append(intent)

        return announce

    def _remember(self, person: Person, donor: Donor) -> None:
        known = replace(person, emails=donor.emails, phones=tuple(phone.number for phone in donor.phones))
        new = NewPerson(person=known, created_ms=self.clock.now_ms())
        self.correlations.remember_new_person(self.organization.id, new, match_keys(donor))

    def _finish(self, donor_id: str, tie: Correlation) -> None:
        """Add what an earlier run could not; the gift goes on whether or not it works."""
        try:
            donor = self.vendors.wegive.donor(donor_id)
        except RecordNotFoundError:
            return
        begun = replace(tie, last_sent_ms=self.clock.now_ms())
        if self.correlations.claim(self.organization.id, begun, tie):
            self._add_parts(donor, begun, look_first=True)

    def _add_parts(self, donor: Donor, tie: Correlation, *, look_first: bool) -> None:
        done = tie
        for part in tie.pending:
            try:
                self._add(part, donor, tie.planning_center_id or "", look_first=look_first)
            except OutcomeUnknownError:
                done = replace(done, last_sent_ms=self.clock.now_ms())
                break
            except NeedsAttentionError:
                # A refused part (a malformed phone number) must not keep the person back.
                pass
            done = replace(done, pending=tuple(other for other in done.pending if other != part))
        if done != tie:
            self.correlations.claim(self.organization.id, done, tie)

    def _add(self, part: str, donor: Donor, person_id: str, *, look_first: bool) -> None:
        people = self.vendors.people
        if part == "email":
            people.add_email(person_id, donor.emails[0], self.check_time, look_first=look_first)
        elif part == "phone":
            people.add_phone(person_id, donor.phones[0], self.check_time, look_first=look_first)
        elif part == "address" and donor.address is not None:
            people.add_address(person_id, donor.address, self.check_time, look_first=look_first)


def _linked(donor_id: str, person_id: str, matched_by: str) -> Correlation:
    return Correlation(
        kind=CorrelationKind.DONOR,
        wegive_id=donor_id,
        state=CorrelationState.LINKED,
        planning_center_id=person_id,
        matched_by=matched_by,
    )


def _parts(donor: Donor) -> tuple[str, ...]:
    parts = []
    if donor.emails:
        parts.append("email")
    if donor.phones:
        parts.append("phone")
    if donor.address is not None:
        parts.append("address")
    return tuple(parts)


def _draft(donor: Donor) -> PersonDraft:
    if donor.kind is DonorKind.COMPANY:
        return PersonDraft(first_name="", last_name=donor.name or donor.last_name)
    return PersonDraft(
        first_name=donor.first_name,
        last_name=donor.last_name,
        middle_name=donor.middle_name,
        birthdate=donor.birthdate,
    )
