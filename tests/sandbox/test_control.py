from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sandbox.church import GRACE, HILLSIDE
from sandbox.in_process import InProcessTransport
from sandbox.server import create_site
from sandbox.world import World, last_sunday

if TYPE_CHECKING:
    from pathlib import Path

SUNDAY = date(2026, 1, 4)
PLANNING_CENTER_HEADERS = {
    "User-Agent": "tests (https://tests.example)",
    "X-PCO-API-Version": "2019-10-18",
    "Authorization": f"Bearer {GRACE.access_token}",
}
WEGIVE_HEADERS = {"Authorization": f"Bearer {GRACE.wegive_token}"}


class Site:
    """The whole site in process, with a clock to turn."""

    def __init__(self, state_directory: Path | None = None) -> None:
        self.now = datetime(2026, 1, 5, 14, 1, tzinfo=UTC)
        self.world = World(lambda: self.now, state_directory)
        self.world.install_once(7, SUNDAY)
        self.client = httpx.Client(
            transport=InProcessTransport(create_site(self.world)), base_url="http://sandbox.test"
        )

    def ask(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401
        answer = self.client.request(method, f"/control{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def refusal(self, method: str, path: str, body: Any = None) -> str:  # noqa: ANN401
        answer = self.client.request(method, f"/control{path}", json=body)
        assert answer.status_code == 400, answer.text
        return str(answer.json()["message"])

    def giving(self, method: str, path: str, body: Any = None) -> httpx.Response:  # noqa: ANN401
        url = f"/planning-center/giving/v2{path}"
        return self.client.request(method, url, json=body, headers=PLANNING_CENTER_HEADERS)

    def wegive(self, path: str) -> httpx.Response:
        return self.client.get(f"/wegive/api/dashboard{path}", headers=WEGIVE_HEADERS)


@pytest.fixture
def site() -> Site:
    return Site()


def test_health_is_ok(site: Site) -> None:
    assert site.ask("GET", "/health") == {"status": "ok"}


def test_the_state_counts_both_sides_of_both_churches(site: Site) -> None:
    state = site.ask("GET", "/state")

    grace, hillside = state["churches"]
    assert (state["seed"], state["day"]) == (7, "2026-01-04")
    assert (grace["wegive"]["donors"], hillside["wegive"]["donors"]) == (300, 12)
    assert grace["planning_center"]["payment_sources"] == 1
    assert sum(grace["wegive_day"]["not_gifts"].values()) + grace["wegive_day"]["gifts"] == 120


def test_the_state_shows_batches_with_their_totals(site: Site) -> None:
    batch = {"data": {"type": "Batch", "attributes": {"description": "WeGive Import - 2026-01-04"}}}
    site.giving("POST", "/batches", batch)

    shown = site.ask("GET", "/state")["churches"][0]["batches"]

    assert [(b["description"], b["status"], b["donations"], b["amount_cents"]) for b in shown] == [
        ("WeGive Import - 2026-01-04", "in_progress", 0, 0)
    ]


def test_a_batch_whose_commit_is_due_is_shown_committed_with_its_gifts(site: Site) -> None:
    batch_id = commit_a_gift(site)

    shown = site.ask("GET", "/state")["churches"][0]["batches"][0]
    page = site.client.get(f"/churches/{GRACE.organization_id}/batches/{batch_id}").text

    assert (shown["status"], shown["donations"], shown["amount_cents"], shown["fee_cents"]) == (
        "committed",
        1,
        2500,
        -103,
    )
    assert "committed, 1 donation, $25.00" in page
    assert "General Fund" in page


def commit_a_gift(site: Site) -> str:
    """Commit a batch of one anonymous gift of $25.00 with a fee of $1.03; return its id."""
    batch = {"data": {"type": "Batch", "attributes": {"description": "WeGive Import - 2026-01-04"}}}
    batch_id = str(site.giving("POST", "/batches", batch).json()["data"]["id"])
    source = {"data": {"type": "PaymentSource", "attributes": {"name": "WeGive"}}}
    source_id = site.giving("POST", "/payment_sources", source).json()["data"]["id"]
    fund = site.giving("GET", "/funds?where[default]=true").json()["data"][0]
    donation = {
        "data": {
            "type": "Donation",
            "attributes": {"payment_method": "card", "fee_cents": -103},
            "relationships": {"payment_source": {"data": {"type": "PaymentSource", "id": source_id}}},
        },
        "included": [
            {
                "type": "Designation",
                "attributes": {"amount_cents": 2500},
                "relationships": {"fund": {"data": {"type": "Fund", "id": fund["id"]}}},
            }
        ],
    }
    assert site.giving("POST", f"/batches/{batch_id}/donations", donation).status_code == 201
    assert site.giving("POST", f"/batches/{batch_id}/commit").is_success
    return batch_id


def test_requests_are_shown_by_vendor_with_counts(site: Site) -> None:
    site.giving("GET", "/funds")
    site.wegive("/funds")
    site.wegive("/nothing")

    log = site.ask("GET", "/requests?vendor=wegive")

    assert (log["count"], log["by_status"]) == (2, {"200": 1, "404": 1})
    assert [entry["path"] for entry in log["requests"]] == ["/api/dashboard/funds", "/api/dashboard/nothing"]


def test_the_most_requests_in_20_seconds_are_of_one_account(site: Site) -> None:
    for _ in range(3):
        site.giving("GET", "/funds")
        site.now += timedelta(seconds=9)
    site.wegive("/funds")

    assert site.ask("GET", "/requests")["most_in_20_seconds"] == 3
    assert site.ask("GET", "/requests?vendor=wegive")["most_in_20_seconds"] == 1


def test_requests_are_shown_since_a_moment(site: Site) -> None:
    site.wegive("/funds")
    site.now += timedelta(minutes=1)
    site.wegive("/donors")

    log = site.ask("GET", "/requests?since=2026-01-05T14:01:30Z")

    assert [entry["path"] for entry in log["requests"]] == ["/api/dashboard/donors"]
    assert site.ask("GET", "/requests?since=2026-01-05T08:01:30-06:00")["count"] == 1


def test_the_log_can_be_emptied(site: Site) -> None:
    site.wegive("/funds")

    site.ask("DELETE", "/requests")

    assert site.ask("GET", "/requests")["count"] == 0


@pytest.mark.parametrize("query", ["since=yesterday", "since=2026-01-05T14:01:30", "vendor=stripe"])
def test_a_question_to_the_log_that_makes_no_sense_is_refused(site: Site, query: str) -> None:
    assert site.refusal("GET", f"/requests?{query}")


def test_a_fault_strikes_as_often_as_asked(site: Site) -> None:
    fault = {"vendor": "wegive", "kind": "error_without_effect", "times": 1, "skip": 1}

    site.ask("POST", "/faults", fault)

    assert [site.wegive("/funds").status_code for _ in range(3)] == [200, 500, 200]


def test_faults_can_be_seen_and_cleared(site: Site) -> None:
    faults = [{"vendor": "planning_center", "kind": kind} for kind in ("lost_answer", "html_502")]
    site.ask("POST", "/faults", faults)

    waiting = site.ask("GET", "/faults")["faults"]
    site.ask("DELETE", "/faults")

    assert [fault["kind"] for fault in waiting] == ["lost_answer", "html_502"]
    assert site.ask("GET", "/faults") == {"faults": []}


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ({}, "vendor"),
        ({"vendor": "wegive"}, "kind"),
        ({"vendor": "stripe", "kind": "slow"}, "planning_center"),
        ({"vendor": "wegive", "kind": "earthquake"}, "lost_answer"),
        ({"vendor": "wegive", "kind": "slow", "times": "twice"}, "times"),
        ({"vendor": "wegive", "kind": "slow", "path": "("}, "regular expression"),
        ({"vendor": "wegive", "kind": "slow", "color": "red"}, "color"),
        ("slow", "object"),
    ],
)
def test_a_bad_fault_is_refused_with_what_is_wrong(site: Site, fault: object, word: str) -> None:
    assert word in site.refusal("POST", "/faults", fault)


