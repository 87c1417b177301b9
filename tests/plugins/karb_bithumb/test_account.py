"""Bithumb's account through the executor port, in virtual time: what is proven, what is unknown, what is never sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from karb_bithumb.account import BithumbAccount
from karb_bithumb.client import Client
from karb_bithumb.limits import told_left
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
from tests.plugins.karb_bithumb.bithumb_here import KEYS, BithumbHere
from tests.plugins.karb_bithumb.orders_told import (
    ACCOUNTS,
    BTC,
    CHANCE_RAW,
    ID,
    INTENT,
    NOT_FOUND,
    NOT_READY,
    NOW,
    PRICES,
    SECOND,
    UUID,
    approved,
    facts,
    order,
    page,
    taken,
    told,
    trade,
)
from tests.plugins.karb_upbit.upbit_here import Fate, InMemory

D = Decimal
PLACE, FIND, CANCEL = "POST /v2/orders", "GET /v1/order", "DELETE /v2/order"
OPEN, CLOSED = "GET /v2/orders/pending", "GET /v2/orders/history"
RULE = Cited("execution.on_one_leg", "mine.yaml", 3, "unwind")
ETH = Instrument("bithumb", "ETH", "KRW")
Doing = Callable[[BithumbAccount, BithumbHere, VirtualClock], Awaitable[None]]


def at_bithumb(doing: Doing, *, off_by_s: int = 0, tolerates_ms: int | None = None) -> None:
    """`off_by_s`: by how much our clock is ahead of Bithumb's."""

    async def run() -> None:
        clock = VirtualClock(off_by_s * SECOND)
        bithumb = BithumbHere(now_ns=clock.world_ns, tolerates_ms=tolerates_ms)
        bithumb.on("GET /v1/ticker", PRICES)
        bithumb.on("GET /v1/orders/chance", (200, CHANCE_RAW))
        connection = HttpConnection(InMemory(bithumb), clock, told_left, 5 * SECOND)
        await doing(BithumbAccount(Client(connection, KEYS, clock), [BTC], clock), bithumb, clock)

    virtual_loop.run(run(), NOW)


def placed(*said: Any, then: Any = NOT_FOUND, of: Order | None = None) -> tuple[Outcome, BithumbHere]:
    """What placing came to where Bithumb says this to it, and that to questions after it."""
    came: list[tuple[Outcome, BithumbHere]] = []

    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        bithumb.on(PLACE, *said)
        bithumb.on(FIND, *(then if isinstance(then, list) else [then]))
        came.append((await account.place(approved(of)), bithumb))

    at_bithumb(doing)
    return came[0]


def won(value: str) -> Amount:
    return Amount(D(value), "KRW")


def test_what_became_of_an_order_is_asked_for_as_the_answer_does_not_say() -> None:
    outcome, bithumb = placed(taken(), then=told("done", trade(1, "0.0004"), time_in_force="ioc"))
    assert outcome == Filled(order(), BTC.amount(D("0.0004")), won("49732"), final=True)
    (sent,) = bithumb.of(PLACE)
    assert dict(sent.fields) == {
        "market": "KRW-BTC", "side": "bid", "order_type": "limit", "price": "124330000", "volume": "0.001",
        "time_in_force": "ioc", "client_order_id": ID,
    }  # fmt: skip
    assert [dict(asked.fields) for asked in bithumb.of(FIND)] == [{"client_order_id": ID}]


@pytest.mark.parametrize("not_yet", [NOT_FOUND, NOT_READY], ids=["404", "422"])
def test_one_that_is_not_told_yet_is_asked_for_several_times_within_a_moment(not_yet: Any) -> None:
    outcome, bithumb = placed(taken(), then=[not_yet, not_yet, not_yet, told("cancel")])
    assert outcome == Filled(order(), BTC.amount(D(0)), won("0"), final=True)
    assert len(bithumb.of(PLACE)) == 1
    outcome, bithumb = placed(taken(), then=not_yet)
    assert isinstance(outcome, Unknown)
    assert (len(bithumb.of(PLACE)), len(bithumb.of(FIND))) == (1, 4)


def test_any_other_answer_to_that_question_is_not_waited_for() -> None:
    outcome, bithumb = placed(taken(), then=(500, b""))
    assert isinstance(outcome, Unknown)
    assert len(bithumb.of(FIND)) == 1


