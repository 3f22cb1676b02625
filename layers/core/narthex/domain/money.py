"""Money is integer cents, read strictly and never through floating point."""

from __future__ import annotations

import re

from narthex.domain.errors import ContractViolationError

_DIGITS = re.compile(r"[0-9]{1,15}")


def parse_cents(value: object, *, name: str = "amount") -> int:
    """Read cents as WeGive sends them: an integer, or a string of digits (wegive-api.md 3).

    Args:
        value: What stands in the record.
        name: The field's name, for the message.

    Returns:
        Cents, zero or more.

    Raises:
        ContractViolationError: For anything else: a decimal point, a sign, a separator, a currency mark.
    """
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    message = f"{name} {value!r} is not a whole number of cents; correct the record in WeGive"
    raise ContractViolationError(message)


def format_cents(amount_cents: int) -> str:
    """Write cents as people read them: -123456 becomes "-1,234.56"."""
    sign = "-" if amount_cents < 0 else ""
    whole, cents = divmod(abs(amount_cents), 100)
    return f"{sign}{whole:,}.{cents:02d}"
