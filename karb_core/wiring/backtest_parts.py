"""What a backtest is furnished with: the strategy's seats filled from a dataset, and a ledger for what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from karb_core.domain.instrument import Instrument
from karb_core.errors import DataUnusable
from karb_core.history.dataset import Dataset
from karb_core.history.load import LoadedDataset, load
from karb_core.history.span import Span
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.runs import Run
from karb_core.ports import BarRows, Notifier
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.breaking_off import breaking_off
from karb_core.wiring.pair_rows import SeatedRate
from karb_core.wiring.recorder import SegmentedRecorder, journal_folder
from karb_core.wiring.strategy_of import built, need_runnable, strategy_of

_BATCH = 20_000  # karb: constant because it bounds memory, not trading
_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_MARK = "bt"


@dataclass(frozen=True, slots=True)
class Furnished:
    backtest: Backtest
    run: Run


def furnish(
    rulebook: Rulebook,
    dataset: Dataset,
    ledger: Ledger,
    span: Span,
    started_at_ns: int,
    *,
    every_row: bool,
    quiet: bool,
) -> Furnished:
    """A backtest that is ready to run. Errors: PluginUnusable, DataUnusable, LedgerUnusable, each in one sentence."""
    need_runnable(rulebook, "backtest")
    instruments = _instruments(rulebook)
    names = _rate_names(rulebook, dataset)
    data = load(dataset, instruments, dict.fromkeys(names.values()), span)
    strategy = strategy_of(rulebook, data.facts)
    need_bars_of(strategy.signal.rows(), dataset.place)
    whole = _whole(data, strategy.signal.rows().length_ns // _NS, dataset.place)
    run = Run.repeatable(
        strategy=rulebook.file.name,
        mode="backtest",
        rules_digest=rulebook.digests.rules,
        assumptions_digest=rulebook.digests.assumptions,
        dataset_digest=data.digest,
        from_ns=whole[0] * _NS,
        until_ns=whole[1] * _NS,
    )
    rates = _seated(rulebook, data, names)
    notifiers: tuple[Notifier, ...] = () if quiet else tuple(built(seat) for seat in rulebook.seats_of("notifiers"))
    journal = ledger.begin(run, started_at_ns, batch_rows=_BATCH)
    with breaking_off(journal, lambda: started_at_ns):
        journal.rulebook(rulebook.digests.rules, rulebook.source.text)
        recorder = SegmentedRecorder(journal_folder(ledger.name, journal.run.id))
        backtest = Backtest(rulebook, strategy, data, rates, whole, journal, _MARK, notifiers, every_row, recorder)
    return Furnished(backtest, journal.run)


def _instruments(rulebook: Rulebook) -> list[Instrument]:
    return list(dict.fromkeys(i for pair in rulebook.file.pairs.values() for i in (pair.near, pair.far)))


def _rate_names(rulebook: Rulebook, dataset: Dataset) -> dict[str, str]:
    """By seat, the dataset's rate that stands for its component."""
    seats = rulebook.seats_of("fx_source")
    # karb: constant because a component without this parameter is found by what the dataset says it serves
    return {str(seat.path[1]): dataset.rate_for(seat.use, getattr(seat.params, "series", None)) for seat in seats}


def _seated(rulebook: Rulebook, data: LoadedDataset, names: Mapping[str, str]) -> dict[str, SeatedRate]:
    """A rate of the dollar books what is priced in a dollar token too, where the file's owner seats it so."""
    crossing = next((p for p in rulebook.file.pairs.values() if p.near.quote != p.far.quote), None)
    if crossing is None:
        return {}
    base, quote = crossing.far.quote, crossing.near.quote
    return {seat: SeatedRate(seat, data.rates[name], base, quote) for seat, name in names.items()}


def need_bars_of(rows: BarRows, place: str) -> None:
    """Errors: DataUnusable for a signal that wants bars of anything but trades: a dataset's are of trades."""
    if rows.of != "close":
        raise DataUnusable(Text("run.not_of", {"place": place, "of": rows.of}), Text("run.not_of.help"))


def _whole(data: LoadedDataset, length_ms: int, place: str) -> tuple[int, int]:
    """The stretch that all instruments have, in whole bars of the signal's length."""
    opens = [int(s.bars.opened_at[0]) for s in data.series.values()]
    closes = [int(s.bars.opened_at[-1]) + s.bars.length_ms for s in data.series.values()]
    coarsest = max(s.bars.length_ms for s in data.series.values())
    if coarsest > length_ms or length_ms % coarsest:
        args = {"place": place, "bars": f"{coarsest // 1000}s", "wanted": f"{length_ms // 1000}s"}
        raise DataUnusable(Text("run.coarse", args), Text("run.coarse.help"))
    start, end = -(-max(opens) // length_ms) * length_ms, min(closes) // length_ms * length_ms
    if end <= start:
        raise DataUnusable(Text("run.no_span", {"place": place}), Text("run.no_span.help"))
    return start, end
