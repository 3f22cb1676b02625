"""The judge of the limiter's benchmark counts by both windows."""

from __future__ import annotations

from bench.strict_vendor import PERIOD_MS, StrictVendor


def test_the_first_request_over_the_limit_is_refused() -> None:
    vendor = StrictVendor(3)

    refused = [vendor.receive(now_ms).refused for now_ms in (0, 1, 2, 3)]

    assert refused == [False, False, False, True]


def test_a_burst_across_the_edge_of_the_fixed_window_is_refused_by_the_sliding_one() -> None:
    vendor = StrictVendor(2)

    refused = [vendor.receive(now_ms).refused for now_ms in (0, PERIOD_MS - 1, PERIOD_MS, PERIOD_MS + 1)]

    assert refused == [False, False, False, True]


def test_refused_requests_count() -> None:
    vendor = StrictVendor(1)
    vendor.receive(0)
    vendor.receive(PERIOD_MS - 1)

    assert vendor.receive(PERIOD_MS + 1).refused


def test_a_refusal_says_in_whole_seconds_when_there_is_room() -> None:
    vendor = StrictVendor(2)
    vendor.receive(0)
    vendor.receive(1_500)

    assert vendor.receive(2_000).retry_after_seconds == 20


def test_the_most_in_any_window_counts_both_of_its_ends() -> None:
    vendor = StrictVendor(9)
    for now_ms in (0, 5_000, PERIOD_MS, PERIOD_MS + 5_001):
        vendor.receive(now_ms)

    assert vendor.most_in_any_window() == 3
