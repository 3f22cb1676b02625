from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from narthex.adapters.wegive.paths import ENDPOINTS, Operation, endpoint_of
from narthex.domain.errors import (
    ContractViolationError,
    MisconfiguredError,
    NarthexError,
    ReconnectNeededError,
    RecordNotFoundError,
    RejectedError,
    RetryLaterError,
)
from narthex.domain.giving import Transaction, TransactionKind, UnreadableTransaction
from narthex.domain.organization import GiftAmount, WeGiveSurface
from narthex.domain.rate_limit import Lane
from narthex.domain.standing import Standing, standing_of
from sandbox.faults import FaultKind
from sandbox.wegive import staff
from tests.adapters.house import ORGANIZATION, ORGANIZATION_ID, House, answering
from tests.support.fakes import FixedBudget

START = datetime(2026, 11, 15, 6, tzinfo=UTC)
END = START + timedelta(days=1)
LIST = "GET /api/dashboard/transactions"
CARD = {"type": "card", "last_four": "4242", "issuer": "Visa", "expiration": "09/2029"}
HTML = {"content-type": "text/html"}


def wire(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


class Platform:
    """A church's WeGive with one fund and one donor."""

    def __init__(self, house: House | None = None) -> None:
        self.house = house or House()
        self.port = self.house.vendors.wegive
        self.fund = self.house.add_row("fund", name="General")
        self.donor = self.house.add_row(
            "donor", first_name="Ana", last_name="Reyes", email_1="ana@example.test"
        )

    def gift(self, at: datetime = START, **changes: object) -> str:
        fields: dict[str, object] = {
            "donor_id": int(self.donor),
            "fund_id": int(self.fund),
            "amount": 5_000,
            "source": CARD,
            "source_type": "card",
            "created_at": wire(at),
            "succeeded_at": wire(at),
        }
        return self.house.add_row("transaction", **{**fields, **changes})

    def read(self) -> list[Transaction]:
        readings = self.port.transactions(START, END)
        transactions = [one for one in readings if isinstance(one, Transaction)]
        assert len(transactions) == len(readings), readings
        return transactions

    def ids(self) -> list[str]:
        return [reading.id for reading in self.port.transactions(START, END)]


@pytest.mark.parametrize("range_end", ["inclusive", "exclusive"])
def test_a_window_holds_its_start_and_not_its_end(range_end: str) -> None:
    platform = Platform()
    platform.house.wegive_options.range_end = range_end  # type: ignore[assignment]
    second = timedelta(seconds=1)
    inside = [platform.gift(START), platform.gift(END - second)]
    platform.gift(START - second)
    platform.gift(END)

    assert platform.ids() == inside


def test_archived_payments_are_read_and_say_so() -> None:
    platform = Platform()
    gift = platform.gift(deleted_at=wire(END))

    [reading] = platform.read()

    assert (reading.id, reading.archived) == (gift, True)


@pytest.mark.parametrize("shows_kind", [True, False])
def test_tests_and_service_revenue_are_told_also_where_only_the_filters_know(*, shows_kind: bool) -> None:
    platform = Platform()
    platform.house.wegive_options.shows_kind = shows_kind
    gift = platform.gift()
    test = platform.gift(is_test=True)
    ticket = platform.gift(type="service-revenue")

    readings = {reading.id: reading for reading in platform.read()}

    assert [readings[one].is_test for one in (gift, test, ticket)] == [False, True, False]
    assert readings[ticket].kind is TransactionKind.SERVICE_REVENUE
    assert readings[gift].kind is TransactionKind.DONATION


@pytest.mark.parametrize("shows_timestamps", [True, False])
def test_refunds_and_returns_are_told_also_where_only_the_filters_know(*, shows_timestamps: bool) -> None:
    platform = Platform()
    platform.house.wegive_options.shows_timestamps = shows_timestamps
    gift, refunded, returned = platform.gift(), platform.gift(), platform.gift()
    records, clock = platform.house.wegive_records, platform.house.clock.now
    staff.refund(records, clock, ORGANIZATION_ID, int(refunded))
    staff.return_ach(records, clock, ORGANIZATION_ID, int(returned))
    pending = platform.gift(succeeded_at=None)
    failed = platform.gift(succeeded_at=None, failed_at=wire(platform.house.clock.now()))

    standings = {
        reading.id: standing_of(reading, gift_amount=GiftAmount.AMOUNT, pushed_cents=5_000)
        for reading in platform.read()
    }

    assert standings == {
        gift: Standing.GIFT,
        refunded: Standing.REFUNDED,
        returned: Standing.REVERSED,
        pending: Standing.WAITING,
        failed: Standing.FAILED,
    }


def test_a_day_of_nothing_but_test_payments_is_believed() -> None:
    platform = Platform()
    platform.gift(is_test=True)

    assert [reading.is_test for reading in platform.read()] == [True]


def test_a_filter_that_is_ignored_does_not_turn_every_gift_into_a_test() -> None:
    platform = Platform()
    platform.gift()

    def ignoring(request: httpx.Request) -> httpx.Response:
        known = {name: value for name, value in request.url.params.items() if name != "is_test"}
        url = request.url.copy_with(params=known)
        return platform.house.wegive.handle_request(httpx.Request("GET", url, headers=request.headers))

    with pytest.raises(MisconfiguredError, match="ignores the filter"):
        answering(ignoring).wegive.transactions(START, END)


def test_an_empty_day_costs_one_request() -> None:
    platform = Platform()

    assert platform.ids() == []
    assert platform.house.requests() == [LIST]


def test_more_than_a_page_is_read_in_the_order_of_ids() -> None:
    platform = Platform()
    ids = [platform.gift(START + timedelta(minutes=number)) for number in range(450)]

    assert platform.ids() == ids


@pytest.mark.parametrize("shift", [1, -1, 7])
def test_a_page_that_shifts_loses_and_doubles_nothing(shift: int) -> None:
    platform = Platform()
    ids = [platform.gift() for _ in range(410)]
    platform.house.wegive_options.page_shift = shift
    platform.house.wegive_options.page_shift_times = 1

    assert platform.ids() == ids


@pytest.mark.parametrize("count", [0, 3, 200, 201])
def test_a_list_without_meta_is_read_to_its_end(count: int) -> None:
    platform = Platform()
    ids = [platform.gift() for _ in range(count)]
    platform.house.wegive_options.lists_without_meta = 100

    assert platform.ids() == ids


@pytest.mark.parametrize(
    "meta", [None, {}, {"total": "many", "last_page": None}, {"total": "1", "last_page": "1"}, {"total": 1}]
)
def test_odd_meta_is_tolerated(meta: object) -> None:
    row = {"id": 1, "amount": "12.34", "created_at": wire(START)}
    told = {"type": "donation", "is_test": False, "failed_at": None, "refunded_at": None}
    body = {"data": [row | told], "meta": meta}

    readings = answering(lambda _: httpx.Response(200, json=body)).wegive.transactions(START, END)

    assert [reading.id for reading in readings] == ["1"]


def test_one_bad_payment_does_not_hide_the_others() -> None:
    platform = Platform()
    first, bad, last = platform.gift(), platform.gift(), platform.gift()
    staff.spoil(
        platform.house.wegive_records,
        platform.house.clock.now,
        ORGANIZATION_ID,
        "transaction",
        int(bad),
        {"amount": "12.34"},
    )

    readings = platform.port.transactions(START, END)

    assert [reading.id for reading in readings] == [first, bad, last]
    assert isinstance(readings[1], UnreadableTransaction)
    assert "12.34" in readings[1].problem


def test_times_without_offset_are_counted_and_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    platform = Platform()
    platform.house.wegive_options.times_without_offset = True
    platform.gift()

    platform.read()

    assert platform.port.times_without_offset == 2
    assert "2 times without an offset" in caplog.text


@pytest.mark.parametrize("guest_owner", ["guest_user", "null"])
def test_a_guests_payment_has_no_donor(guest_owner: str) -> None:
    platform = Platform()
    platform.house.wegive_options.guest_owner = guest_owner  # type: ignore[assignment]
    platform.gift(donor_id=None)

    [reading] = platform.read()

    assert reading.donor_id is None


def test_splits_fees_and_plans_come_over() -> None:
    platform = Platform()
    missions = platform.house.add_row("fund", name="Missions")
    plan = platform.house.add_row("scheduled_donation", donor_id=int(platform.donor), amount=5_000)
    platform.gift(
        fee_amount=175,
        cover_fees=True,
        scheduled_donation_id=int(plan),
        fund_allocations=[
            {"fund_id": int(platform.fund), "amount": 3_000},
            {"fund_id": int(missions), "amount": 2_000},
        ],
    )

    [reading] = platform.read()

    assert [(one.fund_id, one.amount_cents) for one in reading.allocations] == [
        (platform.fund, 3_000),
        (missions, 2_000),
    ]
    assert (reading.fee_cents, reading.covered_fee_cents, reading.recurring) == (175, 175, True)


def test_a_donor_is_read_by_id() -> None:
    platform = Platform()

    donor = platform.port.donor(platform.donor)

    assert (donor.id, donor.first_name, donor.emails) == (platform.donor, "Ana", ("ana@example.test",))


def test_the_owner_of_a_payment_that_was_just_read_costs_no_request() -> None:
    platform = Platform()
    platform.gift()
    asking = platform.house.connector(ORGANIZATION, Lane.BULK, FixedBudget()).wegive
    platform.read()
    platform.house.requests()

    donor = platform.port.donor(platform.donor)

    assert platform.house.requests() == []
    assert donor == asking.donor(platform.donor)


def test_an_abbreviated_owner_is_asked_for() -> None:
    told = {"type": "donation", "is_test": False, "failed_at": None, "refunded_at": None}
    row = {"id": 1, "owner": {"id": 41_001, "first_name": "Ana"}, "created_at": wire(START)} | told
    listed = {"data": [row], "meta": {"total": 1, "last_page": 1}}
    single = {"data": {"id": 41_001, "first_name": "Ana", "last_name": "Reyes"}}
    port = answering(lambda request: body(200, single if "/donors/" in request.url.path else listed)).wegive
    port.transactions(START, END)

    assert port.donor("41001").last_name == "Reyes"


@pytest.mark.parametrize("donor_id", ["99999", "1/../../funds", "", "x"])
def test_a_donor_who_is_not_there_is_not_found(donor_id: str) -> None:
    with pytest.raises(RecordNotFoundError):
        Platform().port.donor(donor_id)


def test_funds_come_with_archived_ones_and_whom_they_were_merged_into() -> None:
    platform = Platform()
    missions = platform.house.add_row("fund", name="Missions")
    staff.merge_funds(
        platform.house.wegive_records,
        platform.house.clock.now,
        ORGANIZATION_ID,
        int(platform.fund),
        int(missions),
    )

    funds = {fund.id: fund for fund in platform.port.funds()}

    assert (funds[missions].active, funds[missions].merged_into_id) == (False, platform.fund)
    assert (funds[platform.fund].active, funds[platform.fund].merged_into_id) == (True, None)


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.ERROR_WITHOUT_EFFECT,
        FaultKind.HTML_502,
        FaultKind.LOST_ANSWER,
        FaultKind.TRUNCATED_JSON,
        FaultKind.HTML_200,
    ],
)
def test_a_read_that_went_wrong_is_repeated(kind: FaultKind) -> None:
    platform = Platform()
    gift = platform.gift()
    platform.house.fail(kind, "GET", "/api/dashboard/transactions")
    platform.house.wegive_options.shows_kind = True

    assert platform.ids() == [gift]
    assert platform.house.requests() == [LIST] * 2


