from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from narthex.adapters.planning_center.client import PER_PAGE
from narthex.domain.errors import (
    AnswerMismatchError,
    ContractViolationError,
    OutcomeUnknownError,
    RecordNotFoundError,
    RejectedError,
    RetryLaterError,
)
from narthex.domain.giving import (
    BatchStatus,
    Designation,
    DonationDraft,
    FundVisibility,
    Payment,
    PaymentMethod,
    WeGiveFund,
)
from sandbox.faults import FaultKind
from sandbox.planning_center import staff
from tests.adapters.house import ORGANIZATION_ID, House, answering, nothing

DAY = "WeGive Import - 2026-11-15"
RECEIVED_AT = datetime(2026, 11, 15, 9, 30, 17, tzinfo=timezone(timedelta(hours=-6)))
BATCHES = "GET /giving/v2/batches"


class Giving:
    """A church with a batch, a payment source and two funds."""

    def __init__(self) -> None:
        self.house = House()
        self.port = self.house.vendors.giving
        self.general = self.port.funds()[0].id
        self.missions = self.port.create_fund(WeGiveFund("902", "Missions")).id
        self.source = self.port.create_payment_source("WeGive").id
        self.batch = self.port.create_batch(DAY, nothing).id
        self.ana = self.house.add_person("Ana", "Reyes")
        self.house.requests()

    def draft(self, **changes: Any) -> DonationDraft:  # noqa: ANN401
        draft = DonationDraft(
            person_id=self.ana,
            payment=Payment(PaymentMethod.CARD, "Visa", "4242"),
            received_at=RECEIVED_AT,
            designations=(Designation(self.general, 5_000),),
            fee_cents=-175,
        )
        return replace(draft, **changes)

    def give(self, **changes: Any) -> str:  # noqa: ANN401
        return self.port.create_donation(self.batch, self.draft(**changes), self.source, nothing).id


def test_a_donation_is_created_in_one_request_and_shown_as_it_was_sent() -> None:
    giving = Giving()
    label = giving.port.label_id("recurring")
    giving.house.requests()
    draft = giving.draft(
        designations=(Designation(giving.general, 3_000), Designation(giving.missions, 2_000)),
        label_ids=(label,),
    )

    created = giving.port.create_donation(giving.batch, draft, giving.source, nothing)

    assert giving.house.requests() == [f"POST /giving/v2/batches/{giving.batch}/donations"]
    shown = giving.port.donation(created.id)
    assert shown == created
    assert shown.fingerprint == draft.fingerprint
    assert (shown.fee_cents, shown.payment_source_id, shown.committed) == (-175, giving.source, False)


def test_an_anonymous_gift_has_no_person() -> None:
    giving = Giving()

    donation_id = giving.give(person_id=None)

    assert giving.port.donation(donation_id).person_id is None


def test_cash_carries_neither_brand_nor_digits_nor_fee() -> None:
    giving = Giving()

    donation_id = giving.give(payment=Payment(PaymentMethod.CASH, "", ""), fee_cents=0)

    assert giving.port.donation(donation_id).method is PaymentMethod.CASH


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.LOST_ANSWER,
        FaultKind.LOST_REQUEST,
        FaultKind.ERROR_WITH_EFFECT,
        FaultKind.ERROR_WITHOUT_EFFECT,
        FaultKind.TRUNCATED_JSON,
        FaultKind.HTML_200,
        FaultKind.HTML_502,
        FaultKind.MAINTENANCE,
    ],
)
def test_a_donation_without_a_believable_answer_is_never_sent_twice(kind: FaultKind) -> None:
    giving = Giving()
    giving.house.fail(kind, "POST", r"/giving/v2/batches/\d+/donations")

    with pytest.raises(OutcomeUnknownError):
        giving.give()

    assert len(giving.house.requests()) == 1


def test_an_answer_without_a_charset_is_believed() -> None:
    giving = Giving()
    giving.house.fail(FaultKind.CHARSETLESS, "POST", r"/giving/v2/batches/\d+/donations")

    assert giving.port.donation(giving.give()).amount_cents == 5_000


