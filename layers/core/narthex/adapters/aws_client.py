"""botocore clients without boto3: the session that PynamoDB uses serves for all (cold start)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.config import Config

from narthex.adapters.aws_faults import ATTEMPTS, CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS

if TYPE_CHECKING:
    from botocore.session import Session


def make_client(service: str, session: Session) -> Any:  # noqa: ANN401 - each service has a type of its own
    """Make a client with our timeouts; region, endpoint and credentials come from the AWS environment.

    Args:
        service: botocore's name of it ("sqs", "secretsmanager", "scheduler").
        session: The process's session; `Connection.session` of PynamoDB shares what it has loaded.
    """
    config = Config(
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        read_timeout=READ_TIMEOUT_SECONDS,
        retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
    )
    return session.create_client(service, config=config)
