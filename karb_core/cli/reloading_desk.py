"""Telling a desk to adopt its file, and waiting until it enters by it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from karb_core.cli.ledger_place import ledger_path
from karb_core.cli.reading import rulebook_of
from karb_core.cli.terminal import Terminal
from karb_core.cli.told_desk import Order, tell_desk
from karb_core.errors import KarbError, UsageMistake
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import lived
from karb_core.ledger.runs import Lived
from karb_core.ports import Mode
from karb_core.rulebook.approval import need_lock
from karb_core.rulebook.lock import lock_path, read_lock
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text
from karb_core.wiring.adoptable import need_adoptable
from karb_core.wiring.kept_rules import kept_rules
from karb_core.wiring.rules_file import RulesFile

_POLL_S = 0.1  # karb: constant because it says how often a ledger is looked at, and nothing is decided by it


@dataclass(frozen=True, slots=True)
class Reload:
    file: str
    because: str | None
    ledger: str | None
    account: str | None
    wait_s: float


def reload_desk(terminal: Terminal, asked: Reload) -> None:
    """What the desk would refuse is refused here, before it is told. Errors: those of `need_adoptable`; `KarbError` where
    a desk runs and did not adopt it in time.
    """
    rulebook = rulebook_of(terminal, asked.file)
    lock = read_lock(lock_path(asked.file))
    need_lock(asked.file, rulebook, lock)
    because = asked.because or (lock.approvals[-1].because if lock is not None and lock.approvals else asked.file)
    where = ledger_path(asked.ledger)
    looked = open_ledger(where, read_only=True)
    try:
        _need_adoptable(looked, asked, rulebook)
        name = rulebook.file.name
        order = Order(asked.ledger, asked.account, name, "reload", None, because, asked.wait_s)
        if tell_desk(terminal, order):
            _wait(terminal, looked, asked, rulebook)
    finally:
        looked.close()


def _need_adoptable(ledger: Ledger, asked: Reload, rulebook: Rulebook) -> None:
    """Against what the strategy runs by; where nobody can read that any more the desk itself decides."""
    last = _last(ledger, asked, rulebook.file.name)
    if last is None:
        args = {"path": asked.file, "name": rulebook.file.name}
        raise UsageMistake(Text("reload.other_name", args))
    kept = kept_rules(ledger, last.run.rules_digest, asked.file)
    if kept is not None and kept.rulebook is not None and last.ended is None:
        mode: Mode = "live" if last.run.mode == "live" else "paper"
        need_adoptable(RulesFile(asked.file), kept.rulebook, mode)


def _wait(terminal: Terminal, ledger: Ledger, asked: Reload, rulebook: Rulebook) -> None:
    until = time.monotonic() + asked.wait_s
    while True:
        last = _last(ledger, asked, rulebook.file.name)
        if last is not None and last.ended is None and last.run.rules_digest == rulebook.digests.rules:
            terminal.out(Text("reload.done", {"path": asked.file, "run": last.run.id}))
            return
        if time.monotonic() >= until:
            args = {"path": asked.file, "seconds": f"{asked.wait_s:g}"}
            raise KarbError(Text("reload.not_adopted", args), Text("reload.not_adopted.help"))
        time.sleep(_POLL_S)


def _last(ledger: Ledger, asked: Reload, name: str) -> Lived | None:
    """The strategy's last run that lived through its data once."""
    mine = [each for each in lived(ledger) if each.run.strategy == name and asked.account in (None, each.run.account)]
    return mine[-1] if mine else None
