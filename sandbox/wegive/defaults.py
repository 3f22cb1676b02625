"""What a row of each kind holds when nothing else is said (field names: wegive-api.md 4)."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]

_DONOR: Row = {
    "type": "individual",
    "name": None,
    "first_name": None,
    "middle_name": None,
    "last_name": None,
    "email_1": None,
    "email_2": None,
    "email_3": None,
    "mobile_phone": None,
    "home_phone": None,
    "office_phone": None,
    "other_phone": None,
    "mailing_address": None,
    "birthdate": None,
    "anniversary": None,
    "notes": None,
    "tags": [],
    "custom_fields": {},
    "do_not_contact": False,
    "enabled": True,
    "planning_center_id": None,
    "last_integration_status": None,
    "deleted_at": None,
}
_FUND: Row = {
    "description": None,
    "code": None,
    "notes": None,
    "active": True,
    "default": False,
    "undesignated": False,
    "is_tax_deductible": True,
    "planning_center_id": None,
    "last_integration_status": None,
    "merged_into_id": None,
    "deleted_at": None,
}
_TRANSACTION: Row = {
    "type": "donation",
    "is_test": False,
    "donor_id": None,
    "fee_amount": 0,
    "cover_fees": False,
    "status": "success",
    "description": None,
    "source": {"type": "organization"},
    "source_type": "offline",
    "fund_id": None,
    "fund_allocations": [],
    "initiated_at": None,
    "succeeded_at": None,
    "failed_at": None,
    "refunded_at": None,
    "scheduled_donation_id": None,
    "payout_id": None,
    "retried_transaction_id": None,
    "is_tax_deductible": True,
    "planning_center_id": None,
    "last_integration_status": None,
    "custom_fields": {},
    "deleted_at": None,
}
_SCHEDULED_DONATION: Row = {
    "status": "active",
    "fee_amount": 0,
    "cover_fees": False,
    "frequency": "monthly",
    "ends_at": None,
    "iteration": 1,
    "first_processed": None,
    "last_processed": None,
    "last_failed_date": None,
    "next_retry_at": None,
    "paused_at": None,
    "paused_type": None,
    "paused_until": None,
    "locked": False,
    "fund_id": None,
    "fund_allocations": [],
    "payment_method_type": "card",
    "anonymous": False,
    "is_test": False,
    "planning_center_id": None,
    "deleted_at": None,
}
_HOUSEHOLD: Row = {"type": "household", "enabled": True, "admin_member_ids": [], "custom_fields": {}}
_PAYOUT: Row = {"payment_processor": "stripe", "status": "paid", "deposits": []}
DEFAULTS: dict[str, Row] = {
    "donor": _DONOR,
    "fund": _FUND,
    "transaction": _TRANSACTION,
    "scheduled_donation": _SCHEDULED_DONATION,
    "household": _HOUSEHOLD,
    "payout": _PAYOUT,
}
