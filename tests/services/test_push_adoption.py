"""Adopting: what another integration has entered is taken over, what is missing is added, once (S39)."""

from __future__ import annotations

from contextlib import suppress

import pytest

from narthex.domain.ledger import DayStatus, FindingKind, FindingState, GiftState
from sandbox.planning_center.staff import delete_donation
from tests.simulation.stage import Killed
from tests.support.other_sync import OtherSync
from tests.support.parish_push import CHURCH, MINUTE_MS, ParishPush


@pytest.fixture
def gifts(church: ParishPush) -> list[int]:
    give = church.parish.give
    return [give("Ana", 2500, minute=0), give("Ben", 4000, minute=5)]


@pytest.fixture
def other(church: ParishPush, gifts: list[int]) -> OtherSync:
    return OtherSync(church)


def push_the_day(other: OtherSync, church: ParishPush) -> str:
    """The other integration has entered Ana's gift, and not yet Ben's."""
    batch_id = other.batch()
    (ana,) = church.people("Ana")
    other.donate(batch_id, ana, 2500, church.fund_id("General"), minute=0)
    church.clock.pass_time(MINUTE_MS)
    return batch_id


def test_adopting_takes_over_what_is_there_and_adds_only_what_is_missing(
    church: ParishPush, other: OtherSync
) -> None:
    batch_id = push_the_day(other, church)
    church.set(adopt_existing=True)

    church.push()

    assert church.head().status is DayStatus.COMMITTED
    assert church.head().batch_id == batch_id
    assert church.cents() == [2500, 4000]
    assert len(church.batches()) == 1
    assert church.proof()["unexplained_cents"] == 0


def test_a_committed_batch_is_adopted_too_and_the_rest_comes_late(
    church: ParishPush, other: OtherSync, gifts: list[int]
) -> None:
    other.commit(push_the_day(other, church))
    church.set(adopt_existing=True)

    church.push()

    assert church.cents() == [2500, 4000]
    assert [church.gift(gift).late for gift in gifts] == [False, True]
    assert church.proof()["unexplained_cents"] == 0


def test_a_gift_that_the_other_integration_entered_with_another_look_is_held_not_doubled(
    church: ParishPush, other: OtherSync, gifts: list[int]
) -> None:
    batch_id = other.batch()
    donation_id = other.donate(
        batch_id, church.people("Ana")[0], 2500, church.fund_id("General"), minute=0, seconds=30
    )
    church.set(adopt_existing=True)

    church.push()

    assert church.cents() == [2500, 4000]
    assert church.gift(gifts[0]).state is GiftState.HELD
    assert [finding.donation_id for finding in church.findings(FindingKind.DOUBTFUL)] == [donation_id]
    assert church.proof()["unexplained_cents"] == 0


@pytest.fixture
def doubtful(church: ParishPush, other: OtherSync, gifts: list[int]) -> ParishPush:
    """The other integration has entered Ana's gift half a minute off."""
    general = church.fund_id("General")
    other.donate(other.batch(), church.people("Ana")[0], 2500, general, minute=0, seconds=30)
    church.set(adopt_existing=True)
    church.push()
    return church


def test_a_doubtful_gift_stays_held_however_often_it_is_looked_at(doubtful: ParishPush) -> None:
    doubtful.push()
    doubtful.finish_audits()

    assert doubtful.cents() == [2500, 4000]
    assert doubtful.findings(FindingKind.DOUBTFUL)[0].state is FindingState.OPEN


def test_a_person_may_confirm_that_the_doubtful_gift_is_that_donation(
    doubtful: ParishPush, gifts: list[int]
) -> None:
    (finding,) = doubtful.findings(FindingKind.DOUBTFUL)
    doubtful.decide(finding, FindingState.CONFIRMED)
    doubtful.push()

    assert doubtful.gift(gifts[0]).donation_id == finding.donation_id
    assert doubtful.cents() == [2500, 4000]
    assert {each["state"] for each in doubtful.proof()["findings"]} == {"resolved"}
    assert (doubtful.proof()["held"], doubtful.proof()["unexplained_cents"]) == ([], 0)


def test_a_person_may_say_that_the_doubtful_gift_is_another_one(doubtful: ParishPush) -> None:
    doubtful.decide(doubtful.findings(FindingKind.DOUBTFUL)[0], FindingState.RESOLVED)
    doubtful.push()

    assert doubtful.cents() == [2500, 2500, 4000]
    assert doubtful.proof()["unexplained_cents"] == 0


def test_a_doubt_ends_when_the_donation_is_gone(doubtful: ParishPush) -> None:
    donation_id = str(doubtful.findings(FindingKind.DOUBTFUL)[0].donation_id)
    records, clock = doubtful.parish.planning_center_records, doubtful.clock.now
    delete_donation(records, CHURCH, donation_id, clock)

    doubtful.finish_audits()
    doubtful.push()

    assert doubtful.cents() == [2500, 4000]
    assert doubtful.proof()["held"] == []
    assert doubtful.proof()["unexplained_cents"] == 0


def test_several_batches_of_one_name_are_for_a_person(church: ParishPush, other: OtherSync) -> None:
    first, second = other.batch(), other.batch()
    church.set(adopt_existing=True)

    church.push()

    assert church.head().status is DayStatus.STOPPED
    assert church.head().message == (
        f"batches {first}, {second} all bear the day's name; merge them in Planning Center first"
    )


@pytest.mark.parametrize("call", range(1, 26))
def test_a_worker_that_dies_while_adopting_doubles_nothing(
    church: ParishPush, other: OtherSync, call: int
) -> None:
    other.commit(push_the_day(other, church))
    church.set(adopt_existing=True)
    dying = _DiesAt(church.ledger, call)
    living, church.ledger = church.ledger, dying  # type: ignore[assignment]
    with suppress(Killed):
        church.push_once()
    church.ledger = living
    church.clock.pass_time(10 * MINUTE_MS)

    church.push()

    assert church.cents() == [2500, 4000]
    assert church.proof()["unexplained_cents"] == 0


class _DiesAt:
    """A ledger whose caller dies right before the n-th call."""

    def __init__(self, ledger: object, call: int) -> None:
        self._ledger = ledger
        self._left = call

    def __getattr__(self, name: str) -> object:
        method = getattr(self._ledger, name)

        def call(*args: object, **options: object) -> object:
            self._left -= 1
            if self._left == 0:
                raise Killed
            return method(*args, **options)

        return call
