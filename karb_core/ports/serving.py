"""The port of a server: shows a running house to whoever asks over a network, and hands the owner's commands in.

A server is an entry point in group `karb.servers`, imported when the command line asks for one. It runs in a thread of
its own; whatever becomes of it, the house trades on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from karb_core.domain.halt import Halt
from karb_core.ports.app import App

#: As JSON has it: money, prices and ratios are decimal text, times are text of UTC.
Document = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ToldByOwner:
    """What the owner tells the desks of the house. `strength`: of a halt, None for a resume; `strategy`: None for all.

    `author`: who told it, and by which way.
    """

    strength: Halt | None
    strategy: str | None
    because: str
    author: str


@dataclass(frozen=True, slots=True)
class Handed:
    """One command that is written down. `run`: which run took it, None while none did."""

    command: str
    account: str
    strategy: str
    run: str | None


class ServedHouse(Protocol):
    """A house that runs, for whoever shows it. Each verb may be asked from any thread, waits for no desk, and changes
    nothing but `tell`.

    markets: by strategy and pair what the feeds told last, the premium at both rates, and the last row that was judged.
    books: by account, all of one state of the ledger: `status`, `positions` and `pnl` as the commands of those names have
    them in JSON, and the latest `decisions`, `orders`, `trades` and `notices`, the newest first, at most `most` of each.
    accounts: what venues said last of free and locked balances, and below which line the owner wants to hear of it (`lines`).
    rules: by strategy each line of its file, and whether its lock approves it.
    said: what the house said on its terminal, each with a `number` above `after`; the oldest are let go of.
    tell: writes a command down for each strategy that it is for, for their desks to take. handed: what became of them.
    Errors: `books`, `tell` and `handed` raise LedgerUnusable; `tell` raises UsageMistake for a strategy that is not here.
    """

    @property
    def lang(self) -> str: ...
    @property
    def strategies(self) -> Sequence[str]: ...
    def now_ns(self) -> int: ...
    def markets(self) -> Sequence[Document]: ...
    def accounts(self) -> Sequence[Document]: ...
    def books(self, most: int) -> Sequence[Document]: ...
    def rules(self) -> Sequence[Document]: ...
    def said(self, after: int) -> Sequence[Document]: ...
    def tell(self, told: ToldByOwner) -> Sequence[Handed]: ...
    def handed(self, commands: Sequence[Handed]) -> Sequence[Handed]: ...


class Serving(Protocol):
    """A server that has its address. run: serves until it is ended, in the thread that calls it. end: from any thread,
    returns at once. where: the address for people.
    """

    @property
    def where(self) -> str: ...
    def run(self) -> None: ...
    def end(self) -> None: ...


@runtime_checkable
class Server(Protocol):
    """What an entry point of group `karb.servers` gives.

    open: takes the address (`127.0.0.1:8080`), and serves nothing yet; called again after a `run` that failed.
    `folder`: where the server keeps files of its own, made by it. Errors: KarbErrors, each in one sentence.
    """

    def open(self, app: App, at: str, folder: Path, house: ServedHouse) -> Serving: ...
