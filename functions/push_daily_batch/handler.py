"""Push one church day per record of the push queue."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from narthex.adapters.sqs import decode
from narthex.adapters.system import Deadline, SystemClock
from narthex.bootstrap.logs import make_logger
from narthex.bootstrap.push_daily_batch import build
from narthex.domain.errors import NarthexError
from narthex.services.push_daily_batch import PushDailyBatch

SAFETY_MS = 3_000
"""What a run leaves of the function's time for saving its state."""


@cache
def use_case() -> PushDailyBatch:
    """The worker, built once per container."""
    return build(os.environ)


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
    """Work through the records in order; from the first that fails on, all go back to the queue."""
    logger = make_logger()
    records = event["Records"]
    for position, record in enumerate(records):
        clock = SystemClock()
        deadline = Deadline(clock, clock.now_ms() + context.get_remaining_time_in_millis() - SAFETY_MS)
        logger.set_correlation_id(record["messageId"])
        try:
            use_case()(decode(record["body"]), deadline)
        except NarthexError:
            logger.exception("the job goes back to the queue")
            return {
                "batchItemFailures": [{"itemIdentifier": each["messageId"]} for each in records[position:]]
            }
    return {"batchItemFailures": []}
