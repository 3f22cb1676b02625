from __future__ import annotations

from typing import Any

import pytest

from sandbox.planning_center.staff import merge_people
from tests.sandbox.planning_center.church import ORGANIZATION_ID, Church, parameters

MERGERS = "/people/v2/person_mergers"


def merge(church: Church, keep: str, remove: str) -> None:
    merge_people(church.records, ORGANIZATION_ID, keep, remove, church.clock)


def test_the_removed_id_is_a_404_and_stands_in_the_mergers(church: Church) -> None:
    keep, remove = church.person("Ada"), church.person("Adah")

    merge(church, keep, remove)

    (merger,) = church.data(MERGERS, **{"where[person_to_remove_id]": remove})
    assert church.get(f"/people/v2/people/{remove}").status_code == 404
    assert merger["attributes"]["person_to_keep_id"] == int(keep)
    assert merger["relationships"]["person_to_keep"]["data"]["id"] == keep


def test_chains_of_mergers_stay_readable_link_by_link(church: Church) -> None:
    first, second, third = (church.person(name) for name in ("Ada", "Adah", "Addie"))
    merge(church, second, first)
    merge(church, third, second)

    kept = [
        church.data(MERGERS, **{"where[person_to_remove_id]": each})[0]["attributes"]["person_to_keep_id"]
        for each in (first, second)
    ]

    assert kept == [int(second), int(third)]


def test_donations_and_emails_go_over_to_the_one_who_is_kept(church: Church) -> None:
    keep, remove = church.person("Ada", email="ada@quill.example"), church.person("Adah")
    church.email(remove, "adah@quill.example")
    church.email(remove, "ADA@quill.example")
    donation_id = church.donation(church.batch(), person=f"Person:{remove}")

    merge(church, keep, remove)

    emails = church.data(f"/people/v2/people/{keep}/emails")
    assert [each["attributes"]["address"] for each in emails] == ["ada@quill.example", "adah@quill.example"]
    assert [each["attributes"]["primary"] for each in emails] == [True, False]
    assert church.where(f"/giving/v2/people/{keep}/donations") == [donation_id]


def test_whoever_had_no_email_takes_over_the_primary_one(church: Church) -> None:
    keep, remove = church.person("Ada"), church.person("Adah", email="adah@quill.example")

    merge(church, keep, remove)

    (email,) = church.data(f"/people/v2/people/{keep}/emails")
    assert email["attributes"]["primary"] is True


@pytest.mark.parametrize("option", ["accepted", "anonymous"])
def test_a_donation_to_a_removed_person_is_taken_in_some_way(church: Church, option: Any) -> None:  # noqa: ANN401
    church.options.donations_to_merged_person = option
    keep, remove = church.person("Ada"), church.person("Adah")
    merge(church, keep, remove)

    donation_id = church.donation(church.batch(), person=f"Person:{remove}")

    person = church.data(f"/giving/v2/donations/{donation_id}")["relationships"]["person"]["data"]
    assert person == ({"type": "Person", "id": keep} if option == "accepted" else None)


def test_a_donation_to_a_removed_person_can_be_refused(church: Church) -> None:
    church.options.donations_to_merged_person = "refused"
    keep, remove = church.person("Ada"), church.person("Adah")
    merge(church, keep, remove)

    answer = church.post(
        f"/giving/v2/batches/{church.batch()}/donations", church.gift(person=f"Person:{remove}")
    )

    assert parameters(answer) == ["person_id"]
