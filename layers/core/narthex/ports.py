"""What the services need from the world; adapters and fakes satisfy it by shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # every function imports this file, and few need all the words
    from datetime import date, datetime

    from narthex.domain.correlation import Correlation, CorrelationKind, NewPerson, Review
    from narthex.domain.giving import (
        Batch,
        Donation,
        DonationDraft,
        PaymentSource,
        PlanningCenterFund,
        TransactionReading,
        WeGiveFund,
    )
    from narthex.domain.jobs import PushJob
    from narthex.domain.ledger import Announcement, Day, Finding, Gift, Progress
    from narthex.domain.organization import Credentials, Organization
    from narthex.domain.people import Address, Donor, Person, PersonDraft, Phone
    from narthex.domain.rate_limit import Lane

Announce = Callable[[], None]
"""Called by a client after its token and right before it sends a write; may raise to stop the write."""


class Clock(Protocol):
    """Time and waiting."""

    def now_ms(self) -> int:
        """UTC epoch milliseconds."""

    def sleep_ms(self, duration_ms: int) -> None:
        """Wait; only for short waits that are cheaper than a queue's delay."""


class RateLimiter(Protocol):
    """The shared budget of one Planning Center account (S60-S62)."""

    def acquire(self, account: str, lane: Lane, *, patience_ms: int) -> None:
        """Return when one request may be sent now.

        Raises:
            RetryLaterError: When the next slot lies beyond `patience_ms`.
        """

    def observe(
        self,
        account: str,
        *,
        limit: int | None,
        period_seconds: int | None,
        retry_after_seconds: int | None,
    ) -> None:
        """Feed what an answer's headers said; no call goes out when nothing changed."""


class Budget(Protocol):
    """How long this run may still work."""

    def time_left_ms(self) -> int:
        """Milliseconds until the run must have saved its state and stopped."""


class People(Protocol):
    """Planning Center People."""

    def account(self) -> str:
        """The user whose rate limit and rights we use, unique over all churches ("user 12")."""

    def surviving(self, person_ids: Sequence[str]) -> dict[str, str | None]:
        """Who each id is today: itself, the person it was merged into, or None when deleted (S13)."""

    def owners_of_email(self, address: str) -> list[str]:
        """The ids of everybody who has exactly this address, ignoring case."""

    def get_many(self, person_ids: Sequence[str]) -> list[Person]:
        """These people with emails and phones, a hundred per request; those who are gone are left out."""

    def find_by_name(self, first_name: str, last_name: str) -> list[Person]:
        """Everybody whose full name equals this one after folding, with emails and phones."""

    def get(self, person_id: str) -> Person:
        """One person with emails and phones. Raises RecordNotFoundError."""

    def create(self, draft: PersonDraft, announce: Announce) -> Person:
        """Create a person. Raises OutcomeUnknownError, RejectedError."""

    def add_email(self, person_id: str, address: str, announce: Announce, *, look_first: bool) -> None:
        """Add a Home email, primary; a no-op when the person has it already.

        `look_first` spends one read to find that out; a person who was just created needs none.
        """

    def add_phone(self, person_id: str, phone: Phone, announce: Announce, *, look_first: bool) -> None:
        """Add a phone number, primary; with `look_first` a no-op when the person has it already."""

    def add_address(self, person_id: str, address: Address, announce: Announce, *, look_first: bool) -> None:
        """Add a Home address, primary; with `look_first` a no-op when that street is there already."""


