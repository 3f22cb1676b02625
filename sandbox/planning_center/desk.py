"""Desk: where work by hand begins, without the API's limits, lags and faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.planning_center import accounts
from sandbox.planning_center.call import Call
from sandbox.planning_center.options import Options
from sandbox.planning_center.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sandbox.records import Records


def open_call(records: Records, organization_id: str, clock: Callable[[], datetime]) -> Call:
    """Return a call as if staff had made it by hand.

    Raises:
        KeyError: there is no such church.
    """
    organization = records.get(accounts.KIND, organization_id)
    if organization is None:
        raise KeyError(organization_id)
    return Call(
        store=Store(records),
        options=Options(),
        now=clock(),
        organization=organization,
        method="POST",
        base_url="",
        path="",
        ids=(),
        parameters=[],
        document={},
    )
