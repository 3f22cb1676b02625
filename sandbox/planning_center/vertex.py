"""Vertex: what Planning Center documents about one kind of resource."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

STRING = "string"
INTEGER = "integer"
BOOLEAN = "boolean"
DATE = "date"
DATE_TIME = "date_time"
JSON = "json"

NOBODY: frozenset[str] = frozenset()


def words(text: str) -> frozenset[str]:
    """Return the set of the words in a text."""
    return frozenset(text.split())


@dataclass(frozen=True)
class Relationship:
    """Where a relationship leads."""

    type: str
    to_many: bool = False


@dataclass(frozen=True)
class Vertex:
    """One kind of resource of one product: its table, which the contract test holds against the documents."""

    type: str
    product: str
    collection: str
    """The last word of its path; empty when it has no path of its own."""
    attributes: Mapping[str, str]
    """Name and kind, in the order in which they are shown."""
    on_request: frozenset[str] = NOBODY
    """Attributes that are shown only when `fields` asks for them."""
    relationships: Mapping[str, Relationship] = field(default_factory=dict)
    create: frozenset[str] = NOBODY
    """Attributes (and `..._id` for relationships) that a POST may set."""
    update: frozenset[str] = NOBODY
    create_relationships: frozenset[str] = NOBODY
    """Relationships that a POST may set besides those with an `..._id`."""
    update_relationships: frozenset[str] = NOBODY
    can_create: bool = False
    can_update: bool = False
    can_destroy: bool = False
    where: frozenset[str] = NOBODY
    lagging: frozenset[str] = NOBODY
    """Attributes that a search finds only after the search lag."""
    order: frozenset[str] = NOBODY
    include: frozenset[str] = NOBODY
    filters: frozenset[str] = NOBODY
    """Named scopes of its list at the organization."""
    edges: tuple[str, ...] = ()
    """The words that may follow its own path."""
    actions: tuple[str, ...] = ()

    def assignable(self, *, creating: bool) -> frozenset[str]:
        """Return what a POST, or a PATCH, may carry as attributes."""
        return self.create if creating else self.update

    def assignable_relationships(self, *, creating: bool) -> frozenset[str]:
        """Return what a POST, or a PATCH, may carry as relationships."""
        named = self.create_relationships if creating else self.update_relationships
        keyed = {name for name in self.relationships if f"{name}_id" in self.assignable(creating=creating)}
        return named | keyed
