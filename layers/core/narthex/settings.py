"""What the functions are told by their environment; read by the handler, handed to bootstrap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from narthex.domain.errors import MisconfiguredError


@dataclass(frozen=True, slots=True)
class Environment:
    """A function's environment variables, each missing one named."""

    variables: Mapping[str, str]

    def text(self, name: str) -> str:
        """A variable's text.

        Raises:
            MisconfiguredError: When it is absent or empty.
        """
        value = self.variables.get(name, "")
        if not value:
            message = f"the function's environment lacks {name}; deploy the stack again"
            raise MisconfiguredError(message)
        return value

    def seconds(self, name: str) -> int:
        """A variable's whole number of seconds.

        Raises:
            MisconfiguredError: When it is absent or no whole number.
        """
        value = self.text(name)
        if not value.isdecimal():
            message = f"{name} is {value!r}, not a whole number of seconds"
            raise MisconfiguredError(message)
        return int(value)
