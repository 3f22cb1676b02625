"""Whom a day's gifts belong to: known, matched, created once, followed through merges (S10-S14)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from narthex.domain.correlation import CorrelationKind, CorrelationState
from narthex.domain.ledger import DayStatus, GiftState
from narthex.domain.organization import Switches
from sandbox.planning_center.staff import delete_person, merge_people
from sandbox.wegive.staff import add_gift, merge_donors
from sandbox.wegive.tables import add
from tests.simulation.parish import ORGANIZATION
from tests.support.parish_push import CHURCH, DAY_MS, ParishPush


def a_donor(church: ParishPush, name: str, **fields: Any) -> str:  # noqa: ANN401
    """Add a WeGive donor "First Last"; the key under which the parish knows them."""
    first, _, last = name.partition(" ")
    key = f"{name} {len(church.parish.donor_ids)}"
    row = add(
        church.parish.wegive_records, "donor", "parish", church.clock.now(),
        first_name=first, last_name=last, name=name, **fields,
    )  # fmt: skip
    church.parish.donor_ids[key] = int(row["id"])
    return key


def merge(church: ParishPush, keep: str, remove: str) -> None:
    merge_people(church.parish.planning_center_records, CHURCH, keep, remove, church.clock.now)


def test_a_family_email_finds_the_member_who_bears_the_donors_name(church: ParishPush) -> None:
    ben, bea = (church.parish.give(name, 1000, minute=0) for name in ("Ben", "Bea"))

    church.push()

    assert [church.giver(ben)] == church.people("Ben")
    assert [church.giver(bea)] == church.people("Bea")
    assert church.reviews.all(ORGANIZATION.id) == []


def test_a_donor_without_an_email_is_found_by_name(church: ParishPush) -> None:
    gift = church.parish.give(a_donor(church, "ANA álvarez"), 1000, minute=0)

    church.push()

    assert [church.giver(gift)] == church.people("Ana")


def test_a_guests_gift_is_anonymous(church: ParishPush) -> None:
    gift = church.parish.give(None, 1000, minute=0)

    church.push()

    assert church.giver(gift) is None


def test_a_new_person_comes_with_email_phone_and_address(church: ParishPush) -> None:
    gift = church.parish.give("Nils", 7700, minute=0)

    church.push()

    (nils,) = church.people("Nils")
    assert church.giver(gift) == nils
    (email,) = church.details("Email", nils)
    (phone,) = church.details("PhoneNumber", nils)
    (address,) = church.details("Address", nils)
    assert (email["address"], email["location"], email["primary"]) == ("nils@parish.example", "Home", True)
    assert (phone["e164"], phone["location"], phone["primary"]) == ("+13125550143", "Mobile", True)
    assert (address["street_line_1"], address["zip"], address["location"]) == (
        "9 Elm Street",
        "62701",
        "Home",
    )


def test_a_new_donor_costs_a_search_and_one_request_for_each_record(church: ParishPush) -> None:
    church.parish.give("Ana", 2500, minute=0)
    church.push()
    church.door.requests.clear()

    church.parish.give("Nils", 7700, minute=0)
    church.push()

    about_people = [each for each in church.door.requests if "/people/v2" in each]
    assert [each.split()[0] for each in about_people[:6]] == ["GET", "GET", "POST", "POST", "POST", "POST"]


def test_a_person_is_created_once_for_all_gifts_of_the_donor(church: ParishPush) -> None:
    for minute in range(3):
        church.parish.give("Nils", 1000, minute=minute)

    church.push()

    assert len(church.people("Nils")) == 1


def test_two_records_of_one_donor_on_one_day_make_one_person_and_a_question(church: ParishPush) -> None:
    twin = a_donor(church, "Nils Newcomer", email_1="NILS@parish.example")
    church.parish.options.search_lag_seconds = 3600
    first, second = church.parish.give("Nils", 1000, minute=0), church.parish.give(twin, 2000, minute=1)

    church.push()

    assert len(church.people("Nils")) == 1
    assert [church.giver(first)] == church.people("Nils")
    assert church.gift(second).state is GiftState.HELD
    (review,) = church.reviews.all(ORGANIZATION.id)
    assert "if the two donors are one, merge them in WeGive" in review.evidence


def test_two_records_of_one_known_donor_on_one_day_make_a_link_and_a_question(church: ParishPush) -> None:
    twin = a_donor(church, "Ana Álvarez", email_1="ana@parish.example")
    church.parish.give("Ana", 1000, minute=0)
    second = church.parish.give(twin, 2000, minute=1)

    church.push()

    assert church.gift(second).state is GiftState.HELD
    assert len(church.reviews.all(ORGANIZATION.id)) == 1


def test_a_person_who_was_created_on_one_day_is_known_on_the_next(church: ParishPush) -> None:
    church.parish.options.search_lag_seconds = 3 * DAY_MS / 1000
    church.parish.give("Nils", 1000, minute=0)
    church.push()

    church.clock.pass_time(DAY_MS)
    records, fund_id = church.parish.wegive_records, church.parish.fund_ids["General"]
    nils = church.parish.donor_ids["Nils"]
    monday = add_gift(records, church.clock.now, "parish", nils, 500, fund_id, "2026-11-16T17:00:00Z")
    day = church.head().date.replace(day=16)
    church.push(day)

    assert len(church.people("Nils")) == 1
    assert [church.giver(int(monday["id"]), day)] == church.people("Nils")


def test_giving_may_not_know_a_new_person_for_a_while(church: ParishPush) -> None:
    church.parish.options.giving_person_lag_seconds = 90
    gift = church.parish.give("Nils", 7700, minute=0)
    church.parish.give("Ana", 2500, minute=1)

    church.push()

    assert church.head().status is DayStatus.COMMITTED
    assert [church.giver(gift)] == church.people("Nils")
    assert church.cents() == [2500, 7700]


def test_a_person_whom_giving_never_gets_to_know_does_not_hold_the_others_back(church: ParishPush) -> None:
    church.parish.options.giving_person_lag_seconds = 3000  # the others have been there for an hour
    gift = church.parish.give("Nils", 7700, minute=0)
    church.parish.give("Ana", 2500, minute=1)

    church.push()

    assert church.head().status is DayStatus.COMMITTED
    assert church.cents() == [2500]
    assert church.gift(gift).state is GiftState.HELD
    church.clock.pass_time(2 * DAY_MS)
    church.push()
    assert [church.giver(gift)] == church.people("Nils")


def test_a_donation_that_fell_to_anonymous_is_taken_back_before_the_commit(church: ParishPush) -> None:
    church.reset_settings()
    church.parish.options.giving_person_lag_seconds = 3000
    church.parish.options.donations_to_unknown_person = "anonymous"
    gift = church.parish.give("Nils", 7700, minute=0)
    church.parish.give("Ana", 2500, minute=1)

    church.push()

    assert church.cents() == [2500]
    assert "another person" in str(church.gift(gift).reason)


def test_a_late_donation_that_fell_to_anonymous_is_shown_until_it_is_mended(church: ParishPush) -> None:
    church.parish.give("Ana", 2500, minute=1)
    church.push()
    church.parish.options.giving_person_lag_seconds = DAY_MS / 1000
    church.parish.options.donations_to_unknown_person = "anonymous"

    gift = church.parish.give("Nils", 7700, minute=0)
    church.push()
    church.sleep_until_woken()

    donation_id = church.gift(gift).donation_id
    open_findings = [each for each in church.proof()["findings"] if each["state"] == "open"]
    assert donation_id in {each["donation_id"] for each in open_findings}


def test_gifts_follow_a_person_who_was_merged_into_another(church: ParishPush) -> None:
    church.parish.give("Ana", 1000, minute=0)
    church.push()
    (ana,), (bea,) = church.people("Ana"), church.people("Bea")

    merge(church, bea, ana)
    late = church.parish.give("Ana", 500, minute=1)
    church.push()

    assert church.giver(late) == bea
    assert church.proof()["unexplained_cents"] == 0


def test_a_person_who_is_merged_while_the_gifts_are_on_their_way_is_followed(church: ParishPush) -> None:
    church.reset_settings()
    church.parish.give("Ana", 100, minute=1, allocations=[("General", 60), ("Missions", 41)])
    gift = church.parish.give("Ana", 1000, minute=0)
    church.push()
    (ana,), (bea,) = church.people("Ana"), church.people("Bea")

    merge(church, bea, ana)
    church.sleep_until_woken()

    assert church.head().status is DayStatus.COMMITTED
    assert church.giver(gift) == bea
    assert church.cents() == [1000]


def test_a_donor_whose_person_was_deleted_is_matched_anew(church: ParishPush) -> None:
    church.parish.give("Nils", 1000, minute=0)
    church.push()
    (before,) = church.people("Nils")
    delete_person(church.parish.planning_center_records, CHURCH, before, church.clock.now)
    church.clock.pass_time(8 * DAY_MS)

    late = church.parish.give("Nils", 500, minute=1)
    church.push()

    (now,) = church.people("Nils")
    assert now != before
    assert church.giver(late) == now


def test_a_donor_merged_in_wegive_brings_the_gifts_to_the_survivors_person(church: ParishPush) -> None:
    old = a_donor(church, "Ana Álvarez", email_1="old@parish.example")
    gift = church.parish.give(old, 1000, minute=0)
    keep, remove = church.parish.donor_ids["Ana"], church.parish.donor_ids[old]
    merge_donors(church.parish.wegive_records, church.clock.now, "parish", keep, remove)

    church.push()

    assert [church.giver(gift)] == church.people("Ana")


def test_with_creating_people_switched_off_a_new_donors_gift_is_held(church: ParishPush) -> None:
    church.set(switches=Switches(push_donors=False))
    gift = church.parish.give("Nils", 1000, minute=0)

    church.push()

    assert "is not in Planning Center, and creating people is switched off" in str(church.gift(gift).reason)
    assert church.people("Nils") == []


def test_a_refused_phone_number_does_not_keep_the_person_back(church: ParishPush) -> None:
    odd = a_donor(church, "Otto Ohm", email_1="otto@parish.example", mobile_phone="1")
    gift = church.parish.give(odd, 1000, minute=0)

    church.push()

    (otto,) = church.people("Otto")
    assert church.giver(gift) == otto
    assert len(church.details("Email", otto)) == 1


def test_an_email_that_was_not_answered_is_added_once_after_all(church: ParishPush) -> None:
    church.parish.give("Nils", 7700, minute=0)

    def unanswered(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("lost", request=request)

    with church.door.answering(r"POST .*/emails$", unanswered):
        church.push()
    church.finish_audits()

    (nils,) = church.people("Nils")
    counts = [len(church.details(kind, nils)) for kind in ("Email", "PhoneNumber", "Address")]
    assert counts == [1, 1, 1]


def test_a_person_who_was_created_under_another_name_is_never_created_again(church: ParishPush) -> None:
    gift = church.parish.give("Nils", 7700, minute=0)
    church.parish.give("Ana", 2500, minute=1)

    def renamed(request: httpx.Request) -> httpx.Response:
        request.read()
        changed = request.content.replace(b"Newcomer", b"N.")
        headers = {key: value for key, value in request.headers.items() if key != "content-length"}
        again = httpx.Request(request.method, request.url, headers=headers, content=changed)
        return church.parish.planning_center.handle_request(again)

    with church.door.answering(r"POST .*/people/v2/people$", renamed):
        church.push()
        church.clock.pass_time(DAY_MS)
        church.push()

    assert len(church.people("Nils")) == 1
    (review,) = church.reviews.all(ORGANIZATION.id)
    assert review.candidate_ids == tuple(church.people("Nils"))
    assert church.gift(gift).state is GiftState.HELD
    assert church.cents() == [2500]


@pytest.mark.parametrize("name", ["Nils", "Ana"])
def test_every_donor_is_tied_to_a_person_after_the_push(church: ParishPush, name: str) -> None:
    church.parish.give(name, 1000, minute=0)

    church.push()

    donor_id = str(church.parish.donor_ids[name])
    tie = church.correlations.get_many(ORGANIZATION.id, CorrelationKind.DONOR, [donor_id])[donor_id]
    assert tie.state is CorrelationState.LINKED
    assert [tie.planning_center_id] == church.people(name)
    assert tie.pending == ()
