"""Push jobs through SQS: a FIFO queue with one group per organization, and a standard queue for delays.

A FIFO queue cannot delay a single message, so a delayed job waits in the timer queue; whoever receives it
there sends it on. Its deduplication id is the same on that way as on the direct one.

What a lost answer may do: a repeated `send` within five minutes is dropped by SQS (deduplication); a
repeated `send_later` gives a second timer, whose job is then dropped on the FIFO queue.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from narthex.adapters.aws_faults import RETRY_AFTER_SECONDS, passing_faults
from narthex.domain.errors import InvalidInputError, MisconfiguredError, RetryLaterError
from narthex.domain.jobs import PushJob

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import BatchResultErrorEntryTypeDef, SendMessageBatchRequestEntryTypeDef

JOBS_PER_REQUEST = 10
SEND_ROUNDS = 3
LONGEST_DELAY_SECONDS = 900

_FIELDS: dict[str, type] = {
    "organization_id": str,
    "day": str,
    "dry_run": bool,
    "cause": str,
    "nonce": str,
}


class SqsJobQueue:
    """A `JobQueue`.

    Args:
        client: A botocore client of SQS.
        push_queue_url: The FIFO queue.
        timer_queue_url: The standard queue for delays.
    """

    def __init__(self, client: SQSClient, push_queue_url: str, timer_queue_url: str) -> None:
        self._client = client
        self._push_queue_url = push_queue_url
        self._timer_queue_url = timer_queue_url

    def send(self, jobs: Sequence[PushJob]) -> None:
        """See `JobQueue`.

        Jobs that SQS did not take are sent again; they may then stand behind later ones of their group.

        Raises:
            RetryLaterError: Some jobs are not queued; all of them may be sent again.
            MisconfiguredError: SQS refuses our messages.
        """
        for start in range(0, len(jobs), JOBS_PER_REQUEST):
            self._send_ten(jobs[start : start + JOBS_PER_REQUEST])

    def send_later(self, job: PushJob, delay_seconds: int) -> None:
        """See `JobQueue`.

        Raises:
            ValueError: The delay is not within 0 to 900 seconds.
            RetryLaterError: The job may not be queued.
        """
        if not 0 <= delay_seconds <= LONGEST_DELAY_SECONDS:
            message = f"SQS delays by 0 to {LONGEST_DELAY_SECONDS} s, not by {delay_seconds} s"
            raise ValueError(message)
        with passing_faults("queue a push job for later"):
            self._client.send_message(
                QueueUrl=self._timer_queue_url, MessageBody=encode(job), DelaySeconds=delay_seconds
            )

    def _send_ten(self, jobs: Sequence[PushJob]) -> None:
        waiting = {str(number): _entry(str(number), job) for number, job in enumerate(jobs)}
        failed: list[BatchResultErrorEntryTypeDef] = []
        for _ in range(SEND_ROUNDS):
            with passing_faults("queue push jobs"):
                answer = self._client.send_message_batch(
                    QueueUrl=self._push_queue_url, Entries=list(waiting.values())
                )
            failed = answer.get("Failed", [])
            refused = sorted({failure["Code"] for failure in failed if failure["SenderFault"]})
            if refused:
                message = f"SQS refuses push jobs: {', '.join(refused)}"
                raise MisconfiguredError(message)
            waiting = {failure["Id"]: waiting[failure["Id"]] for failure in failed}
            if not waiting:
                return
        codes = ", ".join(sorted({failure["Code"] for failure in failed}))
        message = f"SQS did not take {len(waiting)} of {len(jobs)} push jobs: {codes}"
        raise RetryLaterError(message, retry_after_seconds=RETRY_AFTER_SECONDS)


def encode(job: PushJob) -> str:
    """The body of a message."""
    values = {
        "organization_id": job.organization_id,
        "day": job.day.isoformat(),
        "dry_run": job.dry_run,
        "cause": job.cause,
        "nonce": job.nonce,
    }
    return json.dumps(values, separators=(",", ":"))


def decode(body: str) -> PushJob:
    """The job of a message's body.

    Raises:
        InvalidInputError: The body is not exactly what `encode` writes; the text says how.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError("a push job must be JSON") from error
    if not isinstance(found, dict):
        raise InvalidInputError("a push job must be a JSON object")
    for name in found:
        if name not in _FIELDS:
            raise InvalidInputError("a push job has no such field", field=name)
    for name, kind in _FIELDS.items():
        if name not in found:
            raise InvalidInputError("is missing", field=name)
        if not isinstance(found[name], kind):
            what = "true or false" if kind is bool else "a text"
            raise InvalidInputError(f"must be {what}", field=name)
    return _job_of(found)


def deduplication_id(job: PushJob) -> str:
    """What tells two jobs apart for SQS: at most 128 letters, digits and hyphens."""
    digest = hashlib.sha256(encode(job).encode()).hexdigest()
    return f"{job.day.isoformat()}-{digest}"


def _job_of(found: dict[str, Any]) -> PushJob:
    if not found["organization_id"]:
        raise InvalidInputError("must not be empty", field="organization_id")
    try:
        day = date.fromisoformat(found["day"])
    except ValueError as error:
        raise InvalidInputError("must be a date as YYYY-MM-DD", field="day") from error
    if day.isoformat() != found["day"]:
        raise InvalidInputError("must be a date as YYYY-MM-DD", field="day")
    return PushJob(
        organization_id=found["organization_id"],
        day=day,
        dry_run=found["dry_run"],
        cause=found["cause"],
        nonce=found["nonce"],
    )


def _entry(entry_id: str, job: PushJob) -> SendMessageBatchRequestEntryTypeDef:
    return {
        "Id": entry_id,
        "MessageBody": encode(job),
        "MessageGroupId": job.organization_id,
        "MessageDeduplicationId": deduplication_id(job),
    }
