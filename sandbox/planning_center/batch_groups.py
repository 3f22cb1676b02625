"""Batch groups: several batches that are committed together (planning-center-api.md 4.1, 4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.planning_center.assignment import assigned
from sandbox.planning_center.batches import start_update
from sandbox.planning_center.call import Answer
from sandbox.planning_center.errors import impossible
from sandbox.planning_center.giving_vertices import BATCH, BATCH_GROUP
from sandbox.planning_center.json_api import read_one, written
from sandbox.planning_center.listing import list_organization, list_rows
from sandbox.planning_center.store import new_record

if TYPE_CHECKING:
    from sandbox.planning_center.call import Call
    from sandbox.planning_center.store import Record


def list_groups(call: Call) -> Answer:
    """Return a page of batch groups."""
    for group in call.store.all("BatchGroup", call.organization_id):
        _refresh(call, group)
    return list_organization(call, BATCH_GROUP)


def read_group(call: Call) -> Answer:
    """Return one batch group."""
    return read_one(call, BATCH_GROUP, _refresh(call, call.record("BatchGroup")))


def create_group(call: Call) -> Answer:
    """Create a batch group."""
    values, _ = assigned(call, BATCH_GROUP, creating=True)
    now = call.now_text
    attributes: dict[str, Any] = {
        "committed": False,
        "created_at": now,
        "description": None,
        "status": "in_progress",
        "total_cents": 0,
        "total_currency": call.organization["currency"],
        "updated_at": now,
    }
    group_id = call.store.new_id("BatchGroup", call.organization_id)
    group = new_record(group_id, call.organization_id, call.now_ts, attributes | values, {})
    call.store.put("BatchGroup", group)
    return written(call, BATCH_GROUP, group, 201)


def update_group(call: Call) -> Answer:
    """Change a batch group's description."""
    group = _refresh(call, call.record("BatchGroup"))
    values, _ = assigned(call, BATCH_GROUP, creating=False)
    group["attributes"] |= values | {"updated_at": call.now_text}
    call.store.put("BatchGroup", group)
    return written(call, BATCH_GROUP, group, 200)


def delete_group(call: Call) -> Answer:
    """Delete an uncommitted batch group with its batches."""
    group = _refresh(call, call.record("BatchGroup"))
    if group["attributes"]["status"] != "in_progress":
        raise impossible("A batch group that is updating or committed cannot be deleted")
    for batch in _batches(call, group):
        start_update(call, batch, "deleted")
    call.store.delete("BatchGroup", group)
    return Answer(204)


def commit_group(call: Call) -> Answer:
    """Begin to commit every batch of the group.

    Raises:
        Refusal: 422, the group or one of its batches is empty, or it is no longer in progress.
    """
    group = _refresh(call, call.record("BatchGroup"))
    batches = _batches(call, group)
    if group["attributes"]["status"] != "in_progress" or not batches:
        raise impossible("This batch group cannot be committed")
    if not all(call.store.find("Donation", "batch", call.organization_id, batch["id"]) for batch in batches):
        raise impossible("A batch without donations cannot be committed")
    for batch in batches:
        start_update(call, batch, "committed")
    return Answer(204)


def list_batches_of_group(call: Call) -> Answer:
    """Return a page of the group's batches."""
    group = call.record("BatchGroup")
    return list_rows(call, BATCH, _batches(call, group), ("BatchGroup", group["id"]), BATCH.filters)


def read_group_of_batch(call: Call) -> Answer:
    """Return the group of a batch; 404 when it has none."""
    return read_one(
        call,
        BATCH_GROUP,
        _refresh(call, call.record("BatchGroup", str(call.record("Batch")["relations"]["batch_group"]))),
    )


def _batches(call: Call, group: Record) -> list[Record]:
    return call.store.find("Batch", "batch_group", call.organization_id, group["id"])


def _refresh(call: Call, group: Record) -> Record:
    """Derive the group's status and total from its batches."""
    batches = [batch["attributes"] for batch in _batches(call, group)]
    statuses = {batch["status"] for batch in batches}
    status = "in_progress"
    if statuses and statuses <= {"committed", "updating"}:
        status = "updating" if "updating" in statuses else "committed"
    group["attributes"] |= {
        "committed": status == "committed",
        "status": status,
        "total_cents": sum(batch["total_cents"] for batch in batches),
    }
    return group
