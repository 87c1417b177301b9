"""A file of lines that begins anew when it is full and when its day is over, and is let go of after some days."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

_PRIVATE = 0o600  # karb: constant because what is written there names amounts: nobody else needs to read it
_LAST_DIGITS = 4  # karb: constant because so many digits keep the files of a day in order


@dataclass(slots=True)
class RotatedFile:
    """`path` is the file of now; those before stand beside it as `NAME-2026-01-31.0001.jsonl`. Unit: bytes, days by UTC.

    Edge: a line that is larger than a file has one of its own; a file that was there before is gone on with, or set
    aside where it is of another day. A file is kept for `days` days after its own. Errors: OSError.
    """

    path: Path
    most_bytes: int
    days: int
    today: Callable[[], date] = field(default=lambda: datetime.now(UTC).date())
    _file: BinaryIO | None = field(init=False, default=None)
    _day: date | None = field(init=False, default=None)
    _size: int = field(init=False, default=0)

    def line(self, text: bytes) -> None:
        """One line, without its end."""
        today = self.today()
        if self._file is None:
            self._opened(today)
        if self._day != today or (self._size and self._size + len(text) + 1 > self.most_bytes):
            self._set_aside()
            self._opened(today)
        assert self._file is not None
        self._file.write(text + b"\n")
        self._file.flush()
        self._size += len(text) + 1

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _opened(self, today: date) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _PRIVATE)
        self._file = os.fdopen(handle, "ab")
        found = os.fstat(handle)
        self._size = found.st_size
        self._day = datetime.fromtimestamp(found.st_mtime, UTC).date() if self._size else today

    def _set_aside(self) -> None:
        self.close()
        taken = [int(old.name.rsplit(".", 2)[1]) for old in self._old(self._day)]
        number = max(taken, default=0) + 1
        self.path.rename(
            self.path.with_name(f"{self.path.stem}-{self._day}.{number:0{_LAST_DIGITS}}{self.path.suffix}")
        )
        first_kept = self.today() - timedelta(days=self.days)
        for old in self._old(None):
            if _day_of(old, self.path.stem) < first_kept:
                old.unlink(missing_ok=True)

    def _old(self, day: date | None) -> list[Path]:
        wanted = "????-??-??" if day is None else str(day)
        return sorted(self.path.parent.glob(f"{self.path.stem}-{wanted}.[0-9]*{self.path.suffix}"))


def _day_of(old: Path, stem: str) -> date:
    written = old.name.removeprefix(f"{stem}-").partition(".")[0]
    try:
        return date.fromisoformat(written)
    except ValueError:
        return date.max  # none of ours
