"""`python -m sandbox --port 8700 --state-dir DIR [--seed N] [--day YYYY-MM-DD]`: starts the server."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from sandbox.server import serve

USUAL_PORT = 8700
MOST_PORT = 65_535


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= MOST_PORT:
        raise argparse.ArgumentTypeError(f"a port lies between 0 and {MOST_PORT}")
    return port


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("a day is written YYYY-MM-DD") from error


def main() -> int:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="Planning Center and WeGive to try with."
    )
    parser.add_argument("--port", type=_port, default=USUAL_PORT, help="on 127.0.0.1, 8700 unless given")
    parser.add_argument(
        "--state-dir", type=Path, required=True, help="where the state is kept over a restart"
    )
    parser.add_argument("--seed", type=int, help="makes the sample church at the first start")
    parser.add_argument("--day", type=_day, help="the sample's Sunday; the last one unless given")
    arguments = parser.parse_args()
    return serve(arguments.port, arguments.state_dir, arguments.seed, arguments.day)


if __name__ == "__main__":
    sys.exit(main())
