"""A halt that needs nothing but a place to write a file: no ledger, no terminal of karb's, no network."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from karb_core.domain.halt import Halt
from karb_core.ledger.commands import Command

NAME = "HALT"
AUTHOR = "file"
_READ = 1000  # karb: constant because it bounds how many bytes of a reason are read
_SHOWN = 200  # karb: constant because it cuts a shown text
_STRENGTHS = {each.word: each for each in Halt if each}


@dataclass(slots=True)
class HaltFile:
    """While the file is there it stops entries at least, whatever it says.

    Shape: `flatten: the venue is being robbed`. The first word may be a strength, the rest is the reason, which is kept
    with the path before it. Edge: a file that cannot be read stops entries; a folder that is not there
    holds none. What it said stays stopped when it is gone: whoever removes it has to resume as well.
    """

    path: Path
    _said: tuple[Halt, str] | None = field(init=False, default=None)

    def look(self, account: str, at_ns: int) -> Command | None:
        """What is to be done by it: None where it says what it said at the last look, or is not there."""
        before, self._said = self._said, _read(self.path)
        if self._said is None or self._said == before:
            return None
        strength, reason = self._said
        return Command(
            id=f"{AUTHOR}-{at_ns}",
            account=account,
            strategy=None,
            verb="halt",
            strength=strength.word,
            reason=reason,
            author=AUTHOR,
            at_ns=at_ns,
        )

    def still(self) -> Mapping[str, Halt]:
        """What no resume undoes, as it was at the last look."""
        return {} if self._said is None else {self._said[1]: self._said[0]}


def _read(path: Path) -> tuple[Halt, str] | None:
    try:
        with path.open("rb") as file:
            words = _text(file.read(_READ)).split()
    except FileNotFoundError:
        return None
    except OSError as e:
        return Halt.NO_ENTRIES, f"{path} cannot be read: {e.strerror}"
    strength = _STRENGTHS.get(words[0].rstrip(":,.").lower()) if words else None
    reason = " ".join(words if strength is None else words[1:])[:_SHOWN]
    return strength or Halt.NO_ENTRIES, f"{path}: {reason}" if reason else f"{path}"


def _text(told: bytes) -> str:
    """As editors and shells write it: Windows' PowerShell in UTF-16."""
    wide = told.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    return told.decode("utf-16" if wide else "utf-8-sig", errors="replace")
