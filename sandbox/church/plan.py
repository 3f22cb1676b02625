"""A church as plain data: who belongs to it on either side, its funds, its plans and its gifts.

People, donors and plans are named by `key`, a number within the church; ids are given at installation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sandbox.church.accounts import Account

Outcome = Literal["linked", "created", "review"]


@dataclass(frozen=True)
class Address:
    """Where somebody lives, in the USA."""

    street: str
    city: str
    state: str
    zip: str


@dataclass(frozen=True)
class Person:
    """Somebody in Planning Center."""

    key: int
    first_name: str
    last_name: str
    emails: tuple[str, ...] = ()
    mobile_phone: str | None = None
    address: Address | None = None
    is_child: bool = False
    merged_into: int | None = None
    """Key of the person who was kept, if this one was merged away."""


@dataclass(frozen=True)
class Donor:
    """Somebody, or a company, in WeGive."""

    key: int
    case: str
    """Why the donor is in the sample: `known`, `shared_email`, `new`, `company`, ..."""
    outcome: Outcome
    """What a matching after spec S11 and S12 has to come to."""
    person: int | None
    """Key of the right person in Planning Center, also where only a human can tell; None: nobody."""
    first_name: str | None = None
    last_name: str | None = None
    company_name: str | None = None
    emails: tuple[str, ...] = ()
    mobile_phone: str | None = None
    address: Address | None = None
    household: str | None = None
    planning_center_person: int | None = None
    """Key of the person whose id WeGive stores as `planning_center_id`, possibly one merged away."""

    @property
    def name(self) -> str:
        """The name to show."""
        return self.company_name or f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class Fund:
    """A fund, on one side or on both."""

    name: str
    description: str
    in_wegive: bool = True
    in_planning_center: bool = True
    is_default: bool = False
    visibility: str = "everywhere"
    """In Planning Center; `nowhere` takes no new designations (planning-center-api.md 4.4)."""
    code: str | None = None


@dataclass(frozen=True)
class Plan:
    """A scheduled donation."""

    key: int
    donor: int
    amount_cents: int
    fund: str
    frequency: str
    start_date: date
    is_paused: bool = False


@dataclass(frozen=True)
class Gift:
    """A WeGive transaction; not each of them is a gift (spec S31)."""

    case: str
    donor: int | None
    amount_cents: int
    allocations: tuple[tuple[str, int], ...]
    """Fund and cents; one entry: the whole payment is for that fund."""
    created_at: datetime
    method: Literal["card", "bank"] = "card"
    brand: str = "Visa"
    last_four: str = "4242"
    fee_cents: int = 0
    covers_fee: bool = False
    status: str = "success"
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None
    refunded_at: datetime | None = None
    plan: int | None = None
    is_test: bool = False
    is_service_revenue: bool = False

    @property
    def is_gift(self) -> bool:
        """Succeeded, not refunded, no test, no service revenue: what the day's batch is made of."""
        return (
            self.succeeded_at is not None
            and self.refunded_at is None
            and not self.is_test
            and not self.is_service_revenue
        )


@dataclass(frozen=True)
class Church:
    """Everything that is installed on the two sides."""

    account: Account
    seed: int
    day: date
    time_zone: str
    people: tuple[Person, ...]
    donors: tuple[Donor, ...]
    funds: tuple[Fund, ...]
    plans: tuple[Plan, ...]
    gifts: tuple[Gift, ...]

    def local_day(self, gift: Gift) -> date:
        """Return the church's own date of a payment."""
        return gift.created_at.astimezone(ZoneInfo(self.time_zone)).date()

    def gifts_of_the_day(self) -> list[Gift]:
        """Return the payments of the church's day that are gifts, oldest first."""
        return [gift for gift in self.gifts if gift.is_gift and self.local_day(gift) == self.day]

    @property
    def default_fund(self) -> str:
        """The name of the default fund."""
        return next(fund.name for fund in self.funds if fund.is_default)
