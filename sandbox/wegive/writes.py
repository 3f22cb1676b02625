"""WeGive's writes: find-or-create, and those of the customer's document (wegive-api.md 4.1, 6)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.wegive.defaults import Row
from sandbox.wegive.moments import read_time
from sandbox.wegive.tables import EMAIL_FIELDS, add, row_of, rows_by, save

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.records import Records
    from sandbox.wegive.options import Options

Body = dict[str, Any]
Problems = dict[str, list[str]]

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DONOR_TEXTS = (
    *("type", "name", "first_name", "middle_name", "last_name", *EMAIL_FIELDS, "mobile_phone", "home_phone"),
    *("office_phone", "other_phone", "birthdate", "anniversary", "planning_center_id"),
)
_ADDRESS_TEXTS = ("address_1", "address_2", "city", "state", "zip", "country")
_TYPES = ("individual", "company")


class InvalidBodyError(ValueError):
    """A body that fails validation; `problems` are texts by field."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(next(iter(problems.values()))[0])
        self.problems = problems


class Writes:
    """The writes of one church, each of which checks its body first and changes nothing if it is bad."""

    def __init__(self, records: Records, options: Options) -> None:
        self._records = records
        self._options = options

    def find_or_create_donor(self, organization_id: str, body: Body, now: datetime) -> Row:
        """Return the oldest donor with the email, unchanged, or a new one (13.2).

        Raises:
            InvalidBodyError: `type` or `email` is missing or bad.
        """
        _refuse(_finding_problems(body))
        found = [
            donor
            for donor in rows_by(self._records, "donor", "any_email", organization_id, body["email"])
            if donor["deleted_at"] is None
        ]
        if found:
            return min(found, key=lambda donor: int(donor["id"]))
        names = {key: body[key] for key in ("type", "first_name", "last_name") if body.get(key)}
        address = ", ".join(body.get("address") or ())
        return add(
            self._records, "donor", organization_id, now, **names,
            email_1=body["email"], mobile_phone=body.get("phone"),
            mailing_address={"address_1": address} if address else None,
        )  # fmt: skip

    def create_donor(self, organization_id: str, body: Body, now: datetime) -> Row:
        """Add a donor.

        Raises:
            InvalidBodyError: a field is bad.
        """
        _refuse(_donor_problems(body) | _name_problems(body))
        return add(self._records, "donor", organization_id, now, **self._donor_fields(body))

    def update_donor(self, row: Row, body: Body, now: datetime) -> Row:
        """Change a donor; absent keys are kept, or cleared under `put_semantics = "replace"`.

        Raises:
            InvalidBodyError: a field is bad.
        """
        _refuse(_donor_problems({"type": row["type"], **body}))
        fields = self._donor_fields(body)
        if self._options.put_semantics == "replace":
            cleared = dict.fromkeys((*_DONOR_TEXTS, "mailing_address"))
            del cleared["planning_center_id"]
            fields = {**cleared, "type": row["type"], **fields}
        return save(self._records, "donor", row | fields, now)

    def create_transaction(self, organization_id: str, body: Body, now: datetime) -> Row:
        """Record an offline gift; nothing is ever charged.

        Raises:
            InvalidBodyError: a field is bad, a donor or fund unknown, or the allocations do not sum.
        """
        _refuse(self._transaction_problems(organization_id, body))
        created_at = read_time(body.get("created_at")) or now
        pass_on = {key: body[key] for key in ("fund_id", "donor_id") if body.get(key) is not None}
        moment = created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        return add(
            self._records, "transaction", organization_id, now, **pass_on, **self._link(body),
            amount=int(body["amount"]), fee_amount=int(body.get("fee_amount") or 0),
            description=body.get("memo"), status=body.get("status") or "success",
            created_at=moment, initiated_at=moment, succeeded_at=moment,
            fund_allocations=[
                {"fund_id": part["fund_id"], "amount": int(part["amount"])}
                for part in body.get("fund_allocations") or ()
            ],
        )  # fmt: skip

    def create_fund(self, organization_id: str, body: Body, now: datetime) -> Row:
        """Add a fund; a name may come twice, as nothing published forbids it.

        Raises:
            InvalidBodyError: the name is missing.
        """
        _refuse({} if _is_text(body.get("name")) else {"name": ["The name field is required."]})
        keys = ("name", "description", "code", "active", "is_tax_deductible")
        fields = {key: body[key] for key in keys if body.get(key) is not None}
        return add(self._records, "fund", organization_id, now, **fields, **self._link(body))

    def _link(self, body: Body) -> Row:
        value = body.get("planning_center_id")
        if value is None or not self._options.stores_planning_center_id:
            return {}
        return {"planning_center_id": str(value)}

    def _donor_fields(self, body: Body) -> Row:
        fields = {
            key: body[key] or None for key in _DONOR_TEXTS if key in body and key != "planning_center_id"
        }
        if "mailing_address" in body:
            address = body["mailing_address"]
            fields["mailing_address"] = address and {key: address.get(key) for key in _ADDRESS_TEXTS}
        return fields | self._link(body)

    def _transaction_problems(self, organization_id: str, body: Body) -> Problems:
        problems: Problems = {}
        if not _is_cents(body.get("amount")):
            problems["amount"] = ["The amount must be an integer of at least 1."]
        if body.get("source_type") != "offline":
            problems["source_type"] = ["Only offline payments can be recorded."]
        if read_time(body.get("created_at")) is None and body.get("created_at") is not None:
            problems["created_at"] = ["The created at is not a valid date."]
        donor_id = body.get("donor_id")
        if donor_id is not None and row_of(self._records, "donor", organization_id, donor_id) is None:
            problems["donor_id"] = ["The selected donor id is invalid."]
        fee = body.get("fee_amount") or 0
        if not _is_cents(fee) and fee != 0:
            problems["fee_amount"] = ["The fee amount must be an integer of at least 0."]
        parts = body.get("fund_allocations") or []
        if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
            return {**problems, "fund_allocations": ["The fund allocations must be a list of objects."]}
        fund_ids = [part.get("fund_id") for part in parts] or [body.get("fund_id")]
        if any(row_of(self._records, "fund", organization_id, fund_id) is None for fund_id in fund_ids):
            problems["fund_id"] = ["The selected fund id is invalid."]
        if parts and not all(_is_cents(part.get("amount")) for part in parts):
            problems["fund_allocations"] = ["Each amount must be an integer of at least 1."]
        elif (
            parts and "amount" not in problems and sum(int(p["amount"]) for p in parts) != int(body["amount"])
        ):
            problems["fund_allocations"] = ["The allocations must sum to the amount."]
        return problems


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _is_cents(value: object) -> bool:
    is_integer = isinstance(value, int) and not isinstance(value, bool)
    is_digits = isinstance(value, str) and value.isascii() and value.isdigit()
    return (is_integer or is_digits) and int(str(value)) > 0


