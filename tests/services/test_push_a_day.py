"""A day's gifts go into one committed batch, once (S30-S33, S35)."""

from __future__ import annotations

import httpx

from narthex.domain.ledger import DayStatus
from sandbox.wegive.staff import edit_payment
from sandbox.wegive.tables import add
from tests.simulation.parish import DAY
from tests.support.parish_push import DAY_MS, ParishPush


def a_sunday(church: ParishPush) -> list[int]:
    """Twins, a split, a newcomer and a guest: 206.00 in five gifts."""
    give = church.parish.give
    return [
        give("Ana", 2500, minute=0),
        give("Ana", 2500, minute=0),
        give("Ben", 4000, minute=5, allocations=[("General", 1500), ("Missions", 2500)]),
        give("Nils", 7700, minute=9),
        give(None, 3900, minute=12),
    ]


def test_a_day_ends_in_one_committed_batch_equal_to_wegive(church: ParishPush) -> None:
    a_sunday(church)

    church.push()

    (batch,) = church.batches()
    assert batch["attributes"]["description"] == f"WeGive Import - {DAY.isoformat()}"
    assert batch["attributes"]["status"] == "committed"
    assert batch["attributes"]["total_cents"] == 20_600
    assert church.cents() == [2500, 2500, 3900, 4000, 7700]
    assert church.head().status is DayStatus.COMMITTED


def test_the_proof_of_the_day_adds_up(church: ParishPush) -> None:
    a_sunday(church)

    church.push()

    proof = church.proof()
    assert (proof["status"], proof["batch_id"]) == ("committed", church.batches()[0]["id"])
    assert (proof["wegive_gifts"], proof["wegive_cents"]) == (5, 20_600)
    assert (proof["planning_center_gifts"], proof["planning_center_cents"]) == (5, 20_600)
    assert (proof["unexplained_cents"], proof["held"], proof["findings"]) == (0, [], [])
    assert {fund["name"]: fund["planning_center_cents"] for fund in proof["funds"]} == {
        "General": 18_100,
        "Missions": 2500,
    }


def test_a_second_push_changes_nothing(church: ParishPush) -> None:
    a_sunday(church)
    church.push()
    before, written = church.proof(), len(church.door.writes())

    church.push()

    assert len(church.door.writes()) == written
    assert church.proof() == before


def test_a_day_of_known_donors_costs_little_more_than_one_request_a_gift(church: ParishPush) -> None:
    for minute in range(100):
        church.parish.give("Ana", 1000 + minute, minute=minute)
    church.push()
    for minute in range(100):
        church.parish.give("Ana", 1000 + minute, minute=minute)
    church.door.requests.clear()

    church.push()

    asked = [each for each in church.door.requests if "planning-center" in each]
    assert len(asked) <= 110


def test_a_gift_that_appears_after_the_commit_goes_into_the_same_batch_as_late(church: ParishPush) -> None:
    a_sunday(church)
    church.push()

    late = church.parish.give("Ben", 1200, minute=30)
    church.push()

    assert len(church.batches()) == 1
    assert church.gift(late).late
    assert [line["transaction_id"] for line in church.proof()["late"]] == [str(late)]
    assert church.proof()["wegive_cents"] == church.proof()["planning_center_cents"] == 21_800
    assert church.proof()["unexplained_cents"] == 0


def test_an_empty_day_makes_no_batch(church: ParishPush) -> None:
    church.push()

    assert church.batches() == []
    assert church.head().status is DayStatus.EMPTY
    assert church.door.writes() == []
    assert church.proof()["unexplained_cents"] == 0


def test_the_first_gift_of_a_day_that_was_empty_makes_its_batch(church: ParishPush) -> None:
    church.push()

    church.parish.give("Ana", 2500, minute=0)
    church.push()

    assert church.head().status is DayStatus.COMMITTED
    assert church.cents() == [2500]


def test_the_commit_is_awaited(church: ParishPush) -> None:
    church.parish.options.commit_seconds = 30
    a_sunday(church)

    church.push()

    assert church.batches()[0]["attributes"]["status"] == "committed"
    assert church.head().status is DayStatus.COMMITTED
    assert church.proof()["status"] == "committed"


