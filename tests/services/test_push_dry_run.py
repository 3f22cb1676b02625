"""A plan says what a push would do, and writes nothing but itself (S40)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from narthex.domain.ledger import DayStatus, FindingKind
from sandbox.wegive.staff import edit_donor, edit_payment, refund
from sandbox.wegive.tables import add
from tests.simulation.parish import DAY, ORGANIZATION
from tests.support.parish_push import MINUTE_MS, ParishPush


def a_mixed_day(church: ParishPush) -> None:
    """Six gifts: two known donors, one to create, one in question, one off by a cent, one for a new fund."""
    give = church.parish.give
    records, clock = church.parish.wegive_records, church.clock.now
    fund = add(records, "fund", "parish", clock(), name="Choir")
    church.parish.fund_ids["Choir"] = int(fund["id"])
    asked = add(
        records, "donor", "parish", clock(), first_name="Otto", last_name="Ohm", email_1="ana@parish.example"
    )
    church.parish.donor_ids["Otto"] = int(asked["id"])
    give("Ana", 2500, minute=0)
    give("Ben", 4000, minute=1, allocations=[("General", 1500), ("Missions", 2500)])
    give("Nils", 7700, minute=2)
    give("Otto", 900, minute=3)
    give("Ana", 100, minute=4, allocations=[("General", 60), ("Missions", 41)])
    give("Ana", 300, minute=5, fund="Choir")


def kept(church: ParishPush) -> dict[str, Any]:
    """All that a plan must leave as it is."""
    return {
        "vendors": church.door.writes(),
        "day": church.ledger.read_day(ORGANIZATION.id, DAY),
        "gifts": church.ledger.gifts(ORGANIZATION.id, DAY),
        "findings": church.ledger.findings(ORGANIZATION.id, DAY),
        "proof": church.ledger.get_document(ORGANIZATION.id, DAY, "proof"),
        "reviews": church.reviews.all(ORGANIZATION.id),
        "ties": str(church.correlations._forward),
        "tied_days": str(church.ledger._tied),
        "cleared": church.ledger.preflight_passed(ORGANIZATION.id),
        "jobs": church.queue.jobs(),
    }


def test_a_plan_writes_nothing_at_either_vendor_nor_in_the_ledger(church: ParishPush) -> None:
    a_mixed_day(church)
    before = kept(church)

    church.push(dry_run=True)

    assert kept(church) == before
    assert church.ledger.writes == 1  # the plan itself


def test_a_plan_says_what_the_push_then_does(church: ParishPush) -> None:
    a_mixed_day(church)
    church.push(dry_run=True)
    plan = church.plan()

    church.push()

    proof = church.proof()
    assert plan["refused"] is None
    assert plan["donations_to_create"] == proof["planning_center_gifts"] == 4
    assert plan["cents_to_create"] == proof["planning_center_cents"] == 14_500
    assert plan["people_to_create"] == len(church.people("Nils")) == 1
    assert plan["people_to_link"] == 2
    assert plan["reviews_to_open"] == len(church.reviews.all(ORGANIZATION.id)) == 1
    assert plan["funds_to_create"] == ["Choir"]
    assert plan["held"] == proof["held"]


def test_a_plan_counts_the_requests_of_the_push_about_right(church: ParishPush) -> None:
    for minute in range(60):
        church.parish.give("Ana", 1000 + minute, minute=minute)
    church.parish.give("Nils", 7700, minute=2)
    church.push(dry_run=True)
    church.door.requests.clear()

    church.push_once()
    church.work(until_ms=5 * MINUTE_MS)

    sent = len([each for each in church.door.requests if "planning-center" in each])
    assert church.head().status is DayStatus.COMMITTED
    assert abs(church.plan()["requests"] - sent) <= 5
    assert church.plan()["minutes"] == 1


def test_a_plan_of_a_pushed_day_has_nothing_to_do(church: ParishPush) -> None:
    church.parish.give("Ana", 2500, minute=0)
    church.push()

    church.push(dry_run=True)

    plan = church.plan()
    assert (plan["donations_to_create"], plan["already_recorded"]) == (0, 1)
    assert plan["held"] == []


def test_a_plan_of_a_committed_day_names_refunds_but_no_correction_for_those_are_for_people(
    church: ParishPush,
) -> None:
    refunded, edited = (church.parish.give("Ana", cents, minute=0) for cents in (2500, 4000))
    church.push()
    records, clock = church.parish.wegive_records, church.clock.now
    refund(records, clock, "parish", refunded)
    edit_payment(records, clock, "parish", edited, {"amount": 3000})
    church.push(dry_run=True)
    plan = church.plan()

    church.push()

    issued = [each for each in church.door.writes() if each.endswith("/issue_refund")]
    assert plan["refunds_to_issue"] == len(issued) == 1
    assert plan["donations_to_correct"] == 0
    assert len(church.findings(FindingKind.EDITED)) == 1


def test_a_plan_of_an_open_batch_counts_its_corrections(church: ParishPush) -> None:
    church.reset_settings()
    edited = church.parish.give("Ana", 4000, minute=0)
    church.parish.give("Ana", 100, minute=4, allocations=[("General", 60), ("Missions", 41)])
    church.push()
    edit_payment(church.parish.wegive_records, church.clock.now, "parish", edited, {"amount": 3000})
    church.push(dry_run=True)

    assert church.plan()["donations_to_correct"] == 1


def test_an_unreadable_payment_is_in_the_plan_with_its_problem(church: ParishPush) -> None:
    gift = church.parish.give("Ana", 1234, minute=0)
    row = church.parish.wegive_records.get("transaction", str(gift))
    assert row is not None
    church.parish.wegive_records.put("transaction", str(gift), {**row, "wire": {"amount": "12.34"}})

    church.push(dry_run=True)

    (line,) = church.plan()["held"]
    assert line["transaction_id"] == str(gift)
    assert "'12.34' is not a whole number of cents" in line["reason"]


@pytest.mark.parametrize(
    ("host", "answer", "says"),
    [
        ("planning-center.test", httpx.Response(401, text="HTTP Basic: Access denied."), "connect the"),
        ("planning-center.test", httpx.Response(403, html="<html></html>"), "firewall"),
        (
            "wegive.test",
            httpx.Response(401, json={"message": "Unauthenticated."}),
            "make a new one in WeGive",
        ),
        ("wegive.test", httpx.Response(503, text="down"), "no believable answer"),
        ("wegive.test", httpx.Response(200, json=["export"]), "ask WeGive what the token may read"),
    ],
)
def test_a_plan_that_cannot_be_made_says_why(
    church: ParishPush, host: str, answer: httpx.Response, says: str
) -> None:
    a_mixed_day(church)

    with church.door.answering(f" {host} ", lambda _request: answer):
        church.push(dry_run=True)

    assert says in church.plan()["refused"]
    assert church.plan()["donations_to_create"] == 0
    assert church.queue.jobs() == []


def test_a_plan_says_that_the_push_would_be_refused(church: ParishPush) -> None:
    church.parish.give("Ana", 2500, minute=0)
    church.push()
    church.ledger._days.clear()  # as if another installation had made the batch
    church.ledger._gifts.clear()

    church.push(dry_run=True)

    assert "named 'WeGive Import - 2026-11-15', which we did not make" in church.plan()["refused"]


def test_a_later_plan_takes_the_place_of_the_earlier_one(church: ParishPush) -> None:
    church.parish.give("Nils", 2500, minute=0)
    church.push(dry_run=True)
    nonce = church.plan()["nonce"]
    records, clock = church.parish.wegive_records, church.clock.now
    edit_donor(records, clock, "parish", church.parish.donor_ids["Nils"], {"email_1": "ana@parish.example"})

    church.push(dry_run=True)

    assert church.plan()["nonce"] != nonce
    assert (church.plan()["people_to_create"], church.plan()["reviews_to_open"]) == (0, 1)
