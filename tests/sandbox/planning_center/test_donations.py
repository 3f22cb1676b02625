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


def post(church: Church, **settings: Any) -> Any:  # noqa: ANN401
    return church.post(f"/giving/v2/batches/{church.batch()}/donations", church.gift(**settings))


def test_a_donation_is_recorded_as_sent(church: Church) -> None:
    person_id = church.person()
    label_id = church.make("/giving/v2/labels", body("Label", {"slug": "recurring"}))
    attributes = {
        "payment_method": "card",
        "payment_method_sub": "debit",
        "payment_brand": "Visa",
        "payment_last4": "4242",
        "fee_cents": -175,
        "received_at": "2026-11-21T23:59:59-06:00",
    }

    answer = post(church, attributes=attributes, person=f"Person:{person_id}", labels=[f"Label:{label_id}"])

    data = answer.json()["data"]
    shown = {name: data["attributes"][name] for name in attributes}
    assert shown == {**attributes, "received_at": "2026-11-22T05:59:59Z"}
    assert data["relationships"]["person"]["data"] == {"type": "Person", "id": person_id}
    assert data["relationships"]["labels"]["data"] == [{"type": "Label", "id": label_id}]


def test_the_amount_is_the_sum_of_the_designations(church: Church) -> None:
    roof = church.fund("Roof")
    parts = [designation(church.fund_id, 3_001), designation(roof, 1_999)]

    answer = post(church, included=parts, attributes={"fee_cents": -101})

    donation_id = answer.json()["data"]["id"]
    found = church.data(f"/giving/v2/donations/{donation_id}/designations")
    assert answer.json()["data"]["attributes"]["amount_cents"] == 5_000
    assert [each["attributes"]["amount_cents"] for each in found] == [3_001, 1_999]
    assert sum(each["attributes"]["fee_cents"] for each in found) == -101
    assert found[1]["relationships"]["fund"]["data"]["id"] == roof


def test_a_new_donation_is_pending_and_not_refundable(church: Church) -> None:
    attributes = post(church).json()["data"]["attributes"]

    assert (attributes["payment_status"], attributes["completed_at"]) == ("pending", None)
    assert (attributes["refundable"], attributes["payment_channel"]) == (False, "api")


def test_a_donation_without_a_person_is_anonymous(church: Church) -> None:
    assert post(church).json()["data"]["relationships"]["person"]["data"] is None


@pytest.mark.parametrize(
    ("attributes", "wrong"),
    [
        ({"payment_method": None}, ["payment_method"]),
        ({"payment_method": "credit"}, ["payment_method"]),
        ({"payment_method_sub": "gold"}, ["payment_method_sub"]),
        ({"payment_method": "ach", "payment_method_sub": "credit"}, ["payment_method_sub"]),
        ({"fee_cents": 30}, ["fee_cents"]),
        ({"fee_cents": "-30"}, ["fee_cents"]),
        ({"payment_method": "check", "payment_check_number": ""}, ["payment_check_number"]),
        ({"payment_check_number": 7}, ["payment_check_number"]),
        ({"payment_method": "cash", "payment_last4": "4242"}, ["payment_last4"]),
        ({"received_at": "11/22/2026"}, ["received_at"]),
        ({"amount_cents": 5_000}, ["amount_cents"]),
        ({"payment_status": "succeeded", "refunded": True}, ["payment_status", "refunded"]),
        ({"external_id": "we-1"}, ["external_id"]),
    ],
)
def test_an_attribute_that_breaks_a_rule_is_refused(
    church: Church, attributes: Document, wrong: list[str]
) -> None:
    assert parameters(post(church, attributes=attributes)) == wrong


@pytest.mark.parametrize(
    ("amount_cents", "wrong"),
    [
        (0, "amount_cents"),
        (-100, "amount_cents"),
        ("100", "amount_cents"),
        (10.5, "amount_cents"),
        (None, "amount_cents"),
    ],
)
def test_an_amount_that_is_no_positive_integer_is_refused(
    church: Church, amount_cents: object, wrong: str
) -> None:
    assert parameters(post(church, included=[designation(church.fund_id, amount_cents)])) == [wrong]


def test_a_donation_needs_a_designation(church: Church) -> None:
    assert parameters(post(church, included=[])) == ["designations"]


