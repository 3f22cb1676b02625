"""Small days, so that the counts can be told one by one."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from bench import requests
from bench.church import BenchmarkError, ChurchInProcess, Days, Product, morning_after
from bench.naive import NaivePusher
from narthex.domain.ledger import DayStatus

DAYS = Days(known_gifts=12, new_gifts=3)


@pytest.fixture(scope="module")
def figures() -> dict[str, float | int]:
    return requests.measure(DAYS)


def test_a_known_donors_gift_costs_one_request_beside_what_the_day_costs(
    figures: dict[str, float | int],
) -> None:
    assert figures["requests_known_donations"] == DAYS.known_gifts
    assert figures["requests_known_who_lives"] == 1
    assert figures["requests_known_list"] == 1
    assert "requests_known_search" not in figures
    assert "requests_known_other" not in figures


def test_the_parts_of_a_known_day_are_its_whole(figures: dict[str, float | int]) -> None:
    parts = sum(
        count
        for name, count in figures.items()
        if name.startswith("requests_known_") and name != "requests_known_runs"
    )

    assert figures["requests_per_gift_known"] == round(parts / DAYS.known_gifts, 4)


@pytest.mark.parametrize("part", ["people", "emails", "phones", "addresses", "donations"])
def test_a_new_donors_gift_costs_one_request_for_each_record(
    part: str, figures: dict[str, float | int]
) -> None:
    assert figures[f"requests_per_gift_new_{part}"] == 1


def test_a_naive_pusher_looks_four_names_up_for_each_gift(figures: dict[str, float | int]) -> None:
    besides = 3  # the payment source, the batch, its commit

    assert figures["requests_per_gift_naive_known"] == 4 + 1 + besides / DAYS.known_gifts


def test_a_naive_pusher_sends_four_more_for_a_new_donor(figures: dict[str, float | int]) -> None:
    besides = 2  # the batch, its commit

    assert figures["requests_per_gift_naive_new"] == round(4 + 4 + 1 + besides / DAYS.new_gifts, 4)


def test_requests_that_were_refused_spoil_the_measurement() -> None:
    church = ChurchInProcess(DAYS.church(), morning_after(DAYS.first))
    church.world.planning_center_options.limit = 0

    with pytest.raises(httpx.HTTPStatusError):
        NaivePusher(church).push(DAYS.first)

    with pytest.raises(BenchmarkError, match="429"):
        church.new_requests()


def test_a_day_that_never_ends_spoils_the_measurement() -> None:
    church = ChurchInProcess(DAYS.church(), morning_after(DAYS.first))
    product = Product(church)

    product.start(DAYS.first)

    with pytest.raises(BenchmarkError, match="nothing more is planned"):
        product.work_until(DAYS.first, lambda _head: False)


def test_a_day_with_more_unknown_donors_than_a_run_can_look_up_is_pushed_in_several_runs() -> None:
    days = replace(DAYS, known_gifts=60)
    church = ChurchInProcess(days.church(), morning_after(days.first))
    product = Product(church, run_ms=25_000)

    product.start(days.first)
    product.work_until(days.first, lambda head: head.status is DayStatus.COMMITTED)

    assert len(church.donations()) == days.known_gifts
    assert product.runs > 3
