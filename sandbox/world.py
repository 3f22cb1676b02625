"""The sandbox's world: both vendors over their records, and the sample churches in them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sandbox import planning_center, wegive
from sandbox.church import install, sample_churches
from sandbox.faults import Faults
from sandbox.planning_center.app import VENDOR as PLANNING_CENTER
from sandbox.planning_center.store import Store
from sandbox.records import Records
from sandbox.request_log import RequestLog
from sandbox.wegive.app import VENDOR as WEGIVE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sandbox.church import Church

SAMPLE_KIND = "sandbox.sample"
USUAL_SEED = 1
TIME_ZONE = "America/Chicago"
DAYS_FROM_SUNDAY = 1
"""Sunday is 6 in Python's week; one day more makes Sunday 0."""
WEGIVE_REQUESTS_PER_MINUTE = 60
"""WeGive's limit on the server: what wegive-api.md 5 assumes, with its burst of 10."""


class World:
    """Both vendors' apps with their records, options, faults and one request log.

    Args:
        clock: the time, aware, in UTC.
        state_directory: where the SQLite files lie; None keeps everything in memory.
    """

    def __init__(self, clock: Callable[[], datetime], state_directory: Path | None = None) -> None:
        self.clock = clock
        self.faults = Faults()
        self.log = RequestLog()
        self.planning_center_options = planning_center.Options()
        self.wegive_options = wegive.Options(requests_per_minute=WEGIVE_REQUESTS_PER_MINUTE)
        self.planning_center_records = Records(state_directory and state_directory / "planning-center.sqlite")
        self.wegive_records = Records(state_directory and state_directory / "wegive.sqlite")
        self.planning_center = planning_center.create_app(
            self.planning_center_records,
            clock=clock, faults=self.faults, log=self.log, options=self.planning_center_options,
        )  # fmt: skip
        self.wegive = wegive.create_app(
            self.wegive_records, clock=clock, faults=self.faults, log=self.log, options=self.wegive_options
        )
        self.store = Store(self.planning_center_records)
        self._churches: tuple[Church, ...] = ()

    @property
    def churches(self) -> tuple[Church, ...]:
        """The sample churches as they were generated; empty before the first installation."""
        sample = self.wegive_records.get(SAMPLE_KIND, SAMPLE_KIND)
        if sample is not None and not self._churches:
            self._churches = sample_churches(
                sample["seed"], date.fromisoformat(sample["day"]), sample["time_zone"]
            )
        return self._churches

    def options_of(self, vendor: str) -> planning_center.Options | wegive.Options:
        """Return a vendor's switches.

        Raises:
            ValueError: there is no such vendor.
        """
        if vendor == PLANNING_CENTER:
            return self.planning_center_options
        if vendor == WEGIVE:
            return self.wegive_options
        raise ValueError(f"there is no vendor {vendor}; there are {PLANNING_CENTER} and {WEGIVE}")

    def install_once(self, seed: int | None, day: date | None) -> bool:
        """Install the sample churches unless they are there; tell whether that was to be done."""
        if self.churches:
            return False
        self.reset(seed, day)
        return True

    def reset(self, seed: int | None = None, day: date | None = None) -> None:
        """Forget everything, faults and the request log included, and install the sample churches anew.

        Args:
            seed: what the churches are generated from; 1 unless it is given.
            day: their Sunday; the last one before today unless it is given.
        """
        day = day or last_sunday(self.clock(), TIME_ZONE)
        self.planning_center_records.clear()
        self.wegive_records.clear()
        self.faults.clear()
        self.log.clear()
        seed = USUAL_SEED if seed is None else seed
        self._churches = sample_churches(seed, day, TIME_ZONE)
        for church in self._churches:
            install(church, self.planning_center_records, self.wegive_records)
        sample = {"seed": seed, "day": day.isoformat(), "time_zone": TIME_ZONE}
        # Written last: an installation that was cut short is done again at the next start.
        self.wegive_records.put(SAMPLE_KIND, SAMPLE_KIND, sample)

    def settle(self) -> None:
        """Let happen in Planning Center what is due, as its next request would: commits, late effects."""
        self.planning_center.settle(self.clock())

    def close(self) -> None:
        """Close the files."""
        self.planning_center_records.close()
        self.wegive_records.close()


def last_sunday(now: datetime, time_zone: str) -> date:
    """Return the last Sunday that is over at the moment, in the time zone."""
    today = now.astimezone(ZoneInfo(time_zone)).date()
    days = (today.weekday() + DAYS_FROM_SUNDAY) % 7
    return today - timedelta(days=days or 7)
