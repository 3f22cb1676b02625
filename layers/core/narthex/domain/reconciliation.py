"""Ledger against list: which gift is which donation, what is missing, what is too much (spec 4.3).

A list of Planning Center shows no key of ours. Donations whose id an answer gave us are known by it. The
others are compared as multisets of fingerprints: as many equal donations as equal gifts, so twins are kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from narthex.domain.giving import Donation, Fingerprint
from narthex.domain.ledger import Gift, GiftState


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What a list of the batch says about the gifts that were sent into it.

    Attributes:
        confirmed: Recorded gifts that the list shows as they were entered: cents, funds, refunded or not.
        adopted: Gifts of unknown outcome with the donation that turned out to be theirs.
        missing: Recorded gifts that the list does not show.
        unsent: Gifts of unknown outcome that never took effect.
        doubtful: Gifts of unknown outcome that may be a donation which somebody has edited, or entered by
            another way: same cents, our source, another look. Only a person can tell.
        changed: Recorded gifts whose donation shows other cents or funds, a refund that is not ours, or no
            donor any more (S13).
        surplus: Donations of ours beyond the gifts that they look like.
        foreign: Donations that look like none of our gifts; never touched.
    """

    confirmed: tuple[Gift, ...]
    adopted: tuple[tuple[Gift, Donation], ...]
    missing: tuple[Gift, ...]
    unsent: tuple[Gift, ...]
    doubtful: tuple[tuple[Gift, Donation], ...]
    changed: tuple[tuple[Gift, Donation], ...]
    surplus: tuple[Donation, ...]
    foreign: tuple[Donation, ...]

    @property
    def agrees(self) -> bool:
        """Whether list and ledger hold the same multiset and the same cents, ours only."""
        open_ends = (self.adopted, self.missing, self.unsent, self.doubtful, self.changed, self.surplus)
        return not any(open_ends)


def reconcile(
    gifts: Sequence[Gift], donations: Sequence[Donation], payment_source_id: str | None
) -> Reconciliation:
    """Compare the day's gifts with the donations that the batch lists.

    Args:
        gifts: All gifts of the day. RECORDED ones are looked up by id, UNKNOWN ones by fingerprint; the
            fingerprints of all others only tell a surplus of ours from a stranger's donation.
        donations: The batch's list, complete.
        payment_source_id: Ours; donations from another source are foreign whatever they look like.
    """
    by_id = {donation.id: donation for donation in donations}
    recorded = [gift for gift in gifts if gift.state is GiftState.RECORDED]
    known = {gift.donation_id for gift in recorded}
    others = [donation for donation in donations if donation.id not in known]
    adopted, unsent, rest = _pair(
        [gift for gift in gifts if gift.state is GiftState.UNKNOWN],
        [donation for donation in others if donation.payment_source_id == payment_source_id],
    )
    looks = {gift.draft.fingerprint for gift in gifts if gift.draft is not None}
    strange = [donation for donation in rest if donation.fingerprint not in looks]
    doubtful, unsent = _split_doubtful(unsent, strange)
    listed = [(gift, by_id[gift.donation_id or ""]) for gift in recorded if gift.donation_id in by_id]
    return Reconciliation(
        confirmed=tuple(gift for gift, donation in listed if _as_entered(gift, donation)),
        adopted=tuple(adopted),
        missing=tuple(gift for gift in recorded if gift.donation_id not in by_id),
        unsent=tuple(unsent),
        doubtful=tuple(doubtful),
        changed=tuple((gift, donation) for gift, donation in listed if not _as_entered(gift, donation)),
        surplus=tuple(donation for donation in rest if donation.fingerprint in looks),
        foreign=tuple(strange + [d for d in others if d.payment_source_id != payment_source_id]),
    )


def _split_doubtful(
    unsent: list[Gift], strange: list[Donation]
) -> tuple[list[tuple[Gift, Donation]], list[Gift]]:
    """Set apart the gifts that one of the strange donations may stand for, each donation once."""
    free = list(strange)
    doubtful: list[tuple[Gift, Donation]] = []
    sure: list[Gift] = []
    for gift in unsent:
        twin = next((donation for donation in free if _may_be(gift, donation)), None)
        if twin is None:
            sure.append(gift)
        else:
            free.remove(twin)
            doubtful.append((gift, twin))
    return doubtful, sure


def _may_be(gift: Gift, donation: Donation) -> bool:
    return gift.draft is not None and gift.draft.amount_cents == donation.amount_cents


def _as_entered(gift: Gift, donation: Donation) -> bool:
    if gift.draft is None or gift.refunded is not donation.refunded:
        return False
    if gift.draft.person_id is not None and donation.person_id != gift.draft.person_id:
        return False
    sent, shown = gift.draft.designations, donation.designations
    return sent == shown or gift.draft.fingerprint.designations == donation.fingerprint.designations


def _pair(
    gifts: Iterable[Gift], donations: Iterable[Donation]
) -> tuple[list[tuple[Gift, Donation]], list[Gift], list[Donation]]:
    """Give each gift the lowest-numbered donation that looks like it, each donation at most once."""
    free: dict[Fingerprint, list[Donation]] = defaultdict(list)
    for donation in sorted(donations, key=lambda donation: _numeric(donation.id), reverse=True):
        free[donation.fingerprint].append(donation)
    adopted: list[tuple[Gift, Donation]] = []
    unsent: list[Gift] = []
    for gift in sorted(gifts, key=lambda gift: _numeric(gift.transaction_id)):
        candidates = free.get(gift.draft.fingerprint) if gift.draft is not None else None
        if candidates:
            adopted.append((gift, candidates.pop()))
        else:
            unsent.append(gift)
    rest = [donation for group in free.values() for donation in group]
    return adopted, unsent, sorted(rest, key=lambda donation: _numeric(donation.id))


def _numeric(identifier: str) -> tuple[int, str]:
    return (int(identifier), "") if identifier.isdecimal() else (0, identifier)
