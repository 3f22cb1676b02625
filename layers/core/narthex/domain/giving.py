"""Gifts on both sides: WeGive's Transaction, Planning Center's Donation with its Designations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class PaymentMethod(StrEnum):
    """The four that Planning Center knows (planning-center-api.md 4.3)."""

    ACH = "ach"
    CASH = "cash"
    CHECK = "check"
    CARD = "card"


class TransactionKind(StrEnum):
    """WeGive's transaction types (wegive-api.md 4.3)."""

    DONATION = "donation"
    RECURRING = "recurring"
    SERVICE_REVENUE = "service-revenue"


@dataclass(frozen=True, slots=True)
class Payment:
    """How a gift was paid; brand is the card's or the bank's name, last4 at most four characters."""

    method: PaymentMethod
    brand: str | None = None
    last4: str | None = None


@dataclass(frozen=True, slots=True)
class FundAllocation:
    """A share of a Transaction for one WeGive fund."""

    fund_id: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Transaction:
    """A WeGive payment, read and checked; amounts in cents, times aware and in UTC.

    `allocations` is empty when WeGive names one fund (`fund_id`) or none at all. `fee_cents` is what
    the payment cost, zero or more; `covered_fee_cents` what the donor gave on top of `amount_cents`.
    """

    id: str
    donor_id: str | None
    amount_cents: int
    created_at: datetime
    payment: Payment
    kind: TransactionKind = TransactionKind.DONATION
    fund_id: str | None = None
    allocations: tuple[FundAllocation, ...] = ()
    fee_cents: int = 0
    covered_fee_cents: int = 0
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None
    refunded_at: datetime | None = None
    archived: bool = False
    is_test: bool = False
    recurring: bool = False


@dataclass(frozen=True, slots=True)
class UnreadableTransaction:
    """A WeGive payment that breaks WeGive's contract; `problem` says how, for a person."""

    id: str
    created_at: datetime | None
    problem: str


TransactionReading = Transaction | UnreadableTransaction


class FundVisibility(StrEnum):
    """Planning Center's; NOWHERE takes no new designations (planning-center-api.md 4.4)."""

    EVERYWHERE = "everywhere"
    ADMIN_ONLY = "admin_only"
    NOWHERE = "nowhere"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class WeGiveFund:
    """A WeGive fund; `planning_center_id` is a hint, `merged_into_id` the survivor of a merge."""

    id: str
    name: str
    active: bool = True
    description: str | None = None
    planning_center_id: str | None = None
    merged_into_id: str | None = None


@dataclass(frozen=True, slots=True)
class PlanningCenterFund:
    """A Planning Center fund."""

    id: str
    name: str
    visibility: FundVisibility
    default: bool = False


@dataclass(frozen=True, slots=True)
class PaymentSource:
    """Where Planning Center says that a donation came from; an archived one cannot be assigned."""

    id: str
    name: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Designation:
    """A share of a Donation for one Planning Center fund."""

    fund_id: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What makes two donations equal to the eye: all that a list of Planning Center shows of them."""

    person_id: str | None
    method: PaymentMethod
    received_at: datetime
    designations: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class DonationDraft:
    """A Donation as we want it; `fee_cents` is zero or negative, `received_at` in UTC to the second."""

    person_id: str | None
    payment: Payment
    received_at: datetime
    designations: tuple[Designation, ...]
    fee_cents: int = 0
    label_ids: tuple[str, ...] = ()

    @property
    def amount_cents(self) -> int:
        """The sum of the designations."""
        return sum(designation.amount_cents for designation in self.designations)

    @property
    def fingerprint(self) -> Fingerprint:
        """What a list will show of this donation once it exists."""
        return _fingerprint(self.person_id, self.payment.method, self.received_at, self.designations)


@dataclass(frozen=True, slots=True)
class Donation:
    """A Donation as Planning Center shows it."""

    id: str
    batch_id: str | None
    person_id: str | None
    method: PaymentMethod
    received_at: datetime
    amount_cents: int
    designations: tuple[Designation, ...]
    payment_source_id: str | None
    fee_cents: int = 0
    refunded: bool = False
    committed: bool = False

    @property
    def fingerprint(self) -> Fingerprint:
        """What makes this donation equal to another one."""
        return _fingerprint(self.person_id, self.method, self.received_at, self.designations)


class BatchStatus(StrEnum):
    """Planning Center's (planning-center-api.md 4.2)."""

    IN_PROGRESS = "in_progress"
    UPDATING = "updating"
    COMMITTED = "committed"


@dataclass(frozen=True, slots=True)
class Batch:
    """A day's container in Planning Center."""

    id: str
    description: str
    status: BatchStatus
    total_cents: int = 0
    created_at: datetime | None = None


def _fingerprint(
    person_id: str | None,
    method: PaymentMethod,
    received_at: datetime,
    designations: tuple[Designation, ...],
) -> Fingerprint:
    cents: dict[str, int] = {}
    for designation in designations:
        cents[designation.fund_id] = cents.get(designation.fund_id, 0) + designation.amount_cents
    return Fingerprint(
        person_id=person_id,
        method=method,
        received_at=received_at.astimezone(UTC).replace(microsecond=0),
        designations=tuple(sorted(cents.items())),
    )
