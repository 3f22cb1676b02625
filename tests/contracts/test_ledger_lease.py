from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from narthex.domain.errors import LeaseHeldError, LeaseLostError
from narthex.domain.ledger import (
    Announcement,
    Day,
    DayStatus,
    Progress,
    VendorWrite,
)
from narthex.ports import LedgerStore
from tests.support.builders import CHURCH, SUNDAY

NOW_MS = 1_000_000
LEASE_MS = 60_000
MONDAY = SUNDAY + timedelta(days=1)
SENDING = Announcement(VendorWrite.CREATE_DONATION, "9001", NOW_MS)


def opened(
    ledger: LedgerStore, *, now_ms: int = NOW_MS, day: date = SUNDAY, organization: str = CHURCH
) -> Day:
    return ledger.open_day(organization, day, now_ms=now_ms, lease_until_ms=now_ms + LEASE_MS)


def test_a_day_that_nobody_opened_is_unknown(ledger: LedgerStore) -> None:
    assert ledger.read_day(CHURCH, SUNDAY) is None


def test_the_first_lease_creates_the_day(ledger: LedgerStore) -> None:
    day = opened(ledger)

    ends_ms = NOW_MS + LEASE_MS
    assert day == Day(CHURCH, SUNDAY, fence=1, lease_until_ms=ends_ms, wake_at_ms=ends_ms)


def test_a_day_whose_worker_died_is_due_when_its_lease_is_over(ledger: LedgerStore) -> None:
    opened(ledger)

    assert ledger.due(NOW_MS + LEASE_MS - 1, 10) == []
    assert ledger.due(NOW_MS + LEASE_MS, 10) == [(CHURCH, SUNDAY)]


def test_a_running_lease_shuts_others_out_and_says_how_long(ledger: LedgerStore) -> None:
    opened(ledger)

    with pytest.raises(LeaseHeldError) as held:
        opened(ledger, now_ms=NOW_MS + 20_000)

    assert held.value.retry_after_seconds == 40


def test_a_lease_ends_with_its_last_millisecond(ledger: LedgerStore) -> None:
    opened(ledger)

    with pytest.raises(LeaseHeldError):
        opened(ledger, now_ms=NOW_MS + LEASE_MS - 1)
    day = opened(ledger, now_ms=NOW_MS + LEASE_MS)

    assert day.fence == 2


def test_a_lease_that_was_given_back_can_be_taken_at_once(ledger: LedgerStore) -> None:
    day = opened(ledger)
    ledger.save_day(replace(day, lease_until_ms=0))

    again = opened(ledger, now_ms=NOW_MS + 1)

    assert again.fence == 2


def test_days_and_organizations_have_leases_of_their_own(ledger: LedgerStore) -> None:
    opened(ledger)

    others = [opened(ledger, day=MONDAY), opened(ledger, organization="hillside-chapel")]

    assert [other.fence for other in others] == [1, 1]


def test_the_head_record_comes_back_as_it_was_saved(ledger: LedgerStore) -> None:
    day = replace(
        opened(ledger),
        status=DayStatus.COMMITTED,
        announcement=SENDING,
        batch_id="88",
        batch_sent_ms=NOW_MS + 1,
        changed_ms=NOW_MS + 2,
        committed_at=datetime(2026, 11, 16, 14, 3, tzinfo=UTC),
        committed_ms=NOW_MS + 3,
        audits_done=1,
        wake_at_ms=NOW_MS + 4,
        message="all is well",
        progress=Progress(gifts=3, recorded=2, held=1),
        requests=17,
        started_ms=NOW_MS,
        finished_ms=NOW_MS + 5,
    )

    ledger.save_day(day)

    assert ledger.read_day(CHURCH, SUNDAY) == day


def test_what_is_no_longer_said_of_a_day_is_gone(ledger: LedgerStore) -> None:
    day = replace(opened(ledger), announcement=SENDING, message="wait", wake_at_ms=NOW_MS, batch_id="88")
    ledger.save_day(day)
    shorter = replace(day, announcement=None, message=None, wake_at_ms=None, batch_id=None)

    ledger.save_day(shorter)

    assert ledger.read_day(CHURCH, SUNDAY) == shorter


def test_a_new_lease_keeps_what_the_day_says(ledger: LedgerStore) -> None:
    day = replace(opened(ledger), announcement=SENDING, batch_id="88", lease_until_ms=0)
    ledger.save_day(day)

    again = opened(ledger)

    assert again == replace(day, fence=2, lease_until_ms=NOW_MS + LEASE_MS)


def test_an_announcement_stands_in_the_head_record(ledger: LedgerStore) -> None:
    day = opened(ledger)

    ledger.announce(day, SENDING, Progress(gifts=2, recorded=1))

    expected = replace(day, announcement=SENDING, progress=Progress(gifts=2, recorded=1))
    assert ledger.read_day(CHURCH, SUNDAY) == expected


def test_an_announcement_can_be_taken_back(ledger: LedgerStore) -> None:
    day = opened(ledger)
    ledger.announce(day, SENDING, Progress())

    ledger.announce(day, None, Progress())

    assert ledger.read_day(CHURCH, SUNDAY) == day


def test_an_announcement_changes_nothing_else(ledger: LedgerStore) -> None:
    day = replace(opened(ledger), batch_id="88", wake_at_ms=NOW_MS)
    ledger.save_day(day)

    ledger.announce(replace(day, batch_id="89"), SENDING, Progress())

    assert ledger.read_day(CHURCH, SUNDAY) == replace(day, announcement=SENDING)


def test_a_worker_that_lost_its_lease_cannot_announce(ledger: LedgerStore) -> None:
    old = opened(ledger)
    new = opened(ledger, now_ms=NOW_MS + LEASE_MS)

    with pytest.raises(LeaseLostError):
        ledger.announce(old, SENDING, Progress())

    assert ledger.read_day(CHURCH, SUNDAY) == new


def test_a_worker_that_lost_its_lease_cannot_save_the_day(ledger: LedgerStore) -> None:
    old = opened(ledger)
    opened(ledger, now_ms=NOW_MS + LEASE_MS)

    with pytest.raises(LeaseLostError):
        ledger.save_day(replace(old, status=DayStatus.COMMITTED))


def test_a_day_that_was_never_opened_cannot_be_saved(ledger: LedgerStore) -> None:
    with pytest.raises(LeaseLostError):
        ledger.save_day(Day(CHURCH, SUNDAY, fence=0))

    assert ledger.read_day(CHURCH, SUNDAY) is None
