"""Firewall, credential, version: what happens before a handler is asked."""

from __future__ import annotations

import httpx
import pytest

from sandbox.planning_center import add_organization
from sandbox.planning_center.staff import set_token_state
from tests.sandbox.planning_center.church import BASE_URL, HEADERS, ORGANIZATION_ID, Church


def is_page(answer: httpx.Response, status: int) -> bool:
    return answer.status_code == status and answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "agent", ["", "python-httpx/0.28.1", "Steeple", "curl/8.5.0", "Mozilla/5.0 (X11; Linux)"]
)
def test_a_user_agent_without_a_contact_meets_the_firewall(church: Church, agent: str) -> None:
    client = church.connect(auth=("application", "secret"), headers={**HEADERS, "User-Agent": agent})

    assert is_page(client.get("/people/v2/me"), 403)


@pytest.mark.parametrize(
    "agent",
    [
        "Steeple (https://steeple.example)",
        "Steeple/1.2 (office@steeple.example)",
        "steeple/1.2 (+https://steeple.example)",
    ],
)
def test_a_user_agent_with_a_product_and_a_contact_is_let_in(church: Church, agent: str) -> None:
    client = church.connect(auth=("application", "secret"), headers={**HEADERS, "User-Agent": agent})

    assert client.get("/people/v2/me").status_code == 200


def test_a_get_with_a_body_meets_the_firewall(church: Church) -> None:
    answer = church.client.request("GET", "/people/v2/me", content=b"{}")

    assert is_page(answer, 403)


def test_put_is_not_routed(church: Church) -> None:
    assert is_page(church.client.put("/people/v2/people/1", json={}), 404)


def test_a_wrong_secret_is_told_so_in_plain_words_as_html(church: Church) -> None:
    answer = church.connect(auth=("application", "wrong")).get("/people/v2/me")

    assert is_page(answer, 401)
    assert answer.text.strip() == "HTTP Basic: Access denied."


@pytest.mark.parametrize(("state", "hint"), [("expired", "BABOON"), ("revoked", "CAPUCHIN")])
def test_a_dead_token_is_told_so_with_a_hint(church: Church, state: str, hint: str) -> None:
    set_token_state(church.records, ORGANIZATION_ID, state)

    answer = church.connect(headers={**HEADERS, "Authorization": "Bearer token"}).get("/people/v2/me")

    assert answer.status_code == 401
    assert hint in answer.json()["errors"][0]["detail"]


def test_a_living_token_is_let_in(church: Church) -> None:
    answer = church.connect(headers={**HEADERS, "Authorization": "Bearer token"}).get("/giving/v2/me")

    assert answer.status_code == 200
    assert answer.headers["x-pco-api-auth-method"] == "OAuth2"


def test_one_church_does_not_see_another(church: Church) -> None:
    other = add_organization(church.records, "78", "Elm Street", application_id="other", secret="words")
    person_id = church.person()
    client = church.connect(auth=(other["application_id"], other["secret"]))

    listed = client.get("/people/v2/people").json()

    assert listed["data"] == []
    assert listed["meta"]["parent"]["id"] == "78"
    assert client.get(f"/people/v2/people/{person_id}").status_code == 404


def test_batch_ids_start_anew_in_each_church(church: Church) -> None:
    add_organization(church.records, "78", "Elm Street", application_id="other", secret="words")
    batch_id = church.batch()

    answer = church.connect(auth=("other", "words")).post(
        "/giving/v2/batches", json={"data": {"type": "Batch", "attributes": {}}}
    )

    assert answer.json()["data"]["id"] == batch_id


def test_a_user_without_giving_is_refused_there_and_only_there(church: Church) -> None:
    add_organization(
        church.records, "78", "Elm Street", application_id="other", secret="words", giving_permission=None
    )
    client = church.connect(auth=("other", "words"))

    assert client.get("/people/v2/me").status_code == 200
    assert client.get("/giving/v2/funds").status_code == 403


def test_a_request_without_a_version_is_refused(church: Church) -> None:
    headers = {"User-Agent": HEADERS["User-Agent"]}

    answer = church.connect(auth=("application", "secret"), headers=headers).get("/people/v2/me")

    assert answer.status_code == 400


def test_without_that_strictness_it_runs_as_the_newest(church: Church) -> None:
    church.options.require_version = False
    headers = {"User-Agent": HEADERS["User-Agent"]}

    answer = church.connect(auth=("application", "secret"), headers=headers).get("/people/v2/me")

    assert answer.headers["x-pco-api-processed-as-version"] == "2025-11-10"


@pytest.mark.parametrize(
    ("version", "code"),
    [
        ("2018-07-31", "unsupported_version_error"),
        ("yesterday", "unsupported_version_error"),
        ("2024-09-12", "sandbox_version_not_spoken"),
    ],
)
def test_a_version_that_is_not_spoken_is_refused(church: Church, version: str, code: str) -> None:
    headers = {**HEADERS, "X-PCO-API-Version": version}

    answer = church.connect(auth=("application", "secret"), headers=headers).get("/people/v2/me")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == code


def test_each_product_says_the_version_that_it_ran_as(church: Church) -> None:
    answers = [church.get(path) for path in ("/people/v2/me", "/giving/v2/me")]

    assert [answer.headers["x-pco-api-processed-as-version"] for answer in answers] == [
        "2025-11-10",
        "2019-10-18",
    ]


def test_every_answer_has_a_request_id_of_its_own(church: Church) -> None:
    ids = {church.get("/people/v2/me").headers["x-request-id"] for _ in range(3)}

    assert len(ids) == 3


@pytest.mark.parametrize("path", ["/people/v2/me", "/giving/v2/me", "/current/v2/me"])
def test_me_is_the_user_of_the_credential(church: Church, path: str) -> None:
    data = church.data(path)

    assert (data["type"], data["id"]) == ("Person", "900001")


def test_me_can_bring_the_organization(church: Church) -> None:
    included = church.get("/current/v2/me", include="organization").json()["included"]

    assert [(each["type"], each["id"]) for each in included] == [("Organization", ORGANIZATION_ID)]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/giving/v2/donations"),
        ("POST", "/giving/v2/people"),
        ("POST", "/giving/v2/recurring_donations"),
        ("POST", "/people/v2/person_mergers"),
    ],
)
def test_what_cannot_be_created_answers_403(church: Church, method: str, path: str) -> None:
    answer = church.client.request(method, path, json={"data": {"attributes": {}}})

    assert answer.status_code == 403
    assert answer.json()["errors"][0]["detail"] == "You do not have access to this resource"


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"type": "Person"}', b'{"data": {"type": "Email"}}'])
def test_a_payload_that_is_no_resource_is_a_400(church: Church, content: bytes) -> None:
    answer = church.client.post("/people/v2/people", content=content)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "invalid_resource_payload"


def test_the_log_knows_every_request_and_its_organization(church: Church) -> None:
    church.get("/people/v2/me")
    church.connect(auth=("application", "wrong")).get("/giving/v2/funds?per_page=5")

    entries = [entry[1:] for entry in church.log.entries("planning_center")]

    assert entries == [
        ("planning_center", ORGANIZATION_ID, "GET", "/people/v2/me", "", 200),
        ("planning_center", "", "GET", "/giving/v2/funds", "per_page=5", 401),
    ]


def test_links_are_absolute(church: Church) -> None:
    assert church.data("/people/v2/people/" + church.person())["links"]["self"].startswith(BASE_URL)
