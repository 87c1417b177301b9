"""One line that money depends on: what must be seen, and the naive version that it must find."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stake:
    """`check` holds the house to a row, in a folder of its own; its docstring begins with the row's number.

    `naive` puts in place what the row warns of. `found` is the sentence with which the check then fails, so that it
    fails for the row's reason and no other.
    """

    row: int
    check: Callable[[Path], None]
    naive: Callable[[pytest.MonkeyPatch], None]
    found: str


async def unbroken(work: Coroutine[Any, Any, T]) -> T:
    """What the work gives; an error that comes out of it has skipped whatever would have followed."""
    try:
        return await work
    except Exception as e:
        raise AssertionError(f"an error came out and skipped what follows: {e}") from e
