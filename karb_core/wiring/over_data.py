"""What simulated venues are opened over in a backtest: bars, or tops beside marks and funding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, cast

from karb_core.domain.instrument import Instrument, InstrumentKind
from karb_core.domain.market import Top
from karb_core.errors import StrategyInvalid
from karb_core.history.bar_columns import BarColumns, Traded
from karb_core.history.load import LoadedDataset
from karb_core.history.prices import exact
from karb_core.history.top_market import StandingTops, middle_bars
from karb_core.ports import BarRows, Executor, GridRows, PairTerms
from karb_core.rulebook.dispatch import Seat
from karb_core.texts.text import Text
from karb_core.venue.bar_market import BarVenues, OpensOverBars
from karb_core.venue.terms import VenueTerms
from karb_core.venue.top_market import OpensOverTops
from karb_core.wiring.strategy_of import built

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


class SimulatedVenues(BarVenues, Executor, Protocol):
    """An executor that only the wiring of a run over data moves on."""


@dataclass(frozen=True, slots=True)
class OverData:
    """first: what each instrument was worth when the data began; market: what bars there are, over tops those of marks;
    tops: None over bars."""

    first: Mapping[Instrument, Decimal]
    market: BarColumns
    tops: StandingTops | None = None

    def tops_at(self, at_ns: int) -> dict[Instrument, Top]:
        """Tops that stand then; none over bars."""
        return {} if self.tops is None else self.tops.all_at(at_ns)

    def opened(self, seat: Seat, accounts: Sequence[VenueTerms]) -> SimulatedVenues:
        """Errors: StrategyInvalid for a component that cannot be opened over these; as `built`."""
        component = built(seat)
        if self.tops is None:
            if not isinstance(component, OpensOverBars):
                raise StrategyInvalid(Text("run.no_bar_fills", {"use": seat.use}), Text("run.no_bar_fills.help"))
            return cast("SimulatedVenues", component.open_market(self.market, accounts))
        if not isinstance(component, OpensOverTops):
            raise StrategyInvalid(Text("run.no_tops_fills", {"use": seat.use}), Text("run.no_tops_fills.help"))
        return cast("SimulatedVenues", component.open_tops(self.tops, self.market, accounts))


def over_data(
    data: LoadedDataset, rows: BarRows | GridRows, span: tuple[int, int], pairs: Mapping[str, PairTerms]
) -> OverData:
    """Edge: over tops, a perpetual without recorded marks is marked at the middles of its tops, in bars of the grid."""
    legs = [pair.legs for pair in pairs.values()]
    if not isinstance(rows, GridRows):
        traded = {i: Traded(s.bars, s.marks, s.funding) for i, s in data.series.items()}
        first = {instrument: Decimal(repr(float(s.bars.open[0]))) for instrument, s in data.series.items()}
        return OverData(first, BarColumns(traded, legs))
    step_ms, age_ms = rows.length_ns // _NS, rows.max_age_ns // _NS
    margin = {}
    for instrument, series in data.tops.items():
        if data.facts[instrument].kind is InstrumentKind.PERPETUAL:
            bars = middle_bars(series.tops, step_ms, age_ms, span) if series.marks is None else series.marks
            margin[instrument] = Traded(bars, series.marks, series.funding)
    tops = {instrument: series.tops for instrument, series in data.tops.items()}
    first = {instrument: exact(float(t.bid[0] + t.ask[0]) / 2) for instrument, t in tops.items()}
    return OverData(first, BarColumns(margin), StandingTops(tops))
