from __future__ import annotations

import pytest

from tests.sandbox.planning_center.church import Church, body, parameters


def test_a_new_person_is_read_back_at_once(church: Church) -> None:
    document = body("Person", {"first_name": "Ada", "last_name": "Quill", "birthdate": "1980-02-29"})

    person_id = church.make("/people/v2/people", document)

    attributes = church.attributes(f"/people/v2/people/{person_id}")
    assert (attributes["name"], attributes["birthdate"]) == ("Ada Quill", "1980-02-29")
    assert (attributes["created_at"], attributes["status"]) == ("2026-11-22T14:00:00Z", "active")


def test_every_attribute_that_cannot_be_assigned_is_listed(church: Church) -> None:
    document = body("Person", {"first_name": "Ada", "email": "a@b.example", "name": "X", "colour": 1})

    answer = church.post("/people/v2/people", document)

    assert sorted(parameters(answer)) == ["colour", "email", "name"]
    assert answer.json()["errors"][0]["detail"] == "email cannot be assigned"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("birthdate", "29.02.1980"),
        ("birthdate", "1981-02-29"),
        ("child", "true"),
        ("grade", "7"),
        ("last_name", 5),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(church: Church, name: str, value: object) -> None:
    answer = church.post("/people/v2/people", body("Person", {"first_name": "Ada", name: value}))

    assert parameters(answer) == [name]


def test_a_person_needs_a_name(church: Church) -> None:
    assert parameters(church.post("/people/v2/people", body("Person", {"gender": "F"}))) == ["first_name"]


def test_the_first_name_shown_is_the_nickname_where_there_is_one(church: Church) -> None:
    names = {"first_name": "Margaret", "nickname": "Peg", "last_name": "Ash"}
    person_id = church.make("/people/v2/people", body("Person", names))

    answer = church.patch(f"/people/v2/people/{person_id}", body("Person", {"nickname": None}))

    assert church.attributes(f"/people/v2/people/{person_id}")["name"] == "Margaret Ash"
    assert answer.json()["data"]["attributes"]["first_name"] == "Margaret"


def test_inactive_sets_the_time_and_anything_else_clears_it(church: Church) -> None:
    path = f"/people/v2/people/{church.person()}"

    gone = church.patch(path, body("Person", {"status": "inactive"})).json()["data"]["attributes"]
    back = church.patch(path, body("Person", {"status": "whatever"})).json()["data"]["attributes"]

    assert (gone["status"], gone["inactivated_at"]) == ("inactive", "2026-11-22T14:00:00Z")
    assert (back["status"], back["inactivated_at"]) == ("active", None)


def test_lists_show_inactive_people_too(church: Church) -> None:
    person_id = church.person()
    church.patch(f"/people/v2/people/{person_id}", body("Person", {"status": "inactive"}))

    assert church.where("/people/v2/people") == [person_id]


def test_some_attributes_come_only_when_fields_ask(church: Church) -> None:
    path = f"/people/v2/people/{church.person()}"

    assert "mfa_configured" not in church.attributes(path)
    assert church.attributes(path, **{"fields[Person]": "name,mfa_configured"}) == {
        "mfa_configured": False,
        "name": "Ada Quill",
    }


def test_a_person_moves_when_an_email_changes(church: Church) -> None:
    person_id = church.person()
    church.wait(60)

    church.email(person_id, "ada@quill.example")

    assert church.attributes(f"/people/v2/people/{person_id}")["updated_at"] == "2026-11-22T14:01:00Z"


def test_the_first_email_is_primary_although_the_answer_denies_it(church: Church) -> None:
    person_id = church.person()
    document = body("Email", {"address": "ada@quill.example", "location": "Home"})

    answer = church.post(f"/people/v2/people/{person_id}/emails", document).json()["data"]

    assert answer["attributes"]["primary"] is False
    assert church.attributes(f"/people/v2/emails/{answer['id']}")["primary"] is True


def test_a_new_primary_email_takes_the_place_of_the_old(church: Church) -> None:
    person_id = church.person()
    first = church.email(person_id, "ada@quill.example")

    second = church.email(person_id, "ada@work.example", location="Work", primary=True)

    assert church.attributes(f"/people/v2/emails/{first}")["primary"] is False
    assert church.attributes(f"/people/v2/emails/{second}")["primary"] is True


