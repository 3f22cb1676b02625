"""Several pushes of one day at once."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from tests.e2e.local_church import LocalChurch

AMOUNTS_CENTS = [3001, 3002, 3002, 3003, 3004]


def run_worker(church: LocalChurch, day: date) -> None:
    """Hand the day to a worker without the queue, which would let one wait for the other."""
    job = {"organization_id": church.id, "day": day.isoformat(), "dry_run": False, "cause": "manual"}
    body = json.dumps({**job, "nonce": secrets.token_hex(8)})
    event = {"Records": [{"messageId": secrets.token_hex(8), "body": body}]}
    assert church.deployed.invoke("PushDailyBatch", event) == {"batchItemFailures": []}


def is_over(answer: dict[str, object]) -> bool:
    head = answer["day"]
    return isinstance(head, dict) and head["status"] == "committed" and not head["is_running"]


def test_two_people_who_ask_at_once_get_one_batch(hillside: LocalChurch) -> None:
    day = hillside.weeks_before(4)
    hillside.add_gifts(day, AMOUNTS_CENTS)
    donations_before = hillside.donations()

    for nonce in ("one", "other"):
        hillside.ask_for_push(day, nonce)
    hillside.wait(day, lambda answer: is_over(dict(answer)) and answer["day"]["runs"] >= 2)

    assert [batch["status"] for batch in hillside.batches(day)] == ["committed"]
    assert hillside.donations() == donations_before + len(AMOUNTS_CENTS)


def test_two_workers_at_once_double_nothing(hillside: LocalChurch) -> None:
    day = hillside.weeks_before(5)
    hillside.add_gifts(day, AMOUNTS_CENTS)
    donations_before = hillside.donations()

    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda _: run_worker(hillside, day), range(2)))
    hillside.wait(day, lambda answer: is_over(dict(answer)))

    assert [batch["status"] for batch in hillside.batches(day)] == ["committed"]
    assert hillside.donated_cents(day) == Counter(AMOUNTS_CENTS)
    assert hillside.donations() == donations_before + len(AMOUNTS_CENTS)
