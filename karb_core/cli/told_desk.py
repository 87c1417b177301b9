"""Telling the desks of an account something through the ledger, and saying what became of it."""

from __future__ import annotations

import getpass
import secrets
import socket
import time
from dataclasses import dataclass

from karb_core.cli.ledger_place import ledger_path
from karb_core.cli.terminal import Terminal
from karb_core.domain.halt import Halt
from karb_core.domain.instant import to_text
from karb_core.errors import EndedOpen, KarbError, UsageMistake
from karb_core.ledger.commands import COMMANDS, Command
from karb_core.ledger.lease import held
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.telling import ACKNOWLEDGE, taken, tell
from karb_core.texts.text import Text
from karb_core.wiring.standing_halts import standing_halts
from karb_core.wiring.whose_books import Books, desks_of

RESUME = "resume"
_POLL_S = 0.1  # karb: constant because it says how often a file is looked at, and nothing is decided by it

#: What it does, and what it does not do: of a halt by its strength, of anything else by its verb.
_MEANS: dict[str, tuple[str, str]] = {
    Halt.NO_ENTRIES.word: ("told.does.no-entries", "told.not.no-entries"),
    Halt.REDUCE_ONLY.word: ("told.does.reduce-only", "told.not.reduce-only"),
    Halt.FLATTEN.word: ("told.does.flatten", "told.not.flatten"),
    "resume": ("told.does.resume", "told.not.resume"),
    "approve": ("told.does.approve", "told.not.approve"),
    ACKNOWLEDGE: ("told.does.ack", "told.not.ack"),
    "reload": ("reload.does", "reload.not"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be told: `strength` of a halt, None for anything else. `wait_s`: for how long a desk is waited for. what:
    what is approved, the pair and perhaps its side."""

    ledger: str | None
    account: str | None
    strategy: str | None
    verb: str
    strength: Halt | None
    because: str
    wait_s: float
    what: str | None = None


def need_because(written: str | None) -> str:
    if written is None or not written.strip():
        raise UsageMistake(Text("told.because"))
    return written.strip()


def tell_desk(terminal: Terminal, order: Order) -> bool:
    """Writes it down, and waits until a running desk took it. False where none runs.

    Errors: `KarbError` where one runs and did not take it.
    """
    where = ledger_path(order.ledger)
    books = _books(where, order)
    ledger = open_ledger(where)
    try:
        commands = [_command(order, books.account, strategy) for strategy in books.strategies]
        for command in commands:
            tell(ledger, command)
            args = {"verb": _verb(order), "account": command.account, "by": command.author, "because": command.reason}
            terminal.out(Text("told.written", {**args, "strategy": command.strategy}))
        for key in _MEANS[order.verb if order.strength is None else order.strength.word]:
            terminal.out(Text(key))
        return _follow(terminal, ledger, books, commands, order)
    finally:
        ledger.close()


def _books(where: str, order: Order) -> Books:
    """Looked at first: telling makes no ledger, and carries none on to a newer version."""
    looked = open_ledger(where, read_only=True)
    try:
        looked.need(COMMANDS)
        return desks_of(looked, account=order.account, strategy=order.strategy)
    finally:
        looked.close()


def _follow(terminal: Terminal, ledger: Ledger, books: Books, commands: list[Command], order: Order) -> bool:
    holder = held(ledger, books.account)
    if holder is None or holder.free_at(time.time_ns()):
        terminal.out(Text("told.no_desk"))
        return False
    missing = _wait(terminal, ledger, commands, order.wait_s)
    if missing:
        args = {"seconds": f"{order.wait_s:g}", "strategies": ", ".join(str(c.strategy) for c in missing)}
        where = {"host": holder.by.host, "pid": holder.by.pid, "beat": to_text(holder.beat_at_ns)}
        raise KarbError(Text("told.not_taken", {**args, **where}), Text("told.not_taken.help"))
    if order.verb == RESUME:
        _say_what_stays(ledger, books)
    return True


def _wait(terminal: Terminal, ledger: Ledger, commands: list[Command], wait_s: float) -> list[Command]:
    """Those that nobody took in time; the others are told as they are taken."""
    until = time.monotonic() + wait_s
    left = commands
    while True:
        for command in left:
            by = taken(ledger, command.id)
            if by is not None:
                args = {"strategy": command.strategy, "run": by.run_id, "at": to_text(by.at_ns)}
                terminal.out(Text("told.taken", args))
                left = [other for other in left if other is not command]
        if not left or time.monotonic() >= until:
            return left
        time.sleep(_POLL_S)


def _say_what_stays(ledger: Ledger, books: Books) -> None:
    stays = [each for strategy in books.strategies for each in standing_halts(ledger, books.account, strategy)]
    if stays:
        told = "; ".join(f"{each.strength}: {each.reason} ({each.author})" for each in stays)
        raise EndedOpen(Text("told.stays", {"stays": told}), Text("told.stays.help"))


def _command(order: Order, account: str, strategy: str) -> Command:
    return Command(
        id=secrets.token_hex(16),  # karb: constant because 128 bits name every command that can ever be
        account=account,
        strategy=strategy,
        verb=order.verb,
        strength=order.strength.word if order.strength is not None else order.what,
        reason=order.because,
        author=author(),
        at_ns=time.time_ns(),
    )


def author() -> str:
    """Who is logged in, at which machine."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        name = "?"  # a user of no name in this system, as in some containers
    return f"{name}@{socket.gethostname()}"


def _verb(order: Order) -> str:
    more = order.what if order.strength is None else order.strength.word
    return order.verb if more is None else f"{order.verb} {more}"
