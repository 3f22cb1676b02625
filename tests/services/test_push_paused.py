from __future__ import annotations

from narthex.domain.ledger import DayStatus
from tests.support.parish_push import DAY_MS, ParishPush


def test_a_paused_church_is_not_pushed(church: ParishPush) -> None:
    church.set(paused=True)
    church.parish.give("Ana", 2500, minute=0)

    church.push()

    assert church.door.requests == []


def test_the_sweep_leaves_a_paused_church_alone_for_a_day(church: ParishPush) -> None:
    church.parish.give("Ana", 2500, minute=0)
    church.push()
    church.set(paused=True)
    church.sleep_until_woken()

    woken_at_ms = church.head().wake_at_ms

    assert woken_at_ms is not None
    assert woken_at_ms > church.clock.now_ms() + DAY_MS // 2


def test_a_church_that_is_no_longer_paused_goes_on_where_it_was(church: ParishPush) -> None:
    church.parish.give("Ana", 2500, minute=0)
    church.set(paused=True)
    church.push()
    church.set(paused=False)

    day = church.push()

    assert day is not None
    assert day.status is DayStatus.COMMITTED
