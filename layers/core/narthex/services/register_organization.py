"""Connect a church: check both vendors first, then store; nothing is half-written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from narthex.domain.church_day import day_of
from narthex.domain.errors import (
    InvalidInputError,
    MisconfiguredError,
    NeedsAttentionError,
    RetryLaterError,
)
from narthex.domain.giving import FundVisibility
from narthex.domain.organization import Credentials, Organization
from narthex.domain.rate_limit import Lane
from narthex.ports import (
    Budget,
    Clock,
    ConnectorFactory,
    OrganizationStore,
    Schedules,
    SecretStore,
    Vendors,
)


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of a registration; `notes` are things that staff should know."""

    organization: Organization
    is_new: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterOrganization:
    """Registers or updates an organization; may be repeated with the same file."""

    organizations: OrganizationStore
    secrets: SecretStore
    schedules: Schedules
    connect_with: ConnectorFactory
    clock: Clock

    def __call__(self, organization: Organization, credentials: Credentials, budget: Budget) -> Registered:
        """Check and store.

        Raises:
            InvalidInputError: A vendor refuses the credentials, or the default fund does not exist; the text
                says which vendor and what to do. Nothing was stored.
            RetryLaterError: A vendor could not be reached. Nothing was stored.
        """
        before = self._stored(organization.id)
        account, notes = self._check(organization, credentials, budget)
        settings = organization.settings
        if settings.first_day is None:
            today = day_of(datetime.fromtimestamp(self.clock.now_ms() / 1000, UTC), organization.time_zone)
            known = before.settings.first_day if before is not None else None
            settings = replace(settings, first_day=known or today)
        stored = replace(organization, planning_center_account=account, settings=settings)
        self.secrets.put(stored.id, credentials)
        self.organizations.put(stored)
        self.schedules.put(stored)
        return Registered(stored, is_new=before is None, notes=notes)

    def _stored(self, organization_id: str) -> Organization | None:
        try:
            return self.organizations.get(organization_id)
        except InvalidInputError:
            return None

    def _check(
        self, organization: Organization, credentials: Credentials, budget: Budget
    ) -> tuple[str, tuple[str, ...]]:
        # The account is what the first request tells; until then the organization stands for itself.
        provisional = replace(organization, planning_center_account=f"organization {organization.id}")
        try:
            vendors = self.connect_with(credentials)(provisional, Lane.INTERACTIVE, budget)
        except MisconfiguredError as problem:
            raise InvalidInputError(str(problem)) from problem
        with _blaming("Planning Center", "planning_center"):
            account = vendors.people.account()
            notes = _check_funds(organization, vendors)
        with _blaming("WeGive", "wegive"):
            vendors.wegive.funds()
        return account, notes


@contextmanager
def _blaming(vendor: str, field: str) -> Iterator[None]:
    """Say which vendor it was that refused us or could not be reached."""
    try:
        yield
    except (MisconfiguredError, NeedsAttentionError) as problem:
        raise InvalidInputError(str(problem), field=field) from problem
    except RetryLaterError as later:
        message = f"{vendor} could not be reached: {later}; nothing was stored, try again"
        raise RetryLaterError(message, retry_after_seconds=later.retry_after_seconds) from later


def _check_funds(organization: Organization, vendors: Vendors) -> tuple[str, ...]:
    funds = vendors.giving.funds()
    named = [fund for fund in funds if fund.name == organization.default_fund]
    if not named:
        known = ", ".join(repr(fund.name) for fund in funds[:10])
        message = (
            f"there is no fund named {organization.default_fund!r} in Planning Center; it has {known}. "
            f"Name one of them as default_fund"
        )
        raise InvalidInputError(message, field="default_fund")
    if named[0].visibility is FundVisibility.NOWHERE:
        return (f"the default fund {named[0].name!r} is closed in Planning Center and takes no gifts",)
    return ()
