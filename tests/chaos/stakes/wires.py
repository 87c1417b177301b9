"""Rows 22, 26 and 32 at a venue's own wire: what its words are taken for, and what goes out, how often."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import aiohttp
import pytest

from karb_binance import order_words as binance_words
from karb_core.connection import over_http, told_outcome
from karb_core.connection.failures import NoAnswer
from karb_core.connection.fields import Pairs
from karb_core.connection.http_connection import HttpConnection
from karb_core.connection.over_http import OverHttp
from karb_core.domain.amount import Amount
from karb_core.domain.orders import Filled, Order, Outcome
from karb_core.wiring import virtual_loop
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.wall_clock import WallClock
from karb_upbit import order_words
from karb_upbit.account import UpbitAccount
from karb_upbit.client import Client
from karb_upbit.limits import told_left
from karb_upbit.wire import SeenOrder
from tests.chaos.stakes.stake import Stake
from tests.engine.scene import FACTS, PERP
from tests.plugins.karb_upbit.orders_told import (
    BTC,
    CHANCE,
    NOW,
    PRICES,
    SECOND,
    TICKS,
    approved,
    facts,
    order,
    told,
    trade,
)
from tests.plugins.karb_upbit.upbit_here import KEYS, Fate, InMemory, UpbitHere, served


def _upbit() -> UpbitHere:
    upbit = UpbitHere()
    upbit.on("GET /v1/orderbook/instruments", TICKS)
    upbit.on("GET /v1/ticker", PRICES)
    upbit.on("GET /v1/orders/chance", CHANCE)
    return upbit


def _found(said: object) -> Outcome:
    """What our order came to where Upbit says this of it."""

    async def found() -> Outcome:
        upbit, clock = _upbit(), VirtualClock()
        upbit.on("GET /v1/order", said)
        connection = HttpConnection(InMemory(upbit), clock, told_left, SECOND)
        return await UpbitAccount(Client(connection, KEYS), [BTC], clock).find(order())

    return virtual_loop.run(found(), NOW)


# 22


def guesses_at_no_word(place: Path) -> None:
    """Row 22. A state that is in none of a venue's pages ends nothing: what becomes of the order is unknown."""
    outcome = _found(told("settling", trade(1, "0.0004")))
    assert not isinstance(outcome, Filled), "a word that nobody knows was taken for one that is known"
    assert _found(told("wait", trade(1, "0.0004"))) != outcome


def takes_every_other_word_for_an_end(patch: pytest.MonkeyPatch) -> None:
    def judged(order: Order, seen: SeenOrder, cost: object) -> Outcome:
        filled, nothing = order.instrument.amount(seen.executed_volume), Amount.zero(order.instrument.quote)
        return Filled(order, filled, nothing, final=seen.state != "wait")

    patch.setattr(told_outcome, "_judged", judged)


def counts_what_was_executed(place: Path) -> None:
    """Row 22. Where a venue calls a part done, the part has filled, and no more."""
    outcome = _found(told("done", trade(1, "0.0004")))
    assert isinstance(outcome, Filled)
    assert outcome.final
    assert outcome.filled < order().amount, "the word was trusted and not the volume"


def takes_done_for_filled(patch: pytest.MonkeyPatch) -> None:
    counted = told_outcome._judged

    def judged(order: Order, seen: SeenOrder, cost: object) -> Outcome:
        outcome = counted(order, seen, cost)  # type: ignore[arg-type]
        assert isinstance(outcome, Filled)
        return replace(outcome, filled=order.amount) if seen.state == "done" else outcome

    patch.setattr(told_outcome, "_judged", judged)


# 26


def sends_each_request_once(place: Path) -> None:
    """Row 26. A connection that breaks on an order or a cancel is told of: neither goes out a second time."""
    upbit = asyncio.run(_broken())
    placed, cancelled = len(upbit.of("POST /v1/orders")), len(upbit.of("DELETE /v1/order"))
    assert placed == 1, "an order was sent again"
    assert cancelled == 1, "a cancel was sent again"


async def _broken() -> UpbitHere:
    upbit = _upbit()
    upbit.on("POST /v1/orders", Fate.DROPPED)
    upbit.on("DELETE /v1/order", Fate.DROPPED)
    async with served(upbit) as url:
        clock = WallClock()
        connection = HttpConnection(OverHttp(url, 5), clock, told_left, SECOND)
        account = UpbitAccount(Client(connection, KEYS), [BTC], clock)
        await account.place(approved())
        await account.cancel(order())
        await account.close()
    return upbit


def leaves_it_to_the_library(patch: pytest.MonkeyPatch) -> None:
    async def handed_on(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        return await handler(request)

    patch.setattr(over_http, "_once", handed_on)


def tries_what_it_sent_again(patch: pytest.MonkeyPatch) -> None:
    once = Client.place

    async def place(self: Client, fields: Pairs, *, reduces: bool) -> SeenOrder:
        for _ in range(2):
            try:
                return await once(self, fields, reduces=reduces)
            except NoAnswer:
                continue
        return await once(self, fields, reduces=reduces)

    patch.setattr(Client, "place", place)


# 32


def gives_way_to_the_owners_own_order(place: Path) -> None:
    """Row 32. Where an order of ours would meet one that the owner left at the venue, ours is cut and his stays."""
    with_upbit = dict(order_words.order_fields(order(), facts()))
    hedge = order(instrument=PERP, amount=PERP.amount(Decimal(100)), limit=PERP.price(Decimal(10)))
    with_binance = dict(binance_words.order_fields(hedge, FACTS[PERP]))
    assert with_upbit.get("smp_type") == "cancel_taker", "upbit would cancel the owner's order"
    assert with_binance.get("selfTradePreventionMode") == "EXPIRE_TAKER", "binance would let the two meet"


def leaves_it_to_upbit(patch: pytest.MonkeyPatch) -> None:
    _without(patch, order_words, "smp_type")


def leaves_it_to_binance(patch: pytest.MonkeyPatch) -> None:
    _without(patch, binance_words, "selfTradePreventionMode")


def _without(patch: pytest.MonkeyPatch, words: ModuleType, name: str) -> None:
    """What is sent says nothing of it, so the venue's own way holds."""
    fields = words.order_fields
    patch.setattr(words, "order_fields", lambda *of: tuple((k, v) for k, v in fields(*of) if k != name))


STAKES = (
    Stake(22, guesses_at_no_word, takes_every_other_word_for_an_end, "a word that nobody knows was taken"),
    Stake(22, counts_what_was_executed, takes_done_for_filled, "the word was trusted and not the volume"),
    Stake(26, sends_each_request_once, leaves_it_to_the_library, "a cancel was sent again"),
    Stake(26, sends_each_request_once, tries_what_it_sent_again, "an order was sent again"),
    Stake(32, gives_way_to_the_owners_own_order, leaves_it_to_upbit, "upbit would cancel the owner's order"),
    Stake(32, gives_way_to_the_owners_own_order, leaves_it_to_binance, "binance would let the two meet"),
)