def test_of_a_list_with_a_bad_fault_none_is_taken(site: Site) -> None:
    site.refusal("POST", "/faults", [{"vendor": "wegive", "kind": "slow"}, {"vendor": "wegive"}])

    assert site.ask("GET", "/faults") == {"faults": []}


def test_a_body_that_is_not_json_is_refused(site: Site) -> None:
    answer = site.client.post("/control/faults", content=b"{")

    assert answer.status_code == 400
    assert "JSON" in answer.json()["message"]


def test_options_change_at_run_time(site: Site) -> None:
    changed = site.ask("PATCH", "/options/wegive", {"surface": "customer", "requests_per_minute": 0})

    assert changed["surface"] == "customer"
    assert "x-ratelimit-limit" not in site.wegive("/funds").headers


def test_a_sudden_cut_of_the_limit_is_seen_at_once(site: Site) -> None:
    site.ask("PATCH", "/options/planning_center", {"limit": 2})

    assert [site.giving("GET", "/funds").status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    ("vendor", "body", "word"),
    [
        ("planning_center", {"limit": "many"}, "int"),
        ("planning_center", {"limit": True}, "int"),
        ("planning_center", {"window": "round"}, "fixed or sliding"),
        ("planning_center", {"speed": 1}, "no option speed"),
        ("wegive", {"switched_off_status": 418}, "403"),
        ("stripe", {}, "no vendor"),
        ("wegive", [], "object"),
    ],
)
def test_a_bad_option_is_refused_with_what_is_wrong(site: Site, vendor: str, body: object, word: str) -> None:
    assert word in site.refusal("PATCH", f"/options/{vendor}", body)


