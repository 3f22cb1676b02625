"""Two integrations at once double every gift: refuse with the evidence, or adopt what is there (S39)."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from narthex.domain.ledger import DayStatus
from tests.simulation.parish import DAY, PLANNING_CENTER_URL, SECRET
from tests.support.other_sync import OtherSync
from tests.support.parish_push import MINUTE_MS, ParishPush


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
