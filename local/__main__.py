"""The commands of the Makefile that need the local AWS: ``python -m local up|down|...``."""

from __future__ import annotations

import os
import sys

from local import services
from local.processes import LocalRunError
from local.settings import LocalRun
from local.up import down, up

EXIT_UNUSABLE = 2


def main(arguments: list[str]) -> int:
    """Run one command.

    Returns:
        0, or 2 after a message on standard error that says what to do.
    """
    commands = {"up": _up, "down": _down}
    if not arguments or arguments[0] not in commands:
        print(f"Say one of: {', '.join(commands)}.", file=sys.stderr)
        return EXIT_UNUSABLE
    try:
        return commands[arguments[0]](LocalRun.from_environment(os.environ))
    except (LocalRunError, ValueError) as error:
        print(error, file=sys.stderr)
        return EXIT_UNUSABLE
    except KeyboardInterrupt:
        return 130


def _up(run: LocalRun) -> int:
    up(run)
    print("\nThe local AWS is up.")
    print(f"  AWS        {run.endpoint_url}  (log {services.local_aws(run).log})")
    if run.needs_sandbox:
        print(f"  Sandbox    {run.sandbox_url}/  (log {services.sandbox(run).log})")
    for name, url in (("Planning Center", run.planning_center_url), ("WeGive", run.wegive_url)):
        if url:
            print(f"  {name}: {url}")
    print("`make down` stops it and keeps its data.")
    return 0


def _down(run: LocalRun) -> int:
    stopped = down(run)
    print(f"Stopped {' and '.join(stopped)}; the data is kept." if stopped else "Nothing was running.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
