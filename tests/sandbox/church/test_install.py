from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from sandbox import planning_center, wegive
from sandbox.church import GRACE, HILLSIDE, Installed, events, install, organization_file, sample_churches
from sandbox.faults import Faults
from sandbox.in_process import InProcessTransport
from sandbox.records import Records
from sandbox.request_log import RequestLog

SUNDAY = date(2026, 1, 4)
DAY: dict[str, Any] = {
    "created[start]": "2026-01-04T06:00:00Z",
    "created[end]": "2026-01-05T05:59:59Z",
    "count": 200,
}


class Town:
    """Both sample churches on both sides, with clients of either vendor."""

    def __init__(self) -> None:
        self.planning_center_records, self.wegive_records = Records(), Records()
        grace, hillside = sample_churches(7, SUNDAY)
        self.grace = install(grace, self.planning_center_records, self.wegive_records)
        self.hillside = install(hillside, self.planning_center_records, self.wegive_records)
        parts = {"clock": self.clock, "faults": Faults(), "log": RequestLog()}
        options = planning_center.Options(limit=1_000_000)
        people = planning_center.create_app(self.planning_center_records, options=options, **parts)  # type: ignore[arg-type]
        gifts = wegive.create_app(self.wegive_records, options=wegive.Options(), **parts)  # type: ignore[arg-type]
        self.planning_center = InProcessTransport(people)
        self.wegive = InProcessTransport(gifts)

    def clock(self) -> datetime:
        return datetime(2026, 1, 5, 14, 1, tzinfo=UTC)

    def of_wegive(self, path: str, token: str = GRACE.wegive_token, **query: Any) -> Any:  # noqa: ANN401
        headers = {"Authorization": f"Bearer {token}"}
        base = "https://wegive.test/api/dashboard"
        with httpx.Client(transport=self.wegive, base_url=base, headers=headers) as client:
            answer = client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def of_planning_center(self, path: str, account: Any = GRACE, **query: Any) -> httpx.Response:  # noqa: ANN401
        headers = {"User-Agent": "tests (https://tests.example)", "X-PCO-API-Version": "2025-11-10"}
        auth = (account.application_id, account.secret)
        with httpx.Client(
            transport=self.planning_center, base_url="https://pco.test", headers=headers
        ) as client:
            return client.get(path, params=query, auth=auth)


@pytest.fixture
def town() -> Town:
    return Town()


def test_the_days_gifts_in_wegive_are_those_of_the_church(town: Town) -> None:
    church = town.grace.church

    listed = town.of_wegive("/transactions", is_test="false", type="donation", **DAY)

    gifts = [row for row in listed if row["succeeded_at"] and not row["refunded_at"]]
    assert len(gifts) == len(church.gifts_of_the_day())
    assert sum(int(row["amount"]) for row in gifts) == sum(g.amount_cents for g in church.gifts_of_the_day())


def test_every_linked_donors_person_is_found_in_planning_center_by_email(town: Town) -> None:
    linked = [donor for donor in town.grace.church.donors if donor.outcome == "linked" and donor.emails]
    for donor in linked[:40]:
        found = town.of_planning_center("/people/v2/emails", **{"where[address]": donor.emails[-1]}).json()

        people = {item["relationships"]["person"]["data"]["id"] for item in found["data"]}

        assert donor.person is not None
        assert town.grace.person_ids[donor.person] in people


def test_a_merged_person_is_gone_and_leads_to_the_one_who_was_kept(town: Town) -> None:
    removed = next(person for person in town.grace.church.people if person.merged_into is not None)
    person_id = town.grace.person_ids[removed.key]

    gone = town.of_planning_center(f"/people/v2/people/{person_id}")
    merger = town.of_planning_center("/people/v2/person_mergers", **{"where[person_to_remove_id]": person_id})

    assert gone.status_code == 404
    assert removed.merged_into is not None
    kept_id = town.grace.person_ids[removed.merged_into]
    assert str(merger.json()["data"][0]["attributes"]["person_to_keep_id"]) == kept_id


def test_wegives_hint_names_the_person_who_was_merged_away(town: Town) -> None:
    donor = next(donor for donor in town.grace.church.donors if donor.case == "merged")
    assert donor.planning_center_person is not None
    hint = town.grace.person_ids[donor.planning_center_person]

    found = town.of_wegive("/donors", planning_center_id=hint)

    assert [row["id"] for row in found] == [town.grace.donor_ids[donor.key]]