def test_of_several_options_with_a_bad_one_none_is_set(site: Site) -> None:
    site.refusal("PATCH", "/options/wegive", {"surface": "customer", "burst": "big"})

    assert site.ask("GET", "/options/wegive")["surface"] == "published"


def test_an_option_that_may_be_null_takes_null_and_numbers(site: Site) -> None:
    site.ask("PATCH", "/options/planning_center", {"retry_after_seconds": -5, "search_lag_seconds": 30})

    assert (
        site.ask("PATCH", "/options/planning_center", {"retry_after_seconds": None})["search_lag_seconds"]
        == 30
    )


def test_staff_of_wegive_act_by_name(site: Site) -> None:
    row_id = site.wegive("/transactions?status=pending").json()["data"][0]["id"]
    body = {"organization_id": "77", "transaction_id": str(row_id)}

    result = site.ask("POST", "/staff/wegive/settle_ach", body)["result"]

    assert (result["id"], result["status"]) == (row_id, "success")


def test_staff_of_planning_center_act_by_name(site: Site) -> None:
    fund = site.giving("GET", "/funds").json()["data"][-1]
    body = {"organization_id": GRACE.planning_center_organization_id, "fund_id": fund["id"]}

    site.ask("POST", "/staff/planning_center/close_fund", body)

    changed = site.giving("GET", f"/funds/{fund['id']}").json()["data"]
    assert changed["attributes"]["visibility"] == "nowhere"


def test_a_late_gift_and_a_refund_need_only_church_and_day(site: Site) -> None:
    body = {"church": GRACE.organization_id, "day": "2026-01-04"}
    before = site.ask("GET", "/state")["churches"][0]["wegive_day"]

    site.ask("POST", "/staff/church/add_late_gift", body | {"amount_cents": 12_345})
    refunded = site.ask("POST", "/staff/church/refund", body)["result"]

    after = site.ask("GET", "/state")["churches"][0]["wegive_day"]
    assert after["amount_cents"] == before["amount_cents"] + 12_345 - refunded["amount"]


def test_what_staff_can_do_is_listed_with_its_parameters(site: Site) -> None:
    actions = site.ask("GET", "/staff")

    assert actions["wegive"]["merge_donors"] == ["organization_id", "keep_id", "remove_id"]
    assert actions["planning_center"]["merge_people"] == ["organization_id", "keep", "remove"]
    assert "amount_cents?" in actions["church"]["add_late_gift"]


@pytest.mark.parametrize(
    ("path", "body", "word"),
    [
        ("stripe/refund", {}, "no staff"),
        ("wegive/charge", {}, "cannot charge"),
        ("wegive/existing_row", {}, "cannot existing_row"),
        ("wegive/refund", {"organization_id": "77"}, "transaction_id"),
        ("wegive/refund", {"organization_id": "77", "transaction_id": "all"}, "int"),
        ("wegive/refund", {"organization_id": "77", "transaction_id": 1}, "no transaction 1"),
        ("wegive/refund", {"organization_id": "77", "transaction_id": 1, "why": "x"}, "why"),
        ("wegive/refund", {"records": {}}, "not for you"),
        ("wegive/edit_donor", {"organization_id": "77", "donor_id": 41_001, "changes": 3}, "object"),
        ("wegive/archive", {"organization_id": "77", "kind": "prayer", "row_id": 1}, "no prayer"),
        ("planning_center/close_fund", {"organization_id": "10101", "fund_id": "0"}, "404"),
        ("planning_center/close_fund", {"organization_id": "0", "fund_id": "0"}, "no 0"),
        ("church/refund", {"church": "elsewhere", "day": "2026-01-04"}, "no sample church"),
        ("church/refund", {"church": "grace-fairhaven", "day": "Sunday"}, "YYYY-MM-DD"),
    ],
)
def test_a_bad_staff_call_is_refused_with_what_is_wrong(
    site: Site, path: str, body: dict[str, object], word: str
) -> None:
    assert word in site.refusal("POST", f"/staff/{path}", body)