def test_the_rate_limit_is_obeyed() -> None:
    house = House()
    platform = Platform(house)
    house.wegive_options.requests_per_minute = 60
    house.wegive_options.burst = 1
    gift = platform.gift()

    assert platform.ids() == [gift]
    assert house.clock.slept_ms >= 2_000


def body(status: int, content: object) -> httpx.Response:
    return httpx.Response(status, json=content)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (body(401, {"message": "Unauthenticated."}), ReconnectNeededError),
        (body(403, {"message": "This action is unauthorized."}), MisconfiguredError),
        (httpx.Response(403, headers=HTML, text="blocked"), RetryLaterError),
        (body(404, {"message": "Not found"}), MisconfiguredError),
        (httpx.Response(404, headers=HTML, text="Not found"), MisconfiguredError),
        (body(422, {"message": "invalid", "errors": {"count": ["too many"]}}), RejectedError),
        (body(409, {}), RejectedError),
        (httpx.Response(302, headers={"location": "/login"}), MisconfiguredError),
        (body(500, {"message": "x"}), RetryLaterError),
        (body(200, "id,name\n1,Ana"), ContractViolationError),
        (body(200, [1]), ContractViolationError),
        (body(200, {"data": "id,name"}), ContractViolationError),
        (body(200, {"data": [1]}), ContractViolationError),
        (httpx.Response(200, headers=HTML, text="<html>"), RetryLaterError),
    ],
)
def test_each_answer_has_its_error(answer: httpx.Response, expected: type[NarthexError]) -> None:
    with pytest.raises(NarthexError) as raised:
        answering(lambda _: answer).wegive.funds()

    assert type(raised.value) is expected


