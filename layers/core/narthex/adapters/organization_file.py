"""The organization file: what staff write to connect a church (`docs/organization.example.json`).

This model is the file's only definition: the JSON Schema in `docs/` is generated from it, and the texts of
the fields are what a church's engineer reads when one of them is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from narthex.adapters.organization_file_problems import (
    Problem,
    invalid,
    load_json,
    problems_of,
    time_problems,
    without_comments,
)
from narthex.adapters.organization_file_values import Address, OneLine, Secret, TimeZone
from narthex.domain.organization import (
    BearerToken,
    CompanyDonors,
    Credentials,
    GiftAmount,
    GiftsInReview,
    HeldGifts,
    Organization,
    PersonalAccessToken,
    Settings,
    Switches,
    WeGiveSurface,
)

PLANNING_CENTER_URL = "https://api.planningcenteronline.com"
WEGIVE_URL = "https://api.wegive.com/api"

_SETTINGS = Settings()
_SWITCHES = Switches()


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class PersonalAccessTokenPart(_Part):
    """A personal access token, made at api.planningcenteronline.com/oauth/applications."""

    kind: Literal["personal_access_token"] = Field(description='"personal_access_token"')
    application_id: Secret = Field(description="the application id of the personal access token")
    secret: Secret = Field(description="the secret of the personal access token")


class OAuthPart(_Part):
    """An OAuth access token."""

    kind: Literal["oauth"] = Field(description='"oauth"')
    access_token: Secret = Field(description="the access token that Planning Center gave out")


class PlanningCenterPart(_Part):
    """Where Planning Center is, and what opens it."""

    base_url: Address = Field(default=PLANNING_CENTER_URL, description="the address of Planning Center's API")
    credentials: PersonalAccessTokenPart | OAuthPart = Field(
        discriminator="kind",
        description='an object with "kind": "personal_access_token" (or "oauth") and the token\'s parts',
    )


class WeGivePart(_Part):
    """Where WeGive is, and what opens it."""

    base_url: Address = Field(
        default=WEGIVE_URL, description="the address of WeGive's API, which ends in /api"
    )
    token: Secret = Field(description="the token that WeGive gave out for its API")
    surface: WeGiveSurface = Field(
        default=WeGiveSurface.PUBLISHED,
        description='"published", or "customer" where WeGive has opened more writes',
    )


class SettingsPart(_Part):
    """The church's rules; whatever is left out has its default."""

    push_at: Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = Field(
        default=_SETTINGS.push_at.strftime("%H:%M"),
        description='when the day before is pushed, in the church\'s own time, for example "08:01"',
    )
    payment_source: OneLine = Field(
        default=_SETTINGS.payment_source, description="the name of the payment source in Planning Center"
    )
    held_gifts: HeldGifts = Field(
        default=_SETTINGS.held_gifts,
        description='what a held gift does to its batch: "hold_until_deadline" or "commit_without"',
    )
    held_gifts_deadline_hours: int = Field(
        default=_SETTINGS.held_gifts_deadline_hours,
        ge=0,
        le=168,
        description="how many hours after the push a batch waits for held gifts, 0 to 168",
    )
    gifts_in_review: GiftsInReview = Field(
        default=_SETTINGS.gifts_in_review,
        description='what becomes of gifts whose donor waits for a decision: "wait" or "anonymous"',
    )
    company_donors: CompanyDonors = Field(
        default=_SETTINGS.company_donors,
        description='what becomes of donors that are companies: "review", "link" or "create"',
    )
    gift_amount: GiftAmount = Field(
        default=_SETTINGS.gift_amount,
        description='whether a covered fee is part of the gift: "amount" or "amount_plus_covered_fee"',
    )
    look_back_days: int = Field(
        default=_SETTINGS.look_back_days,
        ge=1,
        le=90,
        description="how many days are looked at again every night, 1 to 90",
    )
    first_day: date | None = Field(
        default=_SETTINGS.first_day,
        description="the first day that is pushed, as YYYY-MM-DD; null for the day of the registration",
    )
    adopt_existing: bool = Field(
        default=_SETTINGS.adopt_existing,
        description="true if WeGive gifts that are in Planning Center already are to be adopted, else false",
    )
    paused: bool = Field(default=_SETTINGS.paused, description="true to stop the daily push, else false")


