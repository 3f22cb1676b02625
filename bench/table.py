"""The figures as a table: what each is, what was aimed at, and whether it was reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.cold_start import functions, talks_to_a_vendor

Figures = Mapping[str, float | int]


@dataclass(frozen=True, slots=True)
class Target:
    """A bound for the figures whose name begins with `prefix` (or is it), and what they mean."""

    prefix: str
    meaning: str
    at_most: float | None = None
    at_least: float | None = None

    def is_met(self, value: float) -> bool:
        """Whether the value keeps the bounds."""
        keeps_top = self.at_most is None or value <= self.at_most
        return keeps_top and (self.at_least is None or value >= self.at_least)

    @property
    def bound(self) -> str:
        """The bound as text; empty for a figure that is only stated."""
        if self.at_most is not None:
            return f"<= {self.at_most:g}"
        return f">= {self.at_least:g}" if self.at_least is not None else ""


# The first whose prefix fits counts.
TARGETS = (
    Target("requests_per_gift_known", "Planning Center requests, day of 1,000 gifts of known donors", 1.03),
    Target("requests_per_gift_naive", "the same by a naive pusher"),
    Target("requests_per_gift_first", "the same, donors matched for the first time"),
    Target("requests_per_gift_new", "new donors with email, phone and address; its parts"),
    Target("requests_", "requests of the day of 1,000 gifts, by purpose"),
    Target("budget_used_peer", "zae-limiter's part of 70 in 20 s"),
    Target("budget_used", "part of 70 in 20 s used under load", at_least=0.95),
    Target("max_requests_in_20s", "most requests that the vendor saw in any 20 s", 70),
    Target("answers_429_share_in_cut", "429 answers in a sudden cut to 10 in 20 s", 0.005),
    Target("answers_429", "429 answers", 0),
    Target("dynamodb_calls_per_request_peer", "zae-limiter's calls for a request"),
    Target("dynamodb_calls_per_request_late", "the limiter's calls, answers 0.3 s late"),
    Target("dynamodb_calls_per_request_16", "the limiter's calls for a request", 1.2),
    Target("dynamodb_calls_per_request", "the limiter's calls for a request", 0.3),
    Target("dynamodb_reads", "the limiter's reads", 0),
    Target("money_unexplained_cents", "cents that no proof explains", 0),
    Target("money_gifts", "generated gifts in the money property"),
    Target("cold_start_milliseconds", "processor time of a first start, this machine only"),
    *(
        Target(f"cold_start_{name}", "a worker's first start as a part of a typical stack's", 0.8)
        for name in functions()
        if talks_to_a_vendor(name)
    ),
    Target("cold_start", "first start as a part of a typical stack's", 0.45),
)


def target_of(name: str) -> Target:
    """What is known of a figure; one that nobody described is only stated."""
    return next((target for target in TARGETS if name.startswith(target.prefix)), Target(name, ""))


def table(figures: Figures) -> Iterator[str]:
    """The lines of the table."""
    width = max(len(name) for name in figures)
    yield f"{'figure':<{width}}  {'value':>10}  {'target':>8}  {'':<7}  meaning"
    for name, value in figures.items():
        target = target_of(name)
        verdict = "" if not target.bound else "met" if target.is_met(value) else "NOT MET"
        yield f"{name:<{width}}  {value:>10,}  {target.bound:>8}  {verdict:<7}  {target.meaning}"


def missed(figures: Figures) -> list[str]:
    """The figures that miss their target."""
    return [name for name, value in figures.items() if not target_of(name).is_met(value)]
