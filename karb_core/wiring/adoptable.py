"""Which rules a desk that runs may adopt: approved ones, where nothing differs that it was opened with."""

from __future__ import annotations

from karb_core.errors import LockMismatch, StrategyInvalid
from karb_core.ports import Mode
from karb_core.rulebook.approval import changed_code, need_lock
from karb_core.rulebook.difference import between
from karb_core.rulebook.lock import lock_path, read_lock
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import Source
from karb_core.texts.text import Text
from karb_core.wiring.rules_file import RulesFile
from karb_core.wiring.strategy_of import need_runnable

#: The sections that judge, size, refuse and carry out. Everything else is what a desk is opened with: where its
#: prices come from, where its orders go, what its accounts hold.
_MAY_CHANGE = ("signal", "sizing", "risk_gates", "execution", "capital", "reserve")
_SHARE = "share"


def need_adoptable(file: RulesFile, in_force: Rulebook, mode: Mode) -> Rulebook:
    """The file's rules as they are now, not yet at the venues of this run. It reads files.

    Errors: StrategyInvalid for a file that cannot be used, and for what only a restart can change; LockMismatch for
    rules that are not locked, or locked with other code than this process runs; PluginUnusable as `need_runnable`.
    """
    source = file.source()
    if not isinstance(source, Source):
        raise StrategyInvalid(source)
    read = file.rulebook(source)
    if not isinstance(read, Rulebook):
        raise StrategyInvalid(read)
    _need_approved(file.path, read)
    fixed = [d.pointer for d in between(in_force, read) if not may_change(d.pointer)]
    if fixed:
        raise StrategyInvalid(Text("reload.fixed", {"what": ", ".join(fixed)}), Text("reload.fixed.help"))
    need_runnable(read, mode)
    return read


def may_change(pointer: str) -> bool:
    """Whether the value there may change while the desk runs. Shape: `/pairs/BTC/share`."""
    section, *rest = pointer.removeprefix("/").split("/")
    return section in _MAY_CHANGE or (section == "pairs" and rest[1:] == [_SHARE])


def _need_approved(path: str, read: Rulebook) -> None:
    lock = read_lock(lock_path(path))
    if lock is not None and lock.digests.rules == read.digests.rules and (changed := changed_code(lock, read)):
        said = Text("reload.other_code", {"packages": ", ".join(changed)})
        raise LockMismatch(said, Text("reload.fixed.help"))
    need_lock(path, read, lock)
