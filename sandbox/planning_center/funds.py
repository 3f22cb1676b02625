"""Funds, payment sources and labels: what gifts refer to (planning-center-api.md 4.4)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from sandbox.planning_center.assignment import assigned
from sandbox.planning_center.call import Answer
from sandbox.planning_center.donation_rules import BUILT_IN_SOURCE
from sandbox.planning_center.errors import forbidden, impossible, invalid, unprocessable
from sandbox.planning_center.fund_vertices import FUND, LABEL, PAYMENT_SOURCE
from sandbox.planning_center.json_api import written
from sandbox.planning_center.store import new_record

if TYPE_CHECKING:
    from sandbox.planning_center.call import Call
    from sandbox.planning_center.store import Record

VISIBILITIES = frozenset({"everywhere", "admin_only", "nowhere", "hidden"})
SOURCE_TYPES = frozenset({"direct_from_donor", "donor_advised_fund", "qualified_charitable_distribution"})
_COLORS = ("#2a7de1", "#e1562a", "#4caf50", "#8e44ad", "#00897b")


def new_fund(fund_id: str, organization_id: str, now_ts: float, now: str, values: dict[str, Any]) -> Record:
    """Return a fund with the values, and defaults for the others."""
    attributes: dict[str, Any] = {
        "color": _COLORS[int(fund_id) % len(_COLORS)],
        "created_at": now,
        "default": False,
        "deletable": True,
        "description": None,
        "ledger_code": None,
        "name": None,
        "slug": None,
        "updated_at": now,
        "visibility": "everywhere",
    }
    attributes |= values
    attributes["slug"] = slug(attributes["name"] or "")
    return new_record(fund_id, organization_id, now_ts, attributes, {})


def slug(text: str) -> str:
    """Return the text in lower-case letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")


def create_fund(call: Call) -> Answer:
    """Create a fund; its name is unique, its visibility `everywhere` unless said."""
    values, _ = assigned(call, FUND, creating=True)
    _check_fund(call, {"name": None, "visibility": "everywhere"} | values, None)
    fund_id = call.store.new_id("Fund", call.organization_id)
    fund = new_fund(fund_id, call.organization_id, call.now_ts, call.now_text, values)
    call.store.put("Fund", fund)
    return written(call, FUND, fund, 201)


def update_fund(call: Call) -> Answer:
    """Change a fund."""
    fund = call.record("Fund")
    values, _ = assigned(call, FUND, creating=False)
    _check_fund(call, fund["attributes"] | values, fund)
    fund["attributes"] |= values | {"updated_at": call.now_text}
    call.store.put("Fund", fund)
    return written(call, FUND, fund, 200)


def delete_fund(call: Call) -> Answer:
    """Delete a fund that is deletable: not the default, and never given to."""
    fund = call.record("Fund")
    if not fund["attributes"]["deletable"]:
        raise impossible("The fund cannot be deleted")
    call.store.delete("Fund", fund)
    return Answer(204)


def _check_fund(call: Call, attributes: dict[str, Any], fund: Record | None) -> None:
    errors = _check_name(call, "Fund", attributes["name"], fund)
    if attributes["visibility"] not in VISIBILITIES:
        errors.append(invalid("visibility", "is not included in the list", "Fund"))
    if errors:
        raise unprocessable(*errors)


def _check_name(call: Call, type_: str, name: str | None, own: Record | None) -> list[dict[str, Any]]:
    if not (name or "").strip():
        return [invalid("name", "can't be blank", type_)]
    names = {
        other["attributes"]["name"].casefold()
        for other in call.store.all(type_, call.organization_id)
        if other is not own
    }
    if str(name).casefold() in names:
        return [invalid("name", "has already been taken", type_)]
    return []


def create_payment_source(call: Call) -> Answer:
    """Create a payment source; its name is unique."""
    values, _ = assigned(call, PAYMENT_SOURCE, creating=True)
    _check_payment_source(call, {"name": None, "status": "active"} | values, None)
    now = call.now_text
    attributes = {"created_at": now, "name": values["name"], "status": "active", "updated_at": now}
    attributes |= {name: value for name, value in values.items() if name in PAYMENT_SOURCE.attributes}
    source_id = call.store.new_id("PaymentSource", call.organization_id)
    source = new_record(source_id, call.organization_id, call.now_ts, attributes, {})
    call.store.put("PaymentSource", source)
    return written(call, PAYMENT_SOURCE, source, 201)


def update_payment_source(call: Call) -> Answer:
    """Change a payment source, but not the built-in one."""
    source = _editable_source(call, "update")
    values, _ = assigned(call, PAYMENT_SOURCE, creating=False)
    _check_payment_source(call, source["attributes"] | values, source)
    values = {name: value for name, value in values.items() if name in PAYMENT_SOURCE.attributes}
    source["attributes"] |= values | {"updated_at": call.now_text}
    call.store.put("PaymentSource", source)
    return written(call, PAYMENT_SOURCE, source, 200)


def delete_payment_source(call: Call) -> Answer:
    """Delete a payment source that no donation uses."""
    source = _editable_source(call, "destroy")
    if call.store.find("Donation", "payment_source", call.organization_id, source["id"]):
        raise impossible("A payment source with donations cannot be deleted")
    call.store.delete("PaymentSource", source)
    return Answer(204)


def _editable_source(call: Call, deed: str) -> Record:
    source = call.record("PaymentSource")
    if source["id"] == BUILT_IN_SOURCE:
        raise forbidden(f"{call.user} cannot {deed} a PaymentSource.")
    return source


def _check_payment_source(call: Call, attributes: dict[str, Any], source: Record | None) -> None:
    errors = _check_name(call, "PaymentSource", attributes["name"], source)
    if attributes["status"] not in {"active", "archived"}:
        errors.append(invalid("status", "is not included in the list", "PaymentSource"))
    if attributes.get("payment_source_type") not in SOURCE_TYPES | {None}:
        errors.append(invalid("payment_source_type", "is not included in the list", "PaymentSource"))
    if errors:
        raise unprocessable(*errors)


def create_label(call: Call) -> Answer:
    """Create a label; its slug is normalised, then unique."""
    values, _ = assigned(call, LABEL, creating=True)
    attributes = {"slug": _label_slug(call, values, None)}
    label_id = call.store.new_id("Label", call.organization_id)
    label = new_record(label_id, call.organization_id, call.now_ts, attributes, {})
    call.store.put("Label", label)
    return written(call, LABEL, label, 201)


def update_label(call: Call) -> Answer:
    """Change a label's slug."""
    label = call.record("Label")
    values, _ = assigned(call, LABEL, creating=False)
    label["attributes"] = {"slug": _label_slug(call, label["attributes"] | values, label)}
    call.store.put("Label", label)
    return written(call, LABEL, label, 200)


def delete_label(call: Call) -> Answer:
    """Delete a label; donations lose it."""
    label = call.record("Label")
    for donation in call.store.all("Donation", call.organization_id):
        if label["id"] in donation["relations"]["labels"]:
            donation["relations"]["labels"].remove(label["id"])
            call.store.put("Donation", donation)
    call.store.delete("Label", label)
    return Answer(204)


def _label_slug(call: Call, values: dict[str, Any], own: Record | None) -> str:
    text = slug(values.get("slug") or "")
    if not text:
        raise unprocessable(invalid("slug", "can't be blank", "Label"))
    if any(label is not own for label in call.store.find("Label", "slug", call.organization_id, text)):
        raise unprocessable(invalid("slug", "has already been taken", "Label"))
    return text