def test_once_it_was_taken_bithumbs_not_knowing_it_proves_nothing_however_late() -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        bithumb.on(PLACE, taken())
        bithumb.on(FIND, NOT_FOUND)
        assert isinstance(await account.place(approved()), Unknown)
        await asyncio.sleep(3600)
        assert isinstance(await account.find(order()), Unknown)

    at_bithumb(doing)


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "insufficient_funds_bid"), (400, "under_min_total_bid"), (400, "invalid_price_bid"), (400, "cross_trading"),
        (401, "jwt_verification"), (401, "NotAllowIP"), (401, "expired_jwt"), (403, "blocked_member_id"),
        (429, "too_many_requests"), (200, "insufficient_funds_bid"),
    ],
)  # fmt: skip
def test_a_no_of_bithumbs_is_a_rejection_in_its_own_words(status: int, name: str) -> None:
    outcome, bithumb = placed((status, {"error": {"name": name, "message": "안 됩니다"}}))
    assert outcome == Rejected(order(), name, "안 됩니다")
    assert len(bithumb.of(PLACE)) == 1


@pytest.mark.parametrize(
    "said",
    [
        Fate.DROPPED, Fate.SILENT, (500, {"error": {"name": "server_error", "message": "-"}}), (502, b"<html></html>"),
        (503, b""), (307, b""), (403, b"<html>blocked</html>"), (400, b"Bad Request"), (201, b'{"order_id":"C01'), (201, b"{}"),
        (400, {"error": {"name": "a_word_that_is_new", "message": "-"}}), (400, {"status": "5600", "message": "-"}),
        (400, {"error": {"name": "duplicated_client_order_id", "message": "-"}}),
        (400, {"error": {"name": "invalid_parameter", "message": "-"}}), NOT_FOUND, NOT_READY,
        taken(client_order_id="bot-000002"), taken(market="KRW-ETH"), taken(side="ask"), (200, told("limbo")),
    ],
    ids=str,
)  # fmt: skip
def test_whatever_else_comes_is_unknown_and_nothing_is_sent_again(said: Any) -> None:
    outcome, bithumb = placed(said)
    assert isinstance(outcome, Unknown)
    assert (outcome.filled.value, outcome.cost.value) == (0, 0)
    assert len(bithumb.of(PLACE)) == 1


def test_where_an_id_that_was_used_is_answered_with_its_order_that_order_is_looked_up() -> None:
    outcome, _ = placed(taken(client_order_id=None), then=told("done", trade(1, "0.001")))
    assert outcome == Filled(order(), BTC.amount(D("0.001")), won("124330"), final=True)


def test_where_nothing_was_sent_it_is_unreachable() -> None:
    outcome, _ = placed(Fate.REFUSED)
    assert outcome == Rejected(order(), "unreachable", "connection refused")


@pytest.mark.parametrize(
    ("of", "code"),
    [
        (order(limit=BTC.price(D("124330500"))), "unfit_ticks"),
        (order(amount=BTC.amount(D("0.00000001"))), "unfit_min_notional"),
        (order(instrument=ETH, amount=Amount(D(1), "ETH"), limit=ETH.price(D(5000000))), "unknown_instrument"),
    ],
)
def test_what_does_not_fit_is_never_sent(of: Order, code: str) -> None:
    outcome, bithumb = placed(taken(), of=of)
    assert isinstance(outcome, Rejected)
    assert (outcome.code, bithumb.of(PLACE)) == (code, [])


@pytest.mark.parametrize("call", ["GET /v1/ticker", "GET /v1/orders/chance"])
def test_without_facts_nothing_is_sent(call: str) -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        bithumb.on(call, (503, b""))
        outcome = await account.place(approved())
        assert isinstance(outcome, Rejected)
        assert (outcome.code, bithumb.of(PLACE)) == ("unreachable", [])

    at_bithumb(doing)


def test_an_id_is_sent_once_whatever_became_of_it() -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        bithumb.on(PLACE, Fate.DROPPED, taken())
        for _ in range(3):
            assert isinstance(await account.place(approved()), Unknown)
        assert len(bithumb.of(PLACE)) == 1

    at_bithumb(doing)


@pytest.mark.parametrize(("after_s", "dead"), [(0, False), (30, False), (59.95, False), (60.1, True), (600, True)])
def test_an_order_that_bithumb_does_not_know_is_dead_when_it_can_arrive_no_more(after_s: float, dead: bool) -> None:
    """Counted from when its connection was closed: how long Bithumb takes a token is not documented."""

    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        bithumb.on(PLACE, Fate.SILENT)
        bithumb.on(FIND, NOT_FOUND)
        await account.place(approved())
        await asyncio.sleep(after_s)
        found = await account.find(order())
        assert isinstance(found, Rejected if dead else Unknown)
        assert not isinstance(found, Rejected) or found.code == "order_not_found"

    at_bithumb(doing)


