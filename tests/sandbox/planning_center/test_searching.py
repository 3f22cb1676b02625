from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.planning_center.church import Church, body

PEOPLE = "/people/v2/people"
EMAILS = "/people/v2/emails"


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"search_name": "ada quill"}, ["Ada"]),
        ({"search_name": "qui"}, ["Ada", "Ben"]),
        ({"search_name_or_email": "BEN@quill.example"}, ["Ben"]),
        ({"search_name_or_email_or_phone_number": "010-4477"}, ["Ben"]),
        ({"search_phone_number": "5550104477"}, ["Ben"]),
        ({"search_phone_number_e164": "+15550104477"}, ["Ben"]),
        ({"last_name": "QUILL"}, ["Ada", "Ben"]),
        ({"last_name": "qu%"}, ["Ada", "Ben"]),
        ({"last_name": "%ash"}, ["Cas"]),
        ({"last_name": "qu"}, []),
        ({"first_name": "Ada", "last_name": "Ash"}, []),
        ({"updated_at__gte": "2026-11-22T14:00:10Z"}, ["Ben", "Cas"]),
        ({"updated_at__gt": "2026-11-22T14:00:10Z", "updated_at__lte": "2026-11-22T14:00:20Z"}, ["Cas"]),
        ({"created_at": "2026-11-22"}, ["Ada", "Ben", "Cas"]),
        ({"child": "true"}, ["Cas"]),
    ],
)
def test_people_are_found_by(church: Church, conditions: dict[str, str], found: list[str]) -> None:
    ids = {church.person(): "Ada"}
    church.wait(10)
    ids[ben := church.person("Ben", email="ben@quill.example")] = "Ben"
    number = body("PhoneNumber", {"number": "555 010 4477", "location": "Mobile"})
    church.make(f"{PEOPLE}/{ben}/phone_numbers", number)
    church.wait(10)
    names = {"first_name": "Cas", "last_name": "Ash", "child": True}
    ids[church.make(PEOPLE, body("Person", names))] = "Cas"

    assert [ids[each] for each in church.where(PEOPLE, **conditions)] == found


def test_one_id_is_found(church: Church) -> None:
    person_id = church.person()
    church.person("Ben")

    assert church.where(PEOPLE, id=person_id) == [person_id]


@pytest.mark.parametrize(("option", "found"), [("supported", 2), ("ignored", 3)])
def test_several_ids_are_found_or_ignored(church: Church, option: Any, found: int) -> None:  # noqa: ANN401
    church.options.bulk_ids = option
    ids = [church.person(name) for name in ("Ada", "Ben", "Cas")]

    assert len(church.where(PEOPLE, id=",".join(ids[:2]))) == found


def test_several_ids_can_be_refused(church: Church) -> None:
    church.options.bulk_ids = "refused"

    assert church.get(PEOPLE, **{"where[id]": "1,2"}).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        {"where[email]": "ada@quill.example"},
        {"where[name]": "Ada"},
        {"where[created_at][near]": "2026-11-22"},
        {"where[created_at]": "last week"},
        {"where[first_name][gt]": "A"},
        {"order": "name"},
        {"include": "emails,pets"},
        {"filter": "committed"},
        {"per_page": "101"},
        {"per_page": "0"},
        {"offset": "-1"},
        {"page": "2"},
    ],
)
def test_a_parameter_outside_the_documents_is_refused_by_name(church: Church, query: dict[str, str]) -> None:
    answer = church.get(PEOPLE, **query)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["source"]["parameter"] == next(iter(query))


def test_an_unknown_where_can_be_ignored_which_finds_everybody(church: Church) -> None:
    church.options.unknown_where = "ignored"
    ids = [church.person("Ada"), church.person("Ben")]

    assert church.where(PEOPLE, email="ada@quill.example") == ids


def test_a_new_email_is_found_only_after_the_search_lag(church: Church) -> None:
    church.options.search_lag_seconds = 60
    email_id = church.email(church.person(), "ada@quill.example")

    early = church.where(EMAILS, address="ada@quill.example")
    church.wait(60)

    assert early == []
    assert church.where(EMAILS, address="ada@quill.example") == [email_id]


def test_reads_by_id_and_lists_of_a_person_do_not_lag(church: Church) -> None:
    church.options.search_lag_seconds = 60
    person_id = church.person()
    email_id = church.email(person_id, "ada@quill.example")

    assert church.get(f"{EMAILS}/{email_id}").status_code == 200
    assert church.where(f"{PEOPLE}/{person_id}/emails") == [email_id]


def test_a_changed_email_is_found_under_its_old_address_until_the_lag_is_over(church: Church) -> None:
    church.options.search_lag_seconds = 60
    email_id = church.email(church.person(), "old@quill.example")
    church.wait(60)
    church.patch(f"{EMAILS}/{email_id}", body("Email", {"address": "new@quill.example"}))

    early = [church.where(EMAILS, address=f"{name}@quill.example") for name in ("old", "new")]
    church.wait(60)
    late = [church.where(EMAILS, address=f"{name}@quill.example") for name in ("old", "new")]

    assert (early, late) == ([[email_id], []], [[], [email_id]])


@pytest.mark.parametrize("search", ["search_name", "search_name_or_email", "last_name"])
def test_a_new_name_is_searched_only_after_the_lag(church: Church, search: str) -> None:
    church.options.search_lag_seconds = 60
    person_id = church.person(last_name="Quill")

    early = church.where(PEOPLE, **{search: "quill"})
    church.wait(60)

    assert (early, church.where(PEOPLE, **{search: "quill"})) == ([], [person_id])
