"""A made-up market as feeds tell it, second by second: books, bars made of them, rates, marks and settlements.

Everything follows from the time. Premiums wander about 1 % and now and then run out over some bars and come back, up and
down in turn; won and dollar drift; the books are deep, and sometimes near alone is not. It is nobody's market.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from math import pi, sin

from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, MaintenanceTier, TickBand
from karb_core.domain.market import Bar, Depth, FundingRate, FxKind, FxRate, Level, Mark, MarketEvent
from karb_core.ports import Clock, Wants

SECOND = 1_000_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 24 * 3600 * SECOND
#: A Monday, midnight of UTC.
OPENS_NS = 1_736_121_600 * SECOND
FX = 1380.0
_LEVELS = 4


@dataclass(frozen=True, slots=True)
class Coin:
    """Far price in USDT, the tick of each leg, what a level of each book has of it, and the step of far amounts."""

    name: str
    far: float
    ticks: tuple[Decimal, Decimal]
    deep: tuple[Decimal, Decimal]
    step: Decimal

    @property
    def legs(self) -> tuple[Instrument, Instrument]:
        return Instrument("upbit", self.name, "KRW"), Instrument("binance_usdm", self.name, "USDT")


COINS = (
    Coin("BTC", 95_000, (Decimal(1000), Decimal("0.1")), (Decimal("0.05"), Decimal("0.4")), Decimal("0.001")),
    Coin("ETH", 3_400, (Decimal(1000), Decimal("0.01")), (Decimal("1.4"), Decimal(9)), Decimal("0.001")),
    Coin("XRP", 2.3, (Decimal(1), Decimal("0.0001")), (Decimal(1900), Decimal(12_000)), Decimal("0.1")),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """`bar_ns`: how long bars are; `wave`: bars from one run of the premium to the next; `settles_ns`: between settlements."""

    bar_ns: int
    wave: int
    settles_ns: int = 8 * HOUR
    coins: tuple[Coin, ...] = COINS

    def premium(self, coin: int, at_ns: int) -> float:
        bars = (at_ns - OPENS_NS) / self.bar_ns + 5.3 * coin
        wave, place = divmod(bars, self.wave)
        out = max(0.0, 1 - abs(place - 4) / 4) * (0.016 + 0.002 * (wave % 3))
        return 0.010 + 0.0007 * sin(0.9 * bars) + 0.0004 * sin(2.3 * bars) + (out if wave % 2 else -out)

    def fx(self, at_ns: int) -> float:
        days = (at_ns - OPENS_NS) / DAY
        return FX * (1 + 0.002 * sin(2 * pi * days / 1.7))

    def mid(self, coin: int, leg: int, at_ns: int) -> Decimal:
        days = (at_ns - OPENS_NS) / DAY
        made = self.coins[coin]
        far = made.far * (1 + 0.01 * sin(2 * pi * days / 2.3 + coin) + 0.001 * sin(2 * pi * days * 21))
        price = far if leg else far * self.fx(at_ns) * (1 + self.premium(coin, at_ns))
        return (Decimal(price) / made.ticks[leg]).quantize(Decimal(1), ROUND_HALF_EVEN) * made.ticks[leg]

    def book(self, coin: int, leg: int, at_ns: int) -> Depth:
        """Edge: for an eighth of the time near is thin."""
        made, mid = self.coins[coin], self.mid(coin, leg, at_ns)
        tick, deep = made.ticks[leg], made.deep[leg]
        thin = not leg and (at_ns - OPENS_NS) // (3 * self.bar_ns) % 8 == 5
        amount = deep / 10 if thin else deep
        bids = tuple(Level(mid - n * tick, amount * n) for n in range(1, _LEVELS + 1))
        asks = tuple(Level(mid + n * tick, amount * n) for n in range(1, _LEVELS + 1))
        return Depth(made.legs[leg], bids, asks, at_ns, at_ns)

    def bar(self, coin: int, leg: int, end_ns: int, told_ns: int, step_ns: int) -> Bar:
        start_ns = end_ns - self.bar_ns
        mids = [self.mid(coin, leg, at_ns) for at_ns in range(start_ns, end_ns, step_ns)]
        made = self.coins[coin]
        return Bar(
            made.legs[leg], start_ns, end_ns, mids[0], max(mids), min(mids), mids[-1], made.deep[leg], told_ns
        )  # fmt: skip

    def rate(self, at_ns: int) -> FxRate:
        value = Decimal(f"{self.fx(at_ns):.2f}")
        return FxRate("USDT", "KRW", value, "made-up", FxKind.TETHER, at_ns, at_ns)

    def facts(self) -> dict[Instrument, InstrumentFacts]:
        return {leg: _facts(coin, n) for coin in self.coins for n, leg in enumerate(coin.legs)}


def settlement(shape: Shape, coin: int, at_ns: int) -> FundingRate:
    """What far settles at that time: one hundredth of a per cent."""
    far = shape.coins[coin].legs[1]
    return FundingRate(far, Decimal("0.0001"), at_ns, True, shape.settles_ns, at_ns, at_ns)


def mark(shape: Shape, coin: int, at_ns: int) -> Mark:
    return Mark(shape.coins[coin].legs[1], shape.mid(coin, 1, at_ns), None, at_ns, at_ns)


def _facts(coin: Coin, leg: int) -> InstrumentFacts:
    return InstrumentFacts(
        instrument=coin.legs[leg],
        kind=InstrumentKind.PERPETUAL if leg else InstrumentKind.SPOT,
        ticks=(TickBand(Decimal(0), coin.ticks[leg]),),
        amount_step=coin.step if leg else Decimal("0.00000001"),
        min_amount=None,
        max_amount=None,
        min_notional=Decimal(5) if leg else Decimal(5000),
        margin_asset="USDT" if leg else None,
        multiplier=Decimal(1),
        maintenance=(MaintenanceTier(Decimal(0), Decimal("0.025"), Decimal(0)),) if leg else (),
        taker_fee=None,
        maker_fee=None,
        valid_from_ns=0,
    )


@dataclass
class ToldFeed:
    """A feed of one venue that somebody else speaks through; `step_ns`: how far apart its books are."""

    shape: Shape
    leg: int
    step_ns: int
    emit: Callable[[MarketEvent], None] = field(init=False)

    async def run(self, wants: Wants, emit: Callable[[MarketEvent], None], clock: Clock) -> None:
        import asyncio

        self.emit = emit
        await asyncio.Event().wait()

    async def past(self, wants: Wants, since_ns: int, until_ns: int) -> Iterable[MarketEvent]:
        bar_ns = self.shape.bar_ns
        ends = range(since_ns // bar_ns * bar_ns, until_ns // bar_ns * bar_ns + 1, bar_ns)
        coins = range(len(self.shape.coins))
        return [self.shape.bar(coin, self.leg, end_ns, until_ns, self.step_ns) for end_ns in ends for coin in coins]

    async def facts(self, instruments: Iterable[Instrument]) -> Mapping[Instrument, InstrumentFacts]:
        known = self.shape.facts()
        return {instrument: known[instrument] for instrument in instruments}


@dataclass
class ToldRate:
    """A source of rates that somebody else speaks through."""

    shape: Shape
    emit: Callable[[FxRate], None] = field(init=False)

    async def run(self, emit: Callable[[FxRate], None], clock: Clock) -> None:
        import asyncio

        self.emit = emit
        await asyncio.Event().wait()

    def max_age_ns(self) -> int:
        return HOUR

    def when_closed_ns(self) -> None:
        return None

    async def past(self, since_ns: int, until_ns: int) -> Iterable[FxRate]:
        return [self.shape.rate(at_ns) for at_ns in range(since_ns // HOUR * HOUR, until_ns, self.shape.bar_ns)]
