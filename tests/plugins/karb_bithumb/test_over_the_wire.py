"""`bithumb.orders` as a house opens it, against a server on this machine: from the file's line to bytes and back."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from karb_bithumb.orders import Orders, OrdersParams
from karb_core.domain.orders import Filled, Unknown
from karb_core.domain.statement import VenueSilent
from karb_core.errors import StrategyInvalid
from karb_core.ports import OpenAccount, OpensAccount, Stage
from karb_core.texts.text import Words, render
from karb_core.wiring.wall_clock import WallClock
from tests.plugins.karb_bithumb.bithumb_here import KEYS, BithumbHere
from tests.plugins.karb_bithumb.orders_told import (
    ACCOUNTS,
    BTC,
    CHANCE_RAW,
    NOW,
    PRICES,
    SECOND,
    approved,
    order,
    page,
    taken,
    told,
    trade,
)
from tests.plugins.karb_upbit.upbit_here import Fate, served

D = Decimal
PLACE, FIND, CANCEL = "POST /v2/orders", "GET /v1/order", "DELETE /v2/order"
SECRET = f"{KEYS.access}:{KEYS.secret}"
Doing = Callable[[OpenAccount, BithumbHere], Awaitable[None]]


def component(url: str = "https://api.bithumb.com", timeout: str = "5s") -> Orders:
    return Orders(OrdersParams.model_validate({"keys": "secret:bithumb", "base_url": url, "timeout": timeout}))


def over_the_wire(doing: Doing, *, timeout: str = "5s") -> BithumbHere:
    bithumb = BithumbHere()
    bithumb.on("GET /v1/ticker", PRICES)
    bithumb.on("GET /v1/orders/chance", (200, CHANCE_RAW))

    async def run() -> None:
        async with served(bithumb) as url:
            account = component(url, timeout).open_account([BTC], lambda name: SECRET, WallClock())
            try:
                await doing(account, bithumb)
            finally:
                await account.close()

    asyncio.run(run())
    return bithumb


def test_it_opens_accounts_and_says_which_without_a_key() -> None:
    opens = component()
    assert isinstance(opens, OpensAccount)
    assert (opens.account(), opens.stage, opens.venues(OrdersParams.model_construct())) == (
        "bithumb secret:bithumb",
        Stage.EXPERIMENTAL,
        frozenset({"bithumb"}),
    )


def test_a_whole_order_from_facts_to_fills() -> None:
    async def doing(account: OpenAccount, bithumb: BithumbHere) -> None:
        whole = told("done", trade(1, "0.0004"), trade(2, "0.0006"))
        bithumb.on(PLACE, taken())
        bithumb.on(FIND, whole)
        bithumb.on("GET /v2/orders/pending", page())
        bithumb.on("GET /v2/orders/history", page(whole), page())
        bithumb.on("GET /v1/accounts", ACCOUNTS)
        assert (await account.facts())[BTC].tick_at(D(124330000)) == 1000
        found = await account.place(approved())
        assert isinstance(found, Filled)
        assert (found.filled.value, found.cost.value, found.final) == (D("0.001"), D("124330"), True)
        fills = await account.fills_since(NOW - 60 * SECOND)
        assert sum(fill.fee.value for fill in fills) == D("310.825")

    assert len(over_the_wire(doing).of(PLACE)) == 1


@pytest.mark.parametrize("said", [Fate.DROPPED, (502, b"<html></html>"), (201, b'{"order_id":')], ids=str)
def test_an_order_without_an_answer_is_sent_once_over_a_connection_that_was_kept(said: Any) -> None:
    async def doing(account: OpenAccount, bithumb: BithumbHere) -> None:
        await account.facts()
        bithumb.on(PLACE, said)
        bithumb.on(FIND, told("done", trade(1, "0.0004")))
        assert isinstance(await account.place(approved()), Unknown)
        assert isinstance(await account.find(order()), Filled)

    assert len(over_the_wire(doing).of(PLACE)) == 1


def test_a_cancel_without_an_answer_is_sent_once() -> None:
    async def doing(account: OpenAccount, bithumb: BithumbHere) -> None:
        await account.facts()
        bithumb.on(CANCEL, Fate.DROPPED)
        await account.cancel(order())

    assert len(over_the_wire(doing).of(CANCEL)) == 1


@pytest.mark.parametrize("value", ["", "only-one-part-of-it", "planted:se cret"])
def test_a_secret_that_is_no_key_is_refused_without_a_part_of_it(value: str) -> None:
    with pytest.raises(StrategyInvalid) as no:
        component().open_account([BTC], lambda name: value, WallClock())
    assert isinstance(no.value.said, Words)
    for lang in ("en", "ko"):
        text = render(no.value.said, lang)
        assert "secret:bithumb" in text
        assert all(part not in text for part in value.split(":") if part)


def test_neither_half_of_the_key_is_ever_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []

    async def doing(account: OpenAccount, bithumb: BithumbHere) -> None:
        bithumb.on(PLACE, (400, {"error": {"name": "insufficient_funds_bid", "message": "-"}}))
        bithumb.on("GET /v1/accounts", (401, {"error": {"name": "invalid_access_key", "message": "-"}}))
        await account.facts()
        shown.append(repr(await account.place(approved())))
        try:
            await account.balances()
        except VenueSilent:
            shown.append(traceback.format_exc())

    over_the_wire(doing)
    everything = "\n".join([*shown, caplog.text])
    assert "insufficient_funds_bid" in everything
    assert KEYS.access not in everything
    assert KEYS.secret not in everything
