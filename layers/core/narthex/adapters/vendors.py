"""The port `Connector`: both vendors as one organization reaches them, over one kept connection."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx

from narthex.domain.errors import MisconfiguredError, ReconnectNeededError
from narthex.domain.organization import BearerToken, Credentials, Organization, PersonalAccessToken
from narthex.ports import Budget, Clock, RateLimiter, SecretStore

if TYPE_CHECKING:
    from narthex.adapters.exchange.sender import Jitter
    from narthex.adapters.open_vendors import OpenVendors
    from narthex.domain.rate_limit import Lane

VERSION: Final = "0.1.0"
MOST_CONNECTIONS: Final = 4
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*")


class VendorConnector:
    """Opens both vendors; kept over invocations, and with it the connections.

    Args:
        secrets: Credentials, read once per opening.
        clock: For pauses.
        limiter: Planning Center's shared rate.
        jitter: Random numbers in [0, 1), for pauses.
        contact: A URL or email address in our User-Agent, where the vendors can reach who runs this
            (planning-center-api.md 1.6).
        open_transport: Makes the transport at first use, through a proxy for example; None means a direct
            one.
    """

    def __init__(
        self,
        *,
        secrets: SecretStore,
        clock: Clock,
        limiter: RateLimiter,
        jitter: Jitter,
        contact: str,
        open_transport: Callable[[], httpx.BaseTransport] | None = None,
    ) -> None:
        self._secrets = secrets
        self._clock = clock
        self._limiter = limiter
        self._jitter = jitter
        self._user_agent = f"Narthex/{VERSION} (+{contact})"
        self._open_transport = open_transport

    @cached_property
    def _transport(self) -> httpx.BaseTransport:
        if self._open_transport is not None:
            return self._open_transport()
        return httpx.HTTPTransport(limits=httpx.Limits(max_connections=MOST_CONNECTIONS))

    def __call__(self, organization: Organization, lane: Lane, budget: Budget) -> OpenVendors:
        """Open both vendors.

        Raises:
            ReconnectNeededError: When there are no usable credentials.
            MisconfiguredError: When an address is not usable.
        """
        _check_address(organization.planning_center_url, "planning_center.base_url")
        _check_address(organization.wegive_url, "wegive.base_url")
        credentials = self._secrets.get(organization.id)
        _check_credentials(credentials)
        # pydantic and the wire models are a fifth of the worker's start: they come with the first job.
        from narthex.adapters.open_vendors import open_vendors  # noqa: PLC0415

        return open_vendors(
            organization,
            credentials,
            transport=self._transport,
            clock=self._clock,
            budget=budget,
            jitter=self._jitter,
            limiter=self._limiter,
            lane=lane,
            user_agent=self._user_agent,
        )


def _check_address(url: str, name: str) -> None:
    """Scheme, host, perhaps port and path: nothing that could carry credentials or a query."""
    try:
        parts = urlsplit(url)
        is_usable = (
            parts.scheme in {"https", "http"}
            and _HOST.fullmatch(parts.hostname or "") is not None
            and parts.port != 0
            and not (parts.username or parts.password or parts.query or parts.fragment)
        )
    except ValueError:
        is_usable = False
    if not is_usable:
        raise MisconfiguredError(f"{name} is not usable; write it as https://host/path")


def _check_credentials(credentials: Credentials) -> None:
    """A token with a line break or a letter beyond ASCII cannot be sent at all."""
    for token, vendor in (
        (_text_of(credentials.planning_center), "Planning Center"),
        (credentials.wegive.token, "WeGive"),
    ):
        if not (token and token.isascii() and token.isprintable() and token == token.strip()):
            message = f"the credentials for {vendor} are empty or hold characters that cannot be sent"
            raise ReconnectNeededError(f"{message}; enter them again")


def _text_of(credentials: PersonalAccessToken | BearerToken) -> str:
    if isinstance(credentials, PersonalAccessToken):
        return f"{credentials.application_id}:{credentials.secret}"
    return credentials.token
