from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import fields
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narthex.adapters.organization_file import (
    SettingsPart,
    SwitchesPart,
    json_schema,
    parse_organization,
    read_organization,
)
from narthex.domain.errors import InvalidInputError
from narthex.domain.organization import (
    BearerToken,
    HeldGifts,
    PersonalAccessToken,
    Settings,
    Switches,
    WeGiveSurface,
)
from sandbox.church import organization_file, sample_churches
from tests.support.builders import SUNDAY

DOCS = Path(__file__).parents[2] / "docs"
TOKEN = "leaked-token"
PERSONAL = {"kind": "personal_access_token", "application_id": "invented-id", "secret": TOKEN}
SMALLEST: dict[str, Any] = {
    "organization_id": "grace-fairhaven",
    "name": "Grace Church Fairhaven",
    "time_zone": "America/Chicago",
    "planning_center": {"credentials": PERSONAL},
    "wegive": {"token": TOKEN},
    "default_fund": "General",
}


def with_value(path: str, value: object) -> dict[str, Any]:
    """The smallest file with one value set; `...` takes it out."""
    document = deepcopy(SMALLEST)
    *parents, last = path.split(".")
    part = document
    for parent in parents:
        part = part.setdefault(parent, {})
    if value is ...:
        del part[last]
    else:
        part[last] = value
    return document


def refusal(document: object) -> str:
    with pytest.raises(InvalidInputError) as refused:
        read_organization(document)
    return str(refused.value)


def test_the_smallest_file_has_the_defaults_of_the_spec() -> None:
    organization, credentials = parse_organization(json.dumps(SMALLEST), planning_center_account="900001")

    assert organization.settings == Settings()
    assert organization.planning_center_url == "https://api.planningcenteronline.com"
    assert organization.wegive_url == "https://api.wegive.com/api"
    assert organization.wegive_surface is WeGiveSurface.PUBLISHED
    assert organization.planning_center_account == "900001"
    assert credentials.planning_center == PersonalAccessToken("invented-id", TOKEN)
    assert credentials.wegive == BearerToken(TOKEN)


def test_everything_that_is_written_is_taken() -> None:
    document = {
        **with_value("planning_center.credentials", {"kind": "oauth", "access_token": TOKEN}),
        "settings": {"push_at": "06:30", "held_gifts": "commit_without", "first_day": "2026-11-01"},
        "switches": {"push_funds": False},
    }
    document["wegive"] = {
        "token": TOKEN,
        "surface": "customer",
        "base_url": "http://127.0.0.1:8700/wegive/api/",
    }

    organization, credentials = read_organization(document)

    assert organization.settings == Settings(
        push_at=time(6, 30),
        held_gifts=HeldGifts.COMMIT_WITHOUT,
        first_day=date(2026, 11, 1),
        switches=Switches(push_funds=False),
    )
    assert organization.wegive_url == "http://127.0.0.1:8700/wegive/api"
    assert organization.wegive_surface is WeGiveSurface.CUSTOMER
    assert credentials.planning_center == BearerToken(TOKEN)


def test_every_setting_and_every_switch_can_be_written() -> None:
    assert {*SettingsPart.model_fields, "switches"} == {field.name for field in fields(Settings)}
    assert set(SwitchesPart.model_fields) == {field.name for field in fields(Switches)}


def test_the_example_is_a_valid_file_with_the_defaults() -> None:
    organization, _ = parse_organization((DOCS / "organization.example.json").read_bytes())

    assert organization.settings == Settings()


def test_the_example_shows_every_field() -> None:
    example = json.loads((DOCS / "organization.example.json").read_text("utf-8"))

    assert {*SettingsPart.model_fields, "$comment"} == set(example["settings"])
    assert {*SwitchesPart.model_fields, "$comment"} == set(example["switches"])


def test_the_schema_in_the_documents_is_current() -> None:
    kept = json.loads((DOCS / "organization.schema.json").read_text("utf-8"))

    assert kept == json_schema(), "run: python -m tests.support.write_schema"


def test_the_sample_churches_files_are_valid() -> None:
    for church in sample_churches(1, SUNDAY):
        content = organization_file(church, "http://127.0.0.1:8700")

        organization, _ = read_organization(content)

        assert organization.id == church.account.organization_id


def test_a_file_from_an_editor_with_a_byte_order_mark_is_read() -> None:
    parse_organization(b"\xef\xbb\xbf" + json.dumps(SMALLEST).encode())


def test_all_problems_are_told_at_once() -> None:
    document = with_value("time_zone", "Europe/Lisboa")
    document["wegive"] = {"tokn": TOKEN}
    document["settings"] = {"look_back_days": 0}

    assert refusal(document).splitlines() == [
        "the organization file has 4 problems:",
        '- time_zone: found "Europe/Lisboa", which is not an IANA time zone; did you mean "Europe/Lisbon"?',
        "- wegive.token: is missing; write the token that WeGive gave out for its API",
        "- wegive.tokn: is not known here; did you mean token?",
        "- settings.look_back_days: found 0; write how many days are looked at again every night, 1 to 90",
    ]


