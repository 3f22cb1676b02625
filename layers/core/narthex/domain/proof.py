"""The proof of a church day: both sides to the cent, every difference with its reason (S38)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from narthex.domain.drafting import gift_cents
from narthex.domain.giving import Donation, Transaction, UnreadableTransaction
from narthex.domain.ledger import Finding, FindingState, Gift, GiftState
from narthex.domain.organization import GiftAmount
from narthex.domain.standing import Standing, standing_of

_REFUNDED_BEFORE = (
    "refunded before it was pushed; WeGive does not say how much: if only in part, enter what remains by hand"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A gift that is not (or not plainly) in Planning Center, and why."""

    transaction_id: str
    amount_cents: int
    reason: str


@dataclass(frozen=True, slots=True)
class FundLine:
    """One fund: cents that WeGive's pushed gifts designate, cents that Planning Center lists."""

    fund_id: str
    name: str
    wegive_cents: int
    planning_center_cents: int


@dataclass(frozen=True, slots=True)
class Proof:
    """The day's account. `unexplained_cents` must be zero; it is WeGive minus Planning Center minus reasons.

    `wegive_cents` counts gifts that stand (S31); `planning_center_cents` the donations listed in the day's
    batch, refunded ones left out. `not_gifts` counts the day's other payments by what they are.
    """

    organization_id: str
    date: date
    status: str
    batch_id: str | None
    wegive_gifts: int
    wegive_cents: int
    planning_center_gifts: int
    planning_center_cents: int
    unexplained_cents: int
    fees_cents: int
    funds: tuple[FundLine, ...] = ()
    held: tuple[Line, ...] = ()
    late: tuple[Line, ...] = ()
    refunded: tuple[Line, ...] = ()
    not_gifts: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    message: str | None = None
    requests: int = 0
    seconds: float = 0.0

    def document(self) -> dict[str, Any]:
        """The proof as plain JSON values."""
        document = asdict(self)
        document["date"] = self.date.isoformat()
        document["not_gifts"] = dict(self.not_gifts)
        return document


@dataclass(frozen=True, slots=True)
class DayAccount:
    """Both sides of a day, as read: what `prove` compares."""

    transactions: Mapping[str, Transaction]
    unreadable: Mapping[str, UnreadableTransaction]
    gifts: Mapping[str, Gift]
    donations: Sequence[Donation]
    findings: Sequence[Finding]
    fund_names: Mapping[str, str]
    gift_amount: GiftAmount


def prove(account: DayAccount, head: Mapping[str, Any]) -> Proof:
    """Compare both sides.

    Args:
        account: What both sides hold now.
        head: The fields of `Proof` that the ledger's head record knows (organization, date, status …).
    """
    standings = {
        transaction.id: standing_of(
            transaction,
            gift_amount=account.gift_amount,
            pushed_cents=known_cents(account.gifts.get(transaction.id)),
        )
        for transaction in account.transactions.values()
    }
    counted = {
        transaction_id: gift_cents(account.transactions[transaction_id], account.gift_amount)
        for transaction_id, standing in standings.items()
        if standing in {Standing.GIFT, Standing.PARTLY_REFUNDED}
    }
    donations = [donation for donation in account.donations if not donation.refunded]
    held = _held(account, counted)
    wegive_cents = sum(counted.values())
    planning_center_cents = sum(donation.amount_cents for donation in donations)
    named_cents = sum(line.amount_cents for line in held if line.transaction_id in counted)
    named_cents += _explained_by_findings(account, counted, donations)
    return Proof(
        **head,
        wegive_gifts=len(counted),
        wegive_cents=wegive_cents,
        planning_center_gifts=len(donations),
        planning_center_cents=planning_center_cents,
        unexplained_cents=wegive_cents - planning_center_cents - named_cents,
        fees_cents=sum(donation.fee_cents for donation in donations),
        funds=_fund_lines(account, donations),
        held=held,
        late=_late(account),
        refunded=_refunded(account, standings),
        not_gifts=_not_gifts(standings),
        findings=tuple(account.findings),
    )


