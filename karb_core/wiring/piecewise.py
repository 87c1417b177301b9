"""A strategy over one dataset, carried out again and again over pieces of it; nothing of it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from karb_core.domain.instrument import Instrument, InstrumentKind
from karb_core.domain.market import Top
from karb_core.engine.strategy import Strategy
from karb_core.history.dataset import Dataset
from karb_core.history.known import last_known
from karb_core.history.load import LoadedDataset, LoadedSeries, LoadedTops
from karb_core.history.pieces import cut, otherwise
from karb_core.history.span import Span
from karb_core.ports import GridRows
from karb_core.ports.piecewise import Course, PairSeen, Piece, RecordedInstrument, RecordedRate
from karb_core.rulebook.rulebook import Rulebook
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.kept_course import KeptCourse
from karb_core.wiring.market_data import MarketData, market_data, need_bars_of
from karb_core.wiring.pair_rows import PairRows, SeatedRate
from karb_core.wiring.strategy_of import built, need_runnable, strategy_of

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_MARK = "bt"


@dataclass(frozen=True, slots=True)
class OverPieces:
    """`Piecewise`, over data that were read once. `span`: ms of UTC, whole rows of the signal's length."""

    rulebook: Rulebook
    dataset: Dataset
    given: MarketData
    span: tuple[int, int]
    row_ns: int
    lookback: int

    @classmethod
    def of(cls, rulebook: Rulebook, dataset: Dataset, span: Span) -> OverPieces:
        """Errors: as `furnish`; whom it would tell does not matter, as nobody is told."""
        need_runnable(rulebook, "backtest", tells=False)
        rows = built(rulebook.seats_of("signal")[0]).rows()
        given = market_data(rulebook, dataset, span, "tops" if isinstance(rows, GridRows) else "bars")
        if not isinstance(rows, GridRows):
            need_bars_of(rows, dataset.place)
        return cls(rulebook, dataset, given, given.whole(rows.length_ns // _NS), rows.length_ns, rows.lookback)

    @property
    def span_ns(self) -> tuple[int, int]:
        return self.span[0] * _NS, self.span[1] * _NS

    @property
    def data(self) -> str:
        return self.given.data.name

    @property
    def synthetic(self) -> bool:
        return self.given.data.synthetic

    @property
    def rates(self) -> Mapping[str, RecordedRate]:
        return {seat: self._recorded(seated) for seat, seated in self.given.rates.items()}

    @property
    def on_tops(self) -> bool:
        return bool(self.given.data.tops)

    @property
    def instruments(self) -> Mapping[Instrument, RecordedInstrument]:
        data = self.given.data
        return {
            instrument: RecordedInstrument(
                *_stretch(series),
                facts_from_ns=data.facts[instrument].valid_from_ns or None,
                funding_missing=data.facts[instrument].kind is InstrumentKind.PERPETUAL and series.funding is None,
            )
            for instrument, series in (data.tops or data.series).items()
        }

    def seen(self, piece: Piece) -> Mapping[str, PairSeen]:
        strategy, judged_by = self._strategy(), self._judged_by(piece)
        rates = self._rates_of(judged_by)
        return {
            name: _seen(
                PairRows(pair, strategy.signal, strategy.terms, judged_by, self._span(piece), rates, every_row=True),
                rates,
            )
            for name, pair in strategy.terms.pairs.items()
        }

    def tops(self, at_ns: int, *, cut: bool) -> Mapping[str, tuple[Top, ...]]:
        run = self._run(Piece(until_ns=at_ns), KeptCourse(), self._until(at_ns) if cut else self.given.data)
        found: dict[str, tuple[Top, ...]] = {}
        run.venues.at(at_ns)
        for name, rows in run.pairs.items():
            last = len(rows.columns.closed_at_ms) - 1
            if rows.columns.whole[last] and int(rows.columns.closed_at_ms[last]) * _NS == at_ns:
                found[name] = rows.moment(last, at_ns, run.venues, {}).tops
        return found

    def decide(self, piece: Piece) -> Course:
        traded = self.given.data
        if piece.traded_other_ns is not None:
            traded = otherwise(traded, piece.traded_other_ns // _NS, opens_too=piece.opens_too)
        kept = KeptCourse()
        asyncio.run(self._run(piece, kept, traded).run())
        return kept.course

    def _run(self, piece: Piece, kept: KeptCourse, traded: LoadedDataset) -> Backtest:
        judged_by = self._judged_by(piece)
        return Backtest(
            self.rulebook,
            self._strategy(),
            traded,
            self._rates_of(judged_by),
            self._span(piece),
            kept,
            _MARK,
            judged_by=judged_by,
            # karb: constant because nothing is judged before time began
            judged_from_ns=piece.judged_from_ns or 0,
        )

    def _strategy(self) -> Strategy:
        return strategy_of(self.rulebook, self.given.data.facts)

    def _span(self, piece: Piece) -> tuple[int, int]:
        start = self.span[0] if piece.since_ns is None else piece.since_ns // _NS
        return start, self.span[1] if piece.until_ns is None else piece.until_ns // _NS

    def _judged_by(self, piece: Piece) -> LoadedDataset:
        data = self.given.data
        if piece.other_from_ns is not None:
            data = otherwise(data, piece.other_from_ns // _NS, opens_too=True)
        if piece.since_ns is None and piece.until_ns is None and piece.published_ns is None:
            return data
        span = Span(*(None if at_ns is None else at_ns // _NS for at_ns in (piece.since_ns, piece.until_ns)))
        return cut(data, span, None if piece.published_ns is None else piece.published_ns // _NS)

    def _until(self, at_ns: int) -> LoadedDataset:
        return cut(self.given.data, Span(None, at_ns // _NS), None)

    def _rates_of(self, data: LoadedDataset) -> dict[str, SeatedRate]:
        """The seats over these data's values; by name, as one rate may stand for two seats."""
        whole = self.given.data.rates
        names = {id(rate): name for name, rate in whole.items()}
        return {seat: replace(one, rate=data.rates[names[id(one.rate)]]) for seat, one in self.given.rates.items()}

    def _recorded(self, seated: SeatedRate) -> RecordedRate:
        name = next(name for name, rate in self.given.data.rates.items() if rate is seated.rate)
        file = self.dataset.rate_files.get(name)
        place = self.dataset.place if file is None else file.place
        return RecordedRate(name, place, seated.rate.points.times, seated.rate.booked_before_ms * _NS)


def _stretch(series: LoadedSeries | LoadedTops) -> tuple[int, int]:
    """When the first bar opened and the last one closed, in ns; of tops when the first and the last were told."""
    if isinstance(series, LoadedTops):
        return int(series.tops.times[0]) * _NS, int(series.tops.times[-1]) * _NS
    bars = series.bars
    return int(bars.opened_at[0]) * _NS, (int(bars.opened_at[-1]) + bars.length_ms) * _NS


def _seen(rows: PairRows, rates: Mapping[str, SeatedRate]) -> PairSeen:
    closed = rows.columns.closed_at_ms
    return PairSeen(
        closed_at_ms=closed,
        whole=rows.columns.whole,
        features=rows.features,
        booked={seat: last_known(one.rate.fills, closed) for seat, one in rates.items()},
    )
