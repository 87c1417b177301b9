"""Binance's account through the executor port, in virtual time: what is proven, what is unknown, and what is never sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from karb_binance.account import BinanceAccount, Stated
from karb_binance.client import PAGE, Client
from karb_binance.limits import told_left
from karb_binance.rights import Rights
from karb_core.connection.http_connection import HttpConnection
from karb_core.domain.amount import Amount
from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument
from karb_core.domain.orders import Filled, Order, Outcome, Rejected, Side, TimeInForce, Unknown
from karb_core.domain.statement import Balance, VenuePosition, VenueSilent
from karb_core.wiring import virtual_loop
from karb_core.wiring.virtual_clock import VirtualClock
from tests.plugins.karb_binance.binance_here import KEYS, MS, TIME, BinanceHere, Fate

D = Decimal
SECOND = 1_000_000_000
NOW = 1_795_237_200 * SECOND
NOW_MS = NOW // MS
ID = "karb-m1-abcdefghij234567-0-1"
BTC = Instrument("binance_usdm", "BTC", "USDT")
PLACE, FIND, CANCEL = "POST /fapi/v1/order", "GET /fapi/v1/order", "DELETE /fapi/v1/order"
TRADES, INCOME = "GET /fapi/v1/userTrades", "GET /fapi/v1/income"
POSITIONS, RIGHTS = "GET /fapi/v3/positionRisk", "GET /sapi/v1/account/apiRestrictions"
NOT_FOUND = (400, {"code": -2013, "msg": "Order does not exist."})
Doing = Callable[[BinanceAccount, BinanceHere, VirtualClock], Awaitable[None]]

FILTERS = [
    {"filterType": "MIN_NOTIONAL", "notional": "50"},
    {"filterType": "PRICE_FILTER", "minPrice": "261.10", "maxPrice": "809484", "tickSize": "0.10"},
    {"filterType": "LOT_SIZE", "minQty": "0.001", "maxQty": "1000", "stepSize": "0.001"},
    {"filterType": "MARKET_LOT_SIZE", "minQty": "0.001", "maxQty": "120", "stepSize": "0.001"},
]
SYMBOL = {
    "symbol": "BTCUSDT", "baseAsset": "BTC", "quoteAsset": "USDT", "marginAsset": "USDT", "contractType": "PERPETUAL",
    "filters": FILTERS,
}  # fmt: skip
BRACKETS = {
    "symbol": "BTCUSDT",
    "brackets": [
        {"bracket": 2, "notionalFloor": 50000, "maintMarginRatio": 0.005, "cum": 50.0},
        {"bracket": 1, "notionalFloor": 0, "maintMarginRatio": 0.004, "cum": 0.0},
    ],
}
FEES = {"symbol": "BTCUSDT", "makerCommissionRate": "0.000200", "takerCommissionRate": "0.000500"}
CONFIG = {"canTrade": True, "dualSidePosition": False, "multiAssetsMargin": False}
POSITION = {
    "symbol": "BTCUSDT", "positionSide": "BOTH", "positionAmt": "-0.010", "entryPrice": "84120.0",
    "breakEvenPrice": "84077.94", "markPrice": "84240.00000000", "unRealizedProfit": "-1.20000000",
    "liquidationPrice": "576000.1", "isolatedMargin": "0", "notional": "-842.40", "marginAsset": "USDT",
    "isolatedWallet": "0", "initialMargin": "168.24", "maintMargin": "3.36", "positionInitialMargin": "168.24",
    "openOrderInitialMargin": "0", "adl": 2, "bidNotional": "0", "askNotional": "0", "updateTime": 1795237200140,
}  # fmt: skip
TRADE = {
    "symbol": "BTCUSDT", "id": 698759, "orderId": 22542179, "side": "SELL", "positionSide": "BOTH", "price": "84120.0",
    "qty": "0.010", "quoteQty": "841.20", "realizedPnl": "1.20000000", "commission": "0.42060000",
    "commissionAsset": "USDT", "maker": False, "buyer": False, "time": 1795237200140,
}  # fmt: skip


def order(**other: Any) -> Order:
    made = Order(
        id=ID,
        intent_id="abcdefghij234567",
        leg=0,
        instrument=BTC,
        side=Side.SELL,
        amount=BTC.amount(D("0.010")),
        limit=BTC.price(D(84120)),
        cost=None,
        time_in_force=TimeInForce.IOC,
        reduce_only=False,
    )
    return replace(made, **other)


def told(status: str, filled: str = "0.000", **other: Any) -> dict[str, Any]:
    """As `POST` tells it; with `cumQuote`, as `GET` does."""
    return {
        "orderId": 22542179, "symbol": "BTCUSDT", "status": status, "clientOrderId": ID, "price": "84120.0",
        "origQty": "0.010", "executedQty": filled, "cumQty": filled, "timeInForce": "IOC", "type": "LIMIT",
        "reduceOnly": False, "closePosition": False, "side": "SELL", "positionSide": "BOTH", "stopPrice": "0.0",
        "updateTime": 1795237200123, **other,
    }  # fmt: skip


def at_binance(doing: Doing, *, ahead_ms: int = 0, with_rights: bool = False) -> None:
    async def run() -> None:
        clock = VirtualClock()
        here = BinanceHere(clock, ahead_ms)
        here.on("GET /fapi/v1/exchangeInfo", {"symbols": [SYMBOL]})
        here.on("GET /fapi/v1/leverageBracket", [BRACKETS])
        here.on("GET /fapi/v1/commissionRate", FEES)
        here.on("GET /fapi/v1/accountConfig", CONFIG)
        here.on("GET /fapi/v1/symbolConfig", [{"symbol": "BTCUSDT", "marginType": "ISOLATED", "leverage": 1}])
        client = Client(HttpConnection(here, clock, told_left, 5 * SECOND), KEYS, clock)
        rights = Rights(here, KEYS, clock) if with_rights else None
        await doing(BinanceAccount(client, rights, [BTC], Stated(1, "isolated"), clock), here, clock)

    virtual_loop.run(run(), NOW)


def placed(*said: Any, of: Order | None = None) -> tuple[Outcome, BinanceHere]:
    came: list[tuple[Outcome, BinanceHere]] = []

    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(PLACE, *said)
        came.append((await account.place(Approved.by_gates(of or order(), ())), here))

    at_binance(doing)
    return came[0]


def usdt(value: str) -> Amount:
    return Amount(D(value), "USDT")


def no(code: int, status: int = 400) -> tuple[int, dict[str, Any]]:
    return status, {"code": code, "msg": "No."}


def test_an_order_is_sent_with_our_id_its_window_and_asks_for_its_result() -> None:
    outcome, here = placed(told("EXPIRED"), of=order(reduce_only=True))
    assert outcome == Filled(order(reduce_only=True), BTC.amount(D(0)), usdt("0"), final=True)
    (sent,) = here.of(PLACE)
    del (fields := dict(sent.fields))["signature"]
    assert NOW_MS <= int(fields.pop("timestamp")) < NOW_MS + 1000
    assert fields == {
        "symbol": "BTCUSDT", "side": "SELL", "type": "LIMIT", "timeInForce": "IOC", "quantity": "0.01",
        "price": "84120", "newClientOrderId": ID, "reduceOnly": "true", "selfTradePreventionMode": "EXPIRE_TAKER",
        "newOrderRespType": "RESULT", "recvWindow": "5000",
    }  # fmt: skip


def test_what_it_came_to_is_asked_for_where_the_answer_leaves_it_out() -> None:
    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(PLACE, told("EXPIRED", "0.004"))
        here.on(FIND, told("EXPIRED", "0.004", cumQuote="336.4800", avgPrice="84120.0", time=1795237200120))
        outcome = await account.place(Approved.by_gates(order(), ()))
        assert outcome == Filled(order(), BTC.amount(D("0.004")), usdt("336.48"), final=True)
        assert (len(here.of(PLACE)), here.of(FIND)[0].fields["origClientOrderId"]) == (1, ID)

    at_binance(doing)


@pytest.mark.parametrize(
    "said",
    [
        no(-1003, 429), no(-1003, 418), no(-1015, 429), no(-1021), no(-5028), no(-1022), no(-1102), no(-1111), no(-1121),
        no(-2010), no(-2014, 401), no(-2015, 401), no(-2019), no(-2022), no(-4003), no(-4014), no(-4164), no(-4400),
        no(-5022),
    ],
    ids=str,
)  # fmt: skip
def test_a_no_of_binances_is_a_rejection_in_its_own_words_and_nothing_is_sent_again(said: Any) -> None:
    outcome, here = placed(said)
    assert outcome == Rejected(order(), str(said[1]["code"]), "No.")
    assert len(here.of(PLACE)) == 1


@pytest.mark.parametrize(
    "said",
    [
        no(-1000), no(-1001), no(-1006), no(-1007), no(-1007, 408), no(-1001, 503), no(-1008, 503), no(-2019, 500),
        no(-4116), no(-9999), no(7), (502, b"<html></html>"), (503, b""), (307, b""), (403, b"<html>firewall</html>"),
        (400, b"Bad Request"), (200, b'{"orderId":1'), (200, {}), told("NEW", symbol="ETHUSDT"), told("A_NEW_WORD"),
        told("NEW", clientOrderId="bot-000002"), Fate.DROPPED,
    ],
    ids=str,
)  # fmt: skip
def test_whatever_else_comes_is_unknown_and_nothing_is_sent_again(said: Any) -> None:
    outcome, here = placed(said)
    assert isinstance(outcome, Unknown)
    assert len(here.of(PLACE)) == 1


def test_where_nothing_was_sent_it_is_unreachable() -> None:
    assert placed(Fate.REFUSED)[0] == Rejected(order(), "unreachable", "connection refused")


@pytest.mark.parametrize(
    ("of", "code"),
    [
        (order(limit=BTC.price(D("84120.05"))), "unfit_ticks"),
        (order(amount=BTC.amount(D("0.0015"))), "unfit_amount_step"),
        (order(limit=BTC.price(D(4000))), "unfit_min_notional"),
        (order(side=Side.BUY, limit=None, cost=usdt("100")), "unfit_limit"),
    ],
)
def test_what_does_not_fit_is_never_sent(of: Order, code: str) -> None:
    outcome, here = placed(told("NEW"), of=of)
    assert isinstance(outcome, Rejected)
    assert (outcome.code, here.of(PLACE)) == (code, [])


def test_an_id_is_sent_once_whatever_became_of_it() -> None:
    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(PLACE, Fate.DROPPED, told("EXPIRED"))
        for _ in range(3):
            assert isinstance(await account.place(Approved.by_gates(order(), ())), Unknown)
        assert len(here.of(PLACE)) == 1

    at_binance(doing)


@pytest.mark.parametrize("ahead_ms", [0, -30_000, 30_000])
@pytest.mark.parametrize(("after_s", "dead"), [(0, False), (5, False), (15, False), (17, True), (600, True)])
def test_an_order_that_binance_does_not_know_is_dead_once_it_would_be_refused(
    after_s: float, dead: bool, ahead_ms: int
) -> None:
    """Whatever our clock shows: by Binance's."""

    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(PLACE, Fate.DROPPED)
        here.on(FIND, NOT_FOUND)
        await account.place(Approved.by_gates(order(), ()))
        await asyncio.sleep(after_s)
        found = await account.find(order())
        assert isinstance(found, Rejected if dead else Unknown)
        assert not isinstance(found, Rejected) or found.code == "order_not_found"

    at_binance(doing, ahead_ms=ahead_ms)


