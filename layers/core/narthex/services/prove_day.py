"""Keep the proof of a day with it, and see when the one that is kept is out of date (S38)."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from narthex.domain.giving import Donation
from narthex.domain.proof import DayAccount, Proof, prove
from narthex.services.day_run import DayRun
from narthex.services.read_day import DayReading

_log = logging.getLogger(__name__)

PROOF = "proof"
"""The document's name in the ledger."""


@dataclass(frozen=True, slots=True)
class News:
    """What has happened since the proof was made, in this run or in one that ended before its proof.

    `of_gifts` is about money and calls for new audits; `of_texts` about findings and reasons of held gifts.
    """

    of_gifts: bool
    of_texts: bool


def prove_day(
    run: DayRun, reading: DayReading, donations: Sequence[Donation], fund_names: Mapping[str, str]
) -> Proof:
    """Compare both sides as they were just read, and keep the result as the day's proof."""
    account = DayAccount(
        transactions=reading.transactions,
        unreadable=reading.unreadable,
        gifts=run.gifts,
        donations=donations,
        findings=run.findings,
        fund_names=fund_names,
        gift_amount=run.organization.settings.gift_amount,
    )
    proof = prove(account, _head(run))
    if proof.unexplained_cents:
        _log.error(
            "the proof does not add up",
            extra={
                "organization_id": run.organization.id,
                "day": run.date.isoformat(),
                "unexplained_cents": proof.unexplained_cents,
            },
        )
    run.ledger.put_document(run.organization.id, run.date, PROOF, {**proof.document(), "of": _state(run)})
    return proof


def renew_head(run: DayRun) -> None:
    """Give the proof the day's status and message of now; no gift has changed."""
    document = run.ledger.get_document(run.organization.id, run.date, PROOF)
    if document is None or (document["status"], document["message"]) == (run.day.status, run.day.message):
        return
    head = _head(run)
    del head["date"]
    run.ledger.put_document(run.organization.id, run.date, PROOF, {**document, **head})


def news_since_proof(run: DayRun) -> News:
    """Compare the ledger of now with what the proof was made of; without a proof all is news."""
    document = run.ledger.get_document(run.organization.id, run.date, PROOF) or {}
    before, now = document.get("of", {}), _state(run)
    return News(of_gifts=before.get("gifts") != now["gifts"], of_texts=before.get("texts") != now["texts"])


def _state(run: DayRun) -> dict[str, str]:
    """Fingerprints of all in the ledger that a proof shows."""
    gifts = (
        (
            *(gift.transaction_id, gift.state.value, gift.donation_id, gift.amount_cents),
            *(gift.late, gift.refunded),
        )
        for gift in run.gifts.values()
    )
    reasons = ((gift.transaction_id, gift.reason) for gift in run.gifts.values())
    findings = ((finding.id, finding.state.value) for finding in run.findings)
    return {"gifts": _digest(gifts), "texts": _digest((*reasons, *findings))}


def _digest(rows: Iterable[tuple[object, ...]]) -> str:
    return hashlib.sha256(repr(sorted(rows, key=repr)).encode()).hexdigest()[:16]


def _head(run: DayRun) -> dict[str, Any]:
    started_ms = run.day.started_ms or run.started_ms
    return {
        "organization_id": run.organization.id,
        "date": run.date,
        "status": run.day.status.value,
        "batch_id": run.day.batch_id,
        "message": run.day.message,
        "requests": run.day.requests + run.vendors.requests_sent,
        "seconds": round((run.clock.now_ms() - started_ms) / 1000, 1),
    }
