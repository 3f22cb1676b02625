"""A Correlation ties one WeGive id to one Planning Center id, per organization and kind (S10)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from narthex.domain.people import Person


class CorrelationKind(StrEnum):
    """What is tied: a donor to a person, a fund to a fund."""

    DONOR = "donor"
    FUND = "fund"


class CorrelationState(StrEnum):
    """CREATING: a create was sent and not yet confirmed. LINKED: the tie stands."""

    CREATING = "creating"
    LINKED = "linked"


@dataclass(frozen=True, slots=True)
class Correlation:
    """One tie, or the intent of one.

    `last_sent_ms` is when the create was last sent (UTC epoch milliseconds). `pending` names the parts of a
    new person that are still to be added ("email", "phone", "address"), in order.
    """

    kind: CorrelationKind
    wegive_id: str
    state: CorrelationState
    planning_center_id: str | None = None
    last_sent_ms: int | None = None
    pending: tuple[str, ...] = ()
    matched_by: str = ""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person whom we created lately: searches may not find them yet (planning-center-api.md 3.8)."""

    person: Person
    created_ms: int


class ReviewState(StrEnum):
    """OPEN waits for a person; DECIDED holds the answer, for good."""

    OPEN = "open"
    DECIDED = "decided"


class Answer(StrEnum):
    """What a person may answer about a donor in review."""

    LINK = "link"
    CREATE = "create"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Review:
    """A question about a donor that only a person may answer (S12).

    `evidence` is one sentence for staff; `candidate_ids` are Planning Center people to choose from.
    """

    donor_id: str
    question: str
    evidence: str
    candidate_ids: tuple[str, ...]
    opened_ms: int
    state: ReviewState = ReviewState.OPEN
    answer: Answer | None = None
    person_id: str | None = None
