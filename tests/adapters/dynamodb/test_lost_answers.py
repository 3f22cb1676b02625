from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from narthex.adapters.dynamodb.ledger import DynamoDbLedger
from narthex.domain.errors import LeaseHeldError, LeaseLostError, RetryLaterError
from narthex.domain.ledger import Announcement, Day, GiftState, Progress, VendorWrite
from tests.support.builders import CHURCH, SUNDAY, a_finding, a_gift
from tests.support.clock import VirtualClock
from tests.support.faulty_connection import Fault, FaultyConnection

NOW_MS = 1_000_000
LEASE_MS = 60_000
FIRST = Announcement(VendorWrite.CREATE_DONATION, "1", NOW_MS)
SECOND = Announcement(VendorWrite.CREATE_DONATION, "2", NOW_MS + 1)
PASSING = [Fault.ANSWER_LOST, Fault.REQUEST_LOST, Fault.LATE, Fault.THROTTLED, Fault.SERVER_ERROR]


def opened(ledger: DynamoDbLedger, now_ms: int = NOW_MS) -> Day:
    return ledger.open_day(CHURCH, SUNDAY, now_ms=now_ms, lease_until_ms=now_ms + LEASE_MS)


def stored(ledger: DynamoDbLedger) -> Day:
    day = ledger.read_day(CHURCH, SUNDAY)
    assert day is not None
    return day


def test_a_repeated_lease_is_one_lease(connection: FaultyConnection, ledger: DynamoDbLedger) -> None:
    connection.faults = [Fault.REPEATED]

    day = opened(ledger)

    ends_ms = NOW_MS + LEASE_MS
    assert day == Day(CHURCH, SUNDAY, fence=1, lease_until_ms=ends_ms, wake_at_ms=ends_ms)


def test_a_repeated_renewal_is_one_lease(connection: FaultyConnection, ledger: DynamoDbLedger) -> None:
    opened(ledger)
    connection.faults = [Fault.REPEATED]

    day = opened(ledger, NOW_MS + LEASE_MS)

    assert (day.fence, stored(ledger).fence) == (2, 2)


def test_a_lease_whose_answers_are_all_lost_does_not_shut_its_own_worker_out(
    connection: FaultyConnection, ledger: DynamoDbLedger
) -> None:
    connection.faults = [Fault.ANSWER_LOST]
    with pytest.raises(RetryLaterError) as failure:
        opened(ledger)

    day = opened(ledger, NOW_MS + 1)

    assert not isinstance(failure.value, LeaseHeldError)
    assert day.fence == 2


def test_a_lease_whose_answer_is_lost_shuts_others_out(
    connection: FaultyConnection, ledger: DynamoDbLedger, other_ledger: DynamoDbLedger
) -> None:
    connection.faults = [Fault.ANSWER_LOST]
    with pytest.raises(RetryLaterError):
        opened(ledger)

    with pytest.raises(LeaseHeldError):
        opened(other_ledger, NOW_MS + 1)


def test_a_lost_lease_is_not_taken_from_somebody_else(
    connection: FaultyConnection, ledger: DynamoDbLedger, other_ledger: DynamoDbLedger
) -> None:
    connection.faults = [Fault.ANSWER_LOST]
    with pytest.raises(RetryLaterError):
        opened(ledger)
    opened(other_ledger, NOW_MS + LEASE_MS)

    with pytest.raises(LeaseHeldError):
        opened(ledger, NOW_MS + LEASE_MS + 1)


def test_an_attempt_that_arrives_late_does_not_take_a_lease_that_runs(
    connection: FaultyConnection, ledger: DynamoDbLedger, other_ledger: DynamoDbLedger
) -> None:
    connection.faults = [Fault.LATE]
    with pytest.raises(RetryLaterError):
        opened(ledger)
    day = opened(other_ledger, NOW_MS + 1)

    connection.deliver_late()

    assert stored(ledger) == day


def test_an_attempt_that_arrives_late_does_not_take_back_what_it_gave_back(
    connection: FaultyConnection, ledger: DynamoDbLedger
) -> None:
    connection.faults = [Fault.TWIN]
    released = replace(opened(ledger), lease_until_ms=0)
    ledger.save_day(released)

    connection.deliver_late()

    assert stored(ledger) == released


def test_a_worker_whose_clock_is_behind_can_go_on_after_another(
    ledger: DynamoDbLedger, other_ledger: DynamoDbLedger, clock: VirtualClock
) -> None:
    clock.advance_ms(5_000)
    ledger.save_day(replace(opened(ledger), lease_until_ms=0))
    clock.advance_ms(-5_000)

    day = opened(other_ledger)
    other_ledger.announce(day, FIRST, Progress())

    assert stored(other_ledger).announcement == FIRST


