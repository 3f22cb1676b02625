"""What Giving keeps unique by name: funds, payment sources, labels (planning-center-api.md 4.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Protocol, TypeVar

from narthex.adapters.planning_center.client import PlanningCenterClient, attributes_of
from narthex.adapters.planning_center.verdicts import is_taken
from narthex.adapters.planning_center.wire import (
    FundAttributes,
    LabelAttributes,
    PaymentSourceAttributes,
    Resource,
)
from narthex.domain.errors import (
    ContractViolationError,
    OutcomeUnknownError,
    RejectedError,
    RetryLaterError,
)
from narthex.domain.giving import FundVisibility, PaymentSource, PlanningCenterFund, WeGiveFund

LONGEST_DESCRIPTION: Final = 255
PAUSE_UNTIL_A_NAME_IS_LISTED_SECONDS: Final = 30
_NO_SLUG: Final = re.compile(r"[^a-z0-9]+")


class _HasName(Protocol):
    @property
    def name(self) -> str: ...


Read = TypeVar("Read")
Named = TypeVar("Named", bound=_HasName)


class NamedRecords:
    """Found by name or made. A second create cannot double them, so an unknown outcome is settled by looking.

    Args:
        client: Of the product Giving.
    """

    def __init__(self, client: PlanningCenterClient) -> None:
        self._client = client

    def funds(self) -> list[PlanningCenterFund]:
        """All funds."""
        return [_fund(resource) for resource in self._listed("/funds")]

    def create_fund(self, fund: WeGiveFund) -> PlanningCenterFund:
        """Create a fund, or return the one of that name (S3: active shows everywhere, else to staff)."""
        attributes = {
            "name": fund.name,
            "visibility": (FundVisibility.EVERYWHERE if fund.active else FundVisibility.ADMIN_ONLY).value,
        }
        if fund.description:
            attributes["description"] = fund.description[:LONGEST_DESCRIPTION]
        body = {"data": {"type": "Fund", "attributes": attributes}}
        return self._create_named("/funds", body, _fund, lambda: _named(fund.name, self.funds()))

    def payment_source(self, name: str) -> PaymentSource | None:
        """The payment source of that name, if there is one."""
        return _named(name, [_payment_source(one) for one in self._listed("/payment_sources")])

    def create_payment_source(self, name: str) -> PaymentSource:
        """Create it, or return the one of that name."""
        body = {"data": {"type": "PaymentSource", "attributes": {"name": name}}}
        path = "/payment_sources"
        return self._create_named(path, body, _payment_source, lambda: self.payment_source(name))

    def label_id(self, slug: str) -> str:
        """The id of the label, created when absent.

        Planning Center keeps slugs in lower case, digits and dashes (planning-center-api.md 4.4).
        """
        normal = _NO_SLUG.sub("-", slug.lower()).strip("-")

        def look() -> str | None:
            for label in self._listed("/labels", {"where[slug]": normal}):
                if attributes_of(label, LabelAttributes).slug == normal:
                    return label.id
            return None

        body = {"data": {"type": "Label", "attributes": {"slug": normal}}}
        return look() or self._create_named("/labels", body, lambda label: label.id, look)

    def _listed(self, path: str, params: Mapping[str, str | int] | None = None) -> Iterable[Resource]:
        for page in self._client.pages(path, params):
            yield from page.many

    def _create_named(
        self,
        path: str,
        body: Mapping[str, Any],
        read: Callable[[Resource], Read],
        look: Callable[[], Read | None],
    ) -> Read:
        """Create what is unique by name: after an unknown outcome, look; creating again cannot double it."""
        try:
            return read(self._client.create(path, body).many[0])
        except (OutcomeUnknownError, ContractViolationError) as unknown:
            problem = str(unknown)
        except RejectedError as refusal:
            if not is_taken(refusal):
                raise
            problem = str(refusal)
        found = look()
        if found is None:
            message = f"{problem}, and it is not listed yet"
            raise RetryLaterError(message, retry_after_seconds=PAUSE_UNTIL_A_NAME_IS_LISTED_SECONDS)
        return found


def _named(name: str, records: Iterable[Named]) -> Named | None:
    """The record of exactly this name, else the one that differs only in case: that name is taken, too."""
    present = list(records)
    exact = (record for record in present if record.name == name)
    folded = (record for record in present if record.name.casefold() == name.casefold())
    return next(exact, None) or next(folded, None)


def _fund(resource: Resource) -> PlanningCenterFund:
    attributes = attributes_of(resource, FundAttributes)
    return PlanningCenterFund(
        id=resource.id,
        name=attributes.name,
        visibility=attributes.visibility,
        default=attributes.default or False,
    )


def _payment_source(resource: Resource) -> PaymentSource:
    attributes = attributes_of(resource, PaymentSourceAttributes)
    return PaymentSource(id=resource.id, name=attributes.name, active=attributes.status != "archived")
