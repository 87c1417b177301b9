"""What is heard where one line tells everything: each message is read once, and goes to whom it is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from karb_binance.hearing_books import HearingBooks
from karb_binance.hearing_market import HearingMarket
from karb_binance.market_wire import read
from karb_core.connection.typed_body import Unreadable


@dataclass(frozen=True, slots=True)
class HearingAll:
    """`Hears` for books and candles together. A market in which nobody trades tells no candle: the time of its book says
    when one has closed all the same.
    """

    books: HearingBooks
    market: HearingMarket

    def asks(self) -> Sequence[str]:
        return [*self.books.asks(), *self.market.asks()]

    def opened(self, now_ns: int) -> None:
        self.books.opened(now_ns)
        self.market.opened(now_ns)

    def heard(self, message: bytes, now_ns: int) -> int | None:
        try:
            frame = read(message)
            at_ns = (self.books if frame.event == "depthUpdate" else self.market).take(frame, now_ns)
        except Unreadable as e:
            self.books.cannot_read(e, now_ns)
            return None
        if at_ns is not None:
            self.market.venue_ns = max(self.market.venue_ns, at_ns)
        return at_ns
