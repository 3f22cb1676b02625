"""Whom a day's gifts belong to: known, matched, created once (S10-S14)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from narthex.domain.correlation import CorrelationKind, CorrelationState
from narthex.domain.ledger import GiftState
from narthex.domain.organization import Switches
from sandbox.wegive.staff import add_gift
from sandbox.wegive.tables import add
from tests.simulation.parish import ORGANIZATION
from tests.support.parish_push import DAY_MS, ParishPush


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
