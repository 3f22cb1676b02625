"""Before the first write: is anybody else pushing WeGive's gifts into this Planning Center (S39)?"""

from __future__ import annotations

from collections.abc import Sequence

from narthex.domain.errors import MisconfiguredError, PreflightRefusedError
from narthex.domain.giving import Batch, PaymentSource
from narthex.services.day_run import DayRun

_WHAT_TO_DO = (
    "WeGive sells a Planning Center sync of its own, and two at once double every gift. Switch that one off; "
    "then set adopt_existing in the organization's settings to take over what is there"
)


def check_preflight(run: DayRun, found: Sequence[Batch], source: PaymentSource | None) -> None:
    """Look, and remember that the organization's first push was cleared. Raises what `look_ahead` raises."""
    look_ahead(run, found, source)
    if not run.ledger.preflight_passed(run.organization.id):
        run.ledger.pass_preflight(run.organization.id)


def look_ahead(run: DayRun, found: Sequence[Batch], source: PaymentSource | None) -> None:
    """Refuse when there are batches or gifts that look like ours and that we did not make.

    Args:
        run: The day.
        found: Batches that bear the day's description although we never sent one.
        source: Our payment source, if there is one.

    Raises:
        PreflightRefusedError: With the evidence.
        MisconfiguredError: When the payment source is archived and cannot be assigned.
    """
    if source is not None and not source.active:
        message = (
            f"the payment source {source.name!r} is archived in Planning Center and cannot be used; "
            f"make it active there"
        )
        raise MisconfiguredError(message)
    adopt = run.organization.settings.adopt_existing
    if found and not adopt:
        listed = ", ".join(f"{batch.id} ({batch.status.value})" for batch in found)
        message = (
            f"Planning Center has batch {listed} named {found[0].description!r}, "
            f"which we did not make. {_WHAT_TO_DO}"
        )
        raise PreflightRefusedError(message)
    if source is not None and not adopt and not run.ledger.preflight_passed(run.organization.id):
        count = run.vendors.giving.count_donations_of_source(source.id)
        if count:
            message = (
                f"Planning Center holds {count} donations from the payment source {source.name!r}, "
                f"and we have entered none yet. {_WHAT_TO_DO}"
            )
            raise PreflightRefusedError(message)
