"""What came, until it is durable: conflated by step, each time once, and what is no price apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from karb_core.errors import DataUnusable
from karb_core.history.recorded import Row, Series
from karb_core.history.segments import Segments
from karb_core.texts.text import Words
from karb_data.collect_file import CollectFile
from karb_data.rows_of import Told
from karb_data.set_aside import SetAside

_CONFLATED = frozenset({"tops", "marks", "rates"})
_ONLY_LIVE = frozenset({"tops", "marks"})


@dataclass(slots=True)
class _Kept:
    """One series. waiting: conflated, the last of its step; known: times that are there, where a row may come twice."""

    segments: Segments
    rows: list[Row] = field(default_factory=list)
    waiting: Row | None = None
    last_ms: int = -1
    known: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Recorder:
    """`take` never blocks; `written` does, for as long as the disk takes, and belongs into a thread of its own.

    One at a time: whoever calls `take` and `past` does so from one thread, `written` is given what they swapped out.
    """

    folder: Path
    how: CollectFile
    _kept: dict[Series, _Kept] = field(init=False, default_factory=dict)
    _aside: SetAside = field(init=False)

    def __post_init__(self) -> None:
        self._aside = SetAside(self.how.outliers)

    def open(self, series: Series) -> int | None:
        """The newest time that is durable, None for none."""
        return self._of(series).segments.last_ms

    def newest_ms(self, series: Series) -> int | None:
        """The newest time that was told and kept, durable or not."""
        kept = self._of(series)
        return kept.waiting[0] if kept.waiting is not None else (kept.last_ms if kept.last_ms >= 0 else None)  # type: ignore[return-value]

    def take(self, told: Told) -> Series | None:
        """The series that it went on with; None where it is there already, or was set aside."""
        series, row, price = told
        why = self._aside.why(series, price)
        if why is not None:
            self._of(series.set_aside()).rows.append((*row, why))
            return None
        return series if self._add(series, row) else None

    def past(self, told: Iterable[Told]) -> int:
        """What a venue told later, and nothing that is there. How many rows that were."""
        aside, count = SetAside(self.how.outliers), 0
        for series, row, price in told:
            why = aside.why(series, price)
            at, row = (series, row) if why is None else (series.set_aside(), (*row, why))
            count += self._add_past(at, row)
        return count

    def swapped(self, now_ms: int | None) -> list[tuple[Segments, list[Row]]]:
        """What came since the last time, to be `put` in this order. now_ms: a step that is not over by then waits for its
        end; None where there will be no more."""
        out = []
        for series, kept in self._kept.items():
            if kept.waiting is not None and (now_ms is None or self._is_over(series, kept.waiting, now_ms)):
                self._settle(kept)
            if kept.rows:
                out.append((kept.segments, kept.rows))
                kept.rows = []
        return out

    def _add(self, series: Series, row: Row) -> bool:
        kept, at_ms = self._of(series), row[0]
        assert isinstance(at_ms, int)
        if series.kind not in _CONFLATED:
            return self._add_past(series, row)
        if at_ms <= kept.last_ms:
            return False
        if kept.waiting is not None and self._is_over(series, kept.waiting, at_ms):
            self._settle(kept)
        kept.waiting = row
        return True

    def _add_past(self, series: Series, row: Row) -> bool:
        kept, at_ms = self._of(series), row[0]
        assert isinstance(at_ms, int)
        if at_ms in kept.known:
            return False
        kept.known.add(at_ms)
        kept.rows.append(row)
        kept.last_ms = max(kept.last_ms, at_ms)
        return True

    def _is_over(self, series: Series, waiting: Row, now_ms: int) -> bool:
        """Whether the step of what waits ended before then."""
        assert isinstance(waiting[0], int)
        step = self.how.step_ms(series.kind)
        return now_ms // step > waiting[0] // step

    @staticmethod
    def _settle(kept: _Kept) -> None:
        if kept.waiting is not None and kept.waiting[0] not in kept.known:
            assert isinstance(kept.waiting[0], int)
            kept.rows.append(kept.waiting)
            kept.last_ms = max(kept.last_ms, kept.waiting[0])
        kept.waiting = None

    def _of(self, series: Series) -> _Kept:
        kept = self._kept.get(series)
        if kept is None:
            segments = Segments(self.folder, series)
            kept = self._kept[series] = _Kept(segments)
            if segments.last_ms is not None and not series.flagged:
                kept.last_ms = segments.last_ms
                if series.kind not in _ONLY_LIVE:
                    kept.known = segments.times()
        return kept


def write(swapped: Iterable[tuple[Segments, list[Row]]]) -> int:
    """Durable when it returns. How many rows. Errors: DataUnusable where the disk does not take them."""
    count = 0
    for segments, rows in swapped:
        try:
            segments.put(rows)
        except OSError as e:
            raise DataUnusable(
                Words(
                    f"{segments.folder} cannot be written: {e.strerror}",
                    f"{segments.folder}에 쓸 수 없습니다: {e.strerror}",
                ),
                Words(
                    "make room, then start again: it goes on where it was", "공간을 만들고 다시 시작하면 이어서 합니다"
                ),
            ) from e
        count += len(rows)
    return count
