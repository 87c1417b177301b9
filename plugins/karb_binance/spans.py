"""A list that Binance tells a span of time and a page at a time, whole: so that nothing can be missed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from karb_core.connection.failures import NoAnswer

T = TypeVar("T")


async def whole(
    from_ms: int, until_ms: int, window_ms: int, page: int, ask: Callable[[int, int], Awaitable[Sequence[T]]]
) -> list[T]:
    """`ask`: what there is between two times, both inclusive, `page` rows at most. Time is cut into spans that are not longer
    than the window; a span whose page is full is halved until none is, so that a page that is not full is all of it.

    Errors: as those of `ask`; `NoAnswer` where it cannot be proven that these are all.
    """
    found: list[T] = []
    spans = [(from_ms, until_ms)]
    while spans:
        begin, end = spans.pop()
        if end - begin > window_ms:
            spans += [(end - window_ms, end), (begin, end - window_ms - 1)]
            continue
        rows = await ask(begin, end)
        if len(rows) < page:
            found += rows
        elif begin >= end:
            raise NoAnswer("more rows in one millisecond than binance lists")
        else:
            middle = (begin + end) // 2
            spans += [(middle + 1, end), (begin, middle)]
    return found
