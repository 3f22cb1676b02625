from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from sandbox.faults import Fault, FaultKind

if TYPE_CHECKING:
    from tests.sandbox.wegive.desk import Desk

FIND_OR_CREATE = "/donors/find-or-create"
ADA = {"type": "individual", "email": "ada@example.org"}


def add_fault(desk: Desk, kind: FaultKind, **fields: float | str) -> None:
    desk.faults.add(Fault("wegive", kind, **fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "status", "content_type"),
    [
        (FaultKind.ERROR_WITHOUT_EFFECT, 500, "application/json"),
        (FaultKind.MAINTENANCE, 503, "application/json"),
        (FaultKind.UNAUTHORIZED, 401, "application/json"),
        (FaultKind.FORBIDDEN, 403, "application/json"),
        (FaultKind.HTML_403, 403, "text/html"),
        (FaultKind.HTML_502, 502, "text/html"),
        (FaultKind.HTML_200, 200, "text/html"),
    ],
)
def test_an_error_before_the_handler_leaves_nothing_behind(
    desk: Desk, kind: FaultKind, status: int, content_type: str
) -> None:
    add_fault(desk, kind)

    answer = desk.client.post(FIND_OR_CREATE, json=ADA)

    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (status, content_type)
    assert desk.ids("/donors") == []


def test_an_error_with_effect_leaves_the_donor_behind(desk: Desk) -> None:
    add_fault(desk, FaultKind.ERROR_WITH_EFFECT)

    assert desk.client.post(FIND_OR_CREATE, json=ADA).status_code == 500
    assert len(desk.ids("/donors")) == 1


@pytest.mark.parametrize(("kind", "count"), [(FaultKind.LOST_REQUEST, 0), (FaultKind.LOST_ANSWER, 1)])
def test_silence_may_or_may_not_mean_that_it_took_effect(desk: Desk, kind: FaultKind, count: int) -> None:
    add_fault(desk, kind)

    with pytest.raises(httpx.ReadTimeout):
        desk.client.post(FIND_OR_CREATE, json=ADA)

    assert len(desk.ids("/donors")) == count


def test_a_late_effect_shows_when_its_time_has_come(desk: Desk) -> None:
    add_fault(desk, FaultKind.LATE_EFFECT, seconds=60)
    with pytest.raises(httpx.ReadTimeout):
        desk.client.post(FIND_OR_CREATE, json=ADA)

    early = desk.ids("/donors")
    desk.wait(61)

    assert early == []
    assert len(desk.ids("/donors")) == 1


def test_a_storm_of_429_says_how_long_to_wait(desk: Desk) -> None:
    add_fault(desk, FaultKind.TOO_MANY, times=2, seconds=30)

    answers = [desk.client.get("/funds") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "30"


def test_json_can_break_off(desk: Desk) -> None:
    add_fault(desk, FaultKind.TRUNCATED_JSON)

    answer = desk.client.get("/funds")

    with pytest.raises(ValueError, match=r"char|Expecting|Unterminated"):
        answer.json()


def test_a_slow_answer_comes_too_late_for_the_impatient(desk: Desk) -> None:
    add_fault(desk, FaultKind.SLOW, seconds=30)

    with pytest.raises(httpx.ReadTimeout):
        desk.client.post(FIND_OR_CREATE, json=ADA, timeout=10)

    assert len(desk.ids("/donors")) == 1


def test_a_fault_waits_for_the_path_it_is_for(desk: Desk) -> None:
    add_fault(desk, FaultKind.MAINTENANCE, path="/api/dashboard/donors.*")

    assert desk.client.get("/funds").status_code == 200
    assert desk.client.get("/donors").status_code == 503


def test_an_unanswered_request_is_logged_with_status_0(desk: Desk) -> None:
    add_fault(desk, FaultKind.LOST_ANSWER)

    with pytest.raises(httpx.ReadTimeout):
        desk.client.get("/funds")

    assert [entry.status for entry in desk.log.entries()] == [0]
