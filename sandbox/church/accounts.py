"""The two sample churches' accounts: fixed, invented, and of no use outside the sandbox."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """One church's credentials for both vendors, and its ids there."""

    organization_id: str
    """Ours: the id under which Narthex would know the church."""
    name: str
    planning_center_organization_id: str
    application_id: str
    secret: str
    access_token: str
    """For OAuth; the sandbox takes either this or the application id with its secret."""
    user_id: str
    """The Planning Center person whose token it is; the rate limit counts by it."""
    wegive_organization_id: str
    wegive_token: str


GRACE = Account(
    organization_id="grace-fairhaven",
    name="Grace Church Fairhaven",
    planning_center_organization_id="10101",
    application_id="sandbox-application-id-of-grace",
    secret="sandbox-secret-of-grace",  # noqa: S106 - invented, see the module
    access_token="sandbox-access-token-of-grace",  # noqa: S106
    user_id="900001",
    wegive_organization_id="77",
    wegive_token="7701|sandbox-token-of-grace",  # noqa: S106
)
"""The sample church."""

HILLSIDE = Account(
    organization_id="hillside-chapel",
    name="Hillside Chapel",
    planning_center_organization_id="20202",
    application_id="sandbox-application-id-of-hillside",
    secret="sandbox-secret-of-hillside",  # noqa: S106
    access_token="sandbox-access-token-of-hillside",  # noqa: S106
    user_id="900002",
    wegive_organization_id="88",
    wegive_token="8801|sandbox-token-of-hillside",  # noqa: S106
)
"""A second, small church; some of its donors bear names and emails of the first one's."""
