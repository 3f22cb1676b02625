"""What can be changed about a donation that exists: patches, moves, deletes, refunds."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.planning_center import staff
from tests.sandbox.planning_center.church import (
    ORGANIZATION_ID,
    Church,
    Document,
    body,
    designation,
    parameters,
)


def parts(church: Church, donation_id: str) -> list[tuple[str, int]]:
    found = church.data(f"/giving/v2/donations/{donation_id}/designations")
    return [(each["id"], each["attributes"]["amount_cents"]) for each in found]


def patch(church: Church, donation_id: str, document: Document) -> Any:  # noqa: ANN401
    return church.patch(f"/giving/v2/donations/{donation_id}", document)


def test_designations_with_ids_are_changed_and_the_others_kept(church: Church) -> None:
    included = [designation(church.fund_id, 100), designation(church.fund("Roof"), 200)]
    batch_id = church.batch()
    donation_id = church.donation(batch_id, included=included)
    (first, _), second = parts(church, donation_id)

    answer = patch(church, donation_id, body("Donation") | {"included": [designation(None, 150, id=first)]})

    assert answer.json()["data"]["attributes"]["amount_cents"] == 350
    assert parts(church, donation_id) == [(first, 150), second]
    assert church.attributes(f"/giving/v2/batches/{batch_id}")["total_cents"] == 350


def test_designations_without_ids_replace_all(church: Church) -> None:
    included = [designation(church.fund_id, 100), designation(church.fund("Roof"), 200)]
    donation_id = church.donation(church.batch(), included=included)
    before = {id_ for id_, _ in parts(church, donation_id)}

    patch(church, donation_id, body("Donation") | {"included": [designation(church.fund_id, 70)]})

    ((new_id, amount_cents),) = parts(church, donation_id)
    assert amount_cents == 70
    assert new_id not in before


def test_a_designation_id_of_another_donation_is_not_found(church: Church) -> None:
    donation_id = church.donation(church.batch())

    answer = patch(church, donation_id, body("Donation") | {"included": [designation(None, 150, id="1")]})

    assert parameters(answer) == ["designations"]


def test_a_refused_change_changes_nothing(church: Church) -> None:
    donation_id = church.donation(church.batch())
    before = church.data(f"/giving/v2/donations/{donation_id}"), parts(church, donation_id)
    included = [designation(None, 150, id=before[1][0][0])]

    patch(church, donation_id, body("Donation", {"fee_cents": 5}) | {"included": included})

    assert (church.data(f"/giving/v2/donations/{donation_id}"), parts(church, donation_id)) == before


@pytest.mark.parametrize(
    ("relationships", "left"),
    [({}, 1), ({"labels": {"data": []}}, 0), ({"labels": None}, 0), ({"labels": {}}, 0)],
)
def test_labels_are_kept_when_absent_and_cleared_when_empty(
    church: Church, relationships: Document, left: int
) -> None:
    label_id = church.make("/giving/v2/labels", body("Label", {"slug": "recurring"}))
    donation_id = church.donation(church.batch(), labels=[f"Label:{label_id}"])

    patch(church, donation_id, {"data": {"type": "Donation", "relationships": relationships}})

    assert len(church.data(f"/giving/v2/donations/{donation_id}/labels")) == left


def test_a_donation_can_be_given_to_another_person(church: Church) -> None:
    ada, ben = church.person("Ada"), church.person("Ben")
    donation_id = church.donation(church.batch(), person=f"Person:{ada}")

    patch(church, donation_id, body("Donation", person=f"Person:{ben}"))

    assert church.where(f"/giving/v2/people/{ada}/donations") == []
    assert church.where(f"/giving/v2/people/{ben}/donations") == [donation_id]


def test_a_donation_can_be_moved_between_batches(church: Church) -> None:
    first, second = church.batch("first"), church.batch("second")
    donation_id = church.donation(first, 400)

    patch(church, donation_id, body("Donation", batch=f"Batch:{second}"))

    totals = [church.attributes(f"/giving/v2/batches/{each}")["total_cents"] for each in (first, second)]
    assert totals == [0, 400]
    assert church.where(f"/giving/v2/batches/{second}/donations") == [donation_id]


def test_a_move_into_a_committed_batch_commits(church: Church) -> None:
    committed, open_ = church.committed_batch(100), church.batch()
    donation_id = church.donation(open_)

    patch(church, donation_id, body("Donation", batch=f"Batch:{committed}"))

    assert church.attributes(f"/giving/v2/donations/{donation_id}")["payment_status"] == "succeeded"


@pytest.mark.parametrize("name", ["amount_cents", "refunded", "payment_status", "completed_at"])
def test_read_only_attributes_cannot_be_patched(church: Church, name: str) -> None:
    donation_id = church.donation(church.batch())

    assert parameters(patch(church, donation_id, body("Donation", {name: None}))) == [name]


def test_a_donation_keeps_its_fund_when_that_is_closed(church: Church) -> None:
    fund_id = church.fund("Roof")
    donation_id = church.donation(church.batch(), included=[designation(fund_id, 100)])
    staff.close_fund(church.records, ORGANIZATION_ID, fund_id, church.clock)

    answer = patch(church, donation_id, body("Donation", {"fee_cents": -3}))

    assert answer.status_code == 200


def test_donations_through_the_built_in_source_are_untouchable(church: Church) -> None:
    donation_id = staff.add_online_donation(
        church.records, ORGANIZATION_ID, church.clock, person_id=None, cents_by_fund={church.fund_id: 100}
    )

    statuses = [
        patch(church, donation_id, body("Donation", labels=[])).status_code,
        church.delete(f"/giving/v2/donations/{donation_id}").status_code,
        church.post(f"/giving/v2/donations/{donation_id}/issue_refund").status_code,
    ]

    assert statuses == [403, 403, 422]
    source = church.data(f"/giving/v2/donations/{donation_id}")["relationships"]["payment_source"]["data"]
    assert source["id"] == "planning_center"


def committed_donation(church: Church, amount_cents: int = 5_000) -> str:
    batch_id = church.committed_batch(amount_cents)
    return church.where(f"/giving/v2/batches/{batch_id}/donations")[0]


def refund(church: Church, donation_id: str, attributes: Document | None = None) -> Any:  # noqa: ANN401
    path = f"/giving/v2/donations/{donation_id}/issue_refund"
    return church.post(path, None if attributes is None else {"data": {"attributes": attributes}})


def test_a_refund_reads_back_negative(church: Church) -> None:
    donation_id = committed_donation(church, 5_000)

    assert refund(church, donation_id, {"refunded_at": "2026-11-25"}).status_code == 204

    answer = church.get(f"/giving/v2/donations/{donation_id}/refund", include="designation_refunds").json()
    attributes = answer["data"]["attributes"]
    assert (attributes["amount_cents"], attributes["refunded_at"]) == (-5_000, "2026-11-25T06:00:00Z")
    assert [each["attributes"]["amount_cents"] for each in answer["included"]] == [-5_000]


def test_a_refunded_donation_says_so(church: Church) -> None:
    donation_id = committed_donation(church)

    refund(church, donation_id)

    attributes = church.attributes(f"/giving/v2/donations/{donation_id}")
    assert (attributes["refunded"], attributes["refundable"]) == (True, False)


def test_a_donation_is_refunded_once(church: Church) -> None:
    donation_id = committed_donation(church)

    assert [refund(church, donation_id).status_code for _ in "ab"] == [204, 422]


def test_a_part_cannot_be_refunded(church: Church) -> None:
    donation_id = committed_donation(church)

    assert parameters(refund(church, donation_id, {"amount_cents": 100})) == ["amount_cents"]
    assert church.attributes(f"/giving/v2/donations/{donation_id}")["refunded"] is False


def test_an_uncommitted_donation_cannot_be_refunded(church: Church) -> None:
    assert refund(church, church.donation(church.batch())).status_code == 422


def test_without_a_refund_there_is_none_to_read(church: Church) -> None:
    assert church.get(f"/giving/v2/donations/{committed_donation(church)}/refund").status_code == 404


def test_staff_can_edit_and_delete_what_is_committed(church: Church) -> None:
    batch_id = church.committed_batch(100, 200)
    first, second = church.where(f"/giving/v2/batches/{batch_id}/donations")

    staff.edit_donation(church.records, ORGANIZATION_ID, first, {"amount_cents": 150}, church.clock)
    staff.delete_donation(church.records, ORGANIZATION_ID, second, church.clock)

    assert church.attributes(f"/giving/v2/donations/{first}")["amount_cents"] == 150
    assert church.where(f"/giving/v2/batches/{batch_id}/donations") == [first]
    assert church.attributes(f"/giving/v2/batches/{batch_id}")["total_cents"] == 150
