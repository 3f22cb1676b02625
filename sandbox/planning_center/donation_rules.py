"""Donation rules: what Planning Center checks before it records a gift (planning-center-api.md 4.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.planning_center.errors import Refusal, invalid, related_not_found, unprocessable

if TYPE_CHECKING:
    from sandbox.planning_center.call import Call
    from sandbox.planning_center.store import Record

BUILT_IN_SOURCE = "planning_center"
PAYMENT_METHODS = frozenset({"ach", "cash", "check", "card"})
CARD_KINDS = frozenset({"credit", "debit", "prepaid", "unknown"})
LAST_4 = 4
Errors = list[dict[str, Any]]


def check_attributes(attributes: dict[str, Any]) -> Errors:
    """Return what is wrong with the donation's own attributes, taken together."""
    errors: Errors = []
    method = attributes["payment_method"]
    if method is None:
        errors.append(invalid("payment_method", "can't be blank", "Donation"))
    elif method not in PAYMENT_METHODS:
        errors.append(invalid("payment_method", "is not included in the list", "Donation"))
    if attributes["payment_method_sub"] is not None and (
        method != "card" or attributes["payment_method_sub"] not in CARD_KINDS
    ):
        errors.append(invalid("payment_method_sub", "is not included in the list", "Donation"))
    if attributes["fee_cents"] > 0:
        errors.append(invalid("fee_cents", "must be less than or equal to 0", "Donation"))
    last4 = attributes["payment_last4"]
    if last4 is not None and (method in {"cash", "check"} or len(last4) != LAST_4):
        errors.append(invalid("payment_last4", "is invalid", "Donation"))
    if attributes["payment_brand"] is not None and method == "cash":
        errors.append(invalid("payment_brand", "must be blank", "Donation"))
    errors.extend(
        invalid(name, "must be blank", "Donation")
        for name in ("payment_check_number", "payment_check_dated_at")
        if attributes[name] is not None and method != "check"
    )
    return errors


def check_payment_source(call: Call, source_id: str | None) -> Errors:
    """Return what is wrong with the payment source: none, unknown, archived, or the built-in one."""
    if source_id is None:
        return [invalid("payment_source", "can't be blank", "Donation")]
    source = call.store.get("PaymentSource", call.organization_id, source_id)
    if source is None:
        return [related_not_found("payment_source_id", source_id)]
    if source_id == BUILT_IN_SOURCE:
        return [invalid("payment_source", "is reserved for Planning Center", "Donation")]
    if source["attributes"]["status"] == "archived":
        return [invalid("payment_source", "is archived", "Donation")]
    return []


def check_related(call: Call, relations: dict[str, Any]) -> Errors:
    """Return which of the labels and the campus this church does not have."""
    errors = [
        related_not_found("labels", label_id)
        for label_id in relations.get("labels") or ()
        if call.store.get("Label", call.organization_id, label_id) is None
    ]
    campus_id = relations.get("campus")
    if campus_id is not None and call.store.get("Campus", call.organization_id, campus_id) is None:
        errors.append(related_not_found("campus_id", campus_id))
    return errors


def resolve_person(call: Call, person_id: str | None) -> str | None:
    """Return the id of the person whom the donation gets; None is the anonymous donor.

    Raises:
        Refusal: 422 `attribute_resource_not_found`, Giving does not (yet) know the id.
    """
    if person_id is None:
        return None
    person = call.store.get("Person", call.organization_id, person_id)
    if person is not None and person["created_ts"] + call.options.giving_person_lag_seconds <= call.now_ts:
        return person_id
    kept_id = None if person is not None else _kept(call, person_id)
    if kept_id is not None and call.options.donations_to_merged_person != "refused":
        return kept_id if call.options.donations_to_merged_person == "accepted" else None
    if kept_id is None and call.options.donations_to_unknown_person == "anonymous":
        return None
    raise unprocessable(related_not_found("person_id", person_id))


