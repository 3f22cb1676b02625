"""JSON:API documents as Planning Center sends them (planning-center-api.md 1.2), and what we read of them.

Strict about what is believed (ids, cents, statuses), lenient about all that may be missing. The schemas are
built when first used, so that importing this costs little.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from narthex.domain.giving import BatchStatus, FundVisibility, PaymentMethod


class Wire(BaseModel):
    """Unknown members are ignored; numbers stand for ids where the vendor writes them so."""

    model_config = ConfigDict(extra="ignore", defer_build=True, coerce_numbers_to_str=True)


class Identifier(Wire):
    """Names another resource."""

    id: str = Field(min_length=1)
    type: str = ""


class Relationship(Wire):
    """To one, to many, or to nobody."""

    data: Identifier | list[Identifier] | None = None


class Resource(Wire):
    """One record; its attributes are read by the model of its type."""

    type: str
    id: str = Field(min_length=1)
    attributes: dict[str, Any] = Field(default_factory=dict)
    relationships: dict[str, Relationship] = Field(default_factory=dict)

    def related_id(self, name: str) -> str | None:
        """The id of a to-one relationship, None when it is null, absent or to many."""
        relationship = self.relationships.get(name)
        data = relationship.data if relationship is not None else None
        return data.id if isinstance(data, Identifier) else None

    def related_ids(self, name: str) -> list[str]:
        """The ids of a to-many relationship."""
        relationship = self.relationships.get(name)
        data = relationship.data if relationship is not None else None
        return [identifier.id for identifier in data] if isinstance(data, list) else []


class Links(Wire):
    """Only `next` is followed, as an opaque address."""

    next: str | None = None


class Meta(Wire):
    """`total_count` is optional (planning-center-api.md 1.2)."""

    total_count: int | None = None


class Document(Wire):
    """A single record or a page of a list."""

    data: Resource | list[Resource]
    included: list[Resource] = Field(default_factory=list)
    links: Links = Field(default_factory=Links)
    meta: Meta = Field(default_factory=Meta)

    @property
    def one(self) -> Resource | None:
        """The single record, if it is one."""
        return self.data if isinstance(self.data, Resource) else None

    @property
    def many(self) -> list[Resource]:
        """The page's records."""
        return self.data if isinstance(self.data, list) else [self.data]

    def included_of(self, type_name: str) -> dict[str, Resource]:
        """Included records of one type, by id."""
        return {resource.id: resource for resource in self.included if resource.type == type_name}


class BatchAttributes(Wire):
    """planning-center-api.md 4.2."""

    status: BatchStatus
    description: str | None = None
    total_cents: StrictInt | None = None
    created_at: str | None = None


class DonationAttributes(Wire):
    """planning-center-api.md 4.3."""

    amount_cents: StrictInt
    payment_method: PaymentMethod
    received_at: str
    fee_cents: StrictInt | None = None
    refunded: StrictBool | None = None
    completed_at: str | None = None


class DesignationAttributes(Wire):
    """planning-center-api.md 4.4."""

    amount_cents: StrictInt


class FundAttributes(Wire):
    """planning-center-api.md 4.4."""

    name: str
    visibility: FundVisibility
    default: StrictBool | None = None


class PaymentSourceAttributes(Wire):
    """planning-center-api.md 4.4; `status` is "active" or "archived" and may be missing."""

    name: str
    status: str | None = None


class LabelAttributes(Wire):
    """planning-center-api.md 4.4."""

    slug: str


class PersonAttributes(Wire):
    """planning-center-api.md 3.1."""

    first_name: str | None = None
    last_name: str | None = None
    given_name: str | None = None
    nickname: str | None = None
    birthdate: date | None = None
    status: str | None = None


class EmailAttributes(Wire):
    """planning-center-api.md 3.2."""

    address: str | None = None


class PhoneNumberAttributes(Wire):
    """planning-center-api.md 3.3."""

    number: str | None = None


class AddressAttributes(Wire):
    """planning-center-api.md 3.4."""

    street_line_1: str | None = None


class PersonMergerAttributes(Wire):
    """planning-center-api.md 3.8; the ids may be numbers."""

    person_to_keep_id: str | None = None
    person_to_remove_id: str | None = None
