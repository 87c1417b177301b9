"""What is in a recording: of each series how much, and from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from karb_core.errors import UsageMistake
from karb_core.history.recorded import Series, series_in
from karb_core.history.store import open_store
from karb_core.texts.text import Words


@dataclass(frozen=True, slots=True)
class Held:
    """Unit: ms of UTC, both ends included."""

    series: Series
    rows: int
    first_ms: int
    last_ms: int
    files: int


def recording(folder: str) -> Path:
    """Errors: UsageMistake where there is none."""
    found = Path(folder)
    if not found.is_dir() or next(series_in(found), None) is None:
        raise UsageMistake(
            Words(f"there is no recording in {folder}", f"{folder}에 기록이 없습니다"),
            Words(f"karb data collect FILE --into {folder}", f"karb data collect FILE --into {folder}"),
        )
    return found


def held_in(folder: Path) -> list[Held]:
    """Errors: BadData for a file that cannot be read."""
    store, out = open_store(folder), []
    for series in store.series():
        rows, first, last = store.extent(series)
        if rows:
            out.append(Held(series, rows, first, last, len(store.files(series))))
    return out
