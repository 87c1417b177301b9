"""Closed bars of a venue whose candles come newest first, so many at once, before a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from karb_core.connection.bars_made import in_order, made_longer
from karb_core.domain.market import Bar


@dataclass(frozen=True, slots=True)
class Page:
    """at_ns: the venue's clock when it told them, None where it told none."""

    bars: Sequence[Bar]
    at_ns: int | None


class DoesNotGoBack(Exception):
    """A page that is no older than the one before: more of them would not end."""


async def closed_bars(
    ask: Callable[[int], Awaitable[Page]], most: int, bars_ns: int, since_ns: int, until_ns: int, late_ns: int
) -> list[Bar]:
    """Bars that begin from `since_ns` (inclusive) and closed by `until_ns`, oldest first. What nothing traded in has none.

    ask: a page of candles that open before a time; `most`: how many are in one. The venue never says that a candle is
    closed: one is where its clock was `late_ns` past its end when it was asked (to the second, rounded down), and without
    a clock where a later one is there. Errors: as `ask`; `DoesNotGoBack`.
    """
    found: list[Bar] = []
    to_ns, asked_ns = until_ns, None
    while True:
        page = await ask(to_ns)
        asked_ns = page.at_ns if asked_ns is None else asked_ns
        found += page.bars
        oldest_ns = min((each.start_ns for each in page.bars), default=since_ns)
        if len(page.bars) < most or oldest_ns <= since_ns:
            break
        if oldest_ns >= to_ns:
            raise DoesNotGoBack
        to_ns = oldest_ns
    whole = made_longer((b for b in in_order(found) if b.start_ns >= since_ns - since_ns % bars_ns), bars_ns)
    last_ns = max((each.start_ns for each in found), default=0)
    by_ns = min(until_ns, last_ns if asked_ns is None else asked_ns - late_ns)
    return [each for each in whole if each.start_ns >= since_ns and each.end_ns <= by_ns]
