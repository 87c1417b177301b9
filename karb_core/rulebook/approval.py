"""Whether a file's rules are the ones its lock approves."""

from __future__ import annotations

from karb_core.errors import LockMismatch
from karb_core.rulebook.code_digest import code_digests
from karb_core.rulebook.lock import Lock, lock_path, read_lock
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text


def lock_state(file: str, rulebook: Rulebook) -> Text:
    """One sentence: matches, differs, other code, or none. A lock that cannot be read says so too."""
    path = lock_path(file)
    try:
        lock = read_lock(path)
    except LockMismatch as e:
        return e.said if isinstance(e.said, Text) else Text("lock.none")
    if lock is None:
        return Text("lock.none")
    if lock.digests.rules != rulebook.digests.rules:
        return Text("lock.differs", {"path": str(path)})
    if changed_code(lock, rulebook):
        return Text("lock.other_code", {"path": str(path), "packages": ", ".join(changed_code(lock, rulebook))})
    return Text("lock.matches", {"path": str(path)})


def need_lock(file: str, rulebook: Rulebook, lock: Lock | None) -> None:
    """Errors: LockMismatch, with the command to run, unless this lock approves these rules and the code they run on."""
    if lock is None:
        raise LockMismatch(Text("lock.missing", {"file": file}), Text("lock.missing.help", {"file": file}))
    if lock.digests.rules != rulebook.digests.rules:
        raise LockMismatch(Text("lock.rules_differ", {"file": file}), Text("lock.rules_differ.help", {"file": file}))
    if changed := changed_code(lock, rulebook):
        said = Text("lock.code_differs", {"packages": ", ".join(changed)})
        raise LockMismatch(said, Text("lock.rules_differ.help", {"file": file}))


def changed_code(lock: Lock, rulebook: Rulebook) -> list[str]:
    """The import packages whose code is not the code that was locked."""
    now = code_digests(seat.offer for seat in rulebook.all_seats())
    return sorted(name for name in now.keys() | lock.code.keys() if _code(lock.code, name) != _code(now, name))


def _code(table: object, name: str) -> str | None:
    found = table.get(name) if isinstance(table, dict) else None
    return found.code if found is not None else None
