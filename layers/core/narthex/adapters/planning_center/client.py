"""Planning Center's transport: one product, its version header, its pages, its shared rate."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from pydantic import ValidationError

from narthex.adapters.exchange.answers import Answer, Call, leading_integer
from narthex.adapters.exchange.sender import Sender
from narthex.adapters.planning_center.wire import Document, Resource, Wire
from narthex.domain.errors import (
    ContractViolationError,
    MisconfiguredError,
    OutcomeUnknownError,
    RecordNotFoundError,
)
from narthex.domain.organization import BearerToken, PersonalAccessToken
from narthex.domain.rate_limit import Lane
from narthex.ports import Announce, RateLimiter

PER_PAGE: Final = 100
MOST_PAGES: Final = 300
"""At 100 records a page: the offset above which Planning Center throttles (planning-center-api.md 1.5)."""
LONGEST_WAIT_FOR_A_TOKEN_MS: Final = 5_000
TIME_FOR_THE_REQUEST_ITSELF_MS: Final = 5_000

_PATH: Final = re.compile(r"(/[A-Za-z0-9_-]+)+")

Attributes = TypeVar("Attributes", bound=Wire)


class Product(Enum):
    """A product's path and the version that we speak (planning-center-api.md 1.1, 1.3)."""

    PEOPLE = ("/people/v2", "2025-11-10")
    GIVING = ("/giving/v2", "2019-10-18")


def headers_of(credentials: PersonalAccessToken | BearerToken, user_agent: str) -> dict[str, str]:
    """What every request carries (planning-center-api.md 1.4)."""
    if isinstance(credentials, PersonalAccessToken):
        pair = f"{credentials.application_id}:{credentials.secret}".encode()
        authorization = f"Basic {b64encode(pair).decode()}"
    else:
        authorization = f"Bearer {credentials.token}"
    return {"User-Agent": user_agent, "Authorization": authorization}


@dataclass(frozen=True, slots=True)
class SharedRate:
    """The `Gate` of one Planning Center account: its limiter (S60, S61)."""

    limiter: RateLimiter
    account: str
    lane: Lane

    def enter(self, time_left_ms: int) -> None:
        """Take a token. Raises RetryLaterError when it would come too late for this run."""
        patience_ms = min(time_left_ms - TIME_FOR_THE_REQUEST_ITSELF_MS, LONGEST_WAIT_FOR_A_TOKEN_MS)
        self.limiter.acquire(self.account, self.lane, patience_ms=max(0, patience_ms))

    def leave(self, answer: Answer) -> bool:
        """Pass on what the headers say (planning-center-api.md 2)."""
        limit = leading_integer(answer.headers.get("x-pco-api-request-rate-limit"))
        period_seconds = leading_integer(answer.headers.get("x-pco-api-request-rate-period"))
        retry_after_seconds = leading_integer(answer.headers.get("retry-after"))
        if limit is not None or period_seconds is not None or retry_after_seconds is not None:
            self.limiter.observe(
                self.account,
                limit=limit,
                period_seconds=period_seconds,
                retry_after_seconds=retry_after_seconds,
            )
        return retry_after_seconds is not None


class PlanningCenterClient:
    """One product of Planning Center. Paths are relative to it: "/batches/12".

    Args:
        sender: Shared by both products, so that requests are counted together.
        base_url: Scheme, host and, where a proxy needs it, a path prefix.
        product: Which one.
    """

    def __init__(self, sender: Sender[Document | None], base_url: str, product: Product) -> None:
        prefix, version = product.value
        self._sender = sender
        self._base_url = base_url.rstrip("/")
        self._prefix = prefix
        self._headers = {"X-PCO-API-Version": version}

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Document:
        """Read a record or the first page of a list."""
        try:
            return self._read(self._url(path), params)
        except RecordNotFoundError as error:
            if path.count("/") > 1:
                raise
            # A list of the whole church always exists: it is the address that is wrong.
            message = f"{error}, which every church has; check planning_center.base_url"
            raise MisconfiguredError(message) from error

    def pages(self, path: str, params: Mapping[str, str | int] | None = None) -> Iterator[Document]:
        """Read a list page by page, following `links.next` as it is.

        Raises:
            ContractViolationError: When the links lead elsewhere, in a circle, or on and on.
        """
        document = self.get(path, {"per_page": PER_PAGE, **(params or {})})
        followed: set[str] = set()
        while True:
            yield document
            url = document.links.next
            if url is None:
                return
            if url in followed or len(followed) >= MOST_PAGES or not self._is_ours(url):
                message = f"Planning Center's list {self._prefix}{path} has no end; narrow the question"
                raise ContractViolationError(message)
            followed.add(url)
            document = self._read(url, None)

    def create(self, path: str, body: Mapping[str, Any], announce: Announce | None = None) -> Document:
        """POST a record. Raises OutcomeUnknownError when no believable answer came."""
        return self._believed("POST", path, body, announce)

    def update(self, path: str, body: Mapping[str, Any], announce: Announce | None = None) -> Document:
        """PATCH a record. Raises OutcomeUnknownError when no believable answer came."""
        return self._believed("PATCH", path, body, announce)

    def delete(self, path: str, announce: Announce) -> None:
        """DELETE a record. Raises OutcomeUnknownError, RecordNotFoundError."""
        self._write("DELETE", path, None, announce, expects_document=False)

    def run(self, path: str, body: Mapping[str, Any] | None, announce: Announce) -> None:
        """POST an action such as `commit`. Raises OutcomeUnknownError when no believable answer came."""
        self._write("POST", path, body, announce, expects_document=False)

    def _believed(
        self, method: str, path: str, body: Mapping[str, Any], announce: Announce | None
    ) -> Document:
        document = self._write(method, path, body, announce, expects_document=True)
        if document is None or document.one is None or document.one.type != body["data"]["type"]:
            message = f"Planning Center's answer to {method} {self._prefix}{path} holds no such record"
            raise OutcomeUnknownError(message)
        return document

    def _read(self, url: str, params: Mapping[str, str | int] | None) -> Document:
        path = urlsplit(url).path
        document = self._sender(Call("GET", url, path, params=params, headers=self._headers))
        if document is None:
            raise ContractViolationError(f"Planning Center's answer to GET {path} is empty")
        return document

    def _write(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        announce: Announce | None,
        *,
        expects_document: bool,
    ) -> Document | None:
        call = Call(
            method,
            self._url(path),
            f"{self._prefix}{path}",
            body=body,
            headers=self._headers,
            expects_document=expects_document,
        )
        return self._sender(call, announce)

    def _url(self, path: str) -> str:
        """The address of a path; an id is letters, digits and dashes, so that none can lead elsewhere."""
        if _PATH.fullmatch(path) is None:
            raise RecordNotFoundError("an id with other than letters, digits and dashes names no record")
        return f"{self._base_url}{self._prefix}{path}"

    def _is_ours(self, url: str) -> bool:
        """The credentials go nowhere else."""
        theirs, ours = urlsplit(url), urlsplit(self._base_url)
        return (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc)


def attributes_of(resource: Resource, model: type[Attributes]) -> Attributes:
    """Read a record's attributes.

    Raises:
        ContractViolationError: When one that we believe is missing or of another type.
    """
    try:
        return model.model_validate(resource.attributes)
    except ValidationError as error:
        names = ", ".join(sorted({str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}))
        message = f"Planning Center's {resource.type} {resource.id} has an unreadable {names}"
        raise ContractViolationError(message) from None
