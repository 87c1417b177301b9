"""A lab that runs beside the test: clients that block can be used, and everything is told to it by its control address."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from decimal import Decimal
from ssl import SSLContext
from threading import Thread
from typing import Any, Self
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from karb_core.domain.instrument import Instrument
from karb_core.ports import Clock
from karb_core.wiring.wall_clock import WallClock
from karb_lab.binance_futures.account import futures_account
from karb_lab.binance_spot.account import spot_account
from karb_lab.bithumb.account import FEE, bithumb_account
from karb_lab.lab import Lab
from karb_lab.made_up import MadeUp
from karb_lab.upbit.account import upbit_account
from karb_lab.venue import Venue

_LIMIT_S = 60
KEY, SECRET = "lab-access-key", "lab-secret-key-which-opens-nothing"
BTC, ETH = Instrument("upbit", "BTC", "KRW"), Instrument("upbit", "ETH", "KRW")
BITHUMB_BTC, BITHUMB_ETH = Instrument("bithumb", "BTC", "KRW"), Instrument("bithumb", "ETH", "KRW")
SPOT_BTC, SPOT_ETH = Instrument("binance_spot", "BTC", "USDT"), Instrument("binance_spot", "ETH", "USDT")
PERPETUAL, ETH_PERPETUAL = Instrument("binance_usdm", "BTC", "USDT"), Instrument("binance_usdm", "ETH", "USDT")
OPENING = {"KRW": Decimal(45_000_000), "BTC": Decimal("0.25")}


class Still:
    """A clock that a test moves."""

    def __init__(self, at_ns: int = 1_795_237_200_000_000_000) -> None:
        self.at_ns = at_ns

    def now_ns(self) -> int:
        return self.at_ns

    async def sleep_until(self, at_ns: int | None) -> None:
        self.at_ns = max(self.at_ns, at_ns or 0)


def upbit(clock: Clock) -> tuple[Venue, list[MadeUp]]:
    """An Upbit with two coins that have traded for three hours, and stand still until they are told otherwise."""
    account = upbit_account("owner", KEY, SECRET, OPENING, ("BTC", "ETH"))
    venue = Venue([account], clock)
    begins = {BTC: Decimal(124_350_000), ETH: Decimal(4_100_000)}
    markets = [MadeUp(venue.facts[one], price, Decimal(20_000_000), "tests") for one, price in begins.items()]
    for market in markets:
        market.past(venue.market[market.instrument].tape, clock.now_ns(), 180)
    return venue, markets


def bithumb(clock: Clock) -> tuple[Venue, list[MadeUp]]:
    """A Bithumb whose account has no coupon, as `upbit`."""
    account = bithumb_account("owner", KEY, SECRET, OPENING, ("BTC", "ETH"), FEE)
    venue = Venue([account], clock)
    begins = {BITHUMB_BTC: Decimal(124_330_000), BITHUMB_ETH: Decimal(4_100_000)}
    markets = [MadeUp(venue.facts[one], price, Decimal(20_000_000), "tests") for one, price in begins.items()]
    for market in markets:
        market.past(venue.market[market.instrument].tape, clock.now_ns(), 180)
    return venue, markets


def spot(clock: Clock) -> tuple[Venue, list[MadeUp]]:
    """Binance spot of two coins, as `upbit`."""
    account = spot_account("owner", KEY, SECRET, {"USDT": Decimal(31_000), "BTC": Decimal("0.25")}, ("BTC", "ETH"))
    venue = Venue([account], clock)
    begins = {SPOT_BTC: Decimal(84_120), SPOT_ETH: Decimal(2_800)}
    markets = [MadeUp(venue.facts[one], price, Decimal(20_000), "tests") for one, price in begins.items()]
    for market in markets:
        market.past(venue.market[market.instrument].tape, clock.now_ns(), 180)
    return venue, markets


def futures(clock: Clock) -> tuple[Venue, list[MadeUp]]:
    """Futures of two coins with a mark and a rate to come, as `upbit`."""
    account = futures_account("owner", KEY, SECRET, {"USDT": Decimal(31_000)}, ("BTC", "ETH"), Decimal(5))
    venue = Venue([account], clock)
    begins = {PERPETUAL: Decimal(84_120), ETH_PERPETUAL: Decimal(2_800)}
    markets = [MadeUp(venue.facts[one], price, Decimal(20_000), "tests") for one, price in begins.items()]
    for market in markets:
        market.past(venue.market[market.instrument].tape, clock.now_ns(), 180)
    return venue, markets


Makes = Callable[[Clock], tuple[Venue, list[MadeUp]]]


class RunningLab:
    """Its own thread, its own loop, ports that are free. `venues`: Upbit and futures where none is named. `book`: a book
    that stands until the next one."""

    def __init__(self, tls: SSLContext | None = None, *venues: Makes) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="lab")
        self._tls = tls
        self._venues = venues or (upbit, futures)

    def __enter__(self) -> Self:
        self._thread.start()
        self.lab = self._do(self._started())
        return self

    def __exit__(self, *how: object) -> None:
        self._do(self.lab.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def address(self, venue: str) -> str:
        return self.lab.doors[venue].address

    def port(self, venue: str) -> int:
        return self.lab.doors[venue].port

    def tell(self, path: str, told: Mapping[str, object] | None = None, method: str = "POST") -> Any:
        body = None if told is None else json.dumps(told).encode()
        request = Request(f"{self.lab.control.address}/{path}", body, method=method)
        try:
            with urlopen(request, timeout=_LIMIT_S) as answer:
                return json.load(answer)
        except HTTPError as refused:
            with refused:
                return json.load(refused)

    def book(self, bids: list[tuple[str, str]], asks: list[tuple[str, str]], of: Instrument = BTC) -> None:
        self.tell(f"{of.venue}/book", {"instrument": of.text(), "bids": bids, "asks": asks})

    def books(self, venue: str = "upbit") -> Any:
        """Balances and fills of the account as the venue's own books have them."""
        return self.tell(f"{venue}/accounts", method="GET")["owner"]

    def fault(self, kind: str, venue: str = "upbit", **more: object) -> None:
        self.tell(f"{venue}/faults", {"kind": kind, **more})

    async def _started(self) -> Lab:
        clock = WallClock()
        made = [makes(clock) for makes in self._venues]
        lab = Lab([venue for venue, _ in made], [one for _, markets in made for one in markets], tls=self._tls)
        await lab.start()
        return lab

    def _do(self, work: Any) -> Any:
        done: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result(_LIMIT_S)
