"""Writes `docs/organization.schema.json` anew: `python -m tests.support.write_schema`."""

from __future__ import annotations

import json
from pathlib import Path

from narthex.adapters.organization_file import json_schema

SCHEMA = Path(__file__).parents[2] / "docs" / "organization.schema.json"

if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n", "utf-8")
