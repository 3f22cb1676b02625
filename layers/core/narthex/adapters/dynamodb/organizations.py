"""Organizations in DynamoDB: one item each, read with every run, written by staff. The last write stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import date, time
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.models import Model

from narthex.adapters.dynamodb.table import Table
from narthex.domain.errors import InvalidInputError
from narthex.domain.organization import (
    CompanyDonors,
    GiftAmount,
    GiftsInReview,
    HeldGifts,
    Organization,
    Settings,
    Switches,
    WeGiveSurface,
)

if TYPE_CHECKING:
    from pynamodb.connection import Connection

LONGEST_ID = 63
"""Characters of an organization's id, as its file may have it."""


class OrganizationItem(Model):
    """One organization, without its credentials."""

    organization_id = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute()
    time_zone = UnicodeAttribute()
    planning_center_url = UnicodeAttribute()
    planning_center_account = UnicodeAttribute()
    wegive_url = UnicodeAttribute()
    wegive_surface = UnicodeAttribute()
    default_fund = UnicodeAttribute()
    settings = JSONAttribute()


class DynamoDbOrganizations:
    """An `OrganizationStore`.

    Args:
        connection: The process's connection.
        table_name: A table with the hash key `organization_id`, a string.
    """

    def __init__(self, connection: Connection, table_name: str) -> None:
        self._table = Table(connection, table_name, hash_key="organization_id", range_key=None)

    def get(self, organization_id: str) -> Organization:
        """See `OrganizationStore`."""
        # DynamoDB calls a key that is empty or too long a fault of ours; here it is one of whoever asks.
        item = self._table.get(organization_id) if 0 < len(organization_id) <= LONGEST_ID else None
        if item is None:
            raise InvalidInputError(f"there is no organization {organization_id!r}", field="organization_id")
        return organization_from(item)

    def put(self, organization: Organization) -> None:
        """See `OrganizationStore`."""
        self._table.put(organization_item(organization))


def organization_item(organization: Organization) -> OrganizationItem:
    """The item of an organization."""
    return OrganizationItem(
        organization_id=organization.id,
        name=organization.name,
        time_zone=organization.time_zone,
        planning_center_url=organization.planning_center_url,
        planning_center_account=organization.planning_center_account,
        wegive_url=organization.wegive_url,
        wegive_surface=organization.wegive_surface.value,
        default_fund=organization.default_fund,
        settings={name: _plain(value) for name, value in asdict(organization.settings).items()},
    )


def organization_from(item: Mapping[str, Any]) -> Organization:
    """The organization of an item; settings that the item does not know yet have their defaults."""
    row = OrganizationItem.from_raw_data(dict(item))
    return Organization(
        id=row.organization_id,
        name=row.name,
        time_zone=row.time_zone,
        planning_center_url=row.planning_center_url,
        planning_center_account=row.planning_center_account,
        wegive_url=row.wegive_url,
        wegive_surface=WeGiveSurface(row.wegive_surface),
        default_fund=row.default_fund,
        settings=_settings_from(row.settings),
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, (date, time)) else value


def _first_day_from(found: str | None) -> date | None:
    return None if found is None else date.fromisoformat(found)


def _switches_from(found: Mapping[str, bool]) -> Switches:
    return Switches(**{field.name: found[field.name] for field in fields(Switches) if field.name in found})


_READERS: dict[str, Callable[[Any], Any]] = {
    "push_at": time.fromisoformat,
    "held_gifts": HeldGifts,
    "gifts_in_review": GiftsInReview,
    "company_donors": CompanyDonors,
    "gift_amount": GiftAmount,
    "first_day": _first_day_from,
    "switches": _switches_from,
}


def _settings_from(found: Mapping[str, Any]) -> Settings:
    known = [field.name for field in fields(Settings) if field.name in found]
    return Settings(**{name: _READERS.get(name, _unchanged)(found[name]) for name in known})


def _unchanged(value: object) -> object:
    return value
