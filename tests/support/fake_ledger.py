"""The ledger in memory, with the conditions of the real one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from narthex.domain.errors import LeaseHeldError, LeaseLostError
from narthex.domain.ledger import Announcement, Day, Finding, FindingState, Gift, Progress

_Key = tuple[str, date]
_RANKS = {FindingState.OPEN: 0, FindingState.CONFIRMED: 1, FindingState.RESOLVED: 2}


class FakeLedger:
    """A `LedgerStore`; `writes` counts the write units that the real one would have spent."""

    def __init__(self) -> None:
        self._days: dict[_Key, Day] = {}
        self._gifts: dict[_Key, dict[str, tuple[int, Gift]]] = {}
        self._findings: dict[_Key, dict[str, Finding]] = {}
        self._documents: dict[tuple[str, date, str], str] = {}
        self._tied: dict[str, dict[str, date]] = {}
        self._cleared: set[str] = set()
        self.writes = 0

    def read_day(self, organization_id: str, day: date) -> Day | None:
        return self._days.get((organization_id, day))

    def open_day(self, organization_id: str, day: date, *, now_ms: int, lease_until_ms: int) -> Day:
        known = self._days.get((organization_id, day))
        if known is not None and known.lease_until_ms > now_ms:
            seconds = (known.lease_until_ms - now_ms) / 1000
            raise LeaseHeldError("another worker has the day", retry_after_seconds=seconds)
        before = Day(organization_id=organization_id, date=day) if known is None else known
        opened = replace(
            before, fence=before.fence + 1, lease_until_ms=lease_until_ms, wake_at_ms=lease_until_ms
        )
        return self._keep(opened)

    def announce(self, day: Day, announcement: Announcement | None, progress: Progress) -> None:
        stored = self._held(day)
        self._keep(replace(stored, announcement=announcement, progress=progress))

    def save_day(self, day: Day) -> None:
        self._held(day)
        self._keep(day)

    def gifts(self, organization_id: str, day: date) -> list[Gift]:
        kept = self._gifts.get((organization_id, day), {})
        return [kept[transaction_id][1] for transaction_id in sorted(kept)]

    def save_gift(self, day: Day, gift: Gift) -> None:
        kept = self._gifts.setdefault((day.organization_id, day.date), {})
        stored = kept.get(gift.transaction_id)
        if stored is not None and stored[0] > day.fence:
            raise LeaseLostError("a newer worker has written this gift")
        kept[gift.transaction_id] = (day.fence, gift)
        self.writes += 1

    def save_gifts(self, day: Day, gifts: Sequence[Gift]) -> None:
        refused: LeaseLostError | None = None
        for gift in gifts:
            try:
                self.save_gift(day, gift)
            except LeaseLostError as error:
                refused = error
        if refused is not None:
            raise refused

    def claim_transactions(
        self, organization_id: str, day: date, transaction_ids: Sequence[str]
    ) -> dict[str, date]:
        tied = self._tied.setdefault(organization_id, {})
        self.writes += len(transaction_ids)
        return {transaction_id: tied.setdefault(transaction_id, day) for transaction_id in transaction_ids}

    def findings(self, organization_id: str, day: date) -> list[Finding]:
        kept = self._findings.get((organization_id, day), {})
        return [kept[finding_id] for finding_id in sorted(kept)]

    def save_finding(self, organization_id: str, day: date, finding: Finding) -> None:
        kept = self._findings.setdefault((organization_id, day), {})
        stored = kept.get(finding.id)
        self.writes += 1
        if stored is None or _RANKS[finding.state] >= _RANKS[stored.state]:
            kept[finding.id] = finding

    def put_document(self, organization_id: str, day: date, name: str, document: Mapping[str, Any]) -> None:
        self._documents[organization_id, day, name] = json.dumps(dict(document))
        self.writes += 1

    def get_document(self, organization_id: str, day: date, name: str) -> dict[str, Any] | None:
        text = self._documents.get((organization_id, day, name))
        return None if text is None else dict(json.loads(text))

    def due(self, now_ms: int, limit: int) -> list[tuple[str, date]]:
        waking = [
            (day.wake_at_ms, key)
            for key, day in self._days.items()
            if day.wake_at_ms is not None and day.wake_at_ms <= now_ms
        ]
        return [key for _, key in sorted(waking)[:limit]]

    def preflight_passed(self, organization_id: str) -> bool:
        return organization_id in self._cleared

    def pass_preflight(self, organization_id: str) -> None:
        self._cleared.add(organization_id)
        self.writes += 1

    def _held(self, day: Day) -> Day:
        stored = self._days.get((day.organization_id, day.date))
        if stored is None or stored.fence != day.fence:
            raise LeaseLostError("another worker took the day over")
        return stored

    def _keep(self, day: Day) -> Day:
        self._days[day.organization_id, day.date] = day
        self.writes += 1
        return day
