"""What a day looks like to those who wait for it: head record, proof, plan, open reviews."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from narthex.domain.correlation import ReviewState
from narthex.domain.ledger import Day
from narthex.ports import Clock, LedgerStore, OrganizationStore, ReviewStore


@dataclass(frozen=True, slots=True)
class ReadProof:
    """Reads only."""

    organizations: OrganizationStore
    ledger: LedgerStore
    reviews: ReviewStore
    clock: Clock

    def __call__(self, organization_id: str, day: date) -> dict[str, Any]:
        """Plain JSON values; `day`, `proof` and `plan` are None where there is none yet.

        Raises:
            InvalidInputError: There is no such organization.
        """
        organization = self.organizations.get(organization_id)
        head = self.ledger.read_day(organization_id, day)
        return {
            "organization": {"id": organization.id, "name": organization.name},
            "day": None if head is None else _head(head, self.clock.now_ms()),
            "proof": self.ledger.get_document(organization_id, day, "proof"),
            "plan": self.ledger.get_document(organization_id, day, "plan"),
            "reviews": [
                {
                    "donor_id": review.donor_id,
                    "question": review.question,
                    "evidence": review.evidence,
                    "candidate_ids": list(review.candidate_ids),
                }
                for review in self.reviews.all(organization_id)
                if review.state is ReviewState.OPEN
            ],
        }


def _head(head: Day, now_ms: int) -> dict[str, Any]:
    return {
        "date": head.date.isoformat(),
        "status": head.status.value,
        "batch_id": head.batch_id,
        "message": head.message,
        "progress": asdict(head.progress),
        "requests": head.requests,
        "started_ms": head.started_ms,
        "finished_ms": head.finished_ms,
        "wake_at_ms": head.wake_at_ms,
        "is_running": head.lease_until_ms > now_ms,
        "runs": head.fence,
        "audits_done": head.audits_done,
    }
