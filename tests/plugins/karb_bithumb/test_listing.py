"""What traded is listed to the last trade over lists of parts, whoever ordered it and however far back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_bithumb.client import Client
from karb_bithumb.limits import told_left
from karb_bithumb.listing import Listing
from karb_core.connection.failures import NoAnswer
from karb_core.connection.http_connection import HttpConnection
from karb_core.connection.told_listing import TradeListing
from karb_core.connection.told_order import ToldOrder
from karb_core.domain.orders import Fill
from karb_core.wiring import virtual_loop
from karb_core.wiring.virtual_clock import VirtualClock
from tests.plugins.karb_bithumb.bithumb_here import KEYS, BithumbHere
from tests.plugins.karb_bithumb.orders_told import BTC, ID, NOT_FOUND, NOW, SECOND, listed, page, told, trade
from tests.plugins.karb_upbit.upbit_here import Asked, InMemory

DAY = 86_400


@dataclass
class Made:
    """One order as the truth has it. Times in seconds after NOW; `traded` at these."""

    number: int
    made: int
    traded: list[int]
    ended: int | None
    name: str | None = None
    market: str = "KRW-BTC"
    watched_until: int | None = None

    def body(self, at: int) -> dict[str, Any]:
        trades = [
            trade(0, "0.0001") | {"uuid": f"{self.number}-{n}", "created_at": _iso(t)}
            for n, t in enumerate(self.traded)
            if t <= at
        ]
        return told(
            self.state(at), *trades, uuid=f"order-{self.number:03}", client_order_id=self.name, volume="1",
            created_at=_iso(self.made), market=self.market,
        )  # fmt: skip

    def state(self, at: int) -> str:
        if self.watched_until is not None and at < self.watched_until:
            return "watch"
        return "wait" if self.ended is None or self.ended > at else "done"


@dataclass
class Account:
    """Bithumb's lists over the truth: of one market and state, in parts of `part`, by a key with signs in it."""

    orders: list[Made]
    clock: VirtualClock
    part: int
    restless: bool = False
    asked: list[Asked] = field(default_factory=list)

    def opened(self, asked: Asked) -> Any:
        at = self.now
        if self.restless:
            self.orders.append(Made(len(self.orders), 0, [], None))
        return self._parts(asked, [o for o in self.orders if o.made <= at])

    def closed(self, asked: Asked) -> Any:
        start, end = int(asked.fields["start_time"]), int(asked.fields["end_time"])
        assert 0 <= end - start <= 7 * DAY * 1000
        return self._parts(asked, [o for o in self.orders if start <= _ms(o.made) <= end])

    def one(self, asked: Asked) -> Any:
        found = [o for o in self.orders if f"order-{o.number:03}" == asked.fields["uuid"] and o.made <= self.now]
        return found[0].body(self.now) if found else NOT_FOUND

    def _parts(self, asked: Asked, there: list[Made]) -> Any:
        self.asked.append(asked)
        of = asked.fields["market"], asked.fields["state"]
        found = [listed(o.body(self.now)) for o in there if (o.market, o.state(self.now)) == of]
        begin = int(asked.fields.get("next_key", "+/=0").removeprefix("+/="))
        more = begin + self.part < len(found)
        return {
            "data": found[begin : begin + self.part], "has_next": more,
            "next_key": f"+/={begin + self.part}" if more else None,
        }  # fmt: skip

    @property
    def now(self) -> int:
        return (self.clock.world_ns() - NOW) // SECOND


