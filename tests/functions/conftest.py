"""What Lambda gives a handler: an event, a context, an environment."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

EVENTS = Path(__file__).parents[2] / "events"


@dataclass(frozen=True)
class LambdaContext:
    """The part of Lambda's context that handlers use."""

    aws_request_id: str = "9c6e1b7a-0000-4000-8000-000000000009"
    left_ms: int = 60_000

    def get_remaining_time_in_millis(self) -> int:
        return self.left_ms


def event(name: str) -> dict[str, Any]:
    """A sample event by its path below `events`, without the suffix."""
    found: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def context() -> LambdaContext:
    return LambdaContext()


@pytest.fixture(autouse=True)
def _our_loggers_as_they_were() -> Iterator[None]:
    """A handler gives our package's logger Powertools' handler; the tests of others know nothing of it."""
    logger = logging.getLogger("narthex")
    handlers, level, propagates = list(logger.handlers), logger.level, logger.propagate
    yield
    logger.handlers, logger.level, logger.propagate = handlers, level, propagates
