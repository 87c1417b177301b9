"""An Upbit in virtual time that trades, breaks, hangs, stands still and is maintained: what it traded is the truth."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.connection.memory import MemoryVenue
from tests.plugins.karb_upbit.market_here import MINUTE, Candle, RestHere, S, book, candle

CODE = "KRW-BTC"


@dataclass(slots=True)
class VenueThatLives:
    """Each second it may trade, and tells who is subscribed: a book, and the candle as it is now where something traded.

    `maintained`: nothing trades and nobody gets through. `frozen`: it trades, and its stream repeats what it told last.
    """

    now_ns: Callable[[], int]
    draw: Random
    stream: MemoryVenue = field(default_factory=MemoryVenue)
    maintained: bool = False
    frozen: bool = False
    price: int = 1000
    last_book: str = ""
    rest: RestHere = field(init=False)
    _known_lines: int = 0

    def __post_init__(self) -> None:
        self.rest = RestHere(self.now_ns)
        self.rest.candles[CODE] = {}

    @property
    def truth(self) -> dict[int, Candle]:
        return self.rest.candles[CODE]

    async def live(self) -> None:
        while True:
            await asyncio.sleep(1)
            traded = not self.maintained and self.draw.random() < 0.3
            if traded:
                self._trade()
            self._tell(traded)

    def cut(self) -> None:
        if self.stream.lines and not self.stream.lines[-1].ended:
            self.stream.lines[-1].cut()

    def _trade(self) -> None:
        self.price = max(100, self.price + self.draw.randrange(-9, 10))
        start = self.now_ns() - self.now_ns() % MINUTE
        was = self.truth.get(start)
        price, amount = float(self.price), float(self.draw.randrange(1, 9))
        self.truth[start] = (
            (price, price, price, price, amount)
            if was is None
            else (was[0], max(was[1], price), min(was[2], price), price, was[4] + amount)
        )

    def _tell(self, traded: bool) -> None:
        lines = self.stream.lines
        if not lines or lines[-1].ended or not lines[-1].said or self.maintained:
            return
        line, is_new = lines[-1], len(lines) != self._known_lines
        self._known_lines = len(lines)
        if self.frozen and self.last_book:
            line.tell(self.last_book)
            return
        if (traded or is_new) and self.truth:
            start = max(self.truth)
            line.tell(candle(CODE, start, self.truth[start], self.now_ns()))
        self.last_book = book(CODE, self.now_ns(), self.price - 1, self.price + 1)
        line.tell(self.last_book)


def minutes(truth: dict[int, Candle], until_ns: int) -> dict[int, Candle]:
    """Those that have closed, with a little patience."""
    return {at: values for at, values in truth.items() if at + MINUTE + 3 * S <= until_ns}
