from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from narthex.domain.errors import LeaseLostError
from narthex.domain.ledger import (
    Announcement,
    Day,
    FindingState,
    GiftState,
    VendorWrite,
)
from narthex.ports import LedgerStore
from tests.support.builders import CHURCH, SUNDAY, a_finding, a_gift

NOW_MS = 1_000_000
LEASE_MS = 60_000
MONDAY = SUNDAY + timedelta(days=1)
SENDING = Announcement(VendorWrite.CREATE_DONATION, "9001", NOW_MS)


def opened(
    ledger: LedgerStore, *, now_ms: int = NOW_MS, day: date = SUNDAY, organization: str = CHURCH
) -> Day:
    return ledger.open_day(organization, day, now_ms=now_ms, lease_until_ms=now_ms + LEASE_MS)


def test_gifts_come_back_by_transaction_id(ledger: LedgerStore) -> None:
    day = opened(ledger)
    gifts = [a_gift("30"), a_gift("2", draft=None, reason="no fund"), a_gift("1", late=True, refunded=True)]

    ledger.save_gifts(day, gifts)

    assert ledger.gifts(CHURCH, SUNDAY) == [gifts[2], gifts[1], gifts[0]]


def test_more_gifts_than_one_page_come_back_whole(ledger: LedgerStore) -> None:
    day = opened(ledger)
    gifts = [a_gift(str(number), reason="x" * 20_000) for number in range(100, 200)]

    ledger.save_gifts(day, gifts)

    assert ledger.gifts(CHURCH, SUNDAY) == gifts


def test_a_day_has_its_own_gifts_only(ledger: LedgerStore) -> None:
    ledger.save_gift(opened(ledger), a_gift())

    assert ledger.gifts(CHURCH, MONDAY) == []


def test_a_gift_is_replaced_as_a_whole(ledger: LedgerStore) -> None:
    day = opened(ledger)
    ledger.save_gift(day, a_gift(reason="no fund", donation_id="77"))
    later = a_gift(state=GiftState.RECORDED, draft=None)

    ledger.save_gift(day, later)

    assert ledger.gifts(CHURCH, SUNDAY) == [later]


def test_a_gift_of_a_newer_fence_is_not_overwritten(ledger: LedgerStore) -> None:
    old = opened(ledger)
    new = opened(ledger, now_ms=NOW_MS + LEASE_MS)
    recorded = a_gift(state=GiftState.RECORDED, donation_id="77")
    ledger.save_gift(new, recorded)

    with pytest.raises(LeaseLostError):
        ledger.save_gift(old, a_gift())

    assert ledger.gifts(CHURCH, SUNDAY) == [recorded]


def test_a_gift_of_an_older_fence_is_overwritten(ledger: LedgerStore) -> None:
    ledger.save_gift(opened(ledger), a_gift())
    new = opened(ledger, now_ms=NOW_MS + LEASE_MS)
    recorded = a_gift(state=GiftState.RECORDED, donation_id="77")

    ledger.save_gift(new, recorded)

    assert ledger.gifts(CHURCH, SUNDAY) == [recorded]


def test_one_refused_gift_does_not_keep_the_others_back(ledger: LedgerStore) -> None:
    old = opened(ledger)
    new = opened(ledger, now_ms=NOW_MS + LEASE_MS)
    ledger.save_gift(new, a_gift("2", reason="newer"))

    with pytest.raises(LeaseLostError):
        ledger.save_gifts(old, [a_gift("1"), a_gift("2"), a_gift("3")])

    assert [gift.transaction_id for gift in ledger.gifts(CHURCH, SUNDAY)] == ["1", "2", "3"]
    assert ledger.gifts(CHURCH, SUNDAY)[1].reason == "newer"


def test_a_transaction_belongs_to_the_first_day_that_claims_it(ledger: LedgerStore) -> None:
    ledger.claim_transactions(CHURCH, SUNDAY, ["1", "2"])

    assert ledger.claim_transactions(CHURCH, MONDAY, ["2", "3"]) == {"2": SUNDAY, "3": MONDAY}


def test_a_transaction_may_be_claimed_again_for_its_day(ledger: LedgerStore) -> None:
    ledger.claim_transactions(CHURCH, SUNDAY, ["1"])

    assert ledger.claim_transactions(CHURCH, SUNDAY, ["1", "1"]) == {"1": SUNDAY}


