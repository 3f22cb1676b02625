"""A day's proof and a dry run's plan as plain text for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_LINES = 20
"""Gifts of one kind that are listed; the rest is counted."""


def money(cents: int) -> str:
    """Cents as people write dollars: 123456 is "1,234.56"."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def proof_text(answer: Mapping[str, Any]) -> str:
    """Render what read_proof answered for a day that has a proof.

    Args:
        answer: The answer of `ReadProofFunction`: organization, day, proof, reviews.
    """
    proof = answer["proof"]
    lines = [
        f"Proof of {proof['date']}, {answer['organization']['name']}",
        f"  batch {proof['batch_id'] or 'none'}, {proof['status']}",
        "",
        *_table(
            ("", "gifts", "cents"),
            [
                ("WeGive", str(proof["wegive_gifts"]), money(proof["wegive_cents"])),
                (
                    "Planning Center",
                    str(proof["planning_center_gifts"]),
                    money(proof["planning_center_cents"]),
                ),
                ("unexplained", "", money(proof["unexplained_cents"])),
                ("fees", "", money(proof["fees_cents"])),
            ],
        ),
        "",
        *_table(
            ("by fund", "WeGive", "Planning Center"),
            [
                (fund["name"], money(fund["wegive_cents"]), money(fund["planning_center_cents"]))
                for fund in proof["funds"]
            ],
        ),
    ]
    for title in ("held", "late", "refunded"):
        lines += _gifts(title, proof[title])
    lines += _notes("not gifts", [f"{kind}: {count}" for kind, count in proof["not_gifts"].items()])
    lines += _notes("findings", [f"{finding['text']} ({finding['state']})" for finding in proof["findings"]])
    lines += _notes("reviews that wait for a person", [review["question"] for review in answer["reviews"]])
    if proof.get("message"):
        lines += ["", f"  {proof['message']}"]
    return "\n".join([*lines, "", f"  {proof['requests']} requests in {proof['seconds']:.0f} s"])


def plan_text(plan: Mapping[str, Any]) -> str:
    """Render a dry run's plan."""
    if plan.get("refused"):
        return f"A push of {plan['date']} would be refused: {plan['refused']}"
    amount = money(plan["cents_to_create"])
    lines = [
        f"A push of {plan['date']} would",
        f"  create {plan['donations_to_create']} donations of {amount} in all",
        f"  leave {plan['already_recorded']} as they are, correct {plan['donations_to_correct']},"
        f" refund {plan['refunds_to_issue']}",
        f"  link {plan['people_to_link']} people, create {plan['people_to_create']},"
        f" ask about {plan['reviews_to_open']}",
        f"  create {len(plan['funds_to_create'])} funds{_named(plan['funds_to_create'])}",
        f"  take {plan['requests']} requests, about {plan['minutes']} min at the shared limit",
        *_gifts("held", plan["held"]),
    ]
    return "\n".join([*lines, "", "  Nothing was written."])


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    return [
        "  "
        + "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (head, *rows)
    ]


def _gifts(title: str, gifts: Sequence[Mapping[str, Any]]) -> list[str]:
    total = money(sum(gift["amount_cents"] for gift in gifts))
    notes = [f"{money(gift['amount_cents'])}  {gift['transaction_id']}: {gift['reason']}" for gift in gifts]
    return _notes(f"{title} ({len(gifts)}, {total})", notes)


def _notes(title: str, notes: Sequence[str]) -> list[str]:
    if not notes:
        return []
    more = [f"    and {len(notes) - MOST_LINES} more"] if len(notes) > MOST_LINES else []
    return ["", f"  {title}", *(f"    {note}" for note in notes[:MOST_LINES]), *more]


def _named(names: Iterable[str]) -> str:
    listed = ", ".join(names)
    return f" ({listed})" if listed else ""
