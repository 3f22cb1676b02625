from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pynamodb.models import Model

from narthex.adapters.dynamodb.correlations import (
    correlation_from,
    correlation_item,
    new_person_from,
    new_person_item,
)
from narthex.adapters.dynamodb.ledger_items import day_of_partition, partition_of
from narthex.adapters.dynamodb.ledger_mapping import (
    day_from,
    day_item,
    finding_from,
    finding_item,
    gift_from,
    gift_item,
)
from narthex.adapters.dynamodb.organizations import organization_from, organization_item
from narthex.adapters.dynamodb.reviews import review_from, review_item
from narthex.domain.correlation import Correlation, NewPerson, Review
from narthex.domain.giving import Designation, PaymentMethod
from narthex.domain.ledger import Day, Finding, Gift
from narthex.domain.organization import Organization, Settings
from narthex.domain.people import Person
from tests.support import strategies
from tests.support.builders import CHURCH, SUNDAY, a_day, a_draft, a_gift, an_organization

LARGEST_GIFT_BYTES = 700


def stored(model: Model) -> dict[str, Any]:
    item: dict[str, Any] = model.serialize()
    return item


def size_bytes(item: dict[str, Any]) -> int:
    """As DynamoDB counts it, a little high: names and values in UTF-8, a number as its digits."""
    return sum(
        len(name.encode()) + sum(len(str(value).encode()) for value in attribute.values())
        for name, attribute in item.items()
    )


def same(one: object, other: object) -> bool:
    """Equal, and of the same types all the way down: a text equals its enumeration's member."""
    return one == other and repr(one) == repr(other)


@given(strategies.days)
def test_a_day_survives_its_item(day: Day) -> None:
    assert same(day_from(stored(day_item(day))), day)


@given(strategies.gifts)
def test_a_gift_survives_its_item(gift: Gift) -> None:
    assert same(gift_from(stored(gift_item(a_day(), gift))), gift)


@given(strategies.findings)
def test_a_finding_survives_its_item(finding: Finding) -> None:
    assert same(finding_from(stored(finding_item(CHURCH, SUNDAY, finding))), finding)


@given(strategies.correlations)
def test_a_correlation_survives_its_item(correlation: Correlation) -> None:
    assert same(correlation_from(stored(correlation_item(CHURCH, correlation))), correlation)


@given(strategies.new_people)
def test_a_new_person_survives_its_item(new: NewPerson) -> None:
    assert same(new_person_from(stored(new_person_item(CHURCH, "email:a@example.org", new))), new)


@given(strategies.reviews)
def test_a_review_survives_its_item(review: Review) -> None:
    assert same(review_from(stored(review_item(CHURCH, review))), review)


@given(strategies.organizations)
def test_an_organization_survives_its_item(organization: Organization) -> None:
    assert same(organization_from(stored(organization_item(organization))), organization)


@given(st.text(max_size=20), st.dates())
def test_a_partition_tells_organization_and_day(organization_id: str, day: date) -> None:
    assert day_of_partition(partition_of(organization_id, day)) == (organization_id, day)


def test_settings_that_an_older_item_does_not_know_have_their_defaults() -> None:
    item = organization_item(an_organization())
    item.settings = {"paused": True, "switches": {"push_funds": False}, "of_a_later_version": 1}

    settings = organization_from(stored(item)).settings

    assert settings.paused
    assert not settings.switches.push_funds
    unchanged = [field.name for field in fields(Settings) if field.name not in {"paused", "switches"}]
    assert all(getattr(settings, name) == getattr(Settings(), name) for name in unchanged)


def test_a_gift_is_one_write_unit_even_with_four_funds_and_a_reason() -> None:
    draft = a_draft(
        person_id="1234567890",
        payment=a_draft().payment.__class__(PaymentMethod.ACH, brand="First Community Bank", last4="6789"),
        designations=tuple(Designation(f"12345{number}", 1_234_567) for number in range(4)),
    )
    gift = a_gift(
        "1234567890",
        draft=draft,
        content="0" * 64,
        donation_id="9876543210",
        last_sent_ms=1_763_000_000_000,
        reason="x" * 100,
        late=True,
    )
    item = gift_item(a_day(fence=1234), gift)
    item.stamp = 1_763_000_000_000

    assert size_bytes(stored(item)) < LARGEST_GIFT_BYTES


def test_whole_numbers_refuse_fractions() -> None:
    item = gift_item(a_day(), a_gift(amount_cents=12.5))

    with pytest.raises(TypeError, match="amount_cents is not a whole number"):
        item.serialize()


def test_match_keys_do_not_stand_in_the_table_in_clear() -> None:
    new = NewPerson(person=Person(id="31"), created_ms=0)

    partition = new_person_item(CHURCH, "email:zofia@example.org", new).partition

    assert "zofia" not in partition
