"""What the queues carry: ids and dates only, never names, money or tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PushJob:
    """Push (or look again at) one church day of one organization.

    Args:
        organization_id: Whose day.
        day: The church-local date.
        dry_run: Plan only, write nothing (S40).
        cause: Why the job exists ("schedule", "manual", "continuation", "sweep"); with `nonce` it makes the
            queue's deduplication id.
        nonce: What tells two jobs of one cause apart.
    """

    organization_id: str
    day: date
    dry_run: bool = False
    cause: str = "manual"
    nonce: str = ""