class Giving(Protocol):
    """Planning Center Giving. Every create raises OutcomeUnknownError when no believable answer came."""

    def funds(self) -> list[PlanningCenterFund]:
        """All funds."""

    def create_fund(self, fund: WeGiveFund) -> PlanningCenterFund:
        """Create a fund; names are unique, so an unknown outcome is settled by looking again."""

    def payment_source(self, name: str) -> PaymentSource | None:
        """The payment source of that name, if there is one."""

    def create_payment_source(self, name: str) -> PaymentSource:
        """Create it; names are unique, so an unknown outcome is settled by looking again."""

    def label_id(self, slug: str) -> str:
        """The id of the label, created when absent (slugs are unique)."""

    def find_batches(self, description: str, since: datetime) -> list[Batch]:
        """Batches with exactly this description that changed since then, lowest id first."""

    def create_batch(self, description: str, announce: Announce) -> Batch:
        """Create an uncommitted batch."""

    def batch(self, batch_id: str) -> Batch:
        """One batch. Raises RecordNotFoundError."""

    def delete_batch(self, batch_id: str, announce: Announce) -> None:
        """Delete an empty batch; a no-op when it is gone."""

    def commit_batch(self, batch_id: str, announce: Announce) -> None:
        """Ask for the commit; it happens later."""

    def donations(self, batch_id: str) -> list[Donation]:
        """All donations that the batch lists now; lists may lag."""

    def donation(self, donation_id: str) -> Donation:
        """One donation. Raises RecordNotFoundError."""

    def count_donations_of_source(self, payment_source_id: str) -> int:
        """How many donations carry this payment source."""

    def create_donation(
        self, batch_id: str, draft: DonationDraft, payment_source_id: str, announce: Announce
    ) -> Donation:
        """Add a donation to a batch; in a committed batch it counts at once.

        Raises:
            OutcomeUnknownError: When no believable answer came.
            AnswerMismatchError: When the donation that was made is not the draft; it carries its id.
            RejectedError: When Planning Center refuses it.
        """

    def update_donation(self, donation_id: str, draft: DonationDraft, announce: Announce) -> Donation:
        """Make the donation equal to the draft (repeatable)."""

    def delete_donation(self, donation_id: str, announce: Announce) -> None:
        """Delete a donation; a no-op when it is gone."""

    def issue_refund(self, donation_id: str, refunded_on: date, announce: Announce) -> None:
        """Refund a donation in full; a no-op when it is refunded already."""


class WeGive(Protocol):
    """WeGive, reading."""

    def transactions(self, start: datetime, end: datetime) -> list[TransactionReading]:
        """Every transaction created in [start, end), each once, oldest id first."""

    def donor(self, donor_id: str) -> Donor:
        """One donor. Raises RecordNotFoundError when merged away or deleted."""

    def funds(self) -> list[WeGiveFund]:
        """All funds, archived ones too."""


class Vendors(Protocol):
    """Both vendors as one organization sees them."""

    @property
    def people(self) -> People:
        """Planning Center People."""

    @property
    def giving(self) -> Giving:
        """Planning Center Giving."""

    @property
    def wegive(self) -> WeGive:
        """WeGive."""

    @property
    def requests_sent(self) -> int:
        """Planning Center requests sent through this object so far."""


class Connector(Protocol):
    """Opens both vendors for an organization; work in `lane`, within `budget`."""

    def __call__(self, organization: Organization, lane: Lane, budget: Budget) -> Vendors:
        """Raises ReconnectNeededError when the organization has no credentials."""


class ConnectorFactory(Protocol):
    """Opens vendors with credentials that are not stored yet."""

    def __call__(self, credentials: Credentials) -> Connector:
        """A connector that uses these credentials for whatever organization it is given."""


class OrganizationStore(Protocol):
    """Organizations and their settings."""

    def get(self, organization_id: str) -> Organization:
        """Raises InvalidInputError when there is no such organization."""

    def put(self, organization: Organization) -> None:
        """Store or replace."""


class SecretStore(Protocol):
    """Credentials, encrypted at rest."""

    def get(self, organization_id: str) -> Credentials:
        """Raises ReconnectNeededError when there are none."""

    def put(self, organization_id: str, credentials: Credentials) -> None:
        """Store or replace."""


