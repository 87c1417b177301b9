"""What is offered now: the newest book of each instrument, less what was taken of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, Level, Top
from karb_core.domain.orders import Side
from karb_core.venue.offers import Offers

#: So many tops wait until somebody asks what is offered.
_MOST_TOPS = 64  # karb: constant because it bounds memory, and what is offered is the same without it


@dataclass(slots=True)
class _Kept:
    """`depth`, `top`: the newest of each that was told, None where there was none; `tops`: those that `offers` does not
    show yet, the oldest first.
    """

    offers: Offers
    depth: Depth | None
    top: Top | None
    tops: list[Top] = field(default_factory=list)

    def moves(self, top: Top) -> None:
        self.top = top
        if self.depth is None:
            self.tops.clear()
        self.tops.append(top)
        if len(self.tops) > _MOST_TOPS:
            self.shown()

    def shown(self) -> Offers:
        """What is offered after every top."""
        if self.tops:
            last, sides = self.tops[-1], (Side.SELL, Side.BUY)
            deeper = [self.offers.facing(side) if self.depth is not None else () for side in sides]
            bids, asks = (tuple(_joined(side, self.tops, behind)) for side, behind in zip(sides, deeper, strict=True))
            self.offers = Offers(Depth(last.instrument, bids, asks, last.venue_at_ns, last.received_at_ns))
            self.tops.clear()
        return self.offers


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
        return Offers(Depth(instrument, (), (), at_ns, at_ns)) if kept is None else kept.shown()

    def take_depth(self, depth: Depth) -> None:
        kept = self._kept.get(depth.instrument)
        if kept is not None and kept.depth is not None and _says_nothing_new(depth, kept.depth):
            return
        if kept is None or kept.top is None or kept.top.venue_at_ns <= depth.venue_at_ns:
            self._kept[depth.instrument] = _Kept(Offers(depth), depth, None)
            return
        top, offers = kept.top, kept.shown()
        bids = _under(Side.SELL, top.bid, offers, depth.bids)
        asks = _under(Side.BUY, top.ask, offers, depth.asks)
        stands = Depth(top.instrument, bids, asks, top.venue_at_ns, top.received_at_ns)
        self._kept[top.instrument] = _Kept(Offers(stands), depth, top)

    def take_top(self, top: Top) -> None:
        kept = self._kept.get(top.instrument)
        if kept is None:
            nothing = Depth(top.instrument, (), (), top.venue_at_ns, top.received_at_ns)
            self._kept[top.instrument] = _Kept(Offers(nothing), None, top, [top])
        elif not _is_old(top, kept):
            kept.moves(top)


def _is_old(top: Top, kept: _Kept) -> bool:
    last = kept.top
    if last is None:
        return kept.depth is not None and top.venue_at_ns <= kept.depth.venue_at_ns
    same = (top.bid, top.bid_amount, top.ask, top.ask_amount) == (last.bid, last.bid_amount, last.ask, last.ask_amount)
    return top.venue_at_ns < last.venue_at_ns or (top.venue_at_ns == last.venue_at_ns and same)


def _says_nothing_new(depth: Depth, last: Depth) -> bool:
    same = (depth.bids, depth.asks) == (last.bids, last.asks)
    return depth.venue_at_ns < last.venue_at_ns or (depth.venue_at_ns == last.venue_at_ns and same)


def _under(side: Side, best: Decimal, offers: Offers, deeper: tuple[Level, ...]) -> tuple[Level, ...]:
    """What is left of the levels that the top told of, and those of the book behind it. Edge: as `_joined`."""
    if best <= 0:
        return ()
    left = (level for level in offers.facing(side) if not _is_behind(side, level.price, best))
    return (*left, *(level for level in deeper if _is_behind(side, level.price, best)))


def _joined(side: Side, tops: list[Top], deeper: Iterable[Level]) -> Iterator[Level]:
    """The best level of each top that lies behind those of all later ones, and then of the book what lies behind them.

    Edge: a side on which a top told nothing is empty, and behind an empty side lies nothing.
    """
    best: Decimal | None = None
    for top in reversed(tops):
        price, amount = (top.bid, top.bid_amount) if side is Side.SELL else (top.ask, top.ask_amount)
        if price <= 0:
            return
        if best is None or _is_behind(side, price, best):
            best = price
            if amount > 0:
                yield Level(price, amount)
    for level in deeper:
        if best is None or _is_behind(side, level.price, best):
            yield level


def _is_behind(side: Side, price: Decimal, best: Decimal) -> bool:
    """Whether an order of this side comes to the price after the best one."""
    return price > best if side is Side.BUY else price < best
