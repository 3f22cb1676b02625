"""The day's batch: find or create it, hold it against the ledger, commit it (spec 4.2 to 4.5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from narthex.domain.church_day import bounds_of
from narthex.domain.errors import (
    MisconfiguredError,
    NeedsAttentionError,
    OutcomeUnknownError,
    RecordNotFoundError,
    RetryLaterError,
)
from narthex.domain.giving import Batch, BatchStatus, Donation, DonationDraft
from narthex.domain.ledger import FindingKind, FindingState, Gift, GiftState, VendorWrite
from narthex.domain.money import format_cents
from narthex.domain.reconciliation import Reconciliation, reconcile
from narthex.services.day_run import DayRun
from narthex.services.send_gifts import take_back
from narthex.services.show_findings import (
    DOUBTFUL,
    MOVED,
    keep_doubts,
    show_changed,
    show_doubtful,
    show_foreign,
    show_moved,
    was_shown,
)

LIST_AGAIN_MS = 15_000
"""How soon a list that lags is read again."""


def batch_description(day: date) -> str:
    """Exactly this, for exactly one batch a day (S30)."""
    return f"WeGive Import - {day.isoformat()}"


def find_batches(run: DayRun) -> list[Batch]:
    """The batches that bear the day's description, lowest id first."""
    since, _ = bounds_of(run.date, run.organization.time_zone)
    return run.vendors.giving.find_batches(batch_description(run.date), since)


def adopt_batch(run: DayRun, found: list[Batch]) -> bool:
    """After a create of unknown outcome: take the lowest of what is there, delete empty twins.

    Returns:
        Whether the day has its batch now. If not, and the quiet time is not over, the run must come back.
    """
    if found:
        run.save_day(batch_id=found[0].id)
        for twin in found[1:]:
            _delete_empty_twin(run, twin)
        return True
    ready_ms = (run.day.batch_sent_ms or 0) + run.quiet_ms
    if run.clock.now_ms() < ready_ms:
        run.come_back_at(ready_ms)
    return False


def _delete_empty_twin(run: DayRun, twin: Batch) -> None:
    if twin.status is not BatchStatus.IN_PROGRESS or run.vendors.giving.donations(twin.id):
        return
    try:
        run.vendors.giving.delete_batch(twin.id, run.announcing(VendorWrite.DELETE_BATCH, twin.id))
    except OutcomeUnknownError:
        run.come_back_at(run.clock.now_ms() + run.quiet_ms)
    run.settled()


def clear_twins(run: DayRun) -> None:
    """Delete empty batches that bear the day's name too, and show a person those that are not empty.

    A worker that froze between its announcement and its request may have made one long after another
    worker had taken over.
    """
    for twin in find_batches(run):
        if twin.id == run.day.batch_id:
            continue
        _delete_empty_twin(run, twin)
        if twin.status is not BatchStatus.IN_PROGRESS or twin.total_cents:
            run.find(
                FindingKind.FOREIGN,
                f"batch {twin.id} ({format_cents(twin.total_cents)}) bears this day's name too; "
                f"look in Planning Center what it holds, and delete it or rename it",
                version=f"batch-{twin.id}",
            )


def create_batch(run: DayRun) -> bool:
    """Create the day's batch; False when the outcome is unknown and the run must come back."""
    announce = run.announcing(VendorWrite.CREATE_BATCH, batch_description(run.date))
    try:
        batch = run.vendors.giving.create_batch(batch_description(run.date), announce)
    except OutcomeUnknownError:
        sent_ms = run.day.announcement.at_ms if run.day.announcement else run.clock.now_ms()
        run.save_day(batch_sent_ms=sent_ms)
        run.settled()
        run.come_back_at(sent_ms + run.quiet_ms)
        return False
    except RetryLaterError:
        run.settled()
        raise
    run.save_day(batch_id=batch.id)
    run.settled()
    return True


@dataclass(frozen=True, slots=True)
class Recount:
    """What the list said, after the ledger and the batch were brought in line with it."""

    donations: tuple[Donation, ...]
    agrees: bool


