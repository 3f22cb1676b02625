"""What the other end-to-end tests rely on: rights are enforced, and ports that are taken are named."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.aws import client
from local.deployed import Deployed
from local.processes import LocalRunError
from local.settings import REGION
from local.up import up


def as_role_of(deployed: Deployed, function: str, service: str) -> Any:  # noqa: ANN401 - boto3 names its clients at run time
    """A client with the rights of one function."""
    name = deployed.outputs[f"{function}FunctionName"]
    role = client(deployed.run, "lambda").get_function(FunctionName=name)["Configuration"]["Role"]
    keys = client(deployed.run, "sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    make_client: Any = boto3.Session().client
    return make_client(
        service,
        region_name=REGION,
        endpoint_url=deployed.run.endpoint_url,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def test_the_reader_of_proofs_reads_the_ledger(deployed: Deployed) -> None:
    ledger = deployed.outputs["LedgerTableName"]
    database = as_role_of(deployed, "ReadProof", "dynamodb")

    found = database.get_item(TableName=ledger, Key={"partition": {"S": "none"}, "item": {"S": "none"}})

    assert "Item" not in found


def test_the_reader_of_proofs_cannot_write_the_ledger(deployed: Deployed) -> None:
    ledger = deployed.outputs["LedgerTableName"]
    database = as_role_of(deployed, "ReadProof", "dynamodb")

    with pytest.raises(ClientError, match="AccessDenied"):
        database.put_item(TableName=ledger, Item={"partition": {"S": "forged"}, "item": {"S": "day"}})


def test_a_busy_port_is_named_and_nothing_is_started(deployed: Deployed) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        run = replace(deployed.run, port=port, folder=deployed.run.folder / "beside")

        with pytest.raises(LocalRunError, match=f"Port {port} is in use by another program"):
            up(run)

        assert not run.folder.exists()
