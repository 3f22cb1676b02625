from __future__ import annotations

import pytest

from narthex.domain.correlation import Answer, ReviewState
from narthex.domain.errors import InvalidInputError
from narthex.ports import ReviewStore
from tests.support.builders import CHURCH, a_review

DECIDED = a_review(state=ReviewState.DECIDED, answer=Answer.LINK, person_id="31")


def test_a_question_can_be_read_back(reviews: ReviewStore) -> None:
    reviews.open(CHURCH, a_review())

    assert reviews.get_many(CHURCH, ["501", "502"]) == {"501": a_review()}


def test_a_donor_has_one_question(reviews: ReviewStore) -> None:
    reviews.open(CHURCH, a_review())

    reviews.open(CHURCH, a_review(evidence="another look", opened_ms=2000))

    assert reviews.all(CHURCH) == [a_review()]


def test_a_decision_takes_the_place_of_the_question(reviews: ReviewStore) -> None:
    reviews.open(CHURCH, a_review())

    reviews.decide(CHURCH, DECIDED)

    assert reviews.get_many(CHURCH, ["501"]) == {"501": DECIDED}


def test_a_question_that_was_answered_is_not_asked_again(reviews: ReviewStore) -> None:
    reviews.open(CHURCH, a_review())
    reviews.decide(CHURCH, DECIDED)

    reviews.open(CHURCH, a_review())

    assert reviews.all(CHURCH) == [DECIDED]


def test_the_same_decision_again_is_fine(reviews: ReviewStore) -> None:
    reviews.open(CHURCH, a_review())
    reviews.decide(CHURCH, DECIDED)

    reviews.decide(CHURCH, DECIDED)

    assert reviews.all(CHURCH) == [DECIDED]


def test_another_decision_is_refused(reviews: ReviewStore) -> None:
    reviews.open(CHURCH, a_review())
    reviews.decide(CHURCH, DECIDED)

    with pytest.raises(InvalidInputError, match="donor 501 has no open question"):
        reviews.decide(CHURCH, a_review(answer=Answer.CREATE))


def test_a_decision_without_a_question_is_refused(reviews: ReviewStore) -> None:
    with pytest.raises(InvalidInputError, match="donor_id"):
        reviews.decide(CHURCH, DECIDED)

    assert reviews.all(CHURCH) == []


def test_all_questions_of_an_organization_come_back(reviews: ReviewStore) -> None:
    for donor_id in ("7", "501"):
        reviews.open(CHURCH, a_review(donor_id))
    reviews.open("hillside-chapel", a_review("8"))

    assert [review.donor_id for review in reviews.all(CHURCH)] == ["501", "7"]


def test_a_question_can_be_asked_anew(reviews: ReviewStore) -> None:
    reviews.open(CHURCH, a_review())
    reviews.decide(CHURCH, DECIDED)

    reviews.reopen(CHURCH, a_review(evidence="the person who was chosen is gone"))

    assert reviews.all(CHURCH) == [a_review(evidence="the person who was chosen is gone")]
