"""Ids die: people merged or deleted, donors merged, people whom Giving does not know yet (S13)."""

from __future__ import annotations

from typing import Any

from narthex.domain.ledger import DayStatus, GiftState
from sandbox.planning_center.staff import delete_person, merge_people
from sandbox.wegive.staff import merge_donors
from sandbox.wegive.tables import add
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
