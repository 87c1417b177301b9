"""What a dataset file describes: which file and columns are which series. Nothing is read until `load` asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import FxKind
from karb_core.errors import DataUnusable
from karb_core.history.span import Span
from karb_core.history.time_column import TimeColumn
from karb_core.texts.text import Text

if TYPE_CHECKING:
    from karb_core.history.load import LoadedDataset


@dataclass(frozen=True, slots=True)
class BarsFile:
    """Bars in a file. `place`: where the dataset file says so (`real.yaml:12:13`); `volume` None where it has none."""

    place: str
    path: Path
    length_ms: int
    time: TimeColumn
    open: str
    high: str
    low: str
    close: str
    volume: str | None


@dataclass(frozen=True, slots=True)
class PointsFile:
    """Single values in a file: the `value` column, each known or settled at its time."""

    place: str
    path: Path
    time: TimeColumn
    value: str


@dataclass(frozen=True, slots=True)
class TopsFile:
    """Tops of book in a file. `every_ms`: as `Tops` has it."""

    place: str
    path: Path
    every_ms: int | None
    time: TimeColumn
    bid: str
    bid_amount: str
    ask: str
    ask_amount: str


@dataclass(frozen=True, slots=True)
class Series:
    """Everything recorded of one instrument; None where there is none. One of bars and tops is there."""

    bars: BarsFile | None
    marks: BarsFile | None
    funding: PointsFile | None
    tops: TopsFile | None = None


@dataclass(frozen=True, slots=True)
class RateTerms:
    """What a rate is: so much of `quote` for one `base`, of which kind and source.

    `serves`: the components (`plugin.component`) whose rate it stands for in a backtest.
    """

    base: str
    quote: str
    kind: FxKind
    source: str
    serves: tuple[str, ...]


class Maker(Protocol):
    """Makes the series of a dataset that has no files: pure, the same for the same dataset."""

    def __call__(
        self, dataset: Dataset, instruments: Iterable[Instrument], rates: Iterable[str], span: Span
    ) -> LoadedDataset: ...


@dataclass(frozen=True, slots=True)
class Generator:
    """Who makes the series, by its `use`, and where the dataset file says so."""

    place: str
    use: str
    make: Maker


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset file, read and checked.

    place: the file, as the user named it; folder: what its files count from; described: sha256 over what it says of
    its data, unchanged by comments, order, spelling, `about` and `folder`. A dataset with a `generator` has no files:
    its `series` and `rate_files` are empty and its instruments are those of `facts`.
    """

    name: str
    about: str
    place: str
    folder: Path
    folder_place: str
    series: Mapping[Instrument, Series]
    rates: Mapping[str, RateTerms]
    rate_files: Mapping[str, PointsFile]
    facts: Mapping[Instrument, InstrumentFacts]
    generator: Generator | None
    described: str

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        return tuple(self.facts if self.generator is not None else self.series)

    def need_instruments(self, instruments: Iterable[Instrument]) -> None:
        """Errors: DataUnusable for the first that the dataset lacks."""
        for instrument in instruments:
            if instrument not in self.instruments:
                known = ", ".join(i.text() for i in self.instruments)
                said = Text(
                    "dataset.no_instrument", {"file": self.place, "instrument": instrument, "known": known or "-"}
                )
                raise DataUnusable(said, Text("dataset.no_instrument.help", {"instrument": instrument}))

    def rate_for(self, use: str, series: str | None = None) -> str:
        """The name of the rate that stands for a component: the one its parameters name (`series`), or the one that
        serves it. Errors: DataUnusable, saying what to add."""
        if series is not None:
            self.need_rates([series])
            return series
        found = next((name for name, terms in self.rates.items() if use in terms.serves), None)
        if found is None:
            known = ", ".join(f"{name} ({', '.join(terms.serves) or '-'})" for name, terms in self.rates.items())
            said = Text("dataset.not_served", {"file": self.place, "use": use, "known": known or "-"})
            raise DataUnusable(said, Text("dataset.not_served.help", {"use": use}))
        return found

    def need_rates(self, names: Iterable[str]) -> None:
        """Errors: DataUnusable for the first that the dataset lacks."""
        for name in names:
            if name not in self.rates:
                known = ", ".join(self.rates)
                said = Text("dataset.no_rate", {"file": self.place, "rate": name, "known": known or "-"})
                raise DataUnusable(said, Text("dataset.no_rate.help", {"rate": name}))
