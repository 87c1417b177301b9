"""A dataset file's own words, for instruments, rates and facts that a run recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from karb_core.domain.exact import text
from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind
from karb_core.domain.market import FxRate
from karb_core.rulebook.dataset_file import FORMAT
from karb_core.rulebook.percent import percent


@dataclass(frozen=True, slots=True)
class SeriesFiles:
    """What lies in which file; `funding` None where nothing was settled."""

    instrument: Instrument
    bars: str
    length_s: int
    funding: str | None


@dataclass(frozen=True, slots=True)
class RateFile:
    """`serves`: the component whose rate it is, None where its parameters name it by `name`."""

    name: str
    rate: FxRate
    serves: str | None
    file: str


def dataset_text(
    name: str, about: str, series: Iterable[SeriesFiles], rates: Sequence[RateFile], facts: Iterable[InstrumentFacts]
) -> str:
    """A whole dataset file that `dataset_check` takes. Its files stand beside it."""
    lines = [f"karb: {FORMAT}", f"dataset: {name}", f'about: "{about}"', "folder: .", "", "series:"]
    for each in series:
        lines += _series(each)
    lines += ["", "rates:" if rates else "rates: {}"]
    for rate in rates:
        lines += _rate(rate)
    lines += ["", "facts:"]
    for fact in facts:
        lines += _facts(fact)
    return "\n".join(lines) + "\n"


def _series(of: SeriesFiles) -> Iterator[str]:
    yield f"  {of.instrument.text()}:"
    yield "    bars:"
    yield f"      file: {of.bars}"
    yield f"      length: {of.length_s}s"
    yield "      time: {column: opened_at, unit: ms, is: open}"
    yield "      columns: {open: open, high: high, low: low, close: close, volume: volume}"
    yield "    marks: none"
    if of.funding is None:
        yield "    funding: none"
    else:
        yield f"    funding: {{file: {of.funding}, settled: {{column: settled_at, unit: ms}}, rate: rate}}"


def _rate(of: RateFile) -> Iterator[str]:
    yield f"  {of.name}:"
    yield f"    base: {of.rate.base}"
    yield f"    quote: {of.rate.quote}"
    yield f"    kind: {of.rate.kind.value}"
    yield f"    source: {_short(of.rate.source)}"
    yield f"    serves: [{of.serves or ''}]"
    yield f"    file: {of.file}"
    yield "    known: {column: known_at, unit: ms, after: 0s}"
    yield "    value: rate"


def _facts(of: InstrumentFacts) -> Iterator[str]:
    base, quote = of.instrument.base, of.instrument.quote
    yield f"  {of.instrument.text()}:"
    yield f"    {of.kind.value}:"
    yield "      from: none"
    yield f"      amount_step: {text(of.amount_step)} {base}"
    for name, value, asset in (
        ("min_amount", of.min_amount, base), ("max_amount", of.max_amount, base), ("min_notional", of.min_notional, quote),
    ):  # fmt: skip
        yield f"      {name}: {'none' if not value else f'{text(value)} {asset}'}"
    yield "      ticks:"
    for band in of.ticks:
        yield f"        - {{from: {text(band.from_price)} {quote}, tick: {text(band.tick)} {quote}}}"
    if of.kind is InstrumentKind.PERPETUAL:
        margin = of.margin_asset
        yield f"      contract: {text(of.multiplier)} {base}"
        yield f"      margin: {margin}"
        yield "      maintenance:"
        for tier in of.maintenance:
            yield (
                f"        - {{from: {text(tier.from_notional)} {margin}, rate: {percent(tier.rate)}, "
                f"deduct: {text(tier.deduction)} {margin}}}"
            )


def _short(source: str) -> str:
    """A short name, whatever a source calls itself."""
    told = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in source.lower())
    return told if told[:1].isalpha() else f"source-{told}".rstrip("-")