def test_a_single_problem_names_its_field() -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_organization(with_value("name", 5))

    assert refused.value.field == "name"
    assert (
        str(refused.value) == 'name: found 5; write the church\'s name, for example "Grace Church Fairhaven"'
    )


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("organization_id", "Grace Church", 'organization_id: found "Grace Church"; write a short name'),
        ("organization_id", ..., "organization_id: is missing; write a short name"),
        ("name", "  ", "which is empty"),
        ("name", "Grace\nChurch", "line breaks"),
        ("name", "x" * 201, "… (shortened); write the church's name"),
        ("time_zone", "Fairhaven", "is not an IANA time zone"),
        ("time_zone", None, "time_zone: found null; write the church's IANA time zone"),
        ("planning_center.base_url", "api.planningcenteronline.com", "begins with https://"),
        ("planning_center.base_url", "ftp://example.org", "begins with https://"),
        ("planning_center.base_url", "https://", "begins with https://"),
        ("planning_center.base_url", "https://example.org:notaport", "check its host and its port"),
        ("planning_center.base_url", "https://example.org/a b", "spaces"),
        ("planning_center.credentials", ..., "planning_center.credentials: is missing"),
        (
            "planning_center.credentials.kind",
            ...,
            'credentials.kind: is missing; write "personal_access_token" or',
        ),
        (
            "planning_center.credentials.kind",
            "pat",
            'credentials.kind: is unknown; write "personal_access_token"',
        ),
        ("planning_center.credentials.secret", ..., "planning_center.credentials.secret: is missing"),
        ("planning_center.credentials.secret", "", "planning_center.credentials.secret: is empty"),
        ("wegive", ["token"], "wegive: found a list; write an object"),
        ("wegive.surface", "PUBLISHED", 'wegive.surface: found "PUBLISHED"; write "published"'),
        ("default_fund", {"name": "General"}, "default_fund: found an object; write the name of"),
        ("settings.push_at", "8:01", 'settings.push_at: found "8:01"; write when'),
        ("settings.push_at", "24:00", 'settings.push_at: found "24:00"'),
        ("settings.push_at", "02:30", "which the clocks of America/Chicago skip on 2026-03-08"),
        ("settings.look_back_days", "35", 'settings.look_back_days: found "35"; write how many days'),
        ("settings.held_gifts_deadline_hours", 1.5, "settings.held_gifts_deadline_hours: found 1.5"),
        ("settings.first_day", "2026-02-30", 'settings.first_day: found "2026-02-30"; write the first day'),
        ("settings.paused", "no", 'settings.paused: found "no"; write true to stop'),
        ("switches.push_gifts", True, "switches.push_gifts: is not known here; did you mean push_funds?"),
        ("planing_center", {}, "planing_center: is not known here; did you mean planning_center?"),
        ("qqq", 1, "qqq: is not known here; known are organization_id, name,"),
    ],
)
def test_a_problem_says_what_was_found_and_what_would_be_right(
    path: str, value: object, message: str
) -> None:
    assert message in refusal(with_value(path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("planning_center.credentials", TOKEN),
        ("planning_center.credentials.secret", [TOKEN]),
        ("planning_center.credentials.secret", TOKEN + " "),
        ("planning_center.credentials.kind", TOKEN),
        ("planning_center.credentials.sekret", TOKEN),
        ("planning_center.base_url", f"https://user:{TOKEN}@example.org"),
        ("planning_center.base_url", f"https://example.org/?token={TOKEN}"),
        ("planning_center", TOKEN),
        ("wegive", TOKEN),
        ("wegive.token", f"Bearer {TOKEN}"),
        ("wegive.token", {"token": TOKEN}),
        ("tokens", TOKEN),
        ("settings", TOKEN),
    ],
)
def test_a_secret_is_never_shown_wherever_it_was_put(path: str, value: object) -> None:
    assert TOKEN not in refusal(with_value(path, value))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{\n  "name": "Grace",\n}', "at line 3, column 1"),
        ("{'name': 1}", "at line 1, column 2"),
        ("", "at line 1, column 1"),
        ("[]", "must be one JSON object"),
        ('"text"', "must be one JSON object"),
        ('{"name": "a", "name": "b"}', "name: stands there twice"),
        ('{"name": NaN}', "NaN is no JSON value"),
        ('{"name": "\\ud800"}', "lone surrogate"),
        (b"\xff\xfe{", "save it as UTF-8"),
        ("[" * 200_000, "nested far too deeply"),
        ('{"name": ' + "9" * 5000 + "}", "thousands of digits"),
    ],
)
def test_what_is_no_json_is_told_with_its_place(text: str | bytes, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        parse_organization(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from([*SMALLEST, "settings", "switches", "planning_center.credentials", "wegive.base_url"])


@given(KEYS, JSON)
def test_any_value_anywhere_is_taken_or_refused_and_never_a_crash(path: str, value: object) -> None:
    try:
        read_organization(with_value(path, value))
    except InvalidInputError as refused:
        assert str(refused)  # noqa: PT017 - both ends are right


@pytest.mark.parametrize("time_zone", ["America/Phoenix", "UTC", "Asia/Kolkata"])
def test_a_push_at_night_is_fine_where_the_clocks_never_change(time_zone: str) -> None:
    document = with_value("settings.push_at", "02:30")

    organization, _ = read_organization({**document, "time_zone": time_zone})

    assert organization.settings.push_at == time(2, 30)
