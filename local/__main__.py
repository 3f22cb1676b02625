"""The commands of the Makefile that need the local AWS: ``python -m local up|down|...``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import EndpointConnectionError

from local import organization, push, services
from local.deployed import LOGGED_FUNCTIONS, Deployed
from local.processes import LocalRunError
from local.settings import LocalRun
from local.up import down, up

if TYPE_CHECKING:
    from collections.abc import Sequence

EXIT_UNSOUND = 1
EXIT_UNUSABLE = 2
EXIT_INTERRUPTED = 130
LOG_LINES_SHOWN = 200


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Returns:
        0; 1 when a push left something unexplained; 2 after a message that says what to do.
    """
    options = _parser().parse_args(arguments)
    commands = {"up": _up, "down": _down, "organization": _organization, "push": _push, "logs": _logs}
    try:
        return commands[options.command](LocalRun.from_environment(os.environ), options)
    except (LocalRunError, ValueError) as error:
        print(error, file=sys.stderr)
        return EXIT_UNUSABLE
    except EndpointConnectionError:
        print("The local AWS does not answer: run `make up` and try again.", file=sys.stderr)
        return EXIT_UNUSABLE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up")
    commands.add_parser("down")
    commands.add_parser("organization").add_argument("file", type=Path)
    pushing = commands.add_parser("push")
    pushing.add_argument("date")
    pushing.add_argument("--dry-run", action="store_true")
    pushing.add_argument("--organization", default="")
    commands.add_parser("logs")
    return parser


def _up(run: LocalRun, _options: argparse.Namespace) -> int:
    up(run)
    print("\nThe local AWS is up.")
    print(f"  AWS              {run.endpoint_url}  (log {services.local_aws(run).log})")
    if run.needs_sandbox:
        print(f"  Sandbox          {run.sandbox_url}/  (log {services.sandbox(run).log})")
    for name, url in (("Planning Center", run.planning_center_url), ("WeGive", run.wegive_url)):
        if url:
            print(f"  {name:15}  {url}")
    print("`make down` stops it and keeps its data.")
    return 0


def _down(run: LocalRun, _options: argparse.Namespace) -> int:
    stopped = down(run)
    print(f"Stopped {' and '.join(stopped)}; the data is kept." if stopped else "Nothing was running.")
    return 0


def _organization(run: LocalRun, options: argparse.Namespace) -> int:
    content = organization.read_file(options.file, run)
    answer = organization.register(Deployed.find(run), content)
    verb = "Registered" if answer["is_new"] else "Changed"
    print(f"{verb} {answer['name']} ({answer['organization_id']}).")
    print(f"  pushed every day at {answer['push_at']}, {answer['time_zone']}, from {answer['first_day']} on")
    for note in answer["notes"]:
        print(f"  {note}")
    return 0


def _push(run: LocalRun, options: argparse.Namespace) -> int:
    if not options.date:
        raise LocalRunError("Say which day: make push DATE=YYYY-MM-DD.")
    deployed = Deployed.find(run)
    organization_id = push.registered_organization(deployed, options.organization)
    what = "a plan" if options.dry_run else "a push"
    print(f"Asked for {what} of {options.date}; Ctrl-C leaves the worker at it.", flush=True)
    pushed = push.push(deployed, organization_id, options.date, dry_run=options.dry_run)
    push.show(pushed)
    return 0 if pushed.is_sound else EXIT_UNSOUND


def _logs(run: LocalRun, _options: argparse.Namespace) -> int:
    deployed = Deployed.find(run)
    lines = sorted(
        (moment, function, text)
        for function in LOGGED_FUNCTIONS
        for moment, text in deployed.log_lines(function)
        if not text.startswith(("START ", "END ", "REPORT "))
    )
    for _, function, text in lines[-LOG_LINES_SHOWN:]:
        print(f"{function}: {text}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
