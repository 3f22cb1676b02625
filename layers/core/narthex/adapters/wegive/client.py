"""WeGive's transport: single records, and lists read to their end (wegive-api.md 3)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from narthex.adapters.exchange.answers import Call
from narthex.adapters.exchange.sender import Sender
from narthex.adapters.wegive.paths import Operation, endpoint_of
from narthex.adapters.wegive.wire import Page, Single
from narthex.domain.errors import ContractViolationError, MisconfiguredError, RecordNotFoundError
from narthex.domain.organization import BearerToken, WeGiveSurface

ROWS_PER_PAGE: Final = 200
MOST_PAGES: Final = 2_000
MOST_READINGS_OF_A_LIST: Final = 3
_LOG: Final = logging.getLogger(__name__)


def headers_of(token: BearerToken, user_agent: str) -> dict[str, str]:
    """What every request carries (wegive-api.md 2)."""
    return {"User-Agent": user_agent, "Authorization": f"Bearer {token.token}"}


class WeGiveClient:
    """WeGive of one organization, reading.

    Args:
        sender: Sends.
        base_url: Up to and with `/api`.
        surface: Which operations there are.
    """

    def __init__(self, sender: Sender[dict[str, object]], base_url: str, surface: WeGiveSurface) -> None:
        self._sender = sender
        self._base_url = base_url.rstrip("/")
        self._surface = surface

    def one(self, operation: Operation, record_id: str) -> dict[str, Any]:
        """Read a record.

        Raises:
            RecordNotFoundError: When there is none, or the id is no number (wegive-api.md 3).
        """
        if not (record_id.isascii() and record_id.isdigit()):
            raise RecordNotFoundError("a WeGive id is a number")
        try:
            return Single.model_validate(self._get(operation, record_id, None)).data
        except ValidationError:
            raise ContractViolationError(f"WeGive's answer to {operation} holds no record") from None

    def rows(self, operation: Operation, params: Mapping[str, str | int]) -> list[dict[str, Any]]:
        """Read a list to its end; each row once, in its last copy, in the order of ids.

        Pages shift while records come and go, so the last page is read again, and the whole list when its
        totals differ or say that rows are missing. What all readings saw is returned.
        """
        rows: dict[str, dict[str, Any]] = {}
        totals: set[int | None] = set()
        for _ in range(MOST_READINGS_OF_A_LIST):
            totals = self._read_to_the_end(operation, params, rows)
            if len(totals) == 1 and all(total is None or len(rows) >= total for total in totals):
                break
        else:
            _LOG.warning("WeGive's answers to %s show %d rows of %s", operation, len(rows), totals)
        return sorted(rows.values(), key=lambda row: (len(_key(row)), _key(row)))

    def _read_to_the_end(
        self, operation: Operation, params: Mapping[str, str | int], rows: dict[str, dict[str, Any]]
    ) -> set[int | None]:
        """Add what the pages show to `rows`; return how many rows each page says that the list has."""
        totals: set[int | None] = set()
        number = 1
        last_read_again = 0
        for _ in range(MOST_PAGES):
            page = self._page(operation, params, number)
            before = len(rows)
            rows |= {_key(row): row for row in page.data}
            totals.add(page.meta.total)
            last_page = page.meta.last_page
            is_last = number >= last_page if last_page is not None else len(page.data) < ROWS_PER_PAGE
            if not is_last:
                number += 1
            elif (number == 1 and page.meta.total is not None) or (
                last_read_again == number and len(rows) == before
            ):
                return totals
            else:
                last_read_again = number
        raise ContractViolationError(f"WeGive's answers to {operation} have no end")

    def _page(self, operation: Operation, params: Mapping[str, str | int], number: int) -> Page:
        paging: dict[str, str | int] = {"page": number, "count": ROWS_PER_PAGE, "sort[id]": "asc"}
        try:
            body = self._get(operation, "", {**params, **paging})
        except RecordNotFoundError as error:
            message = f"{error}, though it must be able to {operation}; check wegive.base_url"
            raise MisconfiguredError(message) from error
        if body.get("meta") is None:
            body = {**body, "meta": {}}
        try:
            return Page.model_validate(body)
        except ValidationError:
            message = f"WeGive's answer to {operation} is no list of records; ask WeGive what has changed"
            raise ContractViolationError(message) from None

    def _get(
        self, operation: Operation, record_id: str, params: Mapping[str, str | int] | None
    ) -> dict[str, object]:
        endpoint = endpoint_of(operation, self._surface)
        url = f"{self._base_url}{endpoint.path.replace('{id}', record_id)}"
        path = endpoint.path.replace("{id}", record_id)
        return self._sender(Call(endpoint.method, url, path, params=params))


def _key(row: Mapping[str, Any]) -> str:
    """The row's id as text; a row without one stands for itself."""
    record_id = row.get("id")
    return repr(sorted(row.items(), key=repr)) if record_id is None or record_id == "" else str(record_id)
