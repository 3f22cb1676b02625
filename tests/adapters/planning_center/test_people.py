from __future__ import annotations

from datetime import date

import httpx
import pytest

from narthex.domain.errors import (
    AnswerMismatchError,
    MisconfiguredError,
    OutcomeUnknownError,
    RecordNotFoundError,
    RejectedError,
)
from narthex.domain.people import Address, PersonDraft, Phone, PhoneLocation
from sandbox.faults import FaultKind
from tests.adapters.house import House, answering, nothing

PEOPLE = "GET /people/v2/people"
MERGERS = "GET /people/v2/person_mergers"
HOME = Address("12 Elm Street", city="Waco", state="TX", zip="76701", country_code="US")


def test_living_people_are_checked_by_the_hundred() -> None:
    house = House()
    ids = [house.add_person("Ana", f"Reyes {number}") for number in range(150)]

    surviving = house.vendors.people.surviving(ids)

    assert surviving == {one: one for one in ids}
    assert house.requests() == [PEOPLE] * 2


def test_an_id_asked_for_twice_is_answered_once() -> None:
    house = House()
    ana = house.add_person("Ana", "Reyes")

    assert house.vendors.people.surviving([ana, ana]) == {ana: ana}
    assert house.requests() == [f"{PEOPLE}/{ana}"]


def test_nobody_to_check_costs_nothing() -> None:
    house = House()

    assert house.vendors.people.surviving([]) == {}
    assert house.requests() == []


def test_a_merged_person_is_followed_to_the_one_who_was_kept() -> None:
    house = House()
    ana, anna, ben = (house.add_person(name, "Reyes") for name in ("Ana", "Anna", "Ben"))
    house.merge(keep=anna, remove=ana)

    surviving = house.vendors.people.surviving([ana, ben])

    assert surviving == {ana: anna, ben: ben}
    assert house.requests() == [PEOPLE, MERGERS, f"{PEOPLE}/{anna}"]


def test_a_chain_of_merges_is_followed_to_its_end() -> None:
    house = House()
    first, second, third, fourth = (house.add_person("Ana", str(number)) for number in range(4))
    house.merge(keep=second, remove=first)
    house.merge(keep=third, remove=second)
    house.merge(keep=fourth, remove=third)

    assert house.vendors.people.surviving([first])[first] == fourth


def test_a_deleted_person_survives_as_nobody() -> None:
    house = House()
    ana, ben = house.add_person("Ana", "Reyes"), house.add_person("Ben", "Reyes")
    house.delete_person(ana)

    assert house.vendors.people.surviving([ana, ben]) == {ana: None, ben: ben}


def test_a_circle_of_merges_ends_with_nobody() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        removed = request.url.params.get("where[person_to_remove_id]")
        if removed is None:
            return httpx.Response(404, headers={"content-type": "application/json"}, text='{"errors": []}')
        kept = {"1": 2, "2": 1}[removed]
        merger = {
            "type": "PersonMerger",
            "id": "9",
            "attributes": {"person_to_keep_id": kept, "person_to_remove_id": int(removed)},
        }
        return httpx.Response(200, json={"data": [merger]})

    assert answering(handler).people.surviving(["1"]) == {"1": None}


@pytest.mark.parametrize("bulk_ids", ["ignored", "refused"])
def test_where_ids_in_bulk_are_not_honoured_each_is_read_by_itself(bulk_ids: str) -> None:
    house = House()
    house.planning_center_options.bulk_ids = bulk_ids  # type: ignore[assignment]
    stranger, ana, ben = (house.add_person(name, "Reyes") for name in ("Cleo", "Ana", "Ben"))
    anna = house.add_person("Anna", "Reyes")
    house.merge(keep=anna, remove=ana)

    surviving = house.vendors.people.surviving([ana, ben])

    assert surviving == {ana: anna, ben: ben}
    assert stranger not in surviving


def test_that_bulk_is_not_honoured_is_remembered() -> None:
    house = House()
    house.planning_center_options.bulk_ids = "refused"
    ana, ben = house.add_person("Ana", "Reyes"), house.add_person("Ben", "Reyes")
    house.vendors.people.surviving([ana, ben])
    house.requests()

    house.vendors.people.surviving([ana, ben])

    assert house.requests() == [f"{PEOPLE}/{ana}", f"{PEOPLE}/{ben}"]


def test_a_bulk_that_answers_for_the_first_id_only_declares_nobody_dead() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/person_mergers"):
            return httpx.Response(200, json={"data": []})
        one = request.url.path.rpartition("/")[2]
        person = {"type": "Person", "id": "1" if one == "people" else one}
        return httpx.Response(200, json={"data": [person] if one == "people" else person})

    surviving = answering(handler).people.surviving(["1", "2", "3"])

    assert surviving == {"1": "1", "2": "2", "3": "3"}


