"""WeGive's own integration, as a church may have it switched on beside ours (S39)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx

from tests.simulation.parish import DAY, PLANNING_CENTER_URL, SECRET
from tests.support.parish_push import ParishPush


class OtherSync:
    """WeGive's own integration: it writes through the same API, and nobody here knows of it."""

    def __init__(self, church: ParishPush) -> None:
        self._client = httpx.Client(
            transport=church.parish.planning_center,
            base_url=PLANNING_CENTER_URL,
            auth=(SECRET.application_id, SECRET.secret),
            headers={"User-Agent": "Other sync (other@sync.example)", "X-PCO-API-Version": "2019-10-18"},
        )
        self.source_id = self._create("payment_sources", "PaymentSource", {"name": "WeGive"})

    def batch(self, description: str = f"WeGive Import - {DAY.isoformat()}") -> str:
        return self._create("batches", "Batch", {"description": description})

    def donate(
        self, batch_id: str, person_id: str, cents: int, fund_id: str, *, minute: int, seconds: int = 0
    ) -> str:
        at = datetime(2026, 11, 15, 16, minute, seconds, tzinfo=UTC)
        attributes = {"payment_method": "card", "received_at": at.isoformat()}
        relationships = {
            "payment_source": {"data": {"type": "PaymentSource", "id": self.source_id}},
            "person": {"data": {"type": "Person", "id": person_id}},
        }
        included = {
            "type": "Designation",
            "attributes": {"amount_cents": cents},
            "relationships": {"fund": {"data": {"type": "Fund", "id": fund_id}}},
        }
        return self._create(
            f"batches/{batch_id}/donations", "Donation", attributes, relationships, included=[included]
        )

    def commit(self, batch_id: str) -> None:
        self._client.post(f"/giving/v2/batches/{batch_id}/commit").raise_for_status()

    def _create(
        self,
        path: str,
        kind: str,
        attributes: dict[str, Any],
        relationships: dict[str, Any] | None = None,
        **more: Any,  # noqa: ANN401
    ) -> str:
        data = {"type": kind, "attributes": attributes, "relationships": relationships or {}}
        answer = self._client.post(f"/giving/v2/{path}", json={"data": data, **more})
        answer.raise_for_status()
        return str(answer.json()["data"]["id"])
