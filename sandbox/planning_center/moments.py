"""Dates and times as Planning Center writes and reads them (planning-center-api.md 1.2)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?")


def moment_text(moment: datetime) -> str:
    """Return the moment in UTC, to the second, with `Z`."""
    # isoformat is four times as fast as strftime, and every write asks for this.
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def timestamp_text(timestamp: float) -> str:
    """Return the seconds since 1970 as a moment in UTC."""
    return moment_text(datetime.fromtimestamp(timestamp, UTC))


def is_date(text: str) -> bool:
    """Tell whether the text is a day of the calendar, written YYYY-MM-DD."""
    if _DATE.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def read_moment(text: str, time_zone: str) -> str | None:
    """Return an ISO 8601 date or time in UTC with `Z`; None when it is none.

    A bare date, or a time without an offset, is one of the church's own time zone.
    """
    if is_date(text):
        text = f"{text}T00:00:00"
    elif _MOMENT.fullmatch(text) is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(time_zone))
    return moment_text(moment)
