"""Funds, payment sources, labels, Giving people, plans."""

from __future__ import annotations

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


def test_a_church_begins_with_one_default_fund(church: Church) -> None:
    (fund,) = church.data("/giving/v2/funds", **{"where[default]": "true"})

    assert (fund["attributes"]["name"], fund["attributes"]["deletable"]) == ("General", False)


def test_a_fund_with_only_a_name_is_everywhere(church: Church) -> None:
    assert church.attributes(f"/giving/v2/funds/{church.fund('Roof')}")["visibility"] == "everywhere"


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({}, ["name"]),
        ({"name": "general"}, ["name"]),
        ({"name": "Roof", "visibility": "somewhere"}, ["visibility"]),
        ({"name": "Roof", "description": "x" * 256}, ["description"]),
        ({"name": "Roof", "default": True, "color": "red"}, ["default", "color"]),
    ],
)
def test_a_fund_that_breaks_a_rule_is_refused(church: Church, values: Document, wrong: list[str]) -> None:
    assert parameters(church.post("/giving/v2/funds", body("Fund", values))) == wrong


def test_a_taken_name_is_told_in_the_vendors_words(church: Church) -> None:
    answer = church.post("/giving/v2/funds", body("Fund", {"name": "General"}))

    assert "has already been taken" in answer.json()["errors"][0]["detail"]


def test_a_renamed_fund_is_the_same_fund(church: Church) -> None:
    fund_id = church.fund("Roof")

    church.patch(f"/giving/v2/funds/{fund_id}", body("Fund", {"name": "Roof and Walls"}))

    assert church.where("/giving/v2/funds", name="roof and walls") == [fund_id]


def test_a_fund_that_was_given_to_cannot_be_deleted(church: Church) -> None:
    used, unused = church.fund("Roof"), church.fund("Organ")
    church.donation(church.batch(), included=[designation(used, 100)])

    assert [church.delete(f"/giving/v2/funds/{each}").status_code for each in (used, unused)] == [422, 204]


def test_funds_cannot_be_ordered(church: Church) -> None:
    assert church.get("/giving/v2/funds", order="name").status_code == 400


def test_the_built_in_payment_source_has_no_date_and_cannot_be_changed(church: Church) -> None:
    path = "/giving/v2/payment_sources/planning_center"

    assert church.attributes(path)["created_at"] is None
    assert church.patch(path, body("PaymentSource", {"name": "Mine"})).status_code == 403
    assert church.delete(path).status_code == 403


def test_payment_source_names_are_unique(church: Church) -> None:
    church.payment_source("WeGive")

    answer = church.post("/giving/v2/payment_sources", body("PaymentSource", {"name": "wegive"}))

    assert parameters(answer) == ["name"]


def test_a_label_is_normalised_and_then_unique(church: Church) -> None:
    label_id = church.make("/giving/v2/labels", body("Label", {"slug": "My awesome label!"}))

    again = church.post("/giving/v2/labels", body("Label", {"slug": "my awesome  LABEL"}))

    assert church.where("/giving/v2/labels", slug="my-awesome-label") == [label_id]
    assert parameters(again) == ["slug"]


def test_a_deleted_label_leaves_its_donations(church: Church) -> None:
    label_id = church.make("/giving/v2/labels", body("Label", {"slug": "gone"}))
    donation_id = church.donation(church.batch(), labels=[f"Label:{label_id}"])

    church.delete(f"/giving/v2/labels/{label_id}")

    assert church.data(f"/giving/v2/donations/{donation_id}")["relationships"]["labels"]["data"] == []


def test_a_giving_person_shows_the_contact_details_as_plain_objects(church: Church) -> None:
    person_id = church.person(email="ada@quill.example")

    attributes = church.attributes(f"/giving/v2/people/{person_id}")

    assert attributes["email_addresses"] == [
        {"address": "ada@quill.example", "location": "Home", "blocked": False, "primary": True}
    ]


def test_only_the_donor_number_of_a_giving_person_can_be_changed(church: Church) -> None:
    path = f"/giving/v2/people/{church.person()}"

    numbered = church.patch(path, body("Person", {"donor_number": 12}))
    renamed = church.patch(path, body("Person", {"first_name": "Eve"}))

    assert numbered.json()["data"]["attributes"]["donor_number"] == 12
    assert parameters(renamed) == ["first_name"]


def test_giving_people_are_filtered_by_having_given(church: Church) -> None:
    giver = church.person()
    church.person("Ben")
    church.donation(church.batch(), person=f"Person:{giver}")

    assert [each["id"] for each in church.data("/giving/v2/people", filter="has_donated")] == [giver]


def test_giving_lists_a_new_person_only_after_its_lag(church: Church) -> None:
    church.options.giving_person_lag_seconds = 20
    person_id = church.person()

    early = church.where("/giving/v2/people")
    church.wait(20)

    assert (early, church.where("/giving/v2/people")) == ([], [person_id])


def test_recurring_donations_are_read_only(church: Church) -> None:
    person_id = church.person()
    plan_id = staff.add_recurring_donation(
        church.records,
        ORGANIZATION_ID,
        church.clock,
        person_id=person_id,
        cents_by_fund={church.fund_id: 2_500},
        schedule={"day_in_month": {"day": 16}},
    )

    answer = church.get("/giving/v2/recurring_donations", include="designations").json()

    assert answer["data"][0]["attributes"]["amount_cents"] == 2_500
    assert [each["type"] for each in answer["included"]] == ["RecurringDonationDesignation"]
    assert church.where(f"/giving/v2/people/{person_id}/recurring_donations") == [plan_id]
    assert (
        church.patch(f"/giving/v2/recurring_donations/{plan_id}", body("RecurringDonation")).status_code
        == 403
    )
