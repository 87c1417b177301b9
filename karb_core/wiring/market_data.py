"""What a dataset has of what a strategy reads: its instruments, and a rate for each of its seats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from karb_core.domain.instrument import Instrument
from karb_core.errors import DataUnusable, StrategyInvalid
from karb_core.history.dataset import Dataset
from karb_core.history.load import LoadedDataset, load
from karb_core.history.span import Span
from karb_core.ports import BarRows, GridRows
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text
from karb_core.wiring.pair_rows import SeatedRate
from karb_core.wiring.seated_source import crossed
from karb_core.wiring.strategy_of import built


@dataclass(frozen=True, slots=True)
class MarketData:
    """`rates`: by seat, what stands for its component; empty where no pair needs one."""

    data: LoadedDataset
    rates: Mapping[str, SeatedRate]
    place: str

    def whole(self, length_ms: int) -> tuple[int, int]:
        """The stretch that all instruments have, in whole bars (steps of a grid) of that length. Unit: ms of UTC.

        Errors: DataUnusable where there is none, and for bars or tops that are too coarse.
        """
        return (_whole_of_tops if self.data.tops else _whole)(self.data, length_ms, self.place)


def market_data(
    rulebook: Rulebook, dataset: Dataset, span: Span, reads: Literal["bars", "tops"] = "bars"
) -> MarketData:
    """Reads what the strategy needs, and nothing else. Errors: as `load`; for bars, as `bar_rows`."""
    if reads == "bars":
        bar_rows(built(rulebook.seats_of("signal")[0]).rows())
    names = _rate_names(rulebook, dataset)
    data = load(dataset, _instruments(rulebook), dict.fromkeys(names.values()), span, reads)
    return MarketData(data, _seated(rulebook, data, names), dataset.place)


def market_data_of(rulebook: Rulebook, dataset: Dataset, loaded: LoadedDataset) -> MarketData | None:
    """The same from what was loaded already, and no more of it; None where something is not there."""
    names, instruments = _rate_names(rulebook, dataset), _instruments(rulebook)
    if not set(instruments) <= set(loaded.series) or not set(names.values()) <= set(loaded.rates):
        return None
    data = replace(
        loaded,
        series={instrument: loaded.series[instrument] for instrument in instruments},
        rates={name: loaded.rates[name] for name in dict.fromkeys(names.values())},
        facts={instrument: loaded.facts[instrument] for instrument in instruments},
    )
    return MarketData(data, _seated(rulebook, data, names), dataset.place)


def _instruments(rulebook: Rulebook) -> list[Instrument]:
    return list(dict.fromkeys(i for pair in rulebook.file.pairs.values() for i in (pair.near, pair.far)))


def _rate_names(rulebook: Rulebook, dataset: Dataset) -> dict[str, str]:
    """By seat, the dataset's rate that stands for its component."""
    seats = rulebook.seats_of("fx_source")
    # karb: constant because a component without this parameter is found by what the dataset says it serves
    return {str(seat.path[1]): dataset.rate_for(seat.use, getattr(seat.params, "series", None)) for seat in seats}


def _seated(rulebook: Rulebook, data: LoadedDataset, names: Mapping[str, str]) -> dict[str, SeatedRate]:
    """A rate of the dollar books what is priced in a dollar token too, where the file's owner seats it so."""
    way = crossed(rulebook.file.pairs)
    return {} if way is None else {seat: SeatedRate(seat, data.rates[name], *way) for seat, name in names.items()}


def need_bars_of(rows: BarRows | GridRows, place: str) -> None:
    """Errors: as `bar_rows`; DataUnusable for a signal that wants bars of anything but trades: a dataset's are of
    trades."""
    of = bar_rows(rows).of
    if of != "close":
        raise DataUnusable(Text("run.not_of", {"place": place, "of": of}), Text("run.not_of.help"))


def bar_rows(rows: BarRows | GridRows) -> BarRows:
    """Errors: StrategyInvalid for a signal on a grid of tops, for whoever reads bars."""
    if isinstance(rows, GridRows):
        raise StrategyInvalid(Text("run.grid"), Text("run.grid.help"))
    return rows


def _whole(data: LoadedDataset, length_ms: int, place: str) -> tuple[int, int]:
    """The stretch that all instruments have, in whole bars of the signal's length."""
    opens = [int(s.bars.opened_at[0]) for s in data.series.values()]
    closes = [int(s.bars.opened_at[-1]) + s.bars.length_ms for s in data.series.values()]
    coarsest = max(s.bars.length_ms for s in data.series.values())
    if coarsest > length_ms or length_ms % coarsest:
        args = {"place": place, "bars": f"{coarsest // 1000}s", "wanted": f"{length_ms // 1000}s"}
        raise DataUnusable(Text("run.coarse", args), Text("run.coarse.help"))
    return _stretch(max(opens), min(closes), length_ms, place)


def _whole_of_tops(data: LoadedDataset, length_ms: int, place: str) -> tuple[int, int]:
    """As `_whole`; tops that may stand unwritten for longer than a step cannot make one."""
    tops = [series.tops for series in data.tops.values()]
    coarsest = max((each.every_ms for each in tops if each.every_ms is not None), default=length_ms)
    if coarsest > length_ms:
        args = {"place": place, "tops": f"{coarsest / 1000:g}s", "wanted": f"{length_ms / 1000:g}s"}
        raise DataUnusable(Text("run.coarse_tops", args), Text("run.coarse_tops.help"))
    return _stretch(max(int(t.times[0]) for t in tops), min(int(t.times[-1]) for t in tops), length_ms, place)


def _stretch(first_ms: int, last_ms: int, length_ms: int, place: str) -> tuple[int, int]:
    start, end = -(-first_ms // length_ms) * length_ms, last_ms // length_ms * length_ms
    if end <= start:
        raise DataUnusable(Text("run.no_span", {"place": place}), Text("run.no_span.help"))
    return start, end
