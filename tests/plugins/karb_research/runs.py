"""Runs as values, made by hand: equity by day, and round trips with known results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from karb_core.domain.amount import Amount, Price
from karb_core.domain.in_steps import InSteps
from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot, LotLeg
from karb_core.domain.orders import Side
from karb_core.domain.parts import Parts
from karb_core.domain.premium import Split
from karb_core.domain.trade import Trade
from karb_core.ports import Backtested, DayEnd, Lagging, PairSeries, Refusal, Tier
from karb_research.equity_curve import EquityCurve

DAY = 86_400_000_000_000
HOUR = 3_600_000_000_000
CAPITAL = 40_000_000
NEAR, FAR = Instrument("upbit", "BTC", "KRW"), Instrument("binance_usdm", "BTC", "USDT")


def won(value: Decimal | int | str) -> Amount:
    return Amount(Decimal(value), "KRW")


def curve(*values: Decimal | int | str) -> EquityCurve:
    return EquityCurve(InSteps.of(map(won, values), "KRW"))


def trade(
    net: Decimal | int | str = 0, *, pair: str = "BTC", tier: str | None = None, side: str = "short_premium",
    hours: tuple[int, int] = (0, 1), premiums: tuple[str, str] | None = None,
) -> Trade:  # fmt: skip
    """One that sold (short) or bought (long) a whole coin near for 100 won, and was back at 90."""
    way = Side.SELL if side == "short_premium" else Side.BUY
    coin, paid = Amount(Decimal(way.sign), "BTC"), won(100 * way.sign)
    near = LotLeg(NEAR, way, coin, paid, -coin, won(-90 * way.sign))
    lot = Lot(
        id=f"{pair}-{tier}-{hours}", pair=pair, tier=tier, side=side, rules_digest="sha256:0", target=None,
        opened_at_ns=hours[0] * HOUR, rates=(("money", Price(Decimal(1400), "USDT", "KRW")),),
        legs=(near, LotLeg.unfilled(FAR, way.opposite)), fees=(), funding=(),
    )  # fmt: skip
    entered, left = (Decimal(each) for each in premiums) if premiums else (None, None)
    split = Split(won(net), won(0), won(0), won(0))
    return Trade(lot, hours[1] * HOUR, won(net), split, entered, left)


def day_end(number: int, nets: Mapping[Tier, Decimal | int], exposed: Mapping[Tier, int] | None = None) -> DayEnd:
    """`nets`: since the run began."""
    by = {key: Parts(won(net), won(0), won(0), won(0), won(0)) for key, net in nets.items()}
    day = date(2025, 1, 1) + timedelta(days=number)
    return DayEnd(day, (number + 1) * DAY, by, won(0), {key: won(value) for key, value in (exposed or {}).items()})


def run_of(
    days: Sequence[DayEnd], trades: Iterable[Trade] = (), *, refusals: tuple[Refusal, ...] = (),
    lagging: tuple[Lagging, ...] = (), series: Mapping[str, PairSeries] | None = None, open_lots: tuple[Lot, ...] = (),
) -> Backtested:  # fmt: skip
    return Backtested(
        strategy="by-hand", run="run", ledger="here.sqlite", data="hand", synthetic=True,
        digests={"rules": "sha256:1", "assumptions": "sha256:2", "dataset": "sha256:3"}, capital=won(CAPITAL),
        began_ns=0, ended_ns=days[-1].at_ns if days else 0, trades=tuple(trades), open_lots=open_lots, days=tuple(days),
        refusals=refusals, lagging=lagging, plans=3, worst_loss=None, series=series or {}, judged={},
    )  # fmt: skip
