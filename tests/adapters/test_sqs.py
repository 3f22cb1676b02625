from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from botocore.session import get_session
from botocore.stub import ANY, Stubber
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from narthex.adapters.aws_client import make_client
from narthex.adapters.sqs import SqsJobQueue, decode, deduplication_id, encode
from narthex.domain.errors import InvalidInputError, MisconfiguredError, RetryLaterError
from narthex.domain.jobs import PushJob
from tests.support import strategies
from tests.support.builders import a_job
from tests.support.tables import REGION

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

GOOD = json.loads(encode(a_job()))
THROTTLED = {"Id": "1", "SenderFault": False, "Code": "ThrottlingException"}
REFUSED = {"Id": "0", "SenderFault": True, "Code": "InvalidParameterValue"}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[SQSClient]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield make_client("sqs", get_session())


def queue(client: SQSClient) -> SqsJobQueue:
    return SqsJobQueue(client, "https://sqs.invalid/push.fifo", "https://sqs.invalid/timer")


def batch_of(*ids: str) -> dict[str, Any]:
    entries = [
        {"Id": name, "MessageBody": ANY, "MessageGroupId": ANY, "MessageDeduplicationId": ANY} for name in ids
    ]
    return {"QueueUrl": "https://sqs.invalid/push.fifo", "Entries": entries}


def test_what_sqs_did_not_take_is_sent_again(client: SQSClient) -> None:
    with Stubber(client) as stub:
        stub.add_response("send_message_batch", {"Successful": [], "Failed": [THROTTLED]}, batch_of("0", "1"))
        stub.add_response("send_message_batch", {"Successful": [], "Failed": []}, batch_of("1"))

        queue(client).send([a_job(nonce="0"), a_job(nonce="1")])

        stub.assert_no_pending_responses()


def test_what_sqs_never_takes_is_not_lost_silently(client: SQSClient) -> None:
    with Stubber(client) as stub:
        for ids in (("0", "1"), ("1",), ("1",)):
            stub.add_response("send_message_batch", {"Successful": [], "Failed": [THROTTLED]}, batch_of(*ids))

        with pytest.raises(RetryLaterError, match="did not take 1 of 2 push jobs: ThrottlingException"):
            queue(client).send([a_job(nonce="0"), a_job(nonce="1")])


def test_what_sqs_refuses_is_our_mistake(client: SQSClient) -> None:
    with Stubber(client) as stub:
        stub.add_response("send_message_batch", {"Successful": [], "Failed": [REFUSED]}, batch_of("0"))

        with pytest.raises(MisconfiguredError, match="InvalidParameterValue"):
            queue(client).send([a_job()])


def test_a_queue_that_does_not_answer_is_worth_another_try(client: SQSClient) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("send_message", "InternalFailure", http_status_code=500)

        with pytest.raises(RetryLaterError):
            queue(client).send_later(a_job(), 60)


def test_ten_jobs_go_in_one_request(client: SQSClient) -> None:
    with Stubber(client) as stub:
        for size in (10, 10, 1):
            ids = [str(number) for number in range(size)]
            stub.add_response("send_message_batch", {"Successful": [], "Failed": []}, batch_of(*ids))

        queue(client).send([a_job(nonce=str(number)) for number in range(21)])

        stub.assert_no_pending_responses()


def test_a_delayed_job_waits_in_the_timer_queue(client: SQSClient) -> None:
    with Stubber(client) as stub:
        expected = {
            "QueueUrl": "https://sqs.invalid/timer",
            "MessageBody": encode(a_job()),
            "DelaySeconds": 180,
        }
        stub.add_response("send_message", {}, expected)

        queue(client).send_later(a_job(), 180)

        stub.assert_no_pending_responses()


@given(strategies.jobs)
def test_a_job_survives_its_message(job: PushJob) -> None:
    assert decode(encode(job)) == job


@given(strategies.jobs)
def test_a_deduplication_id_is_what_sqs_takes(job: PushJob) -> None:
    assert re.fullmatch(r"[A-Za-z0-9-]{1,128}", deduplication_id(job))


@given(st.text(max_size=50) | st.from_regex(r"[\[{\"0-9,:}\]]{1,50}", fullmatch=True))
def test_junk_is_refused_and_never_a_crash(body: str) -> None:
    with pytest.raises(InvalidInputError):
        decode(body)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"organization_id": ""}, "organization_id: must not be empty"),
        ({"organization_id": 7}, "organization_id: must be a text"),
        ({"day": "2026-02-30"}, "day: must be a date as YYYY-MM-DD"),
        ({"day": "20261115"}, "day: must be a date as YYYY-MM-DD"),
        ({"dry_run": 1}, "dry_run: must be true or false"),
        ({"cause": None}, "cause: must be a text"),
        ({"amount_cents": 5}, "amount_cents: a push job has no such field"),
    ],
)
def test_a_malformed_job_says_what_is_wrong(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInputError, match=f"^{message}$"):
        decode(json.dumps({**GOOD, **changes}))


@pytest.mark.parametrize("name", sorted(GOOD))
def test_every_field_must_be_there(name: str) -> None:
    body = json.dumps({key: value for key, value in GOOD.items() if key != name})

    with pytest.raises(InvalidInputError, match=f"^{name}: is missing$"):
        decode(body)


@pytest.mark.parametrize("body", ["", "null", "[]", '"text"', "[" * 100_000])
def test_what_is_no_object_is_refused(body: str) -> None:
    with pytest.raises(InvalidInputError, match="a push job must be"):
        decode(body)
