"""What WeGive changed about gifts in the batch: corrections, refunds, reversals (S35-S37)."""

from __future__ import annotations

from dataclasses import replace

from narthex.domain.church_day import day_of
from narthex.domain.drafting import content_of, gift_cents
from narthex.domain.errors import NeedsAttentionError, OutcomeUnknownError, RetryLaterError
from narthex.domain.giving import Transaction, UnreadableTransaction
from narthex.domain.ledger import FindingKind, Gift, GiftState, VendorWrite
from narthex.domain.money import format_cents
from narthex.domain.standing import Standing
from narthex.services.day_run import DayRun
from narthex.services.plan_gifts import Resolved, draft_of
from narthex.services.read_day import DayReading
from narthex.services.send_gifts import take_back

_WHAT_HAPPENED = {
    Standing.PARTLY_REFUNDED: "was refunded in part",
    Standing.REVERSED: "came back from the bank (chargeback or ACH return)",
}


def apply_changes(run: DayRun, reading: DayReading, resolved: Resolved, *, committed: bool) -> None:
    """Bring the batch in line with WeGive where Planning Center allows it, and show the rest to a person.

    Before the commit a donation is changed or taken out. After it nothing is overwritten: a full refund is
    booked as one, everything else becomes a finding that stays in the proof.
    """
    for transaction in reading.corrected:
        run.check_time()
        if committed:
            _show_edit(run, transaction)
        else:
            _correct(run, transaction, resolved)
    for gift, standing in reading.withdrawn:
        _withdraw(run, gift, standing, committed=committed)
    for transaction in reading.refunded:
        run.check_time()
        _refund(run, transaction, committed=committed)
    for transaction, standing in reading.reversed:
        _reverse(run, transaction, standing, committed=committed)
    for gift in reading.vanished:
        _vanish(run, gift)
    for payment in reading.unreadable.values():
        _show_unreadable(run, payment)


def _correct(run: DayRun, transaction: Transaction, resolved: Resolved) -> None:
    gift = run.gifts[transaction.id]
    try:
        draft = draft_of(run, transaction, resolved)
    except NeedsAttentionError as problem:
        held = replace(gift, state=GiftState.HELD, reason=str(problem), content=content_of(transaction))
        run.save_gift(held)
        take_back(run, held)
        return
    announce = run.announcing(VendorWrite.UPDATE_DONATION, gift.transaction_id)
    try:
        run.vendors.giving.update_donation(gift.donation_id or "", draft, announce)
    except OutcomeUnknownError:
        run.come_back_at(run.clock.now_ms() + run.quiet_ms)
    except RetryLaterError:
        run.settled()
        raise
    except NeedsAttentionError as problem:
        held = replace(gift, state=GiftState.HELD, reason=f"Planning Center refused the change: {problem}")
        run.save_gift(held)
        take_back(run, held)
    else:
        run.save_gift(
            replace(gift, draft=draft, amount_cents=draft.amount_cents, content=content_of(transaction))
        )
    run.settled()


def _show_edit(run: DayRun, transaction: Transaction) -> None:
    gift = run.gifts[transaction.id]
    now_cents = gift_cents(transaction, run.organization.settings.gift_amount)
    was, now = format_cents(gift.amount_cents), format_cents(now_cents)
    change = f"it was {was} and is {now} now"
    if now_cents == gift.amount_cents:
        change = f"its amount is the same ({now}), but its donor, fund, time or payment method is another"
    run.find(
        FindingKind.EDITED,
        f"payment {transaction.id} was edited in WeGive after the batch was committed: {change}. "
        f"Change donation {gift.donation_id} in Planning Center by hand",
        difference_cents=gift.amount_cents - now_cents,
        transaction_id=transaction.id,
        donation_id=gift.donation_id,
        version=content_of(transaction),
    )


def _withdraw(run: DayRun, gift: Gift, standing: Standing, *, committed: bool) -> None:
    if gift.state is GiftState.RECORDED and committed:
        run.find(
            FindingKind.EDITED,
            f"payment {gift.transaction_id} no longer counts as a gift in WeGive ({standing.value}), but "
            f"donation {gift.donation_id} is committed; decide in Planning Center whether it stays",
            difference_cents=gift.amount_cents,
            transaction_id=gift.transaction_id,
            donation_id=gift.donation_id,
            version=standing.value,
        )
        return
    _take_out(run, gift, f"no longer a gift in WeGive ({standing.value})")


