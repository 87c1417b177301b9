"""What a recording has of each kind, and where its files lie.

FOLDER/upbit/BTC-KRW/about.json                                 the instrument, and what its venue states of it
FOLDER/upbit/BTC-KRW/bars_60s/2026-11.0.000000017.parquet       bars, tops, marks, funding, by month
FOLDER/upbit/BTC-KRW/tops_flagged/...                           kept, and never traded on
FOLDER/fx/upbit.usdt_krw/rates/...                              a rate, by the component that told it
FOLDER/holes.jsonl                                              what is missing, and why
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from karb_core.domain.instrument import Instrument

ABOUT, HOLES = "about.json", "holes.jsonl"
FX = "fx"
_FLAGGED = "_flagged"
_BARS = "bars_"


@dataclass(frozen=True, slots=True)
class Columns:
    """time: the column that orders the rows, each time once. Unit: ms of UTC for times; prices and amounts as float64 by
    the convention of `prices`. `numbers` and `times` stand behind it in this order; a flagged row has `why` at its end.
    """

    time: str
    numbers: tuple[str, ...]
    times: tuple[str, ...]


#: By kind. A top, a mark and a rate were known at their time; a bar from its opening and its length on.
COLUMNS = {
    "bars": Columns("opened_at", ("open", "high", "low", "close", "volume"), ("received_at",)),
    "tops": Columns("at", ("bid", "bid_amount", "ask", "ask_amount"), ("venue_at",)),
    "marks": Columns("at", ("price", "index"), ("venue_at",)),
    "funding": Columns("settled_at", ("rate",), ("received_at",)),
    "rates": Columns("known_at", ("value",), ("venue_at",)),
}

#: Of bars also how long each is.
Row = tuple[int | float | str | None, ...]


@dataclass(frozen=True, slots=True, order=True)
class Series:
    """One kind of one instrument, or one rate. place, name: its folders; `bars_ms`: how long its bars are, 0 for others."""

    place: str
    name: str
    kind: str
    bars_ms: int = 0
    flagged: bool = False

    @classmethod
    def of(cls, instrument: Instrument, kind: str, bars_ms: int = 0) -> Series:
        return cls(instrument.venue, f"{instrument.base}-{instrument.quote}", kind, bars_ms)

    @classmethod
    def rate(cls, use: str) -> Series:
        return cls(FX, use, "rates")

    @property
    def columns(self) -> Columns:
        return COLUMNS[self.kind]

    @property
    def label(self) -> str:
        """Its last folder: `bars_60s`, `tops`, `tops_flagged`."""
        # karb: constant because a second has 1000 ms
        length = f"_{self.bars_ms // 1000}s" if self.bars_ms else ""
        return f"{self.kind}{length}{_FLAGGED if self.flagged else ''}"

    def text(self) -> str:
        return f"{self.place} {self.name} {self.label}"

    def under(self, folder: Path) -> Path:
        return folder / self.place / self.name / self.label

    def set_aside(self) -> Series:
        """Where its flagged rows are."""
        return Series(self.place, self.name, self.kind, self.bars_ms, flagged=True)


def series_in(folder: Path) -> Iterator[Series]:
    """Every series of which there is a folder, by name."""
    for found in sorted(path for path in folder.glob("*/*/*") if path.is_dir()):
        series = _read(found.parent.parent.name, found.parent.name, found.name)
        if series is not None:
            yield series


def _read(place: str, name: str, label: str) -> Series | None:
    plain = label.removesuffix(_FLAGGED)
    length = plain.removeprefix(_BARS).removesuffix("s") if plain.startswith(_BARS) else ""
    kind = "bars" if length else plain
    if kind not in COLUMNS or (kind == "bars") != length.isdecimal():
        return None
    # karb: constant because a second has 1000 ms
    return Series(place, name, kind, int(length or 0) * 1000, plain != label)
