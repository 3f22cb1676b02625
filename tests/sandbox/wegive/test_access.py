from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.wegive import add_organization
from tests.sandbox.wegive.desk import ORGANIZATION, OTHER_ORGANIZATION, OTHER_TOKEN

if TYPE_CHECKING:
    from tests.sandbox.wegive.desk import Desk


@pytest.mark.parametrize("token", ["", "wrong", "7701", "invented"])
def test_a_wrong_token_is_unauthenticated(desk: Desk, token: str) -> None:
    answer = desk.client_of(token).get("/funds")

    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthenticated."})


def test_a_token_of_another_shape_cannot_be_given_out(desk: Desk) -> None:
    with pytest.raises(ValueError, match="token"):
        add_organization(desk.records, "99", "Elsewhere", "no-bar")


def test_a_church_lists_its_own_rows_only(desk: Desk) -> None:
    desk.donor(email_1="ada@example.org")
    desk.gift()

    other = desk.client_of(OTHER_TOKEN)

    assert other.get("/transactions").json()["data"] == []
    assert other.get("/donors?email_1=ada@example.org").json()["data"] == []


def test_another_churchs_id_is_unknown(desk: Desk) -> None:
    gift = desk.gift()

    assert desk.client_of(OTHER_TOKEN).get(f"/transactions/{gift['id']}").status_code == 404


def test_another_churchs_household_holds_nobody(desk: Desk) -> None:
    ada = desk.donor()
    theirs = desk.add("household", OTHER_ORGANIZATION, name="Okafor", member_ids=[ada["id"]])
    desk.gift(donor_id=ada["id"])

    assert desk.ids("/transactions", household_id=theirs["id"]) == []


@pytest.mark.parametrize("path", ["/transactions/0", "/transactions/x", "/prayers", "/funds/1/donors"])
def test_what_is_not_there_is_a_404_with_a_message(desk: Desk, path: str) -> None:
    answer = desk.client.get(path)

    assert answer.status_code == 404
    assert answer.json()["message"]


def test_the_short_paths_of_the_customers_document_do_not_exist(desk: Desk) -> None:
    assert desk.client.get("https://wegive.test/api/donors").status_code == 404


def test_without_a_limit_no_rate_headers_are_sent(desk: Desk) -> None:
    assert "x-ratelimit-limit" not in desk.client.get("/funds").headers


def test_the_burst_may_be_spent_at_once_and_no_more(desk: Desk) -> None:
    desk.options.requests_per_minute, desk.options.burst = 60, 3

    answers = [desk.client.get("/funds") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert answers[3].json() == {"message": "Too Many Attempts."}


def test_after_retry_after_the_next_request_passes(desk: Desk) -> None:
    desk.options.requests_per_minute, desk.options.burst = 12, 1
    desk.client.get("/funds")

    refused = desk.client.get("/funds")
    desk.wait(float(refused.headers["retry-after"]))

    assert refused.headers["retry-after"] == "5"
    assert desk.client.get("/funds").status_code == 200


def test_one_churchs_flood_does_not_slow_another(desk: Desk) -> None:
    desk.options.requests_per_minute, desk.options.burst = 60, 1
    for _ in range(3):
        desk.client.get("/funds")

    assert desk.client_of(OTHER_TOKEN).get("/funds").status_code == 200


def test_each_request_is_logged_with_its_church(desk: Desk) -> None:
    desk.client.get("/funds?page=1")
    desk.client_of("wrong").get("/donors")

    shown = [(e.organization, e.method, e.path, e.query, e.status) for e in desk.log.entries("wegive")]

    assert shown == [
        (ORGANIZATION, "GET", "/api/dashboard/funds", "page=1", 200),
        ("", "GET", "/api/dashboard/donors", "", 401),
    ]