def test_a_donor_whom_planning_center_turned_anonymous_is_not_believed() -> None:
    giving = Giving()
    giving.house.planning_center_options.donations_to_unknown_person = "anonymous"

    with pytest.raises(AnswerMismatchError, match="another person") as raised:
        giving.give(person_id="999")

    assert giving.port.donation(raised.value.record_id).person_id is None


def test_a_donor_who_was_merged_meanwhile_is_noticed() -> None:
    giving = Giving()
    anna = giving.house.add_person("Anna", "Reyes")
    giving.house.merge(keep=anna, remove=giving.ana)

    with pytest.raises(AnswerMismatchError) as raised:
        giving.give()

    assert giving.port.donation(raised.value.record_id).person_id == anna


def test_a_person_whom_giving_does_not_know_yet_is_told_by_code() -> None:
    giving = Giving()
    giving.house.planning_center_options.giving_person_lag_seconds = 60
    new = giving.house.add_person("Ben", "Reyes")

    with pytest.raises(RejectedError) as raised:
        giving.give(person_id=new)

    assert raised.value.codes == ("attribute_resource_not_found",)
    assert raised.value.parameters == ("person_id",)


def shown_donation(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """An answer for a gift of 5,000 cents by person 7 to fund 1 in batch 3; `changes` are put over it."""
    relationships = {
        "person": {"data": {"type": "Person", "id": "7"}},
        "batch": {"data": {"type": "Batch", "id": "3"}},
        "payment_source": {"data": {"type": "PaymentSource", "id": "2"}},
    }
    attributes = {
        "amount_cents": 5_000,
        "payment_method": "card",
        "received_at": "2026-11-15T15:30:17Z",
        "fee_cents": 0,
        "refunded": False,
        "completed_at": None,
    }
    relationships |= changes.pop("relationships", {})
    return {
        "type": "Donation",
        "id": "41",
        "attributes": attributes | changes,
        "relationships": relationships,
    }


SENT = DonationDraft(
    person_id="7",
    payment=Payment(PaymentMethod.CARD),
    received_at=RECEIVED_AT,
    designations=(Designation("1", 5_000),),
)


def create_and_be_shown(answer: dict[str, Any], included: list[dict[str, Any]] | None = None) -> object:
    body = {"data": answer, "included": included or []}
    vendors = answering(lambda _: httpx.Response(201, json=body))
    return vendors.giving.create_donation("3", SENT, "2", nothing)


def test_an_answer_that_shows_what_was_sent_is_believed() -> None:
    assert create_and_be_shown(shown_donation())


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"amount_cents": 5_001}, "amount"),
        ({"payment_method": "ach"}, "payment method"),
        ({"received_at": "2026-11-15T00:00:00Z"}, "time"),
        ({"relationships": {"person": {"data": None}}}, "person"),
        ({"relationships": {"person": {"data": {"type": "Person", "id": "8"}}}}, "person"),
        ({"relationships": {"batch": {"data": {"type": "Batch", "id": "4"}}}}, "batch"),
    ],
)
def test_an_answer_that_shows_something_else_names_it_and_the_donation(
    changes: dict[str, Any], what: str
) -> None:
    with pytest.raises(AnswerMismatchError) as raised:
        create_and_be_shown(shown_donation(**changes))

    assert str(raised.value) == f"Planning Center shows donation 41 with another {what}"
    assert raised.value.record_id == "41"


def test_an_answer_that_includes_another_fund_is_noticed() -> None:
    designation = {
        "type": "Designation",
        "id": "5",
        "attributes": {"amount_cents": 5_000},
        "relationships": {"fund": {"data": {"type": "Fund", "id": "9"}}},
    }
    answer = shown_donation(
        relationships={"designations": {"data": [{"type": "Designation", "id": "5"}]}},
    )

    with pytest.raises(AnswerMismatchError, match="another funds"):
        create_and_be_shown(answer, [designation])


@pytest.mark.parametrize(
    "changes",
    [{"amount_cents": "5000"}, {"amount_cents": 5000.5}, {"amount_cents": True}, {"received_at": "soon"}],
)
def test_an_answer_that_cannot_be_read_leaves_the_outcome_unknown(changes: dict[str, Any]) -> None:
    with pytest.raises(OutcomeUnknownError):
        create_and_be_shown(shown_donation(**changes))


