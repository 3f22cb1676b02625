"""Reviews in DynamoDB: questions that only a person may answer (S12).

What a lost answer may do: nothing. A question is written only where none is, a decision only over an open
question; a repetition finds what it wrote itself and is content.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.models import Model

from narthex.adapters.dynamodb.attributes import WholeNumberAttribute
from narthex.adapters.dynamodb.table import ConditionFailedError, Table
from narthex.domain.correlation import Answer, Review, ReviewState
from narthex.domain.errors import InvalidInputError

if TYPE_CHECKING:
    from pynamodb.connection import Connection

DONOR = "donor#"


class ReviewItem(Model):
    """One question about a donor."""

    organization_id = UnicodeAttribute(hash_key=True)
    review_id = UnicodeAttribute(range_key=True)
    question = UnicodeAttribute()
    evidence = UnicodeAttribute()
    candidate_ids = JSONAttribute()
    opened_ms = WholeNumberAttribute()
    state = UnicodeAttribute()
    answer = UnicodeAttribute(null=True)
    person_id = UnicodeAttribute(null=True)


class DynamoDbReviews:
    """A `ReviewStore`.

    Args:
        connection: The process's connection.
        table_name: A table with hash key `organization_id` and range key `review_id`, both strings.
    """

    def __init__(self, connection: Connection, table_name: str) -> None:
        self._table = Table(connection, table_name, hash_key="organization_id", range_key="review_id")

    def get_many(self, organization_id: str, donor_ids: Sequence[str]) -> dict[str, Review]:
        """See `ReviewStore`."""
        keys = [(organization_id, DONOR + donor_id) for donor_id in donor_ids]
        found = [review_from(item) for item in self._table.get_many(keys)]
        return {review.donor_id: review for review in found}

    def open(self, organization_id: str, review: Review) -> None:
        """See `ReviewStore`."""
        try:
            self._table.put(review_item(organization_id, review), ReviewItem.state.does_not_exist())
        except ConditionFailedError:
            return

    def reopen(self, organization_id: str, review: Review) -> None:
        """See `ReviewStore`."""
        self._table.put(review_item(organization_id, review))

    def decide(self, organization_id: str, review: Review) -> None:
        """See `ReviewStore`."""
        decided = replace(review, state=ReviewState.DECIDED)
        try:
            self._table.put(review_item(organization_id, decided), ReviewItem.state == ReviewState.OPEN.value)
        except ConditionFailedError as failed:
            if failed.item is None or review_from(failed.item) != decided:
                message = f"donor {review.donor_id} has no open question"
                raise InvalidInputError(message, field="donor_id") from failed

    def all(self, organization_id: str) -> list[Review]:
        """See `ReviewStore`."""
        return [review_from(item) for item in self._table.query(organization_id)]


def review_item(organization_id: str, review: Review) -> ReviewItem:
    """The item of a review."""
    return ReviewItem(
        organization_id=organization_id,
        review_id=DONOR + review.donor_id,
        question=review.question,
        evidence=review.evidence,
        candidate_ids=list(review.candidate_ids),
        opened_ms=review.opened_ms,
        state=review.state.value,
        answer=None if review.answer is None else review.answer.value,
        person_id=review.person_id,
    )


def review_from(item: Mapping[str, Any]) -> Review:
    """The review of an item."""
    row = ReviewItem.from_raw_data(dict(item))
    return Review(
        donor_id=row.review_id.removeprefix(DONOR),
        question=row.question,
        evidence=row.evidence,
        candidate_ids=tuple(row.candidate_ids),
        opened_ms=row.opened_ms,
        state=ReviewState(row.state),
        answer=None if row.answer is None else Answer(row.answer),
        person_id=row.person_id,
    )
