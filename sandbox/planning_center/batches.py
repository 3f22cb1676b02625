"""Batches: the containers of donations, and how they are committed (planning-center-api.md 4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.planning_center.assignment import assigned
from sandbox.planning_center.call import Answer
from sandbox.planning_center.errors import impossible, related_not_found, unprocessable
from sandbox.planning_center.giving_vertices import BATCH
from sandbox.planning_center.json_api import read_one, written
from sandbox.planning_center.listing import list_organization
from sandbox.planning_center.moments import timestamp_text
from sandbox.planning_center.store import new_record

if TYPE_CHECKING:
    from sandbox.planning_center.call import Call
    from sandbox.planning_center.store import Record, Store


def list_batches(call: Call) -> Answer:
    """Return a page of batches."""
    return list_organization(call, BATCH)


def read_batch(call: Call) -> Answer:
    """Return one batch."""
    return read_one(call, BATCH, call.record("Batch"))


def create_batch(call: Call) -> Answer:
    """Create an uncommitted batch, in a group if one is named."""
    values, relations = assigned(call, BATCH, creating=True)
    group_id = call.ids[0] if call.ids else relations.get("batch_group")
    _check_group(call, group_id)
    now = call.now_text
    attributes: dict[str, Any] = dict.fromkeys(BATCH.attributes) | {
        "created_at": now,
        "status": "in_progress",
        "total_cents": 0,
        "total_currency": call.organization["currency"],
        "updated_at": now,
    }
    attributes.pop("donations_count")
    attributes |= values
    batch = new_record(
        call.store.new_id("Batch", call.organization_id),
        call.organization_id,
        call.now_ts,
        attributes,
        {"batch_group": group_id},
    )
    call.store.put("Batch", batch)
    return written(call, BATCH, batch, 201)


def update_batch(call: Call) -> Answer:
    """Change a batch's description or group."""
    batch = call.record("Batch")
    refuse_while_updating(batch)
    values, relations = assigned(call, BATCH, creating=False)
    if "batch_group" in relations:
        _check_group(call, relations["batch_group"])
        batch["relations"]["batch_group"] = relations["batch_group"]
    batch["attributes"] |= values | {"updated_at": call.now_text}
    call.store.put("Batch", batch)
    return written(call, BATCH, batch, 200)


def delete_batch(call: Call) -> Answer:
    """Delete an uncommitted batch with its donations; it takes the time that a commit takes."""
    batch = call.record("Batch")
    refuse_while_updating(batch)
    if batch["attributes"]["status"] == "committed":
        raise impossible("A committed batch cannot be deleted")
    start_update(call, batch, "deleted")
    return Answer(204)


def commit_batch(call: Call) -> Answer:
    """Begin to commit a batch.

    Raises:
        Refusal: 422, it is under way or done, it is empty, or it belongs to a group.
    """
    batch = call.record("Batch")
    status = batch["attributes"]["status"]
    if status != "in_progress":
        raise impossible(f"A batch with status {status} cannot be committed")
    if batch["relations"]["batch_group"] is not None:
        raise impossible("A batch in a batch group is committed with its group")
    if not call.store.find("Donation", "batch", call.organization_id, batch["id"]):
        raise impossible("A batch without donations cannot be committed")
    start_update(call, batch, "committed")
    return Answer(204)


def refuse_while_updating(batch: Record) -> None:
    """Refuse a change of a batch, or of its donations, until it has finished updating.

    Raises:
        Refusal: 422.
    """
    if batch["attributes"]["status"] == "updating":
        raise impossible("The batch is updating; it cannot be changed until that is done")


def start_update(call: Call, batch: Record, outcome: str) -> None:
    """Let the batch be `updating` until the commit time has passed; `outcome` is what it becomes then."""
    due_ts = call.now_ts + call.options.commit_seconds
    batch |= {"due_ts": due_ts, "outcome": outcome}
    batch["attributes"] |= {"status": "updating", "updated_at": call.now_text}
    call.store.put("Batch", batch)


def settle_batches(store: Store, now_ts: float) -> None:
    """Finish the commits and deletes whose time has come."""
    for batch in store.updating():
        if batch["due_ts"] <= now_ts:
            if batch["outcome"] == "committed":
                finish_commit(store, batch, timestamp_text(batch["due_ts"]))
            else:
                erase(store, batch, batch["due_ts"])


def finish_commit(store: Store, batch: Record, at: str) -> None:
    """Mark a batch and its donations as committed."""
    batch.pop("due_ts", None)
    batch.pop("outcome", None)
    batch["attributes"] |= {"status": "committed", "committed_at": at, "updated_at": at}
    store.put("Batch", batch)
    for donation in store.find("Donation", "batch", batch["organization_id"], batch["id"]):
        succeed(donation, at)
        store.put("Donation", donation)


def succeed(donation: Record, at: str) -> None:
    """Mark a donation as committed."""
    donation["attributes"] |= {
        "completed_at": at,
        "payment_status": "succeeded",
        "refundable": True,
        "updated_at": at,
    }


def erase(store: Store, batch: Record, at_ts: float) -> None:
    """Delete a batch and its donations."""
    for donation in store.find("Donation", "batch", batch["organization_id"], batch["id"]):
        bury(store, "Donation", donation, at_ts, keep_ghost=True)
    bury(store, "Batch", batch, at_ts, keep_ghost=True)


def bury(store: Store, type_: str, record: Record, at_ts: float, *, keep_ghost: bool) -> None:
    """Delete a record; its ghost is what lists that lag go on showing for a while."""
    store.delete(type_, record)
    if keep_ghost:
        store.put(f"{type_}.ghost", record | {"deleted_ts": at_ts})


def _check_group(call: Call, group_id: object) -> None:
    if group_id is None:
        return
    group = call.store.get("BatchGroup", call.organization_id, str(group_id))
    if group is None:
        raise unprocessable(related_not_found("batch_group_id", str(group_id)))
    if group["attributes"]["status"] != "in_progress":
        raise impossible("A committed batch group takes no more batches")
