"""One EventBridge schedule per organization, in its own time zone (S30).

What a lost answer may do: nothing. The same schedule put twice is one schedule.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from narthex.adapters.aws_faults import error_code, passing_faults

if TYPE_CHECKING:
    from types_boto3_scheduler import EventBridgeSchedulerClient
    from types_boto3_scheduler.type_defs import CreateScheduleInputTypeDef

    from narthex.domain.organization import Organization

SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"
"""EventBridge puts the time of the run here."""
TRY_FOR_SECONDS = 6 * 3600
TRIES = 60

_SAFE_NAME = re.compile(r"[0-9a-zA-Z_.-]{1,64}")


class EventBridgeSchedules:
    """A `Schedules`.

    Args:
        client: A botocore client of EventBridge Scheduler.
        group: The stack's schedule group.
        target_arn: The function that starts syncs.
        role_arn: What lets the scheduler call it.
        dead_letter_arn: The queue for calls that failed for good.
    """

    def __init__(
        self,
        client: EventBridgeSchedulerClient,
        *,
        group: str,
        target_arn: str,
        role_arn: str,
        dead_letter_arn: str,
    ) -> None:
        self._client = client
        self._group = group
        self._target_arn = target_arn
        self._role_arn = role_arn
        self._dead_letter_arn = dead_letter_arn

    def put(self, organization: Organization) -> None:
        """See `Schedules`. Two writes at the most, no read."""
        schedule = self._schedule(organization)
        if not self._update(schedule) and not self._create(schedule):
            self._update(schedule)

    def _update(self, schedule: CreateScheduleInputTypeDef) -> bool:
        """Change it; False when there is none."""
        try:
            with passing_faults("change a schedule"):
                self._client.update_schedule(**schedule)
        except ClientError as error:
            if error_code(error) != "ResourceNotFoundException":
                raise
            return False
        return True

    def _create(self, schedule: CreateScheduleInputTypeDef) -> bool:
        """Create it; False when somebody else just did."""
        try:
            with passing_faults("create a schedule"):
                self._client.create_schedule(**schedule)
        except ClientError as error:
            if error_code(error) != "ConflictException":
                raise
            return False
        return True

    def _schedule(self, organization: Organization) -> CreateScheduleInputTypeDef:
        push_at = organization.settings.push_at
        return {
            "Name": schedule_name(organization.id),
            "GroupName": self._group,
            "Description": f"Pushes the gifts of the day before for {organization.id}",
            "ScheduleExpression": f"cron({push_at.minute} {push_at.hour} * * ? *)",
            "ScheduleExpressionTimezone": organization.time_zone,
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "State": "DISABLED" if organization.settings.paused else "ENABLED",
            "Target": {
                "Arn": self._target_arn,
                "RoleArn": self._role_arn,
                "Input": json.dumps({"organization_id": organization.id, "scheduled_at": SCHEDULED_TIME}),
                "RetryPolicy": {"MaximumEventAgeInSeconds": TRY_FOR_SECONDS, "MaximumRetryAttempts": TRIES},
                "DeadLetterConfig": {"Arn": self._dead_letter_arn},
            },
        }


def schedule_name(organization_id: str) -> str:
    """The id itself where EventBridge takes it for a name, else a hash of it."""
    if _SAFE_NAME.fullmatch(organization_id):
        return organization_id
    return "organization-" + hashlib.sha256(organization_id.encode()).hexdigest()[:40]
