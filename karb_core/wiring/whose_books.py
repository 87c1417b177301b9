"""Which books of a ledger somebody means: found where there is only one answer, asked for where there are several."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from karb_core.domain.instant import to_text
from karb_core.errors import UsageMistake
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose, lived
from karb_core.ledger.runs import Lived
from karb_core.ports import Mode
from karb_core.texts.text import Text

_NAMED = 5  # karb: constant because it bounds a sentence
_SHORT = 8  # karb: constant because so many letters of an id are easily typed
REPLAYED: Mode = "backtest"


@dataclass(frozen=True, slots=True)
class Books:
    """One account's books, and there those of one strategy where one was named. `runs` wrote them, in their order."""

    account: str
    strategy: str | None
    runs: tuple[Lived, ...]

    @property
    def whose(self) -> Whose:
        return Whose(self.account, self.strategy)

    @property
    def strategies(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.run.strategy for each in self.runs))

    @property
    def replayed(self) -> bool:
        """Whether they are of recorded data: no desk ever comes back to them."""
        return all(each.run.mode == REPLAYED for each in self.runs)

    def last(self, strategy: str) -> Lived:
        return [each for each in self.runs if each.run.strategy == strategy][-1]


def books_of(
    ledger: Ledger, *, run: str | None = None, account: str | None = None, strategy: str | None = None
) -> Books:
    """The books that are meant. run: the beginning of a run's id. Books of live and paper go before backtests'.

    Errors: `UsageMistake` where nothing fits, and where several do: it names them.
    """
    runs = list(lived(ledger))
    if not runs:
        raise UsageMistake(Text("books.none", {"name": ledger.name}), Text("why.no_run.help"))
    if run is not None:
        one = _run(runs, run).run
        return _books(runs, one.account, one.strategy)
    found = _kept(runs, account, lambda each: each.run.account, "books.no_account")
    found = _kept(found, strategy, lambda each: each.run.strategy, "books.no_strategy")
    going = [each for each in found if each.run.mode != REPLAYED] or found
    accounts = dict.fromkeys(each.run.account for each in going)
    if len(accounts) > 1:
        raise _several(ledger, going, len(accounts))
    return _books(runs, next(iter(accounts)), strategy)


def desks_of(ledger: Ledger, *, account: str | None = None, strategy: str | None = None) -> Books:
    """As `books_of`, of what desks in paper and live keep: only those can be told something."""
    books = books_of(ledger, account=account, strategy=strategy)
    if books.replayed:
        raise UsageMistake(Text("books.no_desk", {"name": ledger.name}), Text("books.no_desk.help"))
    return books


def run_of(ledger: Ledger, name: str) -> Lived:
    """The run whose id begins so. Errors: `UsageMistake` where none does, or several do: it names them."""
    return _run(list(lived(ledger)), name)


def _run(runs: list[Lived], name: str) -> Lived:
    found = [each for each in runs if each.run.id == name] or [
        each for each in runs if name and each.run.id.startswith(name)
    ]
    if not found:
        raise UsageMistake(Text("books.no_run", {"run": name}), Text("books.known", {"known": _told(runs)}))
    if len(found) > 1:
        args = {"run": name, "found": ", ".join(one.run.id for one in found[-_NAMED:])}
        raise UsageMistake(Text("books.run_unclear", args))
    return found[0]


def _kept(runs: list[Lived], wanted: str | None, of: Callable[[Lived], str], key: str) -> list[Lived]:
    found = [each for each in runs if wanted in (None, of(each))]
    if not found:
        known = ", ".join(list(dict.fromkeys(map(of, runs)))[-_NAMED:])
        raise UsageMistake(Text(key, {"name": wanted}), Text("books.known", {"known": known}))
    return found


def _books(runs: Iterable[Lived], account: str, strategy: str | None) -> Books:
    mine = (each for each in runs if each.run.account == account and strategy in (None, each.run.strategy))
    return Books(account, strategy, tuple(mine))


def _several(ledger: Ledger, runs: list[Lived], count: int) -> UsageMistake:
    args = {"name": ledger.name, "count": count, "known": _told(runs)}
    return UsageMistake(Text("books.several", args), Text("books.several.help"))


def _told(runs: list[Lived]) -> str:
    """The latest run of each account, the newest first, and not more of them than a sentence holds."""
    latest = list({each.run.account: each for each in runs}.values())[-_NAMED:]
    named = [f"{e.run.id[:_SHORT]} ({e.run.strategy}, {e.run.mode}, {_day(e.started_at_ns)})" for e in latest]
    return ", ".join(reversed(named))


def _day(at_ns: int) -> str:
    return to_text(at_ns).partition("T")[0]
