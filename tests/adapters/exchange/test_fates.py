from __future__ import annotations

import inspect

import httpx
import pytest

from narthex.adapters.exchange.fates import FATES, RAISED_BY_HTTPX, Fate, fate_of

EXCEPTIONS = [
    member
    for name in httpx.__all__
    if inspect.isclass(member := getattr(httpx, name)) and issubclass(member, Exception)
]


@pytest.mark.parametrize("exception", EXCEPTIONS)
def test_every_exception_of_httpx_has_a_place_in_the_table(exception: type[Exception]) -> None:
    assert exception in FATES


@pytest.mark.parametrize("exception", EXCEPTIONS)
def test_every_exception_of_httpx_is_caught(exception: type[Exception]) -> None:
    assert issubclass(exception, RAISED_BY_HTTPX)


def test_the_table_names_nothing_else() -> None:
    assert set(FATES) == set(EXCEPTIONS)


def test_only_what_happens_before_the_request_leaves_counts_as_not_sent() -> None:
    not_sent = {exception for exception, fate in FATES.items() if fate is Fate.NOT_SENT}

    assert not_sent == {httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError}


def test_an_exception_that_is_new_to_us_has_an_unknown_outcome() -> None:
    class NewError(httpx.NetworkError):
        """As a later httpx might have it."""

    assert fate_of(NewError("what next")) is Fate.UNKNOWN


def test_a_kind_of_connect_error_that_is_new_to_us_was_not_sent() -> None:
    class NameNotFoundError(httpx.ConnectError):
        """As a later httpx might have it."""

    assert fate_of(NameNotFoundError("no such host")) is Fate.NOT_SENT
