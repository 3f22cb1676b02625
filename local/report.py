"""A proof or a plan as a bookkeeper reads it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

WIDTH = 78
LARGEST_INDENT = 32
_STATUS = {
    "open": "is being pushed",
    "holding": "is complete but for held gifts; the batch waits for them",
    "committing": "is being committed by Planning Center",
    "committed": "is committed",
    "empty": "has no gift, and no batch",
    "refused": "was refused before anything was written",
    "stopped": "has stopped; somebody must act",
}
_DOING = {
    "open": "entering gifts",
    "committing": "committing",
    "holding": "holding",
}
_NOT_GIFTS = {
    "waiting": "still pending at the bank",
    "failed": "failed",
    "test": "test payment",
    "service_revenue": "service revenue (tickets and the like)",
    "archived": "archived",
    "refunded": "refunded in full",
    "partly_refunded": "refunded in part",
    "reversed": "came back from the bank",
}


def money(amount_cents: int) -> str:
    """Cents as dollars: -123456 is "-1,234.56"."""
    sign = "-" if amount_cents < 0 else ""
    whole, cents = divmod(abs(amount_cents), 100)
    return f"{sign}{whole:,}.{cents:02d}"


def progress_line(head: Mapping[str, Any], seconds: float) -> str:
    """Where a day stands that is being pushed, so many seconds after somebody began to wait."""
    progress = head["progress"]
    counts = f"{progress['recorded']:>4} of {progress['gifts']} gifts"
    if progress["held"]:
        counts += f", {progress['held']} held"
    doing = _DOING.get(head["status"], head["status"])
    if head["status"] == "open" and progress["matched"] < progress["donors"]:
        doing, counts = "matching donors", f"{progress['matched']:>4} of {progress['donors']} donors"
    elif head["status"] == "open" and not progress["gifts"]:
        doing, counts = "reading the day", ""
    return f"  {seconds:>4.0f} s  {doing:<16}{counts}".rstrip()


def proof_lines(proof: Mapping[str, Any], church: str, requests: int) -> Iterator[str]:
    """The proof of one day.

    Args:
        proof: As read_proof answers it.
        church: The organization's name.
        requests: Planning Center requests that the day has taken so far.
    """
    batch = f"batch {proof['batch_id']}" if proof["batch_id"] else "no batch"
    yield f"Proof of {proof['date']} for {church}: {batch} {_STATUS[proof['status']]}."
    if proof["message"]:
        yield from _wrapped("  ", proof["message"])
    yield ""
    yield f"  {'Fund':<34}{'WeGive':>14}{'Planning Center':>18}"
    for fund in proof["funds"]:
        yield _row(fund["name"], fund["wegive_cents"], fund["planning_center_cents"])
    if proof["held"]:
        yield f"  {'held, not in the batch':<34}{money(_held_cents(proof)):>14}"
    yield "  " + "-" * (WIDTH - 12)
    yield _row("Total", proof["wegive_cents"], proof["planning_center_cents"])
    yield f"  {'Gifts':<34}{proof['wegive_gifts']:>14}{proof['planning_center_gifts']:>18}"
    yield f"  {'Fees':<34}{'':>14}{money(proof['fees_cents']):>18}"
    yield ""
    yield from _listed("Held, with the reason:", proof["held"])
    yield from _listed("Late, entered after the commit:", proof["late"])
    yield from _listed("Refunded:", proof["refunded"])
    if proof["findings"]:
        yield "For a person to look at:"
        for finding in proof["findings"]:
            yield from _wrapped(f"  {finding['state']:<10}", finding["text"])
    others = [f"{count} {_NOT_GIFTS.get(kind, kind)}" for kind, count in proof["not_gifts"].items()]
    if others:
        yield from _wrapped("Not gifts: ", f"{', '.join(others)}.")
    yield ""
    yield from _verdict(proof)
    yield f"Planning Center requests: {requests}, seconds: {proof['seconds']}"


def review_lines(reviews: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What the church's staff are asked about its donors."""
    if not reviews:
        return
    yield "Asked of the church's staff, once for each donor:"
    for review in reviews:
        known = ", ".join(review["candidate_ids"])
        candidates = f" Candidates: {known}." if known else ""
        yield from _wrapped(f"  donor {review['donor_id']:<10}", f"{review['question']}{candidates}")


def _verdict(proof: Mapping[str, Any]) -> Iterator[str]:
    """How WeGive's total comes about; a part that nothing explains stands there as such."""
    parts = [f"{money(proof['planning_center_cents'])} in Planning Center"]
    if held_cents := _held_cents(proof):
        parts.append(f"{money(held_cents)} held")
    unexplained_cents = proof["unexplained_cents"]
    found_cents = proof["wegive_cents"] - proof["planning_center_cents"] - held_cents - unexplained_cents
    if found_cents:
        parts.append(f"{money(found_cents)} for a person to look at")
    if unexplained_cents:
        parts.append(f"{money(unexplained_cents)} UNEXPLAINED")
    said = "NOT every cent is explained" if unexplained_cents else "Every cent is explained"
    yield f"{said}:"
    yield from _wrapped("  ", f"{money(proof['wegive_cents'])} in WeGive = {' + '.join(parts)}.")


def _held_cents(proof: Mapping[str, Any]) -> int:
    return sum(int(line["amount_cents"]) for line in proof["held"])


def plan_lines(plan: Mapping[str, Any], church: str) -> Iterator[str]:
    """What a push would do."""
    yield f"Plan of {plan['date']} for {church}; nothing was written."
    if plan["refused"]:
        yield from _wrapped("  A push would be refused: ", plan["refused"])
    yield f"  donations to create      {plan['donations_to_create']}  ({money(plan['cents_to_create'])})"
    yield f"  in the batch already     {plan['already_recorded']}"
    yield f"  donations to correct     {plan['donations_to_correct']}"
    yield f"  refunds to issue         {plan['refunds_to_issue']}"
    yield f"  people to create         {plan['people_to_create']}"
    if plan["donors_not_looked_up"]:
        yield f"  donors not looked up     {plan['donors_not_looked_up']}  (too many for one run)"
    yield f"  people to link           {plan['people_to_link']}"
    yield f"  questions for staff      {plan['reviews_to_open']}"
    yield f"  funds to create          {', '.join(plan['funds_to_create']) or 'none'}"
    yield from _listed("Would be held, with the reason:", plan["held"])
    minutes = plan["minutes"]
    about = "under a minute" if minutes <= 1 else f"about {minutes} minutes"
    yield f"Planning Center requests: about {plan['requests']}, {about} at the shared limit."


def _row(name: str, wegive_cents: int, planning_center_cents: int) -> str:
    return f"  {name[:33]:<34}{money(wegive_cents):>14}{money(planning_center_cents):>18}"


def _listed(title: str, lines: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not lines:
        return
    yield title
    for line in lines:
        start = f"  payment {line['transaction_id']:<8}{money(line['amount_cents']):>12}  "
        yield from _wrapped(start, line["reason"])


def _wrapped(start: str, text: str) -> Iterator[str]:
    """A text behind its start, its further lines below its first."""
    indent = " " * min(len(start), LARGEST_INDENT)
    yield from textwrap.wrap(
        start + text, WIDTH, subsequent_indent=indent, break_long_words=False, drop_whitespace=True
    )
