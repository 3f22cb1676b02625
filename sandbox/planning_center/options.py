"""Options: the switches of the sandbox's Planning Center, each changeable while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass
class Options:
    """How this Planning Center behaves where the real one varies, lags or is not documented."""

    limit: int = 100
    """Requests per period and authenticated user (planning-center-api.md 2)."""
    period_seconds: int = 20
    window: Literal["fixed", "sliding"] = "fixed"
    """`fixed` opens with the first call, as recorded (planning-center-api.md 2)."""
    deep_offset: int = 30_000
    deep_offset_limit: int = 75
    """The limit for a request whose offset lies above `deep_offset`."""
    retry_after_seconds: int | None = None
    """What a 429 says in Retry-After; None: the true number. Negative ones have been seen."""

    require_version: bool = True
    """False: a request without X-PCO-API-Version runs as the newest, as if the app had that default."""
    require_user_agent: bool = True

    search_lag_seconds: float = 0
    """Created and changed names, emails and phones are found by where and search only after this."""
    giving_person_lag_seconds: float = 0
    """Giving knows a new person only after this."""
    list_lag_seconds: float = 0
    """A created or deleted batch or donation changes lists only after this; reads by id are immediate."""
    commit_seconds: float = 0
    """How long a batch stays `updating` after its commit or delete was asked for."""

    bulk_ids: Literal["supported", "ignored", "refused"] = "supported"
    """What `where[id]=1,2,3` does; it is in public use and not documented."""
    unknown_where: Literal["refused", "ignored"] = "refused"
    """What a `where` key outside the documents does; the same for other unknown parameters."""
    donations_to_merged_person: Literal["accepted", "refused", "anonymous"] = "accepted"
    """A donation for a removed id goes to the person who was kept, is a 422, or loses its person."""
    donations_to_unknown_person: Literal["refused", "anonymous"] = "refused"
    """A donation for an id that nobody has, or that Giving does not know yet (planning-center-api.md 0.5)."""
