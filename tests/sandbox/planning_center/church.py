"""One church on the sandbox's Planning Center, with a client and a clock that a test moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from sandbox.faults import Fault, FaultKind, Faults
from sandbox.in_process import InProcessTransport
from sandbox.planning_center import Options, PlanningCenter, add_organization, create_app
from sandbox.records import Records
from sandbox.request_log import RequestLog

BASE_URL = "https://planning-center.test"
HEADERS = {
    "User-Agent": "Steeple (https://steeple.example; office@steeple.example)",
    "X-PCO-API-Version": "2025-11-10",
}
ORGANIZATION_ID = "77"
Document = dict[str, Any]


def body(type_: str, attributes: Document | None = None, **relationships: object) -> Document:
    """Return a payload; a relationship is a `Person:12`, a list of such, or None."""
    data: Document = {"type": type_, "attributes": attributes or {}}
    if relationships:
        data["relationships"] = {name: {"data": _data(value)} for name, value in relationships.items()}
    return {"data": data}


def _data(value: object) -> object:
    if isinstance(value, str):
        type_, _, id_ = value.partition(":")
        return {"type": type_, "id": id_}
    return [_data(each) for each in value] if isinstance(value, list) else value


def designation(fund_id: str | None, amount_cents: object, **more: object) -> Document:
    part: Document = {"type": "Designation", "attributes": {"amount_cents": amount_cents}, **more}
    if fund_id is not None:
        part["relationships"] = {"fund": {"data": {"type": "Fund", "id": fund_id}}}
    return part


def parameters(answer: httpx.Response) -> list[str]:
    """Return what the answer's errors complain about."""
    assert answer.status_code == 422, answer.text
    return [error.get("source", {}).get("parameter", "") for error in answer.json()["errors"]]


@dataclass
class Church:
    options: Options = field(default_factory=lambda: Options(limit=100_000))
    now: datetime = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
    records: Records = field(default_factory=Records)
    faults: Faults = field(default_factory=Faults)
    log: RequestLog = field(default_factory=RequestLog)
    app: PlanningCenter = field(init=False)
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        add_organization(
            self.records,
            ORGANIZATION_ID,
            "Grace Chapel",
            application_id="application",
            secret="secret",
            access_token="token",
        )
        self.app = create_app(
            self.records, clock=self.clock, faults=self.faults, log=self.log, options=self.options
        )
        self.client = self.connect(auth=("application", "secret"))

    def clock(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def connect(self, **settings: Any) -> httpx.Client:  # noqa: ANN401
        transport = InProcessTransport(self.app)
        return httpx.Client(transport=transport, base_url=BASE_URL, **{"headers": HEADERS, **settings})

    def fault(self, kind: FaultKind, **settings: Any) -> None:  # noqa: ANN401
        self.faults.add(Fault("planning_center", kind, **settings))

    def get(self, path: str, **query: Any) -> httpx.Response:  # noqa: ANN401
        return self.client.get(path, params=query)

    def where(self, path: str, **conditions: str) -> list[str]:
        """Return the ids that a list finds; `__gt` and the like at a name's end are operators."""
        query = {
            f"where[{name.partition('__')[0]}]"
            + (f"[{name.partition('__')[2]}]" if "__" in name else ""): value
            for name, value in conditions.items()
        }
        answer = self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()["data"]]

    def post(self, path: str, document: Document | None = None) -> httpx.Response:
        return self.client.post(path) if document is None else self.client.post(path, json=document)

    def patch(self, path: str, document: Document) -> httpx.Response:
        return self.client.patch(path, json=document)

    def delete(self, path: str) -> httpx.Response:
        return self.client.delete(path)

    def make(self, path: str, document: Document) -> str:
        """Create something, and return its id."""
        answer = self.post(path, document)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["data"]["id"])

    def data(self, path: str, **query: Any) -> Any:  # noqa: ANN401
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def attributes(self, path: str, **query: Any) -> Document:  # noqa: ANN401
        found: Document = self.data(path, **query)["attributes"]
        return found

    def person(self, first_name: str = "Ada", last_name: str = "Quill", email: str = "") -> str:
        names = {"first_name": first_name, "last_name": last_name}
        person_id = self.make("/people/v2/people", body("Person", names))
        if email:
            self.email(person_id, email)
        return person_id

    def email(self, person_id: str, address: str, **more: object) -> str:
        values = {"address": address, "location": "Home", **more}
        return self.make(f"/people/v2/people/{person_id}/emails", body("Email", values))

    @property
    def fund_id(self) -> str:
        return str(self.data("/giving/v2/funds")[0]["id"])

    def fund(self, name: str, **more: object) -> str:
        return self.make("/giving/v2/funds", body("Fund", {"name": name, **more}))

    def batch(self, description: str = "WeGive Import - 2026-11-22") -> str:
        return self.make("/giving/v2/batches", body("Batch", {"description": description}))

    def payment_source(self, name: str = "WeGive") -> str:
        for source in self.data("/giving/v2/payment_sources"):
            if source["attributes"]["name"] == name:
                return str(source["id"])
        return self.make("/giving/v2/payment_sources", body("PaymentSource", {"name": name}))

    def gift(
        self,
        amount_cents: int = 5_000,
        *,
        attributes: Document | None = None,
        included: list[Document] | None = None,
        **relationships: object,
    ) -> Document:
        """Return the payload of a donation that is sound unless the test says otherwise."""
        relationships.setdefault("payment_source", f"PaymentSource:{self.payment_source()}")
        document = body("Donation", {"payment_method": "card"} | (attributes or {}), **relationships)
        document["included"] = [designation(self.fund_id, amount_cents)] if included is None else included
        return document

    def donation(self, batch_id: str, amount_cents: int = 5_000, **settings: Any) -> str:  # noqa: ANN401
        return self.make(f"/giving/v2/batches/{batch_id}/donations", self.gift(amount_cents, **settings))

    def committed_batch(self, *amounts_cents: int) -> str:
        batch_id = self.batch()
        for amount_cents in amounts_cents:
            self.donation(batch_id, amount_cents)
        assert self.post(f"/giving/v2/batches/{batch_id}/commit").status_code == 204
        self.wait(self.options.commit_seconds)
        return batch_id
