from __future__ import annotations

from dataclasses import replace

from narthex.adapters.dynamodb.correlations import DynamoDbCorrelations
from narthex.adapters.dynamodb.ledger import DynamoDbLedger
from narthex.domain.ledger import Announcement, GiftState, Progress, VendorWrite
from tests.support.builders import CHURCH, SUNDAY, a_correlation, a_gift, a_link
from tests.support.faulty_connection import FaultyConnection

NOW_MS = 1_000_000


def test_a_gift_costs_four_writes_and_no_read(connection: FaultyConnection, ledger: DynamoDbLedger) -> None:
    day = ledger.open_day(CHURCH, SUNDAY, now_ms=NOW_MS, lease_until_ms=NOW_MS + 1)
    connection.calls.clear()

    ledger.claim_transactions(CHURCH, SUNDAY, ["9001"])
    ledger.save_gifts(day, [a_gift()])
    ledger.announce(day, Announcement(VendorWrite.CREATE_DONATION, "9001", NOW_MS), Progress(gifts=1))
    ledger.save_gift(day, a_gift(state=GiftState.RECORDED, donation_id="77"))

    assert connection.operations() == ["PutItem", "PutItem", "UpdateItem", "PutItem"]


def test_an_announcement_does_not_touch_the_index(
    connection: FaultyConnection, ledger: DynamoDbLedger
) -> None:
    day = ledger.open_day(CHURCH, SUNDAY, now_ms=NOW_MS, lease_until_ms=NOW_MS + 1)
    connection.calls.clear()

    ledger.announce(day, None, Progress())

    (_, arguments) = connection.calls[0]
    assert not {"wake_at", "wake_shard"} & set(arguments["ExpressionAttributeNames"].values())


def test_a_lease_costs_one_write_and_no_read(connection: FaultyConnection, ledger: DynamoDbLedger) -> None:
    connection.calls.clear()

    ledger.open_day(CHURCH, SUNDAY, now_ms=NOW_MS, lease_until_ms=NOW_MS + 1)

    assert connection.operations() == ["UpdateItem"]


def test_a_new_tie_costs_two_writes_and_no_read(
    connection: FaultyConnection, correlations: DynamoDbCorrelations
) -> None:
    correlations.claim(CHURCH, a_correlation(), None)
    connection.calls.clear()

    correlations.claim(CHURCH, a_link(), a_correlation())

    assert connection.operations() == ["PutItem", "PutItem"]


def test_a_changed_tie_costs_one_write_and_no_read(
    connection: FaultyConnection, correlations: DynamoDbCorrelations
) -> None:
    correlations.claim(CHURCH, a_link(pending=("email",)), None)
    connection.calls.clear()

    correlations.claim(CHURCH, a_link(), a_link(pending=("email",)))

    assert connection.operations() == ["PutItem"]


def test_reads_are_strongly_consistent_and_nothing_is_scanned(
    connection: FaultyConnection, ledger: DynamoDbLedger, correlations: DynamoDbCorrelations
) -> None:
    day = ledger.open_day(CHURCH, SUNDAY, now_ms=NOW_MS, lease_until_ms=NOW_MS + 1)
    ledger.save_day(replace(day, wake_at_ms=NOW_MS))
    connection.calls.clear()

    ledger.read_day(CHURCH, SUNDAY)
    ledger.gifts(CHURCH, SUNDAY)
    ledger.findings(CHURCH, SUNDAY)
    ledger.get_document(CHURCH, SUNDAY, "proof")
    ledger.preflight_passed(CHURCH)
    correlations.new_people(CHURCH, "email:a@example.org")

    assert set(connection.operations()) == {"GetItem", "Query"}
    assert all(arguments["ConsistentRead"] for _, arguments in connection.calls)


def test_due_days_are_looked_up_in_the_index(connection: FaultyConnection, ledger: DynamoDbLedger) -> None:
    ledger.due(NOW_MS, 5)

    assert {arguments.get("IndexName") for _, arguments in connection.calls if "IndexName" in arguments} == {
        "wake"
    }
    assert set(connection.operations()) == {"Query"}
