"""Puts a church into WeGive."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.wegive.defaults import Row
from sandbox.wegive.tables import add, add_organization, declare_indexes, wire_time

if TYPE_CHECKING:
    from sandbox.church.plan import Address, Church, Gift
    from sandbox.records import Records

SINCE = timedelta(days=400)
PAUSED_FOR_GOOD = 2


class WeGiveSide:
    """Installs one church; afterwards the ids are known by key, by fund name, by place in `church.gifts`."""

    def __init__(self, church: Church, records: Records) -> None:
        self.donor_ids: dict[int, int] = {}
        self.fund_ids: dict[str, int] = {}
        self.plan_ids: dict[int, int] = {}
        self.transaction_ids: list[int] = []
        self._church = church
        self._records = records
        self._since = datetime.combine(church.day, time(12), tzinfo=UTC) - SINCE

    def install(self, person_ids: dict[int, str]) -> None:
        """Add the organization and all its rows; `person_ids` are the ids in Planning Center by key."""
        declare_indexes(self._records)
        account = self._church.account
        add_organization(
            self._records, account.wegive_organization_id, account.name, account.wegive_token, is_sandbox=True
        )
        self._funds()
        self._donors(person_ids)
        self._households()
        self._plans()
        for gift in self._church.gifts:
            self.transaction_ids.append(
                self._add("transaction", gift.created_at, **self._payment(gift))["id"]
            )

    def _add(self, kind: str, at: datetime, **fields: Any) -> Row:  # noqa: ANN401
        return add(self._records, kind, self._church.account.wegive_organization_id, at, **fields)

    def _funds(self) -> None:
        for fund in self._church.funds:
            if not fund.in_wegive:
                continue
            row = self._add(
                "fund", self._since, name=fund.name, description=fund.description, code=fund.code,
                default=fund.is_default, active=fund.visibility != "nowhere",
            )  # fmt: skip
            self.fund_ids[fund.name] = row["id"]

    def _donors(self, person_ids: dict[int, str]) -> None:
        for donor in self._church.donors:
            emails = {f"email_{number}": email for number, email in enumerate(donor.emails, start=1)}
            hint = donor.planning_center_person
            row = self._add(
                "donor", self._since, type="company" if donor.company_name else "individual",
                name=donor.company_name, first_name=donor.first_name, last_name=donor.last_name,
                mobile_phone=donor.mobile_phone, mailing_address=_address(donor.address),
                planning_center_id=None if hint is None else person_ids[hint], **emails,
            )  # fmt: skip
            self.donor_ids[donor.key] = row["id"]

    def _households(self) -> None:
        members: dict[str, list[int]] = {}
        for donor in self._church.donors:
            if donor.household is not None:
                members.setdefault(donor.household, []).append(self.donor_ids[donor.key])
        for name, ids in members.items():
            self._add(
                "household", self._since, name=name.split(" household")[0] + " household", member_ids=ids
            )

    def _plans(self) -> None:
        for plan in self._church.plans:
            start = datetime.combine(plan.start_date, time(11), tzinfo=UTC)
            changes: Row = {}
            if plan.is_paused:
                paused = {"status": "paused", "paused_at": wire_time(start), "paused_type": PAUSED_FOR_GOOD}
                changes |= paused
            row = self._add(
                "scheduled_donation", start, donor_id=self.donor_ids[plan.donor], amount=plan.amount_cents,
                fund_id=self.fund_ids[plan.fund], frequency=plan.frequency, start_date=wire_time(start),
                **changes,
            )  # fmt: skip
            self.plan_ids[plan.key] = row["id"]

    def _payment(self, gift: Gift) -> Row:
        is_split = len(gift.allocations) > 1
        parts = [{"fund_id": self.fund_ids[fund], "amount": cents} for fund, cents in gift.allocations]
        times = (gift.created_at, gift.succeeded_at, gift.failed_at, gift.refunded_at)
        return {
            "donor_id": None if gift.donor is None else self.donor_ids[gift.donor],
            "type": "service-revenue" if gift.is_service_revenue else "donation",
            "is_test": gift.is_test,
            "amount": gift.amount_cents,
            "fee_amount": gift.fee_cents,
            "cover_fees": gift.covers_fee,
            "status": gift.status,
            "source": _source(gift),
            "source_type": gift.method,
            "fund_id": None if is_split else parts[0]["fund_id"],
            "fund_allocations": parts if is_split else [],
            "initiated_at": wire_time(gift.created_at),
            "succeeded_at": _text(gift.succeeded_at),
            "failed_at": _text(gift.failed_at),
            "refunded_at": _text(gift.refunded_at),
            "updated_at": wire_time(max(at for at in times if at is not None)),
            "scheduled_donation_id": None if gift.plan is None else self.plan_ids[gift.plan],
        }


def _text(at: datetime | None) -> str | None:
    return None if at is None else wire_time(at)


def _source(gift: Gift) -> Row:
    if gift.method == "bank":
        return {"type": "bank", "last_four": gift.last_four, "bank_account_type": "checking"}
    return {"type": "card", "last_four": gift.last_four, "issuer": gift.brand, "expiration": "09/2029"}


def _address(address: Address | None) -> Row | None:
    if address is None:
        return None
    return {
        "address_1": address.street,
        "address_2": None,
        "city": address.city,
        "state": address.state,
        "zip": address.zip,
        "country": "US",
    }
