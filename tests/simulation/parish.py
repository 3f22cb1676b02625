"""A very small church in both sandboxes: enough for twins, splits, families, a guest and a newcomer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx

from narthex.domain.organization import (
    BearerToken,
    Credentials,
    HeldGifts,
    Organization,
    PersonalAccessToken,
    Settings,
    WeGiveSurface,
)
from sandbox.faults import Faults
from sandbox.in_process import InProcessTransport
from sandbox.planning_center.accounts import add_organization as add_church
from sandbox.planning_center.app import create_app as create_planning_center
from sandbox.planning_center.options import Options as PlanningCenterOptions
from sandbox.records import Records
from sandbox.request_log import RequestLog
from sandbox.wegive.app import create_app as create_wegive
from sandbox.wegive.options import Options as WeGiveOptions
from sandbox.wegive.staff import card
from sandbox.wegive.tables import add, wire_time
from sandbox.wegive.tables import add_organization as add_wegive_church
from tests.simulation.stage import Stage

DAY = date(2026, 11, 15)
PLANNING_CENTER_URL = "http://planning-center.test"
WEGIVE_URL = "http://wegive.test/api"
SECRET = PersonalAccessToken("app-of-the-parish", "invented-secret")
TOKEN = BearerToken("7|invented-token")
ORGANIZATION = Organization(
    id="parish",
    name="Parish of the Simulation",
    time_zone="America/Chicago",
    planning_center_url=PLANNING_CENTER_URL,
    planning_center_account="church 7, user 900001",
    wegive_url=WEGIVE_URL,
    wegive_surface=WeGiveSurface.PUBLISHED,
    default_fund="General",
    settings=Settings(held_gifts=HeldGifts.COMMIT_WITHOUT),
)
CREDENTIALS = Credentials(planning_center=SECRET, wegive=TOKEN)


@dataclass(slots=True)
class Parish:
    """Both vendors with their records, before anything was pushed."""

    planning_center: InProcessTransport
    wegive: InProcessTransport
    planning_center_records: Records
    wegive_records: Records
    options: PlanningCenterOptions
    donor_ids: dict[str, int]
    fund_ids: dict[str, int]
    stage: Stage

    def give(
        self,
        donor: str | None,
        amount_cents: int,
        *,
        minute: int,
        fund: str = "General",
        allocations: list[tuple[str, int]] | None = None,
    ) -> int:
        """Add a succeeded card gift on the day, `minute` minutes after ten o'clock there; its id."""
        at = datetime(2026, 11, 15, 16, 0, tzinfo=UTC) + timedelta(minutes=minute)
        shares = [{"fund_id": self.fund_ids[name], "amount": cents} for name, cents in allocations or []]
        row = add(
            self.wegive_records,
            "transaction",
            "parish",
            self.stage.now(),
            donor_id=self.donor_ids[donor] if donor is not None else None,
            amount=amount_cents,
            fund_id=None if shares else self.fund_ids[fund],
            fund_allocations=shares,
            created_at=wire_time(at),
            initiated_at=wire_time(at),
            succeeded_at=wire_time(at),
            source_type="card",
            source=card(),
        )
        return int(row["id"])


def build_parish(stage: Stage) -> Parish:
    """Both sandboxes with four donors, three of them people in Planning Center, and two funds."""
    planning_center_records, wegive_records = Records(), Records()
    options = PlanningCenterOptions(limit=1_000_000)
    add_church(
        planning_center_records,
        "7",
        "Parish",
        application_id=SECRET.application_id,
        secret=SECRET.secret,
    )
    add_wegive_church(wegive_records, "parish", "Parish", TOKEN.token)
    planning_center = InProcessTransport(
        create_planning_center(
            planning_center_records, clock=stage.now, faults=Faults(), log=RequestLog(), options=options
        )
    )
    wegive = InProcessTransport(
        create_wegive(
            wegive_records, clock=stage.now, faults=Faults(), log=RequestLog(), options=WeGiveOptions()
        )
    )
    parish = Parish(planning_center, wegive, planning_center_records, wegive_records, options, {}, {}, stage)
    _fill_planning_center(planning_center)
    _fill_wegive(parish)
    return parish


def _fill_planning_center(transport: InProcessTransport) -> None:
    with httpx.Client(
        transport=transport,
        base_url=PLANNING_CENTER_URL,
        auth=(SECRET.application_id, SECRET.secret),
        headers={"User-Agent": "Parish office (office@parish.example)"},
    ) as client:
        _post(client, "giving", "funds", {"name": "Missions", "visibility": "everywhere"})
        for first, last, email in (
            ("Ana", "Álvarez", "ana@parish.example"),
            ("Ben", "Okafor", "okafor@parish.example"),
            ("Bea", "Okafor", "okafor@parish.example"),
        ):
            person_id = _post(client, "people", "people", {"first_name": first, "last_name": last})
            _post(client, "people", f"people/{person_id}/emails", {"address": email, "location": "Home"})


def _post(client: httpx.Client, product: str, path: str, attributes: dict[str, Any]) -> str:
    version = "2025-11-10" if product == "people" else "2019-10-18"
    answer = client.post(
        f"/{product}/v2/{path}",
        json={"data": {"attributes": attributes}},
        headers={"X-PCO-API-Version": version},
    )
    answer.raise_for_status()
    return str(answer.json()["data"]["id"])


def _fill_wegive(parish: Parish) -> None:
    now = parish.stage.now()
    records = parish.wegive_records
    for name in ("General", "Missions"):
        parish.fund_ids[name] = int(add(records, "fund", "parish", now, name=name)["id"])
    for first, last, more in (
        ("Ana", "Álvarez", {"email_1": "ana@parish.example"}),
        ("Ben", "Okafor", {"email_1": "Okafor@parish.example"}),
        ("Bea", "Okafor", {"email_1": "okafor@parish.example"}),
        (
            "Nils",
            "Newcomer",
            {
                "email_1": "nils@parish.example",
                "mobile_phone": "312-555-0143",
                "mailing_address": {
                    "address_1": "9 Elm Street",
                    "city": "Springfield",
                    "state": "IL",
                    "zip": "62701",
                    "country": "US",
                },
            },
        ),
    ):
        row = add(
            records, "donor", "parish", now, first_name=first, last_name=last, name=f"{first} {last}", **more
        )
        parish.donor_ids[first] = int(row["id"])
