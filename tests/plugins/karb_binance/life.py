"""A stream of Binance's that lives in virtual time, the venue it hears, and everything it told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import partial
from random import Random
from urllib.parse import parse_qs, urlsplit

from karb_binance.futures import FUTURES
from karb_binance.params import StreamParams
from karb_binance.product import Product
from karb_binance.questions import manner_of
from karb_binance.running import Running
from karb_binance.spot.params import SpotStreamParams
from karb_binance.spot.product import SPOT
from karb_core.connection.failures import NoAnswer
from karb_core.connection.questions import Questions
from karb_core.connection.request import Answer
from karb_core.domain.market import Bar, Depth, MarketEvent, VenueState, VenueStatus
from karb_core.ports import Wants
from karb_core.wiring.virtual_clock import VirtualClock
from tests.connection.living import lives
from tests.connection.memory import MemoryVenue
from tests.plugins.karb_binance.market_told import BTC, MS, SPOT_BTC, diff, spot_diff

S = 1_000_000_000
MINUTE = 60 * S
#: 2026-11-21T05:00:00Z.
START = 1_795_237_200 * S
SETTLES = START + 3 * 3600 * S
_STATUS = {"/fapi/v1/fundingInfo": [{"symbol": "BTCUSDT", "fundingIntervalHours": 4}]}


@dataclass(slots=True)
class RestHere:
    """`last`: the id of the book as it is; `bid`: its best. `closes`: of each minute. `silent`: nothing is answered."""

    now_ns: Callable[[], int]
    last: int = 1000
    bid: int = 100
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    async def __call__(self, target: str) -> Answer:
        self.asked.append(target)
        if self.silent:
            raise NoAnswer("nobody listens")
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        headers = {"date": formatdate(self.now_ns() // S, usegmt=True)}
        return Answer(200, headers, json.dumps(self._told(path, query)).encode())

    def _told(self, path: str, query: dict[str, list[str]]) -> object:
        now_ms = self.now_ns() // MS
        if path == SPOT.books:
            return {"lastUpdateId": self.last, "bids": [[str(self.bid), "1"]], "asks": [[str(self.bid + 1), "1"]]}
        if path == FUTURES.books:
            book = {"bids": [[str(self.bid), "1"]], "asks": [[str(self.bid + 1), "1"]]}
            return {"lastUpdateId": self.last, "E": now_ms, "T": now_ms, **book}
        if path in (FUTURES.candles, SPOT.candles):
            since_ns, until_ns = int(query["startTime"][0]) * MS, int(query["endTime"][0]) * MS
            first = -(-since_ns // MINUTE)
            return [row(n * MINUTE) for n in range(first, min(until_ns, self.now_ns()) // MINUTE + 1)]
        if path == "/fapi/v1/fundingRate":
            since_ms, until_ms = int(query["startTime"][0]), int(query["endTime"][0])
            there = since_ms <= SETTLES // MS + 4 <= until_ms
            return [{"symbol": "BTCUSDT", "fundingTime": SETTLES // MS + 4, "fundingRate": "-0.0002"}] if there else []
        return _STATUS[path]


def row(start_ns: int) -> list[object]:
    """Of a minute: its close is its number since the start, and a thousand."""
    close = str(1000 + (start_ns - START) // MINUTE)
    return [start_ns // MS, close, close, close, close, "1", start_ns // MS + 59_999, "1", 1, "1", "1", "0"]


def kline(start_ns: int, at_ns: int, *, closed: bool) -> str:
    start_ms, o, h, l, c, v, *_ = row(start_ns)  # noqa: E741
    told = {"t": start_ms, "i": "1m", "o": o, "h": h, "l": l, "c": c, "v": v, "x": closed}
    return json.dumps({"e": "kline", "E": at_ns // MS, "s": "BTCUSDT", "k": told})


def mark(at_ns: int) -> str:
    told = {"e": "markPriceUpdate", "E": at_ns // MS, "s": "BTCUSDT", "p": "100.5", "i": "100.4", "r": "0.0001"}
    return json.dumps(told | {"T": (SETTLES if at_ns < SETTLES else SETTLES + 4 * 3600 * S) // MS})


class Life:
    """A feed that runs, the venue it hears on two lines, and everything it told."""

    def __init__(self, bars_ns: int, product: Product = FUTURES) -> None:
        self.product, futures = product, product is FUTURES
        self.instrument = BTC if futures else SPOT_BTC
        self.clock = VirtualClock()
        self.books, self.market, self.rest = MemoryVenue(), MemoryVenue(), RestHere(self.clock.world_ns)
        if not futures:
            self.market = self.books
        opens = (self.books.opens, self.market.opens)[: len(product.lines)]
        self.told: list[MarketEvent] = []
        asks, wants = Questions(self.rest, manner_of(product.venue)), Wants((self.instrument,), bars_ns, "close")
        params = StreamParams(network="production") if futures else SpotStreamParams(network="production")
        self.running = Running(product, params, wants, self.told.append, self.clock, opens, asks, Random(3))

    @property
    def now(self) -> int:
        return self.clock.world_ns()

    def moves(self, bid: int, *, lost: bool = False) -> None:
        """The venue's book moves; the change is told unless it is lost."""
        old, before = self.rest.bid, self.rest.last
        self.rest.bid, self.rest.last = bid, before + 7
        bids = [(str(old), "0"), (str(bid), "1")] if bid != old else []
        asks = [(str(old + 1), "0"), (str(bid + 1), "1")] if bid != old else []
        if not lost and self.books.lines and not self.books.lines[-1].ended:
            self.books.line.tell(self._change(before, before + 7, bids, asks))

    async def until(self, second: float, *, candles: bool = True) -> None:
        """Second by second the book, the mark, and each minute's candle at its end."""
        while self.now < START + int(second * S):
            self.moves(100 + self.now // S % 7)
            if self.market.lines and not self.market.lines[-1].ended:
                if self.product.marks:
                    self.market.line.tell(mark(self.now))
                minute = self.now - self.now % MINUTE
                if candles and self.now - minute < S:
                    self.market.line.tell(kline(minute - MINUTE, self.now, closed=True))
                self.market.line.tell(kline(minute, self.now, closed=False))
            await asyncio.sleep(1)

    def _change(self, before: int, last: int, bids: Sequence[tuple[str, str]], asks: Sequence[tuple[str, str]]) -> str:
        if self.product is SPOT:
            return spot_diff((before + 1, last), bids, asks, self.now)
        return diff((before + 3, last, before), bids, asks, self.now)

    def depths(self) -> list[Depth]:
        return [e for e in self.told if isinstance(e, Depth)]

    def bars(self) -> list[tuple[int, int]]:
        """When it opens, in minutes since the start, and its close."""
        return [((e.start_ns - START) // MINUTE, int(e.close)) for e in self.told if isinstance(e, Bar)]

    def states(self) -> list[VenueState]:
        return [e.state for e in self.told if isinstance(e, VenueStatus) and e.instrument is None]

    def notes(self) -> str:
        return "; ".join(e.note for e in self.told if isinstance(e, VenueStatus))


def lived(
    body: Callable[[Life], Awaitable[None]], bars_ns: int = MINUTE, hours: int = 24, product: Product = FUTURES
) -> None:
    lives(lambda: Life(bars_ns, product), lambda life: life.running.run(), body, START, hours)


#: What holds of every product holds of each.
EACH = [partial(lived, product=product) for product in (FUTURES, SPOT)]
