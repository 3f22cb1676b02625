"""Small invented objects of the domain; every argument can be given, none has to be."""

# ruff: noqa: ANN401 - the arguments are the fields of the objects
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from narthex.domain.correlation import Correlation, CorrelationKind, CorrelationState, NewPerson, Review
from narthex.domain.giving import Designation, DonationDraft, Payment, PaymentMethod
from narthex.domain.jobs import PushJob
from narthex.domain.ledger import Day, Finding, FindingKind, Gift, GiftState
from narthex.domain.organization import (
    BearerToken,
    Credentials,
    Organization,
    PersonalAccessToken,
    WeGiveSurface,
)
from narthex.domain.people import Person

SUNDAY = date(2026, 11, 15)
CHURCH = "grace-fairhaven"


def an_organization(**changes: Any) -> Organization:
    organization = Organization(
        id=CHURCH,
        name="Grace Church Fairhaven",
        time_zone="America/Chicago",
        planning_center_url="http://127.0.0.1:8700/planning-center",
        planning_center_account="900001",
        wegive_url="http://127.0.0.1:8700/wegive",
        wegive_surface=WeGiveSurface.PUBLISHED,
        default_fund="General",
    )
    return replace(organization, **changes)


def some_credentials() -> Credentials:
    return Credentials(
        planning_center=PersonalAccessToken(application_id="invented-application", secret="invented-secret"),
        wegive=BearerToken("7701|invented-token"),
    )


def a_draft(**changes: Any) -> DonationDraft:
    draft = DonationDraft(
        person_id="31",
        payment=Payment(PaymentMethod.CARD, brand="Visa", last4="4242"),
        received_at=datetime(2026, 11, 15, 16, 4, 5, tzinfo=UTC),
        designations=(Designation("11", 5000), Designation("12", 2500)),
        fee_cents=-245,
        label_ids=("7",),
    )
    return replace(draft, **changes)


def a_gift(transaction_id: str = "9001", **changes: Any) -> Gift:
    gift = Gift(
        transaction_id=transaction_id,
        state=GiftState.PLANNED,
        amount_cents=7500,
        content="5f0c1e9b",
        donor_id="501",
        draft=a_draft(),
    )
    return replace(gift, **changes)


def a_day(**changes: Any) -> Day:
    return replace(Day(organization_id=CHURCH, date=SUNDAY), **changes)


def a_finding(finding_id: str = "surplus-77", **changes: Any) -> Finding:
    finding = Finding(
        id=finding_id, kind=FindingKind.SURPLUS, text="donation 77 is one too many", difference_cents=5000
    )
    return replace(finding, **changes)


def a_correlation(wegive_id: str = "501", **changes: Any) -> Correlation:
    correlation = Correlation(
        kind=CorrelationKind.DONOR, wegive_id=wegive_id, state=CorrelationState.CREATING, last_sent_ms=1000
    )
    return replace(correlation, **changes)


def a_link(wegive_id: str = "501", person_id: str = "31", **changes: Any) -> Correlation:
    link = Correlation(
        kind=CorrelationKind.DONOR,
        wegive_id=wegive_id,
        state=CorrelationState.LINKED,
        planning_center_id=person_id,
        matched_by="email",
    )
    return replace(link, **changes)


def a_new_person(person_id: str = "31", *, created_ms: int) -> NewPerson:
    person = Person(id=person_id, first_name="Zofia", last_name="Żak", emails=("zofia@example.org",))
    return NewPerson(person=person, created_ms=created_ms)


def a_review(donor_id: str = "501", **changes: Any) -> Review:
    review = Review(
        donor_id=donor_id,
        question="Which person is this donor?",
        evidence="two people share this email",
        candidate_ids=("31", "32"),
        opened_ms=1000,
    )
    return replace(review, **changes)


def a_job(**changes: Any) -> PushJob:
    return replace(PushJob(organization_id=CHURCH, day=SUNDAY, cause="manual", nonce="1"), **changes)
