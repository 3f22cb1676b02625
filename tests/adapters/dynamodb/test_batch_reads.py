from __future__ import annotations

from typing import Any

import pytest
from pynamodb.connection import Connection

from narthex.adapters.dynamodb.table import BATCH_ROUNDS, Table
from narthex.domain.errors import RetryLaterError
from tests.support.tables import REGION


class StingyConnection(Connection):
    """Answers one key per request, and leaves the others unprocessed."""

    def __init__(self, answers: int) -> None:
        super().__init__(region=REGION)
        self._answers = answers

    def _make_api_call(self, operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        keys = operation_kwargs["RequestItems"]["reviews"]["Keys"]
        taken = keys[: self._answers]
        left = {"reviews": {"Keys": keys[self._answers :]}} if keys[self._answers :] else {}
        return {"Responses": {"reviews": taken}, "UnprocessedKeys": left}


def read(answers: int, keys: int) -> list[Any]:
    table = Table(StingyConnection(answers), "reviews", hash_key="hash", range_key="range")
    return list(table.get_many(("church", str(number)) for number in range(keys)))


def test_keys_that_dynamodb_left_are_asked_for_again() -> None:
    assert len(read(answers=1, keys=BATCH_ROUNDS)) == BATCH_ROUNDS


def test_keys_that_dynamodb_never_reads_are_not_taken_for_absent() -> None:
    with pytest.raises(RetryLaterError, match="left keys of reviews unread"):
        read(answers=0, keys=1)


def test_no_keys_are_no_request() -> None:
    assert read(answers=1, keys=0) == []
