"""A church is connected only when both vendors answer; a refusal stores nothing (issue 2, bad input)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

import httpx
import pytest

from narthex.adapters.vendors import VendorConnector
from narthex.domain.errors import InvalidInputError, NarthexError, ReconnectNeededError, RetryLaterError
from narthex.domain.organization import BearerToken, Credentials, PersonalAccessToken, Settings
from narthex.services.register_organization import Registered, RegisterOrganization
from sandbox.planning_center.staff import close_fund
from tests.simulation.parish import CREDENTIALS, ORGANIZATION
from tests.support.fakes import FakeLimiter, FakeOrganizations, FakeSchedules, FakeSecrets, FixedBudget
from tests.support.parish_push import CHURCH, DAY_MS, Answer, ParishPush

PLANNING_CENTER = " planning-center.test "
WEGIVE = " wegive.test "


@dataclass
class Registry:
    """A registrar with empty stores, before the parish."""

    church: ParishPush = field(default_factory=ParishPush)
    organizations: FakeOrganizations = field(default_factory=FakeOrganizations)
    secrets: FakeSecrets = field(default_factory=FakeSecrets)
    schedules: FakeSchedules = field(default_factory=FakeSchedules)

    def register(self, *, credentials: Credentials = CREDENTIALS, **changes: Any) -> Registered:  # noqa: ANN401
        clock = cast("Any", self.church.clock)

        def connect_with(credentials: Credentials) -> VendorConnector:
            return VendorConnector(
                secrets=FakeSecrets({ORGANIZATION.id: credentials}),
                clock=clock,
                limiter=FakeLimiter(),
                jitter=lambda: 0.5,
                contact="office@parish.example",
                open_transport=lambda: self.church.door,
            )

        register = RegisterOrganization(self.organizations, self.secrets, self.schedules, connect_with, clock)
        return register(replace(ORGANIZATION, **changes), credentials, FixedBudget())

    def assert_nothing_is_stored(self) -> None:
        with pytest.raises(InvalidInputError):
            self.organizations.get(ORGANIZATION.id)
        with pytest.raises(ReconnectNeededError):
            self.secrets.get(ORGANIZATION.id)
        assert self.schedules.organizations == {}


@pytest.fixture
def registry() -> Registry:
    return Registry()


def test_a_church_that_both_vendors_know_is_stored_with_secrets_and_schedule(registry: Registry) -> None:
    registered = registry.register()

    assert registered.is_new
    assert registered.notes == ()
    assert registry.organizations.get(ORGANIZATION.id) == registered.organization
    assert registry.secrets.get(ORGANIZATION.id) == CREDENTIALS
    assert registry.schedules.enabled(ORGANIZATION.id)


def test_registering_writes_nothing_at_the_vendors(registry: Registry) -> None:
    registry.register()

    assert registry.church.door.writes() == []


def test_the_account_whose_rate_limit_counts_is_what_planning_center_says(registry: Registry) -> None:
    registered = registry.register(planning_center_account="made up")

    assert registered.organization.planning_center_account == "user 900001"


def test_days_before_the_registration_are_not_pushed_unless_the_file_says_so(registry: Registry) -> None:
    registered = registry.register(settings=Settings())

    assert registered.organization.settings.first_day == date(2026, 11, 16)


def test_a_first_day_in_the_file_stands(registry: Registry) -> None:
    registered = registry.register(settings=Settings(first_day=date(2026, 1, 1)))

    assert registered.organization.settings.first_day == date(2026, 1, 1)


def test_registering_again_updates_and_keeps_the_first_day(registry: Registry) -> None:
    registry.register(settings=Settings())
    registry.church.clock.pass_time(9 * DAY_MS)

    again = registry.register(settings=Settings(paused=True), name="Parish of St. Simulation")

    assert not again.is_new
    assert again.organization.settings.first_day == date(2026, 11, 16)
    assert registry.organizations.get(ORGANIZATION.id).name == "Parish of St. Simulation"
    assert not registry.schedules.enabled(ORGANIZATION.id)


def test_a_closed_default_fund_is_noted(registry: Registry) -> None:
    church = registry.church
    fund_id = church.fund_id("General")
    close_fund(church.parish.planning_center_records, CHURCH, fund_id, church.clock.now)

    registered = registry.register()

    assert registered.notes == ("the default fund 'General' is closed in Planning Center and takes no gifts",)


@pytest.mark.parametrize(
    ("changes", "field_name", "what_to_do"),
    [
        (
            {"default_fund": "Gifts"},
            "default_fund",
            "there is no fund named 'Gifts' in Planning Center; it has 'General', 'Missions'",
        ),
        (
            {"credentials": replace(CREDENTIALS, planning_center=PersonalAccessToken("app", "wrong"))},
            "planning_center",
            "connect the organization to Planning Center again",
        ),
        (
            {"credentials": replace(CREDENTIALS, planning_center=BearerToken("wrong"))},
            "planning_center",
            "connect the organization to Planning Center again",
        ),
        (
            {"credentials": replace(CREDENTIALS, wegive=BearerToken("7|wrong"))},
            "wegive",
            "make a new one in WeGive (Settings, API)",
        ),
        (
            {"credentials": replace(CREDENTIALS, wegive=BearerToken("two\nlines"))},
            None,
            "the credentials for WeGive are empty or hold characters that cannot be sent; enter them again",
        ),
        ({"wegive_url": "wegive"}, None, "wegive.base_url is not usable; write it as https://host/path"),
        (
            {"planning_center_url": "http://planning-center.test/elsewhere"},
            "planning_center",
            "check planning_center.base_url",
        ),
        ({"wegive_url": "http://wegive.test/elsewhere"}, "wegive", "check wegive.base_url"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do_and_nothing_is_stored(
    registry: Registry, changes: dict[str, Any], field_name: str | None, what_to_do: str
) -> None:
    with pytest.raises(InvalidInputError) as problem:
        registry.register(**changes)

    assert problem.value.field == field_name
    assert what_to_do in str(problem.value)
    registry.assert_nothing_is_stored()


def answer(status: int, **content: Any) -> Answer:  # noqa: ANN401
    return lambda _request: httpx.Response(status, **content)


@pytest.mark.parametrize(
    ("host", "response", "kind", "says"),
    [
        (
            PLANNING_CENTER,
            answer(403, json={"errors": [{"title": "Forbidden"}]}),
            InvalidInputError,
            "an Administrator in Giving",
        ),
        (WEGIVE, answer(403, json={"message": "no"}), InvalidInputError, "check its rights in WeGive"),
        (WEGIVE, answer(200, json=["export"]), InvalidInputError, "ask WeGive what the token may read"),
        (PLANNING_CENTER, answer(422, json={"errors": []}), InvalidInputError, "planning_center: "),
        (
            PLANNING_CENTER,
            answer(403, html="<html></html>"),
            RetryLaterError,
            "Planning Center could not be reached",
        ),
        (PLANNING_CENTER, answer(503), RetryLaterError, "nothing was stored, try again"),
        (WEGIVE, answer(503), RetryLaterError, "WeGive could not be reached"),
    ],
)
def test_a_vendor_that_refuses_or_cannot_be_reached_is_named_and_nothing_is_stored(
    registry: Registry, host: str, response: Answer, kind: type[NarthexError], says: str
) -> None:
    with registry.church.door.answering(host, response), pytest.raises(kind) as problem:
        registry.register()

    assert says in str(problem.value)
    registry.assert_nothing_is_stored()


def test_a_refused_update_leaves_the_church_as_it_was(registry: Registry) -> None:
    before = registry.register().organization

    with pytest.raises(InvalidInputError):
        registry.register(name="Another name", default_fund="Gifts")

    assert registry.organizations.get(ORGANIZATION.id) == before
    assert registry.schedules.organizations[ORGANIZATION.id] == before


def test_no_refusal_repeats_a_secret(registry: Registry) -> None:
    wrong = Credentials(PersonalAccessToken("app", "a-wrong-secret"), BearerToken("7|another-wrong-secret"))

    with pytest.raises(InvalidInputError) as problem:
        registry.register(credentials=wrong)

    assert "wrong-secret" not in str(problem.value)
