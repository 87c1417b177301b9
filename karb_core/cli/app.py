"""The `App` that a plugin's command is given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from karb_core.cli.terminal import Terminal, padded, width
from karb_core.errors import StrategyInvalid
from karb_core.texts.text import Said, Text

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from karb_core.cli.rehearsing import Rehearsing
    from karb_core.domain.decisions import Cited
    from karb_core.ports import (
        Asked,
        Backtested,
        Clock,
        KeptPoints,
        LabWanted,
        Piecewise,
        Play,
        Points,
        Ran,
        Rehearsed,
        Setting,
        ToldBy,
        Where,
    )
    from karb_core.rules.params import Params

P = TypeVar("P", bound="Params")
_GAP = 2


@dataclass(frozen=True, slots=True)
class TerminalApp:
    """karb on a terminal. What a strategy is rehearsed with is read once."""

    terminal: Terminal
    _read: dict[tuple[str, str | None], Rehearsing] = field(default_factory=dict, compare=False, repr=False)

    @property
    def lang(self) -> str:
        return self.terminal.lang

    def read(self, path: str, shape: type[P]) -> P:
        from karb_core.cli.findings import show
        from karb_core.rulebook.plain_check import check_plain
        from karb_core.rulebook.source import read_source

        checked = check_plain(read_source(path), shape)
        for finding in checked.findings:
            show(self.terminal, checked.source, finding)
        if checked.block is None:
            raise StrategyInvalid(Text("check.errors", {"path": path, "count": len(checked.findings)}))
        return checked.block

    def lines(self, file: str) -> dict[str, Cited]:
        from karb_core.cli.reading import rulebook_of
        from karb_core.domain.decisions import Cited

        rulebook = rulebook_of(self.terminal, file)
        return {
            line.pointer: Cited(line.pointer, file, line.mark.line, line.written or "")
            for line in rulebook.lines
            if line.mark is not None
        }

    def rehearse(self, file: str, data: str | None, put_on: Callable[[Setting], Play]) -> Rehearsed:
        from karb_core.cli.rehearsing import Rehearsing

        if (file, data) not in self._read:
            self._read[file, data] = Rehearsing.of(self.terminal, file, data)
        return self._read[file, data].rehearse(put_on)

    def backtest(self, file: str, asked: Asked, *, progress: bool) -> Backtested:
        from karb_core.cli.backtesting import carried_out
        from karb_core.cli.reading import rulebook_of
        from karb_core.wiring.backtested import backtested

        rulebook = rulebook_of(self.terminal, file)
        with carried_out(self.terminal, file, rulebook, asked, progress=progress, quiet=True) as done:
            return backtested(done.made, done.ledger)

    def piecewise(self, file: str, asked: Asked) -> Piecewise:
        from karb_core.cli.backtesting import named
        from karb_core.cli.reading import rulebook_of
        from karb_core.wiring.piecewise import OverPieces

        rulebook = rulebook_of(self.terminal, file)
        return OverPieces.of(rulebook, *named(file, rulebook, asked))

    def ran(self, run: str, ledger: str | None, file: str | None = None) -> Ran:
        from karb_core.cli.ledger_place import ledger_path
        from karb_core.cli.reading import rulebook_of
        from karb_core.ledger.ledger import open_ledger
        from karb_core.wiring.ran import ran_of
        from karb_core.wiring.rules_ran import rules_ran
        from karb_core.wiring.whose_books import run_of

        given = None if file is None else rulebook_of(self.terminal, file)
        opened = open_ledger(ledger_path(ledger), read_only=True)
        try:
            lived = run_of(opened, run)
            return ran_of(opened, lived, rules_ran(opened, lived.run, given))
        finally:
            opened.close()

    def points(self, file: str, asked: Asked, where: Where) -> Points:
        from karb_core.cli.pointing import points_of

        return points_of(self.terminal, file, asked, where)

    def told_by(self, file: str) -> ToldBy:
        from karb_core.cli.reading import rulebook_of
        from karb_core.wiring.told_by import told_by

        return told_by(rulebook_of(self.terminal, file))

    def kept_points(self, where: str | None) -> AbstractContextManager[KeptPoints]:
        from karb_core.cli.pointing import kept_points

        return kept_points(where)

    def lab_wanted(self, files: Sequence[str]) -> LabWanted:
        from karb_core.cli.reading import rulebook_of
        from karb_core.wiring.local_venues import lab_wanted

        return lab_wanted([rulebook_of(self.terminal, file) for file in files])

    def progress(self, line: Said | None) -> None:
        self.terminal.over(line)

    def clock(self) -> Clock:
        from karb_core.wiring.wall_clock import WallClock

        return WallClock()

    def say(self, line: Said | str = "") -> None:
        self.terminal.out(line)

    def warn(self, line: Said | str) -> None:
        self.terminal.err(line)

    def style(self, text: str, kind: str) -> str:
        return self.terminal.style(text, kind)

    def table(self, rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> None:
        cells = [max(map(width, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            told = [
                " " * (cells[at] - width(text)) + text if at in right else padded(text, cells[at])
                for at, text in enumerate(row)
            ]
            self.terminal.out((" " * _GAP).join(told).rstrip())

    def json(self, value: Mapping[str, object]) -> None:
        self.terminal.json(value)

    def as_json(self, value: Mapping[str, object]) -> str:
        return self.terminal.as_json(value)
