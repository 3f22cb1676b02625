"""Planning Center answers badly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from local.deployed import Deployed
from tests.e2e.local_church import LocalChurch, control

CREATE_DONATION = r".*/batches/[^/]+/donations"


@pytest.fixture
def _no_faults_left(deployed: Deployed) -> Iterator[None]:
    yield
    with control(deployed) as desk:
        desk.delete("/faults").raise_for_status()


def break_donation(church: LocalChurch, kind: str) -> None:
    fault = {
        "vendor": "planning_center",
        "kind": kind,
        "method": "POST",
        "path": CREATE_DONATION,
        "skip": 1,
    }
    with control(church.deployed) as desk:
        desk.post("/faults", json=fault).raise_for_status()


@pytest.mark.usefixtures("_no_faults_left")
@pytest.mark.parametrize(
    ("kind", "weeks"), [("lost_answer", 9), ("lost_request", 10), ("error_with_effect", 11)]
)
def test_a_donation_whose_answer_does_not_come_is_entered_once(
    hillside: LocalChurch, kind: str, weeks: int
) -> None:
    day = hillside.weeks_before(weeks)
    amounts_cents = [5001, 5002, 5002]
    hillside.add_gifts(day, amounts_cents)
    break_donation(hillside, kind)

    pushed = hillside.push(day)

    assert hillside.donated_cents(day) == Counter(amounts_cents)
    assert pushed.is_committed
    assert pushed.is_sound
