"""The product with one guard taken out, to show that the simulation needs each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from unittest.mock import patch

from narthex.domain import reconciliation
from narthex.domain.giving import Donation
from narthex.domain.ledger import Announcement, Day, Gift, Progress
from narthex.services import settle_batch, work_day
from narthex.services.settle_batch import Recount
from tests.simulation.play import CountingLedger, Schedule, Verdict, play

Play = Callable[[Schedule], Verdict]


class WithoutLease(CountingLedger):
    """Gives the day to whoever asks."""

    def open_day(self, organization_id: str, day: date, *, now_ms: int, lease_until_ms: int) -> Day:
        known = self.read_day(organization_id, day)
        if known is not None and known.lease_until_ms > now_ms:
            self._keep(replace(known, lease_until_ms=0))
        return super().open_day(organization_id, day, now_ms=now_ms, lease_until_ms=lease_until_ms)


class WithoutFence(CountingLedger):
    """Lets a worker write whose lease has gone to another one."""

    def _held(self, day: Day) -> Day:
        return self.read_day(day.organization_id, day.date) or day

    def save_gift(self, day: Day, gift: Gift) -> None:
        stored = self.read_day(day.organization_id, day.date) or day
        super().save_gift(replace(day, fence=stored.fence), gift)

    def save_gifts(self, day: Day, gifts: Sequence[Gift]) -> None:
        for gift in gifts:
            self.save_gift(day, gift)


class WithoutWriteAhead(CountingLedger):
    """Forgets what is about to be sent; the fence still holds."""

    def announce(self, day: Day, announcement: Announcement | None, progress: Progress) -> None:
        super().announce(day, None, progress)


def without_lease(schedule: Schedule) -> Verdict:
    """Two workers may have the day at once."""
    return play(schedule, make_ledger=WithoutLease)


def without_fence(schedule: Schedule) -> Verdict:
    """A worker that was frozen goes on where it was."""
    return play(schedule, make_ledger=WithoutFence)


def without_write_ahead(schedule: Schedule) -> Verdict:
    """A worker that died has left no word of what it sent."""
    return play(schedule, make_ledger=WithoutWriteAhead)


def without_quiet_time(schedule: Schedule) -> Verdict:
    """What was not answered is looked for at once."""
    return play(schedule, quiet_ms=0)


def without_surplus_delete(schedule: Schedule) -> Verdict:
    """What is too much stays in the batch."""
    with patch.object(settle_batch, "_handle_surplus", lambda *_, **__: None):
        return play(schedule)


def without_recount(schedule: Schedule) -> Verdict:
    """The batch is committed without a look at it."""

    def believe(run: object, payment_source_id: str, *, committed: bool) -> Recount:
        if committed:
            return settle_batch.recount(run, payment_source_id, committed=True)  # type: ignore[arg-type]
        return Recount(donations=_as_recorded(run), agrees=True)

    finish = work_day.DayWorker._finish_batch

    def finish_unseen(self: work_day.DayWorker, reading: object) -> int | None:
        with patch.object(work_day, "recount", believe):
            return finish(self, reading)  # type: ignore[arg-type]

    with patch.object(work_day.DayWorker, "_finish_batch", finish_unseen):
        return play(schedule)


def without_multiset(schedule: Schedule) -> Verdict:
    """Equal donations count as one."""
    reconcile = reconciliation.reconcile

    def as_a_set(gifts: list[Gift], donations: Sequence[Donation], source_id: str | None) -> object:
        once = {donation.fingerprint: donation for donation in reversed(donations)}
        return reconcile(gifts, list(once.values()), source_id)

    with patch.object(settle_batch, "reconcile", as_a_set):
        return play(schedule)


def without_adoption(schedule: Schedule) -> Verdict:
    """A donation of unknown outcome is made again although the list shows it."""
    reconcile = reconciliation.reconcile

    def adopt_nothing(gifts: list[Gift], donations: Sequence[Donation], source_id: str | None) -> object:
        result = reconcile(gifts, donations, source_id)
        unsent = (*result.unsent, *(gift for gift, _ in result.adopted))
        return replace(result, adopted=(), unsent=unsent)

    with patch.object(settle_batch, "reconcile", adopt_nothing):
        return play(schedule)


def _as_recorded(run: object) -> tuple[Donation, ...]:
    """The donations that the ledger believes in."""
    return tuple(_donations(run))


def _donations(run: object) -> Iterator[Donation]:
    for gift in run.gifts.values():  # type: ignore[attr-defined]
        if gift.draft is not None and gift.donation_id is not None:
            yield Donation(
                id=gift.donation_id,
                batch_id=None,
                person_id=gift.draft.person_id,
                method=gift.draft.payment.method,
                received_at=gift.draft.received_at,
                amount_cents=gift.draft.amount_cents,
                designations=gift.draft.designations,
                payment_source_id=None,
            )


GUARDS: dict[str, Play] = {
    "lease": without_lease,
    "fence": without_fence,
    "write-ahead of last_sent": without_write_ahead,
    "quiet time": without_quiet_time,
    "surplus delete": without_surplus_delete,
    "recount before commit": without_recount,
    "multiset": without_multiset,
    "adoption": without_adoption,
}
