"""Call: one request on its way through the sandbox, and Answer: what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sandbox.planning_center.errors import not_found
from sandbox.planning_center.moments import moment_text

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.planning_center.options import Options
    from sandbox.planning_center.store import Record, Store


@dataclass
class Call:
    """A request that was let in, with all that a handler may need."""

    store: Store
    options: Options
    now: datetime
    organization: dict[str, Any]
    method: str
    base_url: str
    path: str
    ids: tuple[str, ...]
    parameters: list[tuple[str, str]]
    document: dict[str, Any]

    @cached_property
    def now_ts(self) -> float:
        """The time in seconds since 1970."""
        return self.now.timestamp()

    @cached_property
    def now_text(self) -> str:
        """The time as the vendor writes it."""
        return moment_text(self.now)

    @cached_property
    def organization_id(self) -> str:
        """The church that asks."""
        return str(self.organization["id"])

    @property
    def user(self) -> str:
        """How refusals speak of the user."""
        return f"User with id {self.organization['user_id']}"

    def record(self, type_: str, record_id: str | None = None) -> Record:
        """Return the church's record by id (the path's first, if none is given).

        Raises:
            Refusal: 404.
        """
        found = self.store.get(type_, self.organization_id, self.ids[0] if record_id is None else record_id)
        if found is None:
            raise not_found()
        return found


@dataclass
class Answer:
    """What a handler gives back; no document means an empty body."""

    status: int
    document: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