def test_a_list_whose_designations_do_not_sum_is_refused() -> None:
    body = {"data": [shown_donation()], "included": []}

    with pytest.raises(ContractViolationError, match="donation 41"):
        answering(lambda _: httpx.Response(200, json=body)).giving.donations("3")


def test_all_pages_of_a_batch_are_read_with_their_designations() -> None:
    giving = Giving()
    ids = [giving.give() for _ in range(PER_PAGE + 1)]
    giving.house.requests()

    donations = giving.port.donations(giving.batch)

    assert [donation.id for donation in donations] == ids
    assert {donation.designations for donation in donations} == {(Designation(giving.general, 5_000),)}
    assert len(giving.house.requests()) == 2


def test_a_donation_that_slips_between_two_pages_is_found_by_reading_again() -> None:
    giving = Giving()
    ids = [giving.give() for _ in range(PER_PAGE + 2)]
    deleted: list[str] = []

    def delete_one_meanwhile(request: httpx.Request) -> httpx.Response:
        if "offset" in request.url.params and not deleted:
            deleted.append(ids[0])
            house = giving.house
            staff.delete_donation(house.people_records, ORGANIZATION_ID, ids[0], house.clock.now)
        return giving.house.planning_center.handle_request(request)

    donations = answering(delete_one_meanwhile).giving.donations(giving.batch)

    assert {donation.id for donation in donations} == set(ids[1:])


def test_a_donation_that_two_pages_show_counts_once_in_its_last_copy() -> None:
    first, again = shown_donation(), shown_donation(fee_cents=-9)
    designation = {
        "type": "Designation",
        "id": "5",
        "attributes": {"amount_cents": 5_000},
        "relationships": {"fund": {"data": {"type": "Fund", "id": "1"}}},
    }
    for shown in (first, again):
        shown["relationships"]["designations"] = {"data": [{"type": "Designation", "id": "5"}]}
    link = "https://planning-center.test/giving/v2/batches/3/donations?offset=100"
    pages = [
        {"data": [first], "included": [designation], "links": {"next": link}},
        {"data": [again], "included": [designation]},
    ]

    [donation] = answering(lambda _: httpx.Response(200, json=pages.pop(0))).giving.donations("3")

    assert donation.fee_cents == -9


def test_a_changed_draft_replaces_person_money_funds_and_payment() -> None:
    giving = Giving()
    donation_id = giving.give()
    draft = giving.draft(
        person_id=None,
        payment=Payment(PaymentMethod.CASH),
        designations=(Designation(giving.missions, 700),),
        fee_cents=0,
    )

    giving.port.update_donation(donation_id, draft, nothing)

    shown = giving.port.donation(donation_id)
    assert shown.fingerprint == draft.fingerprint
    assert (shown.fee_cents, shown.batch_id) == (0, giving.batch)


def test_a_change_keeps_the_labels_that_staff_gave() -> None:
    giving = Giving()
    donation_id = giving.give(label_ids=(giving.port.label_id("stewardship"),))

    giving.port.update_donation(donation_id, giving.draft(), nothing)

    path = f"/giving/v2/donations/{donation_id}/labels"
    answer = giving.house.planning_center.handle_request(
        httpx.Request("GET", f"https://planning-center.test{path}", headers=dict(_headers(giving)))
    )
    assert [label["attributes"]["slug"] for label in answer.json()["data"]] == ["stewardship"]


def _headers(giving: Giving) -> dict[str, str]:
    return dict(giving.house.vendors.planning_center_sender.headers) | {"X-PCO-API-Version": "2019-10-18"}


