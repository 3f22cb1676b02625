from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.wegive.desk import Desk

NEW_DONOR = {"type": "individual", "first_name": "Ada", "last_name": "Okafor", "email_1": "ada@example.org"}


@pytest.fixture
def customer(desk: Desk) -> Desk:
    desk.options.surface = "customer"
    return desk


def offline_gift(desk: Desk, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"donor_id": None, "amount": 5000, "source_type": "offline", "fund_id": desk.general} | changes


def test_find_or_create_makes_a_donor(desk: Desk) -> None:
    body = {"type": "individual", "email": "ada@example.org", "first_name": "Ada", "last_name": "Okafor"}

    answer = desk.client.post("/donors/find-or-create", json=body)

    assert answer.status_code == 200
    assert answer.json()["data"]["name"] == "Ada Okafor"
    assert len(desk.ids("/donors")) == 1


def test_find_or_create_finds_the_oldest_by_any_email_and_changes_nothing(desk: Desk) -> None:
    oldest = desk.donor(email_3="ada@example.org")
    desk.donor(email_1="ada@example.org")
    body = {"type": "individual", "email": "ADA@example.org", "first_name": "Eve", "phone": "2175550100"}

    data = desk.client.post("/donors/find-or-create", json=body).json()["data"]

    assert (data["id"], data["first_name"], data["mobile_phone"]) == (oldest["id"], "Ada", None)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["type", "email"]),
        ({"type": "person", "email": "a@example.org"}, ["type"]),
        ({"type": "individual", "email": "nobody"}, ["email"]),
        ({"type": "individual", "email": 7}, ["email"]),
        ({"type": "individual", "email": "a@example.org", "address": "1 Mill Road"}, ["address"]),
        ({"type": "individual", "email": "a@example.org", "phone": 7}, ["phone"]),
        ([], ["type", "email"]),
    ],
)
def test_find_or_create_names_each_bad_field(desk: Desk, body: object, fields: list[str]) -> None:
    answer = desk.client.post("/donors/find-or-create", json=body)

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == fields


def test_a_body_that_is_not_json_is_as_good_as_empty(desk: Desk) -> None:
    assert desk.client.post("/donors/find-or-create", content=b"{").status_code == 422


@pytest.mark.parametrize("status", [403, 404, 405])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/donors"), ("PUT", "/donors/1"), ("POST", "/transactions"), ("POST", "/funds")],
)
def test_the_published_surface_lacks_the_customers_writes(
    desk: Desk, method: str, path: str, status: int
) -> None:
    desk.options.switched_off_status = status  # type: ignore[assignment]

    answer = desk.client.request(method, path, json=NEW_DONOR)

    assert answer.status_code == status
    assert answer.json()["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/donors/1"), ("PUT", "/transactions/1"), ("PUT", "/funds/1"), ("POST", "/payouts")],
)
def test_no_surface_has_other_writes(customer: Desk, method: str, path: str) -> None:
    assert customer.client.request(method, path, json={}).status_code == 404


def test_a_donor_can_be_created(customer: Desk) -> None:
    address = {"address_1": "1 Mill Road", "city": "Fairhaven", "state": "IL", "zip": "60990"}

    answer = customer.client.post("/donors", json=NEW_DONOR | {"mailing_address": address})

    assert answer.status_code == 201
    assert answer.json()["data"]["mailing_address"]["city"] == "Fairhaven"


def test_a_donor_needs_a_name(customer: Desk) -> None:
    answer = customer.client.post("/donors", json={"type": "individual", "email_1": "ada@example.org"})

    assert list(answer.json()["errors"]) == ["first_name"]
    assert customer.ids("/donors") == []


@pytest.mark.parametrize(("semantics", "email"), [("merge", "ada@example.org"), ("replace", None)])
def test_put_keeps_or_clears_what_it_does_not_carry(
    customer: Desk, semantics: str, email: str | None
) -> None:
    customer.options.put_semantics = semantics  # type: ignore[assignment]
    donor = customer.donor(email_1="ada@example.org")

    answer = customer.client.put(f"/donors/{donor['id']}", json={"first_name": "Adaeze", "last_name": "Eze"})

    assert answer.status_code == 200
    assert customer.get(f"/donors/{donor['id']}")["data"]["email_1"] == email
    assert customer.get(f"/donors/{donor['id']}")["data"]["first_name"] == "Adaeze"


def test_a_changed_email_is_found_and_the_old_one_is_not(customer: Desk) -> None:
    donor = customer.donor(email_1="old@example.org")

    customer.client.put(f"/donors/{donor['id']}", json={"email_1": "new@example.org"})

    assert customer.ids("/donors", email_1="new@example.org") == [donor["id"]]
    assert customer.ids("/donors", email_1="old@example.org") == []


@pytest.mark.parametrize(("stores", "count"), [(True, 1), (False, 0)])
def test_a_planning_center_id_is_stored_or_silently_forgotten(
    customer: Desk,
    stores: bool,  # noqa: FBT001
    count: int,
) -> None:
    customer.options.stores_planning_center_id = stores

    answer = customer.client.post("/donors", json=NEW_DONOR | {"planning_center_id": 41})

    assert answer.status_code == 201
    assert len(customer.ids("/donors", planning_center_id="41")) == count


def test_an_offline_gift_is_recorded_with_its_own_time(customer: Desk) -> None:
    body = offline_gift(customer, created_at="2025-12-28T11:00:00-06:00", memo="Envelope 12")

    answer = customer.client.post("/transactions", json=body)

    data = answer.json()["data"]
    assert answer.status_code == 201
    assert (data["created_at"], data["description"]) == ("2025-12-28T17:00:00Z", "Envelope 12")
    assert customer.ids("/transactions", **{"created[start]": "2025-12-28", "created[end]": "2025-12-29"})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": "12.34"}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": True}, "amount"),
        ({"fee_amount": "much"}, "fee_amount"),
        ({"source_type": "card"}, "source_type"),
        ({"donor_id": 1}, "donor_id"),
        ({"fund_id": 1}, "fund_id"),
        ({"created_at": "Sunday"}, "created_at"),
        ({"fund_allocations": "all"}, "fund_allocations"),
    ],
)
def test_a_bad_gift_is_refused_and_not_recorded(
    customer: Desk, change: dict[str, object], field: str
) -> None:
    answer = customer.client.post("/transactions", json=offline_gift(customer, **change))

    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert customer.ids("/transactions") == []


@pytest.mark.parametrize(("second", "status"), [(2500, 201), (2499, 422)])
def test_allocations_must_sum_to_the_gift(customer: Desk, second: int, status: int) -> None:
    parts = [{"fund_id": customer.general, "amount": cents} for cents in (2500, second)]

    answer = customer.client.post("/transactions", json=offline_gift(customer, fund_allocations=parts))

    assert answer.status_code == status


def test_a_fund_can_be_created_but_not_without_a_name(customer: Desk) -> None:
    created = customer.client.post("/funds", json={"name": "Missions", "active": False})
    refused = customer.client.post("/funds", json={"description": "nameless"})

    assert (created.status_code, created.json()["data"]["active"]) == (201, False)
    assert list(refused.json()["errors"]) == ["name"]
