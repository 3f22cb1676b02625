"""The deployed stack as the commands, the demonstration and the end-to-end tests use it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC
from functools import cached_property
from typing import TYPE_CHECKING, Any

from local import stack
from local.aws import client
from local.processes import worker_pids
from local.settings import STACK_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from local.settings import LocalRun

LOGGED_FUNCTIONS = ("register_organization", "start_syncs", "push_daily_batch", "read_proof")


@dataclass(frozen=True)
class Deployed:
    """A stack that is up.

    Args:
        run: Where it runs.
        outputs: The stack's outputs, as template.yaml names them.
    """

    run: LocalRun
    outputs: Mapping[str, str]

    @classmethod
    def find(cls, run: LocalRun) -> Deployed:
        """The stack that `make up` deployed.

        Raises:
            LocalRunError: nothing is up; the text says so.
        """
        stack.require_running(run)
        return cls(run, stack.outputs(run))

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
        """Invoke a function by its logical name ("ReadProof") and wait for its answer.

        Raises:
            LocalRunError: the function failed; the text is its error.
        """
        return stack.invoke(self.run, self.outputs[f"{function}FunctionName"], event)

    def schedule_once(self, name: str, at: datetime, event: Mapping[str, Any]) -> None:
        """Put a one-time EventBridge schedule that starts syncs.

        The local AWS looks every ten seconds and knows UTC only. It forgets on a restart that a schedule
        has fired, so this one deletes itself.

        Args:
            name: Unique among the stack's schedules while it waits.
            at: The moment, with a time zone.
            event: What start_syncs is handed.
        """
        self._scheduler.create_schedule(
            Name=name,
            GroupName=self.outputs["ScheduleGroupName"],
            ScheduleExpression=f"at({at.astimezone(UTC):%Y-%m-%dT%H:%M:%S})",
            FlexibleTimeWindow={"Mode": "OFF"},
            ActionAfterCompletion="DELETE",
            Target={
                "Arn": self.outputs["StartSyncsFunctionArn"],
                "RoleArn": self.outputs["ScheduleRoleArn"],
                "Input": json.dumps(event),
            },
        )

    def schedule(self, name: str) -> dict[str, Any]:
        """An EventBridge schedule of the stack, as GetSchedule shows it."""
        shown: dict[str, Any] = self._scheduler.get_schedule(
            Name=name, GroupName=self.outputs["ScheduleGroupName"]
        )
        return shown

    def worker_pids(self, function: str) -> list[int]:
        """The processes that run a function ("PushDailyBatch"), for tests that kill one in its work."""
        return worker_pids(self.run.folder, self.outputs[f"{function}FunctionName"])

    def messages(self, queue: str) -> int:
        """How many messages a queue ("Push", "Timer", "PushDeadLetter") holds, hidden ones included."""
        url = self.outputs[f"{queue}QueueUrl"]
        names = ("", "NotVisible", "Delayed")
        attributes = [f"ApproximateNumberOfMessages{name}" for name in names]
        shown = client(self.run, "sqs").get_queue_attributes(QueueUrl=url, AttributeNames=attributes)
        return sum(int(shown["Attributes"][name]) for name in attributes)

    def log_lines(self, function: str) -> list[tuple[int, str]]:
        """Every line that a function ("push_daily_batch") logged so far: (UTC epoch milliseconds, text).

        The local AWS hands lines over when a run ends.
        """
        pages = client(self.run, "logs").get_paginator("filter_log_events")
        group = f"/narthex/{STACK_NAME}/{function}"
        return [
            (event["timestamp"], event["message"].rstrip())
            for page in pages.paginate(logGroupName=group)
            for event in page["events"]
        ]

    @cached_property
    def _scheduler(self) -> Any:  # noqa: ANN401 - boto3 names its clients at run time
        return client(self.run, "scheduler")
