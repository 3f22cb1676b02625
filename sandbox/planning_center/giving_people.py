"""Giving's own view of people, and their plans (planning-center-api.md 4.5, 4.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.planning_center.assignment import assigned
from sandbox.planning_center.errors import invalid, not_found, unprocessable
from sandbox.planning_center.fund_vertices import (
    CAMPUS,
    FUND,
    RECURRING_DONATION,
    RECURRING_DONATION_DESIGNATION,
)
from sandbox.planning_center.giving_vertices import BATCH, PERSON
from sandbox.planning_center.includes import owner
from sandbox.planning_center.json_api import read_one, written
from sandbox.planning_center.listing import as_listed, list_organization, list_rows

if TYPE_CHECKING:
    from sandbox.planning_center.call import Answer, Call
    from sandbox.planning_center.store import Record


def list_people(call: Call) -> Answer:
    """Return a page of the people whom Giving knows."""
    return list_organization(call, PERSON)


def read_person(call: Call) -> Answer:
    """Return one person as Giving sees it; 404 until it is known there."""
    return read_one(call, PERSON, _person(call))


def update_person(call: Call) -> Answer:
    """Change the donor number, which is all that Giving lets be changed; it is unique."""
    person = _person(call)
    values, _ = assigned(call, PERSON, creating=False)
    number = values.get("donor_number", person.get("donor_number"))
    others = call.store.all("Person", call.organization_id)
    if number is not None and any(o is not person and o.get("donor_number") == number for o in others):
        raise unprocessable(invalid("donor_number", "has already been taken", "Person"))
    person["donor_number"] = number
    call.store.put("Person", person)
    return written(call, PERSON, person, 200)


def read_me(call: Call) -> Answer:
    """Return the user of the credential as a person of Giving."""
    return read_one(call, PERSON, owner(call, {})[0])


def read_owner(call: Call) -> Answer:
    """Return the owner of a batch: the user of the credential."""
    call.record("Batch")
    return read_me(call)


def list_batches_of_person(call: Call) -> Answer:
    """Return the batches that a person owns: the user's are all that the API made."""
    rows: list[Record] = []
    if call.ids[0] == call.organization["user_id"]:
        rows = as_listed(call, "Batch", call.store.all("Batch", call.organization_id), call.store.all)
    else:
        _person(call)
    return list_rows(call, BATCH, rows, ("Person", call.ids[0]), BATCH.filters)


def list_plans_of_person(call: Call) -> Answer:
    """Return a page of a person's recurring donations."""
    person = _person(call)
    rows = call.store.find("RecurringDonation", "person", call.organization_id, person["id"])
    return list_rows(call, RECURRING_DONATION, rows, ("Person", person["id"]))


def read_campus_of_person(call: Call) -> Answer:
    """Return a person's primary campus; 404 when there is none."""
    campus_id = call.record("Person")["relations"]["primary_campus"]
    return read_one(call, CAMPUS, call.record("Campus", str(campus_id)))


def list_designations_of_plan(call: Call) -> Answer:
    """Return a page of a recurring donation's designations."""
    plan = call.record("RecurringDonation")
    parent = ("RecurringDonation", plan["id"])
    return list_rows(call, RECURRING_DONATION_DESIGNATION, plan["designations"], parent)


def read_fund_of_plan(call: Call) -> Answer:
    """Return the fund of one designation of a recurring donation."""
    for part in call.record("RecurringDonation")["designations"]:
        if part["id"] == call.ids[1]:
            return read_one(call, FUND, call.record("Fund", part["relations"]["fund"]))
    raise not_found()


def _person(call: Call) -> Record:
    person = call.record("Person")
    if person["created_ts"] + call.options.giving_person_lag_seconds > call.now_ts:
        raise not_found()
    return person
