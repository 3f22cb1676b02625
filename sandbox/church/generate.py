"""Makes a church from a seed: the same seed and day make the same church."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from sandbox.church.accounts import GRACE, HILLSIDE, Account
from sandbox.church.gathering import gather, gather_plain
from sandbox.church.plan import Church, Donor, Fund, Plan
from sandbox.church.sunday import (
    BENEVOLENCE,
    BUILDING,
    GENERAL,
    MISSIONS,
    ONLY_IN_WEGIVE,
    YOUTH,
    Sunday,
    draw_plans,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

PLANS = 20
OUTSIDE_THE_DAY = 2
FUNDS = (
    Fund(GENERAL, "Tithes and offerings", is_default=True, code="1000"),
    Fund(MISSIONS, "Partners at home and abroad", code="2000"),
    Fund(BUILDING, "The new hall", code="3000"),
    Fund(YOUTH, "Scholarships for the summer", code="4000"),
    Fund(BENEVOLENCE, "Neighbors in need", code="5000"),
    Fund("Easter Flowers", "Closed after Easter", visibility="nowhere", code="6000"),
    Fund(ONLY_IN_WEGIVE, "Beds behind the parking lot", in_planning_center=False, code="7000"),
    Fund("Memorial Gifts", "Kept by the office", in_wegive=False, visibility="admin_only"),
)
SMALL_DONORS, SMALL_GIFTS = 12, 6


def generate(
    seed: int,
    day: date,
    time_zone: str = "America/Chicago",
    *,
    donors: int = 300,
    gifts: int = 120,
    known: bool = False,
    newcomers: int = 0,
    account: Account = GRACE,
    also: Sequence[Donor] = (),
) -> Church:
    """Return a church with one day of payments.

    Args:
        seed: decides everything that is drawn.
        day: the church-local day of the payments.
        time_zone: the church's IANA time zone.
        donors: how many WeGive has.
        gifts: how many payments lie on the day, those included that are no gifts (two more lie just outside).
        known: for benchmarks: no special cases, each payment is a sound gift, each donor known by email.
        newcomers: with `known`: so many donors are new to Planning Center, with email, phone and address.
        account: whose credentials and ids it bears.
        also: with `known`: donors of another church who belong to this one too, counted among `donors`.

    Raises:
        ValueError: too few donors or gifts for the cases, or `newcomers` or `also` without `known`.
    """
    rng = Random(seed)
    if known:
        crowd = gather_plain(rng, donors, newcomers, also)
        sunday = Sunday(rng, day, time_zone, crowd.donors)
        plans = []
        for number in range(gifts):
            sunday.add("plain", crowd.donors[number % donors].key)
    elif newcomers or also:
        raise ValueError("newcomers and also are for plain churches: say known=True as well")
    else:
        crowd = gather(rng, donors)
        sunday = Sunday(rng, day, time_zone, crowd.donors)
        known_donors = sum(donor.case == "known" for donor in crowd.donors)
        plans = draw_plans(rng, crowd.donors, day, min(PLANS, known_donors))
        _fill(sunday, gifts, [plan for plan in plans if not plan.is_paused])
    ordered = sorted(sunday.gifts, key=lambda gift: gift.created_at)
    return Church(
        account,
        seed,
        day,
        time_zone,
        tuple(crowd.people),
        tuple(crowd.donors),
        FUNDS,
        tuple(plans),
        tuple(ordered),
    )


def sample_churches(seed: int, day: date, time_zone: str = "America/Chicago") -> tuple[Church, Church]:
    """Return the sample church, and a small second one that some of its donors belong to as well."""
    grace = generate(seed, day, time_zone)
    also = [donor for donor in grace.donors if donor.case == "known"][: SMALL_DONORS // 2]
    hillside = generate(
        seed, day, time_zone, donors=SMALL_DONORS, gifts=SMALL_GIFTS, known=True, account=HILLSIDE, also=also
    )
    return grace, hillside


def _fill(sunday: Sunday, gifts: int, plans: list[Plan]) -> None:
    """Add every case, then plain gifts until the day has as many payments as asked for."""
    sunday.of_each_donor_case()
    sunday.special()
    sunday.beside_the_gifts()
    sunday.at_the_edges()
    for plan in plans:
        sunday.of_plan(plan)
    missing = gifts + OUTSIDE_THE_DAY - len(sunday.gifts)
    if missing < 0:
        raise ValueError(f"the sample's cases need at least {gifts - missing} gifts")
    for _ in range(missing):
        sunday.plain()
