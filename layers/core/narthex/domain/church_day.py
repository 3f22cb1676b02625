"""A church's day: from local midnight to local midnight, whatever the clocks do in between (S30)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from narthex.domain.errors import ContractViolationError, InvalidInputError

FIRST_DAY = date(1970, 1, 1)
LAST_DAY = date(2999, 12, 31)
"""Beyond these a date is a slip of the pen, and at the calendar's own ends a day has no bounds in UTC."""


def zone(time_zone: str) -> ZoneInfo:
    """The zone of an IANA name.

    Raises:
        InvalidInputError: When there is no such zone.
    """
    try:
        return ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"{time_zone!r} is not an IANA time zone such as America/Chicago"
        raise InvalidInputError(message, field="time_zone") from error


def day_of(instant: datetime, time_zone: str) -> date:
    """The church-local date on which an aware `instant` falls."""
    return instant.astimezone(zone(time_zone)).date()


def bounds_of(day: date, time_zone: str) -> tuple[datetime, datetime]:
    """The UTC instants at which `day` begins and at which the next one begins (23 to 25 hours later)."""
    local = zone(time_zone)
    start = datetime.combine(day, time.min, tzinfo=local)
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=local)
    return start.astimezone(UTC), end.astimezone(UTC)


def parse_instant(text: str) -> tuple[datetime, bool]:
    """Read an ISO 8601 instant.

    Returns:
        The instant in UTC and whether the text carried an offset; without one it is read as UTC
        (wegive-api.md 3), and the caller should count it, because a wrong guess moves gifts between days.

    Raises:
        ContractViolationError: When the text is no instant.
    """
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            return instant.replace(tzinfo=UTC), False
        return instant.astimezone(UTC), True
    except (ValueError, OverflowError) as error:
        message = f"{text!r} is not an ISO 8601 time"
        raise ContractViolationError(message) from error


def parse_day(text: str) -> date:
    """Read a date given by a person.

    Raises:
        InvalidInputError: When it is not YYYY-MM-DD, or no such day exists or ever had gifts.
    """
    message = f"{text!r} is not a date; write it as YYYY-MM-DD, for example 2026-11-15"
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError(message, field="date") from error
    if text != day.isoformat():
        raise InvalidInputError(message, field="date")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise InvalidInputError(f"{text!r} is no day on which WeGive took gifts", field="date")
    return day
