"""The port `WeGive`: transactions of a window, donors, funds."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from narthex.adapters.wegive.client import WeGiveClient
from narthex.adapters.wegive.donors import read_donor, read_fund
from narthex.adapters.wegive.paths import Operation
from narthex.adapters.wegive.transactions import OffsetCount, Untold, read_transaction
from narthex.domain.errors import MisconfiguredError, RecordNotFoundError
from narthex.domain.giving import TransactionReading, WeGiveFund
from narthex.domain.people import Donor
from narthex.ports import Clock

OVERLAP: Final = timedelta(minutes=1)
"""Whether a range includes its ends is not known (wegive-api.md 3): ask for more, keep what fits."""
_WHOLE_DONOR: Final = frozenset(
    {"id", "type", "first_name", "last_name", "email_1", "mobile_phone", "mailing_address"}
)
"""An owner who shows all these members is no abbreviation."""
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LOG: Final = logging.getLogger(__name__)


class WeGiveRecords:
    """WeGive of one organization.

    Args:
        client: Reads.
        clock: For "until now".
    """

    def __init__(self, client: WeGiveClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._offsets = OffsetCount()
        self._owners: dict[str, Mapping[str, Any]] = {}

    @property
    def times_without_offset(self) -> int:
        """Times read as UTC for want of an offset, so far: a metric, since a wrong guess moves gifts."""
        return self._offsets.times

    def transactions(self, start: datetime, end: datetime) -> list[TransactionReading]:
        """Every transaction created in [start, end), each once, oldest id first, archived ones too.

        One whose own time cannot be read is returned as well: WeGive's filter counts it in.
        """
        window = {"view": "all", **_range("created", start - OVERLAP, end + OVERLAP)}
        rows = self._client.rows(Operation.LIST_TRANSACTIONS, window)
        self._remember_owners(rows)
        untold = self._untold(rows, window, start)
        before = self._offsets.times
        readings = [read_transaction(row, untold, self._offsets) for row in rows]
        if self._offsets.times > before:
            _LOG.warning("WeGive sent %d times without an offset", self._offsets.times - before)
        return [one for one in readings if one.created_at is None or start <= one.created_at < end]

    def donor(self, donor_id: str) -> Donor:
        """One donor. Raises RecordNotFoundError when merged away or deleted.

        A transaction that was just read mostly carries its owner whole; then nothing is asked: at an assumed
        60 requests a minute, a request per donor would be the slowest part of a church's first day.
        """
        owner = self._owners.get(donor_id)
        return read_donor(self._client.one(Operation.READ_DONOR, donor_id) if owner is None else owner)

    def funds(self) -> list[WeGiveFund]:
        """All funds, archived ones too.

        A list does not say into which fund an archived one was merged, the single record does.
        """
        return [
            read_fund(self._whole_fund(row))
            for row in self._client.rows(Operation.LIST_FUNDS, {"view": "all"})
        ]

    def _remember_owners(self, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows:
            owner = row.get("owner")
            if isinstance(owner, dict) and owner.keys() >= _WHOLE_DONOR:
                self._owners[str(owner["id"])] = owner

    def _whole_fund(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        if not row.get("deleted_at") or "merged_into_id" in row:
            return row
        try:
            return self._client.one(Operation.READ_FUND, str(row.get("id")))
        except RecordNotFoundError:
            return row

    def _untold(
        self, rows: Sequence[Mapping[str, Any]], window: Mapping[str, str | int], start: datetime
    ) -> Untold:
        """Ask the filters for what the rows lack (wegive-api.md 4.3); nothing when they lack nothing.

        Of a refund that only the filter knows, the time is not told: it counts as refunded now.
        """
        now = datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC)

        def ids(
            name: str, question: Mapping[str, str | int], opposite: Mapping[str, str | int]
        ) -> frozenset[str]:
            if all(name in row for row in rows):
                return frozenset()
            return self._ids(rows, name, {**window, **question}, {**window, **opposite})

        def moments(name: str) -> tuple[dict[str, str], dict[str, str]]:
            return _range(name, start, now + OVERLAP), _range(name, _LONG_AGO, _LONG_AGO + OVERLAP)

        return Untold(
            tests=ids("is_test", {"is_test": 1}, {"is_test": 0}),
            service_revenue=ids("type", {"type": "service-revenue"}, {"type": "donation"}),
            failed=ids("failed_at", *moments("failed_at")),
            refunded=dict.fromkeys(ids("refunded_at", *moments("refunded_at")), now),
        )

    def _ids(
        self,
        rows: Sequence[Mapping[str, Any]],
        name: str,
        question: Mapping[str, str | int],
        opposite: Mapping[str, str | int],
    ) -> frozenset[str]:
        """The rows that a filter lets through.

        A filter that is ignored lets all through: then all would be tests, and no gift would be left. So when
        all do, its opposite is asked, too.

        Raises:
            MisconfiguredError: When WeGive ignores the filter.
        """
        found = frozenset(
            str(row.get("id")) for row in self._client.rows(Operation.LIST_TRANSACTIONS, question)
        )
        lets_all_through = found >= {str(row.get("id")) for row in rows}
        if lets_all_through and self._client.rows(Operation.LIST_TRANSACTIONS, opposite):
            message = (
                f"WeGive shows no {name} and ignores the filter for it, so gifts cannot be told; ask WeGive"
            )
            raise MisconfiguredError(message)
        return found


def _range(name: str, start: datetime, end: datetime) -> dict[str, str]:
    return {f"{name}[start]": _wire_time(start), f"{name}[end]": _wire_time(end)}


def _wire_time(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