def test_that_its_clock_is_learnt_anew_meanwhile_proves_nothing() -> None:
    """Binance's clock is a minute ahead of ours, and not known for the moment in which the request is given up."""

    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        await account.facts()
        here.on(PLACE, Fate.DROPPED)
        here.on(FIND, no(-1021), NOT_FOUND)
        placing = asyncio.ensure_future(account.place(Approved.by_gates(order(), ())))
        await account.find(order())
        await placing
        assert isinstance(await account.find(order()), Unknown)

    at_binance(doing, ahead_ms=60_000)


@pytest.mark.parametrize(("after_s", "dead"), [(15, False), (17, True)])
def test_one_of_a_process_that_is_gone_was_sent_before_this_one_began(after_s: float, dead: bool) -> None:
    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(FIND, NOT_FOUND)
        await asyncio.sleep(after_s)
        assert isinstance(await account.find(order()), Rejected if dead else Unknown)

    at_binance(doing, ahead_ms=60_000)


def test_one_that_was_told_of_before_is_not_dead_because_it_is_forgotten() -> None:
    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(FIND, told("PARTIALLY_FILLED", "0.004", cumQuote="336.48"), NOT_FOUND)
        await account.find(order())
        await asyncio.sleep(600)
        found = await account.find(order())
        assert isinstance(found, Unknown)
        assert (found.filled.value, found.cost.value) == (D("0.004"), D("336.48"))

    at_binance(doing)


