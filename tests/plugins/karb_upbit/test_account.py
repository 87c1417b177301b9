"""Upbit's account through the executor port, in virtual time: what is proven, what is unknown, and what is never sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from karb_core.connection.http_connection import HttpConnection
from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Cited
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument
from karb_core.domain.order_id import order_id
from karb_core.domain.orders import Filled, Order, Outcome, Rejected, Unknown
from karb_core.domain.statement import Balance, VenueSilent
from karb_core.ports import AccountSetting
from karb_core.wiring import virtual_loop
from karb_core.wiring.virtual_clock import VirtualClock
from karb_upbit.account import UpbitAccount
from karb_upbit.client import Client
from karb_upbit.limits import told_left
from tests.plugins.karb_upbit.orders_told import (
    ACCOUNTS,
    BTC,
    CHANCE,
    ID,
    INTENT,
    NOT_FOUND,
    NOW,
    PRICES,
    SECOND,
    TICKS,
    UUID,
    approved,
    facts,
    listed,
    order,
    told,
    trade,
)
from tests.plugins.karb_upbit.upbit_here import KEYS, Fate, InMemory, UpbitHere

D = Decimal
PLACE, FIND, CANCEL = "POST /v1/orders", "GET /v1/order", "DELETE /v1/order"
OPEN, CLOSED = "GET /v1/orders/open", "GET /v1/orders/closed"
RULE = Cited("execution.on_one_leg", "mine.yaml", 3, "unwind")
Doing = Callable[[UpbitAccount, UpbitHere, VirtualClock], Awaitable[None]]


def at_upbit(doing: Doing, *, travels_s: float = 0.02) -> None:
    async def run() -> None:
        clock, upbit = VirtualClock(), UpbitHere()
        upbit.on("GET /v1/orderbook/instruments", TICKS)
        upbit.on("GET /v1/ticker", PRICES)
        upbit.on("GET /v1/orders/chance", CHANCE)
        connection = HttpConnection(InMemory(upbit, travels_s), clock, told_left, 5 * SECOND)
        await doing(UpbitAccount(Client(connection, KEYS), [BTC], clock), upbit, clock)

    virtual_loop.run(run(), NOW)


def placed(*said: Any, of: Order | None = None) -> tuple[Outcome, UpbitHere]:
    """What placing came to where Upbit says this."""
    came: list[tuple[Outcome, UpbitHere]] = []

    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        upbit.on(PLACE, *said)
        came.append((await account.place(approved(of)), upbit))

    at_upbit(doing)
    return came[0]


def won(value: str) -> Amount:
    return Amount(D(value), "KRW")


def test_an_order_that_was_taken() -> None:
    outcome, upbit = placed((201, told("wait")))
    assert outcome == Filled(order(), BTC.amount(D(0)), won("0"), final=False)
    (sent,) = upbit.of(PLACE)
    assert sent.body is not None
    assert json.loads(sent.body)["identifier"] == ID


def test_one_that_had_filled_with_its_answer() -> None:
    outcome, _ = placed((201, told("done", trade(1, "0.001"))))
    assert outcome == Filled(order(), BTC.amount(D("0.001")), won("124350"), final=True)


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "insufficient_funds_bid"), (400, "under_min_total_bid"), (400, "invalid_price_bid"), (400, "validation_error"),
        (401, "jwt_verification"), (401, "expired_access_key"), (401, "no_authorization_ip"), (403, "out_of_scope"),
        (429, "too_many_requests"), (418, "too_many_requests"), (400, "a_word_that_is_new"),
    ],
)  # fmt: skip
def test_a_no_of_upbits_is_a_rejection_in_its_own_words(status: int, name: str) -> None:
    outcome, upbit = placed((status, {"error": {"name": name, "message": "안 됩니다"}}))
    assert outcome == Rejected(order(), name, "안 됩니다")
    assert len(upbit.of(PLACE)) == 1


@pytest.mark.parametrize("status", [429, 418])
def test_a_limit_without_words_is_one_too(status: int) -> None:
    outcome, _ = placed((status, b"slow down"))
    assert outcome == Rejected(order(), "too_many_requests", f"HTTP {status}")


@pytest.mark.parametrize(
    "said",
    [
        Fate.DROPPED, Fate.SILENT, (500, {"error": {"name": "server_error", "message": "-"}}), (502, b"<html></html>"),
        (503, b""), (504, b""), (307, b""), (403, b"<html>blocked</html>"), (408, b""), (400, b"Bad Request"),
        (408, {"error": {"name": "timeout", "message": "-"}}), (409, {"error": {"name": "conflict", "message": "-"}}),
        (201, b'{"uuid":"3f0a'), (201, b"{}"), (201, told("limbo")), (201, told("wait", identifier="bot-000002")),
        (400, {"error": {"name": "duplicated_identifier", "message": "-"}}),
        (401, {"error": {"name": "nonce_used", "message": "-"}}),
    ],
    ids=str,
)  # fmt: skip
def test_whatever_else_comes_is_unknown_and_nothing_is_sent_again(said: Any) -> None:
    outcome, upbit = placed(said)
    assert isinstance(outcome, Unknown)
    assert (outcome.filled.value, outcome.cost.value) == (0, 0)
    assert len(upbit.of(PLACE)) == 1


def test_where_nothing_was_sent_it_is_unreachable() -> None:
    outcome, _ = placed(Fate.REFUSED)
    assert outcome == Rejected(order(), "unreachable", "connection refused")


@pytest.mark.parametrize(
    ("of", "code"),
    [
        (order(limit=BTC.price(D("124350500"))), "unfit_ticks"),
        (order(amount=BTC.amount(D("0.00000001"))), "unfit_min_notional"),
        (
            order(
                instrument=Instrument("upbit", "ETH", "KRW"),
                amount=Amount(D(1), "ETH"),
                limit=Instrument("upbit", "ETH", "KRW").price(D(5000000)),
            ),
            "unknown_instrument",
        ),
    ],
)
def test_what_does_not_fit_is_never_sent(of: Order, code: str) -> None:
    outcome, upbit = placed((201, told("wait")), of=of)
    assert isinstance(outcome, Rejected)
    assert (outcome.code, upbit.of(PLACE)) == (code, [])


def test_without_facts_nothing_is_sent() -> None:
    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        upbit.on("GET /v1/ticker", (503, b""))
        outcome = await account.place(approved())
        assert isinstance(outcome, Rejected)
        assert (outcome.code, upbit.of(PLACE)) == ("unreachable", [])

    at_upbit(doing)


def test_an_id_is_sent_once_whatever_became_of_it() -> None:
    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        upbit.on(PLACE, Fate.DROPPED, (201, told("wait")))
        for _ in range(3):
            assert isinstance(await account.place(approved()), Unknown)
        assert len(upbit.of(PLACE)) == 1

    at_upbit(doing)


def test_a_placing_that_is_broken_off_is_unknown_and_may_still_arrive() -> None:
    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        upbit.on(PLACE, Fate.SILENT)
        upbit.on(FIND, NOT_FOUND)
        await asyncio.sleep(300)
        placing = asyncio.ensure_future(account.place(approved()))
        await asyncio.sleep(1)
        assert isinstance(await account.find(order()), Unknown)
        placing.cancel()
        await asyncio.sleep(59)
        assert isinstance(await account.find(order()), Unknown)

    at_upbit(doing)


@pytest.mark.parametrize(("after_s", "dead"), [(0, False), (30, False), (59.95, False), (60.1, True), (600, True)])
def test_an_order_that_upbit_does_not_know_is_dead_when_it_can_arrive_no_more(after_s: float, dead: bool) -> None:
    """Counted from when its connection was closed: its sending took five seconds more."""

    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        upbit.on(PLACE, Fate.SILENT)
        upbit.on(FIND, NOT_FOUND)
        await account.place(approved())
        await asyncio.sleep(after_s)
        found = await account.find(order())
        assert isinstance(found, Rejected if dead else Unknown)
        assert not isinstance(found, Rejected) or found.code == "order_not_found"

    at_upbit(doing)


@pytest.mark.parametrize(("after_s", "dead"), [(59, False), (61, True)])
def test_one_of_a_process_that_is_gone_was_sent_before_this_one_began(after_s: float, dead: bool) -> None:
    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        upbit.on(FIND, NOT_FOUND)
        await asyncio.sleep(after_s)
        assert isinstance(await account.find(order()), Rejected if dead else Unknown)

    at_upbit(doing)


def test_what_was_lost_on_the_way_back_is_found_by_our_id() -> None:
    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        upbit.on(PLACE, Fate.DROPPED)
        upbit.on(FIND, NOT_FOUND, told("cancel", trade(1, "0.0004")))
        assert isinstance(await account.place(approved()), Unknown)
        assert isinstance(await account.find(order()), Unknown)
        assert await account.find(order()) == Filled(order(), BTC.amount(D("0.0004")), won("49740"), final=True)
        assert [dict(asked.fields) for asked in upbit.of(FIND)] == [{"identifier": ID}] * 2

    at_upbit(doing)


@pytest.mark.parametrize(
    "said",
    [
        Fate.DROPPED, Fate.SILENT, Fate.REFUSED, (500, b""), NOT_FOUND, (200, b"{}"),
        (429, {"error": {"name": "too_many_requests", "message": "-"}}),
        (401, {"error": {"name": "expired_access_key", "message": "-"}}),
    ],
    ids=str,
)  # fmt: skip
def test_a_question_without_an_answer_leaves_what_was_told(said: Any) -> None:
    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        upbit.on(FIND, told("wait", trade(1, "0.0004")), said)
        first = await account.find(order())
        assert isinstance(first, Filled)
        await asyncio.sleep(100)
        then = await account.find(order())
        assert isinstance(then, Unknown)
        assert (then.filled, then.cost) == (first.filled, first.cost)

    at_upbit(doing)


def test_a_word_that_nobody_knows_is_unknown_until_one_is_known() -> None:
    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        upbit.on(FIND, told("settling", trade(1, "0.0004")), told("done", trade(1, "0.0004"), trade(2, "0.0006")))
        limbo = await account.find(order())
        assert isinstance(limbo, Unknown)
        assert limbo.filled.value == D("0.0004")
        assert await account.find(order()) == Filled(order(), BTC.amount(D("0.001")), won("124350"), final=True)

    at_upbit(doing)


def test_a_cancel_is_a_request_whatever_is_said_to_it() -> None:
    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        upbit.on(CANCEL, told("wait"), NOT_FOUND, Fate.DROPPED, Fate.REFUSED, (500, b""))
        for _ in range(5):
            await account.cancel(order())
        assert [asked.fields["identifier"] for asked in upbit.of(CANCEL)] == [ID] * 4

    at_upbit(doing)


def test_a_way_out_has_calls_that_entries_leave_alone() -> None:
    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        await account.facts()
        upbit.on(PLACE, lambda asked: (201, told("wait", identifier=asked.fields["identifier"])))
        upbit.on(CANCEL, told("wait"))
        began, ended = clock.now_ns(), dict[str, int]()

        async def timed(name: str, work: Awaitable[Any]) -> None:
            await work
            ended[name] = clock.now_ns() - began

        flood = [order(id=order_id(mark="m1", intent_id=INTENT, leg=0, attempt=n)) for n in range(1, 31)]
        work = [timed(f"entry {n}", account.place(approved(one))) for n, one in enumerate(flood)]
        work += [timed("unwind", account.place(approved(order(), RULE))), timed("cancel", account.cancel(flood[0]))]
        await asyncio.gather(*work)
        assert max(ended["unwind"], ended["cancel"]) < SECOND < 3 * SECOND < max(ended.values())

    at_upbit(doing)


def test_balances_are_what_is_free_and_what_is_locked() -> None:
    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        upbit.on("GET /v1/accounts", ACCOUNTS, (500, b""))
        assert await account.balances() == {
            Account("upbit", "KRW"): Balance(D("1500000.0"), D("124412.175")),
            Account("upbit", "BTC"): Balance(D("0.0125"), D(0)),
        }
        with pytest.raises(VenueSilent, match="upbit did not answer"):
            await account.balances()

    at_upbit(doing)


def test_orders_that_rest_are_ours_and_the_owners() -> None:
    theirs = listed(told("watch", identifier=None, uuid="theirs", time_in_force=None))
    unsayable = listed(told("wait", price=None, uuid="market"))

    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        upbit.on(OPEN, [listed(told("wait")), theirs, unsayable])
        assert [one.id for one in await account.open_orders()] == [ID, "theirs"]
        assert upbit.of(OPEN)[0].fields["states[]"] == ["wait", "watch"]

    at_upbit(doing)


def test_the_fills_of_an_order_that_was_just_placed() -> None:
    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        upbit.on(PLACE, (201, told("wait")))
        upbit.on(OPEN, [])
        upbit.on(CLOSED, [])  # the list is behind
        upbit.on(FIND, told("cancel", trade(1, "0.0004")))
        await account.place(approved())
        fills = await account.fills_since(NOW - 60 * SECOND)
        assert [(fill.order_id, fill.amount.value, fill.fee.value) for fill in fills] == [(ID, D("0.0004"), D("24.87"))]
        assert [dict(asked.fields) for asked in upbit.of(FIND)] == [{"uuid": UUID}]
        assert await account.fills_since(NOW - 60 * SECOND) == fills

    at_upbit(doing)


def test_facts_are_read_from_upbit() -> None:
    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        stated = (await account.facts())[BTC]
        assert (stated.ticks, stated.min_notional, stated.taker_fee) == (facts().ticks, D(5000), D("0.0005"))

    at_upbit(doing)


def test_facts_are_asked_again_by_the_schedule_and_then_given_up() -> None:
    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        upbit.on("GET /v1/orders/chance", (503, b""))
        with pytest.raises(VenueSilent, match="HTTP 503"):
            await account.facts()
        assert len(upbit.of("GET /v1/orders/chance")) == 6
        assert 31 * SECOND <= clock.now_ns() - NOW < 32 * SECOND
        upbit.on("GET /v1/orders/chance", CHANCE)
        assert BTC in await account.facts()

    at_upbit(doing)


def test_an_instrument_that_upbit_does_not_list_has_no_facts() -> None:
    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        upbit.on("GET /v1/ticker", [])
        with pytest.raises(VenueSilent, match="KRW-BTC"):
            await account.facts()

    at_upbit(doing)


def test_settings_say_until_when_the_key_is_good_and_what_upbit_does_not_tell() -> None:
    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        mine = {"access_key": KEYS.access, "expire_at": "2027-01-09T19:36:34+09:00"}
        upbit.on("GET /v1/api_keys", [{"access_key": "another", "expire_at": "2026-12-01T00:00:00+09:00"}, mine])
        assert await account.settings() == [
            AccountSetting(
                "key_good_until", None, None, "2027-01-09T19:36:34+09:00", ends_ns=1_799_490_994_000_000_000
            ),
            AccountSetting("key_may_withdraw", None, None, None),
        ]

    at_upbit(doing)


def test_spot_has_no_positions_and_no_income() -> None:
    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        assert (await account.positions(), await account.income_since(0), upbit.asked) == ({}, (), [])

    at_upbit(doing)


def test_it_runs_until_it_is_cancelled_and_gives_its_connection_back() -> None:
    async def doing(account: UpbitAccount, upbit: UpbitHere, clock: VirtualClock) -> None:
        running = asyncio.ensure_future(account.run(lambda: None))
        await asyncio.sleep(3600)
        assert not running.done()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await account.close()

    at_upbit(doing)
