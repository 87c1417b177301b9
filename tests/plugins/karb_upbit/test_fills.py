"""The trades of an order as fills: Upbit's fee for the order is shared out, and the parts are what it took."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.connection.told_fills import fills_of
from karb_core.connection.typed_body import Unreadable, read
from karb_core.domain.amount import Amount
from karb_core.domain.orders import Fill, Side
from karb_upbit.wire import SeenOrder
from tests.plugins.karb_upbit.orders_told import BTC, ENDED_MARKET_BUY, ID, NOW, at_ns, told, trade

D = Decimal


def seen(body: dict[str, Any]) -> SeenOrder:
    return read(json.dumps(body).encode(), SeenOrder)


def fills(body: dict[str, Any], before: tuple[Fill, ...] = ()) -> tuple[Fill, ...]:
    made = fills_of("upbit", seen(body), {fill.venue_trade_id: fill for fill in before}, NOW)
    assert made is not None
    return made


def test_a_partial_fill() -> None:
    assert fills(told("wait", trade(1, "0.0004"))) == (
        Fill(
            order_id=ID,
            venue_trade_id="9d1c4f0e-0000-4000-8000-00000000aa01",
            instrument=BTC,
            side=Side.BUY,
            amount=BTC.amount(D("0.0004")),
            price=BTC.price(D("124350000")),
            fee=Amount(D("24.87"), "KRW"),
            venue_at_ns=at_ns("2026-11-21T14:00:02+09:00"),
            received_at_ns=NOW,
        ),
    )


def test_one_that_somebody_else_ordered_carries_upbits_id() -> None:
    (one,) = fills(ENDED_MARKET_BUY)
    assert (one.order_id, one.fee.value) == (ENDED_MARKET_BUY["uuid"], D("49.9998915"))


def test_trades_are_told_oldest_first() -> None:
    body = told("done", trade(3, "0.0001", at="14:00:09"), trade(2, "0.0001"), trade(1, "0.0001"))
    assert [fill.venue_trade_id[-2:] for fill in fills(body)] == ["01", "02", "03"]


VOLUMES = st.lists(st.integers(1, 10**6), min_size=1, max_size=8)


@given(volumes=VOLUMES, cut=st.integers(0, 8), off=st.integers(-(10**6), 10**6), price=st.integers(1, 10**6))
def test_fees_sum_to_what_was_taken_and_never_change(volumes: list[int], cut: int, off: int, price: int) -> None:
    """Also where Upbit's fee is no clean part of the funds, and the order was looked at while it was filling."""
    trades = [trade(n, str(D(v).scaleb(-8)), f"{price}000", f"14:00:{n:02}") for n, v in enumerate(volumes)]
    some, whole = told("wait", *trades[:cut]), told("done", *trades)
    more = 1 if cut >= len(volumes) else 2  # a fee changes with a trade and not otherwise
    some["paid_fee"] = str(D(some["paid_fee"]) + D(off).scaleb(-11))
    whole["paid_fee"] = str(D(whole["paid_fee"]) + more * D(off).scaleb(-11))
    first = fills(some)
    then = fills(whole, first)
    assert then[: len(first)] == first
    assert sum(fill.fee.value for fill in first) == (D(some["paid_fee"]) if first else 0)
    assert sum(fill.fee.value for fill in then) == D(whole["paid_fee"])
    assert fills(whole, then) == then


def test_a_clean_fee_is_the_same_whether_it_was_looked_at_before_or_not() -> None:
    trades = [trade(1, "0.0004"), trade(2, "0.00012345", "124351000"), trade(3, "0.0003", at="14:00:07")]
    looked = fills(told("done", *trades), fills(told("wait", *trades[:2])))
    assert looked == fills(told("done", *trades))
    assert [fill.fee.value for fill in looked] == [D(t["funds"]) * D("0.0005") for t in trades]


def test_trades_that_are_not_all_there_are_none() -> None:
    body = told("done", trade(1, "0.0004"), trade(2, "0.0006"))
    assert fills_of("upbit", seen(body | {"trades": body["trades"][:1]}), {}, NOW) is None


@pytest.mark.parametrize("changed", [{"price": "0"}, {"volume": "-0.0004"}, {"funds": "0"}])
def test_a_trade_that_is_none_is_unreadable(changed: dict[str, Any]) -> None:
    body = told("wait", trade(1, "0.0004"), trade(2, "0.0004"))
    for one in body["trades"]:
        one.update(changed)
    body["executed_volume"] = str(sum(D(t["volume"]) for t in body["trades"]))
    with pytest.raises(Unreadable):
        fills_of("upbit", seen(body), {}, NOW)
