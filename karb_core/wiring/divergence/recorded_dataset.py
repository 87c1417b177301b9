"""What a run recorded of its market as a dataset: a folder that `karb backtest --data` takes as any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from karb_core.domain.exact import text
from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind
from karb_core.domain.market import Bar
from karb_core.errors import DataUnusable, UsageMistake
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text
from karb_core.wiring.asking_feeds import traded
from karb_core.wiring.divergence.dataset_text import RateFile, SeriesFiles, dataset_text
from karb_core.wiring.divergence.kept_market import KeptMarket

NAME = "dataset.yaml"
_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_MS = 1000  # karb: constant because a second has so many milliseconds


def write_dataset(kept: KeptMarket, rulebook: Rulebook, length_ns: int, name: str, folder: Path) -> Path:
    """The dataset file. `length_ns`: of the bars that the signal reads. `name`: a short name.

    What is no bar of trades, no rate and no settlement is not in it: books and marks at decisions stay in the journal.
    Edge: two seats of one component are given one rate, the first seat's, as a dataset knows them by the component.
    Errors: UsageMistake for a folder that has something in it or cannot be written; DataUnusable for a leg of which no
    bar was recorded, or whose margin nobody knew.
    """
    _need_empty(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        series = [_write_series(kept, leg, length_ns, folder) for leg in traded(rulebook)]
        rates = list(_write_rates(kept, rulebook, folder))
        facts = _facts(kept)
        about = f"recorded by {kept.run.strategy} ({kept.run.mode})"
        path = folder / NAME
        path.write_text(
            dataset_text(name, about, series, rates, [facts[each.instrument] for each in series]), encoding="utf-8"
        )
    except OSError as e:
        args = {"folder": folder, "why": e.strerror or str(e)}
        raise UsageMistake(Text("parity.no_folder", args), Text("parity.no_folder.help")) from e
    return path


def _facts(kept: KeptMarket) -> dict[Instrument, InstrumentFacts]:
    for each in kept.run.facts:
        if each.kind is InstrumentKind.PERPETUAL and not each.maintenance:
            raise DataUnusable(Text("parity.no_margin", {"instrument": each.instrument}))
    return {each.instrument: each for each in kept.run.facts}


def _need_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageMistake(Text("parity.not_empty", {"folder": folder}), Text("parity.no_folder.help"))


def _write_series(kept: KeptMarket, leg: Instrument, length_ns: int, folder: Path) -> SeriesFiles:
    bars = kept.of_length(leg, length_ns)
    if not bars:
        raise DataUnusable(Text("parity.no_bars", {"instrument": leg}))
    called = f"{leg.venue}_{leg.base}_{leg.quote}"
    _write(folder / f"{called}.csv", "opened_at,open,high,low,close,volume", map(_bar_row, bars))
    settled = kept.funding(leg, bars[-1].end_ns)
    if settled:
        rows = ([str(at_ns // _NS), _number(rate)] for at_ns, rate in settled)
        _write(folder / f"{called}_funding.csv", "settled_at,rate", rows)
    return SeriesFiles(leg, f"{called}.csv", length_ns // _NS // _MS, f"{called}_funding.csv" if settled else None)


def _write_rates(kept: KeptMarket, rulebook: Rulebook, folder: Path) -> Iterator[RateFile]:
    written: set[str] = set()
    for seat in rulebook.seats_of("fx_source"):
        named: str | None = getattr(seat.params, "series", None)  # karb: constant because not every component names one
        name = str(seat.path[1])
        if (named or seat.use) in written or name not in kept.rates:
            continue
        written.add(named or seat.use)
        rate = kept.rates[name]
        file = f"rate_{name}.csv"
        _write(folder / file, "known_at,rate", ([str(at_ms), _number(value)] for at_ms, value in rate.points))
        yield RateFile(named or name, rate.last, None if named else seat.use, file)


def _bar_row(bar: Bar) -> list[str]:
    values = (bar.open, bar.high, bar.low, bar.close, bar.volume)
    return [str(bar.start_ns // _NS), *map(_number, values)]


def _number(value: Decimal) -> str:
    """As a desk reckons with it: the shortest number of 64 bits that it is."""
    return text(Decimal(repr(float(value))))


def _write(path: Path, head: str, rows: Iterable[Sequence[str]]) -> None:
    path.write_text("\n".join([head, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