def test_transactions_of_two_organizations_have_nothing_to_do_with_each_other(ledger: LedgerStore) -> None:
    ledger.claim_transactions(CHURCH, SUNDAY, ["1"])

    assert ledger.claim_transactions("hillside-chapel", MONDAY, ["1"]) == {"1": MONDAY}


def test_the_same_finding_again_is_one_finding(ledger: LedgerStore) -> None:
    ledger.save_finding(CHURCH, SUNDAY, a_finding("b"))
    ledger.save_finding(CHURCH, SUNDAY, a_finding("a"))
    newer = a_finding("b", text="donation 77 is still one too many")

    ledger.save_finding(CHURCH, SUNDAY, newer)

    assert ledger.findings(CHURCH, SUNDAY) == [a_finding("a"), newer]


@pytest.mark.parametrize("state", [FindingState.CONFIRMED, FindingState.RESOLVED])
def test_a_finding_that_a_person_has_seen_to_is_not_opened_again(
    ledger: LedgerStore, state: FindingState
) -> None:
    ledger.save_finding(CHURCH, SUNDAY, a_finding())
    ledger.save_finding(CHURCH, SUNDAY, a_finding(state=state))

    ledger.save_finding(CHURCH, SUNDAY, a_finding())

    assert ledger.findings(CHURCH, SUNDAY) == [a_finding(state=state)]


def test_a_resolved_finding_stays_resolved(ledger: LedgerStore) -> None:
    ledger.save_finding(CHURCH, SUNDAY, a_finding(state=FindingState.RESOLVED))

    ledger.save_finding(CHURCH, SUNDAY, a_finding(state=FindingState.CONFIRMED))

    assert ledger.findings(CHURCH, SUNDAY) == [a_finding(state=FindingState.RESOLVED)]


def test_a_document_comes_back_as_json_has_it(ledger: LedgerStore) -> None:
    document = {"cents": 12_345, "funds": [{"name": "Mission · São Tomé"}], "held": None, "pair": (1, 2)}

    ledger.put_document(CHURCH, SUNDAY, "proof", document)

    assert ledger.get_document(CHURCH, SUNDAY, "proof") == {**document, "pair": [1, 2]}


def test_a_document_is_replaced(ledger: LedgerStore) -> None:
    ledger.put_document(CHURCH, SUNDAY, "proof", {"cents": 1})

    ledger.put_document(CHURCH, SUNDAY, "proof", {"gifts": 2})

    assert ledger.get_document(CHURCH, SUNDAY, "proof") == {"gifts": 2}


def test_a_document_that_was_never_kept_is_none(ledger: LedgerStore) -> None:
    ledger.put_document(CHURCH, SUNDAY, "proof", {})

    assert ledger.get_document(CHURCH, SUNDAY, "plan") is None


def test_days_whose_time_has_come_are_due_oldest_first(ledger: LedgerStore) -> None:
    for number, wake_at_ms in enumerate([NOW_MS, NOW_MS - 5, NOW_MS + 1, NOW_MS - 9, None]):
        day = opened(ledger, organization=f"church-{number}")
        ledger.save_day(replace(day, wake_at_ms=wake_at_ms))

    due = ledger.due(NOW_MS, 10)

    assert due == [("church-3", SUNDAY), ("church-1", SUNDAY), ("church-0", SUNDAY)]


def test_no_more_days_are_due_than_asked_for(ledger: LedgerStore) -> None:
    for number in range(9):
        day = opened(ledger, organization=f"church-{number}")
        ledger.save_day(replace(day, wake_at_ms=NOW_MS - number))

    due = ledger.due(NOW_MS, 3)

    assert due == [("church-8", SUNDAY), ("church-7", SUNDAY), ("church-6", SUNDAY)]


def test_a_day_that_needs_no_waking_any_more_is_not_due(ledger: LedgerStore) -> None:
    day = replace(opened(ledger), wake_at_ms=NOW_MS)
    ledger.save_day(day)

    ledger.save_day(replace(day, wake_at_ms=None))

    assert ledger.due(NOW_MS, 10) == []


def test_the_preflight_is_passed_once_for_all(ledger: LedgerStore) -> None:
    before = ledger.preflight_passed(CHURCH)

    ledger.pass_preflight(CHURCH)
    ledger.pass_preflight(CHURCH)

    assert (before, ledger.preflight_passed(CHURCH)) == (False, True)
    assert not ledger.preflight_passed("hillside-chapel")
