"""What happens between a create of unknown outcome, or a recorded donation, and the commit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx

from narthex.domain.correlation import Answer, Review
from narthex.domain.ledger import DayStatus, FindingKind, FindingState, GiftState
from sandbox.planning_center.staff import delete_batch, delete_donation, edit_donation, merge_people
from sandbox.planning_center.store import Store
from sandbox.wegive import staff as wegive_staff
from tests.simulation.parish import DAY, ORGANIZATION, PLANNING_CENTER_URL, SECRET
from tests.support.parish_push import ParishPush

CREATE = r"POST planning-center\.test /giving/v2/batches/\d+/donations"
COMMIT = r"POST planning-center\.test /giving/v2/batches/\d+/commit"
CHURCH = "7"


def cents(church: ParishPush) -> list[int]:
    """All donations of the church, in cents."""
    donations = Store(church.parish.planning_center_records).all("Donation", CHURCH)
    return sorted(
        sum(part["attributes"]["amount_cents"] for part in donation["designations"]) for donation in donations
    )


def without_an_answer(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("no answer", request=request)


def staff_call(church: ParishPush, method: str, path: str, data: dict[str, Any]) -> dict[str, Any]:
    """What a member of staff does in Planning Center, by its API."""
    with httpx.Client(
        transport=church.parish.planning_center,
        base_url=PLANNING_CENTER_URL,
        auth=(SECRET.application_id, SECRET.secret),
        headers={"User-Agent": "Office (office@parish.example)", "X-PCO-API-Version": "2019-10-18"},
    ) as client:
        answer = client.request(method, f"/giving/v2/{path}", json={"data": data})
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()["data"]
    return found


def move_one_donation(church: ParishPush) -> str:
    """Staff move the first donation into a batch of their own; its id."""
    batch = staff_call(church, "POST", "batches", {"attributes": {"description": "Moved by hand"}})
    donation_id = str(Store(church.parish.planning_center_records).all("Donation", CHURCH)[0]["id"])
    to_batch = {"batch": {"data": {"type": "Batch", "id": batch["id"]}}}
    staff_call(church, "PATCH", f"donations/{donation_id}", {"relationships": to_batch})
    return donation_id


def stopped_before_the_commit(church: ParishPush) -> None:
    """Two gifts are in the batch, and the commit is refused for now."""
    church.parish.give("Ana", 2500, minute=0)
    church.parish.give("Ben", 4000, minute=5)
    refusal = httpx.Response(422, json={"errors": [{"status": "422", "detail": "not now"}]})
    with church.door.answering(COMMIT, lambda _: refusal):
        church.push()


def test_a_donation_that_staff_moved_to_another_batch_is_not_entered_again(church: ParishPush) -> None:
    stopped_before_the_commit(church)
    move_one_donation(church)
    church.clock.pass_time(3_600_000)

    church.push()

    assert cents(church) == [2500, 4000]
    [finding] = [f for f in church.ledger.findings(ORGANIZATION.id, DAY) if f.kind is FindingKind.DOUBTFUL]
    assert "was moved to batch" in finding.text


def test_a_moved_donation_stays_unentered_at_every_later_look(church: ParishPush) -> None:
    stopped_before_the_commit(church)
    move_one_donation(church)
    church.clock.pass_time(3_600_000)
    church.push()

    for _ in range(3):
        church.clock.pass_time(86_400_000)
        church.push()

    assert cents(church) == [2500, 4000]


def test_a_moved_donation_that_is_deleted_after_all_is_entered_again(church: ParishPush) -> None:
    stopped_before_the_commit(church)
    moved = move_one_donation(church)
    church.clock.pass_time(3_600_000)
    church.push()
    delete_donation(church.parish.planning_center_records, CHURCH, moved, church.clock.now)
    church.clock.pass_time(86_400_000)

    church.push()
    church.clock.pass_time(86_400_000)
    church.push()

    assert cents(church) == [2500, 4000]


def test_a_payment_that_changed_while_its_create_was_in_doubt_is_sent_as_it_is_now(
    church: ParishPush,
) -> None:
    gift = church.parish.give("Ana", 2500, minute=0)
    church.parish.give("Ben", 4000, minute=5)
    with church.door.answering(CREATE, without_an_answer):
        church.push_once()
    wegive = church.parish.wegive_records
    wegive_staff.edit_payment(wegive, church.clock.now, ORGANIZATION.id, gift, {"amount": 3000})
    church.clock.pass_time(3_600_000)

    day = church.push()

    assert day is not None
    assert day.status is DayStatus.COMMITTED
    assert cents(church) == [3000, 4000]


def test_a_payment_that_was_refunded_while_its_create_was_in_doubt_is_not_in_the_batch(
    church: ParishPush,
) -> None:
    gift = church.parish.give("Ana", 2500, minute=0)
    church.parish.give("Ben", 4000, minute=5)
    with church.door.answering(CREATE, without_an_answer):
        church.push_once()
    wegive_staff.refund(church.parish.wegive_records, church.clock.now, ORGANIZATION.id, gift)
    church.clock.pass_time(3_600_000)

    day = church.push()

    assert day is not None
    assert day.status is DayStatus.COMMITTED
    assert cents(church) == [4000]
    states = {each.transaction_id: each.state for each in church.ledger.gifts(ORGANIZATION.id, DAY)}
    assert states[str(gift)] is GiftState.WITHDRAWN
    findings = church.ledger.findings(ORGANIZATION.id, DAY)
    assert all(finding.state is FindingState.RESOLVED for finding in findings)


def test_a_person_whom_staff_asked_to_create_is_created_once_though_the_answer_is_lost(
    church: ParishPush,
) -> None:
    church.parish.give("Nils", 7700, minute=0)
    donor_id = str(church.parish.donor_ids["Nils"])
    church.reviews.open(ORGANIZATION.id, Review(donor_id, "Who is this?", "asked", (), 0))
    [review] = church.reviews.all(ORGANIZATION.id)
    church.reviews.decide(ORGANIZATION.id, replace(review, answer=Answer.CREATE))

    def lose_the_answer(request: httpx.Request) -> httpx.Response:
        church.parish.planning_center.handle_request(request)
        raise httpx.ReadTimeout("no answer", request=request)

    with church.door.answering(r"POST planning-center\.test /people/v2/people$", lose_the_answer):
        church.push_once()
    church.clock.pass_time(3_600_000)

    church.push()

    people = Store(church.parish.planning_center_records).all("Person", CHURCH)
    assert [person["attributes"]["first_name"] for person in people].count("Nils") == 1
    assert cents(church) == [7700]


def test_a_donation_given_to_another_person_before_the_commit_is_set_right(church: ParishPush) -> None:
    stopped_before_the_commit(church)
    records = church.parish.planning_center_records
    donation = Store(records).all("Donation", CHURCH)[0]
    [bea] = church.people("Bea")
    edit_donation(records, CHURCH, donation["id"], {"person": bea}, church.clock.now)

    church.push()

    assert sorted(each["relations"]["person"] for each in Store(records).all("Donation", CHURCH)) == sorted(
        church.people("Ana") + church.people("Ben")
    )


def test_a_donation_given_to_another_person_after_the_commit_is_shown(church: ParishPush) -> None:
    church.parish.give("Ana", 2500, minute=0)
    church.push()
    records = church.parish.planning_center_records
    [donation] = Store(records).all("Donation", CHURCH)
    [bea] = church.people("Bea")
    edit_donation(records, CHURCH, donation["id"], {"person": bea}, church.clock.now)

    church.sleep_until_woken()

    [finding] = church.ledger.findings(ORGANIZATION.id, DAY)
    assert "another fund or donor" in finding.text


def test_a_person_merged_after_the_commit_is_no_finding(church: ParishPush) -> None:
    church.parish.give("Ana", 2500, minute=0)
    church.push()
    records = church.parish.planning_center_records
    [ana], [bea] = church.people("Ana"), church.people("Bea")
    merge_people(records, CHURCH, bea, ana, church.clock.now)

    church.sleep_until_woken()

    assert church.ledger.findings(ORGANIZATION.id, DAY) == []


def test_a_late_gift_for_a_committed_batch_that_staff_deleted_does_not_keep_the_worker_busy(
    church: ParishPush,
) -> None:
    church.parish.give("Ana", 2500, minute=0)
    church.push()
    batch = church.head().batch_id
    delete_batch(church.parish.planning_center_records, CHURCH, str(batch), church.clock.now)
    church.parish.give("Ben", 4000, minute=5)
    church.clock.pass_time(86_400_000)
    runs = church.runs

    church.push()

    assert church.runs - runs < 20
    assert {f.kind for f in church.ledger.findings(ORGANIZATION.id, DAY)} == {FindingKind.MISSING}
