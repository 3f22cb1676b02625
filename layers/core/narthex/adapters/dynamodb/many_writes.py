"""Several writes at once, each by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

WRITERS = 8
"""How many writes are under way at once; within botocore's pool of ten connections."""

_Value = TypeVar("_Value")
_Result = TypeVar("_Result")


def write_many(write: Callable[[_Value], _Result], values: Sequence[_Value]) -> list[_Result]:
    """Do it for every value, whatever becomes of the others; then raise the first failure.

    Returns:
        The results, in the order of the values.
    """
    if len(values) <= 1:
        return [write(value) for value in values]
    with ThreadPoolExecutor(max_workers=WRITERS) as pool:
        futures = [pool.submit(write, value) for value in values]
    return [future.result() for future in futures]
