"""Shortens what botocore reads when a client is made: its JSON is a tenth of a function's first start.

Left out are sentences for readers of documentation, white space, the addresses of services that are not
shipped, and DynamoDB's operations on anything but items. What stays, stays as it is.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DYNAMODB_OPERATIONS = frozenset(
    {
        "BatchGetItem",
        "BatchWriteItem",
        "DeleteItem",
        "DescribeEndpoints",
        "DescribeTable",
        "GetItem",
        "PutItem",
        "Query",
        "Scan",
        "TransactGetItems",
        "TransactWriteItems",
        "UpdateItem",
    }
)
"""What functions may do with tables; making and keeping them is the template's business."""


def shorten_descriptions(data: Path) -> None:
    """Shorten the descriptions in botocore's `data` folder, in place; a second time changes nothing."""
    prefixes = set()
    for path in sorted(data.glob("*/*/*.json.gz")):
        described = json.loads(gzip.decompress(path.read_bytes()))
        if path.name == "service-2.json.gz":
            described = _without_prose(described)
            prefixes.add(described["metadata"]["endpointPrefix"])
            if path.parent.parent.name == "dynamodb":
                _keep_operations(described, DYNAMODB_OPERATIONS)
        path.write_bytes(gzip.compress(_written(described), mtime=0))
    endpoints = data / "endpoints.json"
    known = json.loads(endpoints.read_bytes())
    for partition in known["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in prefixes}
    endpoints.write_bytes(_written(known))


def _keep_operations(model: dict[str, Any], names: frozenset[str]) -> None:
    """Drop the other operations, and the shapes that only they lead to."""
    operations, shapes = model["operations"], model["shapes"]
    model["operations"] = {name: operations[name] for name in operations if name in names}
    needed: set[str] = set()
    waiting = list(_shapes_in(model["operations"]))
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += _shapes_in(shapes[name])
    model["shapes"] = {name: shapes[name] for name in shapes if name in needed}


def _shapes_in(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        if isinstance(value.get("shape"), str):
            yield value["shape"]
        for part in value.values():
            yield from _shapes_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from _shapes_in(part)


def _without_prose(value: Any) -> Any:  # noqa: ANN401 - JSON
    """A copy without documentation; a member or a shape of that name is no text and stays."""
    if isinstance(value, dict):
        return {
            name: _without_prose(part)
            for name, part in value.items()
            if not (name == "documentation" and isinstance(part, str))
        }
    if isinstance(value, list):
        return [_without_prose(part) for part in value]
    return value


def _written(value: Any) -> bytes:  # noqa: ANN401 - JSON
    return json.dumps(value, separators=(",", ":")).encode()