def _iso(at_s: int) -> str:
    return datetime.fromtimestamp(NOW // SECOND + at_s, UTC).isoformat()


def _ms(at_s: int) -> int:
    return (NOW // SECOND + at_s) * 1000


Doing = Callable[[TradeListing[ToldOrder], Account, BithumbHere], Awaitable[None]]


def looking(orders: list[Made], doing: Doing, *, part: int = 100) -> None:
    async def run() -> None:
        clock, bithumb = VirtualClock(), BithumbHere()
        account = Account(sorted(orders, key=lambda o: o.made), clock, part)
        bithumb.on("GET /v2/orders/pending", account.opened)
        bithumb.on("GET /v2/orders/history", account.closed)
        bithumb.on("GET /v1/order", account.one)
        connection = HttpConnection(InMemory(bithumb, 0), clock, told_left, 60 * SECOND)
        lists = Listing(Client(connection, KEYS, clock), ["KRW-BTC"])
        await doing(TradeListing(lists, [BTC], clock.now_ns), account, bithumb)

    virtual_loop.run(run(), NOW)


def ids(fills: list[Fill]) -> set[str]:
    assert len({fill.venue_trade_id for fill in fills}) == len(fills)
    return {fill.venue_trade_id for fill in fills}


@given(
    st.lists(
        st.tuples(st.integers(-30, 200), st.lists(st.integers(0, 100), max_size=3), st.integers(0, 100) | st.none()),
        max_size=12,
    ),
    st.integers(1, 5),
)
@settings(max_examples=60, deadline=None)
def test_every_trade_is_listed_at_every_look(drawn: list[tuple[int, list[int], int | None]], part: int) -> None:
    orders = [
        Made(n, made, [made + t for t in traded], None if lasts is None else made + max([lasts, *traded]))
        for n, (made, traded, lasts) in enumerate(drawn)
    ]

    async def doing(of: TradeListing[ToldOrder], account: Account, bithumb: BithumbHere) -> None:
        for _ in range(4):
            truth = {f"{o.number}-{n}" for o in orders for n, t in enumerate(o.traded) if -30 <= t <= account.now}
            assert ids(await of.since(NOW - 30 * SECOND)) == truth
            await asyncio.sleep(70)

    looking(orders, doing, part=part)


def test_lists_are_read_to_their_end_by_the_key_of_each_part_as_it_is_written() -> None:
    orders = [Made(n, -100 + n, [-50], -40) for n in range(7)]

    async def doing(of: TradeListing[ToldOrder], account: Account, bithumb: BithumbHere) -> None:
        assert len(await of.since(NOW - 60 * SECOND)) == 7
        keys = [
            a.fields.get("next_key") for a in account.asked if a.fields["state"] == "done" and "start_time" in a.fields
        ]
        assert [key for key in keys if key is not None] == ["+/=3", "+/=6"]

    looking(orders, doing, part=3)


def test_closed_orders_are_asked_for_seven_days_at_a_time() -> None:
    old = Made(1, -25 * DAY, [-25 * DAY + 5], -25 * DAY + 9, name=ID)

    async def doing(of: TradeListing[ToldOrder], account: Account, bithumb: BithumbHere) -> None:
        assert ids(await of.since(NOW - 26 * DAY * SECOND)) == {"1-0"}
        spans = {(a.fields["start_time"], a.fields["end_time"]) for a in account.asked if "start_time" in a.fields}
        assert len(spans) == 5

    looking([old], doing)


def test_one_that_is_triggered_between_two_lists_is_seen() -> None:
    """It is in the list of those that wait for a trigger, or in the one of those that wait, and never in neither."""

    async def doing(of: TradeListing[ToldOrder], account: Account, bithumb: BithumbHere) -> None:
        plain = account.opened

        def triggers(asked: Asked) -> Any:
            said = plain(asked)
            account.orders[0].watched_until = None
            return said

        bithumb.on("GET /v2/orders/pending", triggers)
        assert [seen.uuid for seen in await of.lists.opened()] == ["order-001"]

    looking([Made(1, -10, [], None, watched_until=10**9)], doing)


def test_open_orders_in_several_parts_are_read_until_two_readings_agree() -> None:
    async def doing(of: TradeListing[ToldOrder], account: Account, bithumb: BithumbHere) -> None:
        assert len(await of.lists.opened()) == 5
        assert len([a for a in account.asked if a.fields["state"] == "wait"]) == 6
        account.restless = True
        with pytest.raises(NoAnswer, match="changed while"):
            await of.lists.opened()

    looking([Made(n, -10, [], None) for n in range(5)], doing, part=2)


@pytest.mark.parametrize("key", ["again", None])
def test_a_list_that_does_not_end_is_no_list(key: str | None) -> None:
    async def doing(of: TradeListing[ToldOrder], account: Account, bithumb: BithumbHere) -> None:
        bithumb.on("GET /v2/orders/pending", page(told("wait")) | {"has_next": True, "next_key": key})
        with pytest.raises(NoAnswer, match="does not end"):
            await of.since(NOW)

    looking([], doing)


def test_trades_of_ours_that_are_not_all_told_are_no_list() -> None:
    async def doing(of: TradeListing[ToldOrder], account: Account, bithumb: BithumbHere) -> None:
        half = account.orders[0].body(0)
        bithumb.on("GET /v1/order", half | {"trades": half["trades"][:1]}, account.one)
        with pytest.raises(NoAnswer, match="has not listed every trade"):
            await of.since(NOW - 60 * SECOND)
        assert ids(await of.since(NOW - 60 * SECOND)) == {"1-0", "1-1"}

    looking([Made(1, -30, [-20, -10], -5, name=ID)], doing)
