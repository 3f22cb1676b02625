"""A vendor that refuses us stops the day with a text that says what to do; nothing is half-written."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from narthex.domain.ledger import DayStatus
from narthex.domain.organization import BearerToken, Credentials, PersonalAccessToken
from sandbox.planning_center.staff import archive_payment_source
from tests.simulation.parish import CREDENTIALS, DAY, ORGANIZATION
from tests.support.parish_push import CHURCH, Answer, ParishPush

PLANNING_CENTER = "planning-center.test"
WEGIVE = "wegive.test"


def json_answer(status: int, body: object) -> Answer:
    return lambda _request: httpx.Response(status, json=body)


def html_answer(status: int) -> Answer:
    return lambda _request: httpx.Response(status, html="<html><body><h1>Request blocked</h1></body></html>")


UNAUTHORIZED = json_answer(401, {"message": "Unauthenticated."})
DENIED = html_answer(401)
FORBIDDEN = json_answer(
    403, {"errors": [{"status": "403", "title": "Forbidden", "detail": "You do not have access"}]}
)
WITHOUT_RIGHTS = json_answer(403, {"message": "This action is unauthorized."})
BLOCKED = html_answer(403)

REFUSALS = [
    (PLANNING_CENTER, DENIED, "connect the organization to Planning Center again"),
    (PLANNING_CENTER, FORBIDDEN, "is an Administrator in Giving and an Editor or Manager in People"),
    (WEGIVE, UNAUTHORIZED, "make a new one in WeGive (Settings, API) and connect again"),
    (WEGIVE, WITHOUT_RIGHTS, "check its rights in WeGive (Settings, API)"),
    (PLANNING_CENTER, html_answer(404), "check planning_center.base_url"),
    (WEGIVE, html_answer(404), "check wegive.base_url"),
    (WEGIVE, json_answer(200, ["an", "export"]), "ask WeGive what the token may read"),
]


@pytest.fixture
def church() -> ParishPush:
    church = ParishPush()
    church.parish.give("Ana", 2500, minute=0)
    church.parish.give("Nils", 7700, minute=5)
    return church


def assert_the_day_is_as_if_nothing_had_happened(church: ParishPush) -> None:
    assert church.head().status is DayStatus.COMMITTED
    assert church.head().message is None
    assert len(church.batches()) == len(church.people("Nils")) == 1
    assert church.cents() == [2500, 7700]
    assert (church.proof()["status"], church.proof()["message"]) == ("committed", None)
    assert church.proof()["unexplained_cents"] == 0


@pytest.mark.parametrize(("host", "answer", "what_to_do"), REFUSALS)
def test_a_refusal_stops_the_day_and_says_what_to_do(
    church: ParishPush, host: str, answer: Answer, what_to_do: str
) -> None:
    with church.door.answering(f" {host} ", answer):
        church.push()

    assert church.head().status is DayStatus.STOPPED
    assert what_to_do in str(church.head().message)
    assert church.donations() + church.batches() == []
    assert church.people("Nils") == []


@pytest.mark.parametrize(("host", "answer", "_what_to_do"), REFUSALS)
def test_a_stopped_day_goes_on_after_the_repair(
    church: ParishPush, host: str, answer: Answer, _what_to_do: str
) -> None:
    with church.door.answering(f" {host} ", answer):
        church.push()

    church.push()

    assert_the_day_is_as_if_nothing_had_happened(church)


@pytest.mark.parametrize("answer", [DENIED, FORBIDDEN])
@pytest.mark.parametrize(
    "path",
    [
        r"POST .*/payment_sources$",
        r"POST .*/people$",
        r"POST .*/emails$",
        r"POST .*/batches$",
        r"POST .*/donations$",
        r"GET .*/batches/1/donations$",
        r"POST .*/commit$",
        r"GET .*/batches/1$",
    ],
)
def test_a_refusal_in_the_middle_leaves_nothing_that_the_repair_would_double(
    church: ParishPush, path: str, answer: Answer
) -> None:
    church.parish.options.commit_seconds = 5
    with church.door.answering(path, answer):
        church.push()
    assert church.head().status is DayStatus.STOPPED

    church.push()

    assert_the_day_is_as_if_nothing_had_happened(church)


def test_a_committed_day_that_is_stopped_shows_it_in_its_proof_and_recovers(church: ParishPush) -> None:
    church.push()

    with church.door.answering(f" {WEGIVE} ", UNAUTHORIZED):
        church.push()
    assert church.proof()["status"] == "stopped"
    assert "make a new one in WeGive" in church.proof()["message"]
    church.push()

    assert_the_day_is_as_if_nothing_had_happened(church)


def test_behind_a_firewall_the_day_waits_a_quarter_of_an_hour_and_says_so(church: ParishPush) -> None:
    with church.door.answering(f" {PLANNING_CENTER} ", BLOCKED):
        church.push()

    assert church.donations() == []
    assert "ask Planning Center whether the address that requests come from is blocked" in str(
        church.head().message
    )
    (job,) = church.queue.jobs()
    assert job.cause == "continuation"


@pytest.mark.parametrize("path", [f" {PLANNING_CENTER} ", f" {WEGIVE} ", r"POST .*/donations$"])
def test_once_the_firewall_lets_us_through_the_day_goes_on_by_itself(church: ParishPush, path: str) -> None:
    with church.door.answering(path, BLOCKED):
        church.push()
    church.work()

    assert_the_day_is_as_if_nothing_had_happened(church)


@pytest.mark.parametrize(
    "credentials",
    [
        replace(CREDENTIALS, planning_center=PersonalAccessToken("app-of-the-parish", "another-secret")),
        replace(CREDENTIALS, planning_center=BearerToken("a-token-that-nobody-knows")),
        replace(CREDENTIALS, wegive=BearerToken("7|another-token")),
        replace(CREDENTIALS, wegive=BearerToken("a token\nwith a line break")),
        replace(CREDENTIALS, planning_center=BearerToken("")),
    ],
)
def test_a_wrong_token_stops_the_day_and_a_right_one_lets_it_go_on(
    church: ParishPush, credentials: Credentials
) -> None:
    church.use(credentials)
    church.push()
    assert church.head().status is DayStatus.STOPPED
    assert "again" in str(church.head().message)

    church.use(CREDENTIALS)
    church.push()

    assert_the_day_is_as_if_nothing_had_happened(church)


@pytest.mark.parametrize("url", ["", "ftp://wegive.test", "https://user:secret@wegive.test", "wegive.test"])
def test_an_unusable_address_stops_the_day_and_is_named_without_secrets(church: ParishPush, url: str) -> None:
    church.organizations.put(replace(church.organization, wegive_url=url))

    church.push()

    assert church.head().status is DayStatus.STOPPED
    assert church.head().message == "wegive.base_url is not usable; write it as https://host/path"


def test_an_organization_without_credentials_is_stopped_too(church: ParishPush) -> None:
    church.secrets._credentials.clear()

    church.push()

    assert church.head().status is DayStatus.STOPPED


def test_no_message_holds_a_token(church: ParishPush) -> None:
    secrets = ("invented-secret", "invented-token", "aW52ZW50ZWQ")
    for host, answer, _ in REFUSALS:
        with church.door.answering(f" {host} ", answer):
            church.push()

        assert not [secret for secret in secrets if secret in str(church.head())]


def test_a_vendor_that_is_down_is_tried_again_until_it_is_up(church: ParishPush) -> None:
    with church.door.answering(f" {PLANNING_CENTER} ", lambda _request: httpx.Response(503, text="down")):
        church.push()
    assert church.donations() == []

    church.work()

    assert_the_day_is_as_if_nothing_had_happened(church)


def test_an_archived_payment_source_stops_the_day_until_it_is_active(church: ParishPush) -> None:
    church.push()
    source_id = church.donations()[0]["relations"]["payment_source"]
    archive_payment_source(church.parish.planning_center_records, CHURCH, source_id, church.clock.now)

    church.parish.give("Ana", 100, minute=9)
    church.push()

    assert church.head().status is DayStatus.STOPPED
    assert church.head().message == (
        "the payment source 'WeGive' is archived in Planning Center and cannot be used; make it active there"
    )


def test_with_pushing_switched_off_nothing_is_read_or_written(church: ParishPush) -> None:
    switches = replace(church.organization.settings.switches, push_transactions=False)
    church.set(switches=switches)

    church.push()

    assert church.door.requests == []
    assert church.head().message == "pushing transactions is switched off in the settings"


def test_a_paused_organization_is_left_alone(church: ParishPush) -> None:
    church.set(paused=True)

    church.push()

    assert church.door.requests == []
    assert church.ledger.read_day(ORGANIZATION.id, DAY) is None
