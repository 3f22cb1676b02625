"""The ledger's objects as items, and back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from narthex.adapters.dynamodb.ledger_items import (
    DAY,
    DOCUMENT,
    FINDING,
    GIFT,
    DayItem,
    DocumentItem,
    FindingItem,
    GiftItem,
    day_of_partition,
    partition_of,
    wake_shard_of,
)
from narthex.domain.ledger import (
    Announcement,
    Day,
    DayStatus,
    Finding,
    FindingKind,
    FindingState,
    Gift,
    GiftState,
    Progress,
    VendorWrite,
)

if TYPE_CHECKING:
    from narthex.domain.giving import DonationDraft


def day_item(day: Day) -> DayItem:
    """The item of a head record, without the store's own `stamp` and `opened_by`."""
    return DayItem(
        partition=partition_of(day.organization_id, day.date),
        item=DAY,
        fence=day.fence,
        lease_until_ms=day.lease_until_ms,
        status=day.status.value,
        announcement=announcement_json(day.announcement),
        progress=progress_json(day.progress),
        batch_id=day.batch_id,
        batch_sent_ms=day.batch_sent_ms,
        changed_ms=day.changed_ms,
        committed_at=None if day.committed_at is None else _instant_text(day.committed_at),
        committed_ms=day.committed_ms,
        audits_done=day.audits_done,
        wake_shard=None if day.wake_at_ms is None else wake_shard_of(day.organization_id),
        wake_at=day.wake_at_ms,
        message=day.message,
        requests=day.requests,
        started_ms=day.started_ms,
        finished_ms=day.finished_ms,
    )


def day_from(item: Mapping[str, Any]) -> Day:
    """The head record of an item."""
    row = DayItem.from_raw_data(dict(item))
    organization_id, day = day_of_partition(row.partition)
    return Day(
        organization_id=organization_id,
        date=day,
        status=DayStatus(row.status),
        fence=row.fence,
        lease_until_ms=row.lease_until_ms,
        announcement=_announcement_from(row.announcement),
        batch_id=row.batch_id,
        batch_sent_ms=row.batch_sent_ms,
        changed_ms=row.changed_ms,
        committed_at=None if row.committed_at is None else datetime.fromisoformat(row.committed_at),
        committed_ms=row.committed_ms,
        audits_done=row.audits_done,
        wake_at_ms=row.wake_at,
        message=row.message,
        progress=Progress() if row.progress is None else Progress(**row.progress),
        requests=row.requests,
        started_ms=row.started_ms,
        finished_ms=row.finished_ms,
    )


def gift_item(day: Day, gift: Gift) -> GiftItem:
    """The item of a gift, under the day's fence."""
    return GiftItem(
        partition=partition_of(day.organization_id, day.date),
        item=GIFT + gift.transaction_id,
        fence=day.fence,
        state=gift.state.value,
        amount_cents=gift.amount_cents,
        content=gift.content,
        donor_id=gift.donor_id,
        draft=_draft_json(gift.draft),
        donation_id=gift.donation_id,
        last_sent_ms=gift.last_sent_ms,
        reason=gift.reason,
        late=gift.late or None,
        refunded=gift.refunded or None,
    )


def gift_from(item: Mapping[str, Any]) -> Gift:
    """The gift of an item."""
    row = GiftItem.from_raw_data(dict(item))
    return Gift(
        transaction_id=row.item.removeprefix(GIFT),
        state=GiftState(row.state),
        amount_cents=row.amount_cents,
        content=row.content,
        donor_id=row.donor_id,
        draft=_draft_from(row.draft),
        donation_id=row.donation_id,
        last_sent_ms=row.last_sent_ms,
        reason=row.reason,
        late=bool(row.late),
        refunded=bool(row.refunded),
    )


def finding_item(organization_id: str, day: date, finding: Finding) -> FindingItem:
    """The item of a finding."""
    return FindingItem(
        partition=partition_of(organization_id, day),
        item=FINDING + finding.id,
        kind=finding.kind.value,
        text=finding.text,
        difference_cents=finding.difference_cents,
        state=finding.state.value,
        transaction_id=finding.transaction_id,
        donation_id=finding.donation_id,
    )


def finding_from(item: Mapping[str, Any]) -> Finding:
    """The finding of an item."""
    row = FindingItem.from_raw_data(dict(item))
    return Finding(
        id=row.item.removeprefix(FINDING),
        kind=FindingKind(row.kind),
        text=row.text,
        difference_cents=row.difference_cents,
        state=FindingState(row.state),
        transaction_id=row.transaction_id,
        donation_id=row.donation_id,
    )


def document_item(organization_id: str, day: date, name: str, document: Mapping[str, Any]) -> DocumentItem:
    """The item of a JSON document."""
    text = json.dumps(dict(document), ensure_ascii=False, separators=(",", ":"))
    body = zlib.compress(text.encode())
    return DocumentItem(partition=partition_of(organization_id, day), item=DOCUMENT + name, body=body)


def document_from(item: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON document of an item."""
    row = DocumentItem.from_raw_data(dict(item))
    return dict(json.loads(zlib.decompress(row.body)))


def announcement_json(announcement: Announcement | None) -> dict[str, Any] | None:
    """An announcement as JSON."""
    if announcement is None:
        return None
    return {"write": announcement.write.value, "subject": announcement.subject, "at_ms": announcement.at_ms}


def progress_json(progress: Progress) -> dict[str, int]:
    """Progress as JSON."""
    return asdict(progress)


def _announcement_from(found: Mapping[str, Any] | None) -> Announcement | None:
    if found is None:
        return None
    return Announcement(write=VendorWrite(found["write"]), subject=found["subject"], at_ms=found["at_ms"])


def _draft_json(draft: DonationDraft | None) -> dict[str, Any] | None:
    if draft is None:
        return None
    payment = draft.payment
    return {
        "person_id": draft.person_id,
        "payment": [payment.method.value, payment.brand, payment.last4],
        "received_at": _instant_text(draft.received_at),
        "designations": [[part.fund_id, part.amount_cents] for part in draft.designations],
        "fee_cents": draft.fee_cents,
        "label_ids": list(draft.label_ids),
    }


def _draft_from(found: Mapping[str, Any] | None) -> DonationDraft | None:
    if found is None:
        return None
    # Only the worker reads drafts; the other functions of the ledger start without these words.
    from narthex.domain.giving import Designation, DonationDraft, Payment, PaymentMethod  # noqa: PLC0415

    method, brand, last4 = found["payment"]
    return DonationDraft(
        person_id=found["person_id"],
        payment=Payment(method=PaymentMethod(method), brand=brand, last4=last4),
        received_at=datetime.fromisoformat(found["received_at"]),
        designations=tuple(Designation(fund_id, cents) for fund_id, cents in found["designations"]),
        fee_cents=found["fee_cents"],
        label_ids=tuple(found["label_ids"]),
    )


def _instant_text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()
