"""What the tests of the services share."""

from __future__ import annotations

import pytest

from tests.support.parish_push import ParishPush


@pytest.fixture
def church() -> ParishPush:
    return ParishPush()
