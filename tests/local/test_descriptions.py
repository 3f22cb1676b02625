from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import botocore
import botocore.session
import pytest
from botocore.client import BaseClient
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

from local.descriptions import DYNAMODB_OPERATIONS, shorten_descriptions
from local.layer import BOTOCORE_SERVICES

INSTALLED = Path(botocore.__file__).parent / "data"


@pytest.fixture(scope="module")
def shortened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("botocore") / "data"
    data.mkdir()
    for name in BOTOCORE_SERVICES:
        shutil.copytree(INSTALLED / name, data / name)
    for path in INSTALLED.glob("*.json"):
        shutil.copy(path, data)
    shorten_descriptions(data)
    return data


def client_of(service: str, region: str, data: Path | None = None) -> BaseClient:
    session = botocore.session.get_session()
    session.set_credentials("invented", "invented")
    if data is not None:
        session.get_component("data_loader").search_paths[:] = [str(data)]
    client: BaseClient = session.create_client(service, region_name=region)
    return client


def described(operation: OperationModel) -> list[object]:
    """An operation with the whole tree of what it takes, answers and refuses."""
    shapes = [operation.input_shape, operation.output_shape, *operation.error_shapes]
    return [operation.http, *(tree(shape, ()) for shape in shapes)]


def tree(shape: Shape | None, above: tuple[str, ...]) -> object:
    if shape is None or shape.name in above:
        return shape and shape.name
    inside = (*above, shape.name)
    if isinstance(shape, StructureShape):
        parts = {name: tree(member, inside) for name, member in shape.members.items()}
    elif isinstance(shape, MapShape):
        parts = {"key": tree(shape.key, inside), "value": tree(shape.value, inside)}
    else:
        parts = {"member": tree(shape.member, inside)} if isinstance(shape, ListShape) else {}
    return shape.name, shape.type_name, shape.serialization, shape.metadata, parts


@pytest.mark.parametrize("service", sorted(BOTOCORE_SERVICES))
@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "us-gov-west-1", "cn-north-1"])
def test_a_client_from_shortened_descriptions_reaches_the_same_address(
    service: str, region: str, shortened: Path
) -> None:
    client = client_of(service, region, shortened)

    assert client.meta.endpoint_url == client_of(service, region).meta.endpoint_url


def operations(model: ServiceModel) -> set[str]:
    return set(model.operation_names)


@pytest.mark.parametrize("service", sorted(BOTOCORE_SERVICES))
def test_every_operation_that_stays_stays_as_it_was(service: str, shortened: Path) -> None:
    ours = client_of(service, "us-east-1", shortened).meta.service_model
    whole = client_of(service, "us-east-1").meta.service_model

    for name in ours.operation_names:
        assert described(ours.operation_model(name)) == described(whole.operation_model(name))


@pytest.mark.parametrize("service", sorted(BOTOCORE_SERVICES - {"dynamodb"}))
def test_no_operation_is_left_out(service: str, shortened: Path) -> None:
    ours = client_of(service, "us-east-1", shortened).meta.service_model

    assert operations(ours) == operations(client_of(service, "us-east-1").meta.service_model)


def test_of_dynamodb_the_operations_on_items_stay(shortened: Path) -> None:
    ours = client_of("dynamodb", "us-east-1", shortened).meta.service_model

    assert operations(ours) == DYNAMODB_OPERATIONS


def test_no_sentence_for_readers_is_left(shortened: Path) -> None:
    for path in shortened.glob("*/*/service-2.json.gz"):
        text = gzip.decompress(path.read_bytes()).decode()

        assert '"documentation":"' not in text


def test_addresses_of_services_that_are_not_shipped_are_gone(shortened: Path) -> None:
    partitions = json.loads((shortened / "endpoints.json").read_bytes())["partitions"]

    assert {"dynamodb", "sqs"} <= set(partitions[0]["services"])
    assert all("ec2" not in partition["services"] for partition in partitions)


def test_shortening_twice_changes_nothing(shortened: Path) -> None:
    before = {path: path.read_bytes() for path in shortened.rglob("*.*") if path.is_file()}

    shorten_descriptions(shortened)

    assert {path: path.read_bytes() for path in before} == before
