"""From a component's own parameter to the owner's line."""

from __future__ import annotations

from functools import cache
from pathlib import PurePath

from karb_core.domain.decisions import Cited
from karb_core.engine.strategy import Cite
from karb_core.rulebook.dispatch import Seat
from karb_core.rulebook.rule_lines import RuleLine, pointer
from karb_core.rulebook.rulebook import Rulebook


class Cites:
    """Looks a rule up by its pointer; a pointer inside a line (`/balances/upbit/0`) finds that line.

    The file is cited by its name without its folder, so that a run is the same from wherever it was started.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        self._file = PurePath(rulebook.source.name).name
        self._lines = {line.pointer: line for line in rulebook.lines}

    def of_file(self, name: str) -> Cited:
        """The line at a pointer such as `/pairs/BTC/share`."""
        line = self._nearest(name)
        if line is None or line.mark is None:
            return Cited(name, self._file, 0, "")
        return Cited(name, self._file, line.mark.line, line.written or "")

    def of_seat(self, seat: Seat) -> Cite:
        """For a component's own words: `tiers.ultra.z`, `use`; a pointer is taken as it is."""
        beside = {"use", "at", "id"}

        @cache
        def cite(name: str) -> Cited:
            if name.startswith("/"):
                return self.of_file(name)
            inside = (name,) if name in beside else ("with", *name.split("."))
            return self.of_file(pointer((*seat.path, *inside)))

        return cite

    def _nearest(self, name: str) -> RuleLine | None:
        while name:
            if name in self._lines:
                return self._lines[name]
            inside = next((line for p, line in self._lines.items() if p.startswith(f"{name}/")), None)
            if inside is not None:
                return inside
            name = name.rpartition("/")[0]
        return None
