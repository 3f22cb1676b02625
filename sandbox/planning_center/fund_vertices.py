"""The vertices of Giving that gifts refer to, version 2019-10-18 (planning-center-api.md 4.4, 4.6)."""

from __future__ import annotations

from sandbox.planning_center.vertex import (
    BOOLEAN,
    DATE_TIME,
    INTEGER,
    JSON,
    STRING,
    Relationship,
    Vertex,
    words,
)

_FUND_ASSIGNABLE = words("name ledger_code description visibility")

FUND = Vertex(
    type="Fund",
    product="giving",
    collection="funds",
    attributes={
        "color": STRING,
        "created_at": DATE_TIME,
        "default": BOOLEAN,
        "deletable": BOOLEAN,
        "description": STRING,
        "ledger_code": STRING,
        "name": STRING,
        "slug": STRING,
        "updated_at": DATE_TIME,
        "visibility": STRING,
    },
    create=_FUND_ASSIGNABLE,
    update=_FUND_ASSIGNABLE,
    can_create=True,
    can_update=True,
    can_destroy=True,
    where=words("default id name visibility"),
)

# `status` is in the newest documents only, `payment_source_type` in the older ones only; the fact sheet has
# both as writable (4.1).
_PAYMENT_SOURCE_ASSIGNABLE = words("name status payment_source_type")

PAYMENT_SOURCE = Vertex(
    type="PaymentSource",
    product="giving",
    collection="payment_sources",
    attributes={"created_at": DATE_TIME, "name": STRING, "status": STRING, "updated_at": DATE_TIME},
    create=_PAYMENT_SOURCE_ASSIGNABLE,
    update=_PAYMENT_SOURCE_ASSIGNABLE,
    can_create=True,
    can_update=True,
    can_destroy=True,
    edges=("donations",),
)

LABEL = Vertex(
    type="Label",
    product="giving",
    collection="labels",
    attributes={"slug": STRING},
    create=words("slug"),
    update=words("slug"),
    can_create=True,
    can_update=True,
    can_destroy=True,
    where=words("slug"),
)

CAMPUS = Vertex(
    type="Campus",
    product="giving",
    collection="campuses",
    attributes={"address": JSON, "name": STRING},
    edges=("donations",),
)

RECURRING_DONATION = Vertex(
    type="RecurringDonation",
    product="giving",
    collection="recurring_donations",
    attributes={
        "amount_cents": INTEGER,
        "amount_currency": STRING,
        "created_at": DATE_TIME,
        "last_donation_received_at": DATE_TIME,
        "next_occurrence": DATE_TIME,
        "release_hold_at": DATE_TIME,
        "schedule": JSON,
        "status": STRING,
        "updated_at": DATE_TIME,
    },
    relationships={"person": Relationship("Person")},
    include=words("designations"),
    edges=("designations",),
)

RECURRING_DONATION_DESIGNATION = Vertex(
    type="RecurringDonationDesignation",
    product="giving",
    collection="",
    attributes={"amount_cents": INTEGER, "amount_currency": STRING},
    include=words("fund"),
    edges=("fund",),
)

FUND_VERTICES = (FUND, PAYMENT_SOURCE, LABEL, CAMPUS, RECURRING_DONATION, RECURRING_DONATION_DESIGNATION)
