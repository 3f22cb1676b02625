"""What happens to a day after its batch is committed: a late gift, a full refund."""

from __future__ import annotations

from collections import Counter

from tests.e2e.local_church import LocalChurch


def test_a_late_gift_goes_into_the_batch_that_is_committed_already(hillside: LocalChurch) -> None:
    day = hillside.weeks_before(2)
    hillside.add_gifts(day, [1100, 1200])
    assert hillside.push(day).is_sound
    (committed,) = hillside.batches(day)
    hillside.add_gifts(day, [1300])

    pushed = hillside.push(day)

    (batch,) = hillside.batches(day)
    assert (batch["id"], batch["status"]) == (committed["id"], "committed")
    assert hillside.donated_cents(day) == Counter([1100, 1200, 1300])
    assert [line["amount_cents"] for line in pushed.answer["proof"]["late"]] == [1300]
    assert pushed.is_sound


def test_a_full_refund_after_the_commit_is_booked_as_a_refund(hillside: LocalChurch) -> None:
    day = hillside.weeks_before(3)
    refunded_id, _ = hillside.add_gifts(day, [2100, 2200])
    assert hillside.push(day).is_sound
    hillside.staff("church", "refund", church=hillside.id, day=day.isoformat())

    pushed = hillside.push(day)

    (batch,) = hillside.batches(day)
    proof = pushed.answer["proof"]
    assert (batch["donations"], batch["refunded"]) == (2, 1)
    assert [line["transaction_id"] for line in proof["refunded"]] == [str(refunded_id)]
    assert proof["wegive_cents"] == proof["planning_center_cents"] == 2200
    assert pushed.is_sound
