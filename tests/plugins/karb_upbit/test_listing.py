"""What traded is listed to the last trade, whoever ordered it, whenever it was made, however long the lists are."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from karb_core.connection import told_listing
from karb_core.connection.failures import NoAnswer
from karb_core.connection.http_connection import HttpConnection
from karb_core.connection.told_listing import TradeListing
from karb_core.domain.orders import Fill
from karb_core.wiring import virtual_loop
from karb_core.wiring.virtual_clock import VirtualClock
from karb_upbit import listing
from karb_upbit.client import Client
from karb_upbit.limits import told_left
from karb_upbit.listing import Listing
from tests.plugins.karb_upbit.orders_told import BTC, ID, NOT_FOUND, NOW, SECOND, listed, told, trade
from tests.plugins.karb_upbit.upbit_here import KEYS, Asked, InMemory, UpbitHere

D = Decimal
DAY = 86_400 * SECOND


@dataclass
class Made:
    """One order as the truth has it. Times in seconds after NOW; `traded` at these."""

    number: int
    made: int
    traded: list[int]
    ended: int | None
    wiped: int | None = None
    name: str | None = None

    def body(self, at: int) -> dict[str, Any]:
        trades = [
            trade(0, "0.0001") | {"uuid": f"{self.number}-{n}", "created_at": _iso(t)}
            for n, t in enumerate(self.traded)
            if t <= at
        ]
        state = "wait" if self.ended is None or self.ended > at else "cancel"
        more = {
            "uuid": f"order-{self.number:03}",
            "identifier": self.name,
            "volume": "1",
            "created_at": _iso(self.made),
        }
        return told(state, *trades, **more)

    def is_there(self, at: int) -> bool:
        return self.made <= at and (self.wiped is None or at < self.wiped)


@dataclass
class Account:
    """Upbit's lists over the truth: by when an order was made, so many at a time, so much behind."""

    orders: list[Made]
    clock: VirtualClock
    open_page: int
    closed_page: int
    behind_s: int = 0
    calls: int = field(default=0)
    restless: bool = False
    looks: int = 0

    def opened(self, asked: Asked) -> list[dict[str, Any]]:
        self.calls += 1
        self.looks += 1
        at, page = self._now(), int(asked.fields["page"])
        if self.restless:
            self.orders.append(Made(len(self.orders), 0, [], None))
        there = [o for o in self.orders if o.is_there(at) and o.made + self.behind_s <= at]
        found = [o for o in there if o.ended is None or o.ended > at]
        return [listed(o.body(at)) for o in found][(page - 1) * self.open_page : page * self.open_page]

    def closed(self, asked: Asked) -> list[dict[str, Any]]:
        self.calls += 1
        at = self._now()
        start, end = int(asked.fields["start_time"]), int(asked.fields["end_time"])
        assert 0 <= end - start <= 7 * 86_400_000
        found = [
            o for o in self.orders
            if o.is_there(at) and o.ended is not None and o.ended + self.behind_s <= at and start <= _ms(o.made) <= end
        ]  # fmt: skip
        return [listed(o.body(at)) for o in found][: self.closed_page]

    def one(self, asked: Asked) -> Any:
        self.calls += 1
        uuid, at = asked.fields["uuid"], self._now()
        found = [o for o in self.orders if f"order-{o.number:03}" == uuid and o.is_there(at)]
        return found[0].body(at) if found else NOT_FOUND

    def shows(self, order: Made) -> bool:
        at = self._now()
        is_open = order.ended is None or order.ended > at
        return order.made + self.behind_s <= at and (is_open or (order.ended or 0) + self.behind_s <= at)

    def _now(self) -> int:
        return (self.clock.world_ns() - NOW) // SECOND


