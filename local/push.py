"""`make push`: ask for a day's push on the running local stack, watch it, show what became of it."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any

from local.aws import client
from local.processes import LocalRunError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local.deployed import Deployed

POLL_SECONDS = 1.0
PATIENCE_SECONDS = 3600
UNDER_WAY = frozenset({"open", "committing"})
"""Statuses of a day on which a worker has still to do something now."""

GOOD_ENDS = frozenset({"committed", "empty", "holding"})


def registered_organization(deployed: Deployed, wanted: str = "") -> str:
    """The organization to push for: the one that was named, else the only one there is.

    Raises:
        LocalRunError: there is none, or several and none was named.
    """
    if wanted:
        return wanted
    table = deployed.outputs["OrganizationsTableName"]
    items = client(deployed.run, "dynamodb").scan(TableName=table)["Items"]
    found = sorted(item["organization_id"]["S"] for item in items)
    if len(found) == 1:
        return found[0]
    if not found:
        raise LocalRunError("No organization is registered: run `make organization FILE=church.json` first.")
    raise LocalRunError(f"Several organizations are registered: add ORGANIZATION=... ({', '.join(found)}).")


def read_day(deployed: Deployed, organization_id: str, date: str) -> dict[str, Any]:
    """What read_proof answers for a day: organization, day, proof, plan, reviews.

    Raises:
        LocalRunError: it refused; the text says why.
    """
    return _answer(deployed, "ReadProof", {"organization_id": organization_id, "date": date})


def push(
    deployed: Deployed, organization_id: str, date: str, *, show: Callable[[Mapping[str, Any]], None]
) -> dict[str, Any]:
    """Push a day and wait until no worker is at it.

    Args:
        deployed: The running stack.
        organization_id: Whose day.
        date: The church-local day, YYYY-MM-DD.
        show: Called with the day's head record whenever it has changed.

    Returns:
        What read_proof answers then.

    Raises:
        LocalRunError: it was refused, or did not end in an hour.
    """
    before = read_day(deployed, organization_id, date)["day"]
    _ask(deployed, organization_id, date, dry_run=False)
    return wait_for_push(deployed, organization_id, date, runs_before=_runs(before), show=show)


def wait_for_push(
    deployed: Deployed,
    organization_id: str,
    date: str,
    *,
    runs_before: int,
    show: Callable[[Mapping[str, Any]], None],
) -> dict[str, Any]:
    """Wait until a worker has had the day since `runs_before` runs, and none is at it any more.

    Raises:
        LocalRunError: it did not end in an hour.
    """
    shown: Any = None
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        answer = read_day(deployed, organization_id, date)
        day = answer["day"]
        if day is not None and day != shown:
            show(day)
            shown = day
        if _runs(day) > runs_before and not day["is_running"] and day["status"] not in UNDER_WAY:
            return answer
        time.sleep(POLL_SECONDS)
    raise LocalRunError(f"The push of {date} did not end in an hour: `make logs` shows what the worker does.")


def plan(deployed: Deployed, organization_id: str, date: str) -> dict[str, Any]:
    """Make a dry run and return its plan.

    Raises:
        LocalRunError: it was refused, or did not end in an hour.
    """
    nonce = _ask(deployed, organization_id, date, dry_run=True)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found: dict[str, Any] | None = read_day(deployed, organization_id, date)["plan"]
        if found is not None and found.get("nonce") == nonce:
            return found
        time.sleep(POLL_SECONDS)
    raise LocalRunError(f"The plan of {date} did not end in an hour: `make logs` shows what the worker does.")


def is_sound(answer: Mapping[str, Any]) -> bool:
    """Whether the day ended well and its proof leaves no cent unexplained."""
    day, proof = answer["day"], answer["proof"]
    explained = proof is None or proof["unexplained_cents"] == 0
    return day is not None and day["status"] in GOOD_ENDS and explained


def _ask(deployed: Deployed, organization_id: str, date: str, *, dry_run: bool) -> str:
    nonce = secrets.token_hex(8)
    event = {"organization_id": organization_id, "date": date, "dry_run": dry_run, "nonce": nonce}
    _answer(deployed, "StartSyncs", event)
    return nonce


def _runs(day: Mapping[str, Any] | None) -> int:
    return int(day["runs"]) if day is not None else 0


def _answer(deployed: Deployed, function: str, event: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = deployed.invoke(function, event)
    if "error" in answer:
        raise LocalRunError(answer["error"])
    return answer
