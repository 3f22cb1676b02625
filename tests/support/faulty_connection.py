"""A connection to DynamoDB on which answers get lost, as they do."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import Any

from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError
from pynamodb.connection import Connection

from tests.support.tables import REGION


class Fault(Enum):
    """What becomes of the next write."""

    REPEATED = auto()  # it took effect, its answer was lost, botocore sent it again
    ANSWER_LOST = auto()  # it took effect, and no answer came, however often it was sent
    REQUEST_LOST = auto()  # it never took effect
    LATE = auto()  # no answer came; it takes effect when `deliver_late` is called
    TWIN = auto()  # it was sent twice: one took effect at once, the other does when `deliver_late` is called
    THROTTLED = auto()
    SERVER_ERROR = auto()


class FaultyConnection(Connection):
    """Faults are used up in order, one per write; `calls` keeps what was sent, with its arguments."""

    def __init__(self) -> None:
        super().__init__(region=REGION, max_retry_attempts=0)
        self.faults: list[Fault] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._late: list[Callable[[], object]] = []

    def reset(self) -> None:
        """Forget what the last test left."""
        self.faults.clear()
        self.calls.clear()
        self._late.clear()

    def operations(self) -> list[str]:
        return [operation for operation, _ in self.calls]

    def deliver_late(self) -> None:
        """Let the requests arrive that were given up; refused ones are nobody's business any more."""
        for send in self._late:
            try:
                send()
            except ClientError as error:
                assert "ConditionalCheckFailed" in str(error)  # noqa: PT017 - others are mistakes
        self._late.clear()

    def _make_api_call(self, operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        def send() -> dict[str, Any]:
            answer: dict[str, Any] = super(FaultyConnection, self)._make_api_call(
                operation_name, operation_kwargs
            )
            return answer

        self.calls.append((operation_name, operation_kwargs))
        if operation_name not in {"PutItem", "UpdateItem", "DeleteItem"}:
            return send()
        fault = self.faults.pop(0) if self.faults else None
        if fault in {Fault.REPEATED, Fault.ANSWER_LOST}:
            send()
        if fault in {Fault.LATE, Fault.TWIN}:
            self._late.append(send)
        match fault:
            case Fault.ANSWER_LOST | Fault.LATE:
                raise ReadTimeoutError(endpoint_url="http://dynamodb.invalid")
            case Fault.REQUEST_LOST:
                raise ConnectTimeoutError(endpoint_url="http://dynamodb.invalid")
            case Fault.THROTTLED:
                raise _refusal(operation_name, "ProvisionedThroughputExceededException", 400)
            case Fault.SERVER_ERROR:
                raise _refusal(operation_name, "InternalServerError", 500)
        return send()


def _refusal(operation_name: str, code: str, status: int) -> ClientError:
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, operation_name)
