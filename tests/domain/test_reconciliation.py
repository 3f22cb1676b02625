"""Ledger against list: twins are kept, surplus is found, nothing is counted twice (spec 4.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from narthex.domain.giving import Donation, DonationDraft, PaymentMethod
from narthex.domain.ledger import Gift, GiftState
from narthex.domain.reconciliation import Reconciliation, reconcile
from tests.support.builders import a_gift
from tests.support.giving_builders import (
    CARD,
    OUR_SOURCE,
    SUNDAY_MORNING,
    a_donation,
    parts,
    recorded,
)


def a_sent_gift(transaction_id: str = "9001", **changes: Any) -> Gift:  # noqa: ANN401
    """A gift of unknown outcome over 50.00; `changes` are those of its draft."""
    draft = DonationDraft("31", CARD, SUNDAY_MORNING, parts(("11", 5000)))
    return a_gift(transaction_id, state=GiftState.UNKNOWN, amount_cents=5000, draft=replace(draft, **changes))


def count(gifts: Sequence[Gift], donations: Sequence[Donation]) -> Reconciliation:
    return reconcile(gifts, donations, OUR_SOURCE)


def test_a_recorded_gift_is_known_by_its_id() -> None:
    gift = recorded(a_sent_gift(), "77")

    found = count([gift], [a_donation("77")])

    assert found.confirmed == (gift,)
    assert found.agrees


def test_a_recorded_gift_that_staff_gave_to_another_person_is_changed_and_not_missing() -> None:
    gift = recorded(a_sent_gift(), "77")
    donation = a_donation("77", person_id="32")

    found = count([gift], [donation])

    assert found.changed == ((gift, donation),)
    assert not found.missing


def test_a_recorded_gift_stays_known_when_staff_change_its_payment_source() -> None:
    gift = recorded(a_sent_gift(), "77")

    found = count([gift], [a_donation("77", payment_source_id="5")])

    assert found.agrees
    assert not found.foreign


def test_a_recorded_gift_that_the_list_lacks_is_missing() -> None:
    gift = recorded(a_sent_gift(), "77")

    found = count([gift], [])

    assert found.missing == (gift,)
    assert not found.agrees


@pytest.mark.parametrize(
    "edited",
    [
        a_donation("77", amount_cents=5001),
        a_donation("77", designations=parts(("12", 5000))),
        a_donation("77", designations=parts(("11", 4999), ("12", 1))),
        a_donation("77", refunded=True),
        a_donation("77", person_id=None),
    ],
)
def test_a_recorded_gift_with_other_cents_funds_a_refund_or_no_donor_has_changed(edited: Donation) -> None:
    gift = recorded(a_sent_gift(), "77")

    found = count([gift], [edited])

    assert found.changed == ((gift, edited),)
    assert not found.agrees


def test_a_refund_that_we_issued_is_no_change_but_its_undoing_is() -> None:
    gift = replace(recorded(a_sent_gift(), "77"), refunded=True)

    assert count([gift], [a_donation("77", refunded=True)]).agrees
    assert not count([gift], [a_donation("77")]).agrees


def test_designations_that_only_come_in_another_order_are_no_change() -> None:
    gift = recorded(a_sent_gift(designations=parts(("11", 4000), ("12", 1000))), "77")

    assert count([gift], [a_donation("77", designations=parts(("12", 1000), ("11", 4000)))]).agrees


def test_an_unanswered_gift_is_the_donation_that_looks_like_it() -> None:
    gift, donation = a_sent_gift(), a_donation("77")

    found = count([gift], [donation])

    assert found.adopted == ((gift, donation),)
    assert not found.agrees  # the ledger does not know it yet


def test_an_unanswered_gift_that_the_list_lacks_was_never_entered() -> None:
    gift = a_sent_gift()

    assert count([gift], []).unsent == (gift,)


@pytest.mark.parametrize(
    "donation",
    [
        a_donation("77", person_id="32"),
        a_donation("77", person_id=None),
        a_donation("77", method=PaymentMethod.ACH),
        a_donation("77", received_at=SUNDAY_MORNING + timedelta(seconds=1)),
        a_donation("77", designations=parts(("12", 5000))),
    ],
)
def test_a_donation_of_ours_with_the_same_cents_and_another_look_is_for_a_person(donation: Donation) -> None:
    gift = a_sent_gift()

    found = count([gift], [donation])

    assert found.doubtful == ((gift, donation),)
    assert found.foreign == (donation,)
    assert not found.unsent


def test_a_donation_with_other_cents_casts_no_doubt() -> None:
    gift = a_sent_gift()

    assert count([gift], [a_donation("77", amount_cents=5001)]).unsent == (gift,)


def test_the_same_look_from_another_source_is_a_strangers() -> None:
    gift, donation = a_sent_gift(), a_donation("77", payment_source_id="5")

    found = count([gift], [donation])

    assert found.unsent == (gift,)
    assert found.foreign == (donation,)


def test_fractions_of_a_second_do_not_tell_donations_apart() -> None:
    donation = a_donation("77", received_at=SUNDAY_MORNING + timedelta(milliseconds=900))

    assert count([a_sent_gift()], [donation]).adopted


def test_twins_are_both_kept() -> None:
    twins = [a_sent_gift("9001"), a_sent_gift("9002")]

    found = count(twins, [a_donation("77"), a_donation("78")])

    assert [gift.transaction_id for gift, _ in found.adopted] == ["9001", "9002"]
    assert [donation.id for _, donation in found.adopted] == ["77", "78"]


def test_of_twins_one_may_be_missing() -> None:
    twins = [a_sent_gift("9001"), a_sent_gift("9002")]

    found = count(twins, [a_donation("77")])

    assert [gift.transaction_id for gift, _ in found.adopted] == ["9001"]
    assert [gift.transaction_id for gift in found.unsent] == ["9002"]


def test_a_recorded_twin_does_not_lend_its_donation_to_the_other() -> None:
    twins = [recorded(a_sent_gift("9001"), "77"), a_sent_gift("9002")]

    found = count(twins, [a_donation("77")])

    assert [gift.transaction_id for gift in found.unsent] == ["9002"]


def test_one_donation_more_than_gifts_that_look_so_is_surplus_the_newest_one() -> None:
    found = count([a_sent_gift()], [a_donation("100"), a_donation("99")])

    assert found.adopted[0][1].id == "99"
    assert [donation.id for donation in found.surplus] == ["100"]


def test_the_donation_of_a_gift_that_was_withdrawn_is_surplus() -> None:
    gift = replace(a_sent_gift(), state=GiftState.WITHDRAWN)

    assert [donation.id for donation in count([gift], [a_donation("77")]).surplus] == ["77"]


def test_a_donation_that_looks_like_no_gift_is_foreign() -> None:
    found = count([], [a_donation("77")])

    assert [donation.id for donation in found.foreign] == ["77"]
    assert found.agrees  # all of ours are there; a stranger's is for a person
