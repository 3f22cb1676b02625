"""One worker's hold on one church day: the lease, the write-ahead, the gifts as the ledger has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from narthex.domain.errors import OutOfTimeError
from narthex.domain.ledger import (
    Announcement,
    Day,
    Finding,
    FindingKind,
    FindingState,
    Gift,
    GiftState,
    Progress,
    VendorWrite,
)
from narthex.domain.organization import Organization
from narthex.ports import Announce, Budget, Clock, LedgerStore, Vendors

RESERVE_MS = 5_000
"""Time that a run keeps back to save its state; a vendor write is not begun within it."""

MINUTES_MS = 60_000
LEASE_MARGIN_MS = 30_000
"""How much longer than the run the lease lasts: one request's longest answer, and clocks that differ."""


@dataclass(slots=True)
class DayRun:
    """What one run knows and holds.

    `in_doubt` is true from the announcement of a write until its outcome is in the ledger: a run that
    ends so leaves the announcement in place for its successor. `come_back_ms` is the earliest time at which
    something that this run could not settle may be looked at again. `found` are the findings that this
    run met, new or known; `wrote` says whether it wrote anything to Planning Center's batch. `expected` gifts
    were read, and `matched` of `donors` looked up, before there are intents to count.
    """

    organization: Organization
    date: date
    vendors: Vendors
    ledger: LedgerStore
    clock: Clock
    budget: Budget
    quiet_ms: int
    day: Day
    gifts: dict[str, Gift] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    found: set[str] = field(default_factory=set)
    in_doubt: bool = False
    come_back_ms: int | None = None
    started_ms: int = 0
    wrote: bool = False
    expected: int = 0
    donors: int = 0
    matched: int = 0

    def load(self) -> None:
        """Read the gifts, and turn what the last run had announced and not settled into unknown outcomes."""
        # Until it is turned into an outcome, the announcement is all that is known of it: keep it.
        self.in_doubt = self.day.announcement is not None
        gifts = self.ledger.gifts(self.organization.id, self.date)
        self.gifts = {gift.transaction_id: gift for gift in gifts}
        self.findings = self.ledger.findings(self.organization.id, self.date)
        announced = self.day.announcement
        if announced is None:
            return
        if announced.write is VendorWrite.CREATE_BATCH and self.day.batch_id is None:
            self.save_day(batch_sent_ms=announced.at_ms)
        gift = self.gifts.get(announced.subject)
        if (
            announced.write is VendorWrite.CREATE_DONATION
            and gift is not None
            and gift.state is GiftState.PLANNED
        ):
            self.save_gift(replace(gift, state=GiftState.UNKNOWN, last_sent_ms=announced.at_ms))
        self.save_day(changed_ms=max(self.day.changed_ms, announced.at_ms))
        self.settled()

    def announcing(self, write: VendorWrite, subject: str) -> Announce:
        """The write-ahead of one vendor write, to be called right before it is sent."""

        def announce() -> None:
            self.check_time()
            now_ms = self.clock.now_ms()
            announcement = Announcement(write, subject, now_ms)
            self.in_doubt = self.wrote = True
            self.ledger.announce(self.day, announcement, self.progress())
            self.day = replace(self.day, announcement=announcement, changed_ms=now_ms)

        return announce

    def settled(self) -> None:
        """The outcome of the announced write is known and in the ledger."""
        self.in_doubt = False

    def check_time(self) -> None:
        """Raise OutOfTimeError when the run must stop."""
        if self.budget.time_left_ms() <= RESERVE_MS:
            raise OutOfTimeError

    def save_gift(self, gift: Gift) -> None:
        """Write a gift and keep it."""
        self.ledger.save_gift(self.day, gift)
        self.gifts[gift.transaction_id] = gift

    def save_day(self, **changes: object) -> None:
        """Write the head record with some fields changed, and keep it."""
        day = replace(self.day, **changes)  # type: ignore[arg-type]
        self.ledger.save_day(day)
        self.day = day

    def come_back_at(self, at_ms: int) -> None:
        """Ask for another run at `at_ms` or earlier."""
        self.come_back_ms = at_ms if self.come_back_ms is None else min(self.come_back_ms, at_ms)

    def find(
        self,
        kind: FindingKind,
        text: str,
        *,
        difference_cents: int = 0,
        transaction_id: str | None = None,
        donation_id: str | None = None,
        version: str = "",
    ) -> None:
        """Show a person something about this day, once: the same thing found again changes nothing."""
        about = transaction_id or donation_id or "day"
        finding = Finding(
            id="-".join(part for part in (kind.value, about, donation_id or "", version) if part),
            kind=kind,
            text=text,
            difference_cents=difference_cents,
            transaction_id=transaction_id,
            donation_id=donation_id,
        )
        self.found.add(finding.id)
        if all(known.id != finding.id for known in self.findings):
            self.ledger.save_finding(self.organization.id, self.date, finding)
            self.findings.append(finding)

    def resolve(self, finding: Finding) -> None:
        """Tick a finding off."""
        resolved = replace(finding, state=FindingState.RESOLVED)
        self.ledger.save_finding(self.organization.id, self.date, resolved)
        self.findings = [resolved if known.id == finding.id else known for known in self.findings]

    def in_state(self, *states: GiftState) -> list[Gift]:
        """The gifts in one of these states, oldest transaction first."""
        return [gift for gift in self.gifts.values() if gift.state in states]

    def progress(self) -> Progress:
        """How far the day is."""
        counted = progress_of(self.gifts.values())
        return replace(
            counted,
            gifts=max(counted.gifts, self.expected),
            donors=self.donors,
            matched=self.matched,
        )

    def show_progress(self) -> None:
        """Let people who wait see it now; nothing may be announced meanwhile."""
        self.ledger.announce(self.day, None, self.progress())
        self.day = replace(self.day, announcement=None)


def progress_of(gifts: Iterable[Gift]) -> Progress:
    """Count what people who wait want to know."""
    states = [gift.state for gift in gifts if gift.state is not GiftState.WITHDRAWN]
    return Progress(
        gifts=len(states),
        recorded=states.count(GiftState.RECORDED),
        held=states.count(GiftState.HELD),
    )