@pytest.mark.parametrize("odd", ["12/../../giving/v2/funds", "", "abc", "1,2", "²"])
def test_a_hint_that_is_no_id_is_nobody_and_costs_nothing(odd: str) -> None:
    house = House()

    assert house.vendors.people.surviving([odd]) == {odd: None}
    assert house.requests() == []


def test_a_path_cannot_be_smuggled_in_as_an_id() -> None:
    house = House()

    with pytest.raises(RecordNotFoundError):
        house.vendors.people.get("1/../../../giving/v2/funds")

    assert house.requests() == []


def test_a_wrong_address_does_not_make_everybody_dead() -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(404, headers={"content-type": "application/json"}, text='{"errors": []}')

    with pytest.raises(MisconfiguredError):
        answering(handler).people.surviving(["1"])


def test_an_unknown_email_costs_one_request() -> None:
    house = House()
    house.add_person("Ana", "Reyes", email="ana@example.test")

    assert house.vendors.people.owners_of_email("nobody@example.test") == []
    assert house.requests() == ["GET /people/v2/emails"]


def test_an_email_finds_its_owner_in_one_request() -> None:
    house = House()
    ana = house.add_person("Ana", "Reyes", email="Ana@Example.test", phone="555 210 3344")

    owners = house.vendors.people.owners_of_email(" ana@example.TEST ")

    assert owners == [ana]
    assert house.requests() == ["GET /people/v2/emails"]


def test_people_are_read_with_emails_and_phones() -> None:
    house = House()
    ana = house.add_person("Ana", "Reyes", email="Ana@Example.test", phone="555 210 3344")

    [person] = house.vendors.people.get_many([ana])

    assert (person.id, person.emails, person.phones) == (ana, ("Ana@Example.test",), ("(555) 210-3344",))


@pytest.mark.parametrize("bulk_ids", ["supported", "ignored", "refused"])
def test_people_who_are_gone_are_left_out(bulk_ids: str) -> None:
    house = House()
    house.planning_center_options.bulk_ids = bulk_ids  # type: ignore[assignment]
    people = [house.add_person(name, "Reyes", email="home@example.test") for name in ("Ana", "Ben")]

    found = house.vendors.people.get_many([*people, "999999"])

    assert [person.id for person in found] == people


def test_many_people_are_read_in_one_request() -> None:
    house = House()
    people = [house.add_person(f"Ana {number}", "Reyes") for number in range(30)]

    found = house.vendors.people.get_many(people)

    assert len(found) == len(people)
    assert house.requests() == [PEOPLE]


@pytest.mark.parametrize("bulk_ids", ["supported", "ignored", "refused"])
def test_a_familys_email_finds_all_its_owners(bulk_ids: str) -> None:
    house = House()
    house.planning_center_options.bulk_ids = bulk_ids  # type: ignore[assignment]
    house.add_person("Cleo", "Stone", email="cleo@example.test")
    owners = [house.add_person(name, "Reyes", email="home@example.test") for name in ("Ana", "Ben")]

    found = house.vendors.people.owners_of_email("home@example.test")

    assert found == owners


def test_a_wildcard_in_an_email_finds_nobody_else() -> None:
    house = House()
    house.add_person("Ana", "Reyes", email="ana@example.test")

    assert house.vendors.people.owners_of_email("ana@%") == []


def test_an_empty_email_asks_nothing() -> None:
    house = House()

    assert house.vendors.people.owners_of_email("  ") == []
    assert house.requests() == []


@pytest.mark.parametrize(
    ("first_name", "last_name"),
    [
        ("ana maría", "reyes-soto"),
        ("Ana Maria", "Reyes Soto"),
        ("Anita", "Reyes-Soto"),
        ("ANA-MARIA", "REYESSOTO"),
    ],
)
def test_a_name_is_found_after_folding_and_by_nickname(first_name: str, last_name: str) -> None:
    house = House()
    ana = house.add_person("Ana María", "Reyes-Soto", nickname="Anita", given_name="Ana María")

    found = house.vendors.people.find_by_name(first_name, last_name)

    expected = [] if last_name == "REYESSOTO" else [ana]
    assert [person.id for person in found] == expected


def test_a_name_with_accents_finds_the_person_without() -> None:
    house = House()
    jose = house.add_person("Jose", "Garcia")

    found = house.vendors.people.find_by_name("José", "García")

    assert [person.id for person in found] == [jose]


def test_a_likely_name_is_not_the_name() -> None:
    house = House()
    house.add_person("Ana", "Reyes-Soto")
    house.add_person("Anabel", "Reyes")

    assert house.vendors.people.find_by_name("Ana", "Reyes") == []


def test_namesakes_are_found_over_all_pages() -> None:
    house = House()
    for number in range(120):
        house.add_person(f"Person {number}", "Reyes")
    twins = [house.add_person("Ana", "Reyes") for _ in range(2)]

    found = house.vendors.people.find_by_name("Ana", "Reyes")

    assert [person.id for person in found] == twins


