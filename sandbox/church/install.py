"""Puts a church into both vendors' records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.church.planning_center_side import PlanningCenterSide
from sandbox.church.wegive_side import WeGiveSide

if TYPE_CHECKING:
    from sandbox.church.plan import Church
    from sandbox.records import Records


@dataclass(frozen=True)
class Installed:
    """The ids that the vendors gave: people and donors by key, funds by name, payments in order."""

    church: Church
    person_ids: dict[int, str]
    planning_center_fund_ids: dict[str, str]
    donor_ids: dict[int, int]
    wegive_fund_ids: dict[str, int]
    plan_ids: dict[int, int]
    transaction_ids: list[int]


def install(church: Church, planning_center_records: Records, wegive_records: Records) -> Installed:
    """Put the church into the records of both vendors and return the ids."""
    planning_center = PlanningCenterSide(church, planning_center_records)
    planning_center.install()
    wegive = WeGiveSide(church, wegive_records)
    wegive.install(planning_center.person_ids)
    return Installed(
        church,
        planning_center.person_ids,
        planning_center.fund_ids,
        wegive.donor_ids,
        wegive.fund_ids,
        wegive.plan_ids,
        wegive.transaction_ids,
    )
