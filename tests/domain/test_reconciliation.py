"""Ledger against list: twins are kept, surplus is found, nothing is counted twice (spec 4.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narthex.domain.giving import Donation, DonationDraft, Payment, PaymentMethod
from narthex.domain.ledger import Gift, GiftState
from narthex.domain.reconciliation import Reconciliation, reconcile
from tests.support.builders import a_gift
from tests.support.giving_builders import (
    CARD,
    OUR_SOURCE,
    SUNDAY_MORNING,
    a_donation,
    donation_of,
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


def test_a_recorded_gift_stays_known_when_staff_move_it_to_another_person() -> None:
    gift = recorded(a_sent_gift(), "77")

    assert count([gift], [a_donation("77", person_id="32")]).agrees


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


FEW = settings(max_examples=40, deadline=None)
_drafts = st.builds(
    DonationDraft,
    person_id=st.sampled_from((None, "31")),
    payment=st.sampled_from((CARD, Payment(PaymentMethod.ACH))),
    received_at=st.just(SUNDAY_MORNING),
    designations=st.sampled_from((parts(("11", 500)), parts(("12", 500)), parts(("11", 300), ("12", 400)))),
)


@dataclass(frozen=True)
class Batch:
    """A ledger and a list that need not have to do with each other."""

    gifts: list[Gift]
    donations: list[Donation]


@st.composite
def _batches(draw: st.DrawFn) -> Batch:
    gifts = [
        replace(
            a_gift(
                str(9001 + index), draft=draw(_drafts | st.none()), state=draw(st.sampled_from(GiftState))
            ),
            refunded=draw(st.booleans()),
        )
        for index in range(draw(st.integers(0, 6)))
    ]
    ids = draw(st.lists(st.integers(1, 12).map(str), max_size=8, unique=True))
    free = draw(st.permutations([str(number) for number in range(1, 13)]))
    gifts = [
        recorded(gift, free.pop()) if gift.state is GiftState.RECORDED and gift.draft else gift
        for gift in gifts
    ]
    donations = [
        donation_of(
            a_gift(draft=draw(_drafts)),
            donation_id,
            payment_source_id=draw(st.sampled_from((OUR_SOURCE, OUR_SOURCE, "5", None))),
            refunded=draw(st.booleans()),
        )
        for donation_id in ids
    ]
    return Batch(gifts, donations)


def in_state(batch: Batch, state: GiftState) -> Counter[str]:
    return Counter(gift.transaction_id for gift in batch.gifts if gift.state is state)


def names(*groups: Sequence[Gift | tuple[Gift, Donation]]) -> Counter[str]:
    members = [member for group in groups for member in group]
    return Counter((each[0] if isinstance(each, tuple) else each).transaction_id for each in members)


@FEW
@given(_batches())
def test_adopted_unsent_and_doubtful_share_out_the_unanswered_gifts(batch: Batch) -> None:
    found = count(batch.gifts, batch.donations)

    assert names(found.adopted, found.unsent, found.doubtful) == in_state(batch, GiftState.UNKNOWN)


@FEW
@given(_batches())
def test_confirmed_changed_and_missing_share_out_the_recorded_gifts(batch: Batch) -> None:
    found = count(batch.gifts, batch.donations)

    assert names(found.confirmed, found.changed, found.missing) == in_state(batch, GiftState.RECORDED)


@FEW
@given(_batches())
def test_every_donation_is_exactly_one_thing(batch: Batch) -> None:
    found = count(batch.gifts, batch.donations)

    known = [gift.donation_id for gift in [*found.confirmed, *(gift for gift, _ in found.changed)]]
    others = [*(donation for _, donation in found.adopted), *found.surplus, *found.foreign]
    assert sorted([*map(str, known), *(donation.id for donation in others)]) == sorted(
        donation.id for donation in batch.donations
    )


@FEW
@given(_batches())
def test_surplus_and_foreign_never_hold_a_recorded_donation(batch: Batch) -> None:
    found = count(batch.gifts, batch.donations)

    known = {gift.donation_id for gift in batch.gifts if gift.state is GiftState.RECORDED}
    assert known.isdisjoint(donation.id for donation in [*found.surplus, *found.foreign])


@FEW
@given(_batches())
def test_only_donations_of_our_own_source_are_adopted_deleted_or_doubted(batch: Batch) -> None:
    found = count(batch.gifts, batch.donations)

    touched = [donation for _, donation in [*found.adopted, *found.doubtful]] + list(found.surplus)
    assert {donation.payment_source_id for donation in touched} <= {OUR_SOURCE}


@FEW
@given(_batches())
def test_no_donation_stands_for_two_gifts(batch: Batch) -> None:
    found = count(batch.gifts, batch.donations)

    taken = Counter(donation.id for _, donation in [*found.adopted, *found.doubtful])
    assert not taken or max(taken.values()) == 1


@FEW
@given(_batches())
def test_as_many_are_adopted_as_look_alike_on_both_sides(batch: Batch) -> None:
    found = count(batch.gifts, batch.donations)

    known = {gift.donation_id for gift in batch.gifts if gift.state is GiftState.RECORDED}
    sent = Counter(
        gift.draft.fingerprint for gift in batch.gifts if gift.state is GiftState.UNKNOWN and gift.draft
    )
    listed = Counter(
        donation.fingerprint
        for donation in batch.donations
        if donation.id not in known and donation.payment_source_id == OUR_SOURCE
    )
    assert Counter(donation.fingerprint for _, donation in found.adopted) == sent & listed


@FEW
@given(_batches(), st.integers())
def test_the_order_of_ledger_and_list_decides_nothing(batch: Batch, seed: int) -> None:
    dice = Random(seed)  # noqa: S311 - it only shuffles
    gifts = dice.sample(batch.gifts, len(batch.gifts))
    donations = dice.sample(batch.donations, len(batch.donations))

    first, second = count(batch.gifts, batch.donations), count(gifts, donations)

    for name in Reconciliation.__dataclass_fields__:
        assert set(getattr(first, name)) == set(getattr(second, name))


@FEW
@given(_batches())
def test_doing_what_it_says_makes_ledger_and_list_agree(batch: Batch) -> None:
    found = count(batch.gifts, batch.donations)

    gone = {donation.id for donation in found.surplus} | {donation.id for _, donation in found.changed}
    unlisted = names(found.unsent, found.doubtful, found.missing, found.changed)
    adopted = {gift.transaction_id: donation.id for gift, donation in found.adopted}
    gifts = [
        recorded(gift, adopted[gift.transaction_id]) if gift.transaction_id in adopted else gift
        for gift in batch.gifts
        if gift.transaction_id not in unlisted
    ]
    gifts = [
        replace(gift, refunded=next(d.refunded for d in batch.donations if d.id == gift.donation_id))
        if gift.state is GiftState.RECORDED
        else gift
        for gift in gifts
    ]
    donations = [donation for donation in batch.donations if donation.id not in gone]
    assert count(gifts, donations).agrees