def test_a_question_is_asked_again_once_with_a_clock_learnt_anew() -> None:
    """Binance's clock jumps by a minute."""

    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(FIND, told("NEW", cumQuote="0"))
        assert isinstance(await account.find(order()), Filled)
        here.ahead_ms = 60_000
        assert isinstance(await account.find(order()), Filled)
        assert (len(here.of(FIND)), len(here.of(TIME))) == (3, 2)

    at_binance(doing)


def test_an_order_whose_time_was_wrong_is_refused_and_not_sent_again() -> None:
    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(PLACE, told("EXPIRED"))
        await account.facts()
        here.ahead_ms = 60_000
        outcome = await account.place(Approved.by_gates(order(), ()))
        assert isinstance(outcome, Rejected)
        assert (outcome.code, len(here.of(PLACE))) == ("-1021", 1)

    at_binance(doing)


def test_a_cancel_is_a_request_whatever_is_said_to_it() -> None:
    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(CANCEL, told("CANCELED"), no(-2011), Fate.DROPPED, Fate.REFUSED, (503, b""))
        for _ in range(5):
            await account.cancel(order())
        assert [asked.fields["origClientOrderId"] for asked in here.of(CANCEL)] == [ID] * 4

    at_binance(doing)


def test_orders_that_rest_are_ours_and_the_owners() -> None:
    theirs = told("NEW", clientOrderId="web_Ab12", timeInForce="GTC", reduceOnly=True)
    priceless = told("NEW", clientOrderId="web_Ab13", price="0")

    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on("GET /fapi/v1/openOrders", [told("NEW"), theirs, priceless])
        assert await account.open_orders() == [
            order(),
            order(id="web_Ab12", intent_id="", time_in_force=TimeInForce.GTC, reduce_only=True),
        ]

    at_binance(doing)