def test_a_reset_brings_the_sample_back_with_another_seed_and_day(site: Site) -> None:
    site.ask("POST", "/staff/church/refund", {"church": GRACE.organization_id, "day": "2026-01-04"})
    site.ask("POST", "/faults", {"vendor": "wegive", "kind": "slow"})

    state = site.ask("POST", "/reset", {"seed": 9, "day": "2026-01-11"})

    assert (state["seed"], state["day"], state["faults"], state["requests"]) == (9, "2026-01-11", 0, 0)
    assert state["churches"][0]["wegive_day"]["not_gifts"]["refunded"] == 2


@pytest.mark.parametrize("body", [{"seed": "nine"}, {"day": "Sunday"}, {"church": 1}])
def test_a_bad_reset_is_refused_and_changes_nothing(site: Site, body: dict[str, object]) -> None:
    site.refusal("POST", "/reset", body)

    assert site.ask("GET", "/state")["seed"] == 7


def test_the_organization_file_is_there_for_each_church(site: Site) -> None:
    for account in (GRACE, HILLSIDE):
        content = site.ask("GET", f"/organization-files/{account.organization_id}")

        assert content["wegive"] == {
            "base_url": "http://sandbox.test/wegive/api",
            "token": account.wegive_token,
            "surface": "published",
        }

    assert "no sample church" in site.refusal("GET", "/organization-files/elsewhere")


def test_state_is_kept_over_a_restart(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.ask("POST", "/staff/church/add_late_gift", {"church": GRACE.organization_id, "day": "2026-01-04"})
    before = site.ask("GET", "/state")["churches"]
    site.world.close()

    again = Site(tmp_path)

    assert again.ask("GET", "/state")["churches"] == before
    again.world.close()


def test_an_installation_that_was_cut_short_is_done_again(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.world.wegive_records.delete("sandbox.sample", "sandbox.sample")
    site.world.close()

    again = Site(tmp_path)

    assert again.ask("GET", "/state")["churches"][0]["wegive"]["donors"] == 300
    again.world.close()


def test_the_page_shows_both_churches_and_the_batches(site: Site) -> None:
    description = "WeGive Import - 2026-01-04 <b>"
    batch = {"data": {"type": "Batch", "attributes": {"description": description}}}
    batch_id = site.giving("POST", "/batches", batch).json()["data"]["id"]

    home = site.client.get("/").text
    shown = site.client.get(f"/churches/{GRACE.organization_id}/batches/{batch_id}").text

    assert GRACE.name in home
    assert HILLSIDE.name in home
    for text in (home, shown):
        assert "WeGive Import - 2026-01-04 &lt;b&gt;" in text


def test_the_page_of_a_day_shows_its_payments(site: Site) -> None:
    page = site.client.get(f"/churches/{GRACE.organization_id}/days/2026-01-04").text

    assert page.count("<tr>") == 121
    assert "service revenue" in page


@pytest.mark.parametrize(
    "path", ["elsewhere/days/2026-01-04", "grace-fairhaven/days/Sunday", "grace-fairhaven/batches/99"]
)
def test_a_page_of_nothing_says_so(site: Site, path: str) -> None:
    assert site.client.get(f"/churches/{path}").status_code == 404


@pytest.mark.parametrize(
    ("now", "sunday"),
    [
        (datetime(2026, 1, 5, 14, tzinfo=UTC), date(2026, 1, 4)),
        (datetime(2026, 1, 5, 5, 59, tzinfo=UTC), date(2025, 12, 28)),
        (datetime(2026, 1, 5, 6, tzinfo=UTC), date(2026, 1, 4)),
    ],
)
def test_the_usual_sunday_is_the_last_one_that_is_over_there(now: datetime, sunday: date) -> None:
    assert last_sunday(now, "America/Chicago") == sunday