def test_a_list_that_lags_delays_the_commit_and_doubles_nothing(church: ParishPush) -> None:
    church.parish.options.list_lag_seconds = 60
    a_sunday(church)

    church.push()

    assert church.head().status is DayStatus.COMMITTED
    assert church.cents() == [2500, 2500, 3900, 4000, 7700]
    assert not [each for each in church.door.writes() if each.startswith("DELETE")]


def test_a_day_larger_than_one_run_is_continued_and_ends_the_same(church: ParishPush) -> None:
    church.request_ms = 400
    for minute in range(40):
        church.parish.give("Ana", 1000 + minute, minute=minute)

    church.push(budget_ms=17_000)

    assert church.runs > 2
    assert church.head().status is DayStatus.COMMITTED
    assert church.cents() == [1000 + minute for minute in range(40)]
    assert church.proof()["unexplained_cents"] == 0


def test_a_correction_before_the_commit_changes_the_donation(church: ParishPush) -> None:
    church.reset_settings()
    gifts = a_sunday(church)
    church.parish.give("Ana", 100, minute=1, allocations=[("General", 60), ("Missions", 41)])
    church.push()
    assert church.head().status is DayStatus.HOLDING

    records, clock = church.parish.wegive_records, church.clock.now
    changes = {"amount": 8000, "fund_id": church.parish.fund_ids["Missions"], "donor_id": None}
    edit_payment(records, clock, "parish", gifts[3], changes)
    church.push()

    assert church.cents() == [2500, 2500, 3900, 4000, 8000]
    assert church.giver(gifts[3]) is None
    assert church.proof()["unexplained_cents"] == 0


def test_a_gift_at_the_last_second_of_the_day_is_in_it_and_one_at_midnight_is_not(
    church: ParishPush,
) -> None:
    from_ten = 14 * 60  # minutes from ten in the morning until midnight
    last = church.parish.give("Ana", 100, minute=from_ten - 1)
    records, clock = church.parish.wegive_records, church.clock.now
    edit_payment(records, clock, "parish", last, {"created_at": "2026-11-16T05:59:59Z"})
    church.parish.give("Ana", 200, minute=from_ten)

    church.push()

    assert church.cents() == [100]


def test_a_gift_from_a_recurring_plan_carries_the_label_recurring(church: ParishPush) -> None:
    plan = add(church.parish.wegive_records, "scheduled_donation", "parish", church.clock.now(), amount=2500)
    records = church.parish.wegive_records
    for minute in (0, 1):
        gift = church.parish.give("Ana", 2500, minute=minute)
        row = records.get("transaction", str(gift))
        assert row is not None
        records.put("transaction", str(gift), {**row, "scheduled_donation_id": plan["id"]})
    church.parish.give("Ben", 4000, minute=5)

    church.push()

    labels = [donation["relations"]["labels"] for donation in church.donations()]
    assert len(labels[0]) == 1
    assert labels == [labels[0], labels[0], []]


def test_fees_are_carried_over_and_stand_in_the_proof(church: ParishPush) -> None:
    records = church.parish.wegive_records
    gift = church.parish.give("Ana", 2500, minute=0)
    row = records.get("transaction", str(gift))
    assert row is not None
    records.put("transaction", str(gift), {**row, "fee_amount": 103})

    church.push()

    assert [donation["attributes"]["fee_cents"] for donation in church.donations()] == [-103]
    assert church.proof()["fees_cents"] == -103
    assert church.cents() == [2500]


def test_a_gift_that_is_refused_every_night_does_not_put_off_the_audits(church: ParishPush) -> None:
    church.parish.give("Ana", 2500, minute=0)
    church.parish.give("Ben", 4000, minute=5)
    refused = httpx.Response(422, json={"errors": [{"status": "422", "detail": "is not allowed"}]})

    def refuse_ben(request: httpx.Request) -> httpx.Response:
        ben = f'"id":"{church.people("Ben")[0]}"'.encode()
        return refused if ben in request.read() else church.parish.planning_center.handle_request(request)

    with church.door.answering("POST .*/donations$", refuse_ben):
        church.push()
        for _ in range(9):
            church.clock.pass_time(DAY_MS)
            church.push()

    assert church.head().audits_done == 3
    assert church.cents() == [2500]
    assert "is not allowed" in church.proof()["held"][0]["reason"]
