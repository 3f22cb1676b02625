"""How many Planning Center requests a gift costs: the product's push, and a naive one beside it.

Counted by the sandbox's own request log, from the first run of a day to its committed proof, continuations
included. The audits of the days after are counted apart. Run: ``python -m bench requests``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from bench.church import BenchmarkError, ChurchInProcess, Days, Product, morning_after
from bench.naive import NaivePusher
from narthex.domain.ledger import DayStatus
from narthex.services.work_day import AUDITS_MS
from sandbox.request_log import Entry

_KINDS = (
    ("donations", r"POST /giving/v2/batches/\d+/donations"),
    ("list", r"GET /giving/v2/batches/\d+/donations"),
    ("batch", r"(GET|POST|DELETE) /giving/v2/batches(/.*)?"),
    ("settings", r"(GET|POST) /giving/v2/(funds|payment_sources|labels)(/.*)?"),
    ("search", r"GET /people/v2/(emails|people/\d+|person_mergers)"),
    ("people", r"POST /people/v2/people"),
    ("emails", r"POST /people/v2/people/\d+/emails"),
    ("phones", r"POST /people/v2/people/\d+/phone_numbers"),
    ("addresses", r"POST /people/v2/people/\d+/addresses"),
)
_BY_ID = re.compile(r"where%5Bid%5D|where\[id\]")


def measure(days: Days | None = None) -> dict[str, float | int]:
    """Push the days with the product, then with the naive pusher.

    Returns:
        Requests per gift for known and new donors, each with its breakdown (`requests_known_*` for the whole
        day, `requests_per_gift_new_*`), per audit, and the naive pusher's.

    Raises:
        BenchmarkError: A day did not end committed, complete and proven.
    """
    days = days or Days()
    church = ChurchInProcess(days.church(), morning_after(days.first))
    product = Product(church)
    first_meeting = _push(church, product, days.first)
    _audit(church, product, days.first)
    runs_before = product.runs
    known = _push(church, product, days.second)
    known_runs = product.runs - runs_before
    audits = _audit(church, product, days.second)
    new = _push(church, product, days.third)
    return {
        "requests_per_gift_known": _per_gift(known.total(), days.known_gifts),
        **{f"requests_known_{kind}": count for kind, count in sorted(known.items())},
        "requests_known_runs": known_runs,
        "requests_per_gift_first_meeting": _per_gift(first_meeting.total(), days.known_gifts),
        f"requests_per_audit_{days.known_gifts}": round(audits.total() / len(AUDITS_MS), 1),
        "requests_per_gift_new": _per_gift(new.total(), days.new_gifts),
        **{
            f"requests_per_gift_new_{kind}": _per_gift(count, days.new_gifts)
            for kind, count in sorted(new.items())
        },
        **_measure_naive(days),
    }


def _per_gift(requests: int, gifts: int) -> float:
    return round(requests / gifts, 4)


def _measure_naive(days: Days) -> dict[str, float | int]:
    church = ChurchInProcess(days.church(), morning_after(days.second))
    figures: dict[str, float | int] = {}
    for name, day in (("known", days.second), ("new", days.third)):
        before = len(church.donations())
        NaivePusher(church).push(day)
        gifts = len(church.gifts_of(day))
        if len(church.donations()) - before != gifts:
            raise BenchmarkError(f"the naive pusher did not enter {gifts} gifts")
        requests = _by_kind(church.new_requests())
        figures[f"requests_per_gift_naive_{name}"] = _per_gift(requests.total(), gifts)
    return figures


def _push(church: ChurchInProcess, product: Product, day: date) -> Counter[str]:
    church.new_requests()
    before = len(church.donations())
    product.start(day)
    product.work_until(day, lambda head: head.status is DayStatus.COMMITTED)
    gifts, entered = len(church.gifts_of(day)), len(church.donations()) - before
    head = product.day(day)
    proof = product.proof(day)
    if entered != gifts or proof.get("status") != head.status.value or proof.get("unexplained_cents") != 0:
        raise BenchmarkError(f"{day}: {entered} of {gifts} gifts were entered and proven")
    return _by_kind(church.new_requests())


def _audit(church: ChurchInProcess, product: Product, day: date) -> Counter[str]:
    church.new_requests()
    product.work_until(day, lambda head: head.audits_done == len(AUDITS_MS))
    return _by_kind(church.new_requests())


def _by_kind(entries: Iterable[Entry]) -> Counter[str]:
    return Counter(_kind(entry) for entry in entries)


def _kind(entry: Entry) -> str:
    call = f"{entry.method} {entry.path}"
    if call == "GET /people/v2/people":
        return "who_lives" if _BY_ID.search(entry.query) else "search"
    for kind, pattern in _KINDS:
        if re.fullmatch(pattern, call):
            return kind
    return "other"
