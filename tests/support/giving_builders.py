"""Small invented payments, donations, donors and people; every argument can be given, none has to be."""

# ruff: noqa: ANN401 - the arguments are the fields of the objects
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from narthex.domain.giving import (
    Designation,
    Donation,
    FundAllocation,
    Payment,
    PaymentMethod,
    Transaction,
)
from narthex.domain.ledger import Gift, GiftState
from narthex.domain.people import Donor, Person, Phone

SUNDAY_MORNING = datetime(2026, 11, 15, 16, 4, 5, tzinfo=UTC)
LATER = SUNDAY_MORNING + timedelta(hours=1)
OUR_SOURCE = "21001"
CARD = Payment(PaymentMethod.CARD, brand="Visa", last4="4242")


def a_transaction(transaction_id: str = "9001", **changes: Any) -> Transaction:
    transaction = Transaction(
        id=transaction_id,
        donor_id="501",
        amount_cents=5000,
        created_at=SUNDAY_MORNING,
        payment=CARD,
        succeeded_at=SUNDAY_MORNING,
    )
    return replace(transaction, **changes)


def split(*shares: tuple[str, int]) -> tuple[FundAllocation, ...]:
    return tuple(FundAllocation(fund_id, cents) for fund_id, cents in shares)


def parts(*shares: tuple[str, int]) -> tuple[Designation, ...]:
    return tuple(Designation(fund_id, cents) for fund_id, cents in shares)


def a_donation(donation_id: str = "77", **changes: Any) -> Donation:
    """A donation as the batch lists it; its designations follow `amount_cents` unless they are given."""
    cents = changes.get("amount_cents", 5000)
    changes.setdefault("designations", parts(("11", cents)))
    changes["amount_cents"] = sum(part.amount_cents for part in changes["designations"])
    donation = Donation(
        id=donation_id,
        batch_id="1",
        person_id="31",
        method=PaymentMethod.CARD,
        received_at=SUNDAY_MORNING,
        amount_cents=cents,
        designations=(),
        payment_source_id=OUR_SOURCE,
    )
    return replace(donation, **changes)


def donation_of(gift: Gift, donation_id: str, **changes: Any) -> Donation:
    """The donation that the gift's draft becomes."""
    assert gift.draft is not None
    draft = gift.draft
    donation = Donation(
        id=donation_id,
        batch_id="1",
        person_id=draft.person_id,
        method=draft.payment.method,
        received_at=draft.received_at,
        amount_cents=draft.amount_cents,
        designations=draft.designations,
        payment_source_id=OUR_SOURCE,
        fee_cents=draft.fee_cents,
    )
    return replace(donation, **changes)


def recorded(gift: Gift, donation_id: str) -> Gift:
    return replace(gift, state=GiftState.RECORDED, donation_id=donation_id)


def a_donor(**changes: Any) -> Donor:
    donor = Donor(id="501", first_name="Ana", last_name="Álvarez", emails=("ana@parish.example",))
    return replace(donor, **changes)


def a_person(person_id: str = "31", **changes: Any) -> Person:
    person = Person(id=person_id, first_name="Ana", last_name="Álvarez", emails=("ana@parish.example",))
    return replace(person, **changes)


def phones(*numbers: str) -> tuple[Phone, ...]:
    return tuple(Phone(number) for number in numbers)
