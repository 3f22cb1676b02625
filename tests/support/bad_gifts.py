"""Gifts that cannot be pushed, each for a reason of its own (S34)."""

from __future__ import annotations

from collections.abc import Callable

from narthex.domain.organization import Switches
from sandbox.planning_center.staff import close_fund
from sandbox.wegive.staff import edit_donor, spoil
from sandbox.wegive.tables import add
from tests.support.parish_push import CHURCH, ParishPush

Bad = Callable[[ParishPush], int]


def split_off_by_a_cent(church: ParishPush) -> int:
    return church.parish.give("Ana", 1000, minute=20, allocations=[("General", 600), ("Missions", 399)])


def an_amount_with_a_point(church: ParishPush) -> int:
    gift = church.parish.give("Ana", 1234, minute=20)
    spoil_gift(church, gift, {"amount": "12.34"})
    return gift


def a_closed_fund(church: ParishPush) -> int:
    close_fund(church.parish.planning_center_records, CHURCH, church.fund_id("Missions"), church.clock.now)
    return church.parish.give("Ana", 1000, minute=20, fund="Missions")


def a_missing_fund(church: ParishPush) -> int:
    church.set(switches=Switches(push_funds=False))
    fund = add(church.parish.wegive_records, "fund", "parish", church.clock.now(), name="Choir")
    church.parish.fund_ids["Choir"] = int(fund["id"])
    return church.parish.give("Ana", 1000, minute=20, fund="Choir")


def a_donor_in_review(church: ParishPush) -> int:
    edit_nils(church, first_name="Otto", email_1="ana@parish.example")
    return church.parish.give("Nils", 1000, minute=20)


def a_company(church: ParishPush) -> int:
    edit_nils(church, type="company", name="Newcomer Roofing")
    return church.parish.give("Nils", 1000, minute=20)


def an_unreadable_donor(church: ParishPush) -> int:
    spoil(
        church.parish.wegive_records, church.clock.now, "parish", "donor", church.parish.donor_ids["Nils"],
        {"type": "committee"},
    )  # fmt: skip
    return church.parish.give("Nils", 1000, minute=20)


def a_gift_of_nothing(church: ParishPush) -> int:
    return church.parish.give("Ana", 0, minute=20)


def a_fund_without_a_name(church: ParishPush) -> int:
    fund = add(church.parish.wegive_records, "fund", "parish", church.clock.now(), name="")
    church.parish.fund_ids[""] = int(fund["id"])
    return church.parish.give("Ana", 1000, minute=20, fund="")


def spoil_gift(church: ParishPush, gift: int, wire: dict[str, str]) -> None:
    spoil(church.parish.wegive_records, church.clock.now, "parish", "transaction", gift, wire)


def edit_nils(church: ParishPush, **changes: str) -> None:
    donor_id = church.parish.donor_ids["Nils"]
    edit_donor(church.parish.wegive_records, church.clock.now, "parish", donor_id, changes)
