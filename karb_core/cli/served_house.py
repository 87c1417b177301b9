"""The house as a server may see it: asked from threads of the server's, of ledgers that are opened to be read."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from karb_core.cli.instants import instant
from karb_core.cli.plan_command import plan_json
from karb_core.cli.served_books import books_json
from karb_core.cli.served_market import markets_json
from karb_core.cli.terminal import Terminal
from karb_core.domain.exact import text
from karb_core.domain.lots import Lot
from karb_core.errors import UsageMistake
from karb_core.ledger.commands import Command
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.telling import taken, tell
from karb_core.ports import Clock, Document, Handed, ToldByOwner
from karb_core.texts.text import Said, Text
from karb_core.wiring.running import Running
from karb_core.wiring.whose_books import books_of

_KEPT = 1000  # karb: constant because it bounds how many lines of a terminal are kept to be shown


@dataclass(slots=True)
class HouseLog:
    """Says a line on the terminal, and keeps the latest for whoever asks."""

    terminal: Terminal
    clock: Clock
    _lines: deque[Document] = field(init=False, default_factory=lambda: deque(maxlen=_KEPT))
    _number: int = field(init=False, default=0)

    def say(self, said: Said) -> None:
        self.terminal.out(said)
        self._number += 1
        at = instant(self.clock.now_ns())
        self._lines.append({"number": self._number, "at": at, "said": self.terminal.say(said)})

    def lines(self) -> tuple[Document, ...]:
        return tuple(self._lines)


@dataclass(slots=True)
class HouseServed:
    """`ServedHouse`. `files`: by strategy, the path of its file; `ledger`: where it is."""

    opened: Sequence[Running]
    files: dict[str, str]
    ledger: str
    terminal: Terminal
    log: HouseLog
    _lots: tuple[tuple[str, Lot], ...] = field(init=False, default=())

    @property
    def lang(self) -> str:
        return self.terminal.lang

    @property
    def strategies(self) -> Sequence[str]:
        return tuple(running.rulebook.file.name for running in self.opened)

    def now_ns(self) -> int:
        return self.opened[0].clock.now_ns()

    def markets(self) -> Sequence[Document]:
        lots = self._lots
        return [
            told
            for running in self.opened
            for told in markets_json(running, [lot for account, lot in lots if account == running.account])
        ]

    def accounts(self) -> Sequence[Document]:
        return [told for running in self.opened for told in _balances(running)]

    def books(self, most: int) -> Sequence[Document]:
        accounts = list(dict.fromkeys(running.account for running in self.opened))
        ledger = open_ledger(self.ledger, read_only=True)
        told: list[Document] = []
        lots: list[tuple[str, Lot]] = []
        try:
            with ledger.frozen() as still:
                for account in accounts:
                    one, kept = books_json(still, books_of(still, account=account), self.now_ns(), most)
                    told.append(one)
                    lots += [(account, lot) for lot in kept.open]
        finally:
            ledger.close()
        self._lots = tuple(lots)
        return told

    def rules(self) -> Sequence[Document]:
        return [
            {
                **plan_json(self.terminal, self.files[running.rulebook.file.name], running.rulebook),
                "about": running.rulebook.file.about,
                "runs_in": running.mode,
                "account": running.account,
            }
            for running in self.opened
        ]

    def said(self, after: int) -> Sequence[Document]:
        lines = self.log.lines()
        return [line for line in lines if int(str(line["number"])) > after]

    def tell(self, told: ToldByOwner) -> Sequence[Handed]:
        if told.strategy is not None and told.strategy not in self.strategies:
            known = ", ".join(self.strategies)
            raise UsageMistake(
                Text("books.no_strategy", {"name": told.strategy}), Text("books.known", {"known": known})
            )
        commands = [_command(told, running, self.now_ns()) for running in self._meant(told.strategy)]
        ledger = open_ledger(self.ledger)
        try:
            for command in commands:
                tell(ledger, command)
        finally:
            ledger.close()
        return [Handed(each.id, each.account, str(each.strategy), None) for each in commands]

    def handed(self, commands: Sequence[Handed]) -> Sequence[Handed]:
        ledger = open_ledger(self.ledger, read_only=True)
        try:
            by = [taken(ledger, each.command) for each in commands]
        finally:
            ledger.close()
        return [replace(each, run=None if one is None else one.run_id) for each, one in zip(commands, by, strict=True)]

    def _meant(self, strategy: str | None) -> list[Running]:
        return [running for running in self.opened if strategy in (None, running.rulebook.file.name)]


def _balances(running: Running) -> list[Document]:
    lows = [wanted.lows for wanted in running.watch.watching.wanted.values()]
    return [
        {
            "account": running.account,
            "venue": where.venue,
            "asset": where.asset,
            "free": text(balance.free),
            "locked": text(balance.locked),
            "lines": [text(low[where.asset]) for low in lows if where.asset in low],
        }
        for where, balance in dict(running.accounts.balances).items()
    ]


def _command(told: ToldByOwner, running: Running, now_ns: int) -> Command:
    return Command(
        id=secrets.token_hex(16),  # karb: constant because 128 bits name every command that can ever be
        account=running.account,
        strategy=running.rulebook.file.name,
        verb="resume" if told.strength is None else "halt",
        strength=None if told.strength is None else told.strength.word,
        reason=told.because,
        author=told.author,
        at_ns=now_ns,
    )
