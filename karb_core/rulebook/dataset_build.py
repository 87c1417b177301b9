"""From a checked dataset file to the dataset it describes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from karb_core.domain.amount import Amount
from karb_core.domain.instant import to_ns
from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, MaintenanceTier, TickBand
from karb_core.domain.market import FxKind
from karb_core.history.dataset import BarsFile, Dataset, Generator, PointsFile, RateTerms, Series, TopsFile
from karb_core.history.time_column import TimeColumn
from karb_core.rulebook.dataset_file import (
    BarsInFile,
    Facts,
    FundingInFile,
    GeneratedDataset,
    PerpetualFacts,
    Rate,
    RateInFile,
    RecordedDataset,
    Time,
    TopsInFile,
)
from karb_core.rulebook.dispatch import Seat
from karb_core.rulebook.reader import Document
from karb_core.rules.canonical import Canonical, canonical, digest
from karb_core.rules.shape import Path as Inside

_MS = timedelta(milliseconds=1)
#: Where the data lie and what people say of them does not change what they are.
_NOT_DATA = ("about", "folder")


def build(document: Document, file: RecordedDataset | GeneratedDataset, seats: Sequence[Seat], beside: Path) -> Dataset:
    """`beside` is the folder of the dataset file. Edge: a file without errors always builds."""
    builder = _Builder(document, beside)
    return builder.recorded(file) if isinstance(file, RecordedDataset) else builder.generated(file, seats[0])


class _Builder:
    def __init__(self, document: Document, beside: Path) -> None:
        self._document, self._folder = document, beside

    def recorded(self, file: RecordedDataset) -> Dataset:
        self._folder = self._folder / file.folder
        return Dataset(
            name=file.dataset,
            about=file.about,
            place=self._document.source.name,
            folder=self._folder,
            folder_place=self._place(("folder",)),
            series={instrument: self._series(file, instrument) for instrument in file.series},
            rates={name: _terms(rate) for name, rate in file.rates.items()},
            rate_files={name: self._rate(("rates", name), rate) for name, rate in file.rates.items()},
            facts={instrument: _facts(instrument, facts) for instrument, facts in file.facts.items()},
            generator=None,
            described=_described(file),
        )

    def generated(self, file: GeneratedDataset, seat: Seat) -> Dataset:
        make = partial(seat.offer.component.series_of, seat.params)
        return Dataset(
            name=file.dataset,
            about=file.about,
            place=self._document.source.name,
            folder=self._folder,
            folder_place=self._place(("generate",)),
            series={},
            rates={name: _terms(rate) for name, rate in file.rates.items()},
            rate_files={},
            facts={instrument: _facts(instrument, facts) for instrument, facts in file.facts.items()},
            generator=Generator(self._place(("generate", "use")), seat.use, make),
            described=_described(file, seat),
        )

    def _series(self, file: RecordedDataset, instrument: Instrument) -> Series:
        path, series = ("series", instrument.text()), file.series[instrument]
        return Series(
            None if series.bars is None else self._bars((*path, "bars"), series.bars),
            None if series.marks is None else self._bars((*path, "marks"), series.marks),
            None if series.funding is None else self._funding((*path, "funding"), series.funding),
            None if series.tops is None else self._tops((*path, "tops"), series.tops),
        )

    def _bars(self, path: Inside, bars: BarsInFile) -> BarsFile:
        names, times = bars.columns, _time(bars.time, marks=bars.time.is_)
        return BarsFile(
            self._place((*path, "file")), self._folder / bars.file, bars.length // _MS, times,
            names.open, names.high, names.low, names.close, names.volume,
        )  # fmt: skip

    def _tops(self, path: Inside, tops: TopsInFile) -> TopsFile:
        names, every_ms = tops.columns, None if tops.every is None else tops.every // _MS
        return TopsFile(
            self._place((*path, "file")), self._folder / tops.file, every_ms, _time(tops.time),
            names.bid, names.bid_amount, names.ask, names.ask_amount,
        )  # fmt: skip

    def _funding(self, path: Inside, funding: FundingInFile) -> PointsFile:
        return PointsFile(
            self._place((*path, "file")), self._folder / funding.file, _time(funding.settled), funding.rate
        )

    def _rate(self, path: Inside, rate: RateInFile) -> PointsFile:
        known = rate.known
        time = _time(known, after=known.after, filled_after=known.filled_after)
        return PointsFile(self._place((*path, "file")), self._folder / rate.file, time, rate.value)

    def _place(self, path: Inside) -> str:
        mark = self._document.mark(path)
        return f"{self._document.source.name}:{mark.line}:{mark.column}"


def _time(
    time: Time, *, marks: str = "open", after: timedelta = timedelta(), filled_after: timedelta | None = None
) -> TimeColumn:
    late = -(-after // _MS)  # a part of a millisecond is rounded up, so that nothing is known early
    filled = None if filled_after is None else -(-filled_after // _MS)
    return TimeColumn(time.column, time.unit, time.zone, "close" if marks == "close" else "open", late, filled)


def _terms(rate: Rate) -> RateTerms:
    return RateTerms(rate.base, rate.quote, FxKind(rate.kind), rate.source, rate.serves)


def _facts(instrument: Instrument, facts: Facts) -> InstrumentFacts:
    block = facts.spot if facts.spot is not None else facts.perpetual
    assert block is not None
    future = block if isinstance(block, PerpetualFacts) else None
    tiers = future.maintenance if future is not None else ()
    return InstrumentFacts(
        instrument=instrument,
        kind=InstrumentKind.SPOT if future is None else InstrumentKind.PERPETUAL,
        ticks=tuple(TickBand(band.from_.value, band.tick.value) for band in block.ticks),
        amount_step=block.amount_step.value,
        min_amount=_value(block.min_amount),
        max_amount=_value(block.max_amount),
        min_notional=_value(block.min_notional),
        margin_asset=None if future is None else future.margin,
        multiplier=Decimal(1) if future is None else future.contract.value,
        maintenance=tuple(MaintenanceTier(tier.from_.value, tier.rate, tier.deduct.value) for tier in tiers),
        taker_fee=None,
        maker_fee=None,
        valid_from_ns=0 if block.from_ is None else to_ns(datetime.combine(block.from_, time(), UTC)),
    )


def _value(amount: Amount | None) -> Decimal | None:
    return None if amount is None else amount.value


def _described(file: RecordedDataset | GeneratedDataset, seat: Seat | None = None) -> str:
    said = canonical(file)
    assert isinstance(said, dict)
    kept = {key: value for key, value in said.items() if key not in _NOT_DATA}
    if seat is not None:
        kept["generate"] = {"use": seat.use, "with": canonical(seat.params)}
    return digest(_without_absent(kept))


def _without_absent(said: dict[str, Canonical]) -> dict[str, Canonical]:
    """A file that does not write `filled_after` describes what it described before there was such a key."""
    rates = said["rates"]
    assert isinstance(rates, dict)
    for rate in rates.values():
        known = rate.get("known") if isinstance(rate, dict) else None
        if isinstance(known, dict) and known["filled_after"] is None:
            del known["filled_after"]
    return said