def _refund(run: DayRun, transaction: Transaction, *, committed: bool) -> None:
    gift = run.gifts[transaction.id]
    if not committed:
        _take_out(run, gift, "refunded in full before the batch was committed")
        return
    refunded_at = transaction.refunded_at or transaction.created_at
    refunded_on = day_of(refunded_at, run.organization.time_zone)
    announce = run.announcing(VendorWrite.ISSUE_REFUND, gift.transaction_id)
    try:
        run.vendors.giving.issue_refund(gift.donation_id or "", refunded_on, announce)
    except OutcomeUnknownError:
        run.come_back_at(run.clock.now_ms() + run.quiet_ms)
    except RetryLaterError:
        run.settled()
        raise
    except NeedsAttentionError as problem:
        run.find(
            FindingKind.REVERSAL,
            f"payment {transaction.id} was refunded in full in WeGive on {refunded_on.isoformat()}, but "
            f"Planning Center refused the refund of donation {gift.donation_id}: {problem}; refund it there",
            difference_cents=gift.amount_cents,
            transaction_id=transaction.id,
            donation_id=gift.donation_id,
        )
    else:
        run.save_gift(replace(gift, refunded=True))
    run.settled()


def _reverse(run: DayRun, transaction: Transaction, standing: Standing, *, committed: bool) -> None:
    gift = run.gifts.get(transaction.id)
    what = _WHAT_HAPPENED[standing]
    if gift is None or gift.state is not GiftState.RECORDED:
        known = gift.amount_cents if gift is not None else 0
        cents = known or gift_cents(transaction, run.organization.settings.gift_amount)
        reason = f"it {what} before it was pushed; enter what remains by hand"
        held = Gift(
            transaction.id,
            GiftState.HELD,
            cents,
            content_of(transaction),
            donor_id=transaction.donor_id,
            reason=reason,
        )
        if gift != held:
            run.save_gift(held)
        return
    if standing is Standing.REVERSED and not committed:
        _take_out(run, gift, f"it {what} before the batch was committed")
        return
    counted = gift_cents(transaction, run.organization.settings.gift_amount)
    remains_cents = counted if standing is Standing.PARTLY_REFUNDED else 0
    run.find(
        FindingKind.REVERSAL,
        f"payment {transaction.id} {what}: {format_cents(gift.amount_cents - remains_cents)} of "
        f"{format_cents(gift.amount_cents)} went back. Planning Center's API cannot book this: open donation "
        f"{gift.donation_id} there, refund it and enter what remains ({format_cents(remains_cents)}) by hand",
        difference_cents=gift.amount_cents - remains_cents,
        transaction_id=transaction.id,
        donation_id=gift.donation_id,
        version=str(remains_cents),
    )


def _vanish(run: DayRun, gift: Gift) -> None:
    if gift.state is GiftState.PLANNED:
        run.save_gift(
            replace(gift, state=GiftState.HELD, reason="WeGive no longer lists this payment on this day")
        )
        return
    run.find(
        FindingKind.EDITED,
        f"WeGive no longer lists payment {gift.transaction_id} on this day (it was deleted, or moved to "
        f"another one), but donation {gift.donation_id} ({format_cents(gift.amount_cents)}) stands for it "
        f"here; look it up in WeGive, and delete the donation only if the gift is gone for good",
        difference_cents=gift.amount_cents,
        transaction_id=gift.transaction_id,
        donation_id=gift.donation_id,
        version="vanished",
    )


def _show_unreadable(run: DayRun, payment: UnreadableTransaction) -> None:
    gift = run.gifts.get(payment.id)
    if gift is None or gift.state is not GiftState.RECORDED:
        return  # held, with the problem as its reason
    run.find(
        FindingKind.EDITED,
        f"payment {payment.id} can no longer be read: {payment.problem}. Donation {gift.donation_id} "
        f"({format_cents(gift.amount_cents)}) stands for it as it was; look it up in WeGive",
        difference_cents=gift.amount_cents,
        transaction_id=payment.id,
        donation_id=gift.donation_id,
        version="unreadable",
    )


def _take_out(run: DayRun, gift: Gift, reason: str) -> None:
    """Withdraw a gift, and delete its uncommitted donation if there is one."""
    take_back(run, gift)
    current = run.gifts[gift.transaction_id]
    if current.donation_id is None:
        run.save_gift(replace(current, state=GiftState.WITHDRAWN, reason=reason))
