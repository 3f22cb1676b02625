"""A dry run."""

from __future__ import annotations

from tests.e2e.local_church import LocalChurch


def test_a_dry_run_says_what_a_push_would_do(hillside: LocalChurch) -> None:
    day = hillside.weeks_before(6)
    hillside.add_gifts(day, [4001, 4002])

    planned = hillside.push(day, dry_run=True)

    plan = planned.answer["plan"]
    assert planned.is_sound
    assert (plan["donations_to_create"], plan["cents_to_create"]) == (2, 8003)


def test_a_dry_run_writes_nothing_to_planning_center(hillside: LocalChurch) -> None:
    day = hillside.weeks_before(7)
    hillside.add_gifts(day, [4003])
    writes_before = hillside.writes()

    hillside.push(day, dry_run=True)

    assert hillside.writes() == writes_before


def test_a_dry_run_leaves_no_day_in_the_ledger(hillside: LocalChurch) -> None:
    day = hillside.weeks_before(8)
    hillside.add_gifts(day, [4004])

    planned = hillside.push(day, dry_run=True)

    assert planned.answer["day"] is None
    assert planned.answer["proof"] is None
