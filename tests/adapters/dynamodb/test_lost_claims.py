from __future__ import annotations

import pytest

from narthex.adapters.dynamodb.correlations import DynamoDbCorrelations
from narthex.adapters.dynamodb.reviews import DynamoDbReviews
from narthex.domain.correlation import Answer, CorrelationKind
from narthex.domain.errors import RetryLaterError
from tests.support.builders import CHURCH, a_correlation, a_link, a_review
from tests.support.faulty_connection import Fault, FaultyConnection


def test_a_repeated_creation_claim_is_granted(
    connection: FaultyConnection, correlations: DynamoDbCorrelations
) -> None:
    connection.faults = [Fault.REPEATED]

    assert correlations.claim(CHURCH, a_correlation(), None)


def test_a_creation_claim_whose_answer_is_lost_is_not_granted_to_the_next(
    connection: FaultyConnection, correlations: DynamoDbCorrelations
) -> None:
    connection.faults = [Fault.ANSWER_LOST]
    with pytest.raises(RetryLaterError):
        correlations.claim(CHURCH, a_correlation(), None)

    assert not correlations.claim(CHURCH, a_correlation(), None)


@pytest.mark.parametrize("lost", [0, 1])
def test_a_tie_whose_answer_is_lost_can_be_claimed_again(
    connection: FaultyConnection, correlations: DynamoDbCorrelations, lost: int
) -> None:
    connection.faults = [Fault.REPEATED] * lost + [Fault.ANSWER_LOST]
    with pytest.raises(RetryLaterError):
        correlations.claim(CHURCH, a_link(), None)

    assert correlations.claim(CHURCH, a_link(), None)
    assert correlations.holder(CHURCH, CorrelationKind.DONOR, "31") == "501"


def test_a_worker_that_died_after_the_holder_leaves_the_person_to_its_donor(
    connection: FaultyConnection, correlations: DynamoDbCorrelations
) -> None:
    connection.faults = [Fault.REPEATED, Fault.REQUEST_LOST]
    with pytest.raises(RetryLaterError):
        correlations.claim(CHURCH, a_link("501", "31"), None)

    assert not correlations.claim(CHURCH, a_link("502", "31"), None)
    assert correlations.claim(CHURCH, a_link("501", "31"), None)


def test_repeated_questions_and_decisions_are_content(
    connection: FaultyConnection, reviews: DynamoDbReviews
) -> None:
    connection.faults = [Fault.REPEATED, Fault.REPEATED]
    reviews.open(CHURCH, a_review())

    reviews.decide(CHURCH, a_review(answer=Answer.CREATE))

    assert reviews.all(CHURCH)[0].answer is Answer.CREATE
