from __future__ import annotations

import base64
from collections.abc import Callable

import httpx
import pytest

from narthex.adapters.planning_center.client import PER_PAGE
from narthex.domain.errors import ContractViolationError, MisconfiguredError, RetryLaterError
from narthex.domain.organization import BearerToken, Credentials
from narthex.domain.rate_limit import Lane
from sandbox.faults import FaultKind
from tests.adapters.house import (
    CONTACT,
    CREDENTIALS,
    ORGANIZATION,
    House,
    answering,
    connect,
    nothing,
)
from tests.support.fakes import FixedBudget, VirtualClock

EMPTY = '{"data": [], "links": {}, "meta": {}}'


def document(text: str = EMPTY, status: int = 200, headers: dict[str, str] | None = None) -> httpx.Response:
    content_type = {"content-type": "application/vnd.api+json; charset=utf-8"}
    return httpx.Response(status, headers=content_type | (headers or {}), text=text)


class Limiter:
    """Notes what it is asked and told."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Lane, int]] = []
        self.told: list[tuple[int | None, int | None, int | None]] = []

    def acquire(self, account: str, lane: Lane, *, patience_ms: int) -> None:
        self.asked.append((account, lane, patience_ms))

    def observe(
        self,
        account: str,
        *,
        limit: int | None,
        period_seconds: int | None,
        retry_after_seconds: int | None,
    ) -> None:
        self.told.append((limit, period_seconds, retry_after_seconds))


def seen_headers(do: Callable[[House], object]) -> list[httpx.Headers]:
    seen: list[httpx.Headers] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return document()

    house = House()
    house.vendors = connect(httpx.MockTransport(handler))(ORGANIZATION, Lane.BULK, FixedBudget())
    do(house)
    return seen


def test_every_request_names_us_and_how_to_reach_us() -> None:
    [headers] = seen_headers(lambda house: house.vendors.giving.funds())

    assert headers["user-agent"] == f"Narthex/0.1.0 (+{CONTACT})"


def test_each_product_speaks_its_own_version() -> None:
    def ask(house: House) -> None:
        house.vendors.giving.funds()
        house.vendors.people.owners_of_email("ana@example.test")

    versions = [headers["x-pco-api-version"] for headers in seen_headers(ask)]

    assert versions == ["2019-10-18", "2025-11-10"]


def test_a_personal_access_token_goes_as_basic_authentication() -> None:
    [headers] = seen_headers(lambda house: house.vendors.giving.funds())

    assert base64.b64decode(headers["authorization"].removeprefix("Basic ")) == (
        b"grace-application:grace-secret"
    )


def test_an_oauth_token_goes_as_bearer() -> None:
    credentials = Credentials(planning_center=BearerToken("grace-access-token"), wegive=CREDENTIALS.wegive)
    house = House(credentials=credentials)

    assert [fund.name for fund in house.vendors.giving.funds()] == ["General"]


def test_every_request_takes_a_token_of_its_lane_and_account() -> None:
    limiter = Limiter()
    vendors = answering(lambda _: document(), limiter=limiter)

    vendors.giving.funds()
    vendors.people.find_by_name("Ana", "Reyes")

    assert limiter.asked == [("grace-office", Lane.BULK, 5_000)] * 2


def test_nobody_waits_for_a_token_longer_than_the_run_lasts() -> None:
    limiter = Limiter()
    vendors = answering(lambda _: document(), limiter=limiter, budget=FixedBudget(7_000))

    vendors.giving.funds()

    assert limiter.asked[0][2] == 2_000


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        (
            {"x-pco-api-request-rate-limit": "100", "x-pco-api-request-rate-period": "20"},
            (100, 20, None),
        ),
        (
            {"x-pco-api-request-rate-limit": "10", "x-pco-api-request-rate-period": "20 seconds"},
            (10, 20, None),
        ),
        ({"retry-after": "-3"}, (None, None, -3)),
        ({"x-pco-api-request-rate-limit": "many", "retry-after": "6"}, (None, None, 6)),
    ],
)
def test_the_limiter_hears_what_the_headers_say(
    headers: dict[str, str], told: tuple[int | None, int | None, int | None]
) -> None:
    limiter = Limiter()

    answering(lambda _: document(headers=headers), limiter=limiter).giving.funds()

    assert limiter.told == [told]


def test_an_answer_without_rate_headers_tells_the_limiter_nothing() -> None:
    limiter = Limiter()

    answering(lambda _: document(), limiter=limiter).giving.funds()

    assert limiter.told == []


def test_too_many_requests_is_waited_out_and_repeated_creates_too() -> None:
    house = House()
    house.fail(FaultKind.TOO_MANY, "POST", "/giving/v2/batches", seconds=7)

    batch = house.vendors.giving.create_batch("WeGive Import - 2026-11-15", nothing)

    assert house.requests() == ["POST /giving/v2/batches"] * 2
    assert house.vendors.giving.batch(batch.id) == batch


def test_the_real_limit_is_learnt_from_a_429() -> None:
    limiter = Limiter()
    house = House(limiter=limiter)
    house.planning_center_options.limit = 1
    house.planning_center_options.retry_after_seconds = 9

    house.vendors.giving.funds()
    with pytest.raises(RetryLaterError):
        house.vendors.giving.funds()

    assert limiter.told[:2] == [(1, 20, None), (1, 20, 9)]


def test_a_list_is_read_to_its_end() -> None:
    house = House()
    for number in range(PER_PAGE + 1):
        house.vendors.giving.create_batch(f"batch {number}", nothing)
    house.requests()

    found = house.vendors.giving.find_batches("batch 0", house.clock.now())

    assert len(found) == 1
    assert len(house.requests()) == 2


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.test/giving/v2/funds?offset=100",
        "http://planning-center.test/giving/v2/funds?offset=100",
        "https://planning-center.test:8443/giving/v2/funds?offset=100",
        "/giving/v2/funds?offset=100",
    ],
)
def test_credentials_do_not_follow_a_link_to_another_host(link: str) -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return document(f'{{"data": [], "links": {{"next": "{link}"}}}}')

    with pytest.raises(ContractViolationError):
        answering(handler).giving.funds()

    assert len(asked) == 1


def test_a_list_that_leads_in_a_circle_ends() -> None:
    link = "https://planning-center.test/giving/v2/funds?offset=100"

    with pytest.raises(ContractViolationError, match="has no end"):
        answering(lambda _: document(f'{{"data": [], "links": {{"next": "{link}"}}}}')).giving.funds()


def test_an_address_with_a_path_prefix_keeps_it() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return document()

    connector = connect(httpx.MockTransport(handler))
    organization = type(ORGANIZATION)(
        **{
            name: getattr(ORGANIZATION, name)
            for name in ORGANIZATION.__slots__
            if name != "planning_center_url"
        },
        planning_center_url="http://127.0.0.1:8700/planning-center/",
    )
    connector(organization, Lane.BULK, FixedBudget()).giving.funds()

    assert asked == ["/planning-center/giving/v2/funds"]


def test_a_list_that_is_not_there_means_a_wrong_address() -> None:
    with pytest.raises(MisconfiguredError, match=r"planning_center\.base_url"):
        answering(lambda _: document('{"errors": []}', 404)).giving.funds()


def test_a_document_of_another_shape_is_read_again() -> None:
    texts = ['{"data": 7}', '{"data": [{"type": "Fund"}]}', "[]", EMPTY]
    clock = VirtualClock()

    funds = answering(lambda _: document(texts.pop(0)), clock=clock).giving.funds()

    assert (funds, texts) == ([], [])