def test_funds_are_on_their_sides_with_one_default(town: Town) -> None:
    there = {row["name"] for row in town.of_wegive("/funds")}
    here = town.of_planning_center("/giving/v2/funds").json()["data"]

    assert there - {row["attributes"]["name"] for row in here} == {"Community Garden"}
    assert [row["attributes"]["name"] for row in here if row["attributes"]["default"]] == ["General Fund"]
    assert [row["attributes"]["name"] for row in here if row["attributes"]["visibility"] == "nowhere"] == [
        "Easter Flowers"
    ]


def test_planning_center_has_no_source_and_no_batch_yet(town: Town) -> None:
    sources = town.of_planning_center("/giving/v2/payment_sources").json()["data"]

    assert [source["id"] for source in sources] == ["planning_center"]
    assert town.of_planning_center("/giving/v2/batches").json()["data"] == []


def test_the_churches_see_nothing_of_each_other(town: Town) -> None:
    shared = next(donor for donor in town.hillside.church.donors if donor.name in _names(town.grace))
    query = {"where[address]": shared.emails[0]}

    there = town.of_planning_center("/people/v2/emails", **query).json()["data"]
    here = town.of_planning_center("/people/v2/emails", HILLSIDE, **query).json()["data"]

    assert len(there) == len(here) == 1
    assert there[0]["id"] != here[0]["id"]
    assert len(town.of_wegive("/donors", HILLSIDE.wegive_token)) == 12


def _names(installed: Installed) -> set[str]:
    return {donor.name for donor in installed.church.donors}


def test_families_share_a_household_and_an_email(town: Town) -> None:
    households = town.of_wegive("/households", count=200)
    family = [town.of_wegive(f"/donors/{member['id']}") for member in households[0]["members"]]

    assert len(households) == 10
    assert len({member["email_1"] for member in family}) == 1
    assert len(family) > 1


def test_recurring_gifts_name_their_plan(town: Town) -> None:
    gifts = town.of_wegive("/transactions", type="recurring", count=200)

    plans = {row["id"] for row in town.of_wegive("/scheduled-donations", count=200, status="active")}

    assert len(gifts) == 19
    assert {row["scheduled_donation_id"] for row in gifts} == plans


def test_a_late_gift_falls_on_the_day_and_has_just_changed(town: Town) -> None:
    before = len(town.of_wegive("/transactions", **DAY))

    late = events.add_late_gift(town.wegive_records, town.clock, GRACE.organization_id, SUNDAY)

    assert len(town.of_wegive("/transactions", **DAY)) == before + 1
    changed = town.of_wegive("/transactions", **{"updated_at[start]": "2026-01-05T14:01:00Z"})
    assert [row["id"] for row in changed] == [late["id"]]


def test_a_refund_takes_a_sound_gift_of_the_day(town: Town) -> None:
    row = events.refund(town.wegive_records, town.clock, GRACE.organization_id, SUNDAY)

    place = town.grace.transaction_ids.index(row["id"])
    assert town.grace.church.gifts[place] in town.grace.church.gifts_of_the_day()
    assert row["refunded_at"] == "2026-01-05T14:01:00Z"


def test_events_of_an_unknown_church_or_an_empty_day_say_so(town: Town) -> None:
    with pytest.raises(LookupError, match="no sample church"):
        events.refund(town.wegive_records, town.clock, "elsewhere", SUNDAY)
    with pytest.raises(LookupError, match="2020-01-01"):
        events.refund(town.wegive_records, town.clock, GRACE.organization_id, date(2020, 1, 1))


def test_the_organization_file_opens_both_vendors(town: Town) -> None:
    content = organization_file(town.grace.church, "http://127.0.0.1:8700/")

    assert content["planning_center"]["base_url"] == "http://127.0.0.1:8700/planning-center"
    assert content["wegive"]["base_url"] == "http://127.0.0.1:8700/wegive/api"
    assert town.of_wegive("/funds", content["wegive"]["token"])
    assert content["default_fund"] == "General Fund"
    assert content["settings"] == {"first_day": "2026-01-04"}


def test_ids_count_the_installed(town: Town) -> None:
    installed = town.grace

    counts = Counter(
        people=len(installed.person_ids),
        donors=len(installed.donor_ids),
        gifts=len(installed.transaction_ids),
    )

    church = installed.church
    assert counts == Counter(people=len(church.people), donors=len(church.donors), gifts=len(church.gifts))
