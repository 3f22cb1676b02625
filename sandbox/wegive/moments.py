"""Reads times that come in over the wire."""

from __future__ import annotations

from datetime import UTC, datetime


def read_time(value: object) -> datetime | None:
    """Return an ISO 8601 text as an aware time in UTC (no offset: UTC), or None when it is none."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
