from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    IncompleteReadError,
    NoCredentialsError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from narthex.adapters.aws_faults import passing_faults
from narthex.domain.errors import RetryLaterError

URL = "http://aws.invalid"


def refused(code: str, status: int) -> ClientError:
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "PutItem")


@pytest.mark.parametrize(
    "fault",
    [
        refused("ThrottlingException", 400),
        refused("RequestLimitExceeded", 400),
        refused("SomethingNobodyKnows", 503),
        ReadTimeoutError(endpoint_url=URL),
        ConnectTimeoutError(endpoint_url=URL),
        ConnectionClosedError(endpoint_url=URL),
        EndpointConnectionError(endpoint_url=URL),
        IncompleteReadError(actual_bytes=1, expected_bytes=2),
        ResponseParserError("no JSON"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_fault_that_passes_by_itself_is_worth_another_try(fault: Exception) -> None:
    with (
        pytest.raises(RetryLaterError, match="could not write the ledger"),
        passing_faults("write the ledger"),
    ):
        raise fault


@pytest.mark.parametrize(
    "fault",
    [
        refused("AccessDeniedException", 400),
        refused("ValidationException", 400),
        refused("ResourceNotFoundException", 400),
        NoCredentialsError(),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_fault_of_the_deployment_is_raised_as_it_came(fault: Exception) -> None:
    with pytest.raises(type(fault)) as raised, passing_faults("write the ledger"):
        raise fault

    assert raised.value is fault
