"""The ledger of one church day: what we intend, what we sent, what Planning Center holds (spec 4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from narthex.domain.giving import DonationDraft


class DayStatus(StrEnum):
    """Where a church day stands."""

    OPEN = "open"  # gifts are being planned and sent
    HOLDING = "holding"  # all sound gifts are in; held ones keep the batch open until the deadline
    COMMITTING = "committing"  # the commit was asked for; Planning Center is at it
    COMMITTED = "committed"
    EMPTY = "empty"  # no gift that day, no batch
    REFUSED = "refused"  # preflight found gifts that are not ours (S39)
    STOPPED = "stopped"  # misconfigured: a person must act first


class GiftState(StrEnum):
    """Where one gift stands."""

    PLANNED = "planned"  # intended, not in Planning Center
    UNKNOWN = "unknown"  # sent, and no believable answer came
    RECORDED = "recorded"  # in Planning Center, under `donation_id`
    HELD = "held"  # cannot be pushed; `reason` says why and what to do
    WITHDRAWN = "withdrawn"  # refunded or reversed before it counted; not, or no longer, in the batch


class VendorWrite(StrEnum):
    """The kinds of write that are announced in the ledger before they are sent."""

    CREATE_BATCH = "create_batch"
    CREATE_DONATION = "create_donation"
    UPDATE_DONATION = "update_donation"
    DELETE_DONATION = "delete_donation"
    DELETE_BATCH = "delete_batch"
    COMMIT_BATCH = "commit_batch"
    ISSUE_REFUND = "issue_refund"


@dataclass(frozen=True, slots=True)
class Announcement:
    """The write-ahead of one vendor write: what, for which gift or record, and when (`at_ms`, UTC)."""

    write: VendorWrite
    subject: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Gift:
    """One Transaction on its way into the day's batch.

    `draft` is what was or will be sent; None while the gift is held without one. `content` is a hash of
    the Transaction as it was when the draft was made, so that later edits are seen. `last_sent_ms` is
    when a create was last sent; `late` says that the batch was already committed then.
    """

    transaction_id: str
    state: GiftState
    amount_cents: int
    content: str
    donor_id: str | None = None
    draft: DonationDraft | None = None
    donation_id: str | None = None
    last_sent_ms: int | None = None
    reason: str | None = None
    late: bool = False
    refunded: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the day is, for people who wait.

    `gifts` to push, of them `recorded` in the batch and `held`; of the `donors` whose person had to be
    looked up, `matched` are done.
    """

    gifts: int = 0
    recorded: int = 0
    held: int = 0
    donors: int = 0
    matched: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """One church day's head record; `fence` grows with every lease and guards every write.

    Times that end in `_ms` are UTC epoch milliseconds. `wake_at_ms` is when the sweep must look again
    (None: never). `audits_done` counts the audits after the commit (+10 min, +24 h, +7 d).
    """

    organization_id: str
    date: date
    status: DayStatus = DayStatus.OPEN
    fence: int = 0
    lease_until_ms: int = 0
    announcement: Announcement | None = None
    batch_id: str | None = None
    batch_sent_ms: int | None = None
    changed_ms: int = 0
    committed_at: datetime | None = None
    committed_ms: int | None = None
    audits_done: int = 0
    wake_at_ms: int | None = None
    message: str | None = None
    progress: Progress = field(default_factory=Progress)
    requests: int = 0
    started_ms: int | None = None
    finished_ms: int | None = None


class FindingKind(StrEnum):
    """What the audit or the proof shows a person."""

    SURPLUS = "surplus"  # a donation of ours more than WeGive has gifts
    MISSING = "missing"  # a recorded donation that is gone
    CHANGED = "changed"  # the amount in Planning Center is not the gift's
    EDITED = "edited"  # WeGive's payment was edited after the commit
    REVERSAL = "reversal"  # partial refund, chargeback, late ACH return: only a person can book it
    FOREIGN = "foreign"  # a donation in our batch, or a batch of the day's name, that we did not make
    DOUBTFUL = "doubtful"  # an unanswered gift that may be a donation which looks otherwise
    NAMESAKE = "namesake"  # somebody else bears the name of a person whom we created


class FindingState(StrEnum):
    """A finding stays in the proof until a person resolves it; CONFIRMED asks us to act."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a day that a person must see; `text` says what and what to do.

    `difference_cents` is Planning Center minus WeGive as far as this finding explains it.
    """

    id: str
    kind: FindingKind
    text: str
    difference_cents: int
    state: FindingState = FindingState.OPEN
    transaction_id: str | None = None
    donation_id: str | None = None
