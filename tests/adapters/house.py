"""Both vendors' sandboxes in process, and our clients on them, under a clock that a test moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from narthex.adapters.open_vendors import OpenVendors
from narthex.adapters.vendors import VendorConnector
from narthex.domain.organization import (
    BearerToken,
    Credentials,
    Organization,
    PersonalAccessToken,
    WeGiveSurface,
)
from narthex.domain.rate_limit import Lane
from sandbox import planning_center, wegive
from sandbox.faults import Fault, FaultKind, Faults
from sandbox.in_process import InProcessTransport
from sandbox.planning_center import staff
from sandbox.records import Records
from sandbox.request_log import RequestLog
from sandbox.wegive import tables
from tests.support.fakes import FakeLimiter, FakeSecrets, FixedBudget, VirtualClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from narthex.ports import Budget, RateLimiter

ORGANIZATION_ID = "grace"
ORGANIZATION = Organization(
    id=ORGANIZATION_ID,
    name="Grace Chapel",
    time_zone="America/Chicago",
    planning_center_url="https://planning-center.test",
    planning_center_account="grace-office",
    wegive_url="https://wegive.test/api",
    wegive_surface=WeGiveSurface.PUBLISHED,
    default_fund="General",
)
CREDENTIALS = Credentials(
    planning_center=PersonalAccessToken("grace-application", "grace-secret"),
    wegive=BearerToken("12|grace-wegive-secret"),
)
CONTACT = "https://grace.example/narthex"


class ByHost(httpx.BaseTransport):
    """One transport in front of several hosts."""

    def __init__(self, transports: dict[str, httpx.BaseTransport]) -> None:
        self._transports = transports

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._transports[request.url.host].handle_request(request)


def connect(
    transport: httpx.BaseTransport,
    *,
    clock: VirtualClock | None = None,
    limiter: RateLimiter | None = None,
    credentials: Credentials = CREDENTIALS,
) -> VendorConnector:
    return VendorConnector(
        secrets=FakeSecrets({ORGANIZATION_ID: credentials}),
        clock=clock or VirtualClock(),
        limiter=limiter or FakeLimiter(),
        jitter=lambda: 0.5,
        contact=CONTACT,
        open_transport=lambda: transport,
    )


def answering(
    handler: Callable[[httpx.Request], httpx.Response],
    *,
    clock: VirtualClock | None = None,
    budget: Budget | None = None,
    limiter: RateLimiter | None = None,
) -> OpenVendors:
    """Our clients on a vendor that is one function."""
    connector = connect(httpx.MockTransport(handler), clock=clock, limiter=limiter)
    return connector(ORGANIZATION, Lane.BULK, budget or FixedBudget())


def nothing() -> None:
    """An announcement that nobody needs."""


@dataclass
class House:
    """One church at both vendors."""

    clock: VirtualClock = field(default_factory=VirtualClock)
    planning_center_options: planning_center.Options = field(
        default_factory=lambda: planning_center.Options(limit=1_000_000)
    )
    wegive_options: wegive.Options = field(default_factory=wegive.Options)
    credentials: Credentials = CREDENTIALS
    limiter: RateLimiter = field(default_factory=FakeLimiter)
    budget: Budget = field(default_factory=FixedBudget)
    faults: Faults = field(default_factory=Faults)
    log: RequestLog = field(default_factory=RequestLog)
    people_records: Records = field(default_factory=Records)
    wegive_records: Records = field(default_factory=Records)

    def __post_init__(self) -> None:
        planning_center.add_organization(
            self.people_records,
            ORGANIZATION_ID,
            "Grace Chapel",
            application_id="grace-application",
            secret="grace-secret",
            access_token="grace-access-token",
        )
        tables.declare_indexes(self.wegive_records)
        tables.add_organization(
            self.wegive_records, ORGANIZATION_ID, "Grace Chapel", CREDENTIALS.wegive.token
        )
        self.planning_center = InProcessTransport(
            planning_center.create_app(
                self.people_records,
                clock=self.clock.now,
                faults=self.faults,
                log=self.log,
                options=self.planning_center_options,
            ),
            on_delay=lambda seconds: self.clock.advance_ms(int(seconds * 1000)),
        )
        self.wegive = InProcessTransport(
            wegive.create_app(
                self.wegive_records,
                clock=self.clock.now,
                faults=self.faults,
                log=self.log,
                options=self.wegive_options,
            )
        )
        transport = ByHost({"planning-center.test": self.planning_center, "wegive.test": self.wegive})
        self.connector = connect(
            transport, clock=self.clock, limiter=self.limiter, credentials=self.credentials
        )
        self.vendors = self.connector(ORGANIZATION, Lane.BULK, self.budget)

    def fail(
        self, kind: FaultKind, method: str, path: str, *, times: int = 1, skip: int = 0, seconds: float = 0
    ) -> None:
        vendor = "wegive" if "/dashboard/" in path else "planning_center"
        self.faults.add(Fault(vendor, kind, method, path, times=times, skip=skip, seconds=seconds))

    def requests(self) -> list[str]:
        """Method and path of every request since the last look."""
        asked = [f"{entry.method} {entry.path}" for entry in self.log.entries()]
        self.log.clear()
        return asked

    def add_person(
        self, first_name: str, last_name: str, *, email: str = "", phone: str = "", **more: object
    ) -> str:
        return staff.add_person(
            self.people_records,
            ORGANIZATION_ID,
            self.clock.now,
            {"first_name": first_name, "last_name": last_name, **more},
            emails=[{"address": email, "location": "Home", "primary": True}] if email else [],
            phone_numbers=[{"number": phone, "location": "Mobile", "primary": True}] if phone else [],
        )

    def merge(self, keep: str, remove: str) -> None:
        staff.merge_people(self.people_records, ORGANIZATION_ID, keep, remove, self.clock.now)

    def delete_person(self, person_id: str) -> None:
        staff.delete_person(self.people_records, ORGANIZATION_ID, person_id, self.clock.now)

    def add_row(self, kind: str, **fields: object) -> str:
        """A row of WeGive; returns its id."""
        return str(tables.add(self.wegive_records, kind, ORGANIZATION_ID, self.clock.now(), **fields)["id"])
