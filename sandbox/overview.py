"""What is in the sandbox, in numbers: for the control endpoint and for the page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sandbox.wegive.tables import rows_of

if TYPE_CHECKING:
    from datetime import date

    from sandbox.church import Church
    from sandbox.world import World

Json = dict[str, Any]
_PLANNING_CENTER_TYPES = {
    "people": "Person",
    "funds": "Fund",
    "payment_sources": "PaymentSource",
    "labels": "Label",
    "batches": "Batch",
    "donations": "Donation",
}
_WEGIVE_KINDS = {
    "donors": "donor",
    "funds": "fund",
    "transactions": "transaction",
    "scheduled_donations": "scheduled_donation",
    "payouts": "payout",
}


def state_of(world: World) -> Json:
    """Return the sample's seed and day, and of each church the counts and the batches."""
    churches = world.churches
    return {
        "now": world.clock().isoformat(),
        "seed": churches[0].seed if churches else None,
        "day": churches[0].day.isoformat() if churches else None,
        "churches": [church_state(world, church) for church in churches],
        "faults": len(world.faults.waiting()),
        "requests": len(world.log.entries()),
    }


def church_state(world: World, church: Church) -> Json:
    """Return one church's counts on both sides, its day in WeGive and its batches in Planning Center."""
    account = church.account
    store, organization_id = world.store, account.planning_center_organization_id
    return {
        "organization_id": account.organization_id,
        "name": account.name,
        "time_zone": church.time_zone,
        "planning_center": {
            name: len(store.all(type_, organization_id)) for name, type_ in _PLANNING_CENTER_TYPES.items()
        },
        "wegive": {
            name: len(rows_of(world.wegive_records, kind, account.wegive_organization_id))
            for name, kind in _WEGIVE_KINDS.items()
        },
        "wegive_day": day_totals(world, church, church.day),
        "batches": batches(world, church),
    }


def day_rows(world: World, church: Church, day: date) -> list[Json]:
    """Return WeGive's payments of a church-local day, oldest first."""
    zone = ZoneInfo(church.time_zone)
    rows = rows_of(world.wegive_records, "transaction", church.account.wegive_organization_id)
    on_day = [row for row in rows if datetime.fromisoformat(row["created_at"]).astimezone(zone).date() == day]
    return sorted(on_day, key=lambda row: (row["created_at"], row["id"]))


def why_no_gift(row: Json) -> str:
    """Return why a payment is no gift to push, in a word or two; empty for a gift (spec S31)."""
    reasons = {
        "archived": row["deleted_at"],
        "test payment": row["is_test"],
        "service revenue": row["type"] == "service-revenue",
        "failed": row["failed_at"],
        "pending": not row["succeeded_at"],
        "refunded": row["refunded_at"] and row["status"] == "refunded",
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def day_totals(world: World, church: Church, day: date) -> Json:
    """Return the day's gifts and cents in WeGive, and how many payments are none, by reason."""
    rows = day_rows(world, church, day)
    gifts = [row for row in rows if not why_no_gift(row)]
    others: dict[str, int] = {}
    for row in rows:
        if reason := why_no_gift(row):
            others[reason] = others.get(reason, 0) + 1
    return {
        "day": day.isoformat(),
        "gifts": len(gifts),
        "amount_cents": sum(row["amount"] for row in gifts),
        "not_gifts": others,
    }


def batches(world: World, church: Church) -> list[Json]:
    """Return Planning Center's batches of a church, newest first."""
    organization_id = church.account.planning_center_organization_id
    found = []
    for batch in world.store.all("Batch", organization_id):
        donations = world.store.find("Donation", "batch", organization_id, batch["id"])
        found.append(
            {
                "id": batch["id"],
                **{name: batch["attributes"][name] for name in ("description", "status", "committed_at")},
                "donations": len(donations),
                "amount_cents": sum(donation["attributes"]["amount_cents"] for donation in donations),
                "fee_cents": sum(donation["attributes"]["fee_cents"] or 0 for donation in donations),
                "refunded": sum(bool(donation["attributes"]["refunded"]) for donation in donations),
            }
        )
    return found[::-1]
