"""A market of made-up coins in virtual time: what feeds would tell, at an even rate, with premiums that come and go.

Everything follows from the time: nothing is drawn and nothing is kept, so a soak holds no more at its end than at its
beginning by itself. A coin is worth about 100,000 KRW and 71.4 USDT; every so many bars its premium stands far out for
two of them, upwards and downwards in turn, and is back after that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, MaintenanceTier, TickBand
from karb_core.domain.market import Bar, Depth, FxKind, FxRate, Level, Mark, MarketEvent, Top

SECOND = 1_000_000_000
OPENS_NS = 1_767_225_600 * SECOND  # 2026-01-01T00:00:00Z
FX = 1400
_FAR_TICKS, _FAR_TICK = 714_286, Decimal("0.0001")
_OUT, _NOISE, _SPREAD = 1500, 40, 10  # KRW of 100,000: a premium of 1.5 %, and 0.04 % around nothing
_AMOUNT = Decimal(1000)
_LEVELS = 5
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Market:
    """`coins` pairs of two legs each; `bar_ns`: how long their bars are; `wave`: bars from one premium to the next."""

    coins: int
    bar_ns: int
    wave: int

    @property
    def pairs(self) -> dict[str, tuple[Instrument, Instrument]]:
        names = [f"C{n:02}" for n in range(self.coins)]
        return {n: (Instrument("upbit", n, "KRW"), Instrument("binance_usdm", n, "USDT")) for n in names}

    @property
    def facts(self) -> dict[Instrument, InstrumentFacts]:
        return {leg: _facts(leg) for legs in self.pairs.values() for leg in legs}

    def premium(self, coin: int, at_ns: int) -> int:
        """In KRW of a coin."""
        bar = (at_ns - OPENS_NS) // self.bar_ns + 2 * coin
        wave, place = divmod(bar, self.wave)
        return (_OUT if wave % 2 else -_OUT) if place in (0, 1) else _NOISE - bar * 37 % (2 * _NOISE)

    def prices(self, coin: int, leg: int, at_ns: int) -> tuple[Decimal, Decimal]:
        """Best bid and ask."""
        wiggle = at_ns // 1_000_000 * 7919 % 41 - 20
        if leg:
            mid = _FAR_TICKS + wiggle
            return (mid - _SPREAD) * _FAR_TICK, (mid + _SPREAD) * _FAR_TICK
        mid = 100_000 + self.premium(coin, at_ns) + wiggle
        return Decimal(mid - _SPREAD), Decimal(mid + _SPREAD)


def _facts(leg: Instrument) -> InstrumentFacts:
    far = leg.venue == "binance_usdm"
    return InstrumentFacts(
        instrument=leg,
        kind=InstrumentKind.PERPETUAL if far else InstrumentKind.SPOT,
        ticks=(TickBand(Decimal(0), _FAR_TICK if far else _ONE),),
        amount_step=Decimal("0.001") if far else Decimal("0.00000001"),
        min_amount=None,
        max_amount=None,
        min_notional=Decimal(5) if far else Decimal(5000),
        margin_asset="USDT" if far else None,
        multiplier=_ONE,
        maintenance=(MaintenanceTier(Decimal(0), Decimal("0.025"), Decimal(0)),) if far else (),
        taker_fee=None,
        maker_fee=None,
        valid_from_ns=0,
    )


@dataclass(slots=True)
class Teller:
    """What feeds tell of a market: `at_once` events at each step, one of `mark_each` a mark, one of `depth_each` a book,
    the others tops; bars beside them as they close.
    """

    market: Market
    step_ns: int
    at_once: int
    mark_each: int
    depth_each: int
    _legs: list[tuple[int, int, Instrument]] = field(init=False)

    def __post_init__(self) -> None:
        pairs = enumerate(self.market.pairs.values())
        self._legs = [(coin, side, leg) for coin, legs in pairs for side, leg in enumerate(legs)]

    def at(self, at_ns: int) -> Iterator[MarketEvent]:
        """What comes at a time; bars after the tops of their last moment."""
        first = (at_ns - OPENS_NS) // self.step_ns * self.at_once
        for number in range(first, first + self.at_once):
            yield self._event(number, at_ns)
        if not (at_ns - OPENS_NS) % self.market.bar_ns:
            yield from self.bars(at_ns)

    def bars(self, end_ns: int) -> Iterator[Bar]:
        """What closed at that time."""
        start_ns = end_ns - self.market.bar_ns
        for coin, side, leg in self._legs:
            bid, ask = self.market.prices(coin, side, start_ns)
            yield Bar(leg, start_ns, end_ns, bid, ask, bid, ask, _AMOUNT, end_ns)

    def rate(self, at_ns: int) -> FxRate:
        return FxRate("USDT", "KRW", Decimal(FX), "a soak", FxKind.MID, at_ns, at_ns)

    def _event(self, number: int, at_ns: int) -> MarketEvent:
        legs = self._legs
        if not number % self.mark_each:
            coin, side, leg = legs[2 * (number // self.mark_each % self.market.coins) + 1]
            return Mark(leg, self.market.prices(coin, side, at_ns)[0], None, at_ns, at_ns)
        # One that has no divisor in common with the legs: each of them is told as often as any other.
        coin, side, leg = legs[number * 7 % len(legs)]
        bid, ask = self.market.prices(coin, side, at_ns)
        if number % self.depth_each:
            return Top(leg, bid, _AMOUNT, ask, _AMOUNT, at_ns, at_ns)
        tick = _FAR_TICK if side else _ONE
        bids = tuple(Level(bid - n * tick, _AMOUNT) for n in range(_LEVELS))
        asks = tuple(Level(ask + n * tick, _AMOUNT) for n in range(_LEVELS))
        return Depth(leg, bids, asks, at_ns, at_ns)
