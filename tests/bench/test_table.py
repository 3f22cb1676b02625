from __future__ import annotations

from bench.table import missed, table, target_of


def test_a_figure_beyond_its_target_is_missed() -> None:
    figures = {"requests_per_gift_known": 1.04, "answers_429": 0, "budget_used_4": 0.94}

    assert missed(figures) == ["requests_per_gift_known", "budget_used_4"]


def test_a_figure_at_its_target_is_met() -> None:
    assert (
        missed({"requests_per_gift_known": 1.03, "budget_used_4": 0.95, "cold_start_read_proof": 0.45}) == []
    )


def test_workers_may_start_slower_than_functions_that_talk_to_no_vendor() -> None:
    assert target_of("cold_start_push_daily_batch").at_most == 0.8
    assert target_of("cold_start_start_syncs").at_most == 0.45


def test_the_table_says_what_is_not_met() -> None:
    [_, line] = table({"answers_429": 3})

    assert "NOT MET" in line
