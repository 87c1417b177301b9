"""`ccxt.orders` and `ccxt.books` keep to the contracts of their ports, over real HTTP to local venues."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest

pytest.importorskip("ccxt", reason="needs karb[ccxt]")
pytest.importorskip("aiohttp", reason="needs karb[live]")

from karb_ccxt.books import Books
from karb_ccxt.order_words import order_id
from karb_ccxt.orders import Orders
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Order, Side, TimeInForce
from karb_core.ports import OpenAccount, Wants
from karb_core.testing.executor_contract import ExecutorContract
from karb_core.testing.feed_contract import FeedContract, Source
from tests.plugins.karb_lab.running import KEY, PERPETUAL, SECRET, RunningLab, futures, spot

MINUTE = 60 * 1_000_000_000
SWAP, SPOT = Instrument("far", "BTC", "USDT"), Instrument("spot", "BTC", "USDT")
#: By venue of these files: what the lab calls it, what ccxt does, and which markets.
THERE = {"far": ("binance_usdm", "binanceusdm", "swap"), "spot": ("binance_spot", "binance", "spot")}


def params(venue: str, **more: str) -> str:
    _, exchange, market = THERE[venue]
    told = {"exchange": exchange, "venue": venue, "market": market, **more}
    return "".join(f"{name}: {value}\n" for name, value in told.items())


@dataclass
class LabVenue:
    """The lab as the contract's venue: an order is taken at a book that stands."""

    lab: RunningLab
    of: Instrument
    number: int = field(default=0)

    @property
    def there(self) -> Instrument:
        return Instrument(THERE[self.of.venue][0], self.of.base, self.of.quote)

    def order(self) -> Order:
        self.lab.book([("84000.0", "5")], [("84100.0", "5")], self.there)
        self.number += 1
        return Order(
            id=f"karb-m1-abcdefghij234567-1-{self.number}",
            intent_id="abcdefghij234567",
            leg=1,
            instrument=self.of,
            side=Side.BUY,
            amount=self.of.amount(Decimal("0.01")),
            limit=self.of.price(Decimal("84100")),
            cost=None,
            time_in_force=TimeInForce.IOC,
            reduce_only=False,
        )

    def refuses(self) -> None:
        self.lab.fault("reject", self.there.venue, method="POST", times=1, code="-1111", message="Precision is over.")

    def loses(self) -> None:
        self.lab.fault("lost_answer", self.there.venue, method="POST", times=1)

    def silent(self) -> None:
        self.lab.tell(f"{self.there.venue}/crash")

    def answers(self) -> None:
        self.lab.tell(f"{self.there.venue}/restore")

    def arrived(self) -> list[str]:
        rows = self.lab.tell(f"{self.there.venue}/arrived", method="GET")
        sent = [parse_qs(row["asked"]) for row in rows if row["method"] == "POST"]
        return [order_id(told["newClientOrderId"][0], "letters_digits") for told in sent if "newClientOrderId" in told]


class AtTheLab(ExecutorContract):
    """Requests are stamped by the machine's time, as the lab's are; what waits, waits by a clock that is moved by hand."""

    component = Orders
    key = f"{KEY}:{SECRET}"
    of: ClassVar[Instrument]

    @pytest.fixture(autouse=True)
    def _with_lab(self) -> Iterator[None]:
        with RunningLab(None, spot, futures) as self.lab:
            self.since_ns = time.time_ns() - MINUTE
            yield

    def venue(self) -> LabVenue:
        return LabVenue(self.lab, self.of)

    def opened(self, component: Any, venue: Any, instruments: Collection[Instrument]) -> OpenAccount:
        address = self.lab.address(venue.there.venue)
        account = Orders(component._params.model_copy(update={"address": address})).open_account(
            instruments, self.secrets, self.clock()
        )
        account._exchange.milliseconds = lambda: time.time_ns() // 1_000_000
        return account


class TestSpotOrders(AtTheLab):
    of = SPOT
    params = params("spot", keys="secret:far", ids="as_is", leverage="none", margin="none")
    vary: ClassVar = {"exchange": "okx", "venue": "other", "market": "swap", "keys": "secret:another"}
    unshown: ClassVar = {
        "ids": "how an id is written shows in what is sent: test_order_words.py",
        "leverage": "compared with what an account says: test_account.py",
        "margin": "as the leverage",
    }


class TestSwapOrders(AtTheLab):
    of = SWAP
    params = params("far", keys="secret:far", ids="letters_digits", leverage="1", margin="isolated")
    vary = TestSpotOrders.vary | {"market": "spot"}
    unshown = TestSpotOrders.unshown


class TestBooks(FeedContract):
    component = Books
    params = params("far")
    vary: ClassVar = {"exchange": "okx", "venue": "other", "market": "spot"}

    @pytest.fixture(autouse=True)
    def _with_lab(self) -> Iterator[None]:
        with RunningLab(None, futures) as self.lab:
            yield

    def outcomes(self, component: Any) -> object:
        return component._params.exchange, component._params.market, component.venues(component._params)

    @asynccontextmanager
    async def source(self, component: Any) -> AsyncIterator[Source]:
        prices = (f"{84_000 + step}.0" for step in range(1000))
        quick = {"every": "20ms", "marks_every": "20ms", "back_off": "20ms", "back_off_cap": "20ms"}
        led = component._params.model_copy(
            update={"address": self.lab.address("binance_usdm")}
            | {name: timedelta(milliseconds=int(value.removesuffix("ms"))) for name, value in quick.items()}
        )

        async def tell() -> None:
            self.lab.book([(next(prices), "1")], [("85000.0", "1")], PERPETUAL)

        async def breaks() -> None:
            self.lab.tell("binance_usdm/crash")
            self.lab.tell("binance_usdm/restore")

        now_ns = time.time_ns() // MINUTE * MINUTE
        past = now_ns - 30 * MINUTE, now_ns
        yield Source(Books(led), Wants((SWAP,), MINUTE, "close"), tell, breaks, past)
