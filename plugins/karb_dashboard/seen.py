"""What the server knows of the house: asked again and again in threads, kept as values, told to whoever asks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from karb_core.errors import KarbError
from karb_core.ports import Document, ServedHouse
from karb_dashboard.history import History
from karb_dashboard.lights import light
from karb_dashboard.returns import Returns

_MARKET_S = 0.5  # karb: constant because it says how often a page is told prices, and nothing is decided by it
_BOOKS_S = 1.0  # karb: constant because it says how soon what was written is shown
_RULES_S = 60.0  # karb: constant because it says how soon a lock that was made is shown
#: Reading a long ledger takes time that the desk's process has not twice: so many times as long it is left alone.
_REST = 9  # karb: constant because it bounds the share of a processor that looking takes

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen:
    """One look. `unread`: why the books are those of an earlier look, None where they are of this one."""

    markets: Sequence[Document] = ()
    accounts: Sequence[Document] = ()
    books: Sequence[Document] = ()
    rules: Sequence[Document] = ()
    said: Sequence[Document] = ()
    market_at_ns: int = 0
    books_at_ns: int = 0
    unread: str | None = None


@dataclass(slots=True)
class Watching:
    """`seen` is replaced whole at each look; `changed` is called after each, with what was before.

    Edge: a look that fails leaves what was seen, and says why.
    """

    house: ServedHouse
    most: int
    changed: Callable[[Seen, Seen], None]
    seen: Seen = field(default_factory=Seen)
    history: History = field(default_factory=History)
    returns: Returns = field(default_factory=Returns)

    async def run(self) -> None:
        """Until it is cancelled."""
        await asyncio.gather(
            _again(self.look_at_market, _MARKET_S),
            _again(self.look_at_books, _BOOKS_S),
            _again(self._look_at_rules, _RULES_S),
        )

    async def look_at_market(self) -> float:
        (found, accounts, said), took_s = await _timed(
            lambda: (self.house.markets(), self.house.accounts(), self.house.said(0))
        )
        markets = [{**told, "light": light(told, self.seen.books, self.seen.rules)} for told in found]
        self.history.take(markets, self.house.now_ns())
        self.returns.take(markets)
        self._see(markets=markets, accounts=accounts, said=said, market_at_ns=self.house.now_ns())
        return took_s

    async def look_at_books(self) -> float:
        try:
            books, took_s = await _timed(lambda: self.house.books(self.most))
        except KarbError as e:
            self._see(unread=str(e))
            return 0
        self._see(books=books, books_at_ns=self.house.now_ns(), unread=None)
        return took_s

    async def _look_at_rules(self) -> float:
        rules, took_s = await _timed(self.house.rules)
        self._see(rules=rules)
        return took_s

    def _see(self, **new: Any) -> None:
        before = self.seen
        self.seen = Seen(**{name: new.get(name, getattr(before, name)) for name in Seen.__slots__})
        self.changed(before, self.seen)


async def _timed(look: Callable[[], T]) -> tuple[T, float]:
    """What it came to, asked in a thread, and what processor time that took: a busy machine makes no look longer."""

    def asked() -> tuple[T, float]:
        began_s = time.thread_time()
        return look(), time.thread_time() - began_s

    return await asyncio.to_thread(asked)


async def _again(look: Callable[[], Awaitable[float]], every_s: float) -> None:
    while True:
        await asyncio.sleep(max(every_s, _REST * await look()))
