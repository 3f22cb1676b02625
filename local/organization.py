"""`make organization`: hand an organization file to the running local stack."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.processes import LocalRunError

if TYPE_CHECKING:
    from local.deployed import Deployed
    from local.settings import LocalRun


def read_file(path: Path, run: LocalRun) -> dict[str, Any]:
    """Read an organization file; the addresses of a run that has its own take the place of the file's.

    Raises:
        LocalRunError: there is no such file, or it is no JSON object; the text says where it breaks.
    """
    if path == Path():
        raise LocalRunError("Say which file: make organization FILE=church.json.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LocalRunError(f"{path} can't be read ({error.strerror}): say FILE=church.json.") from None
    except ValueError as error:
        raise LocalRunError(f"{path} is no JSON: {error}.") from None
    if not isinstance(content, dict):
        raise LocalRunError(f"{path} must hold one JSON object, an organization.")
    for vendor, url in (("planning_center", run.planning_center_url), ("wegive", run.wegive_url)):
        if url and isinstance(content.get(vendor), dict):
            content[vendor]["base_url"] = url
    return content


def register(deployed: Deployed, content: dict[str, Any]) -> dict[str, Any]:
    """Register or change the organization.

    Returns:
        What was stored: organization_id, name, is_new, time_zone, push_at, first_day, notes.

    Raises:
        LocalRunError: it was refused and nothing was stored; the text says why.
    """
    answer: dict[str, Any] = deployed.invoke("RegisterOrganization", content)
    if "error" in answer:
        raise LocalRunError(answer["error"])
    return answer
