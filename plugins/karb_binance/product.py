"""Which of Binance's products is asked: its paths, its words of a book, and whether there is a mark price and funding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from karb_binance.book_building import Change, Snapshot
from karb_binance.market_wire import Frame


@dataclass(frozen=True, slots=True)
class Product:
    """candles, books, time: where REST tells them; candle_page: how many candles at once at most. change, snapshot: a change of a
    book, and a book by REST of so many levels a side as were asked for; `Unreadable`. lines: what is heard over each, the
    books first; one where it tells everything. marks: whether there are mark prices, and funding that is settled.
    """

    venue: str
    candles: str
    candle_page: int
    books: str
    time: str
    change: Callable[[Frame], Change]
    snapshot: Callable[[bytes, int], Snapshot]
    lines: tuple[str, ...]
    marks: bool
