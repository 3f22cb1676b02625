"""Versions: which one a request runs as (planning-center-api.md 1.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.planning_center.errors import bad_request
from sandbox.planning_center.moments import is_date

if TYPE_CHECKING:
    from sandbox.planning_center.options import Options

OLDEST = "2018-08-01"
NEWEST = {"people": "2025-11-10", "giving": "2019-10-18", "current": "2018-08-01"}


def processed_version(product: str, asked: str | None, options: Options) -> str:
    """Return the version that the request runs as.

    The sandbox speaks the newest version of each product; it refuses an older one rather than get it wrong.

    Raises:
        Refusal: 400, the header is missing, no date, before 2018-08-01, or of a version not spoken.
    """
    newest = NEWEST[product]
    if asked is None:
        if options.require_version:
            raise bad_request("sandbox_version_missing", "Send X-PCO-API-Version; this sandbox requires it")
        return newest
    if asked == "LATEST":
        return newest
    if not is_date(asked) or asked < OLDEST:
        raise bad_request("unsupported_version_error", f"{asked} is not a supported version")
    if asked < newest:
        detail = f"This sandbox speaks {newest} of {product}, not what was current on {asked}"
        raise bad_request("sandbox_version_not_spoken", detail)
    return newest
