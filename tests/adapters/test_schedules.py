from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import time
from typing import TYPE_CHECKING

import pytest
from botocore.session import get_session
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from narthex.adapters.aws_client import make_client
from narthex.adapters.schedules import EventBridgeSchedules, schedule_name
from narthex.domain.errors import RetryLaterError
from narthex.domain.organization import Settings
from tests.support.builders import CHURCH, an_organization
from tests.support.tables import REGION

if TYPE_CHECKING:
    from types_boto3_scheduler import EventBridgeSchedulerClient
    from types_boto3_scheduler.type_defs import GetScheduleOutputTypeDef

TARGET = "arn:aws:lambda:us-east-1:123456789012:function:start-syncs"
ROLE = "arn:aws:iam::123456789012:role/scheduler"
DEAD_LETTERS = "arn:aws:sqs:us-east-1:123456789012:schedule-dead-letters"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[EventBridgeSchedulerClient]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        client = make_client("scheduler", get_session())
        client.create_schedule_group(Name="narthex")
        yield client


@pytest.fixture
def schedules(client: EventBridgeSchedulerClient) -> EventBridgeSchedules:
    return EventBridgeSchedules(
        client, group="narthex", target_arn=TARGET, role_arn=ROLE, dead_letter_arn=DEAD_LETTERS
    )


def kept(client: EventBridgeSchedulerClient) -> GetScheduleOutputTypeDef:
    return client.get_schedule(GroupName="narthex", Name=CHURCH)


def test_the_push_runs_at_its_time_in_the_churchs_time_zone(
    client: EventBridgeSchedulerClient, schedules: EventBridgeSchedules
) -> None:
    schedules.put(an_organization(time_zone="Europe/Lisbon", settings=Settings(push_at=time(6, 5))))

    schedule = kept(client)
    assert schedule["ScheduleExpression"] == "cron(5 6 * * ? *)"
    assert schedule["ScheduleExpressionTimezone"] == "Europe/Lisbon"
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert schedule["State"] == "ENABLED"


def test_the_target_learns_the_organization_and_the_scheduled_time(
    client: EventBridgeSchedulerClient, schedules: EventBridgeSchedules
) -> None:
    schedules.put(an_organization())

    target = kept(client)["Target"]
    expected = {"organization_id": CHURCH, "scheduled_at": "<aws.scheduler.scheduled-time>"}
    assert json.loads(target["Input"]) == expected
    assert "<aws.scheduler.scheduled-time>" in target["Input"]
    assert (target["Arn"], target["RoleArn"]) == (TARGET, ROLE)


def test_a_call_that_fails_for_good_lands_in_the_dead_letter_queue(
    client: EventBridgeSchedulerClient, schedules: EventBridgeSchedules
) -> None:
    schedules.put(an_organization())

    target = kept(client)["Target"]
    assert target["DeadLetterConfig"] == {"Arn": DEAD_LETTERS}
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 21_600, "MaximumRetryAttempts": 60}


def test_a_paused_organizations_schedule_is_switched_off_and_on_again(
    client: EventBridgeSchedulerClient, schedules: EventBridgeSchedules
) -> None:
    schedules.put(an_organization(settings=Settings(paused=True)))
    paused = kept(client)["State"]

    schedules.put(an_organization())

    assert (paused, kept(client)["State"]) == ("DISABLED", "ENABLED")


def test_a_changed_organization_keeps_one_schedule(
    client: EventBridgeSchedulerClient, schedules: EventBridgeSchedules
) -> None:
    schedules.put(an_organization())

    schedules.put(an_organization(time_zone="America/Denver"))

    listed = client.list_schedules(GroupName="narthex")["Schedules"]
    assert [schedule["Name"] for schedule in listed] == [CHURCH]
    assert kept(client)["ScheduleExpressionTimezone"] == "America/Denver"


def test_two_registrations_at_once_both_end_well(
    client: EventBridgeSchedulerClient, schedules: EventBridgeSchedules
) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("update_schedule", "ResourceNotFoundException")
        stub.add_client_error("create_schedule", "ConflictException")
        stub.add_response("update_schedule", {"ScheduleArn": "arn:aws:scheduler:x"})

        schedules.put(an_organization())

        stub.assert_no_pending_responses()


def test_a_throttled_scheduler_is_worth_another_try(
    client: EventBridgeSchedulerClient, schedules: EventBridgeSchedules
) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("update_schedule", "ThrottlingException", http_status_code=429)

        with pytest.raises(RetryLaterError, match="could not change a schedule"):
            schedules.put(an_organization())


@given(st.text(min_size=1))
def test_every_id_gives_a_name_that_the_scheduler_takes(organization_id: str) -> None:
    assert re.fullmatch(r"[0-9a-zA-Z_.-]{1,64}", schedule_name(organization_id))


def test_ids_that_differ_in_forbidden_letters_only_have_different_names() -> None:
    assert schedule_name("église/1") != schedule_name("église/2")
