"""How rows look on the wire (wegive-api.md 4).

A list's own amounts are digit strings; single records and whatever is nested carry integers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.wegive.defaults import Row
from sandbox.wegive.tables import EMAIL_FIELDS, row_of, rows_by

if TYPE_CHECKING:
    from sandbox.records import Records
    from sandbox.wegive.options import Options

_PHONE_FIELDS = ("mobile_phone", "home_phone", "office_phone", "other_phone")
_TIMES = frozenset(
    {
        *("created_at", "updated_at", "deleted_at", "date", "initiated_at", "succeeded_at", "failed_at"),
        *("refunded_at", "paid_at", "paused_at", "paused_until", "next_retry_at", "first_processed"),
        *("last_processed", "last_failed_date"),
    }
)
_AMOUNTS = frozenset(
    {"amount", "fee", "fee_amount", "calculated_fees_paid", "charge_amount", "net_amount", "fmv"}
)
_HIDDEN_TIMES = ("initiated_at", "failed_at", "refunded_at", "updated_at")
_PLAN_FIELDS = (
    *("status", "frequency", "start_date", "ends_at", "iteration", "first_processed", "last_processed"),
    *("last_failed_date", "next_retry_at", "paused_at", "paused_type", "paused_until", "locked", "fund_id"),
    *("payment_method_type", "anonymous", "is_test", "created_at", "updated_at", "deleted_at"),
)


class Rendering:
    """Turns rows into what the API shows, under the options of the moment."""

    def __init__(self, records: Records, options: Options) -> None:
        self._records = records
        self._options = options
        self._forms = {
            "donor": self._donor,
            "household": self._household,
            "fund": self._fund,
            "transaction": self._transaction,
            "allocation": self._allocation,
            "scheduled_donation": self._scheduled_donation,
            "payout": self._payout,
        }

    def listed(self, kind: str, row: Row) -> Row:
        """Return a row of a list: its own amounts are digit strings."""
        shown = self.single(kind, row)
        if kind == "donor":
            shown["mailing_address_object"] = shown.pop("mailing_address")
            shown["do_not_contact"] = row["do_not_contact"]
            shown["deleted_at"] = row["deleted_at"]
        elif kind == "fund":
            del shown["updated_at"], shown["merged_into_id"]
        elif kind == "transaction" and shown["owner"] is None and self._options.guest_owner == "guest_user":
            shown["owner"] = {"name": "Guest User"}
        for name in _AMOUNTS.intersection(shown):
            if isinstance(shown[name], int):
                shown[name] = str(shown[name])
        shown.update(row.get("wire", {}))
        return shown

    def single(self, kind: str, row: Row) -> Row:
        """Return the model form: amounts are integers."""
        shown = self._forms[kind](row)
        if self._options.surface == "customer" and "planning_center_id" in row:
            shown["planning_center_id"] = row["planning_center_id"]
        if self._options.times_without_offset:
            for name in _TIMES.intersection(shown):
                if shown[name]:
                    shown[name] = shown[name].removesuffix("Z")
        shown.update(row.get("wire", {}))
        return shown

    def _donor(self, row: Row) -> Row:
        is_company = row["type"] == "company"
        parts = (row["first_name"], row["middle_name"], row["last_name"])
        name = row["name"] if is_company else " ".join(part for part in parts if part)
        address = row["mailing_address"]
        return {
            **{key: row[key] for key in ("id", "uuid", "organization_id", "type")},
            "name": name,
            "short_name": name if is_company else row["first_name"],
            **{key: row[key] for key in ("first_name", "middle_name", "last_name")},
            "address_me_as": row["first_name"],
            "email": row["email_1"],
            **{key: row[key] for key in EMAIL_FIELDS},
            "preferred_email": "email_1" if row["email_1"] else None,
            "preferred_email_value": row["email_1"],
            "phone": row["mobile_phone"] or row["home_phone"],
            **{key: row[key] for key in _PHONE_FIELDS},
            "fax": None,
            "preferred_phone": "mobile_phone" if row["mobile_phone"] else None,
            "preferred_phone_value": row["mobile_phone"],
            "mailing_address": address and {**address, "readable_string": _readable(address)},
            "billing_address": None,
            **{
                key: row[key]
                for key in ("birthdate", "anniversary", "tags", "notes", "custom_fields", "enabled")
            },
            "households": [
                {"id": household["id"], "name": household["name"]}
                for household in rows_by(
                    self._records, "household", "member", row["organization_id"], row["id"]
                )
            ],
            "created_at": row["created_at"],
        }

    def _household(self, row: Row) -> Row:
        members = [self._named_donor(row, member_id) for member_id in row["member_ids"]]
        admins = [self._named_donor(row, member_id) for member_id in row["admin_member_ids"]]
        keys = ("id", "name", "type", "enabled", "created_at", "updated_at", "custom_fields")
        return {**{key: row[key] for key in keys}, "members": members, "admin_members": admins}

    def _named_donor(self, row: Row, donor_id: int) -> Row:
        donor = row_of(self._records, "donor", row["organization_id"], donor_id) or {}
        return {"id": donor_id, "first_name": donor.get("first_name"), "last_name": donor.get("last_name")}

    def _fund(self, row: Row) -> Row:
        keys = (
            *("id", "name", "description", "code", "notes", "active", "default", "undesignated"),
            *(
                "is_tax_deductible",
                "created_at",
                "updated_at",
                "deleted_at",
                "merged_into_id",
                "planning_center_id",
            ),
        )
        return {**{key: row[key] for key in keys}, "type": "fund", "has_fmv": False, "fmv": None}

    def _nested(self, kind: str, organization_id: str, row_id: int | None) -> Row | None:
        row = None if row_id is None else row_of(self._records, kind, organization_id, row_id)
        return None if row is None else self.single(kind, row)

    def _allocation(self, row: Row) -> Row:
        fund = self._nested("fund", row["organization_id"], row["fund_id"])
        return {"id": row["id"], "fund": fund, "amount": row["amount"]}

    def _allocations(self, row: Row) -> list[Row]:
        organization_id = row["organization_id"]
        return [
            self._allocation({**allocation, "organization_id": organization_id})
            for allocation in row["fund_allocations"]
        ]

    def _transaction(self, row: Row) -> Row:
        organization_id = row["organization_id"]
        donor = self._nested("donor", organization_id, row["donor_id"])
        fund = self._nested("fund", organization_id, row["fund_id"])
        plan_id = row["scheduled_donation_id"]
        plan = (
            None if plan_id is None else row_of(self._records, "scheduled_donation", organization_id, plan_id)
        )
        covered = row["fee_amount"] if row["cover_fees"] else 0
        keys = (
            *("amount", "fee_amount", "cover_fees", "status", "description", "source", "source_type"),
            *("created_at", "succeeded_at", "initiated_at", "failed_at", "refunded_at", "updated_at"),
            *("scheduled_donation_id", "is_tax_deductible", "custom_fields", "deleted_at"),
        )
        transaction = {
            "id": row["id"],
            "name": f"Payment {row['id']}",
            "owner": donor,
            "donor": donor,
            "destination": fund["name"] if fund else None,
            **{key: row[key] for key in keys},
            "fee": row["fee_amount"],
            "calculated_fees_paid": covered,
            "fund": fund,
            "fund_allocations": self._allocations(row),
            "date": row["created_at"],
            "frequency": plan["frequency"] if plan else "once",
            "scheduledDonation": plan
            and {"id": plan["id"], "frequency": plan["frequency"], "amount": plan["amount"]},
            "payout_items": [] if row["payout_id"] is None else [{"payout_id": row["payout_id"]}],
            "receipt_id": f"R-{row['id']}" if row["succeeded_at"] else None,
            "tribute": None,
            "campaign": None,
            "retries": [],
            "retried_transaction": row["retried_transaction_id"],
        }
        return self._reduced(transaction, row)

    def _reduced(self, transaction: Row, row: Row) -> Row:
        if not self._options.shows_timestamps:
            for name in _HIDDEN_TIMES:
                del transaction[name]
        if self._options.shows_kind:
            transaction["type"] = row["type"]
            transaction["is_test"] = row["is_test"]
        return transaction

    def _scheduled_donation(self, row: Row) -> Row:
        organization_id = row["organization_id"]
        covered = row["fee_amount"] if row["cover_fees"] else 0
        return {
            "id": row["id"],
            "name": f"Plan {row['id']}",
            "amount": row["amount"],
            "charge_amount": row["amount"] + covered,
            "net_amount": row["amount"] + covered - row["fee_amount"],
            "fee_amount": row["fee_amount"],
            "cover_fees": row["cover_fees"],
            **{key: row[key] for key in _PLAN_FIELDS},
            "fund": self._nested("fund", organization_id, row["fund_id"]),
            "fund_allocations": self._allocations(row),
            "donor": self._nested("donor", organization_id, row["donor_id"]),
        }

    def _payout(self, row: Row) -> Row:
        keys = (
            "id",
            "reference",
            "amount",
            "transaction_count",
            "deposits",
            "payment_processor",
            "paid_at",
            "status",
        )
        return {key: row[key] for key in keys}


def _readable(address: Row) -> str:
    street = " ".join(part for part in (address.get("address_1"), address.get("address_2")) if part)
    region = " ".join(part for part in (address.get("state"), address.get("zip")) if part)
    return ", ".join(part for part in (street, address.get("city"), region) if part)