class LedgerStore(Protocol):
    """The ledger. Reads are strongly consistent; writes under a fence raise LeaseLostError when it is old."""

    def read_day(self, organization_id: str, day: date) -> Day | None:
        """The head record, without a lease."""

    def open_day(self, organization_id: str, day: date, *, now_ms: int, lease_until_ms: int) -> Day:
        """Take the lease with a new fence, creating the day if needed.

        Should nobody save the day by then, it is `due` when the lease is over.

        Raises:
            LeaseHeldError: While another worker's lease runs.
        """

    def announce(self, day: Day, announcement: Announcement | None, progress: Progress) -> None:
        """Write ahead what is about to be sent (None: nothing is under way), if the fence still holds."""

    def save_day(self, day: Day) -> None:
        """Write the head record, if the fence still holds. `lease_until_ms=0` gives the lease back."""

    def gifts(self, organization_id: str, day: date) -> list[Gift]:
        """All gifts of the day, by transaction id."""

    def save_gift(self, day: Day, gift: Gift) -> None:
        """Write one gift, unless a newer fence has written it."""

    def save_gifts(self, day: Day, gifts: Sequence[Gift]) -> None:
        """Write several gifts as `save_gift` does, each by itself."""

    def claim_transactions(
        self, organization_id: str, day: date, transaction_ids: Sequence[str]
    ) -> dict[str, date]:
        """Tie each transaction to `day` unless it is tied already; the day that each one is tied to.

        A transaction belongs to one day for good: a changed time zone must not push it twice.
        """

    def findings(self, organization_id: str, day: date) -> list[Finding]:
        """All findings of the day."""

    def save_finding(self, organization_id: str, day: date, finding: Finding) -> None:
        """Write one finding; its id makes a second write of the same thing harmless.

        A finding goes from open to confirmed to resolved: a write that would take it back changes nothing.
        """

    def put_document(self, organization_id: str, day: date, name: str, document: Mapping[str, Any]) -> None:
        """Keep a JSON document with the day ("proof", "plan")."""

    def get_document(self, organization_id: str, day: date, name: str) -> dict[str, Any] | None:
        """Read it back."""

    def due(self, now_ms: int, limit: int) -> list[tuple[str, date]]:
        """Days (organization id, date) whose `wake_at_ms` has passed, oldest first; may lag by seconds."""

    def preflight_passed(self, organization_id: str) -> bool:
        """Whether the organization's first push was cleared (S39)."""

    def pass_preflight(self, organization_id: str) -> None:
        """Remember that it was."""


class CorrelationStore(Protocol):
    """Correlations. `claim` and `save` are conditional, so that two workers cannot both create."""

    def get_many(
        self, organization_id: str, kind: CorrelationKind, wegive_ids: Sequence[str]
    ) -> dict[str, Correlation]:
        """Those that exist, by WeGive id; strongly consistent."""

    def claim(self, organization_id: str, correlation: Correlation, seen: Correlation | None) -> bool:
        """Write `correlation` if the stored one still equals `seen` (None: absent). False when it does not.

        A LINKED correlation also claims its Planning Center id: False when another WeGive id holds it.
        """

    def holder(self, organization_id: str, kind: CorrelationKind, planning_center_id: str) -> str | None:
        """The WeGive id that is tied to this Planning Center id, if any."""

    def remember_new_person(self, organization_id: str, new: NewPerson, keys: Sequence[str]) -> None:
        """Keep a person whom we just created under match keys ("email:…", "name:…") for some days."""

    def new_people(self, organization_id: str, key: str) -> list[NewPerson]:
        """People remembered under one key."""


class ReviewStore(Protocol):
    """Questions for staff."""

    def get_many(self, organization_id: str, donor_ids: Sequence[str]) -> dict[str, Review]:
        """Those that exist, by donor id."""

    def open(self, organization_id: str, review: Review) -> None:
        """Keep a question; a no-op when the donor has one already."""

    def reopen(self, organization_id: str, review: Review) -> None:
        """Ask anew, whatever was answered before: the person who was chosen is gone."""

    def decide(self, organization_id: str, review: Review) -> None:
        """Keep the answer to an open question, for good; the same answer again is a no-op.

        Raises:
            InvalidInputError: The donor has no open question.
        """

    def all(self, organization_id: str) -> list[Review]:
        """All questions of the organization."""


class JobQueue(Protocol):
    """Push jobs, in order per organization."""

    def send(self, jobs: Sequence[PushJob]) -> None:
        """Queue jobs to run now."""

    def send_later(self, job: PushJob, delay_seconds: int) -> None:
        """Queue a job to run in at most 900 seconds."""


class Schedules(Protocol):
    """The daily schedule of each organization, in its own time zone (S30)."""

    def put(self, organization: Organization) -> None:
        """Create or change it; a paused organization's schedule is switched off."""
