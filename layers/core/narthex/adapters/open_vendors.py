"""Both vendors as one organization reaches them in one run; with it come pydantic and all wire models."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import httpx

from narthex.adapters.exchange.sender import Jitter, Open, Sender
from narthex.adapters.planning_center.client import PlanningCenterClient, Product, SharedRate
from narthex.adapters.planning_center.client import headers_of as planning_center_headers
from narthex.adapters.planning_center.giving import PlanningCenterGiving
from narthex.adapters.planning_center.people import PlanningCenterPeople
from narthex.adapters.planning_center.verdicts import judge as judge_planning_center
from narthex.adapters.planning_center.wire import Document
from narthex.adapters.wegive.client import WeGiveClient
from narthex.adapters.wegive.client import headers_of as wegive_headers
from narthex.adapters.wegive.records import WeGiveRecords
from narthex.adapters.wegive.verdicts import judge as judge_wegive
from narthex.domain.organization import Credentials, Organization
from narthex.domain.rate_limit import Lane
from narthex.ports import Budget, Clock, RateLimiter


@dataclass(frozen=True)
class OpenVendors:
    """Both vendors, opened for one organization and one run; each is built when it is first used."""

    organization: Organization
    planning_center_sender: Sender[Document | None]
    wegive_sender: Sender[dict[str, object]]

    @cached_property
    def people(self) -> PlanningCenterPeople:
        """Planning Center People."""
        return PlanningCenterPeople(self._planning_center(Product.PEOPLE))

    @cached_property
    def giving(self) -> PlanningCenterGiving:
        """Planning Center Giving."""
        return PlanningCenterGiving(self._planning_center(Product.GIVING))

    @cached_property
    def wegive(self) -> WeGiveRecords:
        """WeGive."""
        organization = self.organization
        client = WeGiveClient(self.wegive_sender, organization.wegive_url, organization.wegive_surface)
        return WeGiveRecords(client, self.wegive_sender.clock)

    @property
    def requests_sent(self) -> int:
        """Planning Center requests sent through this object so far, whatever became of them."""
        return self.planning_center_sender.requests_sent

    def _planning_center(self, product: Product) -> PlanningCenterClient:
        url = self.organization.planning_center_url
        return PlanningCenterClient(self.planning_center_sender, url, product)


def open_vendors(
    organization: Organization,
    credentials: Credentials,
    *,
    transport: httpx.BaseTransport,
    clock: Clock,
    budget: Budget,
    jitter: Jitter,
    limiter: RateLimiter,
    lane: Lane,
    user_agent: str,
) -> OpenVendors:
    """Open both; nothing is sent yet. The arguments are those of `VendorConnector` and of its call."""
    planning_center = Sender(
        vendor="Planning Center",
        transport=transport,
        clock=clock,
        budget=budget,
        jitter=jitter,
        gate=SharedRate(limiter, organization.planning_center_account, lane),
        judge=judge_planning_center,
        headers=planning_center_headers(credentials.planning_center, user_agent),
    )
    wegive = Sender(
        vendor="WeGive",
        transport=transport,
        clock=clock,
        budget=budget,
        jitter=jitter,
        gate=Open(),
        judge=judge_wegive,
        headers=wegive_headers(credentials.wegive, user_agent),
    )
    return OpenVendors(organization, planning_center, wegive)
