from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox.planning_center.church import Church

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def church() -> Iterator[Church]:
    church = Church()
    yield church
    church.client.close()
