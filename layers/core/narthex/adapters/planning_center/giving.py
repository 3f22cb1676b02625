"""The port `Giving` on Planning Center Giving, version 2019-10-18."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from narthex.adapters.planning_center.client import attributes_of
from narthex.adapters.planning_center.donations import (
    WITH_DESIGNATIONS,
    believed,
    changed_donation_body,
    donations_of,
    instant_text,
    new_donation_body,
)
from narthex.adapters.planning_center.named_records import NamedRecords
from narthex.adapters.planning_center.wire import BatchAttributes, Resource
from narthex.domain.church_day import parse_instant
from narthex.domain.errors import (
    AnswerMismatchError,
    ContractViolationError,
    OutcomeUnknownError,
    RecordNotFoundError,
    RejectedError,
)
from narthex.domain.giving import Batch, BatchStatus, Donation, DonationDraft
from narthex.ports import Announce

MOST_READINGS_OF_A_LIST: Final = 3


class PlanningCenterGiving(NamedRecords):
    """Giving of one church: batches and donations, and what `NamedRecords` has.

    Args:
        client: Of the product Giving.
    """

    def find_batches(self, description: str, since: datetime) -> list[Batch]:
        """Batches with exactly this description that changed since then, lowest id first.

        Newest change first: a batch that changes while we page is met twice, not missed.
        """
        params = {"where[updated_at][gte]": instant_text(since), "order": "-updated_at"}
        batches = {batch.id: batch for batch in map(_batch, self._listed("/batches", params))}
        found = [batch for batch in batches.values() if batch.description == description]
        return sorted(found, key=lambda batch: (len(batch.id), batch.id))

    def create_batch(self, description: str, announce: Announce) -> Batch:
        """Create an uncommitted batch.

        Raises:
            OutcomeUnknownError: When no believable answer came.
            AnswerMismatchError: When the answer shows another description or a batch that is not open.
        """
        body = {"data": {"type": "Batch", "attributes": {"description": description}}}
        document = self._client.create("/batches", body, announce)
        try:
            batch = _batch(document.many[0])
        except ContractViolationError as error:
            raise OutcomeUnknownError(str(error)) from error
        if batch.description != description or batch.status is not BatchStatus.IN_PROGRESS:
            message = f"Planning Center created batch {batch.id} with another description or status"
            raise AnswerMismatchError(message, record_id=batch.id)
        return batch

    def batch(self, batch_id: str) -> Batch:
        """One batch. Raises RecordNotFoundError."""
        return _batch(self._client.get(f"/batches/{batch_id}").many[0])

    def delete_batch(self, batch_id: str, announce: Announce) -> None:
        """Delete an empty batch; a no-op when it is gone. Asynchronous (planning-center-api.md 4.1)."""
        try:
            self._client.delete(f"/batches/{batch_id}", announce)
        except RecordNotFoundError:
            return

    def commit_batch(self, batch_id: str, announce: Announce) -> None:
        """Ask for the commit; it happens later (planning-center-api.md 4.2)."""
        self._client.run(f"/batches/{batch_id}/commit", None, announce)

    def donations(self, batch_id: str) -> list[Donation]:
        """All donations that the batch lists now; lists may lag.

        Pages shift when staff delete meanwhile, so a list whose pages tell other totals than it shows is
        read again.
        """
        params = {**WITH_DESIGNATIONS, "order": "created_at"}
        found: dict[str, Donation] = {}
        for _ in range(MOST_READINGS_OF_A_LIST):
            found = {}
            totals: set[int | None] = set()
            for page in self._client.pages(f"/batches/{batch_id}/donations", params):
                found |= {donation.id: donation for donation in donations_of(page)}
                totals.add(page.meta.total_count)
            if totals <= {len(found), None}:
                break
        return list(found.values())

    def donation(self, donation_id: str) -> Donation:
        """One donation. Raises RecordNotFoundError."""
        return donations_of(self._client.get(f"/donations/{donation_id}", WITH_DESIGNATIONS))[0]

    def count_donations_of_source(self, payment_source_id: str) -> int:
        """How many donations carry this payment source."""
        path = f"/payment_sources/{payment_source_id}/donations"
        total_count = self._client.get(path, {"per_page": 1}).meta.total_count
        if total_count is not None:
            return total_count
        return len({resource.id for resource in self._listed(path)})

    def create_donation(
        self, batch_id: str, draft: DonationDraft, payment_source_id: str, announce: Announce
    ) -> Donation:
        """Add a donation to a batch; in a committed batch it counts at once.

        Raises:
            OutcomeUnknownError: When no believable answer came.
            AnswerMismatchError: When the donation that was made is not the draft; it carries its id.
            RejectedError: When Planning Center refuses it; `attribute_resource_not_found` is in its codes
                when Giving does not know the person yet (planning-center-api.md 0.6).
        """
        body = new_donation_body(draft, payment_source_id)
        document = self._client.create(f"/batches/{batch_id}/donations", body, announce)
        return believed(document, draft, batch_id)

    def update_donation(self, donation_id: str, draft: DonationDraft, announce: Announce) -> Donation:
        """Make the donation equal to the draft (repeatable); labels stay as they are."""
        body = changed_donation_body(donation_id, draft)
        return believed(self._client.update(f"/donations/{donation_id}", body, announce), draft, None)

    def delete_donation(self, donation_id: str, announce: Announce) -> None:
        """Delete a donation; a no-op when it is gone."""
        try:
            self._client.delete(f"/donations/{donation_id}", announce)
        except RecordNotFoundError:
            return

    def issue_refund(self, donation_id: str, refunded_on: date, announce: Announce) -> None:
        """Refund a donation in full; a no-op when it is refunded already (planning-center-api.md 4.7)."""
        body = {"data": {"attributes": {"refunded_at": refunded_on.isoformat()}}}
        try:
            self._client.run(f"/donations/{donation_id}/issue_refund", body, announce)
        except RejectedError:
            if not self.donation(donation_id).refunded:
                raise


def _batch(resource: Resource) -> Batch:
    attributes = attributes_of(resource, BatchAttributes)
    created_at = parse_instant(attributes.created_at)[0] if attributes.created_at else None
    return Batch(
        id=resource.id,
        description=attributes.description or "",
        status=attributes.status,
        total_cents=attributes.total_cents or 0,
        created_at=created_at,
    )
