"""A gift belongs to one church day for good, whatever becomes of the church's time zone (S30, S33)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sandbox.wegive.staff import add_gift
from tests.simulation.parish import DAY
from tests.support.parish_push import DAY_MS, ParishPush

MONDAY = DAY + timedelta(days=1)


def give_at(church: ParishPush, created_at: str, cents: int) -> int:
    parish = church.parish
    donor_id, fund_id = parish.donor_ids["Ana"], parish.fund_ids["General"]
    row = add_gift(parish.wegive_records, church.clock.now, "parish", donor_id, cents, fund_id, created_at)
    return int(row["id"])


def live_in(church: ParishPush, time_zone: str) -> None:
    church.organizations.put(replace(church.organization, time_zone=time_zone))


def cents_of(church: ParishPush, day: date) -> int:
    total: int = church.proof(day)["planning_center_cents"]
    return total


def test_the_evening_belongs_to_the_churchs_day_not_to_utcs(church: ParishPush) -> None:
    give_at(church, "2026-11-16T05:59:59Z", 100)  # 23:59:59 on Sunday in Chicago
    give_at(church, "2026-11-16T06:00:00Z", 200)  # midnight

    church.clock.pass_time(DAY_MS)
    church.push(DAY)
    church.push(MONDAY)

    assert (cents_of(church, DAY), cents_of(church, MONDAY)) == (100, 200)


@pytest.mark.parametrize(
    ("day", "first", "last", "beyond"),
    [
        (date(2026, 3, 8), "2026-03-08T06:00:00Z", "2026-03-09T04:59:59Z", "2026-03-09T05:00:00Z"),
        (date(2026, 11, 1), "2026-11-01T05:00:00Z", "2026-11-02T05:59:59Z", "2026-11-02T06:00:00Z"),
    ],
)
def test_a_day_of_a_clock_change_has_all_its_hours_and_no_others(
    church: ParishPush, day: date, first: str, last: str, beyond: str
) -> None:
    give_at(church, first, 100)
    give_at(church, last, 200)
    give_at(church, beyond, 400)

    church.push(day)

    assert cents_of(church, day) == 300


def test_a_change_of_the_time_zone_pushes_no_gift_twice(church: ParishPush) -> None:
    give_at(church, "2026-11-16T04:30:00Z", 100)  # 22:30 on Sunday in Chicago, 23:30 in New York
    give_at(church, "2026-11-16T05:30:00Z", 200)  # 23:30 on Sunday in Chicago, 0:30 on Monday in New York
    church.clock.pass_time(DAY_MS)
    church.push(DAY)

    live_in(church, "America/New_York")
    church.push(DAY)
    church.push(MONDAY)

    assert church.cents() == [100, 200]
    assert (church.proof(DAY)["unexplained_cents"], church.proof(MONDAY)["unexplained_cents"]) == (0, 0)
    (line,) = church.proof(MONDAY)["held"]
    assert line["reason"] == "it belongs to the batch of 2026-11-15 already; see that day's proof"


def test_a_gift_that_another_day_has_is_not_pushed_at_the_next_look_either(church: ParishPush) -> None:
    give_at(church, "2026-11-16T05:30:00Z", 200)
    church.clock.pass_time(DAY_MS)
    church.push(DAY)
    live_in(church, "America/New_York")
    church.push(MONDAY)

    for _ in range(2):
        church.clock.pass_time(DAY_MS)
        church.push(MONDAY)

    assert church.cents() == [200]


def test_a_change_of_the_time_zone_loses_no_gift(church: ParishPush) -> None:
    give_at(church, "2026-11-16T05:30:00Z", 200)  # on Sunday in Chicago, not pushed there
    church.clock.pass_time(DAY_MS)

    live_in(church, "America/New_York")
    church.push(DAY)
    church.push(MONDAY)

    assert church.cents() == [200]
    assert cents_of(church, MONDAY) == 200
