from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from narthex.domain.errors import (
    ContractViolationError,
    MisconfiguredError,
    NarthexError,
    OutcomeUnknownError,
    ReconnectNeededError,
    RecordNotFoundError,
    RejectedError,
    RetryLaterError,
)
from narthex.domain.people import PersonDraft
from sandbox.faults import FaultKind
from tests.adapters.house import House, answering, nothing

HTML = {"content-type": "text/html; charset=utf-8"}
JSON = {"content-type": "application/json; charset=utf-8", "x-request-id": "request-7"}
DRAFT = PersonDraft("Ngozi", "Adeyemi", birthdate=None)


def refusal(status: int, *errors: dict[str, Any]) -> httpx.Response:
    return httpx.Response(status, headers=JSON, text=json.dumps({"errors": list(errors)}))


def error_of(answer: httpx.Response) -> NarthexError:
    with pytest.raises(NarthexError) as raised:
        answering(lambda _: answer).people.create(DRAFT, nothing)
    return raised.value


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (refusal(400, {"code": "invalid_resource_payload"}), RejectedError),
        (refusal(401), ReconnectNeededError),
        (httpx.Response(401, headers=HTML, text="HTTP Basic: Access denied."), ReconnectNeededError),
        (refusal(403), MisconfiguredError),
        (httpx.Response(403, headers=HTML, text="Request blocked"), RetryLaterError),
        (refusal(404), RecordNotFoundError),
        (httpx.Response(404, headers=HTML, text="<h1>Not Found</h1>"), MisconfiguredError),
        (refusal(409), RejectedError),
        (refusal(422), RejectedError),
        (httpx.Response(422, headers=JSON, text='{"err'), RejectedError),
        (httpx.Response(413, headers=HTML, text="too large"), RejectedError),
        (refusal(408), OutcomeUnknownError),
        (refusal(500), OutcomeUnknownError),
        (httpx.Response(503, headers=HTML, text="maintenance"), OutcomeUnknownError),
        (httpx.Response(301, headers={"location": "https://elsewhere.test"}), MisconfiguredError),
        (httpx.Response(200, headers=HTML, text="<html>"), OutcomeUnknownError),
        (httpx.Response(201, headers=JSON, text=""), OutcomeUnknownError),
        (httpx.Response(201, headers=JSON, text='{"data": []}'), OutcomeUnknownError),
        (
            httpx.Response(201, headers=JSON, text='{"data": {"type": "Fund", "id": "4"}}'),
            OutcomeUnknownError,
        ),
    ],
    ids=lambda value: f"{value.status_code} {value.text[:20]}" if isinstance(value, httpx.Response) else "",
)
def test_each_answer_has_its_error(answer: httpx.Response, expected: type[NarthexError]) -> None:
    assert type(error_of(answer)) is expected


def test_a_firewall_is_tried_again_slowly_and_never_at_once() -> None:
    house = House()
    house.fail(FaultKind.HTML_403, "GET", "/giving/v2/funds")

    with pytest.raises(RetryLaterError, match="firewall") as raised:
        house.vendors.giving.funds()

    assert raised.value.retry_after_seconds == 900
    assert house.requests() == ["GET /giving/v2/funds"]


def test_a_missing_right_says_what_to_check() -> None:
    description = {"meta": {"description": "User with id 12 cannot create a Donation."}}

    error = error_of(refusal(403, description))

    assert "User with id 12 cannot create a Donation." in str(error)
    assert "Administrator in Giving" in str(error)


@pytest.mark.parametrize(
    ("hint", "meaning"),
    [("BABOON", "expired"), ("CAPUCHIN", "revoked"), ("PELICAN", "scope"), ("OTTER", "refuses")],
)
def test_a_401_says_why_as_far_as_planning_center_hints(hint: str, meaning: str) -> None:
    assert meaning in str(error_of(refusal(401, {"detail": f"Error Code Hint: {hint}"})))


def test_a_rejection_carries_codes_and_parameters() -> None:
    error = error_of(
        refusal(
            422,
            {
                "code": "ATTRIBUTE_RESOURCE_NOT_FOUND",
                "detail": "No resource was found",
                "source": {"parameter": "person_id"},
            },
            {"detail": "can't be blank", "source": {"parameter": "fund"}},
        )
    )

    assert isinstance(error, RejectedError)
    assert error.codes == ("attribute_resource_not_found",)
    assert error.parameters == ("person_id", "fund")
    assert "person_id: No resource was found; fund: can't be blank" in str(error)


def test_an_error_names_method_path_status_and_request_id() -> None:
    text = str(error_of(refusal(409, {"title": "Conflict"})))

    assert text == "Planning Center answered 409 to POST /people/v2/people, request id request-7: Conflict"


def test_an_error_repeats_neither_names_nor_addresses() -> None:
    quoted = "ngozi ADEYEMI <ngozi.adeyemi@example.test> is already a person; see adeyemi"

    text = str(error_of(refusal(422, {"detail": quoted})))

    assert "adeyemi" not in text.lower()
    assert "ngozi" not in text.lower()
    assert "is already a person" in text


def test_an_error_is_never_as_long_as_a_body() -> None:
    assert len(str(error_of(refusal(422, {"detail": "word " * 1000})))) < 500


@pytest.mark.parametrize(
    "odd", ["[]", '{"errors": "no"}', '{"errors": [1, {"source": 3, "meta": 4}]}', "nul"]
)
def test_an_odd_error_document_is_still_a_rejection(odd: str) -> None:
    assert isinstance(error_of(httpx.Response(422, headers=JSON, text=odd)), RejectedError)


def test_a_wrong_secret_asks_to_reconnect() -> None:
    house = House()
    house.fail(FaultKind.UNAUTHORIZED, "GET", "/giving/v2/funds")

    with pytest.raises(ReconnectNeededError, match="connect the organization to Planning Center again"):
        house.vendors.giving.funds()


def test_an_attribute_of_another_type_is_a_contract_violation_that_names_it() -> None:
    fund = {"type": "Fund", "id": "3", "attributes": {"name": "General", "visibility": 7, "default": "yes"}}
    answer = httpx.Response(200, headers=JSON, text=json.dumps({"data": [fund]}))

    with pytest.raises(ContractViolationError) as raised:
        answering(lambda _: answer).giving.funds()

    assert str(raised.value) == "Planning Center's Fund 3 has an unreadable default, visibility"
