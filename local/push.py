"""`make push`: ask for a day's push on the running local stack, watch it, show what became of it."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.aws import client
from local.processes import LocalRunError
from local.report import plan_lines, progress_line, proof_lines, review_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local.deployed import Deployed

POLL_SECONDS = 1.0
PROGRESS_SECONDS = 4.0
PATIENCE_SECONDS = 3600
UNDER_WAY = frozenset({"open", "committing"})
"""Statuses of a day on which a worker has still to do something now."""

GOOD_ENDS = frozenset({"committed", "empty", "holding"})


@dataclass(frozen=True)
class Pushed:
    """A day after a push or a dry run.

    Args:
        answer: What read_proof answers: organization, day, proof, plan, reviews.
        is_plan: Whether it was a dry run.
    """

    answer: Mapping[str, Any]
    is_plan: bool = False

    @property
    def is_committed(self) -> bool:
        """Whether Planning Center has committed the day's batch."""
        return bool(self.answer["day"]["status"] == "committed")

    @property
    def adds_up(self) -> bool:
        """Whether the proof leaves no cent unexplained; a day without a proof does not add up."""
        proof = self.answer["proof"]
        return proof is not None and proof["unexplained_cents"] == 0

    @property
    def is_sound(self) -> bool:
        """Whether the day needs nobody: it ended well and adds up, or its plan would not be refused."""
        if self.is_plan:
            return not self.answer["plan"]["refused"]
        return self.answer["day"]["status"] in GOOD_ENDS and self.adds_up


class _ShownProgress:
    """Lines about a day under way: at most one in `PROGRESS_SECONDS`, and one for each new status."""

    def __init__(self) -> None:
        self._began = self._shown_at = time.monotonic()
        self._status = ""
        self._text = ""

    def show(self, head: Mapping[str, Any], *, at_once: bool) -> None:
        """Print where the day stands, if that is news."""
        now = time.monotonic()
        line = progress_line(head, now - self._began)
        text = line.partition(" s ")[2]
        due = at_once or head["status"] != self._status or now - self._shown_at >= PROGRESS_SECONDS
        if text != self._text and due:
            print(line, flush=True)
            self._shown_at, self._status, self._text = now, head["status"], text


def registered_organization(deployed: Deployed, wanted: str = "") -> str:
    """The organization to push for: the one that was named, else the only one there is.

    Raises:
        LocalRunError: there is none, or several and none was named.
    """
    if wanted:
        return wanted
    table = deployed.outputs["OrganizationsTableName"]
    items = client(deployed.run, "dynamodb").scan(TableName=table)["Items"]
    found: list[str] = sorted(item["organization_id"]["S"] for item in items)
    if len(found) == 1:
        return found[0]
    if not found:
        raise LocalRunError("No organization is registered: run `make organization FILE=church.json` first.")
    raise LocalRunError(f"Several organizations are registered: add ORGANIZATION=... ({', '.join(found)}).")


def read(deployed: Deployed, organization_id: str, day: str) -> dict[str, Any]:
    """What read_proof answers for a day: organization, day, proof, plan, reviews.

    Raises:
        LocalRunError: it refused; the text says why.
    """
    return _answer(deployed, "ReadProof", {"organization_id": organization_id, "date": day})


def push(deployed: Deployed, organization_id: str, day: str, *, dry_run: bool) -> Pushed:
    """Push a day, or plan it, and wait until no worker is at it; progress is printed meanwhile.

    Args:
        deployed: The running stack.
        organization_id: Whose day.
        day: The church-local day, YYYY-MM-DD.
        dry_run: Plan only.

    Raises:
        LocalRunError: it was refused, or did not end in an hour.
    """
    before = read(deployed, organization_id, day)["day"]
    nonce = secrets.token_hex(8)
    event = {"organization_id": organization_id, "date": day, "dry_run": dry_run, "nonce": nonce}
    _answer(deployed, "StartSyncs", event)
    if not dry_run:
        return follow(deployed, organization_id, day, after_runs=_runs(before))

    def is_planned(answer: Mapping[str, Any]) -> bool:
        return answer["plan"] is not None and answer["plan"].get("nonce") == nonce

    return Pushed(_wait(deployed, organization_id, day, is_planned), is_plan=True)


def follow(deployed: Deployed, organization_id: str, day: str, *, after_runs: int) -> Pushed:
    """Wait until a worker has had the day since `after_runs` runs and none is at it any more.

    Raises:
        LocalRunError: it did not end in an hour.
    """
    progress = _ShownProgress()

    def is_over(answer: Mapping[str, Any]) -> bool:
        head = answer["day"]
        if _runs(head) <= after_runs:
            return False
        over = not head["is_running"] and head["status"] not in UNDER_WAY
        progress.show(head, at_once=over)
        return over

    return Pushed(_wait(deployed, organization_id, day, is_over))


def show(pushed: Pushed) -> None:
    """Print the proof or the plan, or why there is none."""
    answer = pushed.answer
    church = answer["organization"]["name"]
    if pushed.is_plan:
        lines = list(plan_lines(answer["plan"], church))
    elif answer["proof"] is not None:
        lines = list(proof_lines(answer["proof"], church, answer["day"]["requests"]))
    else:
        lines = [answer["day"]["message"] or f"The day is {answer['day']['status']} and has no proof."]
    lines.extend(review_lines(answer["reviews"]))
    print("\n".join(lines), flush=True)


def _wait(
    deployed: Deployed, organization_id: str, day: str, is_over: Callable[[Mapping[str, Any]], bool]
) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    given_up_before = deployed.messages("PushDeadLetter")
    while time.monotonic() < deadline:
        answer = read(deployed, organization_id, day)
        if is_over(answer):
            return answer
        if deployed.messages("PushDeadLetter") > given_up_before:
            raise LocalRunError(f"The push of {day} was given up: `make logs` shows what the worker says.")
        time.sleep(POLL_SECONDS)
    raise LocalRunError(f"{day} was not done in an hour: `make logs` shows what the worker says.")


def _runs(head: Mapping[str, Any] | None) -> int:
    return int(head["runs"]) if head is not None else 0


def _answer(deployed: Deployed, function: str, event: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = deployed.invoke(function, event)
    if "error" in answer:
        raise LocalRunError(answer["error"])
    return answer
