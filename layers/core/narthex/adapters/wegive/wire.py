"""WeGive's rows (wegive-api.md 3 and 4): lenient shapes; amounts and times are read by the domain's rules.

Whether a member was sent at all matters: the published fields of a transaction lack some that the filters
know, so "absent" is not "null". `model_fields_set` tells.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Wire(BaseModel):
    """Unknown members are ignored; ids may be numbers; schemas are built when first used."""

    model_config = ConfigDict(extra="ignore", defer_build=True, coerce_numbers_to_str=True)


def _number_or_none(value: object) -> int | None:
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None


Count = Annotated[int | None, BeforeValidator(_number_or_none)]
"""A number, a string of digits, or nothing that could be used (wegive-api.md 3)."""


class PageMeta(Wire):
    """How far a list goes, as far as it says so."""

    total: Count = None
    last_page: Count = None


class Page(Wire):
    """One page of a list."""

    data: list[dict[str, Any]]
    meta: PageMeta = Field(default_factory=PageMeta)


class Single(Wire):
    """One record."""

    data: dict[str, Any]


class OwnerRow(Wire):
    """A donor inside a transaction; lists show only a name when there is none."""

    id: str | None = None
    name: str | None = None


class FundReference(Wire):
    """A fund inside another record."""

    id: str


class AllocationRow(Wire):
    """A share of a transaction."""

    fund: FundReference | None = None
    fund_id: str | None = None
    amount: Any = None


class SourceRow(Wire):
    """A card, a bank account, a donor or the organization itself."""

    type: str | None = None
    last_four: str | None = None
    issuer: str | None = None


class TransactionRow(Wire):
    """wegive-api.md 4.3."""

    id: str
    amount: Any = None
    created_at: str | None = None
    owner: OwnerRow | None = None
    donor: OwnerRow | None = None
    type: str | None = None
    is_test: Any = None
    source: SourceRow | None = None
    source_type: str | None = None
    fund: FundReference | None = None
    fund_id: str | None = None
    fund_allocations: list[AllocationRow] | None = None
    fee: Any = None
    fee_amount: Any = None
    cover_fees: Any = None
    succeeded_at: str | None = None
    failed_at: str | None = None
    refunded_at: str | None = None
    deleted_at: str | None = None
    scheduled_donation_id: str | None = None
    scheduled_donation: Any = None
    scheduledDonation: Any = None  # noqa: N815 - WeGive's own name


class AddressRow(Wire):
    """wegive-api.md 4.1."""

    address_1: str | None = None
    address_2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None


class DonorRow(Wire):
    """wegive-api.md 4.1; a list nests the address under another name than a single record."""

    id: str
    type: str | None = None
    name: str | None = None
    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    email_1: str | None = None
    email_2: str | None = None
    email_3: str | None = None
    phone: str | None = None
    mobile_phone: str | None = None
    home_phone: str | None = None
    office_phone: str | None = None
    other_phone: str | None = None
    mailing_address: AddressRow | None = None
    mailing_address_object: AddressRow | None = None
    birthdate: str | None = None
    planning_center_id: str | None = None
    deleted_at: str | None = None


class FundRow(Wire):
    """wegive-api.md 4.4; `merged_into_id` only in the form of a single record."""

    id: str
    name: str
    description: str | None = None
    active: Any = True
    planning_center_id: str | None = None
    merged_into_id: str | None = None
    deleted_at: str | None = None
