from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.sandbox.planning_center.church import Church


def test_donations_are_listed_under_batch_person_and_payment_source(church: Church) -> None:
    person_id, batch_id = church.person(), church.batch()
    donation_id = church.donation(batch_id, person=f"Person:{person_id}")
    church.donation(church.batch(), payment_source=f"PaymentSource:{church.payment_source('Cash')}")
    owners = (
        f"batches/{batch_id}",
        f"people/{person_id}",
        f"payment_sources/{church.payment_source()}",
    )

    assert [church.where(f"/giving/v2/{owner}/donations") for owner in owners] == [[donation_id]] * 3
    assert len(church.where("/giving/v2/donations")) == 2


def test_donations_are_found_by_what_is_documented_only(church: Church) -> None:
    batch_id = church.batch()
    early = church.donation(batch_id, attributes={"received_at": "2026-11-01T12:00:00Z"})
    church.donation(batch_id)

    assert church.where("/giving/v2/donations", received_at__lt="2026-11-02") == [early]
    assert church.get("/giving/v2/donations", **{"where[amount_cents]": "5000"}).status_code == 400
    assert church.get("/giving/v2/donations", include="person").status_code == 400


def test_only_all_donations_can_be_filtered_by_success(church: Church) -> None:
    church.batch()
    batch_id = church.committed_batch(100)
    church.donation(church.batch())

    assert len(church.data("/giving/v2/donations", filter="succeeded")) == 1
    assert church.get(f"/giving/v2/batches/{batch_id}/donations", filter="succeeded").status_code == 400


def test_a_list_brings_designations_and_labels(church: Church) -> None:
    batch_id = church.batch()
    church.donation(batch_id, 1_234)

    answer = church.get(f"/giving/v2/batches/{batch_id}/donations", include="designations,labels").json()

    (part,) = answer["included"]
    assert answer["data"][0]["relationships"]["designations"]["data"] == [
        {"type": "Designation", "id": part["id"]}
    ]
    assert part["attributes"]["amount_cents"] == 1_234
