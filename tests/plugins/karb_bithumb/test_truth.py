"""Whatever is lost, late or hidden on the way: what the account says of an order is never more than what is true of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from karb_bithumb.account import BithumbAccount
from karb_bithumb.client import Client
from karb_bithumb.limits import told_left
from karb_core.connection.http_connection import HttpConnection
from karb_core.domain.orders import Filled, Outcome, Rejected, Unknown
from karb_core.wiring import virtual_loop
from karb_core.wiring.virtual_clock import VirtualClock
from tests.plugins.karb_bithumb.bithumb_here import KEYS, BithumbHere
from tests.plugins.karb_bithumb.orders_told import (
    BTC,
    CHANCE_RAW,
    NOT_FOUND,
    NOT_READY,
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
from tests.plugins.karb_upbit.upbit_here import Asked, Fate, InMemory

D = Decimal


@dataclass
class Truth:
    """One order at Bithumb. arrives_s: so long after it was sent, None where it never does (not after the network's
    bound). hidden_s: so long after it arrived it is not told. parts: what trades of it, each a second after the last.
    ends: how it ends when they have traded, None while it rests. answer: what is said to the request."""

    clock: VirtualClock
    arrives_s: float | None
    hidden_s: float
    parts: list[int]
    ends: str | None
    answer: Any
    noise: list[Any]
    arrived_ns: int | None = field(default=None)
    sent: int = 0

    def placed(self, asked: Asked) -> Any:
        self.sent += 1
        if self.arrives_s is not None:
            self.arrived_ns = self.clock.world_ns() + int(self.arrives_s * SECOND)
        return self.answer

    def asked_for(self, asked: Asked) -> Any:
        if self.noise:
            said = self.noise.pop()
            if said not in (None, "a new word"):
                return said
        else:
            said = None
        now = self.clock.world_ns()
        if self.arrived_ns is None or now < self.arrived_ns + self.hidden_s * SECOND:
            return NOT_FOUND
        return self.body() | ({} if said is None else {"state": said})

    def body(self) -> dict[str, Any]:
        seconds = (self.clock.world_ns() - (self.arrived_ns or 0)) // SECOND
        there = [trade(n, f"{part}e-5") for n, part in enumerate(self.parts) if n < seconds]
        over = len(there) == len(self.parts) and self.ends is not None
        return told(self.ends if over and self.ends else "wait", *there)

    @property
    def traded(self) -> Decimal:
        return D(0) if self.arrived_ns is None else D(self.body()["executed_volume"])


#: What may be said to the request of an order that arrives, and to one that never does.
ARRIVED = [taken(), Fate.DROPPED, Fate.SILENT, (500, b""), (201, b"<html>"), (400, b"<html>"), (504, b"")]
LOST = [Fate.REFUSED, Fate.DROPPED, Fate.SILENT, (502, b""), (400, {"error": {"name": "insufficient_funds_bid"}})]
NOISE = st.sampled_from(
    [None, NOT_READY, (500, b""), Fate.DROPPED, Fate.SILENT, (200, b"{}"), (429, b""), "a new word"]
)


@given(
    st.one_of(st.tuples(st.floats(0, 50), st.sampled_from(ARRIVED)), st.tuples(st.none(), st.sampled_from(LOST))),
    st.floats(0, 9),
    st.lists(st.integers(1, 30), max_size=3),
    st.sampled_from(["done", "cancel", None]),
    st.lists(NOISE, max_size=12),
    st.lists(st.floats(0.1, 40), min_size=4, max_size=10),
)
@settings(max_examples=300, deadline=None)
def test_nothing_that_is_told_of_an_order_is_untrue(
    way: tuple[float | None, Any],
    hidden_s: float,
    parts: list[int],
    ends: str | None,
    noise: list[Any],
    waits: list[float],
) -> None:
    arrives_s, answer = way
    arrives_s = 0 if answer == taken() else arrives_s

    async def run() -> None:
        clock, bithumb = VirtualClock(), BithumbHere()
        bithumb.on("GET /v1/ticker", PRICES)
        bithumb.on("GET /v1/orders/chance", (200, CHANCE_RAW))
        truth = Truth(clock, arrives_s, hidden_s, parts, ends, answer, list(noise))
        bithumb.on("POST /v2/orders", truth.placed)
        bithumb.on("GET /v1/order", truth.asked_for)
        bithumb.on("GET /v2/orders/pending", page())
        bithumb.on("GET /v2/orders/history", page())
        connection = HttpConnection(InMemory(bithumb), clock, told_left, 5 * SECOND)
        account = BithumbAccount(Client(connection, KEYS, clock), [BTC], clock)
        outcomes = [await account.place(approved())]
        for wait_s in waits:
            await asyncio.sleep(wait_s)
            outcomes.append(await account.find(order()))
            need_true(outcomes, truth)
        assert truth.sent <= 1

    virtual_loop.run(run(), NOW)


def need_true(outcomes: list[Outcome], truth: Truth) -> None:
    last = outcomes[-1]
    if any(isinstance(one, Rejected) for one in outcomes):
        assert truth.arrived_ns is None, "an order that is at the venue was called dead"
    if isinstance(last, Filled | Unknown):
        assert last.filled.value <= truth.traded
    if isinstance(last, Filled) and last.final:
        assert last.filled.value == truth.traded
        assert truth.ends is not None or truth.traded >= order().amount.value
    known = [one.filled.value for one in outcomes if isinstance(one, Filled | Unknown)]
    assert known == sorted(known), "what was told once was forgotten"
