"""The vertices of People, version 2025-11-10 (planning-center-api.md 3)."""

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

_PERSON_ASSIGNABLE = words(
    "accounting_administrator anniversary birthdate child given_name grade graduation_year middle_name"
    " nickname people_permissions site_administrator gender inactivated_at medical_notes membership"
    " stripe_customer_identifier avatar first_name last_name gender_id primary_campus_id remote_id status"
)

PERSON = Vertex(
    type="Person",
    product="people",
    collection="people",
    attributes={
        "accounting_administrator": BOOLEAN,
        "anniversary": DATE,
        "avatar": STRING,
        "birthdate": DATE,
        "can_create_forms": BOOLEAN,
        "can_email_lists": BOOLEAN,
        "child": BOOLEAN,
        "created_at": DATE_TIME,
        "demographic_avatar_url": STRING,
        "directory_shared_info": JSON,
        "directory_status": STRING,
        "first_name": STRING,
        "gender": STRING,
        "given_name": STRING,
        "grade": INTEGER,
        "graduation_year": INTEGER,
        "inactivated_at": DATE_TIME,
        "last_name": STRING,
        "login_identifier": STRING,
        "medical_notes": STRING,
        "membership": STRING,
        "mfa_configured": BOOLEAN,
        "middle_name": STRING,
        "name": STRING,
        "nickname": STRING,
        "passed_background_check": BOOLEAN,
        "people_permissions": STRING,
        "remote_id": INTEGER,
        "resource_permission_flags": JSON,
        "school_type": STRING,
        "site_administrator": BOOLEAN,
        "status": STRING,
        "stripe_customer_identifier": STRING,
        "updated_at": DATE_TIME,
    },
    on_request=words("directory_shared_info mfa_configured stripe_customer_identifier"),
    relationships={"primary_campus": Relationship("PrimaryCampus"), "created_by": Relationship("Person")},
    create=_PERSON_ASSIGNABLE,
    update=_PERSON_ASSIGNABLE,
    can_create=True,
    can_update=True,
    can_destroy=True,
    where=words(
        "accounting_administrator anniversary birthdate child created_at first_name gender given_name grade"
        " graduation_year id inactivated_at last_name medical_notes membership mfa_configured middle_name"
        " nickname people_permissions primary_campus_id remote_id search_name search_name_or_email"
        " search_name_or_email_or_phone_number search_phone_number search_phone_number_e164"
        " site_administrator status updated_at"
    ),
    lagging=words("first_name given_name last_name middle_name nickname"),
    order=words(
        "accounting_administrator anniversary birthdate child created_at first_name gender given_name grade"
        " graduation_year inactivated_at last_name membership middle_name nickname people_permissions"
        " remote_id site_administrator status updated_at"
    ),
    include=words(
        "addresses emails field_data households inactive_reason marital_status name_prefix name_suffix"
        " organization person_apps phone_numbers platform_notifications primary_campus school social_profiles"
    ),
    filters=words("admins created_since organization_admins"),
    edges=("addresses", "emails", "organization", "phone_numbers", "primary_campus"),
)

_EMAIL_ASSIGNABLE = words("address location primary")

EMAIL = Vertex(
    type="Email",
    product="people",
    collection="emails",
    attributes={
        "address": STRING,
        "blocked": BOOLEAN,
        "created_at": DATE_TIME,
        "location": STRING,
        "primary": BOOLEAN,
        "updated_at": DATE_TIME,
    },
    relationships={"person": Relationship("Person")},
    create=_EMAIL_ASSIGNABLE,
    update=_EMAIL_ASSIGNABLE,
    can_create=True,
    can_update=True,
    can_destroy=True,
    where=words("address blocked created_at location primary updated_at"),
    lagging=words("address"),
    order=words("address created_at location primary updated_at"),
    edges=("person",),
)

_PHONE_NUMBER_ASSIGNABLE = words("number carrier location primary")

PHONE_NUMBER = Vertex(
    type="PhoneNumber",
    product="people",
    collection="phone_numbers",
    attributes={
        "carrier": STRING,
        "country_code": STRING,
        "created_at": DATE_TIME,
        "e164": STRING,
        "formatted_number": STRING,
        "international": STRING,
        "location": STRING,
        "national": STRING,
        "number": STRING,
        "primary": BOOLEAN,
        "updated_at": DATE_TIME,
    },
    on_request=words("formatted_number"),
    relationships={"person": Relationship("Person")},
    create=_PHONE_NUMBER_ASSIGNABLE,
    update=_PHONE_NUMBER_ASSIGNABLE,
    can_create=True,
    can_update=True,
    can_destroy=True,
    where=words("carrier created_at location number primary updated_at"),
    lagging=words("number"),
    order=words("carrier created_at location number primary updated_at"),
)

_ADDRESS_ASSIGNABLE = words("city state zip country_code location primary street_line_1 street_line_2")

ADDRESS = Vertex(
    type="Address",
    product="people",
    collection="addresses",
    attributes={
        "city": STRING,
        "country_code": STRING,
        "country_name": STRING,
        "created_at": DATE_TIME,
        "location": STRING,
        "primary": BOOLEAN,
        "state": STRING,
        "street_line_1": STRING,
        "street_line_2": STRING,
        "updated_at": DATE_TIME,
        "zip": STRING,
    },
    relationships={"person": Relationship("Person")},
    create=_ADDRESS_ASSIGNABLE,
    update=_ADDRESS_ASSIGNABLE,
    can_create=True,
    can_update=True,
    can_destroy=True,
    where=_ADDRESS_ASSIGNABLE,
    order=_ADDRESS_ASSIGNABLE | words("created_at updated_at"),
)

PERSON_MERGER = Vertex(
    type="PersonMerger",
    product="people",
    collection="person_mergers",
    # The documents call the two ids strings; live answers carry numbers (planning-center-api.md 1.2).
    attributes={"created_at": DATE_TIME, "person_to_keep_id": STRING, "person_to_remove_id": STRING},
    relationships={"person_to_keep": Relationship("Person"), "person_to_remove": Relationship("Person")},
    where=words("created_at person_to_keep_id person_to_remove_id"),
    order=words("created_at"),
)

ORGANIZATION = Vertex(
    type="Organization",
    product="people",
    collection="",
    attributes={
        "avatar_url": STRING,
        "church_center_subdomain": STRING,
        "contact_website": STRING,
        "country_code": STRING,
        "created_at": DATE_TIME,
        "date_format": STRING,
        "grades": JSON,
        "name": STRING,
        "time_zone": STRING,
    },
)

PEOPLE_VERTICES = (PERSON, EMAIL, PHONE_NUMBER, ADDRESS, PERSON_MERGER, ORGANIZATION)
