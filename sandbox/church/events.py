"""What happens to the sample church after its Sunday: a late gift, a refund."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sandbox.church.accounts import GRACE, HILLSIDE
from sandbox.wegive import staff
from sandbox.wegive.tables import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from sandbox.records import Records

__all__ = ["add_late_gift", "refund"]

Row = dict[str, Any]
ACCOUNTS = {account.organization_id: account for account in (GRACE, HILLSIDE)}
LATE_GIFT_TIME = time(16, 45)


def add_late_gift(
    records: Records,
    clock: Callable[[], datetime],
    church: str,
    day: date,
    *,
    time_zone: str = "America/Chicago",
    amount_cents: int = 7500,
) -> Row:
    """Add a gift to a day that may be long pushed: of the first donor who gave that day, to the default fund.

    Args:
        records: WeGive's.
        clock: the time now, aware.
        church: our organization id of a sample church.
        day: the church-local day that the gift is of.
        time_zone: the church's.
        amount_cents: the gift.

    Raises:
        LookupError: there is no such church, or nobody gave to it on that day.
    """
    organization_id = _wegive_organization(church)
    given = _sound_gift(records, organization_id, day, time_zone)
    fund = next(fund for fund in rows_of(records, "fund", organization_id) if fund["default"])
    at = datetime.combine(day, LATE_GIFT_TIME, tzinfo=ZoneInfo(time_zone))
    return staff.add_gift(
        records, clock, organization_id, given["donor_id"], amount_cents, fund["id"], at.isoformat()
    )


def refund(
    records: Records,
    clock: Callable[[], datetime],
    church: str,
    day: date,
    *,
    time_zone: str = "America/Chicago",
) -> Row:
    """Refund the first sound gift of a church-local day in full.

    Raises:
        LookupError: there is no such church, or nothing of that day is left to refund.
    """
    organization_id = _wegive_organization(church)
    gift = _sound_gift(records, organization_id, day, time_zone)
    return staff.refund(records, clock, organization_id, gift["id"])


def _wegive_organization(church: str) -> str:
    if church not in ACCOUNTS:
        raise LookupError(f"there is no sample church {church}; there are {', '.join(ACCOUNTS)}")
    return ACCOUNTS[church].wegive_organization_id


def _sound_gift(records: Records, organization_id: str, day: date, time_zone: str) -> Row:
    """Return the day's first gift of a known donor to one fund that both sides have, never refunded."""
    zone = ZoneInfo(time_zone)
    for row in rows_of(records, "transaction", organization_id):
        at = datetime.fromisoformat(row["created_at"]).astimezone(zone)
        if at.date() == day and _is_sound(records, row):
            return row
    raise LookupError(f"no sound gift on {day}")


def _is_sound(records: Records, row: Row) -> bool:
    fund = records.get("fund", str(row["fund_id"]))
    donor = records.get("donor", str(row["donor_id"]))
    return (
        fund is not None
        and fund["default"]
        and donor is not None
        and donor["type"] == "individual"
        and donor["email_1"] is not None
        and row["succeeded_at"] is not None
        and row["refunded_at"] is None
        and row["failed_at"] is None
        and not row["is_test"]
        and row["type"] == "donation"
        and row["deleted_at"] is None
    )
