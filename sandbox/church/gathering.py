"""Gathers a crowd: how many of each case the sample has, or a plain crowd for benchmarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.church.people import Crowd

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from sandbox.church.plan import Donor

FAMILIES = 10
FAMILY_SIZES = (2, 3, 2, 4)
MISSING_EMAILS = 5
NEWCOMERS = 5
NON_GIVERS_PER_DONOR = 8
"""One person who gives nothing for so many donors."""


def gather(rng: Random, donors: int) -> Crowd:
    """Return the sample's crowd of so many donors, with every case.

    Raises:
        ValueError: there is no room for the cases.
    """
    crowd = Crowd(rng)
    for number in range(FAMILIES):
        crowd.family(FAMILY_SIZES[number % len(FAMILY_SIZES)])
    crowd.namesakes()
    crowd.with_diacritics()
    crowd.second_email()
    for _ in range(MISSING_EMAILS):
        crowd.without_email()
    for _ in range(NEWCOMERS):
        crowd.newcomer()
    crowd.without_email_among_namesakes()
    crowd.contradicted_by_phone()
    crowd.other_first_name()
    crowd.several_candidates()
    crowd.merged()
    crowd.company()
    if len(crowd.donors) > donors:
        raise ValueError(f"the sample's cases need at least {len(crowd.donors)} donors")
    while len(crowd.donors) < donors:
        crowd.known()
    for _ in range(donors // NON_GIVERS_PER_DONOR):
        crowd.non_giver()
    return crowd


def gather_plain(rng: Random, donors: int, newcomers: int, also: Sequence[Donor]) -> Crowd:
    """Return a crowd without surprises: known by email, save for the newcomers; `also` are copied into it.

    Raises:
        ValueError: more donors are asked for by kind than in all.
    """
    if newcomers + len(also) > donors:
        raise ValueError("there cannot be more newcomers and others than donors")
    crowd = Crowd(rng)
    for donor in also:
        crowd.copy(donor)
    for _ in range(donors - newcomers - len(also)):
        crowd.known()
    for _ in range(newcomers):
        crowd.newcomer()
    return crowd
