"""WeGive's endpoints, all of them, for both surfaces (S53, wegive-api.md 4, 6 and 12).

Relative to the base URL, which ends in `/api`. The customer's document writes short forms (`/donors`); both
surfaces serve the long ones. What a surface lacks is not in its column.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from narthex.domain.errors import MisconfiguredError
from narthex.domain.organization import WeGiveSurface


class Operation(StrEnum):
    """What may be asked of WeGive."""

    LIST_TRANSACTIONS = "list transactions"
    LIST_FUNDS = "list funds"
    READ_FUND = "read a fund"
    READ_DONOR = "read a donor"
    FIND_OR_CREATE_DONOR = "find or create a donor"
    CREATE_DONOR = "create a donor"
    UPDATE_DONOR = "update a donor"
    CREATE_TRANSACTION = "create a transaction"
    CREATE_FUND = "create a fund"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row: `{id}` in `path` stands for the record's id."""

    method: str
    path: str
    surfaces: frozenset[WeGiveSurface]


_BOTH: Final = frozenset(WeGiveSurface)
_CUSTOMER: Final = frozenset({WeGiveSurface.CUSTOMER})

ENDPOINTS: Final[dict[Operation, Endpoint]] = {
    Operation.LIST_TRANSACTIONS: Endpoint("GET", "/dashboard/transactions", _BOTH),
    Operation.LIST_FUNDS: Endpoint("GET", "/dashboard/funds", _BOTH),
    Operation.READ_FUND: Endpoint("GET", "/dashboard/funds/{id}", _BOTH),
    Operation.READ_DONOR: Endpoint("GET", "/dashboard/donors/{id}", _BOTH),
    Operation.FIND_OR_CREATE_DONOR: Endpoint("POST", "/dashboard/donors/find-or-create", _BOTH),
    Operation.CREATE_DONOR: Endpoint("POST", "/dashboard/donors", _CUSTOMER),
    Operation.UPDATE_DONOR: Endpoint("PUT", "/dashboard/donors/{id}", _CUSTOMER),
    Operation.CREATE_TRANSACTION: Endpoint("POST", "/dashboard/transactions", _CUSTOMER),
    Operation.CREATE_FUND: Endpoint("POST", "/dashboard/funds", _CUSTOMER),
}


def endpoint_of(operation: Operation, surface: WeGiveSurface) -> Endpoint:
    """The row of an operation.

    Raises:
        MisconfiguredError: When the organization's surface does not offer it.
    """
    endpoint = ENDPOINTS[operation]
    if surface not in endpoint.surfaces:
        message = f"WeGive's {surface} surface cannot {operation}; it must stay a suggested change"
        raise MisconfiguredError(message)
    return endpoint
