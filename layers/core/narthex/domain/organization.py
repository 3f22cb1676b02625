"""An Organization: one connected church account, its addresses, rules and switches."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from narthex.domain.church_day import zone


class WeGiveSurface(StrEnum):
    """Which of WeGive's two API surfaces the organization has (S53)."""

    PUBLISHED = "published"
    CUSTOMER = "customer"


class HeldGifts(StrEnum):
    """What happens to the day's batch while a gift is held (S34)."""

    HOLD_UNTIL_DEADLINE = "hold_until_deadline"
    COMMIT_WITHOUT = "commit_without"


class GiftsInReview(StrEnum):
    """What happens to gifts of a donor who waits in a review (S12)."""

    WAIT = "wait"
    ANONYMOUS = "anonymous"


class CompanyDonors(StrEnum):
    """What happens to donors that are companies (S12)."""

    REVIEW = "review"
    LINK = "link"
    CREATE = "create"


class GiftAmount(StrEnum):
    """Whether a fee that the donor covered is part of the gift (wegive-api.md 7)."""

    AMOUNT = "amount"
    AMOUNT_PLUS_COVERED_FEE = "amount_plus_covered_fee"


@dataclass(frozen=True, slots=True)
class Switches:
    """What may flow to Planning Center; all on by default (spec section 3)."""

    push_transactions: bool = True
    push_donors: bool = True
    push_funds: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """The organization's rules; every default is the spec's.

    Days before `first_day` are not pushed by the schedule: they were booked some other way before the
    organization was connected. None becomes the day of the registration.
    """

    push_at: time = time(8, 1)
    payment_source: str = "WeGive"
    held_gifts: HeldGifts = HeldGifts.HOLD_UNTIL_DEADLINE
    held_gifts_deadline_hours: int = 12
    gifts_in_review: GiftsInReview = GiftsInReview.WAIT
    company_donors: CompanyDonors = CompanyDonors.REVIEW
    gift_amount: GiftAmount = GiftAmount.AMOUNT
    look_back_days: int = 35
    first_day: date | None = None
    adopt_existing: bool = False
    paused: bool = False
    switches: Switches = field(default_factory=Switches)


@dataclass(frozen=True, slots=True)
class Organization:
    """One connected church account. Its credentials are kept apart, in the secret store.

    `planning_center_account` names the user whose rate limit is used: organizations that share it
    share the limit (S60). `default_fund` is the name of a Planning Center fund.
    """

    id: str
    name: str
    time_zone: str
    planning_center_url: str
    planning_center_account: str
    wegive_url: str
    wegive_surface: WeGiveSurface
    default_fund: str
    settings: Settings = field(default_factory=Settings)

    def held_gifts_deadline(self, day: date) -> datetime:
        """When the batch of `day` is committed without the gifts that are still held.

        It counts from the regular push on the morning after, in the church's own time.
        """
        morning = datetime.combine(
            day + timedelta(days=1), self.settings.push_at, tzinfo=zone(self.time_zone)
        )
        return morning + timedelta(hours=self.settings.held_gifts_deadline_hours)


@dataclass(frozen=True, slots=True)
class PersonalAccessToken:
    """Planning Center credentials of one church (planning-center-api.md 1.4)."""

    application_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BearerToken:
    """An OAuth access token of Planning Center, or WeGive's token."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens both vendors for one organization; never logged, never in a queue."""

    planning_center: PersonalAccessToken | BearerToken = field(repr=False)
    wegive: BearerToken = field(repr=False)
