"""What is offered now: the newest book of each instrument, less what was taken of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, Level, Top
from karb_core.domain.orders import Side
from karb_core.venue.offers import Offers


@dataclass(frozen=True, slots=True)
class _Kept:
    """`depth`, `top`: the newest of each that was told, None where there was none."""

    offers: Offers
    depth: Depth | None
    top: Top | None


class Standing:
    """A depth is what is offered from then on; a top that is newer than it moves its best levels.

    Newer is meant by the venue's clock: what comes late changes nothing that is newer than itself, and a message that
    is told twice does not bring back what was taken. Edge: a top of the time of a depth says nothing new; where no
    depth was ever told, a top is a depth of one level.
    """

    def __init__(self) -> None:
        self._kept: dict[Instrument, _Kept] = {}

    def offers(self, instrument: Instrument, at_ns: int) -> Offers:
        """What can be taken now. Edge: nothing on either side where nothing was told yet."""
        kept = self._kept.get(instrument)
        return Offers(Depth(instrument, (), (), at_ns, at_ns)) if kept is None else kept.offers

    def take_depth(self, depth: Depth) -> None:
        kept = self._kept.get(depth.instrument)
        if kept is not None and kept.depth is not None and _says_nothing_new(depth, kept.depth):
            return
        if kept is None or kept.top is None or kept.top.venue_at_ns <= depth.venue_at_ns:
            self._kept[depth.instrument] = _Kept(Offers(depth), depth, None)
            return
        top = kept.top
        bids = _joined(Side.SELL, top.bid, _up_to(Side.SELL, top.bid, kept.offers), depth.bids)
        asks = _joined(Side.BUY, top.ask, _up_to(Side.BUY, top.ask, kept.offers), depth.asks)
        self._keep(top, bids, asks, depth)

    def take_top(self, top: Top) -> None:
        kept = self._kept.get(top.instrument)
        if kept is None:
            self._keep(top, _level(top.bid, top.bid_amount), _level(top.ask, top.ask_amount), None)
            return
        if _is_old(top, kept):
            return
        deeper = kept.offers if kept.depth is not None else Offers(Depth(top.instrument, (), (), 0, 0))
        bids = _joined(Side.SELL, top.bid, _level(top.bid, top.bid_amount), deeper.facing(Side.SELL))
        asks = _joined(Side.BUY, top.ask, _level(top.ask, top.ask_amount), deeper.facing(Side.BUY))
        self._keep(top, bids, asks, kept.depth)

    def _keep(self, top: Top, bids: tuple[Level, ...], asks: tuple[Level, ...], depth: Depth | None) -> None:
        stands = Depth(top.instrument, bids, asks, top.venue_at_ns, top.received_at_ns)
        self._kept[top.instrument] = _Kept(Offers(stands), depth, top)


def _is_old(top: Top, kept: _Kept) -> bool:
    last = kept.top
    if last is None:
        return kept.depth is not None and top.venue_at_ns <= kept.depth.venue_at_ns
    same = (top.bid, top.bid_amount, top.ask, top.ask_amount) == (last.bid, last.bid_amount, last.ask, last.ask_amount)
    return top.venue_at_ns < last.venue_at_ns or (top.venue_at_ns == last.venue_at_ns and same)


def _says_nothing_new(depth: Depth, last: Depth) -> bool:
    same = (depth.bids, depth.asks) == (last.bids, last.asks)
    return depth.venue_at_ns < last.venue_at_ns or (depth.venue_at_ns == last.venue_at_ns and same)


def _level(price: Decimal, amount: Decimal) -> tuple[Level, ...]:
    """The one level of a side. Edge: a side on which nothing is told is empty."""
    return (Level(price, amount),) if price > 0 and amount > 0 else ()


def _up_to(side: Side, best: Decimal, offers: Offers) -> tuple[Level, ...]:
    """What is left of the levels that the top told of."""
    return tuple(level for level in offers.facing(side) if not _is_behind(side, level.price, best))


def _joined(side: Side, best: Decimal, first: tuple[Level, ...], deeper: tuple[Level, ...]) -> tuple[Level, ...]:
    """The best levels, and those of the book that lie behind them. Edge: behind an empty side lies nothing."""
    if best <= 0:
        return ()
    return (*first, *(level for level in deeper if _is_behind(side, level.price, best)))


def _is_behind(side: Side, price: Decimal, best: Decimal) -> bool:
    """Whether an order of this side comes to the price after the best one."""
    return price > best if side is Side.BUY else price < best
