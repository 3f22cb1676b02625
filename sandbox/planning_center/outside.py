"""Outside: what reaches Planning Center without the API: its own online giving, plans, campuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.planning_center.desk import open_call
from sandbox.planning_center.donation_rules import BUILT_IN_SOURCE
from sandbox.planning_center.donations import NEW_DONATION, take_designations
from sandbox.planning_center.funds import new_fund
from sandbox.planning_center.store import new_record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sandbox.planning_center.call import Call
    from sandbox.planning_center.store import Record
    from sandbox.records import Records

    Clock = Callable[[], datetime]


def add_fund(records: Records, organization_id: str, clock: Clock, name: str, **attributes: object) -> str:
    """Add a fund; return its id."""
    call = open_call(records, organization_id, clock)
    fund_id = call.store.new_id("Fund", organization_id)
    values = {"name": name, **attributes}
    call.store.put("Fund", new_fund(fund_id, organization_id, call.now_ts, call.now_text, values))
    return fund_id


def add_campus(records: Records, organization_id: str, clock: Clock, name: str) -> str:
    """Add a campus; return its id."""
    call = open_call(records, organization_id, clock)
    campus_id = call.store.new_id("Campus", organization_id)
    campus = new_record(campus_id, organization_id, call.now_ts, {"address": {}, "name": name}, {})
    call.store.put("Campus", campus)
    return campus_id


def add_online_donation(
    records: Records,
    organization_id: str,
    clock: Clock,
    *,
    person_id: str | None,
    cents_by_fund: Mapping[str, int],
    fee_cents: int = 0,
    payment_method: str = "card",
) -> str:
    """Add a gift that came through Planning Center's own online giving; return its id.

    It has the built-in payment source and no batch; the API may not touch it (planning-center-api.md 4.1).
    """
    call = open_call(records, organization_id, clock)
    now = call.now_text
    attributes = NEW_DONATION | dict.fromkeys(
        ("created_at", "updated_at", "received_at", "completed_at"), now
    )
    attributes |= {
        "amount_currency": call.organization["currency"],
        "fee_cents": fee_cents,
        "fee_currency": call.organization["currency"],
        "payment_channel": "web",
        "payment_method": payment_method,
        "payment_status": "succeeded",
    }
    relations: dict[str, Any] = dict.fromkeys(("batch", "campus", "recurring_donation"))
    relations |= {"person": person_id, "payment_source": BUILT_IN_SOURCE, "labels": []}
    donation_id = call.store.new_id("Donation", organization_id)
    donation = new_record(donation_id, organization_id, call.now_ts, attributes, relations)
    donation |= {"refund": None, "designations": []}
    take_designations(call, donation, _designations(call, cents_by_fund))
    call.store.put("Donation", donation)
    return donation_id


def add_recurring_donation(
    records: Records,
    organization_id: str,
    clock: Clock,
    *,
    person_id: str,
    cents_by_fund: Mapping[str, int],
    schedule: dict[str, Any],
    **attributes: object,
) -> str:
    """Add a plan of Planning Center's own; return its id.

    `schedule` is as planning-center-api.md 4.6 shows, for instance `{"day_in_month": {"day": 16}}`;
    `attributes` are others of the vertex, such as `status` or `next_occurrence`.
    """
    call = open_call(records, organization_id, clock)
    plan_id = call.store.new_id("RecurringDonation", organization_id)
    parts = _designations(call, cents_by_fund)
    for part in parts:
        part["id"] = call.store.new_id("RecurringDonationDesignation", organization_id)
        part["path"] = f"recurring_donations/{plan_id}/designations/{part['id']}"
        del part["attributes"]["fee_cents"]
    now = call.now_text
    values: dict[str, Any] = {
        "amount_cents": sum(cents_by_fund.values()),
        "amount_currency": call.organization["currency"],
        "created_at": now,
        "last_donation_received_at": None,
        "next_occurrence": None,
        "release_hold_at": None,
        "schedule": schedule,
        "status": "active",
        "updated_at": now,
    }
    plan = new_record(plan_id, organization_id, call.now_ts, values | attributes, {"person": person_id})
    plan["designations"] = parts
    call.store.put("RecurringDonation", plan)
    return plan_id


def _designations(call: Call, cents_by_fund: Mapping[str, int]) -> list[Record]:
    currency = call.organization["currency"]
    return [
        {
            "id": None,
            "attributes": {"amount_cents": amount_cents, "amount_currency": currency, "fee_cents": 0},
            "relations": {"fund": fund_id},
        }
        for fund_id, amount_cents in cents_by_fund.items()
    ]
