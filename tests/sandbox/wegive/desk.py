from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from sandbox.faults import Faults
from sandbox.in_process import InProcessTransport
from sandbox.records import Records
from sandbox.request_log import RequestLog
from sandbox.wegive import Options, add_organization, create_app, tables

TOKEN = "7701|invented"
OTHER_TOKEN = "8801|invented"
ORGANIZATION = "77"
OTHER_ORGANIZATION = "88"


@dataclass
class Desk:
    """Two churches in one WeGive, a client of the first, and a clock to turn."""

    now: datetime = datetime(2026, 1, 5, 14, 1, tzinfo=UTC)
    records: Records = field(default_factory=Records)
    options: Options = field(default_factory=Options)
    faults: Faults = field(default_factory=Faults)
    log: RequestLog = field(default_factory=RequestLog)

    def __post_init__(self) -> None:
        app = create_app(
            self.records, clock=self.clock, faults=self.faults, log=self.log, options=self.options
        )
        self._transport = InProcessTransport(app)
        add_organization(self.records, ORGANIZATION, "Grace", TOKEN)
        add_organization(self.records, OTHER_ORGANIZATION, "Hillside", OTHER_TOKEN)
        self.client = self.client_of(TOKEN)
        self.general = self.add("fund", name="General", default=True)["id"]

    def clock(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def client_of(self, token: str) -> httpx.Client:
        return httpx.Client(
            transport=self._transport,
            base_url="https://wegive.test/api/dashboard",
            headers={"Authorization": f"Bearer {token}"},
        )

    def add(self, kind: str, organization: str = ORGANIZATION, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
        return tables.add(self.records, kind, organization, self.now, **fields)

    def donor(self, last_name: str = "Okafor", **fields: Any) -> dict[str, Any]:  # noqa: ANN401
        return self.add("donor", **({"first_name": "Ada", "last_name": last_name} | fields))

    def gift(self, created_at: str = "2026-01-04T16:00:00Z", **fields: Any) -> dict[str, Any]:  # noqa: ANN401
        usual = {"amount": 5000, "fund_id": self.general, "succeeded_at": created_at}
        return self.add("transaction", created_at=created_at, **(usual | fields))

    def get(self, path: str, **query: Any) -> Any:  # noqa: ANN401
        answer = self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ids(self, path: str, **query: Any) -> list[int]:  # noqa: ANN401
        return [row["id"] for row in self.get(path, **query)["data"]]
