"""Lots folded from the ledger: how they ended, in which asset they are counted, and which cannot be."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from karb_core.domain.amount import Amount, Price
from karb_core.domain.orders import Fill, Side
from karb_core.engine.books import ClosedLot
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import Whose
from karb_core.venue.forced import Forced
from karb_core.wiring.kept_lots import kept_lots, trades_by_book
from karb_core.wiring.trades import trades_of
from tests.engine.scene import NOW, PERP, SECOND, TERMS, D, lot, moment, view
from tests.wiring.steered import ACCOUNT, started

MONEY = (("money", Price(D("1.25"), "USD", "EUR")),)


def ended(name: str, rates: tuple[tuple[str, Price], ...]) -> ClosedLot:
    return ClosedLot(lot(name, "-100", "100"), NOW, rates)


def test_what_ended_without_a_rate_is_in_no_sum() -> None:
    trades, unrated = trades_by_book((ended("a", MONEY), ended("b", ())))
    assert [trade.lot.id for trade in trades["EUR"]] == ["a"]
    assert [one.id for one in unrated] == ["b"]


def test_legs_of_one_money_need_no_rate() -> None:
    one = ended("a", ())
    near, far = one.lot.legs
    same = replace(one, lot=replace(one.lot, legs=(near, replace(far, instrument=near.instrument))))
    money = tuple(
        replace(leg, entered_cost=Amount(D(10), "EUR"), left_cost=Amount(D(0), "EUR")) for leg in same.lot.legs
    )
    trades, unrated = trades_by_book((replace(same, lot=replace(same.lot, legs=money)),))
    assert (list(trades), unrated) == (["EUR"], [])


def test_a_lot_of_which_a_venue_closed_a_leg_ended_as_the_desk_closed_it(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    desk = started(ledger, "1", "1", "1")
    later = moment(NOW + SECOND)
    forced = Fill(
        order_id=Forced.LIQUIDATION.order_id(PERP, later.at_ns), venue_trade_id="f1",
        instrument=PERP, side=Side.SELL, amount=PERP.amount(D(100)), price=PERP.price(D(9)), fee=Amount(D(1), "USD"),
        venue_at_ns=later.at_ns, received_at_ns=later.at_ns,
    )  # fmt: skip

    async def day() -> None:
        await desk.obeying.look()
        await desk.desk.take(moment(), view(moment()))
        await desk.desk.forced(forced, (later,), view(later))
        await desk.desk.journal.durable()

    asyncio.run(day())
    kept = kept_lots(ledger, Whose(ACCOUNT, TERMS.strategy))
    assert kept.open == ()
    assert kept.closed == tuple(desk.desk.books.closed)
    trades, unrated = trades_by_book(kept.closed)
    assert (trades["EUR"], unrated) == (trades_of(desk.desk.books.closed, "EUR"), [])
    ledger.close()
