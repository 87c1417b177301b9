"""What a recording lacks, and why: a line for each change, durable before anything goes on.

{"of":"upbit BTC-KRW tops","from":1795237140000,"until":null,"fate":"open","why":"karb was not running"}
{"of":"upbit BTC-KRW tops","from":1795237140000,"until":1795237151000,"fate":"lost","why":"karb was not running"}
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from karb_core.history.recorded import HOLES

Fate = Literal["open", "filled", "lost"]


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch of a series (`Series.text`) of which nothing was told. Unit: ms of UTC; until_ms is None while it is open.

    open: it goes on, or was not asked for yet; filled: the venue told it later, what is not there did not happen;
    lost: nobody has it.
    """

    of: str
    from_ms: int
    until_ms: int | None
    fate: Fate
    why: str


@dataclass(slots=True)
class Holes:
    """The book of one recorder: at most one open hole of a series."""

    folder: Path
    _open: dict[str, Hole] = field(init=False)

    def __post_init__(self) -> None:
        """Edge: a line that a kill cut off is taken out."""
        path = self.folder / HOLES
        if path.is_file():
            whole = path.read_bytes()
            end = whole.rfind(b"\n") + 1
            if end < len(whole):
                os.truncate(path, end)
        self._open = {}
        for hole in holes_in(self.folder):
            if hole.until_ms is None and self._open.setdefault(hole.of, hole) is not hole:
                # a kill came while a hole was widened: the wider one has it
                self._write(replace(hole, until_ms=hole.from_ms, fate="filled"))

    def open_hole(self, of: str) -> Hole | None:
        return self._open.get(of)

    def opened(self, of: str, from_ms: int, why: str) -> Hole | None:
        """The new hole. Edge: where one is open it goes on, and None is told."""
        if of in self._open:
            return None
        hole = Hole(of, from_ms, None, "open", why)
        self._open[of] = hole
        self._write(hole)
        return hole

    def widened(self, of: str, from_ms: int, why: str) -> Hole:
        """The hole that is open then: from there on, or from earlier."""
        open_hole = self._open.get(of)
        if open_hole is not None and open_hole.from_ms <= from_ms:
            return open_hole
        wider = self._open[of] = Hole(of, from_ms, None, "open", why)
        self._write(wider)
        if open_hole is not None:
            self._write(replace(open_hole, until_ms=open_hole.from_ms, fate="filled"))
        return wider

    def ended(self, of: str, until_ms: int, fate: Literal["filled", "lost"], why: str | None = None) -> Hole | None:
        """The hole that was open, as it ended."""
        hole = self._open.pop(of, None)
        if hole is None:
            return None
        ended = Hole(of, hole.from_ms, max(until_ms, hole.from_ms), fate, why or hole.why)
        self._write(ended)
        return ended

    def _write(self, hole: Hole) -> None:
        said = {"of": hole.of, "from": hole.from_ms, "until": hole.until_ms, "fate": hole.fate, "why": hole.why}
        with (self.folder / HOLES).open("a", encoding="utf-8") as file:
            file.write(json.dumps(said, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())


def holes_in(folder: Path) -> list[Hole]:
    """Every hole as it ended, and those that are open, by series and time. Edge: a line that was cut off is none."""
    found: dict[tuple[str, int], Hole] = {}
    for hole in _lines(folder / HOLES):
        found[hole.of, hole.from_ms] = hole
    return sorted(found.values(), key=lambda hole: (hole.of, hole.from_ms))


def _lines(path: Path) -> Iterator[Hole]:
    if not path.is_file():
        return
    for line in path.read_text("utf-8", errors="replace").splitlines():
        try:
            said = json.loads(line)
            yield Hole(said["of"], said["from"], said["until"], said["fate"], said["why"])
        except (ValueError, KeyError, TypeError):
            continue
