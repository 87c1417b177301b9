"""What a command of a plugin is given: karb itself, as far as a plugin may ask it.

A command is an entry point in group `karb.commands` (a click command); click's context has the `App` as its object:
`ctx.find_object(App)`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar, runtime_checkable

from karb_core.domain.decisions import Cited
from karb_core.ports.backtested import Asked, Backtested
from karb_core.ports.clock import Clock
from karb_core.ports.local import LabWanted
from karb_core.ports.piecewise import Piecewise
from karb_core.ports.points import KeptPoints, Points, Where
from karb_core.ports.ran import Ran
from karb_core.ports.rehearsal import Play, Rehearsed, Setting
from karb_core.ports.told_by import ToldBy
from karb_core.rules.params import Params
from karb_core.texts.text import Said

P = TypeVar("P", bound=Params)


@runtime_checkable
class App(Protocol):
    """One command's way to karb and to whoever called it. `lang`: the language to speak, `en` or `ko`.

    read: a YAML file in a format of the plugin's own, as strictly as a strategy file: what is wrong is shown with its
    place, and ends the command. Errors: UsageMistake where there is no such file, StrategyInvalid for any mistake in it.
    lines: each value that a strategy file states, by its pointer (`/execution/unhedged_for`), as decisions cite it.
    Errors: as `karb check` ends.
    rehearse: carries a strategy out by the whole desk in virtual time, in a market that is put on. `data`: the dataset
    it is warmed up with, the file's own or the shipped one where None. Errors: KarbErrors, each in one sentence.
    backtest: carries a strategy out over data, as `karb run --mode backtest` does, into a ledger; no notifier is told.
    `progress`: a line on stderr on the way. Errors: KarbErrors, each in one sentence.
    piecewise: a strategy over data, to be carried out over any piece of them: for whoever asks what it would have decided
    without the rest. Nothing is kept. Errors: KarbErrors, each in one sentence.
    ran: what a ledger knows of a run, by the beginning of its id; `ledger`: a file or URL, the usual one where None; `file`:
    the strategy whose lines it ran by, as the ledger kept them where None. Errors: KarbErrors, each in one sentence.
    points: carries a strategy out over data with lines of its file written otherwise, as often as it is asked to; of
    `asked` the data and their stretch count. Errors: as `backtest`.
    told_by: the feeds and rates that a strategy file names, constructed, for whoever listens without trading. Errors: as
    `karb check` ends; PluginUnusable.
    kept_points: where what was found out of points outlives the process: an SQLite file or a PostgreSQL URL, a file in
    karb's home where None. Errors: LedgerUnusable.
    lab_wanted: what local venues are to open for strategy files. Errors: as `karb check` ends.
    progress: one line on stderr that the next is written over, nothing where stderr is no terminal; None ends it.
    clock: the machine's, to be asked for in the loop that uses it.
    say, warn: a line on stdout, on stderr. style: of a text in a line (`good`, `error`, `warning`, `note`, `dim`).
    table: rows in columns that line up; `right`: which of them stand to the right. json: one document on stdout, its `format_version` first;
    as_json: the same as text, for a file.
    """

    @property
    def lang(self) -> str: ...
    def read(self, path: str, shape: type[P]) -> P: ...
    def lines(self, file: str) -> dict[str, Cited]: ...
    def rehearse(self, file: str, data: str | None, put_on: Callable[[Setting], Play]) -> Rehearsed: ...
    def backtest(self, file: str, asked: Asked, *, progress: bool) -> Backtested: ...
    def piecewise(self, file: str, asked: Asked) -> Piecewise: ...
    def ran(self, run: str, ledger: str | None, file: str | None = None) -> Ran: ...
    def points(self, file: str, asked: Asked, where: Where) -> Points: ...
    def told_by(self, file: str) -> ToldBy: ...
    def kept_points(self, where: str | None) -> AbstractContextManager[KeptPoints]: ...
    def lab_wanted(self, files: Sequence[str]) -> LabWanted: ...
    def progress(self, line: Said | None) -> None: ...
    def clock(self) -> Clock: ...
    def say(self, line: Said | str = "") -> None: ...
    def warn(self, line: Said | str) -> None: ...
    def style(self, text: str, kind: str) -> str: ...
    def table(self, rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> None: ...
    def json(self, value: Mapping[str, object]) -> None: ...
    def as_json(self, value: Mapping[str, object]) -> str: ...
