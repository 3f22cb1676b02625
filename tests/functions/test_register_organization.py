from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from functions.register_organization import handler
from narthex.domain.errors import InvalidInputError, ReconnectNeededError, RetryLaterError
from narthex.domain.giving import FundVisibility, PlanningCenterFund
from narthex.domain.organization import BearerToken, Credentials, PersonalAccessToken
from narthex.services.register_organization import RegisterOrganization
from tests.functions.conftest import LambdaContext, event
from tests.support.fakes import FakeOrganizations, FakeSchedules, FakeSecrets, VirtualClock

NEW_CHURCH = event("register_organization/new_church")
EVERY_SETTING = event("register_organization/every_setting")
UNKNOWN_FUND = event("register_organization/unknown_fund")
SEVERAL_MISTAKES = event("register_organization/several_mistakes")


@dataclass
class World:
    """What register_organization talks to; `fault` is what WeGive answers, if not its funds."""

    organizations: FakeOrganizations = field(default_factory=FakeOrganizations)
    secrets: FakeSecrets = field(default_factory=FakeSecrets)
    schedules: FakeSchedules = field(default_factory=FakeSchedules)
    fault: Exception | None = None

    def wegive_funds(self) -> list[object]:
        if self.fault is not None:
            raise self.fault
        return []

    def vendors(self) -> Any:  # noqa: ANN401 - the three calls that a registration makes
        general = PlanningCenterFund("11", "General Fund", FundVisibility.EVERYWHERE)
        return SimpleNamespace(
            people=SimpleNamespace(account=lambda: "900001"),
            giving=SimpleNamespace(funds=lambda: [general]),
            wegive=SimpleNamespace(funds=self.wegive_funds),
        )

    def has(self, organization_id: str) -> bool:
        """Whether anything of the organization is stored."""
        stored = [organization_id in self.schedules.organizations]
        for store in (self.organizations, self.secrets):
            try:
                store.get(organization_id)
            except (InvalidInputError, ReconnectNeededError):
                stored.append(False)
            else:
                stored.append(True)
        assert len(set(stored)) == 1, "half-written"
        return stored[0]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    world = World()
    use_case = RegisterOrganization(
        organizations=world.organizations,
        secrets=world.secrets,
        schedules=world.schedules,
        connect_with=lambda _credentials: lambda *_arguments: world.vendors(),
        clock=VirtualClock(),
    )
    monkeypatch.setattr(handler, "build", lambda _variables: use_case)
    handler.use_case.cache_clear()
    yield world
    handler.use_case.cache_clear()


def test_a_church_is_registered_with_the_usual_settings(world: World, context: LambdaContext) -> None:
    answer = handler.lambda_handler(NEW_CHURCH, context)

    assert answer == {
        "organization_id": "grace",
        "name": "Grace Church Fairhaven",
        "is_new": True,
        "time_zone": "America/Chicago",
        "push_at": "08:01",
        "first_day": "2026-11-15",
        "notes": [],
    }
    assert world.has("grace")


def test_the_credentials_go_to_the_secret_store(world: World, context: LambdaContext) -> None:
    handler.lambda_handler(NEW_CHURCH, context)

    assert world.secrets.get("grace") == Credentials(
        planning_center=PersonalAccessToken("invented-application-id", "invented-secret"),
        wegive=BearerToken("77|invented-token"),
    )


def test_registering_again_is_a_change(world: World, context: LambdaContext) -> None:
    handler.lambda_handler(NEW_CHURCH, context)

    assert handler.lambda_handler(NEW_CHURCH, context)["is_new"] is False


def test_every_setting_of_the_file_is_kept(world: World, context: LambdaContext) -> None:
    answer = handler.lambda_handler(EVERY_SETTING, context)

    stored = world.organizations.get("hillside")
    assert (answer["push_at"], answer["first_day"]) == ("06:30", "2026-11-01")
    for name in ("held_gifts", "held_gifts_deadline_hours", "gifts_in_review", "company_donors"):
        assert getattr(stored.settings, name) == EVERY_SETTING["settings"][name]
    assert not stored.settings.switches.push_funds
    assert stored.wegive_surface == "customer"


def test_a_file_with_several_mistakes_is_told_all_of_them(world: World, context: LambdaContext) -> None:
    answer = handler.lambda_handler(SEVERAL_MISTAKES, context)

    assert answer.keys() == {"error"}
    named = {line.split(": ")[0] for line in answer["error"].splitlines()[1:]}
    assert named == {
        "- organization_id",
        "- name",
        "- time_zone",
        "- planning_center.credentials.secret",
        "- planning_center.credentials.secrets",
        "- wegive.surface",
        "- settings.push_at",
    }


@pytest.mark.parametrize("wrong", [SEVERAL_MISTAKES, UNKNOWN_FUND])
def test_a_refused_file_leaves_nothing_behind(
    world: World, context: LambdaContext, wrong: dict[str, Any]
) -> None:
    handler.lambda_handler(wrong, context)

    assert not world.has("grace")
    assert not world.has("Grace Church")


def test_an_unknown_fund_is_told_with_those_there_are(world: World, context: LambdaContext) -> None:
    answer = handler.lambda_handler(UNKNOWN_FUND, context)

    assert "there is no fund named 'Roof' in Planning Center; it has 'General Fund'" in answer["error"]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (ReconnectNeededError("WeGive refuses the token"), "wegive: WeGive refuses the token"),
        (RetryLaterError("status 503", retry_after_seconds=5), "nothing was stored, try again"),
    ],
)
def test_a_vendor_that_does_not_answer_well_leaves_nothing_behind(
    world: World, context: LambdaContext, fault: Exception, told: str
) -> None:
    world.fault = fault

    answer = handler.lambda_handler(NEW_CHURCH, context)

    assert told in answer["error"]
    assert not world.has("grace")


@pytest.mark.parametrize("wrong", [NEW_CHURCH, SEVERAL_MISTAKES, UNKNOWN_FUND])
def test_neither_the_answer_nor_the_log_shows_a_credential(
    world: World, context: LambdaContext, capsys: pytest.CaptureFixture[str], wrong: dict[str, Any]
) -> None:
    answer = handler.lambda_handler(wrong, context)

    shown = f"{answer}{capsys.readouterr().out}"
    for secret in ("invented-application-id", "invented-secret", "invented-token"):
        assert secret not in shown
