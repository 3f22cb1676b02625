"""A naive pusher: what one writes first, with every name looked up again for every gift.

It keeps nothing between two gifts, and it is given its best day: no faults, so that it never repeats itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date
from typing import Any

import httpx

from bench.church import PLANNING_CENTER_URL, ChurchInProcess
from sandbox.church.plan import Donor, Gift

PACE_MS = 300
"""It sends one request in this time, so that it never meets the rate limit."""


class NaivePusher:
    """Pushes a church's day gift by gift, as the sandbox's plan of that day has them."""

    def __init__(self, church: ChurchInProcess) -> None:
        account = church.church.account
        self._church = church
        self._donors = {donor.key: donor for donor in church.church.donors}
        self._client = httpx.Client(
            transport=church.network,
            base_url=PLANNING_CENTER_URL,
            auth=(account.application_id, account.secret),
            headers={"User-Agent": "Naive (office@grace.example)"},
        )

    def push(self, day: date) -> None:
        """Push every gift of a day, then commit the batch."""
        description = f"WeGive Import - {day.isoformat()}"
        batch_id = ""
        for gift in self._church.gifts_of(day):
            person_id = self._person(self._donors[gift.donor or 0])
            fund_ids = {fund: self._fund(fund) for fund, _ in gift.allocations}
            source_id = self._source("WeGive")
            batch_id = self._batch(description)
            self._donate(gift, batch_id, person_id, source_id, fund_ids)
        self._call("POST", f"giving/v2/batches/{batch_id}/commit")

    def _person(self, donor: Donor) -> str:
        found = self._get("people/v2/people", {"where[search_name_or_email]": donor.emails[0]})
        if found:
            return str(found[0]["id"])
        names = {"first_name": donor.first_name, "last_name": donor.last_name}
        person_id = self._create("people/v2/people", "Person", names)
        path = f"people/v2/people/{person_id}"
        self._create(f"{path}/emails", "Email", {"address": donor.emails[0], "location": "Home"})
        if donor.mobile_phone is not None:
            phone = {"number": donor.mobile_phone, "location": "Mobile"}
            self._create(f"{path}/phone_numbers", "PhoneNumber", phone)
        if donor.address is not None:
            address = {"street_line_1": donor.address.street, "city": donor.address.city}
            address |= {"state": donor.address.state, "zip": donor.address.zip, "location": "Home"}
            self._create(f"{path}/addresses", "Address", address)
        return person_id

    def _fund(self, name: str) -> str:
        found = self._get("giving/v2/funds", {"where[name]": name})
        return str(found[0]["id"])

    def _source(self, name: str) -> str:
        for source in self._get("giving/v2/payment_sources", {"per_page": 100}):
            if source["attributes"]["name"] == name:
                return str(source["id"])
        return self._create("giving/v2/payment_sources", "PaymentSource", {"name": name})

    def _batch(self, description: str) -> str:
        for batch in self._get("giving/v2/batches", {"order": "-updated_at", "per_page": 100}):
            if batch["attributes"]["description"] == description:
                return str(batch["id"])
        return self._create("giving/v2/batches", "Batch", {"description": description})

    def _donate(
        self, gift: Gift, batch_id: str, person_id: str, source_id: str, fund_ids: Mapping[str, str]
    ) -> None:
        data = {
            "type": "Donation",
            "attributes": {
                "payment_method": "ach" if gift.method == "bank" else "card",
                "received_at": gift.created_at.astimezone(UTC).isoformat(),
            },
            "relationships": {
                "person": {"data": {"type": "Person", "id": person_id}},
                "payment_source": {"data": {"type": "PaymentSource", "id": source_id}},
            },
        }
        included = [
            {
                "type": "Designation",
                "attributes": {"amount_cents": cents},
                "relationships": {"fund": {"data": {"type": "Fund", "id": fund_ids[fund]}}},
            }
            for fund, cents in gift.allocations
        ]
        self._call("POST", f"giving/v2/batches/{batch_id}/donations", {"data": data, "included": included})

    def _get(self, path: str, params: Mapping[str, str | int]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._call("GET", path, params=params)["data"]
        return found

    def _create(self, path: str, type_name: str, attributes: Mapping[str, Any]) -> str:
        return str(
            self._call("POST", path, {"data": {"type": type_name, "attributes": attributes}})["data"]["id"]
        )

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, str | int] | None = None,
    ) -> dict[str, Any]:
        self._church.clock.advance_ms(PACE_MS)
        version = "2025-11-10" if path.startswith("people") else "2019-10-18"
        headers = {"X-PCO-API-Version": version}
        answer = self._client.request(method, f"/{path}", json=body, params=params, headers=headers)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found
