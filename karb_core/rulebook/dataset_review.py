"""What only a look at a whole dataset file can find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.rulebook.dataset_file import (
    BarsInFile,
    Facts,
    GeneratedDataset,
    PerpetualFacts,
    RecordedDataset,
    SpotFacts,
    Ticks,
    Tier,
    Time,
    TopsInFile,
)
from karb_core.rulebook.dispatch import Seat
from karb_core.rulebook.finding import Finding, Note, Severity
from karb_core.rulebook.reader import Document
from karb_core.rules.params import Params
from karb_core.rules.shape import Path
from karb_core.texts.text import Text


def review_dataset(
    document: Document, file: RecordedDataset | GeneratedDataset, seats: Sequence[Seat]
) -> Iterator[Finding]:
    """K5xx."""
    for instrument, facts in file.facts.items():
        yield from _facts(document, instrument, facts)
    yield from _rates(document, file)
    if isinstance(file, RecordedDataset):
        yield from _series(document, file)
    for seat in seats:
        if not callable(getattr(seat.offer.component, "series_of", None)):
            said = Text("dataset.no_generator", {"use": seat.use})
            yield Finding("K507", said, document.mark((*seat.path, "use")), Text("dataset.no_generator.help"))


def _facts(document: Document, instrument: Instrument, facts: Facts) -> Iterator[Finding]:
    kind, block = ("spot", facts.spot) if facts.spot is not None else ("perpetual", facts.perpetual)
    assert block is not None
    path: Path = ("facts", instrument.text(), kind)
    for name, amount, asset in _amounts(instrument, block):
        if amount is not None and amount.asset != asset:
            at = (*path, *name)
            written = document.written.get(at, amount.text())
            said = Text("dataset.asset", {"name": str(name[-1]), "written": written, "asset": asset})
            yield Finding("K501", said, document.mark(at), Text("dataset.asset.help", {"asset": asset}))
    yield from _rising(document, (*path, "ticks"), block.ticks)
    if isinstance(block, PerpetualFacts):
        yield from _rising(document, (*path, "maintenance"), block.maintenance)
        first = block.maintenance[0].from_
        if first.value > 0:
            at = (*path, "maintenance", 0, "from")
            help_ = Text("dataset.from_zero.help", {"asset": block.margin})
            yield Finding("K502", Text("dataset.from_zero", {"written": first.text()}), document.mark(at), help_)


def _amounts(instrument: Instrument, facts: SpotFacts) -> Iterator[tuple[Path, Amount | None, str]]:
    """Every amount with its place and the asset it must be in."""
    for name in ("amount_step", "min_amount", "max_amount"):
        yield (name,), getattr(facts, name), instrument.base
    yield ("min_notional",), facts.min_notional, instrument.quote
    for i, band in enumerate(facts.ticks):
        yield ("ticks", i, "from"), band.from_, instrument.quote
        yield ("ticks", i, "tick"), band.tick, instrument.quote
    if isinstance(facts, PerpetualFacts):
        yield ("contract",), facts.contract, instrument.base
        for i, tier in enumerate(facts.maintenance):
            yield ("maintenance", i, "from"), tier.from_, facts.margin
            yield ("maintenance", i, "deduct"), tier.deduct, facts.margin


def _rising(document: Document, path: Path, lines: Sequence[Ticks | Tier]) -> Iterator[Finding]:
    for i, line in enumerate(lines[1:], start=1):
        if line.from_.value <= lines[i - 1].from_.value:
            said = Text("dataset.rising", {"written": line.from_.text()})
            yield Finding("K502", said, document.mark((*path, i, "from")), Text("dataset.rising.help"))


def _rates(document: Document, file: RecordedDataset | GeneratedDataset) -> Iterator[Finding]:
    served: dict[str, tuple[str, int]] = {}
    for name, rate in file.rates.items():
        if rate.base == rate.quote:
            said = Text("dataset.same_asset", {"asset": rate.base})
            yield Finding("K504", said, document.mark(("rates", name, "quote")), Text("dataset.same_asset.help"))
        for i, use in enumerate(rate.serves):
            first = served.setdefault(use, (name, i))
            if first != (name, i):
                said = Text("dataset.served_twice", {"use": use, "first": first[0]})
                note = Note(document.mark(("rates", first[0], "serves", first[1])), Text("key.first"))
                at = document.mark(("rates", name, "serves", i))
                yield Finding("K504", said, at, Text("dataset.served_twice.help"), (note,))


def _series(document: Document, file: RecordedDataset) -> Iterator[Finding]:
    for path, block in _blocks(file):
        yield from _block(document, path, block)
    for instrument, series in file.series.items():
        if series.bars is None and series.tops is None:
            said = Text("dataset.nothing", {"instrument": instrument})
            at = document.key_mark(("series", instrument.text()))
            yield Finding("K503", said, at, Text("dataset.nothing.help"))
    for instrument in file.series.keys() - file.facts.keys():
        said = Text("dataset.no_facts", {"instrument": instrument})
        yield Finding("K503", said, document.key_mark(("series", instrument.text())), Text("dataset.no_facts.help"))
    for instrument in file.facts.keys() - file.series.keys():
        said = Text("dataset.no_series", {"instrument": instrument})
        yield Finding("K503", said, document.key_mark(("facts", instrument.text())), Text("dataset.no_series.help"))
    for instrument in file.series.keys() & file.facts.keys():
        yield from _margin(document, file, instrument)


def _margin(document: Document, file: RecordedDataset, instrument: Instrument) -> Iterator[Finding]:
    """Marks and funding belong to a perpetual, and to nothing else."""
    spot = file.facts[instrument].spot is not None
    for key in ("marks", "funding"):
        given = getattr(file.series[instrument], key) is not None
        if spot is given:
            name = "dataset.spot_margin" if spot else "dataset.no_margin"
            severity = Severity.ERROR if spot else Severity.WARNING
            args = {"instrument": instrument, "key": key}
            mark, help_ = document.key_mark(("series", instrument.text(), key)), Text(f"{name}.help", {"key": key})
            yield Finding("K505", Text(name, args), mark, help_, severity=severity)


def _blocks(file: RecordedDataset) -> Iterator[tuple[Path, Params]]:
    for instrument, series in file.series.items():
        for key in ("bars", "tops", "marks", "funding"):
            block = getattr(series, key)
            if block is not None:
                yield ("series", instrument.text(), key), block
    yield from ((("rates", name), rate) for name, rate in file.rates.items())


def _block(document: Document, path: Path, block: Params) -> Iterator[Finding]:
    key, length = "length", block.length if isinstance(block, BarsInFile) else None
    if isinstance(block, TopsInFile):
        key, length = "every", block.every
    if length is not None and length % timedelta(milliseconds=1):
        at = (*path, key)
        yield Finding("K506", Text("dataset.length", {"written": document.written.get(at, "")}), document.mark(at))
    for key in ("time", "settled", "known"):
        time = getattr(block, key, None)
        if isinstance(time, Time) and time.unit != "datetime" and time.zone is not None:
            mark = document.mark((*path, key, "zone"))
            yield Finding("K506", Text("dataset.zone"), mark, Text("dataset.zone.help"))
