"""The organization file that registers a sample church with Narthex: its schema is written here only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.church.plan import Church

PLANNING_CENTER_PATH = "/planning-center"
WEGIVE_PATH = "/wegive/api"


def organization_file(church: Church, server_url: str, *, surface: str = "published") -> dict[str, Any]:
    """Return the content of `church.json` for a church of the sandbox.

    Args:
        church: the installed church.
        server_url: where the sandbox listens, such as `http://127.0.0.1:8700`.
        surface: of WeGive: `published` or `customer` (spec S53).
    """
    account = church.account
    server_url = server_url.rstrip("/")
    return {
        "organization_id": account.organization_id,
        "name": account.name,
        "time_zone": church.time_zone,
        "planning_center": {
            "base_url": server_url + PLANNING_CENTER_PATH,
            "credentials": {
                "kind": "personal_access_token",
                "application_id": account.application_id,
                "secret": account.secret,
            },
        },
        "wegive": {"base_url": server_url + WEGIVE_PATH, "token": account.wegive_token, "surface": surface},
        "default_fund": church.default_fund,
        "switches": {},
        # The sample's Sunday lies before the registration; without this the nightly sweep would leave it out.
        "settings": {"first_day": church.day.isoformat()},
    }
