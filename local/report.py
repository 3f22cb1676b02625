"""A proof or a plan as a bookkeeper reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

WIDTH = 78
_STATUS = {
    "open": "is being pushed",
    "holding": "is complete but for held gifts; the batch waits for them",
    "committing": "is being committed by Planning Center",
    "committed": "is committed",
    "empty": "has no gift, and no batch",
    "refused": "was refused before anything was written",
    "stopped": "has stopped; somebody must act",
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


def proof_lines(proof: Mapping[str, Any], church: str) -> Iterator[str]:
    """The proof of one day."""
    batch = f"batch {proof['batch_id']}" if proof["batch_id"] else "no batch"
    yield f"Proof of {proof['date']} for {church}: {batch} {_STATUS[proof['status']]}."
    if proof["message"]:
        yield f"  {proof['message']}"
    yield ""
    yield f"  {'':<34}{'WeGive':>14}{'Planning Center':>18}"
    for fund in proof["funds"]:
        yield _row(fund["name"], fund["wegive_cents"], fund["planning_center_cents"])
    held_cents = sum(line["amount_cents"] for line in proof["held"])
    if proof["held"]:
        yield f"  {'held, not in the batch':<34}{money(held_cents):>14}"
    yield "  " + "-" * (WIDTH - 12)
    yield _row("total", proof["wegive_cents"], proof["planning_center_cents"])
    yield f"  {'gifts':<34}{proof['wegive_gifts']:>14}{proof['planning_center_gifts']:>18}"
    yield f"  {'fees':<34}{'':>14}{money(proof['fees_cents']):>18}"
    yield ""
    yield from _listed("Held, with the reason:", proof["held"])
    yield from _listed("Late, entered after the commit:", proof["late"])
    yield from _listed("Refunded:", proof["refunded"])
    if proof["findings"]:
        yield "For a person to look at:"
        for finding in proof["findings"]:
            yield from _wrapped(f"  [{finding['state']}] {finding['text']}")
    others = [f"{count} {_NOT_GIFTS.get(kind, kind)}" for kind, count in proof["not_gifts"].items()]
    if others:
        yield from _wrapped(f"Not gifts: {', '.join(others)}.")
    yield from _verdict(proof)


def _verdict(proof: Mapping[str, Any]) -> Iterator[str]:
    unexplained_cents = proof["unexplained_cents"]
    yield ""
    if unexplained_cents:
        yield f"UNEXPLAINED: {money(unexplained_cents)}"
    else:
        yield "Every cent is explained: unexplained 0.00"
    yield f"Planning Center requests: {proof['requests']}, seconds: {proof['seconds']}"


def plan_lines(plan: Mapping[str, Any], church: str) -> Iterator[str]:
    """What a push would do."""
    yield f"Plan of {plan['date']} for {church}; nothing was written."
    if plan["refused"]:
        yield from _wrapped(f"  A push would be refused: {plan['refused']}")
    yield f"  donations to create      {plan['donations_to_create']}  ({money(plan['cents_to_create'])})"
    yield f"  in the batch already     {plan['already_recorded']}"
    yield f"  donations to correct     {plan['donations_to_correct']}"
    yield f"  refunds to issue         {plan['refunds_to_issue']}"
    yield f"  people to create         {plan['people_to_create']}"
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
        amount = money(line["amount_cents"])
        yield from _wrapped(f"  payment {line['transaction_id']:<8}{amount:>10}  {line['reason']}")


def _wrapped(text: str) -> Iterator[str]:
    indent = len(text) - len(text.lstrip()) + 4
    line = ""
    for word in text.split(" "):
        if line.strip() and len(line) + len(word) + 1 > WIDTH + 20:
            yield line
            line = " " * indent + word
        else:
            line = f"{line} {word}" if line else word or " "
    yield line