def recount(run: DayRun, payment_source_id: str, *, committed: bool) -> Recount:
    """List the batch, compare multisets, adopt what is ours, delete or show what is too much.

    Gifts of unknown outcome must be quiet by now. A list that lags behind recent writes is not believed:
    then the run comes back.
    """
    donations = _listed(run, committed=committed)
    result = reconcile(list(run.gifts.values()), donations, payment_source_id)
    if _may_be_merged(result) and _follow_merges(run, result):
        result = reconcile(list(run.gifts.values()), donations, payment_source_id)
    for gift, donation in result.adopted:
        run.save_gift(replace(gift, state=GiftState.RECORDED, donation_id=donation.id, reason=None))
    for gift in result.unsent:
        run.save_gift(replace(gift, state=GiftState.PLANNED, last_sent_ms=None))
    for gift, donation in result.doubtful:
        show_doubtful(run, gift, donation)
        run.save_gift(replace(gift, state=GiftState.HELD, reason=DOUBTFUL))
    keep_doubts(run, result.foreign)
    _keep_moved(run)
    _handle_missing(run, result, committed=committed)
    _handle_changed(run, result, committed=committed)
    _handle_surplus(run, result, committed=committed)
    for donation in result.foreign:
        show_foreign(run, donation)
    return Recount(donations=tuple(donations), agrees=result.agrees)


def _listed(run: DayRun, *, committed: bool) -> list[Donation]:
    """The batch's donations; of a committed batch that staff deleted there are none left."""
    try:
        return run.vendors.giving.donations(run.day.batch_id or "")
    except RecordNotFoundError as gone:
        if committed:
            return []
        raise RetryLaterError(f"the day's batch is gone: {gone}", retry_after_seconds=1) from gone


def _may_be_merged(result: Reconciliation) -> bool:
    """Whether a person who was merged since could explain what differs."""
    return bool((result.unsent or result.doubtful) and result.foreign) or any(
        gift.draft is not None and donation.person_id not in {None, gift.draft.person_id}
        for gift, donation in result.changed
    )


def _follow_merges(run: DayRun, result: Reconciliation) -> bool:
    """Give gifts that are not found as they were sent the person that theirs was merged into.

    Returns:
        Whether any changed.
    """
    open_gifts = [*result.unsent, *(gift for gift, _ in (*result.doubtful, *result.changed))]
    people = {gift.draft.person_id for gift in open_gifts if gift.draft and gift.draft.person_id}
    if not people:
        return False
    surviving = run.vendors.people.surviving(sorted(people))
    followed = False
    for gift in open_gifts:
        survivor = surviving.get(gift.draft.person_id or "") if gift.draft else None
        if gift.draft is not None and survivor is not None and survivor != gift.draft.person_id:
            run.save_gift(replace(gift, draft=replace(gift.draft, person_id=survivor)))
            followed = True
    return followed


def _handle_missing(run: DayRun, result: Reconciliation, *, committed: bool) -> None:
    if not result.missing:
        return
    ready_ms = run.day.changed_ms + run.quiet_ms
    now_ms = run.clock.now_ms()
    if now_ms < ready_ms:
        run.come_back_at(min(ready_ms, now_ms + LIST_AGAIN_MS))
        return
    for gift in result.missing:
        elsewhere = _batch_of(run, gift.donation_id or "")
        if elsewhere == run.day.batch_id:
            run.come_back_at(now_ms + LIST_AGAIN_MS)  # it is there: the list lags longer than it should
        elif elsewhere is not None:
            show_moved(run, gift, elsewhere)
            if not committed:
                run.save_gift(replace(gift, state=GiftState.HELD, donation_id=None, reason=MOVED))
        elif not committed:
            run.save_gift(replace(gift, state=GiftState.PLANNED, donation_id=None, last_sent_ms=None))
        else:
            run.find(
                FindingKind.MISSING,
                f"donation {gift.donation_id} for payment {gift.transaction_id} "
                f"({format_cents(gift.amount_cents)}) is gone from the committed batch; confirm to enter it "
                f"anew",
                difference_cents=-gift.amount_cents,
                transaction_id=gift.transaction_id,
                donation_id=gift.donation_id,
            )


