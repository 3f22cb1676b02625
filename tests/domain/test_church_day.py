"""The church's day is local midnight to local midnight, whatever the clocks do (S30)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narthex.domain.church_day import bounds_of, day_of, parse_day, parse_instant, zone
from narthex.domain.errors import ContractViolationError, InvalidInputError

ZONES = (
    *("America/Chicago", "America/New_York", "America/Phoenix", "America/St_Johns", "America/Havana"),
    *("Europe/London", "Europe/Berlin", "Asia/Beirut", "Africa/Cairo", "Asia/Kathmandu", "Asia/Tokyo"),
    *("Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"),
)
"""Among them changes at midnight (Beirut, Cairo, Havana), half hours and both ends of the date line."""

SPRING_AND_AUTUMN = (
    ("America/Chicago", date(2026, 3, 8), date(2026, 11, 1)),
    ("America/St_Johns", date(2026, 3, 8), date(2026, 11, 1)),
    ("America/Havana", date(2026, 3, 8), date(2026, 11, 1)),
    ("Europe/London", date(2026, 3, 29), date(2026, 10, 25)),
    ("Europe/Berlin", date(2026, 3, 29), date(2026, 10, 25)),
    ("Asia/Beirut", date(2026, 3, 29), date(2026, 10, 24)),
    ("Pacific/Auckland", date(2026, 9, 27), date(2026, 4, 5)),
)


def local(text: str, time_zone: str = "America/Chicago", *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(time_zone), fold=fold)


def test_the_last_second_before_midnight_belongs_to_the_day_that_ends() -> None:
    assert day_of(local("2026-11-15T23:59:59"), "America/Chicago") == date(2026, 11, 15)


def test_midnight_belongs_to_the_day_that_begins() -> None:
    assert day_of(local("2026-11-16T00:00:00"), "America/Chicago") == date(2026, 11, 16)


def test_the_day_is_the_churchs_not_utcs() -> None:
    evening = datetime(2026, 11, 16, 3, 30, tzinfo=UTC)

    assert day_of(evening, "America/Chicago") == date(2026, 11, 15)
    assert day_of(evening, "Asia/Tokyo") == date(2026, 11, 16)


def test_an_ordinary_day_has_24_hours() -> None:
    start, end = bounds_of(date(2026, 11, 15), "America/Chicago")

    assert (start.isoformat(), end.isoformat()) == ("2026-11-15T06:00:00+00:00", "2026-11-16T06:00:00+00:00")


@pytest.mark.parametrize(("time_zone", "spring", "autumn"), SPRING_AND_AUTUMN)
def test_the_day_of_a_clock_change_has_23_or_25_hours(time_zone: str, spring: date, autumn: date) -> None:
    lengths = [end - start for start, end in (bounds_of(day, time_zone) for day in (spring, autumn))]

    assert lengths == [timedelta(hours=23), timedelta(hours=25)]


def test_a_change_of_half_an_hour_makes_a_day_of_23_and_a_half_hours() -> None:
    start, end = bounds_of(date(2026, 10, 4), "Australia/Lord_Howe")

    assert end - start == timedelta(hours=23, minutes=30)


@pytest.mark.parametrize(("time_zone", "spring", "autumn"), SPRING_AND_AUTUMN)
def test_days_around_a_clock_change_leave_no_gap_and_no_overlap(
    time_zone: str, spring: date, autumn: date
) -> None:
    for changed in (spring, autumn):
        days = [changed + timedelta(days=offset) for offset in (-1, 0, 1)]
        bounds = [bounds_of(day, time_zone) for day in days]

        assert bounds[0][1] == bounds[1][0]
        assert bounds[1][1] == bounds[2][0]


def test_both_hours_that_bear_the_same_name_belong_to_the_day_of_the_change() -> None:
    first, second = (local("2026-11-01T01:30:00", fold=fold) for fold in (0, 1))

    assert second - first == timedelta(0)  # on the wall they are the same ...
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)
    assert {day_of(first, "America/Chicago"), day_of(second, "America/Chicago")} == {date(2026, 11, 1)}


def test_a_midnight_that_the_clocks_skip_is_the_moment_of_the_change() -> None:
    start, _ = bounds_of(date(2026, 3, 29), "Asia/Beirut")

    assert start.astimezone(ZoneInfo("Asia/Beirut")).isoformat() == "2026-03-29T01:00:00+03:00"


@given(
    st.datetimes(datetime(2015, 1, 1), datetime(2037, 12, 31)).map(lambda at: at.replace(tzinfo=UTC)),  # noqa: DTZ001
    st.sampled_from(ZONES),
)
def test_every_instant_lies_in_the_bounds_of_its_own_day_and_of_no_other(
    instant: datetime, time_zone: str
) -> None:
    day = day_of(instant, time_zone)

    holding = [
        near
        for near in (day + timedelta(days=offset) for offset in (-2, -1, 0, 1, 2))
        if bounds_of(near, time_zone)[0] <= instant < bounds_of(near, time_zone)[1]
    ]

    assert holding == [day]


@given(st.dates(date(2015, 1, 1), date(2037, 12, 30)), st.sampled_from(ZONES))
def test_the_edges_of_a_day_are_its_own_first_and_last_second(day: date, time_zone: str) -> None:
    start, end = bounds_of(day, time_zone)

    assert day_of(start, time_zone) == day
    assert day_of(end - timedelta(seconds=1), time_zone) == day
    assert day_of(start - timedelta(seconds=1), time_zone) == day - timedelta(days=1)
    assert day_of(end, time_zone) == day + timedelta(days=1)


@pytest.mark.parametrize(
    "name",
    ["", "Chicago", "America", "CST6", "../../etc/passwd", "/etc/localtime", "America/Chicago ", "a\0b", "é"],
)
def test_a_name_that_is_no_iana_zone_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(InvalidInputError, match="is not an IANA time zone such as America/Chicago"):
        zone(name)


@pytest.mark.parametrize(
    ("text", "instant", "had_offset"),
    [
        ("2026-01-04T15:00:00Z", datetime(2026, 1, 4, 15, tzinfo=UTC), True),
        ("2026-01-04T15:00:00+00:00", datetime(2026, 1, 4, 15, tzinfo=UTC), True),
        ("2026-01-04T09:00:00-06:00", datetime(2026, 1, 4, 15, tzinfo=UTC), True),
        ("2026-01-04T15:00:00.250Z", datetime(2026, 1, 4, 15, 0, 0, 250_000, tzinfo=UTC), True),
        ("2026-01-04T15:00:00", datetime(2026, 1, 4, 15, tzinfo=UTC), False),
        ("2026-01-04 15:00:00", datetime(2026, 1, 4, 15, tzinfo=UTC), False),
    ],
)
def test_an_instant_says_whether_it_carried_an_offset(
    text: str, instant: datetime, *, had_offset: bool
) -> None:
    assert parse_instant(text) == (instant, had_offset)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "15/11/2026",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_a_text_that_is_no_instant_is_a_breach_of_contract(text: str) -> None:
    with pytest.raises(ContractViolationError, match="is not an ISO 8601 time"):
        parse_instant(text)


def test_a_day_is_given_as_year_month_day() -> None:
    assert parse_day("2026-11-15") == date(2026, 11, 15)


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "2026-02-30", "2026-13-01", "15.11.2026", "2026-11-15T00:00:00", "20261115"),
        *("2026-W46-7", " 2026-11-15", "2026-11-15\n", "2026-1-5", "٢٠٢٦-11-15"),
    ],
)
def test_a_day_written_otherwise_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInputError, match="write it as YYYY-MM-DD, for example 2026-11-15") as problem:
        parse_day(text)

    assert problem.value.field == "date"


@pytest.mark.parametrize("text", ["0001-01-01", "1899-12-31", "9999-12-31"])
def test_a_day_far_before_or_after_any_gift_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="no day on which"):
        parse_day(text)