@pytest.mark.parametrize(
    ("method", "path", "change"),
    [
        ("PATCH", r"/giving/v2/donations/\d+", lambda g, d: g.port.update_donation(d, g.draft(), nothing)),
        ("DELETE", r"/giving/v2/donations/\d+", lambda g, d: g.port.delete_donation(d, nothing)),
        ("POST", r"/giving/v2/batches/\d+/commit", lambda g, _: g.port.commit_batch(g.batch, nothing)),
        (
            "POST",
            r"/giving/v2/donations/\d+/issue_refund",
            lambda g, d: g.port.issue_refund(d, date(2026, 11, 16), nothing),
        ),
        ("DELETE", r"/giving/v2/batches/\d+", lambda g, _: g.port.delete_batch(g.batch, nothing)),
    ],
)
def test_a_repeatable_write_too_leaves_it_to_the_service_to_look(
    method: str, path: str, change: Callable[[Giving, str], None]
) -> None:
    giving = Giving()
    donation_id = giving.give()
    giving.house.requests()
    giving.house.fail(FaultKind.LOST_ANSWER, method, path)

    with pytest.raises(OutcomeUnknownError):
        change(giving, donation_id)

    assert len(giving.house.requests()) == 1


def test_deleting_what_is_gone_is_done_already() -> None:
    giving = Giving()
    donation_id = giving.give()

    giving.port.delete_donation(donation_id, nothing)
    giving.port.delete_donation(donation_id, nothing)
    giving.port.delete_batch(giving.batch, nothing)
    giving.port.delete_batch(giving.batch, nothing)

    with pytest.raises(RecordNotFoundError):
        giving.port.donation(donation_id)
    with pytest.raises(RecordNotFoundError):
        giving.port.batch(giving.batch)


def test_a_commit_is_asked_for_and_happens_later() -> None:
    giving = Giving()
    giving.house.planning_center_options.commit_seconds = 30
    donation_id = giving.give()

    giving.port.commit_batch(giving.batch, nothing)
    at_once = giving.port.batch(giving.batch).status
    giving.house.clock.advance_ms(31_000)

    assert at_once is BatchStatus.UPDATING
    assert giving.port.batch(giving.batch).status is BatchStatus.COMMITTED
    assert giving.port.donation(donation_id).committed


def test_an_empty_batch_is_refused_with_a_reason() -> None:
    giving = Giving()

    with pytest.raises(RejectedError, match="without donations"):
        giving.port.commit_batch(giving.batch, nothing)


def test_a_refund_that_was_issued_already_is_a_no_op() -> None:
    giving = Giving()
    donation_id = giving.give()
    giving.port.commit_batch(giving.batch, nothing)

    giving.port.issue_refund(donation_id, date(2026, 11, 16), nothing)
    giving.port.issue_refund(donation_id, date(2026, 11, 16), nothing)

    assert giving.port.donation(donation_id).refunded


def test_a_refund_that_is_refused_is_not_taken_for_done() -> None:
    giving = Giving()
    donation_id = giving.give()

    with pytest.raises(RejectedError):
        giving.port.issue_refund(donation_id, date(2026, 11, 16), nothing)

    assert not giving.port.donation(donation_id).refunded


def test_batches_are_found_by_their_exact_description_lowest_id_first() -> None:
    giving = Giving()
    for description in (f"{DAY} (2)", DAY.upper(), "", DAY):
        giving.port.create_batch(description, nothing)

    found = giving.port.find_batches(DAY, giving.house.clock.now() - timedelta(days=1))

    assert [batch.description for batch in found] == [DAY, DAY]
    assert [int(batch.id) for batch in found] == sorted(int(batch.id) for batch in found)


def test_batches_that_have_not_changed_since_are_not_looked_through() -> None:
    giving = Giving()
    giving.house.clock.advance_ms(60_000)

    assert giving.port.find_batches(DAY, giving.house.clock.now()) == []


def test_a_batch_of_another_description_than_was_sent_is_not_believed() -> None:
    answer = {
        "data": {"type": "Batch", "id": "3", "attributes": {"status": "in_progress", "description": "x"}}
    }

    with pytest.raises(AnswerMismatchError) as raised:
        answering(lambda _: httpx.Response(201, json=answer)).giving.create_batch(DAY, nothing)

    assert raised.value.record_id == "3"


def test_a_batch_with_an_unknown_status_leaves_its_creation_unknown() -> None:
    answer = {"data": {"type": "Batch", "id": "3", "attributes": {"status": "odd", "description": DAY}}}

    with pytest.raises(OutcomeUnknownError):
        answering(lambda _: httpx.Response(201, json=answer)).giving.create_batch(DAY, nothing)


