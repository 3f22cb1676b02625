"""`make demo`: a sample church's Sunday goes from WeGive into one committed Planning Center batch."""

from __future__ import annotations

import os
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from botocore.exceptions import EndpointConnectionError

from local import services
from local.aws import client
from local.deployed import Deployed
from local.organization import register
from local.processes import LocalRunError
from local.push import Pushed, follow, push, read, show
from local.report import money
from local.settings import LocalRun
from local.up import down, up

CHURCH = "grace-fairhaven"
SCHEDULE_LEAD_SECONDS = 3
LIMIT_IN_20_SECONDS = 70
EXIT_FAILED = 1
EXIT_UNUSABLE = 2
EXIT_INTERRUPTED = 130
_KEPT_DATA = ("aws", "s3", "sandbox", "deployed")
"""What a local run keeps in its folder, which may hold other things too."""


def main() -> int:
    """Run the demonstration.

    Returns:
        0; 1 when a cent is unexplained or the second push changed something; 2 when it cannot run.
    """
    try:
        run = LocalRun.from_environment(os.environ)
    except ValueError as error:
        print(error, file=sys.stderr)
        return EXIT_UNUSABLE
    try:
        return _demonstrate(_fresh_stack(run))
    except LocalRunError as error:
        print(error, file=sys.stderr)
        return EXIT_UNUSABLE
    except (EndpointConnectionError, httpx.TransportError):
        print(f"The local AWS or the sandbox has gone away; their logs are in {run.folder}.", file=sys.stderr)
        return EXIT_UNUSABLE
    except KeyboardInterrupt:
        still = services.local_aws(run).pid() is not None
        rest = "the local AWS still runs: `make down` stops it" if still else "nothing is left running"
        print(f"\nInterrupted; {rest}. `make demo` starts anew.", file=sys.stderr)
        return EXIT_INTERRUPTED


def _fresh_stack(run: LocalRun) -> Deployed:
    """The stack, without what an earlier demonstration pushed.

    Raises:
        LocalRunError: it cannot be set up, or other vendors than the sandbox are asked for.
    """
    named = {"PLANNING_CENTER_URL": run.planning_center_url, "WEGIVE_URL": run.wegive_url}
    given = " and ".join(name for name, url in named.items() if url)
    if given:
        raise LocalRunError(f"The demonstration pushes invented gifts into the sandbox only: unset {given}.")
    up(run)
    deployed = Deployed.find(run)
    if _ran_before(deployed):
        print("An earlier demonstration has pushed the sample's Sunday: starting anew.")
        down(run)
        _forget(run)
        up(run)
        deployed = Deployed.find(run)
    return deployed


def _ran_before(deployed: Deployed) -> bool:
    """Whether the sample church, and no other, was registered here before; others' data is not touched."""
    table = deployed.outputs["OrganizationsTableName"]
    items = client(deployed.run, "dynamodb").scan(TableName=table)["Items"]
    return [item["organization_id"]["S"] for item in items] == [CHURCH]


def _forget(run: LocalRun) -> None:
    for name in _KEPT_DATA:
        path = run.folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _demonstrate(deployed: Deployed) -> int:
    began = datetime.now(UTC)
    document, day = _fresh_church(deployed)
    registered = register(deployed, document)
    print(f"\nRegistered {registered['name']} ({registered['time_zone']}), with invented people and gifts.")
    print(f"An EventBridge schedule starts its Sunday {day}, as it would every morning (in some 10 s):")
    before = read(deployed, CHURCH, day)["day"]
    runs = before["runs"] if before else 0
    _start_by_schedule(deployed, day)
    first = follow(deployed, CHURCH, day, after_runs=runs)
    print()
    show(first)
    books_agree = _show_books(deployed, first, began)
    print("\nOnce more, as if the same morning came twice; nothing may change:", flush=True)
    began_again = datetime.now(UTC)
    second = push(deployed, CHURCH, day, dry_run=False)
    asked = _requests(deployed, began_again)
    written = [entry for entry in asked["requests"] if entry["method"] != "GET"]
    print(f"The second push asked Planning Center {asked['count']} times and wrote {len(written)} times.")
    _show_addresses(deployed, first)
    return _verdict(first, second, books_agree=books_agree, written=len(written))


def _show_books(deployed: Deployed, pushed: Pushed, began: datetime) -> bool:
    """Print what the sandbox itself has counted; whether that is what the proof says, within the limit."""
    proof = pushed.answer["proof"] or {}
    with _control(deployed) as control:
        churches = control.get("/state").raise_for_status().json()["churches"]
    church = next(church for church in churches if church["organization_id"] == CHURCH)
    batch = next((each for each in church["batches"] if each["id"] == proof.get("batch_id")), None)
    if batch is None:
        print("\nThe sandbox has no such batch.")
        return False
    log = _requests(deployed, began)
    refused = log["by_status"].get("429", 0)
    print(
        f"\nThe sandbox's own books: batch {batch['id']} is {batch['status']} with {batch['donations']} "
        f"donations of {money(batch['amount_cents'])};\n"
        f"at most {log['most_in_20_seconds']} requests in any 20 s (the limit is {LIMIT_IN_20_SECONDS}), "
        f"{refused} answered 429."
    )
    counted = (batch["status"], batch["donations"], batch["amount_cents"])
    proven = ("committed", proof["planning_center_gifts"], proof["planning_center_cents"])
    return counted == proven and not refused and log["most_in_20_seconds"] <= LIMIT_IN_20_SECONDS


def _verdict(first: Pushed, second: Pushed, *, books_agree: bool, written: int) -> int:
    if not first.is_committed:
        failure = "the day is not committed"
    elif not (first.adds_up and second.adds_up):
        failure = "a cent is unexplained"
    elif not books_agree:
        failure = "the sandbox's own books say otherwise, or the limit was broken"
    elif written:
        failure = "the second push wrote something"
    else:
        print("\nDone: the day is proven to the cent, and the second push changed nothing.")
        return 0
    print(f"\nThe demonstration FAILED: {failure}. `make logs` shows what the functions say.")
    return EXIT_FAILED


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


def _requests(deployed: Deployed, since: datetime) -> dict[str, Any]:
    """Planning Center's request log since a moment."""
    query = {"vendor": "planning_center", "since": since.isoformat()}
    with _control(deployed) as control:
        log: dict[str, Any] = control.get("/requests", params=query).raise_for_status().json()
    return log


def _control(deployed: Deployed) -> httpx.Client:
    return httpx.Client(base_url=f"{deployed.run.sandbox_url}/control", timeout=30)


def _show_addresses(deployed: Deployed, pushed: Pushed) -> None:
    run, head = deployed.run, pushed.answer["day"]
    church = f"{run.sandbox_url}/churches/{CHURCH}"
    shown = {
        f"{run.sandbox_url}/": "both vendors as the church's staff see them",
        f"{church}/days/{head['date']}": "the day in WeGive",
        f"{church}/batches/{head['batch_id']}": "the batch in Planning Center",
        f"{run.endpoint_url}/_ministack/sqs/messages": "the queues of the local AWS",
        f"make push DATE={head['date']} DRY_RUN=1": "plan a day; without DRY_RUN=1 it is pushed",
        "make logs": "what the functions say",
        "make down": "stop it; the data is kept",
    }
    width = max(map(len, shown))
    print("\nLook around while it runs:")
    for place, meaning in shown.items():
        print(f"  {place:<{width}}  {meaning}")


if __name__ == "__main__":
    sys.exit(main())
