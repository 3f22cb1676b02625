"""The vertices of Giving, version 2019-10-18 (planning-center-api.md 4)."""

from __future__ import annotations

from sandbox.planning_center.vertex import (
    BOOLEAN,
    DATE,
    DATE_TIME,
    INTEGER,
    JSON,
    STRING,
    Relationship,
    Vertex,
    words,
)

PERSON = Vertex(
    type="Person",
    product="giving",
    collection="people",
    attributes={
        "addresses": JSON,
        "donor_number": INTEGER,
        "email_addresses": JSON,
        "first_donated_at": DATE_TIME,
        "first_name": STRING,
        "last_name": STRING,
        "permissions": STRING,
        "phone_numbers": JSON,
    },
    relationships={"primary_campus": Relationship("Campus")},
    update=words("donor_number"),
    can_update=True,
    where=words("first_name last_name"),
    lagging=words("first_name last_name"),
    filters=words("has_donated"),
    edges=("batches", "donations", "primary_campus", "recurring_donations"),
)

BATCH = Vertex(
    type="Batch",
    product="giving",
    collection="batches",
    attributes={
        "committed_at": DATE_TIME,
        "created_at": DATE_TIME,
        "description": STRING,
        "donations_count": INTEGER,
        "status": STRING,
        "total_cents": INTEGER,
        "total_currency": STRING,
        "updated_at": DATE_TIME,
    },
    on_request=words("donations_count"),
    relationships={"batch_group": Relationship("BatchGroup")},
    create=words("description"),
    update=words("description"),
    create_relationships=words("batch_group"),
    update_relationships=words("batch_group"),
    can_create=True,
    can_update=True,
    can_destroy=True,
    where=words("updated_at"),
    order=words("updated_at"),
    include=words("batch_group owner"),
    filters=words("committed in_progress"),
    edges=("batch_group", "donations", "owner"),
    actions=("commit",),
)

BATCH_GROUP = Vertex(
    type="BatchGroup",
    product="giving",
    collection="batch_groups",
    attributes={
        "committed": BOOLEAN,
        "created_at": DATE_TIME,
        "description": STRING,
        "status": STRING,
        "total_cents": INTEGER,
        "total_currency": STRING,
        "updated_at": DATE_TIME,
    },
    create=words("description"),
    update=words("description"),
    can_create=True,
    can_update=True,
    can_destroy=True,
    where=words("updated_at"),
    order=words("updated_at"),
    include=words("owner"),
    filters=words("committed in_progress"),
    edges=("batches", "owner"),
    actions=("commit",),
)

_DONATION_ASSIGNABLE = words(
    "payment_method_sub payment_last4 payment_brand payment_check_number payment_check_dated_at fee_cents"
    " payment_method received_at person_id payment_source_id campus_id"
)

DONATION = Vertex(
    type="Donation",
    product="giving",
    collection="donations",
    attributes={
        "amount_cents": INTEGER,
        "amount_currency": STRING,
        "completed_at": DATE_TIME,
        "created_at": DATE_TIME,
        "fee_cents": INTEGER,
        "fee_covered": BOOLEAN,
        "fee_currency": STRING,
        "memo": STRING,
        "payment_brand": STRING,
        "payment_channel": STRING,
        "payment_check_dated_at": DATE,
        "payment_check_number": INTEGER,
        "payment_last4": STRING,
        "payment_method": STRING,
        "payment_method_sub": STRING,
        "payment_status": STRING,
        "received_at": DATE_TIME,
        "refundable": BOOLEAN,
        "refunded": BOOLEAN,
        "updated_at": DATE_TIME,
    },
    relationships={
        "batch": Relationship("Batch"),
        "campus": Relationship("Campus"),
        "person": Relationship("Person"),
        "payment_source": Relationship("PaymentSource"),
        "labels": Relationship("Label", to_many=True),
        "recurring_donation": Relationship("RecurringDonation"),
    },
    create=_DONATION_ASSIGNABLE,
    update=_DONATION_ASSIGNABLE,
    create_relationships=words("labels"),
    update_relationships=words("labels batch"),
    can_create=True,
    can_update=True,
    can_destroy=True,
    where=words("completed_at created_at payment_method received_at updated_at"),
    order=words("completed_at created_at received_at updated_at"),
    include=words("designations labels note refund"),
    filters=words("succeeded"),
    edges=("campus", "designations", "labels", "note", "refund"),
    actions=("issue_refund",),
)

DESIGNATION = Vertex(
    type="Designation",
    product="giving",
    collection="",
    attributes={"amount_cents": INTEGER, "amount_currency": STRING, "fee_cents": INTEGER},
    relationships={"fund": Relationship("Fund")},
    edges=("fund",),
)

REFUND = Vertex(
    type="Refund",
    product="giving",
    collection="",
    attributes={
        "amount_cents": INTEGER,
        "amount_currency": STRING,
        "created_at": DATE_TIME,
        "fee_cents": INTEGER,
        "fee_currency": STRING,
        "refunded_at": DATE_TIME,
        "updated_at": DATE_TIME,
    },
    include=words("designation_refunds"),
    edges=("designation_refunds",),
)

DESIGNATION_REFUND = Vertex(
    type="DesignationRefund",
    product="giving",
    collection="",
    attributes={"amount_cents": INTEGER, "amount_currency": STRING, "fee_cents": INTEGER},
    relationships={"designation": Relationship("Designation")},
    include=words("designation"),
    edges=("designation",),
)

GIVING_VERTICES = (PERSON, BATCH, BATCH_GROUP, DONATION, DESIGNATION, REFUND, DESIGNATION_REFUND)
