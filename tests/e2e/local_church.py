"""A sample church on the local AWS, as the end-to-end tests see it: its days, its Planning Center."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import httpx

from local.deployed import Deployed
from local.organization import register
from local.push import Pushed, push, read

PATIENCE_SECONDS = 120
POLL_SECONDS = 0.1
MOST_ROWS = 100
"""Rows of one page, for either vendor; no test's day has more."""


@dataclass(frozen=True)
class LocalChurch:
    """A registered church of the sandbox.

    Args:
        deployed: The stack that it is registered with.
        document: Its organization file, with the credentials for both vendors.
    """

    deployed: Deployed
    document: dict[str, Any]

    @classmethod
    def registered(cls, deployed: Deployed, organization_id: str) -> LocalChurch:
        """Register a sample church; held gifts don't keep its batches open."""
        path = f"/organization-files/{organization_id}"
        with control(deployed) as desk:
            document: dict[str, Any] = desk.get(path).raise_for_status().json()
        document["settings"]["held_gifts"] = "commit_without"
        register(deployed, document)
        return cls(deployed, document)

    @property
    def id(self) -> str:
        """The organization's id."""
        return str(self.document["organization_id"])

    @property
    def sunday(self) -> date:
        """The day that the sample has gifts on."""
        return date.fromisoformat(self.document["settings"]["first_day"])

    def weeks_before(self, weeks: int) -> date:
        """A Sunday without any gifts of the sample, for one test alone."""
        return self.sunday - timedelta(weeks=weeks)

    def add_gifts(self, day: date, amounts_cents: list[int]) -> list[int]:
        """Let known donors give, one after the other, to the default fund; the ids in WeGive."""
        rows = [
            self.staff(
                "wegive",
                "add_gift",
                organization_id=self._donors[0]["organization_id"],
                donor_id=self._donors[number % len(self._donors)]["id"],
                amount=amount_cents,
                fund_id=self._fund_id,
                created_at=f"{day}T{18 + number // 60:02d}:{number % 60:02d}:00Z",
            )
            for number, amount_cents in enumerate(amounts_cents)
        ]
        return [int(row["id"]) for row in rows]

    def staff(self, vendor: str, action: str, **values: object) -> dict[str, Any]:
        """Do by hand what staff of a vendor, or of the church, can do; the row that it changed."""
        with control(self.deployed) as desk:
            answer = desk.post(f"/staff/{vendor}/{action}", json=values)
            assert answer.is_success, answer.text
        result: dict[str, Any] = answer.json()["result"]
        return result

    def push(self, day: date, *, dry_run: bool = False) -> Pushed:
        """Push or plan a day as a person does, and wait for its end."""
        return push(self.deployed, self.id, day.isoformat(), dry_run=dry_run)

    def ask_for_push(self, day: date, nonce: str) -> None:
        """Ask for a push, and don't wait."""
        event = {"organization_id": self.id, "date": day.isoformat(), "nonce": nonce}
        assert self.deployed.invoke("StartSyncs", event)["started"] == 1

    def read(self, day: date) -> dict[str, Any]:
        """What read_proof answers."""
        return read(self.deployed, self.id, day.isoformat())

    def wait(self, day: date, is_so: Callable[[Mapping[str, Any]], bool]) -> dict[str, Any]:
        """Read the day until it is as wanted."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            answer = self.read(day)
            if is_so(answer):
                return answer
            time.sleep(POLL_SECONDS)
        raise AssertionError(f"{day} did not become as wanted; it is {answer['day']}")

    def batches(self, day: date) -> list[dict[str, Any]]:
        """Planning Center's batches that bear the day's name, as its staff see them."""
        name = f"WeGive Import - {day.isoformat()}"
        return [batch for batch in self._state["batches"] if batch["description"] == name]

    def wegive_day(self) -> dict[str, Any]:
        """How many gifts and cents the sample's Sunday has in WeGive."""
        found: dict[str, Any] = self._state["wegive_day"]
        return found

    def donated_cents(self, day: date) -> Counter[int]:
        """The amounts of the donations in the day's batches, read from Planning Center's API."""
        found: Counter[int] = Counter()
        for batch in self.batches(day):
            answer = self._ask("planning_center", f"giving/v2/batches/{batch['id']}/donations")
            found.update(donation["attributes"]["amount_cents"] for donation in answer["data"])
        return found

    def donations(self) -> int:
        """How many donations the church has in Planning Center, whatever their batch."""
        return int(self._state["planning_center"]["donations"])

    def writes(self) -> int:
        """How many requests other than reads Planning Center has answered, for whichever church."""
        return sum(1 for entry in self.requests()["requests"] if entry["method"] != "GET")

    def requests(self) -> dict[str, Any]:
        """Planning Center's request log."""
        with control(self.deployed) as desk:
            log: dict[str, Any] = desk.get("/requests", params={"vendor": "planning_center"}).json()
        return log

    @property
    def _state(self) -> dict[str, Any]:
        with control(self.deployed) as desk:
            churches = desk.get("/state").json()["churches"]
        found: dict[str, Any] = next(c for c in churches if c["organization_id"] == self.id)
        return found

    @cached_property
    def _donors(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask("wegive", "dashboard/donors")["data"]
        return sorted(found, key=lambda donor: int(donor["id"]))

    @cached_property
    def _fund_id(self) -> int:
        name = self.document["default_fund"]
        funds = self._ask("wegive", "dashboard/funds")["data"]
        return next(int(fund["id"]) for fund in funds if fund["name"] == name)

    def _ask(self, vendor: str, path: str) -> dict[str, Any]:
        at = self.document[vendor]
        if vendor == "wegive":
            headers, auth = {"Authorization": f"Bearer {at['token']}"}, None
            params = {"count": MOST_ROWS}
        else:
            headers = {"User-Agent": "Tests (tests@example.org)", "X-PCO-API-Version": "2019-10-18"}
            auth = (at["credentials"]["application_id"], at["credentials"]["secret"])
            params = {"per_page": MOST_ROWS}
        answer = httpx.get(f"{at['base_url']}/{path}", params=params, headers=headers, auth=auth)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found


def control(deployed: Deployed) -> httpx.Client:
    """The sandbox's control endpoint."""
    return httpx.Client(base_url=f"{deployed.run.sandbox_url}/control", timeout=30)
