"""The request log: who asked what and when, and how many requests any stretch of time held."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

MOST_ENTRIES = 200_000


class Entry(NamedTuple):
    """One request and the status of its answer (0: none was given)."""

    at: datetime
    vendor: str
    organization: str
    method: str
    path: str
    query: str
    status: int


class RequestLog:
    """The last 200,000 requests that a sandbox saw."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MOST_ENTRIES)

    def append(  # noqa: PLR0917
        self, at: datetime, vendor: str, organization: str, method: str, path: str, query: str, status: int
    ) -> None:
        """Note a request; `organization` is empty when nobody was recognised."""
        self._entries.append(Entry(at, vendor, organization, method, path, query, status))

    def entries(self, vendor: str | None = None) -> list[Entry]:
        """Return the entries, oldest first, of one vendor or of all."""
        return [entry for entry in self._entries if vendor is None or entry.vendor == vendor]

    def most_in_window(
        self, seconds: float, organization: str | None = None, vendor: str | None = None
    ) -> int:
        """Return the most requests in any stretch of time `seconds` long (its end excluded)."""
        times = sorted(
            entry.at.timestamp()
            for entry in self._entries
            if organization in (None, entry.organization) and vendor in (None, entry.vendor)
        )
        most = start = 0
        for end, time in enumerate(times):
            while time - times[start] >= seconds:
                start += 1
            most = max(most, end - start + 1)
        return most

    def clear(self) -> None:
        """Forget all entries."""
        self._entries.clear()
