"""Reads the series of a dataset that somebody asks for, and no others."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Literal

from karb_core.domain.instant import to_text
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.errors import DataUnusable
from karb_core.history.bad_data import BadData
from karb_core.history.bars import Bars
from karb_core.history.dataset import BarsFile, Dataset, PointsFile, RateTerms, Series, TopsFile
from karb_core.history.joined import files_of, joined_bars, joined_points, joined_tops
from karb_core.history.points import Points
from karb_core.history.price_column import need_prices
from karb_core.history.read import BarColumns, TopColumns, read_bars, read_points, read_tops
from karb_core.history.span import Span
from karb_core.history.times import moment
from karb_core.history.tops import Tops
from karb_core.texts.text import Text

_AT_ONCE = min(os.cpu_count() or 1, 4)  # karb: constant because it is a pace; more would only hold more in memory


@dataclass(frozen=True, slots=True, eq=False)
class LoadedSeries:
    """One instrument. `funding`: a fraction of the notional that longs pay shorts, of any sign, by settlement time."""

    bars: Bars
    marks: Bars | None
    funding: Points | None


@dataclass(frozen=True, slots=True, eq=False)
class LoadedTops:
    """One instrument by its tops, beside what a position in it is marked and funded by."""

    tops: Tops
    marks: Bars | None
    funding: Points | None


@dataclass(frozen=True, slots=True, eq=False)
class LoadedRate:
    """One rate: `points.times` is when each value became known, `fills.times` from when fills are booked at it, which is
    `booked_before_ms` earlier, below zero for later."""

    terms: RateTerms
    points: Points
    fills: Points
    booked_before_ms: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class LoadedDataset:
    """The series that were asked for: of each instrument the bars, or the tops, and never both.

    digest: sha256 over what the dataset file says and over the bytes of every file that was read; synthetic: made up.
    """

    name: str
    digest: str
    synthetic: bool
    series: Mapping[Instrument, LoadedSeries]
    rates: Mapping[str, LoadedRate]
    facts: Mapping[Instrument, InstrumentFacts]
    tops: Mapping[Instrument, LoadedTops] = field(default_factory=dict)


def load(
    dataset: Dataset,
    instruments: Iterable[Instrument],
    rates: Iterable[str],
    span: Span | None = None,
    reads: Literal["bars", "tops"] = "bars",
) -> LoadedDataset:
    """The bars or tops, marks and funding of the instruments, and the rates by name, as far as they lie in the span.

    Edge: of a rate also the last value known before the span; a gap in bars is none of our business. Errors:
    DataUnusable, one sentence with its place and what to do, for what the dataset lacks, a folder or file that is not
    there, data that cannot be judged by, an instrument without a bar in the span.
    """
    instruments, rates, span = tuple(instruments), tuple(rates), span or Span()
    dataset.need_instruments(instruments)
    dataset.need_rates(rates)
    _need_recorded(dataset, instruments, reads)
    make = partial(_read, reads=reads) if dataset.generator is None else dataset.generator.make
    loaded = make(dataset, instruments, rates, span)
    _need_facts(dataset.place, loaded)
    return loaded


def _need_recorded(dataset: Dataset, instruments: Iterable[Instrument], reads: Literal["bars", "tops"]) -> None:
    """Errors: DataUnusable for the first instrument of which there is only what is not asked for."""
    for instrument in instruments:
        series = dataset.series.get(instrument)
        if reads == "tops" and (series is None or series.tops is None):
            raise DataUnusable(
                Text("dataset.only_bars", {"file": dataset.place, "instrument": instrument}),
                Text("dataset.only_bars.help"),
            )
        if reads == "bars" and series is not None and series.bars is None:
            raise DataUnusable(
                Text("dataset.only_tops", {"file": dataset.place, "instrument": instrument}),
                Text("dataset.only_tops.help"),
            )


def _read(
    dataset: Dataset,
    instruments: Iterable[Instrument],
    rates: Iterable[str],
    span: Span,
    reads: Literal["bars", "tops"],
) -> LoadedDataset:
    if not dataset.folder.is_dir():
        said = Text("dataset.no_folder", {"place": dataset.folder_place, "folder": dataset.folder})
        raise DataUnusable(said, Text("dataset.no_folder.help"))
    names = tuple(rates)
    # What decodes and checks leaves Python's lock alone. What is wrong first is told, whichever was read first.
    with ThreadPoolExecutor(_AT_ONCE, "reads") as pool:
        digest = pool.submit(_digest, dataset, instruments, names, reads)
        bars = {i: pool.submit(_series, dataset.series[i], i, span) for i in instruments if reads == "bars"}
        tops = {i: pool.submit(_tops_series, dataset.series[i], i, span) for i in instruments if reads == "tops"}
        loaded = {
            name: pool.submit(_loaded_rate, dataset.rates[name], dataset.rate_files[name], span) for name in names
        }
        return LoadedDataset(
            dataset.name,
            synthetic=False,
            series={instrument: each.result() for instrument, each in bars.items()},
            rates={name: each.result() for name, each in loaded.items()},
            facts={i: dataset.facts[i] for i in instruments},
            tops={instrument: each.result() for instrument, each in tops.items()},
            digest=digest.result(),
        )


def _need_facts(place: str, loaded: LoadedDataset) -> None:
    firsts = {instrument: int(series.bars.opened_at[0]) for instrument, series in loaded.series.items()}
    firsts |= {instrument: int(series.tops.times[0]) for instrument, series in loaded.tops.items()}
    for instrument, first in firsts.items():
        since_ns = loaded.facts[instrument].valid_from_ns
        # karb: constant because a millisecond has 10^6 nanoseconds
        if first * 1_000_000 < since_ns:
            args = {"file": place, "instrument": instrument, "since": to_text(since_ns), "first": moment(first)}
            raise DataUnusable(Text("dataset.facts_later", args), Text("dataset.facts_later.help"))


def _series(series: Series, instrument: Instrument, span: Span) -> LoadedSeries:
    assert series.bars is not None
    whole = _bars(series.bars)
    bars = span.bars(whole)
    if not len(bars):
        first, last = moment(int(whole.opened_at[0])), moment(int(whole.opened_at[-1]) + whole.length_ms)
        args = {"place": series.bars.place, "instrument": instrument, "first": first, "last": last}
        raise DataUnusable(Text("dataset.no_bars", args), Text("dataset.no_bars.help"))
    return LoadedSeries(bars, *_margin(series, span))


def _tops_series(series: Series, instrument: Instrument, span: Span) -> LoadedTops:
    assert series.tops is not None
    whole = _tops(series.tops)
    tops = span.tops(whole)
    if not len(tops):
        args = {
            "place": series.tops.place,
            "instrument": instrument,
            "first": moment(int(whole.times[0])),
            "last": moment(int(whole.times[-1])),
        }
        raise DataUnusable(Text("dataset.no_tops", args), Text("dataset.no_bars.help"))
    return LoadedTops(tops, *_margin(series, span))


def _margin(series: Series, span: Span) -> tuple[Bars | None, Points | None]:
    marks = None if series.marks is None else span.bars(_bars(series.marks))
    funding = None if series.funding is None else span.events(_points(series.funding))
    return marks, funding


def _bars(file: BarsFile) -> Bars:
    names = BarColumns(file.open, file.high, file.low, file.close, file.volume)
    with _at(file):
        return joined_bars(file.path, lambda path: read_bars(path, file.length_ms, file.time, names))


def _tops(file: TopsFile) -> Tops:
    names = TopColumns(file.bid, file.bid_amount, file.ask, file.ask_amount)
    with _at(file):
        return joined_tops(file.path, lambda path: read_tops(path, file.every_ms, file.time, names))


def _points(file: PointsFile) -> Points:
    with _at(file):
        return joined_points(file.path, lambda path: read_points(path, file.time, file.value))


def _loaded_rate(terms: RateTerms, file: PointsFile, span: Span) -> LoadedRate:
    points, time = _rate(file), file.time
    if time.filled_after_ms is None:
        known = span.known(points)
        return LoadedRate(terms, known, known)
    before_ms = time.known_after_ms - time.filled_after_ms
    fills = replace(points, times=points.times - before_ms)
    return LoadedRate(terms, span.known(points), span.known(fills), before_ms)


def _rate(file: PointsFile) -> Points:
    points = _points(file)
    with _at(file):
        need_prices(points.values, series=str(file.path), name=file.value)
    return points


@contextmanager
def _at(file: BarsFile | PointsFile | TopsFile) -> Iterator[None]:
    """Says with the data's own sentence which lines of the dataset file it is about."""
    try:
        yield
    except BadData as e:
        gone = "*" in file.path.name or not file.path.exists()
        raise DataUnusable(
            Text("dataset.bad", {"place": file.place, "why": e.said}),
            Text("dataset.no_file.help", {"folder": file.path.parent}) if gone else Text("dataset.bad.help"),
        ) from e


def _digest(
    dataset: Dataset, instruments: Iterable[Instrument], rates: Iterable[str], reads: Literal["bars", "tops"]
) -> str:
    whole = hashlib.sha256(dataset.described.encode())
    for named in sorted({*_paths(dataset, instruments, reads), *(dataset.rate_files[name].path for name in rates)}):
        for path in files_of(named):
            whole.update(_file_digest(path))
    return "sha256:" + whole.hexdigest()


def _paths(dataset: Dataset, instruments: Iterable[Instrument], reads: Literal["bars", "tops"]) -> Iterator[Path]:
    for instrument in instruments:
        series = dataset.series[instrument]
        read = (getattr(series, reads), series.marks, series.funding)
        yield from (file.path for file in read if file is not None)


def _file_digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