@pytest.mark.parametrize(("after_s", "dead"), [(59, False), (61, True)])
def test_one_of_a_process_that_is_gone_was_sent_before_this_one_began(after_s: float, dead: bool) -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        bithumb.on(FIND, NOT_FOUND)
        await asyncio.sleep(after_s)
        assert isinstance(await account.find(order()), Rejected if dead else Unknown)

    at_bithumb(doing)


@pytest.mark.parametrize(
    "said",
    [NOT_READY, (404, {"error": {"name": 404, "message": "Code not found"}}), (404, b"<html>"), (200, b"[]")],
    ids=str,
)
def test_no_other_answer_ever_proves_it_dead(said: Any) -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        bithumb.on(FIND, said)
        await asyncio.sleep(3600)
        assert isinstance(await account.find(order()), Unknown)

    at_bithumb(doing)


def test_what_was_lost_on_the_way_back_is_found_by_our_id() -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        bithumb.on(PLACE, Fate.DROPPED)
        bithumb.on(FIND, NOT_READY, told("done", trade(1, "0.0004")))
        assert isinstance(await account.place(approved()), Unknown)
        assert isinstance(await account.find(order()), Unknown)
        assert await account.find(order()) == Filled(order(), BTC.amount(D("0.0004")), won("49732"), final=True)

    at_bithumb(doing)


def test_a_word_that_nobody_knows_is_unknown_until_one_is_known() -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        bithumb.on(FIND, told("settling", trade(1, "0.0004")), told("done", trade(1, "0.0004"), trade(2, "0.0006")))
        limbo = await account.find(order())
        assert isinstance(limbo, Unknown)
        assert limbo.filled.value == D("0.0004")
        assert await account.find(order()) == Filled(order(), BTC.amount(D("0.001")), won("124330"), final=True)

    at_bithumb(doing)