def known_cents(gift: Gift | None) -> int | None:
    """The gift's cents before anything was refunded, if we saw them."""
    if gift is None or gift.state is GiftState.WITHDRAWN:
        return None
    return gift.amount_cents or None


def _explained_by_findings(
    account: DayAccount, counted: Mapping[str, int], donations: Sequence[Donation]
) -> int:
    """Cents of WeGive minus Planning Center that open findings explain, as both sides stand now.

    A finding names a payment or a donation; each is counted once, by what it really differs, so that
    the difference vanishes when staff mend it, and reappears as unexplained when a finding is ticked off
    without having been mended.
    """
    listed = {donation.id: donation.amount_cents for donation in donations}
    open_findings = [finding for finding in account.findings if finding.state is not FindingState.RESOLVED]
    transactions = {f.transaction_id for f in open_findings if f.transaction_id is not None}
    strays = {f.donation_id for f in open_findings if f.transaction_id is None and f.donation_id is not None}
    cents = -sum(listed.get(donation_id, 0) for donation_id in strays)
    for transaction_id in transactions:
        gift = account.gifts.get(transaction_id)
        if gift is None or gift.state is GiftState.RECORDED:
            donation_id = gift.donation_id if gift is not None else None
            cents += counted.get(transaction_id, 0) - listed.get(donation_id or "", 0)
    return cents


def _held(account: DayAccount, counted: Mapping[str, int]) -> tuple[Line, ...]:
    lines = []
    for gift in account.gifts.values():
        if gift.state is GiftState.RECORDED or gift.state is GiftState.WITHDRAWN:
            continue
        reason = gift.reason or "on its way; the push is not finished"
        lines.append(Line(gift.transaction_id, counted.get(gift.transaction_id, 0), reason))
    known = set(account.gifts)
    lines += [
        Line(transaction_id, cents, "not planned yet")
        for transaction_id, cents in counted.items()
        if transaction_id not in known
    ]
    return tuple(sorted(lines, key=lambda line: line.transaction_id))


def _late(account: DayAccount) -> tuple[Line, ...]:
    return tuple(
        Line(gift.transaction_id, gift.amount_cents, "came after the batch was committed")
        for gift in account.gifts.values()
        if gift.late and gift.state is GiftState.RECORDED
    )


def _refunded(account: DayAccount, standings: Mapping[str, Standing]) -> tuple[Line, ...]:
    lines = []
    for transaction_id, standing in standings.items():
        if standing is not Standing.REFUNDED:
            continue
        gift = account.gifts.get(transaction_id)
        booked = gift is not None and gift.state is GiftState.RECORDED
        reason = "refunded in Planning Center" if booked else _REFUNDED_BEFORE
        cents = gift_cents(account.transactions[transaction_id], account.gift_amount)
        lines.append(Line(transaction_id, cents, reason))
    return tuple(lines)


def _not_gifts(standings: Mapping[str, Standing]) -> dict[str, int]:
    others = Counter(standing.value for standing in standings.values() if standing is not Standing.GIFT)
    return dict(sorted(others.items()))


def _fund_lines(account: DayAccount, donations: Sequence[Donation]) -> tuple[FundLine, ...]:
    ours: dict[str, int] = defaultdict(int)
    theirs: dict[str, int] = defaultdict(int)
    for gift in account.gifts.values():
        if gift.state is GiftState.RECORDED and not gift.refunded and gift.draft is not None:
            for designation in gift.draft.designations:
                ours[designation.fund_id] += designation.amount_cents
    for donation in donations:
        for designation in donation.designations:
            theirs[designation.fund_id] += designation.amount_cents
    lines = [
        FundLine(fund_id, account.fund_names.get(fund_id, f"fund {fund_id}"), ours[fund_id], theirs[fund_id])
        for fund_id in {*ours, *theirs}
    ]
    return tuple(sorted(lines, key=lambda line: line.name))
