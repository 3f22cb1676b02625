"""Register or update an organization from its file (docs/organization.schema.json)."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from narthex.adapters.organization_file import read_organization
from narthex.adapters.system import Deadline, SystemClock
from narthex.bootstrap.logs import make_logger
from narthex.bootstrap.register_organization import build
from narthex.domain.errors import InvalidInputError, RetryLaterError
from narthex.services.register_organization import RegisterOrganization

SAFETY_MS = 2_000


@cache
def use_case() -> RegisterOrganization:
    """The registrar, built once per container."""
    return build(os.environ)


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 - Lambda's own
    """Answer what was registered, or what is wrong with the file."""
    logger = make_logger()
    logger.set_correlation_id(context.aws_request_id)
    clock = SystemClock()
    deadline = Deadline(clock, clock.now_ms() + context.get_remaining_time_in_millis() - SAFETY_MS)
    try:
        organization, credentials = read_organization(event)
        registered = use_case()(organization, credentials, deadline)
    except (InvalidInputError, RetryLaterError) as problem:
        logger.warning("not registered: %s", problem)
        return {"error": str(problem)}
    stored = registered.organization
    return {
        "organization_id": stored.id,
        "name": stored.name,
        "is_new": registered.is_new,
        "time_zone": stored.time_zone,
        "push_at": stored.settings.push_at.isoformat("minutes"),
        "first_day": stored.settings.first_day.isoformat() if stored.settings.first_day else None,
        "notes": list(registered.notes),
    }