def _kept(call: Call, removed_id: str) -> str | None:
    """Follow the mergers from a removed person to one who exists."""
    mergers: dict[str, str] = {
        merger["relations"]["person_to_remove"]: merger["relations"]["person_to_keep"]
        for merger in call.store.all("PersonMerger", call.organization_id)
    }
    seen: set[str] = set()
    person_id = removed_id
    while person_id in mergers and person_id not in seen:
        seen.add(person_id)
        person_id = mergers[person_id]
        if call.store.get("Person", call.organization_id, person_id) is not None:
            return person_id
    return None


def read_designations(call: Call, present: list[Record]) -> tuple[list[Record], bool]:
    """Return the designations that `included` asks for, and whether it asks for any.

    Those with ids change the present ones; one without an id replaces them all.

    Raises:
        Refusal: 422, an amount or a fund is missing or not allowed.
    """
    included = call.document.get("included")
    if included is None:
        return present, False
    errors: Errors = []
    if not isinstance(included, list) or not included:
        raise unprocessable(invalid("designations", "can't be blank", "Donation"))
    replacing = not all(isinstance(part, dict) and part.get("id") for part in included)
    result = [] if replacing else [dict(part) for part in present]
    for part in included:
        read = _designation(call, part, errors)
        if replacing:
            result.append(read)
            continue
        index = next((i for i, each in enumerate(result) if each["id"] == str(part["id"])), None)
        if index is None:
            errors.append(related_not_found("designations", str(part["id"])))
        else:
            result[index] = _merged(result[index], read)
    for part in result:
        _check_designation(call, part, errors)
    if errors:
        raise Refusal(422, errors)
    return result, True


def _designation(call: Call, part: object, errors: Errors) -> Record:
    """Return one designation as far as it can be read."""
    read: Record = {
        "id": None,
        "attributes": {
            "amount_cents": None,
            "amount_currency": call.organization["currency"],
            "fee_cents": 0,
        },
        "relations": {"fund": None},
    }
    if not isinstance(part, dict) or part.get("type") != "Designation":
        errors.append(invalid("included", "may only hold designations", "Donation"))
        return read
    for name, value in (part.get("attributes") or {}).items():
        if name == "amount_cents":
            read["attributes"]["amount_cents"] = value
        else:
            errors.append(invalid(name, "cannot be assigned", "Designation"))
    fund = ((part.get("relationships") or {}).get("fund") or {}).get("data") or {}
    read["relations"]["fund"] = str(fund["id"]) if fund.get("id") else None
    return read


def _merged(present: Record, read: Record) -> Record:
    amount_cents = read["attributes"]["amount_cents"]
    attributes = dict(present["attributes"])
    if amount_cents is not None:
        attributes["amount_cents"] = amount_cents
    fund_id = read["relations"]["fund"] or present["relations"]["fund"]
    return present | {
        "attributes": attributes,
        "relations": {"fund": fund_id},
        "moved": bool(read["relations"]["fund"]),
    }


def _check_designation(call: Call, part: Record, errors: Errors) -> None:
    amount_cents = part["attributes"]["amount_cents"]
    if type(amount_cents) is not int:
        errors.append(invalid("amount_cents", "must be an integer", "Designation"))
    elif amount_cents <= 0:
        errors.append(invalid("amount_cents", "must be greater than 0", "Designation"))
    fund_id = part["relations"]["fund"]
    if fund_id is None:
        errors.append(invalid("fund", "can't be blank", "Designation"))
        return
    fund = call.store.get("Fund", call.organization_id, fund_id)
    if fund is None:
        errors.append(related_not_found("fund_id", fund_id))
    elif fund["attributes"]["visibility"] == "nowhere" and (part["id"] is None or part.pop("moved", False)):
        errors.append(
            invalid("fund", "does not take designations (its visibility is nowhere)", "Designation")
        )
    part.pop("moved", None)


def spread_fee(designations: list[Record], fee_cents: int) -> None:
    """Spread a donation's fee over its designations in proportion to their amounts; the cents add up."""
    total_cents = sum(part["attributes"]["amount_cents"] for part in designations)
    left_cents, left_total = fee_cents, total_cents
    for part in designations:
        amount_cents = part["attributes"]["amount_cents"]
        share = round(left_cents * amount_cents / left_total)
        part["attributes"]["fee_cents"] = share
        left_cents -= share
        left_total -= amount_cents
