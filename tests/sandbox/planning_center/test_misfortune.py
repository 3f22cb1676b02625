"""Faults on demand: the effect and the answer fail separately."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from sandbox.faults import FaultKind
from sandbox.planning_center.staff import edit_person
from sandbox.records import Records
from tests.sandbox.planning_center.church import ORGANIZATION_ID, Church, body

PEOPLE = "/people/v2/people"
ADA = body("Person", {"first_name": "Ada", "last_name": "Quill"})


def people(church: Church) -> int:
    return len(church.where(PEOPLE))


@pytest.mark.parametrize(
    ("kind", "status", "effects"),
    [
        (FaultKind.ERROR_WITHOUT_EFFECT, 500, 0),
        (FaultKind.ERROR_WITH_EFFECT, 500, 1),
        (FaultKind.HTML_200, 200, 0),
        (FaultKind.HTML_403, 403, 0),
        (FaultKind.HTML_502, 502, 0),
        (FaultKind.MAINTENANCE, 503, 0),
        (FaultKind.UNAUTHORIZED, 401, 0),
        (FaultKind.FORBIDDEN, 403, 0),
        (FaultKind.TOO_MANY, 429, 0),
        (FaultKind.TRUNCATED_JSON, 201, 1),
        (FaultKind.CHARSETLESS, 201, 1),
        (FaultKind.SLOW, 201, 1),
    ],
)
def test_a_fault_has_its_status_and_its_effect(
    church: Church, kind: FaultKind, status: int, effects: int
) -> None:
    church.fault(kind, method="POST")

    answer = church.post(PEOPLE, ADA)

    assert (answer.status_code, people(church)) == (status, effects)


@pytest.mark.parametrize(("kind", "effects"), [(FaultKind.LOST_REQUEST, 0), (FaultKind.LOST_ANSWER, 1)])
def test_without_an_answer_the_effect_is_unknown_to_the_caller(
    church: Church, kind: FaultKind, effects: int
) -> None:
    church.fault(kind, method="POST")

    with pytest.raises(httpx.ReadTimeout):
        church.post(PEOPLE, ADA)

    assert people(church) == effects
    assert church.log.entries()[0].status == 0


def test_a_late_effect_comes_when_its_time_has_come(church: Church) -> None:
    church.fault(FaultKind.LATE_EFFECT, method="POST", seconds=90)
    with pytest.raises(httpx.ReadTimeout):
        church.post(PEOPLE, ADA)
    church.wait(89)
    before = people(church)

    church.wait(11)

    (person,) = church.data(PEOPLE)
    assert before == 0
    assert person["attributes"]["created_at"] == "2026-11-22T14:01:30Z"


def test_truncated_json_is_no_json(church: Church) -> None:
    church.fault(FaultKind.TRUNCATED_JSON)

    answer = church.get(PEOPLE)

    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_a_fault_for_one_path_leaves_the_others_alone(church: Church) -> None:
    church.fault(FaultKind.MAINTENANCE, method="GET", path="/giving/.*")

    statuses = [church.get(path).status_code for path in (PEOPLE, "/giving/v2/funds", "/giving/v2/funds")]

    assert statuses == [200, 503, 200]


def test_too_many_may_say_a_negative_time(church: Church) -> None:
    church.fault(FaultKind.TOO_MANY, seconds=-3)

    assert church.get(PEOPLE).headers["retry-after"] == "-3"


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    before = Church(records=Records(tmp_path / "records.sqlite"))
    before.options.commit_seconds = 30
    batch_id = before.batch()
    donation_id = before.donation(batch_id, person=f"Person:{before.person(email='ada@quill.example')}")
    before.post(f"/giving/v2/batches/{batch_id}/commit")
    before.records.close()

    after = Church(records=Records(tmp_path / "records.sqlite"), now=before.now)
    after.wait(30)

    assert after.attributes(f"/giving/v2/batches/{batch_id}")["status"] == "committed"
    assert after.attributes(f"/giving/v2/donations/{donation_id}")["payment_status"] == "succeeded"
    assert len(after.where("/people/v2/emails", address="ada@quill.example")) == 1
    assert len(after.where("/giving/v2/funds")) == 1
    after.records.close()


def test_what_staff_edit_is_seen_at_once(church: Church) -> None:
    person_id = church.person()

    edit_person(church.records, ORGANIZATION_ID, person_id, {"last_name": "Ash"}, church.clock)

    assert church.where(PEOPLE, search_name="ada ash") == [person_id]
