"""`make demo`: a sample church's Sunday goes from WeGive into one committed Planning Center batch."""

from __future__ import annotations

import os
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from local.aws import client
from local.deployed import Deployed
from local.organization import register
from local.processes import LocalRunError
from local.push import Pushed, follow, push, read, show
from local.settings import LocalRun
from local.up import down, up

CHURCH = "grace-fairhaven"
SCHEDULE_LEAD_SECONDS = 3
EXIT_UNUSABLE = 2


def main() -> int:
    """Run the demonstration.

    Returns:
        0; 1 when a cent is unexplained or the second push changed something; 2 when it cannot run.
    """
    try:
        run = LocalRun.from_environment(os.environ)
        up(run)
        deployed = Deployed.find(run)
        if _ran_before(deployed):
            print("An earlier demonstration has pushed the sample Sunday: starting anew.")
            down(run)
            shutil.rmtree(run.folder)
            up(run)
        return _demonstrate(Deployed.find(run))
    except (LocalRunError, ValueError) as error:
        print(error, file=sys.stderr)
        return EXIT_UNUSABLE
    except KeyboardInterrupt:
        return 130


def _ran_before(deployed: Deployed) -> bool:
    """Whether the sample church, and no other, was registered here before; others' data is not touched."""
    table = deployed.outputs["OrganizationsTableName"]
    items = client(deployed.run, "dynamodb").scan(TableName=table)["Items"]
    return [item["organization_id"]["S"] for item in items] == [CHURCH]


def _demonstrate(deployed: Deployed) -> int:
    if not deployed.run.needs_sandbox:
        raise LocalRunError("The demonstration needs the sandbox: unset PLANNING_CENTER_URL and WEGIVE_URL.")
    document, day = _fresh_church(deployed)
    registered = register(deployed, document)
    print(f"\nRegistered {registered['name']} ({registered['time_zone']}), with invented people and gifts.")
    print(f"Its Sunday {day} starts by an EventBridge schedule, as it would every morning:")
    before = read(deployed, CHURCH, day)["day"]
    runs = before["runs"] if before else 0
    _start_by_schedule(deployed, day)
    first = follow(deployed, CHURCH, day, after_runs=runs)
    print()
    show(first)
    print("\nOnce more, as if the same morning came twice; nothing may change:")
    writes = _writes(deployed)
    second = push(deployed, CHURCH, day, dry_run=False)
    written = _writes(deployed) - writes
    print(f"The second push wrote {written} times to Planning Center.")
    _show_addresses(deployed, day)
    return _verdict(first, second, written)


def _verdict(first: Pushed, second: Pushed, written: int) -> int:
    if not (first.is_committed and first.adds_up and second.adds_up):
        print("\nThe demonstration FAILED: the day is not committed, or a cent is unexplained.")
        return 1
    if written:
        print("\nThe demonstration FAILED: the second push changed something.")
        return 1
    return 0


def _fresh_church(deployed: Deployed) -> tuple[dict[str, Any], str]:
    """The sample church's file, and the Sunday that it was made for."""
    with _control(deployed) as control:
        document: dict[str, Any] = control.get(f"/organization-files/{CHURCH}").raise_for_status().json()
    document["settings"] = {**document.get("settings", {}), "held_gifts": "commit_without"}
    return document, str(document["settings"]["first_day"])


def _start_by_schedule(deployed: Deployed, day: str) -> None:
    at = datetime.now(UTC) + timedelta(seconds=SCHEDULE_LEAD_SECONDS)
    event = {"organization_id": CHURCH, "date": day, "nonce": f"demo-{time.time_ns()}"}
    deployed.schedule_once(f"demo-{time.time_ns()}", at, event)


def _writes(deployed: Deployed) -> int:
    """How many requests other than reads Planning Center has answered."""
    with _control(deployed) as control:
        log = control.get("/requests", params={"vendor": "planning_center"}).raise_for_status().json()
    return sum(1 for entry in log["requests"] if entry["method"] != "GET")


def _control(deployed: Deployed) -> httpx.Client:
    return httpx.Client(base_url=f"{deployed.run.sandbox_url}/control", timeout=30)


def _show_addresses(deployed: Deployed, day: str) -> None:
    run = deployed.run
    print("\nLook around while it runs:")
    print(f"  {run.sandbox_url}/             both vendors as the church's staff see them")
    print(f"  {run.endpoint_url}/_ministack/sqs/messages   the queues of the local AWS")
    print(
        "  make push DATE=… [DRY_RUN=1]        push or plan a day; `make logs` shows what the functions say"
    )
    print("  make down                           stop it; the data is kept")


if __name__ == "__main__":
    sys.exit(main())