def test_a_deleted_primary_email_leaves_its_place_to_the_oldest(church: Church) -> None:
    person_id = church.person()
    first = church.email(person_id, "ada@quill.example")
    second = church.email(person_id, "ada@work.example")

    assert church.delete(f"/people/v2/emails/{first}").status_code == 204

    assert church.attributes(f"/people/v2/emails/{second}")["primary"] is True
    assert church.get(f"/people/v2/emails/{first}").status_code == 404


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"location": "Home"}, "address"),
        ({"address": "no address"}, "address"),
        ({"address": "ADA@quill.example"}, "address"),
        ({"address": "a@b.example", "location": "Boat"}, "location"),
        ({"address": "a@b.example", "blocked": True}, "blocked"),
    ],
)
def test_an_email_that_breaks_a_rule_is_refused(
    church: Church, values: dict[str, object], wrong: str
) -> None:
    person_id = church.person(email="ada@quill.example")

    answer = church.post(f"/people/v2/people/{person_id}/emails", body("Email", values))

    assert parameters(answer) == [wrong]


def test_a_family_may_share_an_address(church: Church) -> None:
    owners = [church.person(name, email="family@quill.example") for name in ("Ada", "Ben")]

    found = church.data("/people/v2/emails", **{"where[address]": "FAMILY@quill.example"})

    assert [each["relationships"]["person"]["data"]["id"] for each in found] == owners


def test_an_email_is_changed_by_its_own_id_not_its_owners(church: Church) -> None:
    person_id = church.person()
    email_id = church.email(person_id, "ada@quill.example")
    document = body("Email", {"address": "ada@new.example"})

    assert church.patch(f"/people/v2/people/{person_id}/emails/{email_id}", document).status_code == 404
    assert church.patch(f"/people/v2/emails/{email_id}", document).status_code == 200
    assert church.data(f"/people/v2/emails/{email_id}/person")["id"] == person_id


@pytest.mark.parametrize(
    ("number", "shown", "e164"),
    [
        ("555.010.4477", "(555) 010-4477", "+15550104477"),
        ("+1 555 010 4477", "(555) 010-4477", "+15550104477"),
        ("+44 20 7946 0958", "+44 20 7946 0958", "+442079460958"),
    ],
)
def test_a_phone_number_is_rewritten(church: Church, number: str, shown: str, e164: str) -> None:
    path = f"/people/v2/people/{church.person()}/phone_numbers"

    phone_id = church.make(path, body("PhoneNumber", {"number": number, "location": "Mobile"}))

    attributes = church.attributes(f"/people/v2/phone_numbers/{phone_id}")
    assert (attributes["number"], attributes["e164"]) == (shown, e164)
    assert "formatted_number" not in attributes


def test_a_phone_number_without_a_location_is_invalid_data(church: Church) -> None:
    path = f"/people/v2/people/{church.person()}/phone_numbers"

    answer = church.post(path, body("PhoneNumber", {"number": "555 010 4477"}))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["detail"] == "Invalid Data"


def test_an_address_has_two_street_lines_and_no_street(church: Church) -> None:
    path = f"/people/v2/people/{church.person()}/addresses"
    values = {"street_line_1": "1 Elm St", "city": "Waco", "state": "TX", "zip": "76701", "location": "Home"}

    address_id = church.make(path, body("Address", values))
    refused = church.post(path, body("Address", {**values, "street": "1 Elm St"}))

    assert church.attributes(f"/people/v2/addresses/{address_id}")["country_name"] == "United States"
    assert parameters(refused) == ["street"]


def test_includes_bring_the_details_once_with_links_to_them(church: Church) -> None:
    person_id = church.person(email="ada@quill.example")

    answer = church.get("/people/v2/people", include="emails,phone_numbers").json()

    relationships = answer["data"][0]["relationships"]
    assert relationships["emails"]["links"]["related"].endswith(f"/people/{person_id}/emails")
    assert relationships["phone_numbers"]["data"] == []
    assert [each["attributes"]["address"] for each in answer["included"]] == ["ada@quill.example"]


def test_without_includes_a_person_shows_two_relationships(church: Church) -> None:
    data = church.data(f"/people/v2/people/{church.person()}")

    assert sorted(data["relationships"]) == ["created_by", "primary_campus"]


def test_a_person_who_has_given_cannot_be_deleted(church: Church) -> None:
    giver, other = church.person(), church.person("Ben")
    church.donation(church.batch(), person=f"Person:{giver}")

    statuses = [church.delete(f"/people/v2/people/{each}").status_code for each in (giver, other)]

    assert statuses == [422, 204]