def test_facts_are_binances_rules_tiers_and_fees() -> None:
    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on("GET /fapi/v1/leverageBracket", [BRACKETS], BRACKETS)
        for _ in range(2):
            facts = (await account.facts())[BTC]
            assert (facts.tick_at(D(84120)), facts.amount_step) == (D("0.10"), D("0.001"))
            assert (facts.min_amount, facts.max_amount, facts.min_notional) == (D("0.001"), D(1000), D(50))
            assert (facts.maintenance_of(D(1000)), facts.maintenance_of(D(60000))) == (D(4), D(250))
            assert (facts.taker_fee, facts.maker_fee, facts.margin_asset) == (D("0.0005"), D("0.0002"), "USDT")

    at_binance(doing)


@pytest.mark.parametrize("missing", ["PRICE_FILTER", "LOT_SIZE", "MIN_NOTIONAL"])
def test_a_market_without_one_of_its_rules_is_silence(missing: str) -> None:
    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        filters = [one for one in FILTERS if one["filterType"] != missing]
        here.on("GET /fapi/v1/exchangeInfo", {"symbols": [{**SYMBOL, "filters": filters}]})
        with pytest.raises(VenueSilent, match=missing):
            await account.facts()

    at_binance(doing)


def test_fills_are_listed_by_seven_days_and_a_full_page_is_halved() -> None:
    """A thousand and one trades a millisecond apart: no page that is full is taken for all."""
    rows = [{**TRADE, "id": n, "time": NOW_MS - 2000 + n} for n in range(PAGE + 1)]

    def listed(asked: Any) -> list[dict[str, Any]]:
        begin, end = int(asked.fields["startTime"]), int(asked.fields["endTime"])
        assert end - begin < 7 * 86_400_000
        return [row for row in rows if begin <= int(str(row["time"])) <= end][:PAGE]

    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(TRADES, listed)
        here.on(FIND, told("FILLED", "0.010", cumQuote="841.20"))
        fills = await account.fills_since(NOW - 20 * 86_400 * SECOND)
        assert [fill.venue_trade_id for fill in fills] == [f"BTCUSDT-{n}" for n in range(PAGE + 1)]
        assert {fill.order_id for fill in fills} == {ID}
        assert len(here.of(FIND)) == 1
        assert await account.fills_since(NOW - 20 * 86_400 * SECOND) == fills

    at_binance(doing)