def test_an_announcement_that_arrives_late_does_not_hide_a_newer_one(
    connection: FaultyConnection, ledger: DynamoDbLedger
) -> None:
    day = opened(ledger)
    connection.faults = [Fault.LATE]
    with pytest.raises(RetryLaterError):
        ledger.announce(day, FIRST, Progress())
    ledger.announce(day, SECOND, Progress())

    connection.deliver_late()

    assert stored(ledger).announcement == SECOND


def test_an_announcement_that_arrives_late_does_not_undo_the_end_of_the_run(
    connection: FaultyConnection, ledger: DynamoDbLedger
) -> None:
    day = opened(ledger)
    connection.faults = [Fault.LATE]
    with pytest.raises(RetryLaterError):
        ledger.announce(day, FIRST, Progress())
    released = replace(day, lease_until_ms=0)
    ledger.save_day(released)

    connection.deliver_late()

    assert stored(ledger) == released


def test_a_day_that_arrives_late_does_not_touch_the_next_lease(
    connection: FaultyConnection, ledger: DynamoDbLedger, other_ledger: DynamoDbLedger
) -> None:
    day = opened(ledger)
    connection.faults = [Fault.LATE]
    with pytest.raises(RetryLaterError):
        ledger.save_day(replace(day, message="old"))
    newer = opened(other_ledger, NOW_MS + LEASE_MS)

    connection.deliver_late()

    assert stored(ledger) == newer


def test_a_gift_that_arrives_late_does_not_undo_a_newer_state(
    connection: FaultyConnection, ledger: DynamoDbLedger
) -> None:
    day = opened(ledger)
    connection.faults = [Fault.LATE]
    with pytest.raises(RetryLaterError):
        ledger.save_gift(day, a_gift())
    recorded = a_gift(state=GiftState.RECORDED, donation_id="77")
    ledger.save_gift(day, recorded)

    connection.deliver_late()

    assert ledger.gifts(CHURCH, SUNDAY) == [recorded]


def test_repeated_writes_under_a_fence_are_content(
    connection: FaultyConnection, ledger: DynamoDbLedger
) -> None:
    day = opened(ledger)
    connection.faults = [Fault.REPEATED] * 4

    ledger.save_gift(day, a_gift())
    ledger.save_gift(day, a_gift(reason="again"))
    ledger.announce(day, FIRST, Progress())
    ledger.save_day(replace(day, message="done"))

    assert stored(ledger).message == "done"
    assert ledger.gifts(CHURCH, SUNDAY) == [a_gift(reason="again")]


def test_a_repeated_write_under_an_old_fence_is_still_refused(
    connection: FaultyConnection, ledger: DynamoDbLedger, other_ledger: DynamoDbLedger
) -> None:
    day = opened(ledger)
    opened(other_ledger, NOW_MS + LEASE_MS)
    connection.faults = [Fault.THROTTLED]
    with pytest.raises(RetryLaterError):
        ledger.announce(day, FIRST, Progress())

    with pytest.raises(LeaseLostError):
        ledger.announce(day, FIRST, Progress())


def test_a_repeated_claim_of_transactions_is_one_claim(
    connection: FaultyConnection, ledger: DynamoDbLedger
) -> None:
    connection.faults = [Fault.REPEATED]

    assert ledger.claim_transactions(CHURCH, SUNDAY, ["1"]) == {"1": SUNDAY}


WRITES: dict[str, Callable[[DynamoDbLedger, Day], object]] = {
    "open_day": lambda ledger, _: ledger.open_day("other", SUNDAY, now_ms=NOW_MS, lease_until_ms=NOW_MS),
    "announce": lambda ledger, day: ledger.announce(day, FIRST, Progress()),
    "save_day": lambda ledger, day: ledger.save_day(day),
    "save_gift": lambda ledger, day: ledger.save_gift(day, a_gift()),
    "save_gifts": lambda ledger, day: ledger.save_gifts(day, [a_gift("1"), a_gift("2")]),
    "claim_transactions": lambda ledger, day: ledger.claim_transactions(CHURCH, day.date, ["1"]),
    "save_finding": lambda ledger, day: ledger.save_finding(CHURCH, day.date, a_finding()),
    "put_document": lambda ledger, day: ledger.put_document(CHURCH, day.date, "proof", {}),
    "pass_preflight": lambda ledger, _: ledger.pass_preflight(CHURCH),
}


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("name", WRITES)
def test_every_write_can_be_called_again_after_a_fault_that_passes(
    connection: FaultyConnection, ledger: DynamoDbLedger, name: str, fault: Fault
) -> None:
    day = opened(ledger)
    connection.faults = [fault]

    with pytest.raises(RetryLaterError) as failure:
        WRITES[name](ledger, day)
    WRITES[name](ledger, day)

    assert failure.value.retry_after_seconds > 0


def test_a_missing_table_is_not_worth_another_try(connection: FaultyConnection, clock: VirtualClock) -> None:
    ledger = DynamoDbLedger(connection, "no-such-table", clock=clock, new_id=lambda: "mine")

    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        ledger.read_day(CHURCH, SUNDAY)
