"""Write the intents of a day: one draft per gift, or the reason why there is none (spec 4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from narthex.domain.drafting import content_of, draft_donation, gift_cents, wegive_fund_ids
from narthex.domain.errors import NeedsAttentionError
from narthex.domain.giving import DonationDraft, Transaction
from narthex.domain.ledger import Gift, GiftState
from narthex.domain.organization import GiftsInReview
from narthex.services.day_run import DayRun
from narthex.services.read_day import DayReading
from narthex.services.resolve_donors import Donors
from narthex.services.resolve_funds import Funds
from narthex.services.show_findings import is_doubtful

BEING_CREATED = "its donor is being created in Planning Center; the gift follows by itself"


@dataclass(frozen=True, slots=True)
class Resolved:
    """What drafting needs to know of the outer world."""

    funds: Funds
    donors: Donors
    recurring_label_id: str | None


def plan_gifts(run: DayRun, reading: DayReading, resolved: Resolved) -> None:
    """Write an intent for each gift of `to_plan`, and hold what cannot be read or drafted."""
    owners = _claim_days(run, reading)
    changed = []
    for transaction in reading.to_plan:
        gift = plan_gift(run, transaction, resolved)
        owner = owners.get(transaction.id, run.date)
        if owner != run.date:
            reason = f"it belongs to the batch of {owner.isoformat()} already; see that day's proof"
            gift = _held(run, transaction, reason)
        if gift != run.gifts.get(transaction.id):
            changed.append(gift)
    changed += [
        Gift(payment.id, GiftState.HELD, 0, "unreadable", reason=payment.problem)
        for payment in reading.unreadable.values()
        if payment.id not in run.gifts
    ]
    run.ledger.save_gifts(run.day, changed)
    run.gifts.update({gift.transaction_id: gift for gift in changed})


def plan_gift(run: DayRun, transaction: Transaction, resolved: Resolved) -> Gift:
    """The intent for one gift, without writing it."""
    before = run.gifts.get(transaction.id)
    if before is not None and (before.donation_id is not None or is_doubtful(run, before)):
        return before  # first its old donation must be taken back, or a person must say whether it is there
    try:
        draft = draft_of(run, transaction, resolved)
    except NeedsAttentionError as problem:
        return _held(run, transaction, str(problem))
    return Gift(
        transaction_id=transaction.id,
        state=GiftState.PLANNED,
        amount_cents=draft.amount_cents,
        content=content_of(transaction),
        donor_id=transaction.donor_id,
        draft=draft,
        last_sent_ms=before.last_sent_ms if before is not None else None,
    )


def draft_of(run: DayRun, transaction: Transaction, resolved: Resolved) -> DonationDraft:
    """The donation for a gift.

    Raises:
        NeedsAttentionError: With the reason why there can be none yet.
    """
    person_id = _person_of(run, transaction.donor_id, resolved.donors)
    fund_ids, default_fund_id = resolved.funds.require(wegive_fund_ids(transaction))
    label_id = resolved.recurring_label_id
    return draft_donation(
        transaction,
        person_id=person_id,
        fund_ids=fund_ids,
        default_fund_id=default_fund_id,
        label_ids=(label_id,) if transaction.recurring and label_id is not None else (),
        gift_amount=run.organization.settings.gift_amount,
    )


def _person_of(run: DayRun, donor_id: str | None, donors: Donors) -> str | None:
    if donor_id is None:
        return None
    if donor_id in donors.person_ids:
        return donors.person_ids[donor_id]
    if donor_id in donors.creating:
        run.come_back_at(donors.creating[donor_id])
        raise NeedsAttentionError(BEING_CREATED)
    if donor_id in donors.in_review:
        if run.organization.settings.gifts_in_review is GiftsInReview.ANONYMOUS:
            return None
        raise NeedsAttentionError(donors.in_review[donor_id])
    raise NeedsAttentionError(donors.held.get(donor_id, f"donor {donor_id} could not be resolved"))


def _held(run: DayRun, transaction: Transaction, reason: str) -> Gift:
    before = run.gifts.get(transaction.id)
    return Gift(
        transaction_id=transaction.id,
        state=GiftState.HELD,
        amount_cents=gift_cents(transaction, run.organization.settings.gift_amount),
        content=content_of(transaction),
        donor_id=transaction.donor_id,
        reason=reason,
        last_sent_ms=before.last_sent_ms if before is not None else None,
    )


def _claim_days(run: DayRun, reading: DayReading) -> Mapping[str, date]:
    unclaimed = [transaction.id for transaction in reading.to_plan if not _is_ours(run, transaction.id)]
    if not unclaimed:
        return {}
    return run.ledger.claim_transactions(run.organization.id, run.date, unclaimed)


def _is_ours(run: DayRun, transaction_id: str) -> bool:
    """Whether the day has the payment for sure; a held one may be held because another day has it."""
    gift = run.gifts.get(transaction_id)
    return gift is not None and gift.state is not GiftState.HELD