def test_a_rejection_names_the_fields_and_not_what_was_sent() -> None:
    errors = {"email": ["ana@example.test is no good"]}

    with pytest.raises(RejectedError) as raised:
        answering(lambda _: body(422, {"message": "bad", "errors": errors})).wegive.funds()

    assert raised.value.parameters == ("email",)
    assert "ana@" not in str(raised.value)


def test_a_wrong_token_asks_to_reconnect() -> None:
    house = House()
    house.fail(FaultKind.UNAUTHORIZED, "GET", "/api/dashboard/funds")

    with pytest.raises(ReconnectNeededError, match="make a new one in WeGive"):
        house.vendors.wegive.funds()


def test_the_token_goes_in_the_header_and_nowhere_else() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return body(200, {"data": []})

    answering(handler).wegive.transactions(START, END)

    assert seen[0].headers["authorization"] == "Bearer 12|grace-wegive-secret"
    assert "secret" not in str(seen[0].url)


READS = {Operation.LIST_TRANSACTIONS, Operation.LIST_FUNDS, Operation.READ_FUND, Operation.READ_DONOR}


def test_every_operation_has_a_row_in_the_table() -> None:
    assert set(ENDPOINTS) == set(Operation)


@pytest.mark.parametrize("operation", sorted(READS))
def test_both_surfaces_are_read_by_the_same_paths(operation: Operation) -> None:
    published, customer = (endpoint_of(operation, surface) for surface in WeGiveSurface)

    assert published == customer
    assert published.method == "GET"


@pytest.mark.parametrize("operation", sorted(set(Operation) - READS - {Operation.FIND_OR_CREATE_DONOR}))
def test_the_published_surface_writes_nothing_but_find_or_create(operation: Operation) -> None:
    with pytest.raises(MisconfiguredError, match="suggested change"):
        endpoint_of(operation, WeGiveSurface.PUBLISHED)

    assert endpoint_of(operation, WeGiveSurface.CUSTOMER).method in {"POST", "PUT"}


def test_the_customers_surface_is_read_like_the_published_one() -> None:
    platform = Platform()
    platform.house.wegive_options.surface = "customer"
    gift = platform.gift()

    assert platform.ids() == [gift]


def test_a_list_that_never_settles_is_returned_as_far_as_it_was_seen(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = {"data": [{"id": 1, "name": "General"}], "meta": {"total": 5, "last_page": 1}}

    funds = answering(lambda _: body(200, answer)).wegive.funds()

    assert [fund.id for fund in funds] == ["1"]
    assert "show 1 rows of {5}" in caplog.text