@pytest.mark.parametrize("off_by_s", [-7200, -3, 0, 3, 7200])
def test_a_clock_that_is_wrong_is_put_right_by_bithumbs_first_answer(off_by_s: int) -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        bithumb.on(PLACE, taken())
        bithumb.on(FIND, told("done", trade(1, "0.001")))
        bithumb.on("GET /v1/accounts", ACCOUNTS)
        assert Account("bithumb", "KRW") in await account.balances()
        assert isinstance(await account.place(approved()), Filled)
        late_ms = [abs(at_ms - NOW // 1_000_000) for at_ms in bithumb.stamps[-2:]]
        assert max(late_ms) <= 1500

    at_bithumb(doing, off_by_s=off_by_s, tolerates_ms=2000)


def test_an_order_whose_time_is_refused_is_not_sent_again() -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        await account.facts()
        bithumb.on(PLACE, (401, {"error": {"name": "expired_jwt", "message": "-"}}))
        assert await account.place(approved()) == Rejected(order(), "expired_jwt", "-")
        assert len(bithumb.of(PLACE)) == 1

    at_bithumb(doing)


def test_a_cancel_is_a_request_whatever_is_said_to_it() -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        answer = {"order_id": UUID, "client_order_id": ID, "created_at": "2026-11-21T14:00:00+09:00"}
        bithumb.on(CANCEL, answer, NOT_FOUND, Fate.DROPPED, Fate.REFUSED, (500, b""), (200, b"{}"))
        for _ in range(6):
            await account.cancel(order())
        assert [asked.fields["client_order_id"] for asked in bithumb.of(CANCEL)] == [ID] * 5

    at_bithumb(doing)


def test_no_second_holds_more_than_ten_orders_and_cancels_and_a_way_out_need_not_wait_for_entries() -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        await account.facts()
        came: list[int] = []

        def answer(asked: Any) -> Any:
            came.append(clock.now_ns())
            return (400, {"error": {"name": "insufficient_funds_bid", "message": "-"}})

        bithumb.on(PLACE, answer)
        bithumb.on(CANCEL, answer)
        began, ended = clock.now_ns(), dict[str, int]()

        async def timed(name: str, work: Awaitable[Any]) -> None:
            await work
            ended[name] = clock.now_ns() - began

        flood = [order(id=order_id(mark="m1", intent_id=INTENT, leg=0, attempt=n)) for n in range(1, 31)]
        work = [timed(f"entry {n}", account.place(approved(one))) for n, one in enumerate(flood)]
        work += [timed("unwind", account.place(approved(order(), RULE))), timed("cancel", account.cancel(flood[0]))]
        await asyncio.gather(*work)
        assert max(ended["unwind"], ended["cancel"]) < SECOND < 3 * SECOND < max(ended.values())
        assert all(sum(at <= other < at + SECOND for other in came) <= 10 for at in came)

    at_bithumb(doing)


def test_balances_are_what_is_free_and_what_is_locked() -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        bithumb.on("GET /v1/accounts", ACCOUNTS, (500, b""))
        assert await account.balances() == {
            Account("bithumb", "KRW"): Balance(D("2061832.35"), D("74784.495")),
            Account("bithumb", "BTC"): Balance(D("0.5004"), D(0)),
        }
        with pytest.raises(VenueSilent, match="bithumb did not answer"):
            await account.balances()

    at_bithumb(doing)


def test_orders_that_rest_are_ours_and_the_owners_and_one_that_is_triggered_meanwhile_is_one() -> None:
    theirs = told("watch", client_order_id=None, uuid="theirs", time_in_force=None)
    unsayable = told("wait", price=None, uuid="market")

    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        bithumb.on(OPEN, page(theirs), page(told("wait"), theirs | {"state": "wait"}, unsayable))
        assert [one.id for one in await account.open_orders()] == ["theirs", ID]
        assert [asked.fields["state"] for asked in bithumb.of(OPEN)] == ["watch", "wait"]
        assert {asked.fields["market"] for asked in bithumb.of(OPEN)} == {"KRW-BTC"}

    at_bithumb(doing)


def test_the_fills_of_an_order_that_was_just_placed() -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        bithumb.on(PLACE, taken())
        bithumb.on(OPEN, page())
        bithumb.on(CLOSED, page())  # the list is behind
        bithumb.on(FIND, told("done", trade(1, "0.0004")))
        await account.place(approved())
        fills = await account.fills_since(NOW - 60 * SECOND)
        assert [(fill.order_id, fill.amount.value, fill.fee.value) for fill in fills] == [
            (ID, D("0.0004"), D("124.33"))
        ]
        assert dict(bithumb.of(FIND)[-1].fields) == {"uuid": UUID}
        assert await account.fills_since(NOW - 60 * SECOND) == fills

    at_bithumb(doing)


def test_facts_are_read_from_bithumb_and_the_time_of_its_ticker_is_not_believed() -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        stated = (await account.facts())[BTC]
        assert (stated.ticks, stated.min_notional, stated.taker_fee) == (facts().ticks, D(5000), D("0.0025"))
        assert NOW <= stated.valid_from_ns <= NOW + SECOND

    at_bithumb(doing)


def test_facts_are_asked_again_by_the_schedule_and_then_given_up() -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        bithumb.on("GET /v1/orders/chance", (503, b""))
        with pytest.raises(VenueSilent, match="HTTP 503"):
            await account.facts()
        assert len(bithumb.of("GET /v1/orders/chance")) == 6
        bithumb.on("GET /v1/orders/chance", (200, CHANCE_RAW))
        assert BTC in await account.facts()

    at_bithumb(doing)


def test_an_instrument_that_bithumb_does_not_list_has_no_facts() -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        bithumb.on("GET /v1/ticker", [])
        with pytest.raises(VenueSilent, match="KRW-BTC"):
            await account.facts()

    at_bithumb(doing)


def test_settings_say_until_when_the_key_is_good_and_what_bithumb_does_not_tell() -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        mine = {"access_key": KEYS.access, "expire_at": "2027-01-09T19:36:34+09:00"}
        bithumb.on("GET /v1/api_keys", [{"access_key": "another", "expire_at": "2026-12-01T00:00:00+09:00"}, mine])
        assert await account.settings() == [
            AccountSetting(
                "key_good_until", None, None, "2027-01-09T19:36:34+09:00", ends_ns=1_799_490_994_000_000_000
            ),
            AccountSetting("key_may_withdraw", None, None, None),
        ]

    at_bithumb(doing)


def test_spot_has_no_positions_and_no_income() -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        assert (await account.positions(), await account.income_since(0), bithumb.asked) == ({}, (), [])

    at_bithumb(doing)


def test_it_runs_until_it_is_cancelled_and_gives_its_connection_back() -> None:
    async def doing(account: BithumbAccount, bithumb: BithumbHere, clock: VirtualClock) -> None:
        running = asyncio.ensure_future(account.run(lambda: None))
        await asyncio.sleep(3600)
        assert not running.done()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await account.close()

    at_bithumb(doing)
