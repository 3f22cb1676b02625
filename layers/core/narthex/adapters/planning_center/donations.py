"""Donations: from a draft to what is sent, from what is shown to a Donation (planning-center-api.md 4.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from narthex.adapters.planning_center.client import attributes_of
from narthex.adapters.planning_center.wire import (
    DesignationAttributes,
    Document,
    DonationAttributes,
    Resource,
)
from narthex.domain.church_day import parse_instant
from narthex.domain.errors import AnswerMismatchError, ContractViolationError, OutcomeUnknownError
from narthex.domain.giving import Designation, Donation, DonationDraft

WITH_DESIGNATIONS = {"include": "designations"}


def instant_text(instant: datetime) -> str:
    """UTC to the second with its `Z`: a time without offset would be read in the user's own zone."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def new_donation_body(draft: DonationDraft, payment_source_id: str) -> dict[str, Any]:
    """What creates the donation; empty values are left out (planning-center-api.md 4.3)."""
    attributes: dict[str, Any] = {
        "payment_method": draft.payment.method.value,
        "received_at": instant_text(draft.received_at),
    }
    if draft.payment.brand:
        attributes["payment_brand"] = draft.payment.brand
    if draft.payment.last4:
        attributes["payment_last4"] = draft.payment.last4
    if draft.fee_cents:
        attributes["fee_cents"] = draft.fee_cents
    relationships: dict[str, Any] = {"payment_source": _one("PaymentSource", payment_source_id)}
    if draft.person_id is not None:
        relationships["person"] = _one("Person", draft.person_id)
    if draft.label_ids:
        relationships["labels"] = {"data": [{"type": "Label", "id": label} for label in draft.label_ids]}
    return _donation(attributes, relationships, draft)


def changed_donation_body(donation_id: str, draft: DonationDraft) -> dict[str, Any]:
    """What makes the donation equal to the draft.

    Designations without ids replace all. Labels are left out, which keeps those that staff have given.
    """
    attributes = {
        "payment_method": draft.payment.method.value,
        "payment_brand": draft.payment.brand or None,
        "payment_last4": draft.payment.last4 or None,
        "received_at": instant_text(draft.received_at),
        "fee_cents": draft.fee_cents,
    }
    person = {"data": None} if draft.person_id is None else _one("Person", draft.person_id)
    body = _donation(attributes, {"person": person}, draft)
    body["data"]["id"] = donation_id
    return body


def _donation(
    attributes: dict[str, Any], relationships: dict[str, Any], draft: DonationDraft
) -> dict[str, Any]:
    return {
        "data": {"type": "Donation", "attributes": attributes, "relationships": relationships},
        "included": [
            {
                "type": "Designation",
                "attributes": {"amount_cents": designation.amount_cents},
                "relationships": {"fund": _one("Fund", designation.fund_id)},
            }
            for designation in draft.designations
        ],
    }


def _one(type_name: str, record_id: str) -> dict[str, Any]:
    return {"data": {"type": type_name, "id": record_id}}


def donations_of(document: Document) -> list[Donation]:
    """The donations of a page that was asked for `WITH_DESIGNATIONS`.

    Raises:
        ContractViolationError: When the designations of one do not sum to its amount.
    """
    donations = []
    for resource in document.many:
        donation = _read(resource, _designations(resource, document))
        if sum(one.amount_cents for one in donation.designations) != donation.amount_cents:
            message = f"Planning Center shows donation {donation.id} with designations of another sum"
            raise ContractViolationError(message)
        donations.append(donation)
    return donations


def believed(document: Document, draft: DonationDraft, batch_id: str | None) -> Donation:
    """The donation of an answer to a write, after comparing it with the draft (design 4.6).

    Such answers need not include designations; then the sum is compared and the draft's are taken over.

    Args:
        document: The answer.
        draft: What was sent.
        batch_id: The batch it was sent into; None when it was only changed.

    Raises:
        AnswerMismatchError: With the donation's id.
        OutcomeUnknownError: When the answer cannot be read.
    """
    resource = document.many[0]
    try:
        donation = _read(resource, _designations(resource, document) or draft.designations)
    except ContractViolationError as error:
        raise OutcomeUnknownError(str(error)) from error
    shown, wanted = donation.fingerprint, draft.fingerprint
    differing = [
        name
        for name, differs in (
            # A donor who could not be resolved has silently become "anonymous" (planning-center-api.md 0.5).
            ("person", shown.person_id != wanted.person_id),
            ("amount", donation.amount_cents != draft.amount_cents),
            ("funds", shown.designations != wanted.designations),
            ("payment method", shown.method != wanted.method),
            ("time", shown.received_at != wanted.received_at),
            ("batch", batch_id is not None and donation.batch_id not in {None, batch_id}),
        )
        if differs
    ]
    if differing:
        message = f"Planning Center shows donation {donation.id} with another {', '.join(differing)}"
        raise AnswerMismatchError(message, record_id=donation.id)
    return donation


def _designations(resource: Resource, document: Document) -> tuple[Designation, ...]:
    included = document.included_of("Designation")
    designations = []
    for designation_id in resource.related_ids("designations"):
        designation = included.get(designation_id)
        fund_id = designation.related_id("fund") if designation is not None else None
        if designation is None or fund_id is None:
            message = f"Planning Center's Donation {resource.id} lacks designation {designation_id}"
            raise ContractViolationError(message)
        amount_cents = attributes_of(designation, DesignationAttributes).amount_cents
        designations.append(Designation(fund_id, amount_cents))
    return tuple(designations)


def _read(resource: Resource, designations: tuple[Designation, ...]) -> Donation:
    attributes = attributes_of(resource, DonationAttributes)
    received_at, _ = parse_instant(attributes.received_at)
    return Donation(
        id=resource.id,
        batch_id=resource.related_id("batch"),
        person_id=resource.related_id("person"),
        method=attributes.payment_method,
        received_at=received_at,
        amount_cents=attributes.amount_cents,
        designations=designations,
        payment_source_id=resource.related_id("payment_source"),
        fee_cents=attributes.fee_cents or 0,
        refunded=attributes.refunded or False,
        committed=attributes.completed_at is not None,
    )
