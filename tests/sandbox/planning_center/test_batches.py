from __future__ import annotations

import pytest

from tests.sandbox.planning_center.church import Church, body

BATCHES = "/giving/v2/batches"


def test_a_new_batch_is_in_progress_and_empty(church: Church) -> None:
    attributes = church.attributes(f"{BATCHES}/{church.batch('Sunday')}")

    assert attributes == {
        "committed_at": None,
        "created_at": "2026-11-22T14:00:00Z",
        "description": "Sunday",
        "status": "in_progress",
        "total_cents": 0,
        "total_currency": "USD",
        "updated_at": "2026-11-22T14:00:00Z",
    }


def test_several_batches_may_have_one_description(church: Church) -> None:
    assert church.batch("Sunday") != church.batch("Sunday")


def test_a_batch_without_donations_cannot_be_committed(church: Church) -> None:
    batch_id = church.batch()

    assert church.post(f"{BATCHES}/{batch_id}/commit").status_code == 422
    assert church.attributes(f"{BATCHES}/{batch_id}")["status"] == "in_progress"


def test_a_commit_takes_its_time(church: Church) -> None:
    church.options.commit_seconds = 40
    batch_id = church.batch()
    donation_id = church.donation(batch_id)
    church.post(f"{BATCHES}/{batch_id}/commit")
    church.wait(39)

    before = church.attributes(f"{BATCHES}/{batch_id}")
    pending = church.attributes(f"/giving/v2/donations/{donation_id}")["payment_status"]
    church.wait(21)
    after = church.attributes(f"{BATCHES}/{batch_id}")

    assert (before["status"], before["committed_at"], pending) == ("updating", None, "pending")
    assert (after["status"], after["committed_at"]) == ("committed", "2026-11-22T14:00:40Z")


def test_a_commit_marks_its_donations(church: Church) -> None:
    batch_id = church.committed_batch(5_000)

    attributes = church.data(f"{BATCHES}/{batch_id}/donations")[0]["attributes"]

    assert (attributes["payment_status"], attributes["refundable"]) == ("succeeded", True)
    assert attributes["completed_at"] == "2026-11-22T14:00:00Z"


def test_a_batch_is_not_committed_twice(church: Church) -> None:
    church.options.commit_seconds = 40
    batch_id = church.batch()
    church.donation(batch_id)
    church.post(f"{BATCHES}/{batch_id}/commit")

    while_updating = church.post(f"{BATCHES}/{batch_id}/commit").status_code
    church.wait(40)

    assert (while_updating, church.post(f"{BATCHES}/{batch_id}/commit").status_code) == (422, 422)


def test_nothing_in_an_updating_batch_can_be_changed(church: Church) -> None:
    church.options.commit_seconds = 40
    batch_id = church.batch()
    donation_id = church.donation(batch_id)
    church.post(f"{BATCHES}/{batch_id}/commit")

    statuses = [
        church.patch(f"{BATCHES}/{batch_id}", body("Batch", {"description": "x"})).status_code,
        church.delete(f"{BATCHES}/{batch_id}").status_code,
        church.post(f"{BATCHES}/{batch_id}/donations", church.gift()).status_code,
        church.patch(f"/giving/v2/donations/{donation_id}", body("Donation", {"fee_cents": -1})).status_code,
        church.delete(f"/giving/v2/donations/{donation_id}").status_code,
    ]

    assert statuses == [422] * 5


def test_a_donation_that_joins_a_committed_batch_is_committed_at_once(church: Church) -> None:
    batch_id = church.committed_batch(5_000)
    church.wait(3_600)

    donation_id = church.donation(batch_id, 700)

    attributes = church.attributes(f"/giving/v2/donations/{donation_id}")
    assert (attributes["payment_status"], attributes["completed_at"]) == ("succeeded", "2026-11-22T15:00:00Z")
    assert church.attributes(f"{BATCHES}/{batch_id}")["total_cents"] == 5_700


def test_the_total_follows_its_donations(church: Church) -> None:
    batch_id = church.batch()
    first, _ = church.donation(batch_id, 5_000), church.donation(batch_id, 250)

    church.delete(f"/giving/v2/donations/{first}")

    assert church.attributes(f"{BATCHES}/{batch_id}")["total_cents"] == 250


def test_the_number_of_donations_comes_only_when_fields_ask(church: Church) -> None:
    batch_id = church.committed_batch(5_000, 250)

    assert "donations_count" not in church.attributes(f"{BATCHES}/{batch_id}")
    assert church.attributes(f"{BATCHES}/{batch_id}", **{"fields[Batch]": "donations_count"}) == {
        "donations_count": 2
    }


def test_a_deleted_batch_takes_its_donations_along_when_its_time_has_come(church: Church) -> None:
    church.options.commit_seconds = 40
    batch_id = church.batch()
    donation_id = church.donation(batch_id)

    assert church.delete(f"{BATCHES}/{batch_id}").status_code == 204
    status = church.attributes(f"{BATCHES}/{batch_id}")["status"]
    church.wait(40)

    assert status == "updating"
    assert church.get(f"{BATCHES}/{batch_id}").status_code == 404
    assert church.get(f"/giving/v2/donations/{donation_id}").status_code == 404


def test_a_committed_batch_cannot_be_deleted(church: Church) -> None:
    assert church.delete(f"{BATCHES}/{church.committed_batch(100)}").status_code == 422


@pytest.mark.parametrize(("name", "found"), [("committed", 0), ("in_progress", 1)])
def test_batches_are_filtered_by_status(church: Church, name: str, found: int) -> None:
    ids = [church.committed_batch(100), church.batch()]

    assert [each["id"] for each in church.data(BATCHES, filter=name)] == [ids[found]]


def test_batches_are_ordered_by_their_last_change_only(church: Church) -> None:
    first = church.batch()
    church.wait(10)
    second = church.batch()

    assert [each["id"] for each in church.data(BATCHES, order="-updated_at")] == [second, first]
    assert church.get(BATCHES, order="created_at").status_code == 400


def test_a_batch_in_a_group_is_committed_with_its_group(church: Church) -> None:
    group_id = church.make("/giving/v2/batch_groups", body("BatchGroup", {"description": "Advent"}))
    batch_id = church.make(f"/giving/v2/batch_groups/{group_id}/batches", body("Batch"))
    church.donation(batch_id, 300)

    alone = church.post(f"{BATCHES}/{batch_id}/commit").status_code
    together = church.post(f"/giving/v2/batch_groups/{group_id}/commit").status_code

    assert (alone, together) == (422, 204)
    assert church.attributes(f"{BATCHES}/{batch_id}")["status"] == "committed"
    assert church.attributes(f"/giving/v2/batch_groups/{group_id}")["total_cents"] == 300
