"""Makes the payments of one church-local day: the plain ones, and every case that a push must tell apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from sandbox.church.plan import Donor, Gift, Plan

if TYPE_CHECKING:
    from random import Random

GENERAL = "General Fund"
MISSIONS = "Missions"
BUILDING = "Building for Tomorrow"
YOUTH = "Youth Camp"
BENEVOLENCE = "Benevolence"
ONLY_IN_WEGIVE = "Community Garden"

_DOLLARS = (
    10,
    20,
    20,
    25,
    25,
    30,
    40,
    50,
    50,
    50,
    60,
    75,
    75,
    100,
    100,
    100,
    120,
    150,
    200,
    250,
    300,
    500,
    1000,
)
_ODD_CENTS = (8333, 4167, 12345, 2718, 6150, 1799)
_FUNDS = (*(GENERAL,) * 7, MISSIONS, MISSIONS, BUILDING, YOUTH, BENEVOLENCE)
_BRANDS = ("Visa", "Visa", "Mastercard", "American Express", "Discover")
_BANKS = ("First Prairie Bank", "Lakeside Credit Union", "Fairhaven Savings")
_SERVICE_HOURS = (9, 9, 9, 10, 10, 11, 11, 11, 12, 13, 16, 19, 20)
BANK_SHARE = 0.25
COVERED_SHARE = 0.3
ODD_SHARE = 0.1
SPLIT_SHARE = 0.05
CARD_FEE_PERMILLE, CARD_FEE_FIXED_CENTS = 29, 30
BANK_FEE_PERMILLE, BANK_FEE_MOST_CENTS = 10, 500
PLANNED_HOUR = 6
DONOR_CASES = (
    *("new", "new", "new", "shared_email", "shared_email", "shared_email", "shared_email", "namesake"),
    *("namesake", "diacritics", "diacritics", "diacritics_dropped", "no_email", "no_email", "no_email"),
    *(
        "merged",
        "second_email",
        "company",
        "no_email_namesakes",
        "other_phone",
        "other_first_name",
        "several_candidates",
    ),
)
"""Whose gifts the day has in any case: donors of each of these cases, one gift for each mention."""


class Sunday:
    """Collects the payments of a day."""

    def __init__(self, rng: Random, day: date, time_zone: str, donors: list[Donor]) -> None:
        self.gifts: list[Gift] = []
        self._rng = rng
        self._day = day
        self._zone = ZoneInfo(time_zone)
        self._by_case: dict[str, list[Donor]] = defaultdict(list)
        for donor in donors:
            self._by_case[donor.case].append(donor)

    def at(self, clock_time: time, days: int = 0) -> datetime:
        """Return the UTC moment of a local time of the day, or of a day near it."""
        local = datetime.combine(self._day + timedelta(days=days), clock_time, tzinfo=self._zone)
        return local.astimezone(UTC)

    def any_known(self) -> int:
        """Return the key of a donor without surprises."""
        return self._rng.choice(self._by_case["known"] or self._by_case["new"]).key

    def add(self, case: str, donor: int | None, **fields: Any) -> Gift:  # noqa: ANN401
        """Add a payment; amount, method, fee, fund and time are drawn unless they are given."""
        amount_cents = fields.pop("amount_cents", None) or self._amount_cents()
        created_at = fields.pop("created_at", None) or self._time()
        method: Literal["card", "bank"] = fields.pop("method", None) or (
            "bank" if self._rng.random() < BANK_SHARE else "card"
        )
        brand = self._rng.choice(_BANKS if method == "bank" else _BRANDS)
        fields.setdefault("allocations", ((self._rng.choice(_FUNDS), amount_cents),))
        fields.setdefault("succeeded_at", created_at + timedelta(seconds=3))
        gift = Gift(
            case, donor, amount_cents, created_at=created_at, method=method, brand=brand,
            last_four=f"{self._rng.randint(0, 9999):04d}", fee_cents=fee_cents(method, amount_cents),
            covers_fee=self._rng.random() < COVERED_SHARE, **fields,
        )  # fmt: skip
        self.gifts.append(gift)
        return gift

    def plain(self) -> None:
        """Add a gift of a donor without surprises, now and then split over two funds."""
        if self._rng.random() < SPLIT_SHARE:
            self.split(2)
        else:
            self.add("plain", self.any_known())

    def split(self, parts: int) -> None:
        """Add a gift over two or three funds."""
        amount_cents = self._amount_cents()
        first = amount_cents // parts
        rest = amount_cents - first * (parts - 1)
        cents = (rest, *(first,) * (parts - 1))
        allocations = tuple(zip((GENERAL, MISSIONS, BUILDING), cents, strict=False))
        self.add("split", self.any_known(), amount_cents=amount_cents, allocations=allocations)

    def twins(self, seconds_apart: int) -> None:
        """Add two equal gifts of one donor in one minute."""
        created_at = self._time().replace(second=10)
        first = self.add("twin", self.any_known(), amount_cents=5000, created_at=created_at)
        apart = timedelta(seconds=seconds_apart)
        second = replace(
            first, created_at=created_at + apart, succeeded_at=created_at + apart + timedelta(seconds=3)
        )
        self.gifts.append(second)

    def of_plan(self, plan: Plan) -> None:
        """Add the instalment of a plan, drawn early in the morning."""
        created_at = self.at(time(PLANNED_HOUR, self._rng.randint(0, 20), self._rng.randint(0, 59)))
        self.add(
            "recurring", plan.donor, amount_cents=plan.amount_cents, created_at=created_at,
            allocations=((plan.fund, plan.amount_cents),), plan=plan.key,
        )  # fmt: skip

    def of_each_donor_case(self) -> None:
        """Add gifts of donors who are not simply known."""
        seen: dict[str, int] = defaultdict(int)
        for case in DONOR_CASES:
            donors = self._by_case[case]
            self.add("plain", donors[seen[case] % len(donors)].key)
            seen[case] += 1

    def beside_the_gifts(self) -> None:
        """Add what is no gift of the day, or not yet: refunds, pending, failed, a test, service revenue."""
        for hour in (9, 11):
            self.add(
                "refunded", self.any_known(), created_at=self.at(time(hour, 15)),
                refunded_at=self.at(time(hour + 4, 30)), status="refunded",
            )  # fmt: skip
        for _ in range(3):
            self.add("pending", self.any_known(), method="bank", succeeded_at=None, status="pending")
        created_at = self._time()
        self.add(
            "failed", self.any_known(), created_at=created_at, succeeded_at=None, status="failed",
            failed_at=created_at + timedelta(seconds=3),
        )  # fmt: skip
        self.add("test", self.any_known(), is_test=True, amount_cents=100)
        self.add("service_revenue", self.any_known(), is_service_revenue=True, amount_cents=3500)

    def at_the_edges(self) -> None:
        """Add gifts at the day's first and last second, and one just outside on each side."""
        self.add("first_second", self.any_known(), created_at=self.at(time(0, 0, 0)))
        self.add("last_second", self.any_known(), created_at=self.at(time(23, 59, 59)))
        self.add("day_before", self.any_known(), created_at=self.at(time(23, 59, 59), days=-1))
        self.add("day_after", self.any_known(), created_at=self.at(time(0, 0, 0), days=1))

    def special(self) -> None:
        """Add one of everything else: guests, splits, a fund that only WeGive has, a cent too few."""
        self.twins(seconds_apart=20)
        self.twins(seconds_apart=0)
        for parts in (2, 2, 3):
            self.split(parts)
        for _ in range(2):
            self.add("guest", None)
            self.add(
                "fund_only_in_wegive",
                self.any_known(),
                amount_cents=4000,
                allocations=((ONLY_IN_WEGIVE, 4000),),
            )
        self.add(
            "allocations_off", self.any_known(), amount_cents=10_000,
            allocations=((GENERAL, 6667), (MISSIONS, 3332)),
        )  # fmt: skip

    def _amount_cents(self) -> int:
        if self._rng.random() < ODD_SHARE:
            return self._rng.choice(_ODD_CENTS)
        return self._rng.choice(_DOLLARS) * 100

    def _time(self) -> datetime:
        hour = self._rng.choice(_SERVICE_HOURS)
        return self.at(time(hour, self._rng.randint(0, 59), self._rng.randint(0, 59)))


def fee_cents(method: str, amount_cents: int) -> int:
    """Return the processor's fee, rounded half up."""
    if method == "bank":
        return min((amount_cents * BANK_FEE_PERMILLE + 500) // 1000, BANK_FEE_MOST_CENTS)
    return (amount_cents * CARD_FEE_PERMILLE + 500) // 1000 + CARD_FEE_FIXED_CENTS


def draw_plans(rng: Random, donors: list[Donor], day: date, count: int) -> list[Plan]:
    """Return scheduled donations of donors without surprises; the last is paused."""
    givers = rng.sample([donor for donor in donors if donor.case == "known"], count)
    frequencies = ("monthly", "monthly", "weekly", "quarterly", "annually")
    return [
        Plan(
            key, donor.key, rng.choice(_DOLLARS) * 100, rng.choice((GENERAL, GENERAL, MISSIONS)),
            rng.choice(frequencies), day - timedelta(days=rng.randint(60, 900)), is_paused=key == count - 1,
        )
        for key, donor in enumerate(givers)
    ]  # fmt: skip
