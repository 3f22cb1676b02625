"""Hypothesis strategies for the domain's objects, as wild as their types allow."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from narthex.domain.correlation import (
    Answer,
    Correlation,
    CorrelationKind,
    CorrelationState,
    NewPerson,
    Review,
    ReviewState,
)
from narthex.domain.giving import Designation, DonationDraft, Payment, PaymentMethod
from narthex.domain.jobs import PushJob
from narthex.domain.ledger import (
    Announcement,
    Day,
    DayStatus,
    Finding,
    FindingKind,
    FindingState,
    Gift,
    GiftState,
    Progress,
    VendorWrite,
)
from narthex.domain.organization import (
    BearerToken,
    CompanyDonors,
    Credentials,
    GiftAmount,
    GiftsInReview,
    HeldGifts,
    Organization,
    PersonalAccessToken,
    Settings,
    Switches,
    WeGiveSurface,
)
from narthex.domain.people import Person

_Object = TypeVar("_Object")


def whole(kind: type[_Object], /, **parts: SearchStrategy[Any]) -> SearchStrategy[_Object]:
    """Build objects with every one of their fields drawn: a new field cannot be forgotten."""
    names = {field.name for field in fields(cast("Any", kind))}
    if names != set(parts):
        raise TypeError(f"{kind.__name__} has other fields: {sorted(names ^ set(parts))}")
    return st.builds(kind, **parts)


texts = st.text(max_size=30)
ids = st.text(min_size=1, max_size=30)
optional_ids = st.none() | ids
cents = st.integers(min_value=-(10**15), max_value=10**15)
milliseconds = st.integers(min_value=0, max_value=10**14)
optional_milliseconds = st.none() | milliseconds
instants = st.integers(min_value=0, max_value=4_000_000_000_000_000).map(
    lambda microseconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
)
dates = st.dates()
counts = st.integers(min_value=0, max_value=10**9)

announcements = whole(Announcement, write=st.sampled_from(VendorWrite), subject=texts, at_ms=milliseconds)
days = whole(
    Day,
    organization_id=ids,
    date=dates,
    status=st.sampled_from(DayStatus),
    fence=counts,
    lease_until_ms=milliseconds,
    announcement=st.none() | announcements,
    batch_id=optional_ids,
    batch_sent_ms=optional_milliseconds,
    changed_ms=milliseconds,
    committed_at=st.none() | instants,
    committed_ms=optional_milliseconds,
    audits_done=counts,
    wake_at_ms=optional_milliseconds,
    message=st.none() | texts,
    progress=whole(Progress, gifts=counts, recorded=counts, held=counts, donors=counts, matched=counts),
    requests=counts,
    started_ms=optional_milliseconds,
    finished_ms=optional_milliseconds,
)
payments = whole(
    Payment, method=st.sampled_from(PaymentMethod), brand=st.none() | texts, last4=st.none() | texts
)
drafts = whole(
    DonationDraft,
    person_id=optional_ids,
    payment=payments,
    received_at=instants,
    designations=st.lists(whole(Designation, fund_id=ids, amount_cents=cents), max_size=4).map(tuple),
    fee_cents=cents,
    label_ids=st.lists(ids, max_size=3).map(tuple),
)
gifts = whole(
    Gift,
    transaction_id=ids,
    state=st.sampled_from(GiftState),
    amount_cents=cents,
    content=texts,
    donor_id=optional_ids,
    draft=st.none() | drafts,
    donation_id=optional_ids,
    last_sent_ms=optional_milliseconds,
    reason=st.none() | texts,
    late=st.booleans(),
    refunded=st.booleans(),
)
findings = whole(
    Finding,
    id=ids,
    kind=st.sampled_from(FindingKind),
    text=texts,
    difference_cents=cents,
    state=st.sampled_from(FindingState),
    transaction_id=optional_ids,
    donation_id=optional_ids,
)
correlations = whole(
    Correlation,
    kind=st.sampled_from(CorrelationKind),
    wegive_id=ids,
    state=st.sampled_from(CorrelationState),
    planning_center_id=optional_ids,
    last_sent_ms=optional_milliseconds,
    pending=st.lists(texts, max_size=3).map(tuple),
    matched_by=texts,
)
new_people = whole(
    NewPerson,
    person=whole(
        Person,
        id=ids,
        first_name=texts,
        last_name=texts,
        other_first_names=st.lists(texts, max_size=2).map(tuple),
        emails=st.lists(texts, max_size=2).map(tuple),
        phones=st.lists(texts, max_size=2).map(tuple),
        birthdate=st.none() | dates,
        active=st.booleans(),
    ),
    created_ms=milliseconds,
)
reviews = whole(
    Review,
    donor_id=ids,
    question=texts,
    evidence=texts,
    candidate_ids=st.lists(ids, max_size=3).map(tuple),
    opened_ms=milliseconds,
    state=st.sampled_from(ReviewState),
    answer=st.none() | st.sampled_from(Answer),
    person_id=optional_ids,
)
settings = whole(
    Settings,
    push_at=st.times().map(lambda moment: moment.replace(fold=0)),
    payment_source=texts,
    held_gifts=st.sampled_from(HeldGifts),
    held_gifts_deadline_hours=counts,
    gifts_in_review=st.sampled_from(GiftsInReview),
    company_donors=st.sampled_from(CompanyDonors),
    gift_amount=st.sampled_from(GiftAmount),
    look_back_days=counts,
    first_day=st.none() | dates,
    adopt_existing=st.booleans(),
    paused=st.booleans(),
    switches=whole(
        Switches, push_transactions=st.booleans(), push_donors=st.booleans(), push_funds=st.booleans()
    ),
)
organizations = whole(
    Organization,
    id=ids,
    name=texts,
    time_zone=texts,
    planning_center_url=texts,
    planning_center_account=texts,
    wegive_url=texts,
    wegive_surface=st.sampled_from(WeGiveSurface),
    default_fund=texts,
    settings=settings,
)
credentials = whole(
    Credentials,
    planning_center=whole(PersonalAccessToken, application_id=texts, secret=texts)
    | whole(BearerToken, token=texts),
    wegive=whole(BearerToken, token=texts),
)
jobs = whole(PushJob, organization_id=ids, day=dates, dry_run=st.booleans(), cause=texts, nonce=texts)
