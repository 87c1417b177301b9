"""Sides that can never trade: no coins to sell, no money to buy with, no margin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from karb_core.domain.amount import Amount
from karb_core.ports import PairView
from karb_core.rulebook.finding import Finding
from karb_core.rulebook.reviews.case import Case
from karb_core.rulebook.reviews.venues import misspelt
from karb_core.rules.stock import Stock, Worth
from karb_core.texts.text import Text

_Stocks = Mapping[str, tuple[Stock, ...]]


def review_sides(case: Case) -> Iterator[Finding]:
    signal, file = case.view.signal, case.rulebook.file
    if signal is None:
        return
    for side, where in signal.sides.items():
        path = ("signal", "with", *where)
        for name, pair in case.view.pairs.items():
            lacking = _lacking(side, pair, file.balances, file.inventory or {})
            if lacking is not None:
                args = {"side": side, "pair": name, "written": case.written(path)}
                yield case.error(
                    "K401",
                    path,
                    Text(lacking, _args(lacking, pair) | args),
                    Text(f"{lacking}.help", _args(lacking, pair)),
                )
    if signal.demands_funding and "short_premium" in signal.sides:
        path = ("signal", "with", *signal.sides["short_premium"])
        yield case.warning("K411", path, Text("side.pays_funding"), Text("side.pays_funding.help"))
    if not signal.sides:
        yield case.error("K401", ("signal", "use"), Text("side.none"))


def _lacking(side: str, pair: PairView, balances: _Stocks, inventory: _Stocks) -> str | None:
    near, far = pair.near.venue, pair.far.venue
    if side == "short_premium" and not _has(inventory, near, pair.near.base) and not _misspelt(near, inventory):
        return "side.no_inventory"
    # A venue that opens with nothing at all was said where the venues are looked at.
    if side == "short_premium" and near in balances and not _has(balances, near, pair.near.base):
        return "side.no_coins"
    if side == "long_premium" and near in balances and not _has(balances, near, pair.near.quote):
        return "side.no_money"
    if far in balances and not _has(balances, far, pair.far.quote):
        return "side.no_margin"
    return None


def _misspelt(venue: str, inventory: _Stocks) -> bool:
    return venue not in inventory and misspelt(venue, inventory)


def _args(lacking: str, pair: PairView) -> dict[str, object]:
    near = lacking != "side.no_margin"
    instrument = pair.near if near else pair.far
    asset = instrument.quote if lacking in ("side.no_money", "side.no_margin") else instrument.base
    return {"venue": instrument.venue, "asset": asset}


def _has(stocks: _Stocks, venue: str, asset: str) -> bool:
    return any(_of(stock, asset) for stock in stocks.get(venue, ()))


def _of(stock: Stock, asset: str) -> bool:
    if isinstance(stock, Worth):
        return stock.asset == asset
    return isinstance(stock, Amount) and stock.asset == asset and stock.value > 0
