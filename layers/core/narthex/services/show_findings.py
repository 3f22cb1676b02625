"""Tell a person what differs between WeGive and Planning Center, and what to do about it (S37)."""

from __future__ import annotations

from collections.abc import Sequence

from narthex.domain.giving import Donation
from narthex.domain.ledger import FindingKind, FindingState, Gift
from narthex.domain.money import format_cents
from narthex.services.day_run import DayRun

DOUBTFUL = "it may be in the batch already, see the finding; a person must say"
MOVED = "staff moved its donation to another batch, see the finding; it is not entered again"
_ASKED_BY_HAND = {FindingKind.EDITED, FindingKind.REVERSAL}


def was_shown(run: DayRun, gift: Gift) -> bool:
    """Whether a person was asked to change this gift's donation: then another look of it is no news.

    What they did with it is for the proof to judge: once ticked off, it adds up or it does not.
    """
    return any(
        finding.kind in _ASKED_BY_HAND and finding.transaction_id == gift.transaction_id
        for finding in run.findings
    )


def show_changed(run: DayRun, gift: Gift, donation: Donation) -> None:
    """A donation of ours that somebody edited after the commit: it is not overwritten (S37)."""
    was_cents = gift.amount_cents if not gift.refunded else 0
    is_cents = donation.amount_cents if not donation.refunded else 0
    about = f"donation {donation.id} for payment {gift.transaction_id}"
    if donation.refunded and not gift.refunded:
        text = (
            f"{about} ({format_cents(donation.amount_cents)}) was refunded in Planning Center, but the "
            f"payment stands in WeGive; refund it there too, or enter the gift by hand in Planning Center"
        )
    elif gift.refunded and not donation.refunded:
        text = (
            f"{about} ({format_cents(donation.amount_cents)}) counts in Planning Center again, though WeGive "
            f"refunded the payment; refund the donation in Planning Center"
        )
    elif is_cents == was_cents:
        text = (
            f"{about} ({format_cents(is_cents)}) was given another fund or donor in Planning Center after "
            f"the commit; change the payment in WeGive as well, or the donation back"
        )
    else:
        text = (
            f"{about} was entered as {format_cents(was_cents)} and shows {format_cents(is_cents)}: somebody "
            f"edited it in Planning Center after the commit; set it right there, or correct the payment "
            f"in WeGive"
        )
    run.find(
        FindingKind.CHANGED,
        text,
        difference_cents=is_cents - was_cents,
        transaction_id=gift.transaction_id,
        donation_id=donation.id,
        version="-".join(f"{part.fund_id}.{part.amount_cents}" for part in donation.designations)
        + ("-refunded" if donation.refunded else "")
        + _person_version(gift, donation),
    )


def _person_version(gift: Gift, donation: Donation) -> str:
    """Tells one other donor from the next; empty while it is the gift's own."""
    if donation.person_id is None:
        return "-anonymous"
    own = gift.draft.person_id if gift.draft is not None else None
    return "" if donation.person_id == own else f"-person.{donation.person_id}"


def show_doubtful(run: DayRun, gift: Gift, donation: Donation) -> None:
    """An unanswered gift that may be a donation of the same cents which looks otherwise (S33)."""
    run.find(
        FindingKind.DOUBTFUL,
        f"payment {gift.transaction_id} ({format_cents(gift.amount_cents)}) may be donation {donation.id} in "
        f"the day's batch, which somebody has edited or entered another way. If it is, confirm; if not, tick "
        f"this off, and the gift is entered",
        transaction_id=gift.transaction_id,
        donation_id=donation.id,
    )


def show_moved(run: DayRun, gift: Gift, batch_id: str) -> None:
    """A donation of ours that staff moved out of the day's batch: entered again it would stand twice."""
    run.find(
        FindingKind.DOUBTFUL,
        f"donation {gift.donation_id} for payment {gift.transaction_id} ({format_cents(gift.amount_cents)}) "
        f"was moved to batch {batch_id} in Planning Center; move it back, or leave it there: it is not "
        f"entered again as long as it exists",
        difference_cents=-gift.amount_cents,
        transaction_id=gift.transaction_id,
        donation_id=gift.donation_id,
        version="moved",
    )


def keep_doubts(run: DayRun, strange: Sequence[Donation]) -> None:
    """A doubt lasts as long as the donation is there; when it is gone, the gift is entered after all."""
    listed = {donation.id for donation in strange}
    run.found |= {
        finding.id
        for finding in run.findings
        if finding.kind is FindingKind.DOUBTFUL and finding.donation_id in listed
    }


def is_doubtful(run: DayRun, gift: Gift) -> bool:
    """Whether a person must first say whether the gift is in the batch already."""
    return any(
        finding.kind is FindingKind.DOUBTFUL
        and finding.transaction_id == gift.transaction_id
        and finding.state is not FindingState.RESOLVED
        for finding in run.findings
    )


def show_foreign(run: DayRun, donation: Donation) -> None:
    """A donation in the day's batch that we did not enter: it is not touched."""
    run.find(
        FindingKind.FOREIGN,
        f"donation {donation.id} ({format_cents(donation.amount_cents)}) lies in the day's batch, and we did "
        f"not enter it; move it to another batch in Planning Center, or this stays in the proof",
        difference_cents=donation.amount_cents,
        donation_id=donation.id,
    )
