"""A halt that needs nothing but a place to write a file: no ledger, no terminal of karb's, no network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from karb_core.domain.halt import Halt
from karb_core.ledger.commands import Command
from karb_core.wiring.halt_place import HaltPlace
from karb_core.wiring.halt_words import MOST_BYTES, halt_words

NAME = "HALT"
AUTHOR = "file"


@dataclass(slots=True)
class HaltFile:
    """While the file is there it stops entries at least, whatever it says.

    Shape: as `halt_words`, with the path as the place. Edge: a file that cannot be read stops entries; a folder that is
    not there holds none.
    """

    path: Path
    _place: HaltPlace = field(init=False, default_factory=lambda: HaltPlace(AUTHOR))

    def look(self, account: str, at_ns: int) -> Command | None:
        """As `HaltPlace.says`."""
        return self._place.says(_read(self.path), account, at_ns)

    def still(self) -> Mapping[str, Halt]:
        """What no resume undoes, as it was at the last look."""
        return self._place.still()


def _read(path: Path) -> tuple[Halt, str] | None:
    try:
        with path.open("rb") as file:
            return halt_words(file.read(MOST_BYTES), str(path))
    except FileNotFoundError:
        return None
    except OSError as e:
        return Halt.NO_ENTRIES, f"{path} cannot be read: {e.strerror}"