class SwitchesPart(_Part):
    """What may flow to Planning Center."""

    push_transactions: bool = Field(
        default=_SWITCHES.push_transactions, description="true to push gifts, else false"
    )
    push_donors: bool = Field(
        default=_SWITCHES.push_donors, description="true to create people for new donors, else false"
    )
    push_funds: bool = Field(
        default=_SWITCHES.push_funds, description="true to create missing funds, else false"
    )


class OrganizationFile(_Part):
    """One church: its two vendors, its rules."""

    organization_id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")] = Field(
        description="a short name of your choice for this church, in lower-case letters, digits and hyphens, "
        'for example "grace-fairhaven"; it stays the same for good'
    )
    name: OneLine = Field(description='the church\'s name, for example "Grace Church Fairhaven"')
    time_zone: TimeZone = Field(description='the church\'s IANA time zone, for example "America/Chicago"')
    planning_center: PlanningCenterPart = Field(
        description='an object with "credentials" and, if need be, "base_url"'
    )
    wegive: WeGivePart = Field(description='an object with "token" and, if need be, "base_url" and "surface"')
    default_fund: OneLine = Field(description="the name of the Planning Center fund for gifts that name none")
    settings: SettingsPart = Field(
        default_factory=SettingsPart, description="an object with the church's rules"
    )
    switches: SwitchesPart = Field(default_factory=SwitchesPart, description="an object of true and false")


def parse_organization(
    text: str | bytes, *, planning_center_account: str = ""
) -> tuple[Organization, Credentials]:
    """Read an organization file.

    Args:
        text: The file's content.
        planning_center_account: Whose rate limit is used, once that is known.

    Raises:
        InvalidInputError: With every problem of the file, each with its dotted field, what was found there
            (never a secret) and what would be right.
    """
    return read_organization(load_json(text), planning_center_account=planning_center_account)


def read_organization(
    document: object, *, planning_center_account: str = ""
) -> tuple[Organization, Credentials]:
    """Read an organization file that is JSON values already; as `parse_organization`."""
    if not isinstance(document, Mapping):
        raise invalid([Problem("", "the organization file must be one JSON object: { ... }")])
    try:
        text = json.dumps(without_comments(document), ensure_ascii=False).encode()
        file = OrganizationFile.model_validate_json(text)
    except UnicodeEncodeError:
        problems = [Problem("", "the organization file holds half a character (a lone surrogate)")]
    except ValidationError as error:
        problems = problems_of(error, OrganizationFile)
    else:
        problems = time_problems(time.fromisoformat(file.settings.push_at), file.time_zone)
        if not problems:
            return _organization_of(file, planning_center_account), _credentials_of(file)
    raise invalid(problems)


def json_schema() -> dict[str, Any]:
    """The file's JSON Schema, as it stands in `docs/organization.schema.json`."""
    schema = OrganizationFile.model_json_schema()
    for part in (schema, *schema["$defs"].values()):
        if "properties" in part:
            part["properties"]["$comment"] = {"description": "anything; it is not read"}
    schema["properties"]["$schema"] = {"description": "where this schema is, for editors", "type": "string"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _organization_of(file: OrganizationFile, planning_center_account: str) -> Organization:
    settings = file.settings.model_dump(exclude={"push_at"})
    return Organization(
        id=file.organization_id,
        name=file.name,
        time_zone=file.time_zone,
        planning_center_url=file.planning_center.base_url,
        planning_center_account=planning_center_account,
        wegive_url=file.wegive.base_url,
        wegive_surface=file.wegive.surface,
        default_fund=file.default_fund,
        settings=Settings(
            push_at=time.fromisoformat(file.settings.push_at),
            switches=Switches(**file.switches.model_dump()),
            **settings,
        ),
    )


def _credentials_of(file: OrganizationFile) -> Credentials:
    opening = file.planning_center.credentials
    return Credentials(
        planning_center=PersonalAccessToken(opening.application_id, opening.secret)
        if isinstance(opening, PersonalAccessTokenPart)
        else BearerToken(opening.access_token),
        wegive=BearerToken(file.wegive.token),
    )
