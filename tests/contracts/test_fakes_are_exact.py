"""Fake and real, side by side through the same random life: they may never differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pynamodb.connection import Connection

from narthex.adapters.dynamodb.correlations import DynamoDbCorrelations
from narthex.adapters.dynamodb.ledger import DynamoDbLedger
from narthex.domain.correlation import CorrelationKind, CorrelationState
from narthex.domain.errors import NarthexError
from narthex.domain.ledger import Announcement, Day, DayStatus, FindingState, GiftState, Progress, VendorWrite
from narthex.ports import CorrelationStore, LedgerStore
from tests.support.builders import CHURCH, SUNDAY, a_correlation, a_finding, a_gift, a_link
from tests.support.clock import VirtualClock
from tests.support.fakes import FakeCorrelations, FakeLedger
from tests.support.tables import create_tables

DAYS = [SUNDAY, SUNDAY + timedelta(days=1)]
LEASE_MS = 10
lives = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

few = st.integers(min_value=0, max_value=2)
moments = st.integers(min_value=0, max_value=30)
ledger_steps = st.one_of(
    st.tuples(st.just("open"), few, moments),
    st.tuples(st.just("announce"), few, few),
    st.tuples(st.just("release"), few, few),
    st.tuples(st.just("save"), few, moments),
    st.tuples(st.just("gift"), few, few),
    st.tuples(st.just("finding"), few, st.sampled_from(FindingState)),
    st.tuples(st.just("claim"), few, few),
    st.tuples(st.just("due"), few, moments),
)
correlations = st.one_of(
    st.builds(a_correlation, st.sampled_from("AB"), last_sent_ms=few),
    st.builds(a_link, st.sampled_from("AB"), st.sampled_from("xy"), matched_by=st.sampled_from(["", "name"])),
)

numbers = count()


def outcome(act: Callable[[], Any]) -> object:
    try:
        return act()
    except NarthexError as error:
        return type(error)


def step_of(ledger: LedgerStore, held: list[Day], name: str, which: int, value: Any) -> object:  # noqa: ANN401
    """One step in a ledger's life; `held` are the leases so far, old and new."""
    day = held[-1 - which % len(held)] if held else Day(CHURCH, SUNDAY)
    match name:
        case "open":
            opened = ledger.open_day(CHURCH, DAYS[which % 2], now_ms=value, lease_until_ms=value + LEASE_MS)
            held.append(opened)
            return opened
        case "announce":
            announcement = Announcement(VendorWrite.CREATE_DONATION, str(value), value)
            ledger.announce(day, announcement if value else None, Progress(gifts=value))
        case "release":
            ledger.save_day(replace(day, lease_until_ms=0))
        case "save":
            ledger.save_day(replace(day, status=DayStatus.HOLDING, wake_at_ms=value or None))
        case "gift":
            gifts = [a_gift(str(number), state=list(GiftState)[value]) for number in range(value + 1)]
            ledger.save_gifts(day, gifts)
        case "finding":
            ledger.save_finding(CHURCH, SUNDAY, a_finding(str(which), state=value))
        case "claim":
            return ledger.claim_transactions(CHURCH, DAYS[which % 2], [str(value)])
        case _:
            return ledger.due(value, which + 1)
    return None


@lives
@given(st.lists(ledger_steps, max_size=18))
def test_both_ledgers_live_the_same_life(aws: Connection, steps: list[tuple[str, int, Any]]) -> None:
    prefix = f"life{next(numbers)}"
    create_tables(aws, prefix, ["ledger"])
    ids = count()
    real = DynamoDbLedger(
        aws, f"{prefix}-ledger", clock=VirtualClock(), new_id=lambda: f"attempt-{next(ids)}"
    )
    fake = FakeLedger()
    real_held: list[Day] = []
    fake_held: list[Day] = []

    for name, which, value in steps:
        expected = outcome(lambda: step_of(fake, fake_held, name, which, value))  # noqa: B023
        assert outcome(lambda: step_of(real, real_held, name, which, value)) == expected  # noqa: B023

    for day in DAYS:
        assert real.read_day(CHURCH, day) == fake.read_day(CHURCH, day)
        assert real.gifts(CHURCH, day) == fake.gifts(CHURCH, day)
    assert real.findings(CHURCH, SUNDAY) == fake.findings(CHURCH, SUNDAY)


@lives
@given(st.lists(st.tuples(correlations, st.none() | correlations), max_size=20))
def test_both_correlation_stores_live_the_same_life(aws: Connection, steps: list[tuple[Any, Any]]) -> None:
    prefix = f"life{next(numbers)}"
    create_tables(aws, prefix, ["correlations"])
    ids = count()
    clock = VirtualClock()
    real = DynamoDbCorrelations(
        aws, f"{prefix}-correlations", clock=clock, new_id=lambda: f"attempt-{next(ids)}"
    )
    fake = FakeCorrelations(clock)

    for correlation, guess in steps:
        results = [_claim(store, correlation, guess) for store in (real, fake)]
        assert results[0] == results[1]
        assert _seen(real) == _seen(fake)


def _claim(store: CorrelationStore, correlation: Any, guess: Any) -> bool:  # noqa: ANN401
    """Claim over what is really there, except where the guess is of another donor: then over the guess."""
    stored = store.get_many(CHURCH, CorrelationKind.DONOR, [correlation.wegive_id])
    seen = stored.get(correlation.wegive_id)
    if guess is not None and guess.state is CorrelationState.CREATING:
        seen = replace(guess, wegive_id=correlation.wegive_id)
    return store.claim(CHURCH, correlation, seen)


def _seen(store: CorrelationStore) -> object:
    donor = CorrelationKind.DONOR
    return (
        store.get_many(CHURCH, donor, ["A", "B"]),
        [store.holder(CHURCH, donor, person_id) for person_id in "xy"],
    )
