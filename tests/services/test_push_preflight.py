"""Two integrations at once double every gift: refuse with the evidence, or adopt what is there (S39)."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from narthex.domain.ledger import DayStatus, FindingKind, FindingState, GiftState
from sandbox.planning_center.staff import delete_donation
from tests.simulation.parish import DAY, PLANNING_CENTER_URL, SECRET
from tests.simulation.stage import Killed
from tests.support.parish_push import CHURCH, MINUTE_MS, ParishPush


class OtherSync:
    """WeGive's own integration: it writes through the same API, and nobody here knows of it."""

    def __init__(self, church: ParishPush) -> None:
        self._client = httpx.Client(
            transport=church.parish.planning_center,
            base_url=PLANNING_CENTER_URL,
            auth=(SECRET.application_id, SECRET.secret),
            headers={"User-Agent": "Other sync (other@sync.example)", "X-PCO-API-Version": "2019-10-18"},
        )
        self.source_id = self._create("payment_sources", "PaymentSource", {"name": "WeGive"})

    def batch(self, description: str = f"WeGive Import - {DAY.isoformat()}") -> str:
        return self._create("batches", "Batch", {"description": description})

    def donate(
        self, batch_id: str, person_id: str, cents: int, fund_id: str, *, minute: int, seconds: int = 0
    ) -> str:
        at = datetime(2026, 11, 15, 16, minute, seconds, tzinfo=UTC)
        attributes = {"payment_method": "card", "received_at": at.isoformat()}
        relationships = {
            "payment_source": {"data": {"type": "PaymentSource", "id": self.source_id}},
            "person": {"data": {"type": "Person", "id": person_id}},
        }
        included = {
            "type": "Designation",
            "attributes": {"amount_cents": cents},
            "relationships": {"fund": {"data": {"type": "Fund", "id": fund_id}}},
        }
        return self._create(
            f"batches/{batch_id}/donations", "Donation", attributes, relationships, included=[included]
        )

    def commit(self, batch_id: str) -> None:
        self._client.post(f"/giving/v2/batches/{batch_id}/commit").raise_for_status()

    def _create(
        self,
        path: str,
        kind: str,
        attributes: dict[str, Any],
        relationships: dict[str, Any] | None = None,
        **more: Any,  # noqa: ANN401
    ) -> str:
        data = {"type": kind, "attributes": attributes, "relationships": relationships or {}}
        answer = self._client.post(f"/giving/v2/{path}", json={"data": data, **more})
        answer.raise_for_status()
        return str(answer.json()["data"]["id"])


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


def test_a_batch_of_the_days_name_that_we_did_not_make_is_refused_with_its_id(
    church: ParishPush, other: OtherSync
) -> None:
    batch_id = push_the_day(other, church)
    written = len(church.door.writes())

    church.push()

    assert church.head().status is DayStatus.REFUSED
    message = str(church.head().message)
    assert (
        f"batch {batch_id} (in_progress) named 'WeGive Import - 2026-11-15', which we did not make" in message
    )
    assert "set adopt_existing in the organization's settings to take over what is there" in message
    assert len(church.door.writes()) == written
    assert church.cents() == [2500]


def test_gifts_of_another_day_from_the_wegive_source_are_refused_with_their_number(
    church: ParishPush, other: OtherSync
) -> None:
    batch_id = other.batch("WeGive Import - 2026-11-08")
    (ana,) = church.people("Ana")
    other.donate(batch_id, ana, 100, church.fund_id("General"), minute=0)

    church.push()

    assert church.head().status is DayStatus.REFUSED
    assert (
        "Planning Center holds 1 donations from the payment source 'WeGive', and we have entered none yet"
        in str(church.head().message)
    )
    assert church.cents() == [100]


def test_a_payment_source_without_gifts_is_no_evidence(church: ParishPush, other: OtherSync) -> None:
    church.push()

    assert church.head().status is DayStatus.COMMITTED
    assert {each["relations"]["payment_source"] for each in church.donations()} == {other.source_id}


def test_once_cleared_our_own_gifts_are_no_evidence_on_another_day(
    church: ParishPush, gifts: list[int]
) -> None:
    church.push()
    church.clock.pass_time(24 * 60 * MINUTE_MS)

    church.push(DAY + timedelta(days=1))

    assert church.head(DAY + timedelta(days=1)).status is DayStatus.EMPTY


def test_an_empty_day_clears_nothing(church: ParishPush) -> None:
    church.push(DAY - timedelta(days=1))
    church.parish.give("Ana", 2500, minute=0)
    other = OtherSync(church)
    batch_id = other.batch("WeGive Import - 2026-11-08")
    other.donate(batch_id, church.people("Ana")[0], 100, church.fund_id("General"), minute=0)

    church.push()

    assert church.head().status is DayStatus.REFUSED


def test_a_day_whose_batch_somebody_else_makes_later_is_refused_too(
    church: ParishPush, gifts: list[int]
) -> None:
    church.push()
    other_day = DAY - timedelta(days=1)
    other = OtherSync.__new__(OtherSync)
    other.__dict__ = {"_client": _client(church), "source_id": ""}
    other.batch(f"WeGive Import - {other_day.isoformat()}")
    gift = church.parish.give("Ana", 700, minute=0)
    _move_to(church, gift, "2026-11-14T17:00:00Z")

    church.push(other_day)

    assert church.head(other_day).status is DayStatus.REFUSED


def _client(church: ParishPush) -> httpx.Client:
    return httpx.Client(
        transport=church.parish.planning_center,
        base_url=PLANNING_CENTER_URL,
        auth=(SECRET.application_id, SECRET.secret),
        headers={"User-Agent": "Other sync (other@sync.example)", "X-PCO-API-Version": "2019-10-18"},
    )


def _move_to(church: ParishPush, gift: int, created_at: str) -> None:
    records = church.parish.wegive_records
    row = records.get("transaction", str(gift))
    assert row is not None
    records.put("transaction", str(gift), {**row, "created_at": created_at})


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
