"""One run's work on a church day: settle what is open, send what is planned, commit, prove, audit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from narthex.domain.correlation import CorrelationKind, CorrelationState
from narthex.domain.drafting import wegive_fund_ids
from narthex.domain.errors import MisconfiguredError, OutcomeUnknownError, RecordNotFoundError
from narthex.domain.giving import Batch, BatchStatus, Donation
from narthex.domain.ledger import DayStatus, FindingKind, FindingState, GiftState, VendorWrite
from narthex.domain.money import format_cents
from narthex.domain.organization import HeldGifts
from narthex.domain.proof import Proof
from narthex.ports import CorrelationStore, ReviewStore
from narthex.services.apply_changes import apply_changes
from narthex.services.check_preflight import check_preflight
from narthex.services.create_people import CREATED, PeopleCreator
from narthex.services.day_run import MINUTES_MS, DayRun
from narthex.services.plan_gifts import Resolved, plan_gifts
from narthex.services.prove_day import news_since_proof, prove_day, renew_head
from narthex.services.read_day import DayReading, read_day
from narthex.services.resolve_donors import DonorResolver, Donors
from narthex.services.resolve_funds import resolve_funds
from narthex.services.send_gifts import NEW_PERSON_RETRY_MS, send_gifts, take_back_held
from narthex.services.settle_batch import (
    LIST_AGAIN_MS,
    adopt_batch,
    ask_for_commit,
    clear_twins,
    create_batch,
    find_batches,
    is_surplus_still,
    recount,
)

AUDITS_MS = (10 * MINUTES_MS, 24 * 60 * MINUTES_MS, 7 * 24 * 60 * MINUTES_MS)
"""When after the last change to a committed batch it is counted again (spec 4.5)."""

COMMIT_POLL_MS = 3_000

UNKNOWN_DONORS_AT_ONCE = 10
"""So many may have to be looked up again when a run ends among them: about two requests each."""

RECURRING_LABEL = "recurring"
"""On gifts that come from a recurring plan (3.6)."""

_SEEN_BY_RECOUNT = {
    FindingKind.SURPLUS,
    FindingKind.MISSING,
    FindingKind.CHANGED,
    FindingKind.FOREIGN,
    FindingKind.DOUBTFUL,
}


@dataclass(slots=True)
class DayWorker:
    """Works through one day under one lease; every step may be the last, and any run may go on from it."""

    run: DayRun
    correlations: CorrelationStore
    reviews: ReviewStore
    fund_names: dict[str, str] | None = None
    source_id: str = ""
    adopting: Batch | None = None

    def __call__(self) -> int | None:
        """Do what can be done now; when to come back (epoch ms), or None when nothing is left."""
        run = self.run
        if not run.organization.settings.switches.push_transactions:
            run.day = replace(run.day, message="pushing transactions is switched off in the settings")
            return None
        if not self._follow_batch():
            return run.come_back_ms
        reading = read_day(run)
        if self._is_quiet(reading):
            return self._settle_down(reading)
        resolved = self._resolve(reading)
        if resolved is None:
            return run.come_back_ms
        self._act_on_confirmed()
        if self._settle_unknown():
            # What WeGive says of these gifts now was passed over while their outcome was open: look anew.
            return run.come_back_ms or run.clock.now_ms()
        take_back_held(run)
        plan_gifts(run, reading, resolved)
        if self.adopting is not None:
            self._adopt_gifts(self.adopting)
        apply_changes(run, reading, resolved, committed=self._committed)
        if not self._send():
            return run.come_back_ms
        return self._finish(reading)

    @property
    def _committed(self) -> bool:
        return self.run.day.committed_at is not None

    def _follow_batch(self) -> bool:
        """See what has become of the batch; False while Planning Center is busy with it."""
        run = self.run
        if run.day.batch_id is None or self._committed:
            return True
        try:
            batch = run.vendors.giving.batch(run.day.batch_id)
        except RecordNotFoundError:
            return self._forget_batch()
        now_ms = run.clock.now_ms()
        if batch.status is BatchStatus.COMMITTED:
            self._mark_committed(now_ms)
        elif batch.status is BatchStatus.UPDATING:
            run.come_back_at(now_ms + COMMIT_POLL_MS)
            return False
        elif run.day.status is DayStatus.COMMITTING and now_ms < run.day.changed_ms + run.quiet_ms:
            run.come_back_at(min(now_ms + LIST_AGAIN_MS, run.day.changed_ms + run.quiet_ms))
            return False
        return True

    def _forget_batch(self) -> bool:
        """Staff deleted the uncommitted batch and all in it: the day begins anew."""
        run = self.run
        for gift in run.in_state(GiftState.RECORDED, GiftState.UNKNOWN):
            run.save_gift(replace(gift, state=GiftState.PLANNED, donation_id=None, last_sent_ms=None))
        run.save_day(batch_id=None, batch_sent_ms=None, status=DayStatus.OPEN)
        return True

    def _mark_committed(self, now_ms: int) -> None:
        run = self.run
        run.save_day(
            status=DayStatus.COMMITTED,
            committed_at=datetime.fromtimestamp(now_ms / 1000, UTC),
            committed_ms=now_ms,
            audits_done=0,
            message=None,
        )
        renew_head(run)

    def _is_quiet(self, reading: DayReading) -> bool:
        run = self.run
        confirmed = any(finding.state is FindingState.CONFIRMED for finding in run.findings)
        return (
            self._committed
            and not reading.makes_work
            and not confirmed
            and not run.in_state(GiftState.PLANNED, GiftState.UNKNOWN)
        )

    def _resolve(self, reading: DayReading) -> Resolved | None:
        """Whom and what the day's gifts name; None when the batch must be looked for again later."""
        run = self.run
        work = [*reading.to_plan, *reading.corrected]
        run.expected = len(work)
        found: list[Batch] = []
        needs_batch = bool(work or run.in_state(GiftState.UNKNOWN)) and run.day.batch_id is None
        if needs_batch:
            found = find_batches(run)
            if run.day.batch_sent_ms is not None:
                if not adopt_batch(run, found) and run.come_back_ms is not None:
                    return None
                found = []
        source = run.vendors.giving.payment_source(run.organization.settings.payment_source)
        if work:
            check_preflight(run, found, source)
        if source is None and work:
            source = run.vendors.giving.create_payment_source(run.organization.settings.payment_source)
        self.source_id = source.id if source is not None else ""
        funds = resolve_funds(
            run.organization,
            run.vendors,
            self.correlations,
            {fund_id for transaction in work for fund_id in wegive_fund_ids(transaction)},
            dry_run=False,
        )
        self.fund_names = funds.names
        label_id = None
        if any(transaction.recurring for transaction in work):
            label_id = run.vendors.giving.label_id(RECURRING_LABEL)
        donors = self._donors(transaction.donor_id for transaction in work)
        if found:
            self.adopting = _only(found)
        return Resolved(funds=funds, donors=donors, recurring_label_id=label_id)

    def _donors(self, donor_ids: Iterable[str | None]) -> Donors:
        """Who the donors are, in parts: what a part decided is stored before the next one is asked about.

        A day may bring more unknown donors than one run can look up.
        """
        run = self.run
        resolver = DonorResolver(
            organization=run.organization,
            vendors=run.vendors,
            correlations=self.correlations,
            reviews=self.reviews,
            clock=run.clock,
            quiet_ms=run.quiet_ms,
        )
        creator = PeopleCreator(
            organization=run.organization,
            vendors=run.vendors,
            correlations=self.correlations,
            reviews=self.reviews,
            clock=run.clock,
            quiet_ms=run.quiet_ms,
            check_time=run.check_time,
        )
        donors = Donors()
        wanted = {donor_id for donor_id in donor_ids if donor_id is not None}
        run.donors = len(wanted)
        for part in self._parts(wanted):
            run.check_time()
            decided = resolver(part)
            creator(decided)
            donors.add(decided)
            run.matched += len(part)
            run.show_progress()
        return donors

    def _parts(self, donor_ids: Iterable[str]) -> Iterable[list[str]]:
        """The tied donors at once (their people are read a hundred at a time), the others a few at once."""
        wanted = sorted(donor_ids)
        ties = self.correlations.get_many(self.run.organization.id, CorrelationKind.DONOR, wanted)
        tied = {donor_id for donor_id, tie in ties.items() if tie.state is CorrelationState.LINKED}
        if tied:
            yield sorted(tied)
        others = [donor_id for donor_id in wanted if donor_id not in tied]
        for start in range(0, len(others), UNKNOWN_DONORS_AT_ONCE):
            yield others[start : start + UNKNOWN_DONORS_AT_ONCE]

    def _adopt_gifts(self, batch: Batch) -> None:
        """Take over a batch that another integration made, because the settings say so.

        Whatever is planned may be in it already: only the list can tell. So the gifts are in doubt before the
        batch is the day's: the successor of a run that dies in between must not send them.
        """
        run = self.run
        for gift in run.in_state(GiftState.PLANNED):
            run.save_gift(replace(gift, state=GiftState.UNKNOWN, last_sent_ms=0))
        run.save_day(batch_id=batch.id)
        if batch.status is not BatchStatus.IN_PROGRESS:
            self._mark_committed(run.clock.now_ms())
        recount(run, self.source_id, committed=self._committed)

    def _act_on_confirmed(self) -> None:
        """Do what a person confirmed: delete a surplus, enter a missing gift anew, believe a doubtful one."""
        run = self.run
        for finding in [f for f in run.findings if f.state is FindingState.CONFIRMED]:
            run.check_time()
            if finding.kind is FindingKind.SURPLUS and finding.donation_id is not None:
                if not is_surplus_still(run, finding.donation_id, self.source_id):
                    run.resolve(finding)
                    continue
                announce = run.announcing(VendorWrite.DELETE_DONATION, finding.donation_id)
                try:
                    run.vendors.giving.delete_donation(finding.donation_id, announce)
                except OutcomeUnknownError:
                    run.settled()
                    run.come_back_at(run.clock.now_ms() + run.quiet_ms)
                    continue
                run.settled()
            elif finding.kind is FindingKind.MISSING and finding.transaction_id in run.gifts:
                gift = run.gifts[finding.transaction_id]
                if gift.state is GiftState.RECORDED and gift.donation_id == finding.donation_id:
                    run.save_gift(replace(gift, state=GiftState.PLANNED, donation_id=None, last_sent_ms=None))
            elif finding.kind is FindingKind.DOUBTFUL and finding.transaction_id in run.gifts:
                gift = run.gifts[finding.transaction_id]
                if gift.state is GiftState.HELD and gift.donation_id is None:
                    found = replace(
                        gift, state=GiftState.RECORDED, donation_id=finding.donation_id, reason=None
                    )
                    run.save_gift(found)
            run.resolve(finding)

    def _settle_unknown(self) -> bool:
        """Once the quiet time is over, the list tells what became of unanswered creates; whether it did."""
        run = self.run
        unknown = run.in_state(GiftState.UNKNOWN)
        if not unknown or run.day.batch_id is None:
            return False
        ready_ms = max(gift.last_sent_ms or 0 for gift in unknown) + run.quiet_ms
        if run.clock.now_ms() < ready_ms:
            run.come_back_at(ready_ms)
            return False
        recount(run, self.source_id, committed=self._committed)
        return True

    def _send(self) -> bool:
        """Send what is planned; False when the batch's creation must be settled first."""
        run = self.run
        if not run.in_state(GiftState.PLANNED):
            return True
        if run.day.batch_id is None and not create_batch(run):
            return False
        batch_id = run.day.batch_id or ""
        send_gifts(run, batch_id, self.source_id, late=self._committed)
        return True

    def _finish(self, reading: DayReading) -> int | None:
        run = self.run
        unknown = run.in_state(GiftState.UNKNOWN)
        if unknown:
            run.come_back_at(max(gift.last_sent_ms or 0 for gift in unknown) + run.quiet_ms)
        if run.in_state(GiftState.PLANNED):
            run.come_back_at(run.clock.now_ms() + NEW_PERSON_RETRY_MS)
        if run.come_back_ms is not None:
            return run.come_back_ms
        if self._committed:
            return self._settle_down(reading)
        if not run.in_state(GiftState.RECORDED):
            return self._finish_without_gifts(reading)
        return self._finish_batch(reading)

    def _finish_without_gifts(self, reading: DayReading) -> int | None:
        """No gift in the batch: no batch at all; held gifts come with a later look."""
        run = self.run
        if run.day.batch_id is not None:
            count = recount(run, self.source_id, committed=False)
            if run.come_back_ms is not None or not count.agrees:
                return run.come_back_ms or run.clock.now_ms() + LIST_AGAIN_MS
            if count.donations:
                self._keep_for_strangers(reading, count.donations)
                return None
            announce = run.announcing(VendorWrite.DELETE_BATCH, run.day.batch_id)
            try:
                run.vendors.giving.delete_batch(run.day.batch_id, announce)
            except OutcomeUnknownError:
                run.settled()
                return run.clock.now_ms() + run.quiet_ms
            run.settled()
            run.save_day(batch_id=None, batch_sent_ms=None)
        held = run.in_state(GiftState.HELD)
        run.save_day(status=DayStatus.HOLDING if held else DayStatus.EMPTY, message=None)
        self._prove(reading, ())
        return None

    def _keep_for_strangers(self, reading: DayReading, donations: Sequence[Donation]) -> None:
        """The batch holds only what others entered: it is theirs to empty, not ours to delete."""
        self._resolve_unseen(audit=False)
        self.run.save_day(status=DayStatus.HOLDING, message=None)
        self._prove(reading, donations)

    def _finish_batch(self, reading: DayReading) -> int | None:
        """Count once more, then commit, or wait for held gifts until the deadline."""
        run = self.run
        count = recount(run, self.source_id, committed=False)
        if run.come_back_ms is not None or not count.agrees:
            return run.come_back_ms or run.clock.now_ms() + LIST_AGAIN_MS
        self._resolve_unseen(audit=False)
        deadline_ms = self._deadline_ms()
        if self._is_held() and deadline_ms is not None and run.clock.now_ms() < deadline_ms:
            run.save_day(status=DayStatus.HOLDING, message=None)
            self._prove(reading, count.donations)
            return deadline_ms
        proof = self._prove(reading, count.donations)
        if proof.unexplained_cents:
            message = (
                f"the proof does not add up: {format_cents(proof.unexplained_cents)} are unexplained, "
                f"and nothing is committed; compare batch {run.day.batch_id} with WeGive"
            )
            raise MisconfiguredError(message)
        ask_for_commit(run)
        run.save_day(status=DayStatus.COMMITTING, message=None)
        return run.clock.now_ms() + COMMIT_POLL_MS

    def _is_held(self) -> bool:
        foreign = any(
            finding.kind is FindingKind.FOREIGN and finding.state is FindingState.OPEN
            for finding in self.run.findings
        )
        return foreign or bool(self.run.in_state(GiftState.HELD))

    def _deadline_ms(self) -> int | None:
        organization = self.run.organization
        if organization.settings.held_gifts is HeldGifts.COMMIT_WITHOUT:
            return None
        return int(organization.held_gifts_deadline(self.run.date).timestamp() * 1000)

    def _settle_down(self, reading: DayReading) -> int | None:
        """A committed day: count it when it changed or an audit is due, and say when the next one is."""
        run = self.run
        now_ms = run.clock.now_ms()
        news = news_since_proof(run)
        if run.wrote or news.of_gifts:
            run.save_day(committed_ms=now_ms, audits_done=0)
        audit_due = self._next_audit_ms() is not None and now_ms >= (self._next_audit_ms() or 0)
        run.day = replace(run.day, status=DayStatus.COMMITTED, message=None)
        if run.wrote or news.of_gifts or news.of_texts or audit_due:
            self._count_committed(reading, audit=audit_due)
        renew_head(run)
        return run.come_back_ms or self._next_audit_ms()

    def _count_committed(self, reading: DayReading, *, audit: bool) -> None:
        run = self.run
        if not self.source_id:
            source = run.vendors.giving.payment_source(run.organization.settings.payment_source)
            self.source_id = source.id if source is not None else ""
        count = recount(run, self.source_id, committed=True)
        if run.come_back_ms is not None:
            return
        if audit:
            clear_twins(run)
            self._finish_people()
        self._resolve_unseen(audit=audit)
        self._prove(reading, count.donations)
        if audit:
            run.save_day(audits_done=run.day.audits_done + 1)

    def _finish_people(self) -> None:
        """Add what an interrupted creation still owes, and see that nobody was created twice."""
        donor_ids = {gift.donor_id for gift in self.run.gifts.values()} - {None}
        wanted = sorted(donor_id for donor_id in donor_ids if donor_id is not None)
        ties = self.correlations.get_many(self.run.organization.id, CorrelationKind.DONOR, wanted)
        if any(tie.pending for tie in ties.values()):
            self._donors(donor_id for donor_id, tie in ties.items() if tie.pending)
        for tie in ties.values():
            if tie.matched_by == CREATED and tie.planning_center_id is not None:
                self._look_for_namesakes(tie.planning_center_id)

    def _look_for_namesakes(self, person_id: str) -> None:
        """Nobody bore the name when we created the person; whoever does now may be a twin of ours."""
        run = self.run
        try:
            person = run.vendors.people.get(person_id)
        except RecordNotFoundError:
            return
        for other in run.vendors.people.find_by_name(person.first_name, person.last_name):
            if other.id != person_id:
                run.find(
                    FindingKind.NAMESAKE,
                    f"person {person_id}, whom we created, and person {other.id} bear the same name; if they "
                    f"are one, merge them in Planning Center",
                    version=f"{person_id}-{other.id}",
                )

    def _next_audit_ms(self) -> int | None:
        day = self.run.day
        if day.committed_ms is None or day.audits_done >= len(AUDITS_MS):
            return None
        return day.committed_ms + AUDITS_MS[day.audits_done]

    def _resolve_unseen(self, *, audit: bool) -> None:
        """Findings that a count (or an audit) no longer meets have been mended by somebody."""
        for finding in list(self.run.findings):
            is_about_donations = finding.kind in _SEEN_BY_RECOUNT and finding.donation_id is not None
            is_seen_by_audit = finding.kind in {FindingKind.NAMESAKE, FindingKind.FOREIGN}
            if (
                finding.state is FindingState.OPEN
                and (is_about_donations or (audit and is_seen_by_audit))
                and finding.id not in self.run.found
            ):
                self.run.resolve(finding)

    def _prove(self, reading: DayReading, donations: Sequence[Donation]) -> Proof:
        run = self.run
        if self.fund_names is None:
            self.fund_names = {fund.id: fund.name for fund in run.vendors.giving.funds()}
        return prove_day(run, reading, donations, self.fund_names)


def _only(found: Sequence[Batch]) -> Batch:
    if len(found) > 1:
        listed = ", ".join(batch.id for batch in found)
        message = f"batches {listed} all bear the day's name; merge them in Planning Center first"
        raise MisconfiguredError(message)
    return found[0]
