"""The church's office: what its staff do by hand, in Planning Center and in WeGive, to the day's gifts."""

from __future__ import annotations

from sandbox.planning_center import staff
from sandbox.planning_center.desk import open_call
from sandbox.wegive.staff import edit_payment
from tests.support.parish_push import CHURCH, ParishPush


def delete(church: ParishPush, gift: int) -> None:
    donation_id = str(church.gift(gift).donation_id)
    staff.delete_donation(church.parish.planning_center_records, CHURCH, donation_id, church.clock.now)


def edit(church: ParishPush, gift: int, **changes: object) -> None:
    donation_id = str(church.gift(gift).donation_id)
    staff.edit_donation(
        church.parish.planning_center_records, CHURCH, donation_id, dict(changes), church.clock.now
    )


def in_wegive(church: ParishPush, gift: int, **changes: object) -> None:
    edit_payment(church.parish.wegive_records, church.clock.now, "parish", gift, dict(changes))


def enter_by_hand(church: ParishPush, like: int) -> str:
    """Staff add a donation to the day's batch, like the one of a gift, but from another source."""
    call = open_call(church.parish.planning_center_records, CHURCH, church.clock.now)
    donation_id = church.gift(like).donation_id
    original = next(each for each in church.donations() if each["id"] == donation_id)
    copied = {
        **original,
        "id": call.store.new_id("Donation", CHURCH),
        "relations": {**original["relations"], "payment_source": "planning_center"},
    }
    call.store.put("Donation", copied)
    return str(copied["id"])


def open_texts(church: ParishPush) -> list[str]:
    return [finding["text"] for finding in church.proof()["findings"] if finding["state"] == "open"]
