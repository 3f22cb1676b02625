from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from sandbox.church import Church, generate, sample_churches

SUNDAY = date(2026, 1, 4)
NOTHING_TO_PUSH = {"refunded", "pending", "failed", "test", "service_revenue"}


@pytest.fixture(scope="module")
def church() -> Church:
    return generate(7, SUNDAY)


def gifts_of(church: Church, case: str) -> list[time]:
    zone = ZoneInfo(church.time_zone)
    return [gift.created_at.astimezone(zone).time() for gift in church.gifts if gift.case == case]


def test_the_same_seed_and_day_make_the_same_church(church: Church) -> None:
    assert generate(7, SUNDAY) == church


def test_another_seed_makes_another_church(church: Church) -> None:
    assert generate(8, SUNDAY) != church


def test_the_day_has_as_many_payments_as_asked_for(church: Church) -> None:
    on_the_day = [gift for gift in church.gifts if church.local_day(gift) == SUNDAY]

    assert (len(church.donors), len(on_the_day)) == (300, 120)


def test_one_gift_lies_just_outside_on_each_side(church: Church) -> None:
    outside = [church.local_day(gift) for gift in church.gifts if church.local_day(gift) != SUNDAY]

    assert outside == [SUNDAY - timedelta(days=1), SUNDAY + timedelta(days=1)]


def test_the_first_and_the_last_second_of_the_day_have_a_gift(church: Church) -> None:
    assert gifts_of(church, "first_second") == [time(0, 0, 0)]
    assert gifts_of(church, "last_second") == [time(23, 59, 59)]


def test_twins_are_equal_and_in_one_minute(church: Church) -> None:
    twins = [gift for gift in church.gifts if gift.case == "twin"]

    pairs = Counter(
        (gift.donor, gift.amount_cents, gift.allocations, gift.created_at.replace(second=0)) for gift in twins
    )

    assert list(pairs.values()) == [2, 2]


def test_only_the_spoiled_gift_is_off_by_a_cent(church: Church) -> None:
    off = {
        gift.case: gift.amount_cents - sum(cents for _, cents in gift.allocations)
        for gift in church.gifts
        if gift.amount_cents != sum(cents for _, cents in gift.allocations)
    }

    assert off == {"allocations_off": 1}


def test_what_is_no_gift_is_there_and_not_among_the_gifts(church: Church) -> None:
    cases = Counter(gift.case for gift in church.gifts)

    assert {case: cases[case] for case in NOTHING_TO_PUSH} == {
        "refunded": 2,
        "pending": 3,
        "failed": 1,
        "test": 1,
        "service_revenue": 1,
    }
    assert not NOTHING_TO_PUSH & {gift.case for gift in church.gifts_of_the_day()}


def test_no_gift_goes_to_the_fund_that_is_closed(church: Church) -> None:
    closed = {fund.name for fund in church.funds if fund.visibility == "nowhere"}

    used = {fund for gift in church.gifts for fund, _ in gift.allocations}

    assert closed
    assert not closed & used


def test_every_kind_of_donor_gives_on_the_day(church: Church) -> None:
    givers = {gift.donor for gift in church.gifts_of_the_day()}

    cases = {donor.case for donor in church.donors}

    assert {donor.case for donor in church.donors if donor.key in givers} == cases


def test_a_donor_in_doubt_has_a_candidate_that_contradicts_or_several(church: Church) -> None:
    by_email = Counter(email.casefold() for person in church.people for email in person.emails)
    by_name = Counter((person.first_name, person.last_name) for person in church.people)
    found = {
        donor.case: (
            sum(by_email[email] for email in donor.emails),
            by_name[donor.first_name or "", donor.last_name or ""],
        )
        for donor in church.donors
        if donor.outcome == "review"
    }

    assert found == {
        "several_candidates": (2, 2),
        "other_first_name": (1, 0),
        "no_email_namesakes": (0, 2),
        "other_phone": (0, 1),
        "company": (0, 0),
    }


def test_a_newcomer_is_in_nobodys_way(church: Church) -> None:
    emails = {email for person in church.people for email in person.emails}
    names = {(person.first_name, person.last_name) for person in church.people}
    newcomers = [donor for donor in church.donors if donor.outcome == "created"]

    assert len(newcomers) == 5
    for donor in newcomers:
        assert donor.emails[0] not in emails
        assert (donor.first_name, donor.last_name) not in names
        assert donor.mobile_phone
        assert donor.address


def test_a_linked_donor_has_one_person_of_its_name_or_email(church: Church) -> None:
    kept = [person for person in church.people if person.merged_into is None]
    for donor in church.donors:
        if donor.outcome != "linked":
            continue
        named = [p for p in kept if (p.first_name, p.last_name) == (donor.first_name, donor.last_name)]
        mailed = [p for p in kept if set(p.emails) & set(donor.emails)]

        both = [person.key for person in named if person in mailed] or [p.key for p in mailed or named]

        assert both == [donor.person], donor


def test_addresses_of_mail_and_phones_belong_to_nobody(church: Church) -> None:
    emails = {email for donor in church.donors for email in donor.emails}
    phones = {donor.mobile_phone for donor in church.donors if donor.mobile_phone}

    assert all(
        email.rpartition(".")[0].endswith("@example") or email.endswith(".example") for email in emails
    )
    assert all(len(phone) == 10 and phone[3:8] == "55501" for phone in phones)


def test_a_plain_church_has_sound_gifts_of_known_donors_only() -> None:
    church = generate(7, SUNDAY, donors=1200, gifts=1000, known=True)

    emails = Counter(email for person in church.people for email in person.emails)

    assert len(church.gifts_of_the_day()) == len(church.gifts) == 1000
    assert len({gift.donor for gift in church.gifts}) == 1000
    assert all(emails[donor.emails[0]] == 1 for donor in church.donors)


def test_a_plain_church_may_be_all_newcomers() -> None:
    church = generate(7, SUNDAY, donors=40, gifts=40, known=True, newcomers=40)

    assert church.people == ()
    assert {donor.outcome for donor in church.donors} == {"created"}


def test_too_few_donors_or_gifts_for_the_cases_are_refused() -> None:
    with pytest.raises(ValueError, match="donors"):
        generate(7, SUNDAY, donors=10)
    with pytest.raises(ValueError, match="gifts"):
        generate(7, SUNDAY, gifts=10)


def test_the_second_church_shares_names_and_emails_with_the_first() -> None:
    grace, hillside = sample_churches(7, SUNDAY)
    known = {(donor.name, donor.emails) for donor in grace.donors}

    assert sum((donor.name, donor.emails) in known for donor in hillside.donors) == 6
    assert grace.account != hillside.account


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)])
def test_a_day_of_a_clock_change_is_generated_whole(day: date) -> None:
    church = generate(7, day)

    assert sum(church.local_day(gift) == day for gift in church.gifts) == 120
