"""The recorder: what a desk was given, line by line, in files of bounded size beside the ledger."""

from __future__ import annotations

import os
from pathlib import Path

from karb_core.domain.orders import Fill
from karb_core.errors import LedgerUnusable
from karb_core.ports import Income, Moment, Standing
from karb_core.ports.recorder import Free
from karb_core.texts.text import Text
from karb_core.wiring.home import home
from karb_core.wiring.journal_line import fill_line, income_line, moment_line

SEGMENT_BYTES = 4 * 1024 * 1024  # karb: constant because it bounds a file, not trading
_WAITING_BYTES = 256 * 1024  # karb: constant because it bounds memory, not trading
_DIGITS = 6  # karb: constant because it is a width of names


def journal_folder(ledger_name: str, run_id: str) -> Path:
    """`journal/RUN` beside the ledger's file; in KARB_HOME where the ledger is called by a URL."""
    beside = home() if "://" in ledger_name else Path(ledger_name).parent
    return beside / "journal" / run_id


def segments(folder: Path) -> list[Path]:
    """The files of a run's journal, in the order in which they were written."""
    return sorted(folder.glob("*.jsonl"))


class SegmentedRecorder:
    """`ports.Recorder` into `000001.jsonl`, `000002.jsonl`, ...; lines wait in memory until there are 256 KiB of them, or
    a segment is full.

    What stood there before goes: the same run id means the same rules over the same data, hence the same lines.
    Errors: LedgerUnusable where the folder or a file cannot be written. The lines that a failed write was for go on
    waiting, and the next one writes them from where the last whole one ended, none twice.
    """

    def __init__(self, folder: Path, segment_bytes: int = SEGMENT_BYTES) -> None:
        self._folder = folder
        self._most = segment_bytes
        self._number = 1
        self._durable = 0
        self._waiting: list[bytes] = []
        self._size = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for left in segments(folder):
                left.unlink()
        except OSError as e:
            raise _unusable(folder, e) from e

    def moment(self, moment: Moment, standing: Standing, free: Free | None) -> None:
        self.line(moment_line("moment", moment, standing, free))

    def forced(self, moment: Moment, standing: Standing, free: Free) -> None:
        self.line(moment_line("forced", moment, standing, free))

    def income(self, income: Income) -> None:
        self.line(income_line(income))

    def fill(self, fill: Fill) -> None:
        self.line(fill_line(fill))

    def flush(self) -> None:
        """Everything kept so far is on the disk. Errors: LedgerUnusable."""
        if not self._waiting:
            return
        path = self._folder / f"{self._number:0{_DIGITS}d}.jsonl"
        data = b"".join(self._waiting)
        try:
            with path.open("r+b" if self._durable else "wb") as file:
                if self._durable:
                    file.seek(self._durable)
                    file.truncate()
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as e:
            raise _unusable(path, e) from e
        self._durable += len(data)
        self._waiting.clear()

    def line(self, line: str) -> None:
        """A line that would make the segment too long begins the next; one that is too long by itself stands alone."""
        data = line.encode("utf-8") + b"\n"
        if self._size and self._size + len(data) > self._most:
            self.flush()
            self._number, self._durable, self._size = self._number + 1, 0, 0
        self._waiting.append(data)
        self._size += len(data)
        if self._size - self._durable > _WAITING_BYTES:
            self.flush()


def _unusable(path: Path, error: OSError) -> LedgerUnusable:
    why = error.strerror or str(error)
    return LedgerUnusable(Text("run.journal", {"path": path, "why": why}), Text("run.journal.help"))