def is_surplus_still(run: DayRun, donation_id: str, payment_source_id: str) -> bool:
    """Whether a donation that a person lets us delete is one too many even now.

    Staff may have deleted its twin by hand meanwhile: then it takes the place of the one that is gone.
    """
    result = reconcile(list(run.gifts.values()), _listed(run, committed=True), payment_source_id)
    surplus = next((each for each in result.surplus if each.id == donation_id), None)
    if surplus is None:
        return False
    for gift in result.missing:
        if gift.draft is not None and gift.draft.fingerprint == surplus.fingerprint:
            run.save_gift(replace(gift, donation_id=donation_id))
            return False
    return True


def _batch_of(run: DayRun, donation_id: str) -> str | None:
    """The batch that holds a donation now, ours or another one; None when the donation is gone."""
    try:
        return run.vendors.giving.donation(donation_id).batch_id or "without a number"
    except RecordNotFoundError:
        return None


def _keep_moved(run: DayRun) -> None:
    """A moved donation stays a doubt for as long as it lies in another batch."""
    for finding in run.findings:
        if finding.kind is FindingKind.DOUBTFUL and finding.state is not FindingState.RESOLVED:
            where = _batch_of(run, finding.donation_id or "")
            if where is not None and where != run.day.batch_id:
                run.found.add(finding.id)


def _handle_changed(run: DayRun, result: Reconciliation, *, committed: bool) -> None:
    for gift, donation in result.changed:
        if gift.draft is None:
            continue
        if committed:
            if not was_shown(run, gift):
                show_changed(run, gift, donation)
            continue
        _set_right(run, gift, gift.draft, donation)


def _set_right(run: DayRun, gift: Gift, draft: DonationDraft, donation: Donation) -> None:
    """Make an uncommitted donation what was sent; what cannot be is taken out and held."""
    announce = run.announcing(VendorWrite.UPDATE_DONATION, gift.transaction_id)
    try:
        run.vendors.giving.update_donation(donation.id, draft, announce)
    except OutcomeUnknownError:
        run.come_back_at(run.clock.now_ms() + run.quiet_ms)
    except RetryLaterError:
        run.settled()
        raise
    except NeedsAttentionError as problem:
        reason = f"somebody edited donation {donation.id}, and it could not be set right: {problem}"
        held = replace(gift, state=GiftState.HELD, reason=reason)
        run.save_gift(held)
        run.settled()
        take_back(run, held)
    run.settled()


def _handle_surplus(run: DayRun, result: Reconciliation, *, committed: bool) -> None:
    for donation in result.surplus:
        if committed:
            run.find(
                FindingKind.SURPLUS,
                f"donation {donation.id} ({format_cents(donation.amount_cents)}) is more than WeGive has; "
                f"it was entered by us after the commit. Confirm to delete it",
                difference_cents=donation.amount_cents,
                donation_id=donation.id,
            )
            continue
        announce = run.announcing(VendorWrite.DELETE_DONATION, donation.id)
        try:
            run.vendors.giving.delete_donation(donation.id, announce)
        except OutcomeUnknownError:
            run.come_back_at(run.clock.now_ms() + run.quiet_ms)
        except RetryLaterError:
            run.settled()
            raise
        run.settled()


def ask_for_commit(run: DayRun) -> None:
    """Ask Planning Center to commit; it answers before it has done so.

    Raises:
        MisconfiguredError: When Planning Center refuses.
    """
    batch_id = run.day.batch_id or ""
    try:
        run.vendors.giving.commit_batch(batch_id, run.announcing(VendorWrite.COMMIT_BATCH, batch_id))
    except OutcomeUnknownError:
        pass  # the batch's status tells, in the next run
    except RetryLaterError:
        run.settled()
        raise
    except NeedsAttentionError as refused:
        run.settled()
        message = f"Planning Center refused to commit batch {batch_id}: {refused}; commit it there by hand"
        raise MisconfiguredError(message) from refused
    run.settled()
