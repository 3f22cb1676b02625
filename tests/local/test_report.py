from __future__ import annotations

from typing import Any

import pytest

from local.report import WIDTH, progress_line, proof_lines, review_lines

PROOF: dict[str, Any] = {
    "date": "2026-11-15",
    "status": "committed",
    "batch_id": "1",
    "message": None,
    "wegive_gifts": 3,
    "wegive_cents": 1_234_500,
    "planning_center_gifts": 2,
    "planning_center_cents": 1_230_000,
    "unexplained_cents": 0,
    "fees_cents": -245,
    "funds": [{"name": "General Fund", "wegive_cents": 1_230_000, "planning_center_cents": 1_230_000}],
    "held": [
        {
            "transaction_id": "610031",
            "amount_cents": 4_500,
            "reason": "donor 41050 waits for a decision: the email's only owner bears another first name",
        }
    ],
    "late": [],
    "refunded": [],
    "not_gifts": {"test": 1},
    "findings": [],
    "seconds": 74.6,
}


def printed(**changes: Any) -> list[str]:  # noqa: ANN401 - any JSON
    return list(proof_lines(PROOF | changes, "Grace Church", 236))


def head(status: str, **progress: int) -> dict[str, Any]:
    nothing = {"gifts": 0, "recorded": 0, "held": 0, "donors": 0, "matched": 0}
    return {"status": status, "progress": nothing | progress}


def test_a_proof_says_how_wegives_total_comes_about() -> None:
    text = " ".join(" ".join(printed()).split())

    assert "Every cent is explained: 12,345.00 in WeGive = 12,300.00 in Planning Center + 45.00 held." in text


def test_a_proof_that_does_not_add_up_says_so_first() -> None:
    text = " ".join(" ".join(printed(unexplained_cents=500, planning_center_cents=1_229_500)).split())

    assert "NOT every cent is explained" in text
    assert "5.00 UNEXPLAINED" in text


def test_what_only_a_finding_explains_is_a_part_of_its_own() -> None:
    text = " ".join(" ".join(printed(planning_center_cents=1_229_000)).split())

    assert "+ 45.00 held + 10.00 for a person to look at." in text


def test_a_long_reason_goes_on_below_its_first_word() -> None:
    lines = printed()
    first = next(number for number, line in enumerate(lines) if "payment 610031" in line)

    column = lines[first].index("donor 41050")
    assert lines[first + 1][:column].strip() == ""
    assert lines[first + 1][column] != " "


def test_no_line_is_wider_than_a_terminal() -> None:
    assert max(map(len, printed())) <= WIDTH


def test_the_columns_of_both_vendors_end_at_the_same_place() -> None:
    lines = printed()
    header = next(line for line in lines if "WeGive " in line and "Fund" in line)
    total = next(line for line in lines if line.startswith("  Total"))

    assert len(total) == len(header)
    assert total.index("12,345.00") + len("12,345.00") == header.index("WeGive") + len("WeGive")


@pytest.mark.parametrize(
    ("shown", "line"),
    [
        (head("open"), "    12 s  reading the day"),
        (head("open", donors=92, matched=10), "    12 s  matching donors   10 of 92 donors"),
        (head("open", gifts=112, recorded=3, held=6), "    12 s  entering gifts     3 of 112 gifts, 6 held"),
        (head("committed", gifts=2, recorded=2), "    12 s  committed          2 of 2 gifts"),
    ],
)
def test_progress_tells_what_is_being_done(shown: dict[str, Any], line: str) -> None:
    assert progress_line(shown, 12.3) == line


def test_a_question_names_the_donor_and_the_people_to_choose_from() -> None:
    review = {"donor_id": "41048", "question": "Which of these people?", "candidate_ids": ["31", "32"]}

    assert list(review_lines([review]))[1:] == [
        "  donor 41048     Which of these people? Candidates: 31, 32."
    ]
