"""A recording for any other program or a notebook:

from karb_core.history.store import open_store

store = open_store("recordings")
bars = store.frame("upbit BTC/KRW", "bars")
rates = store.frame("fx.dunamu", "rates")
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from karb_core.domain.instrument import Instrument
from karb_core.history.bad_data import BadData
from karb_core.history.holes import Hole, holes_in
from karb_core.history.recorded import FX, Series, series_in
from karb_core.history.segments import files_of_series, read_segment

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Store:
    """What `karb data collect` keeps in a folder. Nothing is written by it."""

    folder: Path

    def series(self) -> Sequence[Series]:
        return tuple(series_in(self.folder))

    def files(self, series: Series) -> Sequence[Path]:
        return files_of_series(self.folder, series)

    def holes(self) -> Sequence[Hole]:
        """What is missing, and what a venue told later."""
        return holes_in(self.folder)

    def frame(self, of: str, kind: str) -> pl.DataFrame:
        """The rows of an instrument (`upbit BTC/KRW`) or a rate (`upbit.usdt_krw`) by time; of bars the shortest there are.

        Errors: KeyError where there are none; BadData for a file that cannot be read.
        """
        place, name = _named(of)
        fits = [s for s in self.series() if (s.place, s.name, s.kind, s.flagged) == (place, name, kind, False)]
        if not fits:
            raise KeyError(f"{of} has no {kind} in {self.folder}")
        return self.rows(min(fits))

    def rows(self, series: Series) -> pl.DataFrame:
        """Its rows by time. Errors: BadData for a file that cannot be read."""
        import polars as pl

        frames = self._whole(series, read_segment)
        return pl.concat(frames).sort(series.columns.time, maintain_order=True) if frames else pl.DataFrame()

    def extent(self, series: Series) -> tuple[int, int, int]:
        """How many rows, and their first and last time in ms of UTC; zeros for none. Errors: BadData."""
        time = series.columns.time
        times = self._whole(series, lambda path: read_segment(path, time)[time].to_physical())
        rows = sum(map(len, times))
        if not rows:
            return 0, 0, 0
        return rows, min(t.min() for t in times), max(t.max() for t in times)  # type: ignore[type-var,return-value]

    def _whole(self, series: Series, read: Callable[[Path], T]) -> list[T]:
        """Edge: files that are put together while they are read are looked for anew."""
        while True:
            files = self.files(series)
            try:
                return [read(path) for path in files]
            except BadData:
                if all(path.is_file() for path in files):
                    raise


def open_store(url: str | Path) -> Store:
    """Errors: FileNotFoundError where there is no such folder."""
    folder = Path(url)
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    return Store(folder)


def _named(of: str) -> tuple[str, str]:
    if "/" not in of:
        return FX, of
    series = Series.of(Instrument.read(of), "tops")
    return series.place, series.name
