"""WeGive's lists in one table: filters, ranges, sorts and views (wegive-api.md 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.wegive.defaults import Row
from sandbox.wegive.filters import (
    Filter,
    Question,
    Range,
    Resource,
    Test,
    always,
    amount_range,
    by,
    choice,
    flag,
    holds,
    moment,
    never,
    number,
    of_fund,
    of_household,
    same,
    search,
    shared_email,
    time_range,
)
from sandbox.wegive.tables import EMAIL_FIELDS, rows_by

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAN_STATUSES = ("active", "paused", "cancelled", "ended", "ending-soon", "expiring-soon", "in-arrears")


def _payments(row: Row, question: Question) -> list[Row]:
    """Return the donor's successful payments."""
    rows = rows_by(question.records, "transaction", "donor_id", row["organization_id"], row["id"])
    return [payment for payment in rows if payment["succeeded_at"]]


def _total_given(row: Row, question: Question) -> int:
    return sum(payment["amount"] for payment in _payments(row, question))


def _total_given_this_year(row: Row, question: Question) -> int:
    year = str(question.now.year)
    return sum(p["amount"] for p in _payments(row, question) if p["created_at"].startswith(year))


def _times_given(row: Row, question: Question) -> list[str]:
    return [payment["created_at"] for payment in _payments(row, question)]


def _has_plan(_: str, __: str, question: Question) -> Test:
    def fits(row: Row) -> bool:
        return bool(
            rows_by(question.records, "scheduled_donation", "donor_id", row["organization_id"], row["id"])
        )

    return fits


def _donor_type(parameter: str, value: str, question: Question) -> Test:
    tests: dict[str, Test] = {
        "individual": lambda row: row["type"] == "individual",
        "company": lambda row: row["type"] == "company",
        "recurring": _has_plan(parameter, value, question),
        "both": always,
    }
    return choice(tests)(parameter, value, question)


def _is_gift(row: Row) -> bool:
    return bool(row["type"] != "service-revenue")


def _plan_status() -> Filter:
    tests: dict[str, Test] = {"all": always}
    for status in _PLAN_STATUSES:
        tests[status] = lambda row, status=status: row["status"] == status  # type: ignore[misc]
    return choice(tests)


_DONORS = Resource(
    kind="donor",
    filters={
        "type": _donor_type,
        "search": search("name", "first_name", "middle_name", "last_name", *EMAIL_FIELDS),
        "email_1": same("email_1"),
        "tag": holds("tags"),
        "do_not_contact": flag("do_not_contact"),
        "duplicates": shared_email,
        "last_integration_status": same("last_integration_status"),
        "planning_center_id": same("planning_center_id"),
        "import_id": never,
        "crm_id": never,
    },
    ranges={
        "created_at": time_range("created_at"),
        "donated_at": Range(moment, _times_given),
        "total_given": Range(number, lambda row, question: (_total_given(row, question),)),
    },
    sorts={
        "id": by("id"),
        "created_at": by("created_at"),
        "donor": lambda row, _: (row["last_name"] or row["name"] or "", row["first_name"] or "", row["id"]),
        "email": by("email_1"),
        "enabled": by("enabled"),
        "total_given": lambda row, question: (_total_given(row, question), row["id"]),
        "total_given_this_year": lambda row, question: (_total_given_this_year(row, question), row["id"]),
        "last_donation": lambda row, question: (max(_times_given(row, question), default=""), row["id"]),
    },
    views=("all", "active", "archived", "both"),
    indexes={"email_1": "email_1", "planning_center_id": "planning_center_id"},
)
_HOUSEHOLDS = Resource(
    kind="household",
    filters={
        "name": same("name"),
        "search": search("name"),
        "crm_id": never,
        "members[]": holds("member_ids"),
    },
    sorts={"id": by("id")},
)
_TRANSACTIONS = Resource(
    kind="transaction",
    filters={
        # A recurring gift is a donation too: 4.3 counts it among the gifts.
        "type": choice(
            {
                "donation": _is_gift,
                "recurring": lambda row: _is_gift(row) and row["scheduled_donation_id"] is not None,
                "service-revenue": lambda row: not _is_gift(row),
                "both": always,
            }
        ),
        "is_test": flag("is_test"),
        "tax_deductible": flag("is_tax_deductible"),
        "status": same("status"),
        "fund": of_fund,
        "designation": of_fund,
        "donor_id": same("donor_id"),
        "household_id": of_household,
        "scheduled_donation": same("scheduled_donation_id"),
        "payout": same("payout_id"),
        "source_type": same("source_type"),
        "fee_covered": flag("cover_fees"),
        "planning_center_id": same("planning_center_id"),
        "last_integration_status": same("last_integration_status"),
    },
    ranges={
        "created": time_range("created_at", day_index="created_at"),
        "initiated_at": time_range("initiated_at"),
        "succeeded_at": time_range("succeeded_at"),
        "failed_at": time_range("failed_at"),
        "refunded_at": time_range("refunded_at"),
        "updated_at": time_range("updated_at", day_index="updated_at"),
        "amount": amount_range("amount"),
    },
    sorts={
        "id": by("id"),
        "created": by("created_at"),
        "amount": by("amount"),
        "fee": by("fee_amount"),
        "donor": by("donor_id"),
        "designation": by("fund_id"),
    },
    indexes={"donor_id": "donor_id", "payout": "payout", "planning_center_id": "planning_center_id"},
)
_FUNDS = Resource(
    kind="fund",
    filters={
        "search": search("name", "code", "description"),
        "planning_center_id": same("planning_center_id"),
        "last_integration_status": same("last_integration_status"),
    },
    sorts={"id": by("id"), "name": by("name"), "created_at": by("created_at")},
)
_SCHEDULED_DONATIONS = Resource(
    kind="scheduled_donation",
    filters={
        "status": _plan_status(),
        "in_dunning": flag("next_retry_at"),
        "payment_method_type": same("payment_method_type"),
        "frequency": same("frequency"),
        "donor_id": same("donor_id"),
        "household_id": of_household,
        "planning_center_id": same("planning_center_id"),
    },
    ranges={
        "created_at": time_range("created_at"),
        "updated_at": time_range("updated_at", day_index="updated_at"),
        "start_date": time_range("start_date"),
        "amount": amount_range("amount"),
        "fee_amount": amount_range("fee_amount"),
        "net_amount": Range(
            number, lambda row, _: (row["amount"] - (0 if row["cover_fees"] else row["fee_amount"]),)
        ),
    },
    sorts={"id": by("id"), "created_at": by("created_at"), "amount": by("amount")},
    indexes={"donor_id": "donor_id"},
)
_PAYOUTS = Resource(
    kind="payout",
    filters={"processor": same("payment_processor"), "search": search("reference")},
    ranges={"paid_at": time_range("paid_at")},
    sorts={"id": by("id"), "paid_at": by("paid_at")},
)
RESOURCES: Mapping[str, Resource] = {
    "donors": _DONORS,
    "households": _HOUSEHOLDS,
    "transactions": _TRANSACTIONS,
    "funds": _FUNDS,
    "fund-allocations": Resource(kind="allocation", views=()),
    "scheduled-donations": _SCHEDULED_DONATIONS,
    "payouts": _PAYOUTS,
}
