"""Which faults of AWS pass by themselves, in one place for all AWS adapters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's name for its own class
    HTTPClientError,
    IncompleteReadError,
)
from botocore.parsers import ResponseParserError

from narthex.domain.errors import RetryLaterError

RETRY_AFTER_SECONDS = 5
CONNECT_TIMEOUT_SECONDS = 2
READ_TIMEOUT_SECONDS = 3
ATTEMPTS = 4

AwsError = (BotoCoreError, ClientError, ResponseParserError)

_SERVER_FAULT = 500
_PASSING_CODES = frozenset(
    {
        "InternalFailure",
        "InternalServerError",
        "InternalServiceErrorException",
        "KMSThrottlingException",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "ServiceUnavailable",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)


def error_code(error: Exception) -> str:
    """The service's error code; empty when no answer came."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def passes_by_itself(error: Exception) -> bool:
    """Whether the same call may well succeed a little later."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return error_code(error) in _PASSING_CODES or status >= _SERVER_FAULT
    broken = (ConnectionError, HTTPClientError, IncompleteReadError, ResponseParserError)
    return isinstance(error, broken)


@contextmanager
def passing_faults(action: str) -> Iterator[None]:
    """Turn faults that pass by themselves into `RetryLaterError`; all others are raised as they came.

    Args:
        action: What was tried, for the text ("send push jobs").
    """
    try:
        yield
    except AwsError as error:
        if not passes_by_itself(error):
            raise
        reason = error_code(error) or type(error).__name__
        message = f"could not {action}: {reason}"
        raise RetryLaterError(message, retry_after_seconds=RETRY_AFTER_SECONDS) from error