def _iso(at_s: int) -> str:
    return datetime.fromtimestamp(NOW // SECOND + at_s, UTC).isoformat()


def _ms(at_s: int) -> int:
    return (NOW // SECOND + at_s) * 1000


Doing = Callable[[TradeListing, Account, VirtualClock], Awaitable[None]]


def looking(orders: list[Made], doing: Doing, *, pages: tuple[int, int] = (100, 1000), behind_s: int = 0) -> None:
    async def run() -> None:
        clock, upbit = VirtualClock(), UpbitHere()
        account = Account(sorted(orders, key=lambda o: o.made), clock, *pages, behind_s)
        upbit.on("GET /v1/orders/open", account.opened)
        upbit.on("GET /v1/orders/closed", account.closed)
        upbit.on("GET /v1/order", account.one)
        connection = HttpConnection(InMemory(upbit, 0), clock, told_left, 60 * SECOND)
        await doing(TradeListing(Listing(Client(connection, KEYS)), [BTC], clock.now_ns), account, clock)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(listing, "OPEN_PAGE", pages[0])
        patched.setattr(listing, "CLOSED_PAGE", pages[1])
        virtual_loop.run(run(), NOW)


def ids(fills: list[Fill]) -> set[str]:
    return {fill.venue_trade_id for fill in fills}


def truth(orders: list[Made], since: int, until: int) -> set[str]:
    return {f"{o.number}-{n}" for o in orders for n, t in enumerate(o.traded) if since <= t <= until}


@st.composite
def histories(draw: st.DrawFn) -> list[Made]:
    """Orders made up to six days before the first look, or later; they trade and end, or rest."""
    orders = []
    for number in range(draw(st.integers(0, 12))):
        made = draw(st.integers(-6 * 86_400, 400))
        traded = sorted(made + t for t in draw(st.lists(st.integers(0, 7 * 86_400), max_size=3)))
        ended = draw(st.none() | st.integers(max([made, *traded]), max([made, *traded]) + 300))
        orders.append(Made(number, made, traded, ended))
    return orders


@settings(max_examples=150)
@given(
    orders=histories(),
    looks=st.lists(st.tuples(st.integers(0, 300), st.integers(-86_400, 300)), min_size=1, max_size=5),
    behind_s=st.sampled_from([0, 3, 20]),
    pages=st.sampled_from([(100, 1000), (100, 3)]),
)
def test_every_trade_is_listed_at_every_look(
    orders: list[Made], looks: list[tuple[int, int]], behind_s: int, pages: tuple[int, int]
) -> None:
    seconds = [o.made for o in orders]
    assume(all(seconds.count(s) < pages[1] for s in seconds))

    async def doing(of: TradeListing, account: Account, clock: VirtualClock) -> None:
        at = 0
        for later, since in looks:
            at += later
            await clock.sleep_until(NOW + at * SECOND)
            now = account._now()
            # What no list shows yet, and no look before has seen, nobody can know.
            surely = [o for o in orders if account.shows(o) or f"order-{o.number:03}" in of._open]
            found = ids(await of.since(NOW + since * SECOND))
            assert truth(surely, since, now) <= found <= truth(orders, since, account._now())
            assert ids(await of.since(NOW + since * SECOND)) >= found

    looking(orders, doing, pages=pages, behind_s=behind_s)


def test_the_whole_second_of_a_time_is_listed() -> None:
    async def doing(of: TradeListing, account: Account, clock: VirtualClock) -> None:
        assert ids(await of.since(NOW - 10 * SECOND + 999_999_999)) == {"1-0"}
        assert ids(await of.since(NOW - 9 * SECOND)) == set()

    looking([Made(1, -20, [-10], -5)], doing)


def test_an_order_that_rested_for_a_month_is_listed_when_it_trades() -> None:
    async def doing(of: TradeListing, account: Account, clock: VirtualClock) -> None:
        assert await of.since(NOW - 60 * SECOND) == []
        await clock.sleep_until(NOW + 700 * SECOND)
        assert ids(await of.since(NOW - 60 * SECOND)) == {"1-0"}

    looking([Made(1, -30 * 86_400, [600], 650)], doing)


def test_one_that_upbit_wiped_is_let_go_with_what_it_traded_before() -> None:
    async def doing(of: TradeListing, account: Account, clock: VirtualClock) -> None:
        assert ids(await of.since(NOW - 60 * SECOND)) == {"1-0"}
        await clock.sleep_until(NOW + 700 * SECOND)
        assert ids(await of.since(NOW - 60 * SECOND)) == {"1-0"}

    looking([Made(1, -100, [-50], None, wiped=600)], doing)


def test_more_orders_in_one_second_than_a_list_holds_cannot_be_proven() -> None:
    async def doing(of: TradeListing, account: Account, clock: VirtualClock) -> None:
        with pytest.raises(NoAnswer, match="one second"):
            await of.since(NOW - 60 * SECOND)

    looking([Made(n, -30, [-30], -30) for n in range(3)], doing, pages=(100, 3))


def test_one_that_no_list_showed_for_two_looks_is_listed_by_the_third() -> None:
    """It was made just before the first, and had just ended at the second; lists are twenty seconds behind."""

    async def doing(of: TradeListing, account: Account, clock: VirtualClock) -> None:
        for at, listed_by_then in ((0, set[str]()), (61, set[str]()), (123, {"1-0"})):
            await clock.sleep_until(NOW + at * SECOND)
            assert ids(await of.since(NOW - 60 * SECOND)) == listed_by_then

    looking([Made(1, -1, [10], 55)], doing, behind_s=20)


def test_one_that_was_placed_is_followed_while_no_list_shows_it() -> None:
    async def doing(of: TradeListing, account: Account, clock: VirtualClock) -> None:
        of.placed("order-001")
        for at, listed_by_then in ((1, set[str]()), (8, {"1-0"})):
            await clock.sleep_until(NOW + at * SECOND)
            assert ids(await of.since(NOW - 60 * SECOND)) == listed_by_then

    looking([Made(1, 0, [5], 6)], doing, behind_s=20)


def test_many_open_orders_are_read_page_by_page_until_two_readings_agree() -> None:
    async def doing(of: TradeListing, account: Account, clock: VirtualClock) -> None:
        assert len(await of.lists.opened()) == 7

    looking([Made(n, -30, [], None) for n in range(7)], doing, pages=(3, 1000))


def test_open_orders_that_never_stand_still_cannot_be_proven() -> None:
    async def doing(of: TradeListing, account: Account, clock: VirtualClock) -> None:
        account.restless = True
        with pytest.raises(NoAnswer, match="changed while"):
            await of.lists.opened()

    looking([Made(n, -30, [], None) for n in range(4)], doing, pages=(3, 1000))


def test_a_later_look_asks_for_what_is_new_and_no_more() -> None:
    async def doing(of: TradeListing, account: Account, clock: VirtualClock) -> None:
        for minute in range(4):
            await clock.sleep_until(NOW + minute * 61 * SECOND)
            account.calls = 0
            assert len(await of.since(NOW - 100 * SECOND)) == 20
        assert account.calls == 2

    looking([Made(n, -90, [-80], -70) for n in range(20)], doing)


def test_what_is_remembered_is_bounded_and_listed_again_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told_listing, "_MOST_ORDERS", 5)
    orders = [Made(n, -86_400 * (20 - n), [-86_400 * (20 - n) + 5], -86_400 * (20 - n) + 10) for n in range(20)]

    async def doing(of: TradeListing, account: Account, clock: VirtualClock) -> None:
        for minute, since in enumerate((-30 * 86_400, 0, 0, 0, -30 * 86_400, -3 * 86_400)):
            await clock.sleep_until(NOW + 61 * minute * SECOND)
            assert ids(await of.since(NOW + since * SECOND)) == truth(orders, since, 0)
        assert len(of._fills) < 20

    looking(orders, doing)


def _half_told(account: Account, of: TradeListing) -> None:
    """From now on Upbit leaves out all but the first trade of an order."""
    whole = account.one

    def behind(asked: Asked) -> Any:
        body = whole(asked)
        return body | {"trades": body["trades"][:1]}

    of.lists.client.connection._transport.upbit.on("GET /v1/order", behind)  # type: ignore[attr-defined]


def test_trades_of_ours_that_are_not_all_told_are_no_list() -> None:
    async def doing(of: TradeListing, account: Account, clock: VirtualClock) -> None:
        _half_told(account, of)
        with pytest.raises(NoAnswer, match="not listed every trade"):
            await of.since(NOW - 60 * SECOND)
        of.lists.client.connection._transport.upbit.on("GET /v1/order", account.one)  # type: ignore[attr-defined]
        assert ids(await of.since(NOW - 60 * SECOND)) == {"1-0", "1-1"}

    looking([Made(1, -30, [-20, -10], -5, name=ID)], doing)


def test_those_of_others_hold_up_nothing_and_are_told_when_they_can_be() -> None:
    async def doing(of: TradeListing, account: Account, clock: VirtualClock) -> None:
        _half_told(account, of)
        assert ids(await of.since(NOW - 60 * SECOND)) == {"2-0"}
        await clock.sleep_until(NOW + 700 * SECOND)
        of.lists.client.connection._transport.upbit.on("GET /v1/order", account.one)  # type: ignore[attr-defined]
        assert ids(await of.since(NOW - 60 * SECOND)) == {"1-0", "1-1", "2-0"}

    looking([Made(1, -30, [-20, -10], -5), Made(2, -30, [-20], -5, name=ID)], doing)


def test_who_asks_while_others_do_is_served_by_one_look_that_began_later() -> None:
    async def doing(of: TradeListing, account: Account, clock: VirtualClock) -> None:
        told = await asyncio.gather(*(of.since(NOW - s * SECOND) for s in (60, 60, 5, 60, 60)))
        assert [ids(fills) for fills in told] == [{"1-0"}, {"1-0"}, set(), {"1-0"}, {"1-0"}]
        assert account.looks == 2

    looking([Made(1, -30, [-20], -5)], doing)
