"""`make simulate`: play many schedules on all processors, print what went wrong and how to see it again."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice

from tests.simulation.pairs import count_calls, single_faults, with_a_second_fault
from tests.simulation.play import Schedule, Verdict, play

SHARES = (0.1, 0.3)
PROGRESS_EVERY = 100


def main(arguments: list[str]) -> int:
    """Play; 0 when every schedule ended clean."""
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=300, help="how many schedules")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument(
        "--share", type=float, help="part of all calls that go wrong (else 0.1 and 0.3 in turn)"
    )
    parser.add_argument(
        "--every",
        choices=("fault", "pair"),
        help="instead: every single fault, or every pair, on a small day",
    )
    parser.add_argument("--stride", type=int, default=1, help="with --every pair: only each n-th pair")
    parser.add_argument("--trace", action="store_true", help="show every call of the schedules")
    options = parser.parse_args(arguments)
    if options.seeds < 1:
        parser.error("SEEDS must be at least 1: nothing played proves nothing")
    if options.every:
        schedules: Iterable[Schedule] = _every(options.every == "pair", options.stride)
    else:
        schedules = seeded(options.seeds, options.seed, options.share)
    total = Total()
    for verdict in _played(schedules, trace=options.trace):
        total.add(verdict)
    print(total.line())
    return 0 if total.is_clean else 1


def seeded(count: int, first: int, share: float | None = None) -> Iterator[Schedule]:
    """Schedules by seed: both shares of faults in turn, with freezes.

    Half of them are delivered twice at once; a third gets a late gift after the commit.
    """
    for seed in range(first, first + count):
        yield Schedule(
            seed,
            SHARES[seed % 2] if share is None else share,
            freezes=True,
            parallel=seed % 4 >= 2,
            late=seed % 3 == 0,
        )


class Total:
    """Adds verdicts up, and tells of the bad ones as they come."""

    def __init__(self) -> None:
        self.schedules = self.lost = self.duplicated = self.stuck = self.orphans = self.repaired = 0

    @property
    def is_clean(self) -> bool:
        """Whether every schedule ended clean."""
        return not (self.lost or self.duplicated or self.stuck or self.orphans)

    def add(self, verdict: Verdict) -> None:
        """Count one verdict."""
        self.schedules += 1
        self.lost += verdict.lost
        self.duplicated += verdict.duplicated
        self.stuck += verdict.stuck
        self.orphans += verdict.orphans
        self.repaired += verdict.repaired
        for call in verdict.log:
            print("  ", *call)
        if not verdict.is_clean:
            print(f"FAILED {verdict.schedule}: {_what(verdict)}\n  {_again(verdict.schedule)}", flush=True)
        if self.schedules % PROGRESS_EVERY == 0:
            print(f"{self.schedules} schedules played", file=sys.stderr, flush=True)

    def line(self) -> str:
        """The last line; before it, how often the audit had to call a person."""
        print(f"confirmed by staff after an audit: {self.repaired}")
        return (
            f"schedules={self.schedules} lost={self.lost} duplicated={self.duplicated} "
            f"stuck={self.stuck} orphans={self.orphans}"
        )


def _what(verdict: Verdict) -> str:
    return (
        f"lost={verdict.lost} duplicated={verdict.duplicated} stuck={int(verdict.stuck)} "
        f"orphans={verdict.orphans} findings={','.join(verdict.findings) or 'none'}"
    )


def _again(schedule: Schedule) -> str:
    if schedule.told:
        return f"python -c 'from tests.simulation.play import *; print(play({schedule!r}))'"
    return f"make simulate SEEDS=1 SEED={schedule.seed} SHARE={schedule.share} TRACE=1"


def _played(schedules: Iterable[Schedule], *, trace: bool) -> Iterator[Verdict]:
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        waiting = iter(schedules)
        while chunk := list(islice(waiting, 200)):
            yield from pool.map(_traced if trace else play, chunk, chunksize=5)


def _traced(schedule: Schedule) -> Verdict:
    return play(schedule, keeps_log=True)


def _every(pairs: bool, stride: int) -> Iterator[Schedule]:  # noqa: FBT001
    singles = list(single_faults(count_calls()))
    if not pairs:
        yield from singles
        return
    seen = 0
    for single in singles:
        for schedule in with_a_second_fault(single):
            if seen % stride == 0:
                yield schedule
            seen += 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
