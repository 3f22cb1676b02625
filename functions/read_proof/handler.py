"""Show a church day: progress, proof, plan, open reviews."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from narthex.bootstrap.logs import make_logger
from narthex.bootstrap.read_proof import build
from narthex.domain.church_day import parse_day
from narthex.domain.errors import InvalidInputError
from narthex.services.read_proof import ReadProof


@cache
def use_case() -> ReadProof:
    """The reader, built once per container."""
    return build(os.environ)


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
    """Answer the day, or what is wrong with the question."""
    logger = make_logger()
    logger.set_correlation_id(context.aws_request_id)
    try:
        return use_case()(str(event.get("organization_id", "")), parse_day(str(event.get("date", ""))))
    except InvalidInputError as problem:
        logger.warning("refused: %s", problem)
        return {"error": str(problem)}
