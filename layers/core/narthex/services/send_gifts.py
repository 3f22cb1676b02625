"""Send what is planned, one donation at a time, each written ahead (spec 4.2 and 4.3)."""

from __future__ import annotations

from dataclasses import replace

from narthex.domain.errors import (
    AnswerMismatchError,
    NeedsAttentionError,
    OutcomeUnknownError,
    RejectedError,
    RetryLaterError,
)
from narthex.domain.ledger import FindingKind, Gift, GiftState, VendorWrite
from narthex.services.day_run import MINUTES_MS, DayRun

NEW_PERSON_RETRY_MS = 30_000
NEW_PERSON_PATIENCE_MS = 15 * MINUTES_MS
"""How long Giving may not know a person whom People has just created (planning-center-api.md 0.6)."""


def send_gifts(run: DayRun, batch_id: str, payment_source_id: str, *, late: bool) -> None:
    """Create a donation for every planned gift, oldest first.

    Args:
        run: The day.
        batch_id: Where they go.
        payment_source_id: What they are marked with.
        late: Whether the batch is committed already, so that they count at once.

    Raises:
        OutOfTimeError, RetryLaterError: The rest is for another run.
        MisconfiguredError: Planning Center refuses all of them.
        LeaseLostError: Another worker has the day.
    """
    planned = run.in_state(GiftState.PLANNED)
    for gift in sorted(planned, key=_age):
        run.check_time()
        _send(run, gift, batch_id, payment_source_id, late=late)


def _age(gift: Gift) -> tuple[str, str]:
    received_at = gift.draft.received_at.isoformat() if gift.draft is not None else ""
    return received_at, gift.transaction_id


def _send(run: DayRun, gift: Gift, batch_id: str, payment_source_id: str, *, late: bool) -> None:
    if gift.draft is None:
        return
    wrote_before, changed_before_ms = run.wrote, run.day.changed_ms
    announce = run.announcing(VendorWrite.CREATE_DONATION, gift.transaction_id)
    try:
        donation = run.vendors.giving.create_donation(batch_id, gift.draft, payment_source_id, announce)
    except OutcomeUnknownError:
        sent_ms = run.day.announcement.at_ms if run.day.announcement else run.clock.now_ms()
        run.save_gift(replace(gift, state=GiftState.UNKNOWN, last_sent_ms=sent_ms, late=late))
    except AnswerMismatchError as mismatch:
        _refuse_answer(run, gift, mismatch, late=late)
    except RejectedError as refused:
        _as_if_not_sent(run, wrote_before, changed_before_ms)
        _refused(run, gift, refused)
    except NeedsAttentionError as problem:
        _as_if_not_sent(run, wrote_before, changed_before_ms)
        run.save_gift(replace(gift, state=GiftState.HELD, reason=str(problem)))
    except RetryLaterError:
        run.settled()  # nothing took effect
        raise
    else:
        run.save_gift(
            replace(gift, state=GiftState.RECORDED, donation_id=donation.id, late=late, reason=None)
        )
    run.settled()


def _as_if_not_sent(run: DayRun, wrote: bool, changed_ms: int) -> None:  # noqa: FBT001
    """What is refused at every look must not put off the audits, or the quiet time, for ever."""
    run.wrote = wrote
    run.day = replace(run.day, changed_ms=changed_ms)


def _refused(run: DayRun, gift: Gift, refused: RejectedError) -> None:
    """A person whom Giving does not know yet is worth a few more tries; anything else is held."""
    now_ms = run.clock.now_ms()
    first_ms = gift.last_sent_ms or now_ms
    if "attribute_resource_not_found" in refused.codes and now_ms - first_ms < NEW_PERSON_PATIENCE_MS:
        run.save_gift(replace(gift, last_sent_ms=first_ms))
        run.come_back_at(now_ms + NEW_PERSON_RETRY_MS)
        return
    run.save_gift(replace(gift, state=GiftState.HELD, reason=f"Planning Center refused it: {refused}"))


def _refuse_answer(run: DayRun, gift: Gift, mismatch: AnswerMismatchError, *, late: bool) -> None:
    """Planning Center booked something else (an anonymous gift, other cents): take it back or show it."""
    if late:
        run.save_gift(replace(gift, state=GiftState.RECORDED, donation_id=mismatch.record_id, late=True))
        run.find(
            FindingKind.CHANGED,
            f"donation {mismatch.record_id} is not what was sent: {mismatch}; correct it in Planning Center",
            transaction_id=gift.transaction_id,
            donation_id=mismatch.record_id,
        )
        return
    held = replace(gift, state=GiftState.HELD, reason=str(mismatch), donation_id=mismatch.record_id)
    run.save_gift(held)
    run.settled()
    take_back(run, held)


def take_back_held(run: DayRun) -> None:
    """Take back what an interrupted run could not, before the gifts are planned anew."""
    for gift in run.in_state(GiftState.HELD):
        take_back(run, gift)


def take_back(run: DayRun, gift: Gift) -> None:
    """Delete the uncommitted donation of a gift that must not be in the batch; repeatable."""
    if gift.donation_id is None:
        return
    announce = run.announcing(VendorWrite.DELETE_DONATION, gift.donation_id)
    try:
        run.vendors.giving.delete_donation(gift.donation_id, announce)
    except OutcomeUnknownError:
        run.come_back_at(run.clock.now_ms() + run.quiet_ms)
    except RetryLaterError:
        run.settled()
        raise
    else:
        run.save_gift(replace(gift, donation_id=None))
    run.settled()
