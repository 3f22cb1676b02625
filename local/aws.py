"""boto3 clients for one local run; they can't reach any other AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from local.settings import REGION, ROOT_KEY

if TYPE_CHECKING:
    from local.settings import LocalRun

_INVOKE_PATIENCE_SECONDS = 900


def client(run: LocalRun, service: str) -> Any:  # noqa: ANN401 - boto3 names its clients at run time
    """A client of the run's local AWS, with the rights of the account's root."""
    make_client: Any = boto3.Session().client
    return make_client(
        service,
        region_name=REGION,
        endpoint_url=run.endpoint_url,
        aws_access_key_id=ROOT_KEY,
        aws_secret_access_key=ROOT_KEY,
        config=Config(
            read_timeout=_INVOKE_PATIENCE_SECONDS,
            connect_timeout=5,
            retries={"total_max_attempts": 1},
            inject_host_prefix=False,
        ),
    )
