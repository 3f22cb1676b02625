"""Kinds of attributes that PynamoDB does not bring."""

from __future__ import annotations

from pynamodb.attributes import Attribute


class WholeNumberAttribute(Attribute[int]):
    """A number that is whole on the way in and on the way out: cents, milliseconds, counts."""

    attr_type = "N"

    def serialize(self, value: object) -> str:
        """Refuse what is not whole, instead of rounding it."""
        if not isinstance(value, int) or isinstance(value, bool):
            message = f"{self.attr_name} is not a whole number"
            raise TypeError(message)
        return str(value)

    def deserialize(self, value: str) -> int:
        """Read it back."""
        return int(value)
