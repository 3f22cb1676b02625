"""Accounts: the churches of the sandbox and their credentials (planning-center-api.md 1.4)."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from sandbox.planning_center.donation_rules import BUILT_IN_SOURCE
from sandbox.planning_center.funds import new_fund
from sandbox.planning_center.moments import timestamp_text
from sandbox.planning_center.store import Store, new_record

if TYPE_CHECKING:
    from sandbox.records import Records

KIND = "planning_center.Organization"
Organization = dict[str, Any]

TOKEN_HINTS = {"valid": "", "expired": "BABOON", "revoked": "CAPUCHIN", "without_scope": "PELICAN"}
"""What the vendor says about a token in each state (planning-center-api.md 1.6)."""


def add_organization(
    records: Records,
    organization_id: str,
    name: str,
    *,
    application_id: str,
    secret: str,
    access_token: str = "",
    time_zone: str = "America/Chicago",
    currency: str = "USD",
    country_code: str = "US",
    user_id: str = "900001",
    user_name: str = "Api User",
    giving_permission: str | None = "administrator",
    default_fund: str = "General",
    created_ts: float = 0,
) -> Organization:
    """Add a church, or change the one that has the id; it has the built-in payment source and a default fund.

    Args:
        records: where it is kept.
        organization_id: its id.
        name: its name.
        application_id: of the personal access token.
        secret: of the personal access token.
        access_token: of OAuth; empty: none.
        time_zone: an IANA name.
        currency: of all amounts.
        country_code: the default of phone numbers and addresses.
        user_id: the person on whose behalf all calls are made; the rate limit counts by it.
        user_name: that person's name.
        giving_permission: None: the user has no access to Giving.
        default_fund: the name of the default fund.
        created_ts: when it began, in seconds since 1970.
    """
    organization = {
        "id": organization_id,
        "name": name,
        "application_id": application_id,
        "secret": secret,
        "access_token": access_token,
        "token_state": "valid",
        "time_zone": time_zone,
        "currency": currency,
        "country_code": country_code,
        "user_id": user_id,
        "user_name": user_name,
        "giving_permission": giving_permission,
    }
    _declare(records)
    records.put(KIND, organization_id, organization)
    _add_what_every_church_has(Store(records), organization_id, default_fund, created_ts)
    return organization


def _add_what_every_church_has(
    store: Store, organization_id: str, default_fund: str, created_ts: float
) -> None:
    if store.get("PaymentSource", organization_id, BUILT_IN_SOURCE) is None:
        attributes = {"created_at": None, "name": "Planning Center", "status": "active", "updated_at": None}
        built_in = new_record(BUILT_IN_SOURCE, organization_id, created_ts, attributes, {})
        store.put("PaymentSource", built_in)
    if not store.all("Fund", organization_id):
        values = {"name": default_fund, "default": True, "deletable": False}
        fund_id = store.new_id("Fund", organization_id)
        store.put("Fund", new_fund(fund_id, organization_id, created_ts, timestamp_text(created_ts), values))


def _declare(records: Records) -> None:
    records.add_index(KIND, "application_id", lambda record: (record["application_id"],))
    records.add_index(KIND, "access_token", lambda record: (record["access_token"],))


class Accounts:
    """Tells the churches apart by the Authorization header."""

    def __init__(self, records: Records) -> None:
        _declare(records)
        self._records = records

    def find(self, authorization: str) -> tuple[Organization | None, str]:
        """Return the church; or None and the vendor's hint, which is empty for a wrong Basic credential."""
        scheme, _, credential = authorization.partition(" ")
        if scheme.casefold() == "bearer":
            return self._by_token(credential.strip())
        if scheme.casefold() == "basic":
            return self._by_application(credential.strip()), ""
        return None, ""

    def _by_token(self, token: str) -> tuple[Organization | None, str]:
        found = self._records.find(KIND, "access_token", token) if token else []
        if not found:
            return None, "CAPUCHIN"
        hint = TOKEN_HINTS[found[0]["token_state"]]
        return (None if hint else found[0]), hint

    def _by_application(self, credential: str) -> Organization | None:
        try:
            text = base64.b64decode(credential, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return None
        application_id, _, secret = text.partition(":")
        for organization in self._records.find(KIND, "application_id", application_id):
            if application_id and organization["secret"] == secret:
                return organization
        return None
