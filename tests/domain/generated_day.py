"""A generated day: both sides as they stand when the proof is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from narthex.domain.giving import (
    Donation,
    Transaction,
    UnreadableTransaction,
)
from narthex.domain.ledger import Finding, Gift
from narthex.domain.organization import GiftAmount
from narthex.domain.proof import DayAccount, Proof, prove

OUR_SOURCE = "21001"
FUND_IDS = {"901": "11", "902": "12", "903": "13", "904": "11"}
FUND_NAMES = {"11": "General", "12": "Missions", "13": "Building"}
DAWN = datetime(2026, 11, 15, 6, tzinfo=UTC)
HEAD = {"organization_id": "parish", "date": date(2026, 11, 15), "status": "committed", "batch_id": "1"}


@dataclass(slots=True)
class GeneratedDay:
    """Both sides of a day as they stand when the proof is made."""

    gift_amount: GiftAmount
    committed: bool
    transactions: dict[str, Transaction] = field(default_factory=dict)
    unreadable: dict[str, UnreadableTransaction] = field(default_factory=dict)
    gifts: dict[str, Gift] = field(default_factory=dict)
    donations: dict[str, Donation] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def prove(self) -> Proof:
        """The product's proof of it."""
        return prove(
            DayAccount(
                transactions=self.transactions,
                unreadable=self.unreadable,
                gifts=self.gifts,
                donations=list(self.donations.values()),
                findings=self.findings,
                fund_names=FUND_NAMES,
                gift_amount=self.gift_amount,
            ),
            HEAD,
        )
