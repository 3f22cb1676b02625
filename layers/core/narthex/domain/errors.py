"""Every error of Narthex, by what the caller must do.

    NarthexError
    |-- InvalidInputError        tell whoever sent it, with the field
    |-- RefusedError             tell, without detail
    |-- RetryLaterError          put the work back for `retry_after_seconds`; nothing took effect
    |   |-- LeaseHeldError       another worker has the day, or is creating the same person
    |   `-- OutOfTimeError       this run's time is up; the work goes on in the next one
    |-- OutcomeUnknownError      look first, never repeat blindly
    |-- NeedsAttentionError      park this record, tell a person, go on with the others
    |   |-- RecordNotFoundError  the vendor does not (or no longer) know the record
    |   |-- RejectedError        the vendor read the record and refused it
    |   |-- AnswerMismatchError  the vendor made a record that is not the one we asked for
    |   `-- ContractViolationError  the vendor sent something that its contract excludes
    `-- MisconfiguredError       stop this organization; only a change of settings helps
        |-- ReconnectNeededError    the vendor no longer accepts the credentials
        `-- PreflightRefusedError   somebody else pushes gifts too: two at once double every gift
    LeaseLostError               stop at once and write nothing: another worker took over

Texts are written for the person who has to act. They never hold a token, an address, or a body.
"""

from __future__ import annotations


class NarthexError(Exception):
    """Anything that Narthex raises on purpose."""


class InvalidInputError(NarthexError):
    """What was sent to us is malformed.

    Args:
        message: What is wrong and what would be right.
        field: Dotted path of the field, if one is to blame.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message if field is None else f"{field}: {message}")
        self.field = field


class RefusedError(NarthexError):
    """The request is understood and refused; the reason stays with us."""


class RetryLaterError(NarthexError):
    """Nothing took effect; the same call may be made again after `retry_after_seconds`."""

    def __init__(self, message: str, *, retry_after_seconds: float) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class LeaseHeldError(RetryLaterError):
    """Another worker holds the lease; it runs out in `retry_after_seconds`."""


class OutOfTimeError(RetryLaterError):
    """The run must save its state and stop; it goes on at once in another run."""

    def __init__(self) -> None:
        super().__init__("the run's time is up", retry_after_seconds=0)


class OutcomeUnknownError(NarthexError):
    """A write was sent and no believable answer came: it may or may not have taken effect."""


class NeedsAttentionError(NarthexError):
    """This one record cannot be handled without a person; the others go on."""


class RecordNotFoundError(NeedsAttentionError):
    """The vendor answers 404 for an id that we hold."""


class RejectedError(NeedsAttentionError):
    """The vendor validated the record and refused it (409, 422).

    Args:
        message: The vendor's reasons, joined.
        codes: The vendor's error codes, lower case.
        parameters: The fields to blame, in the vendor's names.
    """

    def __init__(
        self, message: str, *, codes: tuple[str, ...] = (), parameters: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.codes = codes
        self.parameters = parameters


class AnswerMismatchError(NeedsAttentionError):
    """The vendor's answer shows another record than the one that was sent (design 4.6).

    The record exists: whoever catches this must correct or delete it, never send it again.

    Args:
        message: What differs, without the values.
        record_id: The id of the record that was made or changed.
    """

    def __init__(self, message: str, *, record_id: str) -> None:
        super().__init__(message)
        self.record_id = record_id


class ContractViolationError(NeedsAttentionError):
    """A vendor's record breaks its own contract (an amount "12.34", a missing id)."""


class MisconfiguredError(NarthexError):
    """Nothing of this organization can go on until its settings are changed."""


class ReconnectNeededError(MisconfiguredError):
    """The vendor refuses our credentials: connect the organization again."""


class PreflightRefusedError(MisconfiguredError):
    """Planning Center holds WeGive gifts that we did not enter (S39); the text names them."""


class LeaseLostError(NarthexError):
    """Another worker holds a newer fence: this one must stop and write nothing more."""
