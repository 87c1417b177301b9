"""Spot's account through the executor port, in virtual time: what is proven, what is unknown, and what is never sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from karb_binance.rights import Rights
from karb_binance.spot.account import SpotAccount
from karb_binance.spot.client import PAGE, SpotClient
from karb_binance.spot.limits import told_left
from karb_core.connection.http_connection import HttpConnection
from karb_core.domain.amount import Amount
from karb_core.domain.approved import Approved
from karb_core.domain.holdings import Account
from karb_core.domain.orders import Filled, Order, Outcome, Rejected, Side, TimeInForce, Unknown
from karb_core.domain.statement import Balance, VenueSilent
from karb_core.wiring import virtual_loop
from karb_core.wiring.virtual_clock import VirtualClock
from tests.plugins.karb_binance.binance_here import KEYS, MS, SPOT_TIME, BinanceHere, Fate
from tests.plugins.karb_binance.market_told import SPOT_BTC as BTC
from tests.plugins.karb_binance.test_spot_facts import LOT, NOTIONAL, PRICE

D = Decimal
SECOND = 1_000_000_000
DAY = 86_400 * SECOND
NOW = 1_795_237_200 * SECOND
NOW_MS = NOW // MS
ID = "karb-m1-abcdefghij234567-0-1"
PLACE, FIND, CANCEL = "POST /api/v3/order", "GET /api/v3/order", "DELETE /api/v3/order"
TRADES, RIGHTS = "GET /api/v3/myTrades", "GET /sapi/v1/account/apiRestrictions"
RESTING, COMMISSION = "GET /api/v3/openOrders", "GET /api/v3/account/commission"
NOT_FOUND = (400, {"code": -2013, "msg": "Order does not exist."})
Doing = Callable[[SpotAccount, BinanceHere, VirtualClock], Awaitable[None]]

SYMBOL = {
    "symbol": "BTCUSDT", "status": "TRADING", "baseAsset": "BTC", "quoteAsset": "USDT", "filters": [PRICE, LOT, NOTIONAL],
}  # fmt: skip
NOTHING = {"maker": "0.00000000", "taker": "0.00000000", "buyer": "0.00000000", "seller": "0.00000000"}
FEES = {
    "symbol": "BTCUSDT",
    "standardCommission": {**NOTHING, "maker": "0.00080000", "taker": "0.00100000"},
    "specialCommission": {**NOTHING, "taker": "0.00010000"},
    "taxCommission": {**NOTHING, "buyer": "0.00020000", "seller": "0.00030000"},
    "discount": {"enabledForAccount": True, "enabledForSymbol": False, "discountAsset": "BNB", "discount": "0.75"},
}
TRADE = {
    "symbol": "BTCUSDT", "id": 56, "orderId": 28, "orderListId": -1, "price": "84120.00000000", "qty": "0.00118000",
    "quoteQty": "99.26160000", "commission": "0.00000118", "commissionAsset": "BTC", "time": 1795237200140,
    "isBuyer": True, "isMaker": False, "isBestMatch": True,
}  # fmt: skip


def order(**other: Any) -> Order:
    made = Order(
        id=ID,
        intent_id="abcdefghij234567",
        leg=0,
        instrument=BTC,
        side=Side.BUY,
        amount=BTC.amount(D("0.00118")),
        limit=BTC.price(D(84120)),
        cost=None,
        time_in_force=TimeInForce.IOC,
        reduce_only=False,
    )
    return replace(made, **other)


def told(status: str, filled: str = "0.00000000", cost: str = "0.00000000", **other: Any) -> dict[str, Any]:
    return {
        "symbol": "BTCUSDT", "orderId": 28, "orderListId": -1, "clientOrderId": ID, "transactTime": 1795237200123,
        "price": "84120.00000000", "origQty": "0.00118000", "executedQty": filled, "origQuoteOrderQty": "0.00000000",
        "cummulativeQuoteQty": cost, "status": status, "timeInForce": "IOC", "type": "LIMIT", "side": "BUY",
        "workingTime": 1795237200123, "selfTradePreventionMode": "EXPIRE_TAKER", **other,
    }  # fmt: skip


def at_spot(doing: Doing, *, ahead_ms: int = 0, with_rights: bool = False) -> None:
    async def run() -> None:
        clock = VirtualClock()
        here = BinanceHere(clock, ahead_ms)
        here.on("GET /api/v3/exchangeInfo", {"serverTime": NOW_MS, "symbols": [SYMBOL]})
        here.on(COMMISSION, FEES)
        here.on(
            "GET /api/v3/account", {"canTrade": True, "balances": [{"asset": "BTC", "free": "0.1", "locked": "0.02"}]}
        )
        client = SpotClient(HttpConnection(here, clock, told_left, 5 * SECOND), KEYS, clock)
        rights = Rights(here, KEYS, clock) if with_rights else None
        await doing(SpotAccount(client, rights, [BTC], clock), here, clock)

    virtual_loop.run(run(), NOW)


def placed(*said: Any, of: Order | None = None) -> tuple[Outcome, BinanceHere]:
    came: list[tuple[Outcome, BinanceHere]] = []

    async def doing(account: SpotAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(PLACE, *said)
        came.append((await account.place(Approved.by_gates(of or order(), ())), here))

    at_spot(doing)
    return came[0]


def usdt(value: str) -> Amount:
    return Amount(D(value), "USDT")


def no(code: int, status: int = 400, text: str = "No.") -> tuple[int, dict[str, Any]]:
    return status, {"code": code, "msg": text}


def sent(here: BinanceHere) -> dict[str, str]:
    (one,) = here.of(PLACE)
    fields = dict(one.fields)
    assert NOW_MS <= int(fields.pop("timestamp")) < NOW_MS + 1000
    assert (len(fields.pop("signature")), fields.pop("recvWindow")) == (64, "5000")
    return fields


def test_an_order_at_a_limit_is_sent_with_our_id_and_asks_for_its_result() -> None:
    outcome, here = placed(told("EXPIRED", "0.00100000", "84.12000000"), of=order(reduce_only=True))
    assert outcome == Filled(order(reduce_only=True), BTC.amount(D("0.001")), usdt("84.12"), final=True)
    assert sent(here) == {
        "symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "IOC", "quantity": "0.00118",
        "price": "84120", "newClientOrderId": ID, "selfTradePreventionMode": "EXPIRE_TAKER", "newOrderRespType": "RESULT",
    }  # fmt: skip


def test_one_that_is_told_by_its_cost_is_at_the_market_and_says_what_to_spend() -> None:
    by_cost = order(limit=None, cost=usdt("100"))
    outcome, here = placed(told("FILLED", "0.00118000", "99.26160000", type="MARKET"), of=by_cost)
    assert outcome == Filled(by_cost, BTC.amount(D("0.00118")), usdt("99.2616"), final=True)
    assert sent(here) == {
        "symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quoteOrderQty": "100", "newClientOrderId": ID,
        "selfTradePreventionMode": "EXPIRE_TAKER", "newOrderRespType": "RESULT",
    }  # fmt: skip


def test_one_that_must_rest_is_spots_own_kind_without_a_time() -> None:
    _, here = placed(told("NEW"), of=order(time_in_force=TimeInForce.POST_ONLY))
    fields = sent(here)
    assert (fields["type"], "timeInForce" in fields) == ("LIMIT_MAKER", False)


@pytest.mark.parametrize(
    ("of", "code"),
    [
        (order(limit=BTC.price(D("84120.005"))), "unfit_ticks"),
        (order(amount=BTC.amount(D("0.001185"))), "unfit_amount_step"),
        (order(amount=BTC.amount(D("0.00005"))), "unfit_min_notional"),
        (order(limit=None, cost=usdt("4.99")), "unfit_min_notional"),
    ],
)
def test_what_does_not_fit_is_never_sent(of: Order, code: str) -> None:
    outcome, here = placed(told("NEW"), of=of)
    assert isinstance(outcome, Rejected)
    assert (outcome.code, here.of(PLACE)) == (code, [])


@pytest.mark.parametrize(
    "said",
    [
        no(-1003, 429), no(-1003, 418), no(-1013), no(-1015, 429), no(-1021), no(-1022), no(-1100), no(-1111), no(-1121),
        no(-2010, text="Account has insufficient balance for requested action."), no(-2014, 401), no(-2015, 401),
    ],
    ids=str,
)  # fmt: skip
def test_a_no_of_binances_is_a_rejection_in_its_own_words_and_nothing_is_sent_again(said: Any) -> None:
    outcome, here = placed(said)
    assert outcome == Rejected(order(), str(said[1]["code"]), said[1]["msg"])
    assert len(here.of(PLACE)) == 1


@pytest.mark.parametrize(
    "said",
    [
        no(-1000), no(-1001), no(-1006), no(-1007), no(-1008, 503), no(-2010, 500), no(-9999),
        no(-2010, text="Duplicate order sent."), (502, b"<html></html>"), (503, b""), (403, b"<html>firewall</html>"),
        (200, b'{"orderId":1'), (200, {}), told("NEW", symbol="ETHUSDT"), told("A_NEW_WORD"), told("PENDING_NEW"),
        told("NEW", clientOrderId="bot-000002"), told("FILLED", "0.00118000", "-1.00000000"), Fate.DROPPED,
    ],
    ids=str,
)  # fmt: skip
def test_whatever_else_comes_is_unknown_and_nothing_is_sent_again(said: Any) -> None:
    outcome, here = placed(said)
    assert isinstance(outcome, Unknown)
    assert len(here.of(PLACE)) == 1


def test_where_nothing_was_sent_it_is_unreachable_and_an_id_is_sent_once() -> None:
    assert placed(Fate.REFUSED)[0] == Rejected(order(), "unreachable", "connection refused")

    async def doing(account: SpotAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(PLACE, Fate.DROPPED, told("EXPIRED"))
        for _ in range(3):
            assert isinstance(await account.place(Approved.by_gates(order(), ())), Unknown)
        assert len(here.of(PLACE)) == 1

    at_spot(doing)


@pytest.mark.parametrize("ahead_ms", [0, -30_000, 30_000])
@pytest.mark.parametrize(("after_s", "dead"), [(0, False), (15, False), (17, True)])
def test_an_order_that_binance_does_not_know_is_dead_once_it_would_be_refused(
    after_s: float, dead: bool, ahead_ms: int
) -> None:
    async def doing(account: SpotAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(PLACE, Fate.DROPPED)
        here.on(FIND, NOT_FOUND)
        await account.place(Approved.by_gates(order(), ()))
        await asyncio.sleep(after_s)
        assert isinstance(await account.find(order()), Rejected if dead else Unknown)

    at_spot(doing, ahead_ms=ahead_ms)


def test_a_question_is_asked_again_once_with_a_clock_learnt_anew_and_an_order_never() -> None:
    async def doing(account: SpotAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(FIND, told("NEW"))
        here.on(PLACE, told("EXPIRED"))
        await account.find(order())
        here.ahead_ms = 60_000
        assert isinstance(await account.find(order()), Filled)
        assert (len(here.of(FIND)), len(here.of(SPOT_TIME))) == (3, 2)
        await account.facts()
        here.ahead_ms = 0
        outcome = await account.place(Approved.by_gates(order(id=f"{ID[:-1]}2"), ()))
        assert isinstance(outcome, Rejected)
        assert (outcome.code, len(here.of(PLACE))) == ("-1021", 1)

    at_spot(doing)


def test_a_cancel_is_a_request_whatever_is_said_to_it() -> None:
    async def doing(account: SpotAccount, here: BinanceHere, clock: VirtualClock) -> None:
        gone = told("CANCELED", origClientOrderId=ID, clientOrderId="a9f2")
        here.on(CANCEL, gone, no(-2011), Fate.DROPPED, Fate.REFUSED, (503, b""))
        for _ in range(5):
            await account.cancel(order())
        assert [asked.fields["origClientOrderId"] for asked in here.of(CANCEL)] == [ID] * 4

    at_spot(doing)


def test_orders_that_rest_are_ours_and_the_owners() -> None:
    async def doing(account: SpotAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(RESTING, [told("NEW"), told("NEW", clientOrderId="web_Ab12", timeInForce="GTC")])
        assert await account.open_orders() == [
            order(), order(id="web_Ab12", intent_id="", time_in_force=TimeInForce.GTC),
        ]  # fmt: skip

    at_spot(doing)


def test_facts_are_binances_filters_and_every_kind_of_commission() -> None:
    """Of the side that pays more, and without a discount that another coin would pay for."""

    async def doing(account: SpotAccount, here: BinanceHere, clock: VirtualClock) -> None:
        facts = (await account.facts())[BTC]
        assert (facts.tick_at(D(84120)), facts.amount_step, facts.min_notional) == (D("0.01"), D("0.00001"), D(5))
        assert (facts.taker_fee, facts.maker_fee, facts.margin_asset) == (D("0.0014"), D("0.0011"), None)
        here.on("GET /api/v3/exchangeInfo", {"serverTime": NOW_MS, "symbols": []})
        with pytest.raises(VenueSilent, match="BTCUSDT"):
            await account.facts()

    at_spot(doing)


def test_a_fill_has_its_makers_id_and_its_fee_in_what_was_bought() -> None:
    async def doing(account: SpotAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(
            TRADES,
            [TRADE, {**TRADE, "id": 57, "isBuyer": False, "commission": "0.09926160", "commissionAsset": "USDT"}],
        )
        here.on(FIND, told("FILLED", "0.00118000", "99.26160000"))
        bought, sold = await account.fills_since(NOW)
        assert (bought.order_id, bought.side, bought.fee) == (ID, Side.BUY, Amount(D("0.00000118"), "BTC"))
        assert (bought.venue_trade_id, bought.venue_at_ns) == ("BTCUSDT-56", 1_795_237_200_140 * MS)
        assert (sold.side, sold.fee) == (Side.SELL, usdt("0.0992616"))
        assert len(here.of(FIND)) == 1
        assert await account.income_since(NOW) == ()
        assert await account.positions() == {}

    at_spot(doing)


@pytest.mark.parametrize("days", [6, 30])
def test_fills_of_days_are_asked_by_time_and_of_longer_by_number_and_none_is_missed(days: int) -> None:
    """A thousand and one trades a millisecond apart: no page that is full is taken for all."""
    old = {**TRADE, "id": 0, "time": NOW_MS - 29 * 86_400_000}
    rows = [old, *({**TRADE, "id": n, "time": NOW_MS - 2000 + n} for n in range(1, PAGE + 2))]

    def listed(asked: Any) -> list[dict[str, Any]]:
        if "fromId" in asked.fields:
            return [row for row in rows if int(str(row["id"])) >= int(asked.fields["fromId"])][:PAGE]
        begin, end = int(asked.fields["startTime"]), int(asked.fields["endTime"])
        assert end - begin < 86_400_000
        return [row for row in rows if begin <= int(str(row["time"])) <= end][:PAGE]

    async def doing(account: SpotAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(TRADES, listed)
        here.on(FIND, told("FILLED", "0.00118000", "99.26160000"))
        fills = await account.fills_since(NOW - days * DAY)
        first = 1 if days < 29 else 0
        assert [fill.venue_trade_id for fill in fills] == [f"BTCUSDT-{n}" for n in range(first, PAGE + 2)]
        assert await account.fills_since(NOW - days * DAY) == fills

    at_spot(doing)


def test_balances_are_what_is_free_and_what_orders_hold() -> None:
    async def doing(account: SpotAccount, here: BinanceHere, clock: VirtualClock) -> None:
        assert await account.balances() == {Account("binance_spot", "BTC"): Balance(D("0.1"), D("0.02"))}

    at_spot(doing)


def settings(*, rights: bool = False, trades: bool = True, discount: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = {}

    async def doing(account: SpotAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on("GET /api/v3/account", {"canTrade": trades, "balances": []})
        here.on(COMMISSION, {**FEES, "discount": {**FEES["discount"], "enabledForSymbol": discount}})  # type: ignore[dict-item]
        here.on(RIGHTS, {"enableWithdrawals": rights})
        found.update({one.name: one for one in await account.settings()})

    at_spot(doing, with_rights=True)
    return found


def test_an_account_that_may_trade_and_pays_in_what_it_receives_agrees() -> None:
    told = settings()
    assert all(one.agrees for one in told.values())
    assert told.keys() == {"may_trade", "key_may_withdraw", "fees_in"}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("key_may_withdraw", {"rights": True}), ("may_trade", {"trades": False}), ("fees_in", {"discount": True})],
)
def test_nothing_may_be_entered_with(name: str, wrong: dict[str, bool]) -> None:
    assert [one.name for one in settings(**wrong).values() if one.fatal is not None] == [name]


def test_where_rights_are_not_told_the_settings_are_not_known() -> None:
    async def doing(account: SpotAccount, here: BinanceHere, clock: VirtualClock) -> None:
        here.on(RIGHTS, (503, b""))
        with pytest.raises(VenueSilent):
            await account.settings()

    at_spot(doing, with_rights=True)
