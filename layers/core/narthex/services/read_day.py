"""What WeGive has on one church day, sorted by what is to be done with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from narthex.domain.church_day import bounds_of, day_of
from narthex.domain.drafting import content_of
from narthex.domain.giving import Transaction, UnreadableTransaction
from narthex.domain.ledger import Gift, GiftState
from narthex.domain.proof import known_cents
from narthex.domain.standing import Standing, standing_of
from narthex.services.day_run import DayRun

_NEVER_IN_THE_BATCH = {GiftState.PLANNED, GiftState.HELD}


@dataclass(slots=True)
class DayReading:
    """The day's payments and the work they make.

    Attributes:
        transactions: Every readable one, by id.
        unreadable: The others.
        to_plan: Gifts without a donation, new or held or withdrawn before.
        corrected: Recorded gifts whose payment WeGive has changed since.
        withdrawn: Gifts that no longer stand and must not (or no longer) be in the batch.
        refunded: Recorded gifts that WeGive has refunded in full.
        reversed: Recorded gifts that came back in part or by the bank: only a person can book them.
        vanished: Recorded or planned gifts that WeGive no longer lists on this day.
    """

    transactions: dict[str, Transaction] = field(default_factory=dict)
    unreadable: dict[str, UnreadableTransaction] = field(default_factory=dict)
    to_plan: list[Transaction] = field(default_factory=list)
    corrected: list[Transaction] = field(default_factory=list)
    withdrawn: list[tuple[Gift, Standing]] = field(default_factory=list)
    refunded: list[Transaction] = field(default_factory=list)
    reversed: list[tuple[Transaction, Standing]] = field(default_factory=list)
    vanished: list[Gift] = field(default_factory=list)

    @property
    def makes_work(self) -> bool:
        """Whether anything of WeGive's differs from the ledger."""
        return any(
            (
                self.to_plan,
                self.corrected,
                self.withdrawn,
                self.refunded,
                self.reversed,
                self.vanished,
                self.unreadable,
            )
        )


def read_day(run: DayRun) -> DayReading:
    """Read the day from WeGive and hold it against the ledger."""
    start, end = bounds_of(run.date, run.organization.time_zone)
    reading = DayReading()
    for payment in run.vendors.wegive.transactions(start, end):
        if isinstance(payment, UnreadableTransaction):
            reading.unreadable[payment.id] = payment
        elif day_of(payment.created_at, run.organization.time_zone) == run.date:
            reading.transactions[payment.id] = payment
    for transaction in reading.transactions.values():
        _sort(reading, run, transaction)
    listed = {*reading.transactions, *reading.unreadable}
    reading.vanished = [
        gift
        for gift in run.in_state(GiftState.PLANNED, GiftState.RECORDED)
        if gift.transaction_id not in listed
    ]
    return reading


def _sort(reading: DayReading, run: DayRun, transaction: Transaction) -> None:
    gift = run.gifts.get(transaction.id)
    recorded = gift is not None and gift.state is GiftState.RECORDED
    standing = standing_of(
        transaction,
        gift_amount=run.organization.settings.gift_amount,
        pushed_cents=known_cents(gift),
    )
    if gift is not None and gift.state is GiftState.UNKNOWN:
        return  # settled first, by the list; what WeGive says of it now is for the next look
    if standing is Standing.GIFT:
        if gift is None or not recorded:
            reading.to_plan.append(transaction)
        elif gift.content != content_of(transaction):
            reading.corrected.append(transaction)
    elif gift is not None and recorded:
        _sort_recorded(reading, transaction, gift, standing)
    elif standing is Standing.PARTLY_REFUNDED:
        reading.reversed.append((transaction, standing))
    elif gift is not None and gift.state in _NEVER_IN_THE_BATCH:
        reading.withdrawn.append((gift, standing))


def _sort_recorded(reading: DayReading, transaction: Transaction, gift: Gift, standing: Standing) -> None:
    if standing is Standing.REFUNDED:
        if not gift.refunded:
            reading.refunded.append(transaction)
    elif standing in {Standing.REVERSED, Standing.PARTLY_REFUNDED}:
        reading.reversed.append((transaction, standing))
    else:
        reading.withdrawn.append((gift, standing))
