"""What a push would do, without doing it (S40)."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from narthex.domain.drafting import wegive_fund_ids
from narthex.domain.errors import MisconfiguredError, NeedsAttentionError, RetryLaterError
from narthex.domain.ledger import Gift, GiftState
from narthex.ports import CorrelationStore, ReviewStore
from narthex.services.check_preflight import look_ahead
from narthex.services.day_run import DayRun
from narthex.services.plan_gifts import Resolved, plan_gift
from narthex.services.read_day import DayReading, read_day
from narthex.services.resolve_donors import DonorResolver, Donors
from narthex.services.resolve_funds import Funds, resolve_funds
from narthex.services.settle_batch import find_batches

REQUESTS_PER_MINUTE = 210
"""70 in any 20 seconds (S60)."""

_PAGE = 100
_COMMIT_AND_STATUS = 3
_DONORS_AT_ONCE = 20
_TIME_TO_FINISH_MS = 30_000
"""More than it takes to look up twenty unknown donors at the shared limit."""


def plan_day(run: DayRun, correlations: CorrelationStore, reviews: ReviewStore) -> dict[str, Any]:
    """Read both sides and say what a push of the day would write.

    Nothing is written: no intent, no tie, no review. `requests` counts what the push itself would send to
    Planning Center, looking up included; `minutes` is that at the shared limit.

    Returns:
        Plain JSON values: counts, cents, what is held with its reason, and `refused` with the evidence
        when the preflight would stop the push, or with the reason why there can be no plan.
    """
    try:
        return _plan(run, correlations, reviews)
    except (MisconfiguredError, NeedsAttentionError, RetryLaterError) as problem:
        nothing = Resolved(funds=Funds(), donors=Donors(), recurring_label_id=None)
        return {"refused": str(problem), **_document(run, DayReading(), [], nothing)}


def _plan(run: DayRun, correlations: CorrelationStore, reviews: ReviewStore) -> dict[str, Any]:
    run.gifts = {gift.transaction_id: gift for gift in run.ledger.gifts(run.organization.id, run.date)}
    run.findings = run.ledger.findings(run.organization.id, run.date)
    reading = read_day(run)
    work = [*reading.to_plan, *reading.corrected]
    found = find_batches(run) if work and run.day.batch_id is None and not run.day.batch_sent_ms else []
    source = run.vendors.giving.payment_source(run.organization.settings.payment_source)
    refused = None
    try:
        look_ahead(run, found, source)
    except MisconfiguredError as problem:
        refused = str(problem)
    wanted_funds = {fund_id for transaction in work for fund_id in wegive_fund_ids(transaction)}
    funds = resolve_funds(run.organization, run.vendors, correlations, wanted_funds, dry_run=True)
    resolver = DonorResolver(
        organization=run.organization,
        vendors=run.vendors,
        correlations=correlations,
        reviews=reviews,
        clock=run.clock,
        quiet_ms=run.quiet_ms,
    )
    donors, unseen = _donors_in_time(
        run, resolver, {transaction.donor_id for transaction in work if transaction.donor_id is not None}
    )
    for donor_id in donors.to_create:
        donors.person_ids[donor_id] = f"new:{donor_id}"
    resolved = Resolved(funds=funds, donors=donors, recurring_label_id=None)
    planned = [plan_gift(run, transaction, resolved) for transaction in reading.to_plan]
    return {
        "refused": refused,
        "donors_not_looked_up": unseen,
        **_document(run, reading, planned, resolved),
    }


def _donors_in_time(run: DayRun, resolver: DonorResolver, donor_ids: set[str]) -> tuple[Donors, int]:
    """Look up as many donors as one run can; a plan is not worth a second one.

    Returns:
        The answers, in which a donor beyond that counts as an unknown person, and how many those are.
    """
    donors = Donors()
    wanted = sorted(donor_ids)
    for start in range(0, len(wanted), _DONORS_AT_ONCE):
        if run.budget.time_left_ms() < _TIME_TO_FINISH_MS:
            rest = wanted[start:]
            donors.person_ids.update({donor_id: f"unseen:{donor_id}" for donor_id in rest})
            return donors, len(rest)
        donors.add(resolver(wanted[start : start + _DONORS_AT_ONCE]))
    return donors, 0


def _document(
    run: DayRun,
    reading: DayReading,
    planned: list[Gift],
    resolved: Resolved,
) -> dict[str, Any]:
    funds, donors = resolved.funds, resolved.donors
    is_committed = run.day.committed_at is not None  # after that an edit is shown, not overwritten (S37)
    states = Counter(gift.state for gift in planned)
    to_create = [gift for gift in planned if gift.state is GiftState.PLANNED]
    writes = len(to_create) + len(reading.refunded) + len(funds.to_create)
    writes += 0 if is_committed else len(reading.corrected)
    writes += sum(_creation_requests(donors, donor_id) for donor_id in donors.to_create)
    recorded = len(run.in_state(GiftState.RECORDED))
    pages = math.ceil((recorded + len(to_create)) / _PAGE)
    overhead = pages + _COMMIT_AND_STATUS + (1 if run.day.batch_id is None else 0) if writes else 0
    requests = run.vendors.requests_sent + writes + overhead
    held = [_held_line(gift) for gift in planned if gift.state is GiftState.HELD]
    held += [
        {"transaction_id": payment.id, "amount_cents": 0, "reason": payment.problem}
        for payment in reading.unreadable.values()
    ]
    return {
        "organization_id": run.organization.id,
        "date": run.date.isoformat(),
        "donations_to_create": states[GiftState.PLANNED],
        "cents_to_create": sum(gift.amount_cents for gift in to_create),
        "already_recorded": recorded,
        "donations_to_correct": 0 if is_committed else len(reading.corrected),
        "refunds_to_issue": len(reading.refunded) if is_committed else 0,
        "people_to_create": len(donors.to_create),
        "people_to_link": len(donors.to_link),
        "reviews_to_open": len(donors.to_review),
        "funds_to_create": sorted(fund.name for fund in funds.to_create),
        "held": held,
        "requests": requests,
        "minutes": math.ceil(requests / REQUESTS_PER_MINUTE),
    }


def _held_line(gift: Gift) -> dict[str, Any]:
    return {
        "transaction_id": gift.transaction_id,
        "amount_cents": gift.amount_cents,
        "reason": gift.reason,
    }


def _creation_requests(donors: Donors, donor_id: str) -> int:
    donor = donors.to_create[donor_id]
    return 1 + bool(donor.emails) + bool(donor.phones) + bool(donor.address)
