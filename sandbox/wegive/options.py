"""What differs between WeGive accounts, or is not published: switches of the sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass
class Options:
    """Switches that may change at run time (wegive-api.md 13; the defaults are its assumptions)."""

    surface: Literal["published", "customer"] = "published"
    """`customer` adds POST and PUT donors, POST transactions and POST funds (spec S53, wegive-api.md 6).

    It also shows `planning_center_id` on every object; the published one shows it on funds only (1.5).
    """
    switched_off_status: Literal[403, 404, 405] = 404
    """What a write that the surface lacks answers (wegive-api.md 13.3)."""
    stores_planning_center_id: bool = True
    """Off: a `planning_center_id` that is sent is accepted and silently forgotten (13.4)."""
    put_semantics: Literal["merge", "replace"] = "merge"
    """What PUT does to keys that it does not carry (13.5)."""
    requests_per_minute: int = 0
    """Refill of each token's bucket; 0 means no limit and no rate headers (5)."""
    burst: int = 10
    """Requests that a rested token may send at once."""
    times_without_offset: bool = False
    """Times come as `2026-01-04T15:00:00`; they are UTC all the same (3)."""
    range_end: Literal["inclusive", "exclusive"] = "inclusive"
    """Whether a record exactly at a range's `end` is in it (3)."""
    shows_timestamps: bool = True
    """Off: transactions lack `initiated_at`, `failed_at`, `refunded_at`, `updated_at`, as in 4.3's list."""
    shows_kind: bool = False
    """On: transactions tell `type` and `is_test`; the published fields lack them, only filters know (4.3)."""
    guest_owner: Literal["guest_user", "null"] = "guest_user"
    """How a list shows the owner of a guest's payment (4.3); a single record always says null."""
    unknown_parameter: Literal["refused", "ignored"] = "refused"
    """What a query parameter that is not documented does; the refusal is a 422."""
    page_shift: int = 0
    """Rows by which later pages start too late (a row is missed) or, negative, too early (a row repeats)."""
    page_shift_times: int = 0
    """How many further answers from page 2 on are shifted by `page_shift`."""
    lists_without_meta: int = 0
    """How many further list answers lack `meta` (13.7)."""
