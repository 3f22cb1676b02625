"""Refunds and what else hangs on one donation (planning-center-api.md 4.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.planning_center.call import Answer
from sandbox.planning_center.donation_rules import BUILT_IN_SOURCE
from sandbox.planning_center.errors import impossible, invalid, not_found, unassignable, unprocessable
from sandbox.planning_center.fund_vertices import CAMPUS, FUND, LABEL
from sandbox.planning_center.giving_vertices import DESIGNATION, DESIGNATION_REFUND, REFUND
from sandbox.planning_center.includes import labels
from sandbox.planning_center.json_api import read_one
from sandbox.planning_center.listing import list_rows
from sandbox.planning_center.moments import read_moment

if TYPE_CHECKING:
    from sandbox.planning_center.call import Call
    from sandbox.planning_center.store import Record


def issue_refund(call: Call) -> Answer:
    """Refund a committed batch donation as a whole.

    Raises:
        Refusal: 422, it is not of a batch, not committed, or refunded already.
    """
    donation = call.record("Donation")
    refunded_at = _refunded_at(call)
    attributes = donation["attributes"]
    if donation["relations"]["payment_source"] == BUILT_IN_SOURCE or donation["relations"]["batch"] is None:
        raise impossible("Only a batch donation can be refunded")
    if attributes["refunded"]:
        raise impossible("The donation has already been refunded")
    if not attributes["refundable"]:
        raise impossible("An uncommitted donation cannot be refunded")
    donation["refund"] = _refund(call, donation, refunded_at)
    attributes |= {"refunded": True, "refundable": False, "updated_at": call.now_text}
    call.store.put("Donation", donation)
    return Answer(204)


def _refunded_at(call: Call) -> str:
    data = call.document.get("data")
    values = data.get("attributes") or {} if isinstance(data, dict) else {}
    errors = [unassignable(name) for name in values if name != "refunded_at"]
    given = values.get("refunded_at")
    moment = call.now_text
    if given is not None:
        read = read_moment(given, call.organization["time_zone"]) if isinstance(given, str) else None
        if read is None:
            errors.append(invalid("refunded_at", "is not a date", "Refund"))
        else:
            moment = read
    if errors:
        raise unprocessable(*errors)
    return moment


def _refund(call: Call, donation: Record, refunded_at: str) -> dict[str, Any]:
    """Return the refund: all amounts negative, the fee given back."""
    now = call.now_text
    currency = donation["attributes"]["amount_currency"]
    path = f"donations/{donation['id']}/refund"
    parts = []
    for part in donation["designations"]:
        part_id = call.store.new_id("DesignationRefund", call.organization_id)
        cents = {
            "amount_cents": -part["attributes"]["amount_cents"],
            "amount_currency": currency,
            "fee_cents": -part["attributes"]["fee_cents"],
        }
        parts.append(
            {
                "id": part_id,
                "attributes": cents,
                "relations": {"designation": part["id"]},
                "designation": part,
                "path": f"{path}/designation_refunds/{part_id}",
            }
        )
    return {
        "id": call.store.new_id("Refund", call.organization_id),
        "attributes": {
            "amount_cents": -donation["attributes"]["amount_cents"],
            "amount_currency": currency,
            "created_at": now,
            "fee_cents": -donation["attributes"]["fee_cents"],
            "fee_currency": currency,
            "refunded_at": refunded_at,
            "updated_at": now,
        },
        "relations": {},
        "designation_refunds": parts,
        "path": path,
    }


def read_refund(call: Call) -> Answer:
    """Return the donation's refund; 404 when there is none."""
    refund = call.record("Donation")["refund"]
    if refund is None:
        raise not_found()
    return read_one(call, REFUND, refund)


def list_designation_refunds(call: Call) -> Answer:
    """Return a page of what the refund gives back per designation."""
    refund = call.record("Donation")["refund"]
    if refund is None or refund["id"] != call.ids[1]:
        raise not_found()
    return list_rows(call, DESIGNATION_REFUND, refund["designation_refunds"], ("Refund", refund["id"]))


def list_designations(call: Call) -> Answer:
    """Return a page of the donation's designations."""
    donation = call.record("Donation")
    return list_rows(call, DESIGNATION, donation["designations"], ("Donation", donation["id"]))


def read_designation(call: Call) -> Answer:
    """Return one designation of the donation."""
    return read_one(call, DESIGNATION, _designation(call))


def read_fund_of_designation(call: Call) -> Answer:
    """Return the fund of one designation."""
    return read_one(call, FUND, call.record("Fund", _designation(call)["relations"]["fund"]))


def _designation(call: Call) -> Record:
    for part in call.record("Donation")["designations"]:
        if part["id"] == call.ids[1]:
            return part  # type: ignore[no-any-return]
    raise not_found()


def list_labels_of_donation(call: Call) -> Answer:
    """Return a page of the donation's labels."""
    donation = call.record("Donation")
    return list_rows(call, LABEL, labels(call, donation), ("Donation", donation["id"]))


def read_campus_of_donation(call: Call) -> Answer:
    """Return the donation's campus; 404 when it has none."""
    return read_one(call, CAMPUS, call.record("Campus", str(call.record("Donation")["relations"]["campus"])))


def read_note_of_donation(call: Call) -> Answer:
    """Return the donation's note: the sandbox keeps none, so 404."""
    call.record("Donation")
    raise not_found()