def test_a_donation_without_included_needs_a_designation_too(church: Church) -> None:
    document = church.gift()
    del document["included"]

    answer = church.post(f"/giving/v2/batches/{church.batch()}/donations", document)

    assert parameters(answer) == ["designations"]


def test_a_designation_needs_a_fund(church: Church) -> None:
    assert parameters(post(church, included=[designation(None, 100)])) == ["fund"]


def test_an_unknown_fund_is_not_found(church: Church) -> None:
    answer = post(church, included=[designation("999", 100)])

    assert parameters(answer) == ["fund_id"]
    assert answer.json()["errors"][0]["code"] == "attribute_resource_not_found"


def test_a_fee_on_a_designation_is_refused(church: Church) -> None:
    part = designation(church.fund_id, 100)
    part["attributes"]["fee_cents"] = -3

    assert parameters(post(church, included=[part])) == ["fee_cents"]


@pytest.mark.parametrize("visibility", ["everywhere", "admin_only", "hidden"])
def test_an_open_fund_takes_designations(church: Church, visibility: str) -> None:
    fund_id = church.fund("Roof", visibility=visibility)

    assert post(church, included=[designation(fund_id, 100)]).status_code == 201


def test_a_closed_fund_takes_none(church: Church) -> None:
    fund_id = church.fund("Roof")
    staff.close_fund(church.records, ORGANIZATION_ID, fund_id, church.clock)

    assert parameters(post(church, included=[designation(fund_id, 100)])) == ["fund"]


def test_a_donation_needs_a_payment_source(church: Church) -> None:
    assert parameters(post(church, payment_source=None)) == ["payment_source"]


def test_the_built_in_payment_source_is_reserved(church: Church) -> None:
    assert parameters(post(church, payment_source="PaymentSource:planning_center")) == ["payment_source"]


def test_an_archived_payment_source_takes_none(church: Church) -> None:
    source_id = church.payment_source()
    staff.archive_payment_source(church.records, ORGANIZATION_ID, source_id, church.clock)

    assert parameters(post(church)) == ["payment_source"]


@pytest.mark.parametrize(
    ("relationships", "wrong"),
    [
        ({"payment_source": "PaymentSource:9"}, "payment_source_id"),
        ({"person": "Person:9"}, "person_id"),
        ({"labels": ["Label:9"]}, "labels"),
        ({"campus": "Campus:9"}, "campus_id"),
        ({"batch": "Batch:9"}, "batch"),
        ({"donor": "Person:9"}, "donor"),
    ],
)
def test_an_unknown_relative_is_refused(church: Church, relationships: Document, wrong: str) -> None:
    assert parameters(post(church, **relationships)) == [wrong]


def test_an_unknown_person_can_become_a_silent_anonymous_donor(church: Church) -> None:
    church.options.donations_to_unknown_person = "anonymous"

    answer = post(church, person="Person:9")

    assert (answer.status_code, answer.json()["data"]["relationships"]["person"]["data"]) == (201, None)


def test_giving_knows_a_new_person_only_after_its_lag(church: Church) -> None:
    church.options.giving_person_lag_seconds = 20
    person_id = church.person()

    early = post(church, person=f"Person:{person_id}")
    known = church.get(f"/giving/v2/people/{person_id}").status_code
    church.wait(20)

    assert parameters(early) == ["person_id"]
    assert early.json()["errors"][0]["code"] == "attribute_resource_not_found"
    assert known == 404
    assert post(church, person=f"Person:{person_id}").status_code == 201
    assert church.get(f"/giving/v2/people/{person_id}").status_code == 200


def test_a_batch_that_is_not_there_is_a_404(church: Church) -> None:
    assert church.post("/giving/v2/batches/99/donations", church.gift()).status_code == 404


def test_the_campus_is_the_donors_unless_one_is_sent(church: Church) -> None:
    campus_id = staff.add_campus(church.records, ORGANIZATION_ID, church.clock, "North")
    names = {"first_name": "Ada", "primary_campus_id": campus_id}
    person = f"Person:{church.make('/people/v2/people', body('Person', names))}"

    answers = [post(church, person=person), post(church, person=person, campus=None)]

    campuses = [answer.json()["data"]["relationships"]["campus"]["data"] for answer in answers]
    assert campuses == [{"type": "Campus", "id": campus_id}, None]
