"""An account through ccxt: what it may conclude of an order, and what it never says."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("ccxt", reason="needs karb[ccxt]")
pytest.importorskip("aiohttp", reason="needs karb[live]")

from karb_ccxt.account import CcxtAccount
from karb_ccxt.orders import Orders, OrdersParams
from karb_core.domain.approved import Approved
from karb_core.domain.orders import Filled, Rejected, Unknown
from karb_core.domain.statement import VenueSilent
from karb_core.errors import StrategyInvalid
from karb_core.testing.hearing import SteadyClock
from karb_core.testing.scene import NOW
from karb_core.testing.written import data_of, params_of
from tests.plugins.karb_ccxt.test_contract import SPOT, SWAP, LabVenue, params
from tests.plugins.karb_lab.running import KEY, SECRET, RunningLab, bithumb, futures, spot, upbit

SECOND = 1_000_000_000
Course = Callable[[CcxtAccount, SteadyClock], Awaitable[None]]


@pytest.fixture
def lab() -> Iterator[RunningLab]:
    with RunningLab(None, upbit, bithumb, spot, futures) as running:
        yield running


def built(lab: RunningLab, written: str, there: str) -> Orders:
    made = params_of(OrdersParams, data_of(written))
    assert isinstance(made, OrdersParams)
    return Orders(made.model_copy(update={"address": lab.address(there)}))


def at(lab: RunningLab, course: Course, key: str = f"{KEY}:{SECRET}") -> None:
    """The swap account, with a clock that is moved by hand."""

    async def run() -> None:
        clock = SteadyClock(NOW)
        component = built(
            lab, params("far", keys="secret:far", ids="as_is", leverage="1", margin="isolated"), "binance_usdm"
        )
        account: Any = component.open_account((SWAP,), lambda _: key, clock)
        account._exchange.milliseconds = lambda: time.time_ns() // 1_000_000
        try:
            await course(account, clock)
        finally:
            await account.close()

    asyncio.run(run())


def test_that_an_exchange_knows_no_order_is_believed_once_it_was_seen_to_find_one_by_our_id(lab: RunningLab) -> None:
    venue = LabVenue(lab, SWAP)
    never, taken = venue.order(), venue.order()

    async def course(account: CcxtAccount, clock: SteadyClock) -> None:
        clock.at_ns += 120 * SECOND
        found = await account.find(never)
        assert isinstance(found, Unknown)
        assert "not seen to find" in found.why
        await account.place(Approved.by_gates(taken, ()))
        assert isinstance(await account.find(taken), Filled)
        found = await account.find(never)
        assert isinstance(found, Rejected)
        assert found.code == "order_not_found"

    at(lab, course)


def test_an_order_that_was_just_sent_may_still_arrive(lab: RunningLab) -> None:
    venue = LabVenue(lab, SWAP)
    first, lost = venue.order(), venue.order()

    async def course(account: CcxtAccount, clock: SteadyClock) -> None:
        await account.place(Approved.by_gates(first, ()))
        await account.find(first)
        lab.fault("lost_request", "binance_usdm", method="POST", times=1)
        assert isinstance(await account.place(Approved.by_gates(lost, ())), Unknown)
        assert isinstance(await account.find(lost), Unknown)
        clock.at_ns += 61 * SECOND
        assert isinstance(await account.find(lost), Rejected)

    at(lab, course)


def test_positions_fills_and_settings_are_those_of_the_venues_books(lab: RunningLab) -> None:
    venue = LabVenue(lab, SWAP)
    orders = [venue.order(), venue.order()]

    async def course(account: CcxtAccount, _clock: SteadyClock) -> None:
        began_ns = time.time_ns() - 60 * SECOND
        for each in orders:
            await account.place(Approved.by_gates(each, ()))
        fills = await account.fills_since(began_ns)
        assert [fill.order_id for fill in fills] == [each.id for each in orders]
        booked = lab.books("binance_usdm")["fills"]
        assert [fill.fee.text().split()[0] for fill in fills] == [each["fee"].split()[0] for each in booked]
        (position,) = (await account.positions()).values()
        assert f"{position.amount:f}" == "0.02"
        settings = {each.name: each for each in await account.settings()}
        assert (settings["leverage"].stated, settings["leverage"].found, settings["leverage"].agrees) == (
            "1",
            "5",
            False,
        )
        assert settings["margin"].agrees
        assert settings["position_mode"].found == "one_way"
        assert settings["key_may_withdraw"].found is None
        lab.tell("binance_usdm/settle", {"instrument": "binance_usdm BTC/USDT", "rate": "0.0001"})
        (income,) = await account.income_since(began_ns)
        assert income.received.value < 0
        assert income.received.asset == "USDT"

    at(lab, course)


def test_a_key_that_opens_nothing_is_said_without_a_part_of_it(lab: RunningLab) -> None:
    wrong = "a-key-that-opens-nothing:its-secret-half"

    async def course(account: CcxtAccount, _clock: SteadyClock) -> None:
        with pytest.raises(VenueSilent) as silent:
            await account.settings()
        assert not any(part in str(silent.value) for part in wrong.split(":"))

    at(lab, course, wrong)


def test_an_exchange_that_cannot_say_what_traded_is_refused_before_anything_is_sent(lab: RunningLab) -> None:
    written = (
        "exchange: upbit\nvenue: near\nmarket: spot\nkeys: secret:near\nids: as_is\nleverage: none\nmargin: none\n"
    )
    with pytest.raises(StrategyInvalid, match="fetchMyTrades"):
        built(lab, written, "upbit").open_account((SPOT,), lambda _: f"{KEY}:{SECRET}", SteadyClock(NOW))


def test_an_exchange_that_ccxt_does_not_know_is_one_sentence(lab: RunningLab) -> None:
    written = params("spot", keys="secret:a", ids="as_is", leverage="none", margin="none").replace("binance", "nowhere")
    with pytest.raises(StrategyInvalid, match="ccxt knows no exchange `nowhere`"):
        built(lab, written, "binance_spot").open_account((SPOT,), lambda _: "a:b", SteadyClock(NOW))


@pytest.mark.parametrize("value", ["", "no-colon", "a:", ":b", "a:b:", "a:b c"])
def test_what_cannot_be_a_key_is_said_without_a_part_of_it(lab: RunningLab, value: str) -> None:
    written = params("spot", keys="secret:spot", ids="as_is", leverage="none", margin="none")
    with pytest.raises(StrategyInvalid) as refused:
        built(lab, written, "binance_spot").open_account((SPOT,), lambda _: value, SteadyClock(NOW))
    assert "secret:spot" in str(refused.value)
    assert "b c" not in str(refused.value)


@pytest.mark.parametrize(
    ("market", "leverage", "margin", "wrong"),
    [("swap", "none", "isolated", ["leverage"]), ("spot", "1", "none", ["leverage"]), ("spot", "1", "cross", ["leverage", "margin"])],
)  # fmt: skip
def test_margin_is_stated_of_perpetuals_and_of_nothing_else(
    market: str, leverage: str, margin: str, wrong: list[str]
) -> None:
    text = f"exchange: okx\nvenue: far\nmarket: {market}\nkeys: secret:a\nids: as_is\nleverage: {leverage}\nmargin: {margin}\n"
    made = params_of(OrdersParams, data_of(text))
    assert isinstance(made, OrdersParams)
    assert [concern.path[0] for concern in Orders.review(made, None)] == wrong  # type: ignore[arg-type]
