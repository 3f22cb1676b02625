from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox.planning_center.church import Church

if TYPE_CHECKING:
    import httpx


def counts(answer: httpx.Response) -> tuple[str, str, str]:
    prefix = "x-pco-api-request-rate-"
    return (
        answer.headers[f"{prefix}limit"],
        answer.headers[f"{prefix}period"],
        answer.headers[f"{prefix}count"],
    )


def test_people_and_giving_share_one_counter(church: Church) -> None:
    church.options.limit = 100

    answers = [church.get(path) for path in ("/people/v2/me", "/giving/v2/me", "/people/v2/me")]

    assert [counts(answer) for answer in answers] == [
        ("100", "20", "1"),
        ("100", "20", "2"),
        ("100", "20", "3"),
    ]


def test_one_request_too_many_is_a_429_that_says_when_to_come_back(church: Church) -> None:
    church.options.limit = 2
    church.get("/people/v2/me")
    church.wait(5)
    church.get("/people/v2/me")

    answer = church.get("/people/v2/me")

    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "15"
    assert counts(answer) == ("2", "20 seconds", "3")
    assert answer.json()["errors"] == [
        {
            "code": "429",
            "title": "Too Many Requests",
            "detail": "Rate limit exceeded: 3 of 2 requests per 20 seconds",
        }
    ]


def test_a_refused_request_takes_no_effect_and_counts(church: Church) -> None:
    church.options.limit = 1
    church.get("/people/v2/me")

    refused = [
        church.post("/people/v2/people", {"data": {"attributes": {"first_name": "Ada"}}}) for _ in "ab"
    ]
    church.wait(20)

    assert [counts(answer)[2] for answer in refused] == ["2", "3"]
    assert church.data("/people/v2/people") == []


def test_a_fixed_window_opens_with_the_first_call_and_closes_after_the_period(church: Church) -> None:
    church.get("/people/v2/me")
    church.wait(19.9)
    late = church.get("/people/v2/me")
    church.wait(0.1)

    anew = church.get("/people/v2/me")

    assert (counts(late)[2], counts(anew)[2]) == ("2", "1")


def test_a_sliding_window_forgets_one_request_at_a_time(church: Church) -> None:
    church.options.window = "sliding"
    church.options.limit = 2
    church.get("/people/v2/me")
    church.wait(12)
    church.get("/people/v2/me")
    church.wait(8)

    third = church.get("/people/v2/me")
    fourth = church.get("/people/v2/me")

    assert (third.status_code, counts(third)[2]) == (200, "2")
    assert (fourth.status_code, fourth.headers["retry-after"]) == (429, "20")


def test_the_limit_can_be_cut_while_it_runs(church: Church) -> None:
    church.get("/people/v2/me")
    church.options.limit = 1

    assert church.get("/people/v2/me").status_code == 429


def test_retry_after_can_be_negative(church: Church) -> None:
    church.options.limit = 0
    church.options.retry_after_seconds = -7

    assert church.get("/people/v2/me").headers["retry-after"] == "-7"


def test_deep_offsets_have_a_lower_limit(church: Church) -> None:
    church.options.limit = 100
    church.options.deep_offset_limit = 1
    church.get("/people/v2/people", offset=30_000)

    answer = church.get("/people/v2/people", offset=30_001)

    assert (answer.status_code, counts(answer)[0]) == (429, "1")


def test_an_unrouted_path_is_counted_apart(church: Church) -> None:
    church.get("/people/v2/me")

    unrouted = church.get("/people/v2/nothing")

    assert unrouted.status_code == 404
    assert counts(unrouted)[1:] == ("20 seconds", "1")


@pytest.mark.parametrize("window", ["fixed", "sliding"])
def test_whoever_waits_as_told_is_let_in(window: str) -> None:
    church = Church()
    church.options.window = window  # type: ignore[assignment]
    church.options.limit = 3
    answers = [church.get("/people/v2/me") for _ in range(5)]

    church.wait(int(answers[-1].headers["retry-after"]))

    assert church.get("/people/v2/me").status_code == 200
    church.client.close()
