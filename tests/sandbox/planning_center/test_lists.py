from __future__ import annotations

import pytest

from tests.sandbox.planning_center.church import BASE_URL, Church

PEOPLE = "/people/v2/people"


def test_a_page_has_twenty_five_records_unless_asked(church: Church) -> None:
    for number in range(26):
        church.person(f"Ada{number}")

    answer = church.get(PEOPLE).json()

    assert len(answer["data"]) == 25
    assert (answer["meta"]["total_count"], answer["meta"]["count"]) == (26, 25)


def test_pages_are_walked_by_their_next_links(church: Church) -> None:
    ids = [church.person(f"Ada{number}") for number in range(5)]
    url = f"{BASE_URL}{PEOPLE}?per_page=2&where[last_name]=quill"
    seen: list[str] = []

    while url:
        document = church.client.get(url).json()
        seen += [each["id"] for each in document["data"]]
        url = document["links"].get("next")

    assert seen == ids


def test_the_ends_have_no_next_and_no_previous(church: Church) -> None:
    for number in range(3):
        church.person(f"Ada{number}")

    first, last = (church.get(PEOPLE, per_page=2, offset=offset).json() for offset in (0, 2))

    assert (first["meta"].get("prev"), first["meta"]["next"]) == (None, {"offset": 2})
    assert (last["meta"]["prev"], last["meta"].get("next")) == ({"offset": 0}, None)
    assert "prev" not in first["links"]


@pytest.mark.parametrize(("order", "names"), [("first_name", "Ada Ben Cas"), ("-first_name", "Cas Ben Ada")])
def test_a_list_is_ordered_both_ways(church: Church, order: str, names: str) -> None:
    for name in ("Ben", "Cas", "Ada"):
        church.person(name)

    found = church.data(PEOPLE, order=order)

    assert " ".join(each["attributes"]["first_name"] for each in found) == names


def test_a_list_says_what_can_be_asked_and_leaves_out_what_cannot(church: Church) -> None:
    meta = church.get("/giving/v2/funds").json()["meta"]

    assert meta["can_query_by"] == ["default", "id", "name", "visibility"]
    assert not {"can_order_by", "can_include", "can_filter"} & set(meta)
    assert meta["parent"] == {"id": "77", "type": "Organization"}


def test_list_items_link_to_themselves_and_single_records_to_all(church: Church) -> None:
    batch_id = church.batch()

    item = church.data("/giving/v2/batches")[0]["links"]
    single = church.data(f"/giving/v2/batches/{batch_id}")["links"]

    assert list(item) == ["self"]
    assert single["commit"] == f"{BASE_URL}/giving/v2/batches/{batch_id}/commit"


def test_included_is_always_there(church: Church) -> None:
    assert church.get(PEOPLE).json()["included"] == []


def test_created_since_takes_the_last_day_or_the_time_that_is_given(church: Church) -> None:
    old = church.person("Ada")
    church.wait(90_000)
    new = church.person("Ben")

    recent = church.data(PEOPLE, filter="created_since")
    all_of_them = church.data(PEOPLE, filter="created_since", time="2026-11-22T14:00:00Z")

    assert [each["id"] for each in recent] == [new]
    assert [each["id"] for each in all_of_them] == [old, new]


def test_donations_are_created_into_lists_only_after_the_list_lag(church: Church) -> None:
    church.options.list_lag_seconds = 30
    batch_id = church.batch()
    church.wait(30)
    donation_id = church.donation(batch_id)
    path = f"/giving/v2/batches/{batch_id}/donations"

    early = church.where(path), church.where("/giving/v2/donations")
    church.wait(30)

    assert early == ([], [])
    assert church.get(f"/giving/v2/donations/{donation_id}").status_code == 200
    assert church.where(path) == [donation_id]


def test_deleted_donations_haunt_lists_until_the_list_lag_is_over(church: Church) -> None:
    church.options.list_lag_seconds = 30
    batch_id = church.batch()
    donation_id, other_id = church.donation(batch_id), church.donation(batch_id)
    church.wait(30)
    church.delete(f"/giving/v2/donations/{donation_id}")
    path = f"/giving/v2/batches/{batch_id}/donations"

    early = church.where(path)
    church.wait(30)

    assert early == [donation_id, other_id]
    assert church.get(f"/giving/v2/donations/{donation_id}").status_code == 404
    assert church.where(path) == [other_id]


def test_new_batches_are_listed_only_after_the_list_lag(church: Church) -> None:
    church.options.list_lag_seconds = 30
    batch_id = church.batch()

    early = church.where("/giving/v2/batches")
    church.wait(30)

    assert (early, church.where("/giving/v2/batches")) == ([], [batch_id])