@pytest.mark.parametrize(
    ("client_id", "booked"),
    [
        ("autoclose-1795237200140", "autoclose-1795237200140"),
        ("adl_autoclose", "adl_autoclose-22542179"),
        ("settlement_autoclose-1795237200140", "settlement_autoclose-1795237200140"),
        ("web_Ab12", "web_Ab12"),
    ],
)
def test_a_forced_close_keeps_its_id(client_id: str, booked: str) -> None:
    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(TRADES, [TRADE])
        here.on(FIND, told("FILLED", "0.010", clientOrderId=client_id))
        (fill,) = await account.fills_since(NOW)
        assert (fill.order_id, fill.venue_at_ns, fill.fee) == (booked, 1_795_237_200_140 * MS, usdt("0.4206"))

    at_binance(doing)


def test_funding_is_of_its_own_kind_and_has_binances_number() -> None:
    row = {
        "symbol": "BTCUSDT", "incomeType": "FUNDING_FEE", "income": "0.07538000", "asset": "USDT",
        "info": "FUNDING_FEE", "time": NOW_MS, "tranId": 9689322392, "tradeId": "",
    }  # fmt: skip

    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(INCOME, lambda asked: [row] if asked.fields["incomeType"] == "FUNDING_FEE" else [])
        (income,) = await account.income_since(NOW)
        assert (income.id, income.kind) == ("FUNDING_FEE-BTCUSDT-9689322392", "funding")
        assert (income.received, income.venue_at_ns) == (usdt("0.07538"), NOW)

    at_binance(doing)


def test_a_position_is_signed_and_a_side_of_a_hedge_is_silence() -> None:
    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(POSITIONS, [POSITION], [{**POSITION, "positionSide": "SHORT"}])
        position = VenuePosition(D("-0.010"), D("168.24"), D("84120.0"), D("576000.1"))
        assert await account.positions() == {BTC: position}
        await clock.sleep_until(clock.now_ns() + 5_000_000_000)
        with pytest.raises(VenueSilent, match="not one-way"):
            await account.positions()

    at_binance(doing)


def test_balances_are_what_is_free_and_the_rest() -> None:
    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on("GET /fapi/v3/balance", [{"asset": "USDT", "balance": "5000.00", "availableBalance": "4830.56"}])
        assert await account.balances() == {Account("binance_usdm", "USDT"): Balance(D("4830.56"), D("169.44"))}

    at_binance(doing)


def settings(*, rights: bool, **config: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}

    async def doing(account: BinanceAccount, binance: BinanceHere, clock: VirtualClock) -> None:
        binance.on("GET /fapi/v1/accountConfig", {**CONFIG, **config})
        binance.on(RIGHTS, {"enableWithdrawals": rights, "enableReading": True, "ipRestrict": True})
        found.update({one.name: one for one in await account.settings()})

    at_binance(doing, with_rights=True)
    return found


def test_an_account_that_is_set_as_stated_agrees() -> None:
    assert all(one.agrees for one in settings(rights=False).values())


@pytest.mark.parametrize(
    ("name", "rights", "config"),
    [
        ("key_may_withdraw", True, {}),
        ("position_mode", False, {"dualSidePosition": True}),
        ("multi_assets", False, {"multiAssetsMargin": True}),
        ("may_trade", False, {"canTrade": False}),
    ],
)
def test_nothing_may_be_entered_with(name: str, rights: bool, config: dict[str, bool]) -> None:
    found = settings(rights=rights, **config)
    assert [one.name for one in found.values() if one.fatal is not None] == [name]


def test_where_rights_are_not_told_the_settings_are_not_known() -> None:
    async def doing(account: BinanceAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(RIGHTS, (503, b""))
        with pytest.raises(VenueSilent):
            await account.settings()

    at_binance(doing, with_rights=True)
