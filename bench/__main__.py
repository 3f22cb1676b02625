"""`make bench`: measure what Narthex promises, print it as a table, keep it in build/bench.json."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from collections.abc import Sequence

from bench.table import missed, table
from local.environments import ROOT

PARTS = ("requests", "limiter", "cold_start", "money")
RESULT = ROOT / "build" / "bench.json"


def main(arguments: Sequence[str]) -> int:
    """Measure.

    Returns:
        0 when everything was measured: a target that was missed is shown, it is no error.
    """
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", default=[], help=f"only these: {', '.join(PARTS)}")
    options = parser.parse_args(arguments)
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    figures: dict[str, float | int] = {}
    for part in options.parts or PARTS:
        started = time.monotonic()
        print(f"measuring {part} ...", end="", file=sys.stderr, flush=True)
        figures |= importlib.import_module(f"bench.{part}").measure()
        print(f" {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    print("\n".join(table(figures)))
    if not options.parts:
        RESULT.parent.mkdir(parents=True, exist_ok=True)
        RESULT.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        print(f"\nAll figures are in {RESULT.relative_to(ROOT)}.")
    misses = missed(figures)
    print(f"Targets missed: {', '.join(misses) or 'none'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
