"""`make bench`: measure what Narthex promises, print it as a table, keep it in build/bench.json."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
import traceback
from collections.abc import Sequence

from bench.table import missed, table
from local.environments import ROOT

PARTS = ("requests", "limiter", "cold_start", "money")
EXIT_NOT_MEASURED = 1
RESULT = ROOT / "build" / "bench.json"


def main(arguments: Sequence[str]) -> int:
    """Measure.

    Returns:
        0 when everything was measured: a target that was missed is shown, it is no error. 1 when a part could
        not be measured; the others are shown, and build/bench.json stays as it is.
    """
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", default=[], help=f"only these: {', '.join(PARTS)}")
    options = parser.parse_args(arguments)
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    figures: dict[str, float | int] = {}
    failed: list[str] = []
    for part in options.parts or PARTS:
        started = time.monotonic()
        print(f"measuring {part} ...", end="", file=sys.stderr, flush=True)
        try:
            figures |= importlib.import_module(f"bench.{part}").measure()
        except Exception:  # noqa: BLE001 - whatever it was, the other parts can be measured
            failed.append(part)
            print(f"\n{traceback.format_exc()}", file=sys.stderr, flush=True)
        else:
            print(f" {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    if figures:
        print("\n".join(table(figures)))
        print(f"Targets missed: {', '.join(missed(figures)) or 'none'}.")
    if failed:
        print(f"Not measured: {', '.join(failed)}; the reason is above.", file=sys.stderr)
        return EXIT_NOT_MEASURED
    if not options.parts:
        RESULT.parent.mkdir(parents=True, exist_ok=True)
        RESULT.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        print(f"All figures are in {RESULT.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