def test_a_very_common_last_name_is_narrowed_by_the_first() -> None:
    house = House()
    for number in range(301):
        house.add_person(f"Person {number}", "Reyes")
    ana = house.add_person("Ana", "Reyes")

    found = house.vendors.people.find_by_name("Ana", "Reyes")

    assert [person.id for person in found] == [ana]
    assert house.requests() == [PEOPLE] * 2


def test_somebody_with_only_one_name_is_found() -> None:
    house = House()
    company = house.add_person("", "Harbor Bakery")

    assert [person.id for person in house.vendors.people.find_by_name("", "Harbor Bakery")] == [company]


def test_no_name_asks_nothing() -> None:
    house = House()

    assert house.vendors.people.find_by_name("", " - ") == []
    assert house.requests() == []


def test_an_inactive_person_is_found_and_says_so() -> None:
    house = House()
    ana = house.add_person("Ana", "Reyes", status="inactive")

    assert not house.vendors.people.get(ana).active


def test_a_merged_id_is_not_found() -> None:
    house = House()
    ana, anna = house.add_person("Ana", "Reyes"), house.add_person("Anna", "Reyes")
    house.merge(keep=anna, remove=ana)

    with pytest.raises(RecordNotFoundError):
        house.vendors.people.get(ana)


def test_a_new_person_with_email_phone_and_address_costs_four_requests() -> None:
    house = House()
    people = house.vendors.people

    person = people.create(PersonDraft("Ana", "Reyes", "Luz", date(1980, 2, 29)), nothing)
    people.add_email(person.id, "ana@example.test", nothing, look_first=False)
    people.add_phone(person.id, Phone("555 210 3344", PhoneLocation.WORK), nothing, look_first=False)
    people.add_address(person.id, HOME, nothing, look_first=False)

    path = f"POST /people/v2/people/{person.id}"
    assert house.requests() == [
        "POST /people/v2/people",
        f"{path}/emails",
        f"{path}/phone_numbers",
        f"{path}/addresses",
    ]
    found = people.get(person.id)
    assert (found.emails, found.phones) == (("ana@example.test",), ("(555) 210-3344",))
    assert (found.birthdate, found.active) == (date(1980, 2, 29), True)


def test_a_part_that_is_there_already_is_not_added_again() -> None:
    house = House()
    people = house.vendors.people
    ana = house.add_person("Ana", "Reyes", email="ana@example.test", phone="555 210 3344")
    people.add_address(ana, HOME, nothing, look_first=False)
    house.requests()

    people.add_email(ana, "ANA@example.test", nothing, look_first=True)
    people.add_phone(ana, Phone("+1 (555) 210-3344"), nothing, look_first=True)
    people.add_address(ana, Address("12 elm street", zip="00000"), nothing, look_first=True)

    assert [request.partition(" ")[0] for request in house.requests()] == ["GET"] * 3


def test_a_part_that_is_missing_is_added_after_looking() -> None:
    house = House()
    ana = house.add_person("Ana", "Reyes", email="other@example.test")

    house.vendors.people.add_email(ana, "ana@example.test", nothing, look_first=True)

    assert set(house.vendors.people.get(ana).emails) == {"other@example.test", "ana@example.test"}


def test_an_email_that_the_person_has_is_a_no_op_also_without_looking_first() -> None:
    house = House()
    ana = house.add_person("Ana", "Reyes", email="ana@example.test")

    house.vendors.people.add_email(ana, "ana@example.test", nothing, look_first=False)

    assert house.vendors.people.get(ana).emails == ("ana@example.test",)


def test_a_malformed_email_is_rejected_without_repeating_it() -> None:
    house = House()
    ana = house.add_person("Ana", "Reyes")

    with pytest.raises(RejectedError) as raised:
        house.vendors.people.add_email(ana, "ana at example", nothing, look_first=False)

    assert raised.value.parameters == ("address",)
    assert "ana at example" not in str(raised.value)


def test_a_person_whose_creation_was_not_answered_is_not_created_again() -> None:
    house = House()
    house.fail(FaultKind.LOST_ANSWER, "POST", "/people/v2/people")

    with pytest.raises(OutcomeUnknownError):
        house.vendors.people.create(PersonDraft("Ana", "Reyes"), nothing)

    assert house.requests() == ["POST /people/v2/people"]


def test_a_person_created_under_another_name_is_not_believed() -> None:
    answer = {
        "data": {"type": "Person", "id": "31", "attributes": {"first_name": "Ana", "last_name": "Stone"}}
    }

    with pytest.raises(AnswerMismatchError) as raised:
        answering(lambda _: httpx.Response(201, json=answer)).people.create(
            PersonDraft("Ana", "Reyes"), nothing
        )

    assert raised.value.record_id == "31"


def test_a_company_is_created_by_its_last_name_alone() -> None:
    house = House()

    person = house.vendors.people.create(PersonDraft("", "Harbor Bakery"), nothing)

    assert house.vendors.people.get(person.id).last_name == "Harbor Bakery"
