"""Start pushes: by schedule, by the sweep, by a timer that has run out, or because a person asks."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from narthex.adapters.sqs import decode, encode
from narthex.bootstrap.logs import make_logger
from narthex.bootstrap.start_syncs import build
from narthex.domain.church_day import parse_day
from narthex.domain.errors import InvalidInputError
from narthex.domain.jobs import PushJob
from narthex.services.start_syncs import StartSyncs


@cache
def use_case() -> StartSyncs:
    """The starter, built once per container."""
    return build(os.environ)


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
    """Tell the triggers apart by the shape of their event."""
    logger = make_logger()
    logger.set_correlation_id(context.aws_request_id)
    if "Records" in event:
        return _forward(event["Records"], logger)
    if event.get("kind") == "sweep":
        return {"started": len(use_case().sweep())}
    try:
        return _start(event, context.aws_request_id)
    except InvalidInputError as problem:
        logger.warning("refused: %s", problem)
        return {"error": str(problem)}


def _forward(records: Sequence[Mapping[str, Any]], logger: Logger) -> dict[str, Any]:
    """Send on what is due; what is no job goes back alone, and in the end to the dead letters."""
    jobs: list[PushJob] = []
    failures: list[dict[str, str]] = []
    for record in records:
        try:
            jobs.append(decode(record["body"]))
        except InvalidInputError as problem:
            logger.error("no job: %s", problem, extra={"message_id": record["messageId"]})  # noqa: TRY400
            failures.append({"itemIdentifier": record["messageId"]})
    use_case().forward(jobs)
    return {"batchItemFailures": failures}


def _start(event: dict[str, Any], request_id: str) -> dict[str, Any]:
    organization_id = str(event.get("organization_id", ""))
    if "date" not in event:
        return {"started": len(use_case().daily(organization_id))}
    day = parse_day(str(event["date"]))
    dry_run = bool(event.get("dry_run"))
    nonce = str(event.get("nonce") or request_id)
    job = use_case().manual(organization_id, day, dry_run=dry_run, nonce=nonce)
    return {"started": 1, "job": encode(job)}
