from __future__ import annotations

from dataclasses import replace

import pytest

from narthex.domain.correlation import CorrelationKind, CorrelationState
from narthex.ports import CorrelationStore
from tests.support.builders import CHURCH, a_correlation, a_link, a_new_person
from tests.support.clock import VirtualClock

DONOR = CorrelationKind.DONOR
DAY_MS = 24 * 3600 * 1000


def test_a_claim_can_be_read_back(correlations: CorrelationStore) -> None:
    link = a_link(pending=("email", "phone"), last_sent_ms=5)

    claimed = correlations.claim(CHURCH, link, None)

    assert claimed
    assert correlations.get_many(CHURCH, DONOR, ["501", "999"]) == {"501": link}


def test_more_ids_than_one_request_takes_are_all_read(correlations: CorrelationStore) -> None:
    ids = [str(number) for number in range(120)]
    for wegive_id in ids:
        correlations.claim(CHURCH, a_correlation(wegive_id), None)

    found = correlations.get_many(CHURCH, DONOR, [*ids, *ids, "no-such-donor"])

    assert sorted(found) == sorted(ids)


def test_only_one_of_two_workers_may_create(correlations: CorrelationStore) -> None:
    first = correlations.claim(CHURCH, a_correlation(), None)

    second = correlations.claim(CHURCH, a_correlation(last_sent_ms=2000), None)

    assert (first, second) == (True, False)
    assert correlations.get_many(CHURCH, DONOR, ["501"]) == {"501": a_correlation()}


def test_only_one_of_two_workers_may_create_even_in_the_same_millisecond(
    correlations: CorrelationStore,
) -> None:
    claims = [correlations.claim(CHURCH, a_correlation(), None) for _ in range(2)]

    assert claims == [True, False]


@pytest.mark.parametrize(
    "seen",
    [
        a_correlation(last_sent_ms=999),
        a_correlation(last_sent_ms=None),
        a_correlation(pending=("email",)),
        a_correlation(matched_by="name"),
        a_correlation(planning_center_id="31"),
        a_correlation(state=CorrelationState.LINKED),
    ],
)
def test_a_claim_fails_when_anything_differs_from_what_was_seen(
    correlations: CorrelationStore, seen: object
) -> None:
    correlations.claim(CHURCH, a_correlation(), None)

    assert not correlations.claim(CHURCH, a_link(), seen)  # type: ignore[arg-type]


def test_a_claim_over_nothing_fails_when_something_was_seen(correlations: CorrelationStore) -> None:
    assert not correlations.claim(CHURCH, a_link(), a_correlation())


def test_a_creation_becomes_a_link(correlations: CorrelationStore) -> None:
    correlations.claim(CHURCH, a_correlation(), None)

    linked = correlations.claim(CHURCH, a_link(), a_correlation())

    assert linked
    assert correlations.holder(CHURCH, DONOR, "31") == "501"


def test_a_person_is_tied_to_one_donor_only(correlations: CorrelationStore) -> None:
    correlations.claim(CHURCH, a_link("501", "31"), None)

    second = correlations.claim(CHURCH, a_link("502", "31"), None)

    assert not second
    assert correlations.holder(CHURCH, DONOR, "31") == "501"
    assert correlations.get_many(CHURCH, DONOR, ["502"]) == {}


def test_a_creation_holds_nobody(correlations: CorrelationStore) -> None:
    correlations.claim(CHURCH, a_correlation(planning_center_id="31"), None)

    assert correlations.holder(CHURCH, DONOR, "31") is None


def test_the_same_tie_may_be_claimed_again(correlations: CorrelationStore) -> None:
    correlations.claim(CHURCH, a_correlation(), None)
    correlations.claim(CHURCH, a_link(), a_correlation())

    again = correlations.claim(CHURCH, a_link(), a_correlation())

    assert again


def test_a_holder_that_was_claimed_in_vain_may_be_claimed_again(correlations: CorrelationStore) -> None:
    correlations.claim(CHURCH, a_correlation(last_sent_ms=2), None)
    in_vain = correlations.claim(CHURCH, a_link(), None)

    again = correlations.claim(CHURCH, a_link(), a_correlation(last_sent_ms=2))

    assert (in_vain, again) == (False, True)


def test_what_is_left_to_add_is_taken_off(correlations: CorrelationStore) -> None:
    link = a_link(pending=("email", "phone"))
    correlations.claim(CHURCH, link, None)

    shorter = correlations.claim(CHURCH, replace(link, pending=("phone",)), link)

    assert shorter
    assert correlations.get_many(CHURCH, DONOR, ["501"])["501"].pending == ("phone",)


def test_a_link_to_another_person_frees_the_former_one(correlations: CorrelationStore) -> None:
    correlations.claim(CHURCH, a_link("501", "31"), None)

    correlations.claim(CHURCH, a_link("501", "32"), a_link("501", "31"))

    assert correlations.holder(CHURCH, DONOR, "31") is None
    assert correlations.holder(CHURCH, DONOR, "32") == "501"


def test_funds_and_donors_are_kept_apart(correlations: CorrelationStore) -> None:
    correlations.claim(CHURCH, a_link("501", "31"), None)

    fund = correlations.claim(CHURCH, a_link("501", "31", kind=CorrelationKind.FUND), None)

    assert fund
    assert correlations.get_many(CHURCH, DONOR, ["501"]) == {"501": a_link()}


def test_organizations_are_kept_apart(correlations: CorrelationStore) -> None:
    correlations.claim(CHURCH, a_link("501", "31"), None)

    assert correlations.claim("hillside-chapel", a_link("502", "31"), None)
    assert correlations.get_many("hillside-chapel", DONOR, ["501"]) == {}


def test_new_people_are_found_by_each_of_their_keys(
    correlations: CorrelationStore, clock: VirtualClock
) -> None:
    new = a_new_person(created_ms=clock.now_ms())

    correlations.remember_new_person(CHURCH, new, ["email:zofia@example.org", "name:zofiażak"])

    assert correlations.new_people(CHURCH, "email:zofia@example.org") == [new]
    assert correlations.new_people(CHURCH, "name:zofiażak") == [new]
    assert correlations.new_people(CHURCH, "name:zofia") == []
    assert correlations.new_people("hillside-chapel", "name:zofiażak") == []


def test_two_new_people_share_a_key(correlations: CorrelationStore, clock: VirtualClock) -> None:
    people = [a_new_person(person_id, created_ms=clock.now_ms()) for person_id in ("40", "31")]
    for new in people:
        correlations.remember_new_person(CHURCH, new, ["email:a@example.org"])

    assert correlations.new_people(CHURCH, "email:a@example.org") == [people[1], people[0]]


def test_new_people_are_forgotten_after_some_days(
    correlations: CorrelationStore, clock: VirtualClock
) -> None:
    new = a_new_person(created_ms=clock.now_ms())
    correlations.remember_new_person(CHURCH, new, ["email:a@example.org"])

    clock.advance_ms(7 * DAY_MS)

    assert correlations.new_people(CHURCH, "email:a@example.org") == []
