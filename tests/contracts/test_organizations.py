from __future__ import annotations

from datetime import time

import pytest

from narthex.domain.errors import InvalidInputError
from narthex.domain.organization import HeldGifts, Settings, Switches
from narthex.ports import OrganizationStore
from tests.support.builders import CHURCH, an_organization


def test_an_organization_comes_back_as_it_was_put(organizations: OrganizationStore) -> None:
    settings = Settings(
        push_at=time(6, 30),
        held_gifts=HeldGifts.COMMIT_WITHOUT,
        paused=True,
        switches=Switches(push_donors=False),
    )
    organization = an_organization(settings=settings)

    organizations.put(organization)

    assert organizations.get(CHURCH) == organization


def test_an_organization_is_replaced(organizations: OrganizationStore) -> None:
    organizations.put(an_organization())

    organizations.put(an_organization(time_zone="Europe/Lisbon"))

    assert organizations.get(CHURCH).time_zone == "Europe/Lisbon"


def test_an_unknown_organization_is_named(organizations: OrganizationStore) -> None:
    with pytest.raises(InvalidInputError, match="organization_id: there is no organization 'nobody'"):
        organizations.get("nobody")


@pytest.mark.parametrize("no_id", ["", "x" * 3000])
def test_what_can_be_no_id_is_an_unknown_organization(organizations: OrganizationStore, no_id: str) -> None:
    with pytest.raises(InvalidInputError, match="organization_id: there is no organization"):
        organizations.get(no_id)
