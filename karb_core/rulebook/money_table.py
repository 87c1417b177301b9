"""What every entry needs at each venue, what is free, and which entries the smaller ones would starve.

Amounts are for reading, at prices that are given: they decide nothing. Near money is counted as the sizing counts
it; the far leg needs its notional over the account's leverage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain.amount import Amount
from karb_core.domain.exact import Rounding, add, divide, mul, sub
from karb_core.ports import FileView, PairView, Side, SizeFacts
from karb_core.rulebook.file_view import file_view
from karb_core.rulebook.prices import Prices
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.stock import Stock

_CENT, _SATOSHI = Decimal("0.01"), Decimal("0.00000001")  # karb: constant because these are steps of display


@dataclass(frozen=True, slots=True)
class Need:
    """One thing an entry needs: so much at a venue; `free` is what is left there once all smaller tiers are open."""

    venue: str
    amount: Amount
    free: Amount

    @property
    def starved(self) -> bool:
        return self.amount > self.free


@dataclass(frozen=True, slots=True)
class Row:
    pair: str
    tier: str
    side: Side
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    pair: str
    tier: str
    side: Side
    size: Decimal
    uses: Mapping[tuple[str, str], Decimal]


def money_table(rulebook: Rulebook, prices: Prices) -> list[Row]:
    """Pair x tier x side, in the file's order; empty where signal or sizing do not say what they trade.

    `prices` has every name of `missing_prices`.
    """
    view = file_view(rulebook)
    entries = list(_entries(rulebook, view, prices))
    return [Row(e.pair, e.tier, e.side, tuple(_needs(rulebook, view, prices, e, entries))) for e in entries]


def _entries(rulebook: Rulebook, view: FileView, prices: Prices) -> Iterator[_Entry]:
    for pair_name, pair in view.pairs.items():
        for tier, size in view.sizes.items():
            for side in _sides(view, tier):
                near = _near_notional(rulebook, view, pair, size)
                yield _Entry(pair_name, tier, side, size.size, _uses(rulebook, view, pair, side, near, prices))


def _sides(view: FileView, tier: str) -> Iterator[Side]:
    """Those on which the tier may be entered."""
    signal = view.signal
    if signal is None:
        return
    only = signal.tiers[tier].side if tier in signal.tiers else None
    yield from (side for side in signal.sides if only in (None, side))


def _near_notional(rulebook: Rulebook, view: FileView, pair: PairView, size: SizeFacts) -> Decimal:
    """In the capital's asset. Counted over both legs, the near leg is leverage / (leverage + 1) of the size."""
    share = pair.share if size.of == "pair_share" else Decimal(1)
    whole = mul(mul(view.capital.value, size.size), share)
    if size.counts == "near_leg":
        return whole
    leverage = _leverage(rulebook, pair.far.venue)
    return divide(mul(whole, leverage), add(leverage, Decimal(1)), _CENT, Rounding.FLOOR)


def _uses(
    rulebook: Rulebook, view: FileView, pair: PairView, side: Side, near: Decimal, prices: Prices
) -> dict[tuple[str, str], Decimal]:
    coins = divide(near, prices[pair.near.text()], _SATOSHI, Rounding.CEIL)
    far = mul(coins, prices[pair.far.text()])
    margin = divide(far, _leverage(rulebook, pair.far.venue), _CENT, Rounding.CEIL)
    # karb: constant because a venue without costs is an error of its own (K413)
    fee = mul(near, view.costs.get(pair.near.venue, Decimal(0)))
    uses = {(pair.far.venue, pair.far.quote): margin}
    if side == "long_premium":
        uses[(pair.near.venue, pair.near.quote)] = add(near, fee)
    else:
        uses[(pair.near.venue, pair.near.base)] = coins
    return uses


def _needs(rulebook: Rulebook, view: FileView, prices: Prices, entry: _Entry, entries: list[_Entry]) -> Iterator[Need]:
    smaller = [e for e in entries if e.side == entry.side and e.size < entry.size]
    for (venue, asset), amount in entry.uses.items():
        free = sub(_opening(rulebook, venue, asset, prices), _reserved(view, venue, asset, prices))
        for other in smaller:
            # karb: constant because what an entry does not use is none of it
            free = sub(free, other.uses.get((venue, asset), Decimal(0)))
        yield Need(venue, Amount(amount, asset), Amount(free, asset))


def _opening(rulebook: Rulebook, venue: str, asset: str, prices: Prices) -> Decimal:
    total = Decimal(0)
    for stock in rulebook.file.balances.get(venue, ()):
        total = add(total, _worth(stock, asset, venue, prices))
    return total


def _worth(stock: Stock, asset: str, venue: str, prices: Prices) -> Decimal:
    if isinstance(stock, Amount):
        return stock.value if stock.asset == asset else Decimal(0)
    price = prices.get(f"{venue} {stock.asset}/{stock.value.asset}")
    if stock.asset != asset or price is None:
        return Decimal(0)
    return divide(stock.value.value, price, _SATOSHI, Rounding.FLOOR)


def _reserved(view: FileView, venue: str, asset: str, prices: Prices) -> Decimal:
    """The reserve counts at each venue that pays for a leg, in the asset it pays with."""
    paying = {(p.near.venue, p.near.quote) for p in view.pairs.values()} | {
        (p.far.venue, p.far.quote) for p in view.pairs.values()
    }
    if (venue, asset) not in paying:
        return Decimal(0)
    kept = mul(view.capital.value, view.reserve)
    if asset == view.capital.asset:
        return kept
    rate = prices.get(f"{asset}/{view.capital.asset}")
    return divide(kept, rate, _CENT, Rounding.CEIL) if rate else Decimal(0)


def _leverage(rulebook: Rulebook, venue: str) -> Decimal:
    """The leverage the file states for the venue; a venue without margin pays in full."""
    for seat in rulebook.seats_of("executors"):
        venues = getattr(seat.offer.component, "venues", None)
        stated = getattr(seat.params, "leverage", None)  # karb: constant because an executor without margin states none
        if stated is not None and venues is not None and venue in (venues(seat.params) or ()):
            return Decimal(stated)
    return Decimal(1)
