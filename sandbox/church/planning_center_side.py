"""Puts a church into Planning Center."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from sandbox.planning_center import add_organization
from sandbox.planning_center.contact_details import add_detail
from sandbox.planning_center.desk import open_call
from sandbox.planning_center.people import new_person
from sandbox.planning_center.people_vertices import ADDRESS, EMAIL, PHONE_NUMBER
from sandbox.planning_center.staff import add_fund, merge_people

if TYPE_CHECKING:
    from sandbox.church.plan import Church, Person
    from sandbox.planning_center.call import Call
    from sandbox.records import Records

SINCE = timedelta(days=500)
MERGED_SINCE = timedelta(days=30)


class PlanningCenterSide:
    """Installs one church; afterwards the ids are known by key and by fund name.

    There is no payment source yet but the built-in one: the first push has to make "WeGive".
    """

    def __init__(self, church: Church, records: Records) -> None:
        self.person_ids: dict[int, str] = {}
        """Ids by key, those of people who were merged away included."""
        self.fund_ids: dict[str, str] = {}
        self._church = church
        self._records = records
        self._organization_id = church.account.planning_center_organization_id

    def install(self) -> None:
        """Add the organization, its people and its funds."""
        account = self._church.account
        add_organization(
            self._records,
            self._organization_id,
            account.name,
            application_id=account.application_id,
            secret=account.secret,
            access_token=account.access_token,
            time_zone=self._church.time_zone,
            user_id=account.user_id,
            user_name="Office Sync",
            default_fund=self._church.default_fund,
            created_ts=self._at(SINCE).timestamp(),
        )
        call = open_call(self._records, self._organization_id, lambda: self._at(SINCE))
        self._funds(call)
        for person in self._church.people:
            self.person_ids[person.key] = _add_person(call, person)
        for person in self._church.people:
            if person.merged_into is not None:
                self._merge(person.merged_into, person.key)

    def _at(self, before: timedelta) -> datetime:
        return datetime.combine(self._church.day, time(12), tzinfo=UTC) - before

    def _funds(self, call: Call) -> None:
        default = call.store.all("Fund", self._organization_id)[0]
        self.fund_ids[self._church.default_fund] = default["id"]
        for fund in self._church.funds:
            if fund.in_planning_center and not fund.is_default:
                self.fund_ids[fund.name] = add_fund(
                    self._records,
                    self._organization_id,
                    lambda: self._at(SINCE),
                    fund.name,
                    description=fund.description,
                    ledger_code=fund.code,
                    visibility=fund.visibility,
                )

    def _merge(self, keep: int, remove: int) -> None:
        merge_people(
            self._records,
            self._organization_id,
            self.person_ids[keep],
            self.person_ids[remove],
            lambda: self._at(MERGED_SINCE),
        )


def _add_person(call: Call, person: Person) -> str:
    names = {"first_name": person.first_name, "last_name": person.last_name, "child": person.is_child}
    record = new_person(call, names, {})
    for number, address in enumerate(person.emails):
        add_detail(call, EMAIL, record, {"address": address, "location": "Home", "primary": number == 0})
    if person.mobile_phone is not None:
        phone = {"number": person.mobile_phone, "location": "Mobile", "primary": True}
        add_detail(call, PHONE_NUMBER, record, phone)
    if person.address is not None:
        where = {"street_line_1": person.address.street, "city": person.address.city}
        where |= {"state": person.address.state, "zip": person.address.zip}
        add_detail(call, ADDRESS, record, {**where, "location": "Home", "primary": True})
    return str(record["id"])