def test_an_active_fund_shows_everywhere_and_another_one_to_staff() -> None:
    giving = Giving()

    active = giving.port.create_fund(WeGiveFund("903", "Youth"))
    inactive = giving.port.create_fund(WeGiveFund("904", "Roof", active=False, description="r" * 300))

    assert active.visibility is FundVisibility.EVERYWHERE
    assert inactive.visibility is FundVisibility.ADMIN_ONLY
    assert giving.port.funds()[-2:] == [active, inactive]


CREATE_NAMED: dict[str, Callable[[Giving], str]] = {
    "funds": lambda giving: giving.port.create_fund(WeGiveFund("905", "Choir")).id,
    "payment_sources": lambda giving: giving.port.create_payment_source("Choir").id,
    "labels": lambda giving: giving.port.label_id("Choir"),
}


@pytest.mark.parametrize("path", CREATE_NAMED)
def test_what_is_unique_by_name_is_looked_up_when_it_exists(path: str) -> None:
    giving = Giving()

    assert CREATE_NAMED[path](giving) == CREATE_NAMED[path](giving)


@pytest.mark.parametrize("path", CREATE_NAMED)
def test_what_is_unique_by_name_is_looked_up_after_an_unknown_outcome(path: str) -> None:
    giving = Giving()
    giving.house.fail(FaultKind.LOST_ANSWER, "POST", f"/giving/v2/{path}")

    created = CREATE_NAMED[path](giving)

    assert CREATE_NAMED[path](giving) == created
    assert sum(request.startswith("POST") for request in giving.house.requests()) in {1, 2}


@pytest.mark.parametrize("path", CREATE_NAMED)
def test_what_is_unique_by_name_and_was_lost_is_tried_again_later(path: str) -> None:
    giving = Giving()
    giving.house.fail(FaultKind.LOST_REQUEST, "POST", f"/giving/v2/{path}")

    with pytest.raises(RetryLaterError):
        CREATE_NAMED[path](giving)

    assert CREATE_NAMED[path](giving)


def test_a_payment_source_is_found_by_name_and_says_whether_it_may_be_used() -> None:
    giving = Giving()
    house = giving.house
    staff.archive_payment_source(house.people_records, ORGANIZATION_ID, giving.source, house.clock.now)

    source = giving.port.payment_source("wegive")

    assert source is not None
    assert (source.id, source.name, source.active) == (giving.source, "WeGive", False)
    assert giving.port.payment_source("Cash box") is None


@pytest.mark.parametrize("spelling", ["recurring", "Recurring", " RECURRING! "])
def test_a_label_is_one_however_it_is_spelt(spelling: str) -> None:
    giving = Giving()

    assert giving.port.label_id(spelling) == giving.port.label_id("recurring")


def test_the_donations_of_a_source_are_counted_in_one_request() -> None:
    giving = Giving()
    for _ in range(3):
        giving.give()
    giving.house.requests()

    assert giving.port.count_donations_of_source(giving.source) == 3
    assert len(giving.house.requests()) == 1


def test_the_donations_of_a_source_are_counted_by_hand_where_no_total_is_told() -> None:
    pages = [{"data": [shown_donation()]}, {"data": [shown_donation(), shown_donation() | {"id": "42"}]}]

    count = answering(lambda _: httpx.Response(200, json=pages.pop(0))).giving.count_donations_of_source("2")

    assert count == 2


def test_a_time_is_sent_in_utc_with_its_mark() -> None:
    bodies: list[bytes] = []

    def handler(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(201, json={"data": shown_donation()})

    answering(handler).giving.create_donation("3", SENT, "2", nothing)

    assert b'"received_at":"2026-11-15T15:30:17Z"' in bodies[0].replace(b": ", b":")


def test_money_that_is_added_to_a_committed_batch_counts_at_once() -> None:
    giving = Giving()
    giving.give()
    giving.port.commit_batch(giving.batch, nothing)

    assert giving.port.donation(giving.give()).committed


def test_times_come_back_in_utc() -> None:
    giving = Giving()

    assert giving.port.donation(giving.give()).received_at == RECEIVED_AT.astimezone(UTC)
