"""The count of ledger against list, for any gifts and any donations (spec 4.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

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
    donation_of,
    parts,
    recorded,
)


def count(gifts: Sequence[Gift], donations: Sequence[Donation]) -> Reconciliation:
    return reconcile(gifts, donations, OUR_SOURCE)


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