def _refuse(problems: Problems) -> None:
    if problems:
        raise InvalidBodyError(problems)


def _name_problems(body: Body) -> Problems:
    names = ("name",) if body.get("type") == "company" else ("first_name", "last_name")
    if any(_is_text(body.get(name)) for name in names):
        return {}
    return {names[0]: [f"The {names[0].replace('_', ' ')} field is required."]}


def _finding_problems(body: Body) -> Problems:
    problems: Problems = {}
    if body.get("type") not in _TYPES:
        problems["type"] = ["The type must be individual or company."]
    email = body.get("email")
    if not _is_text(email):
        problems["email"] = ["The email field is required."]
    elif not _EMAIL.fullmatch(str(email)):
        problems["email"] = ["The email must be a valid email address."]
    for key in ("first_name", "last_name", "phone"):
        if not isinstance(body.get(key) or "", str):
            problems[key] = [f"The {key.replace('_', ' ')} must be a string."]
    address = body.get("address") or []
    if not isinstance(address, list) or not all(isinstance(line, str) for line in address):
        problems["address"] = ["The address must be a list of strings."]
    return problems


def _donor_problems(body: Body) -> Problems:
    problems: Problems = {}
    if body.get("type") not in _TYPES:
        problems["type"] = ["The type must be individual or company."]
    for key in _DONOR_TEXTS:
        if body.get(key) is not None and not isinstance(body[key], str | int):
            problems[key] = [f"The {key.replace('_', ' ')} must be a string."]
    for key in EMAIL_FIELDS:
        value = body.get(key)
        if value and key not in problems and not _EMAIL.fullmatch(str(value)):
            problems[key] = [f"The {key.replace('_', ' ')} must be a valid email address."]
    if not isinstance(body.get("mailing_address") or {}, dict):
        problems["mailing_address"] = ["The mailing address must be an object."]
    return problems
