"""Notices that the file of a running desk changed, and says what is different. It adopts nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from karb_core.errors import LockMismatch
from karb_core.rulebook.approval import need_lock
from karb_core.rulebook.difference import Difference, between
from karb_core.rulebook.lock import lock_path, read_lock
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import Source
from karb_core.texts.text import Said, Text, Words
from karb_core.wiring.rules_file import RulesFile

_NEITHER = Words("")


@dataclass(frozen=True, slots=True)
class Noticed:
    """One sentence, and a line below it for each value that differs."""

    said: Text
    lines: tuple[Said, ...] = ()


@dataclass(slots=True)
class FileWatch:
    """`in_force`: by what the desk enters now. Each state of the file is told once.

    A state counts when two looks in a row found the same: whoever saves a file may be half way through it.
    """

    file: RulesFile
    in_force: Rulebook
    _before: Source | Said | None = field(init=False, default=None)
    _settled: Source | Said | None = field(init=False, default=None)
    _waits: Rulebook | None = field(init=False, default=None)
    _approved: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._settled = self.in_force.source

    def look(self) -> tuple[Noticed, ...]:
        """What the owner has not heard yet. It reads files: not for the thread that trades."""
        found = self.file.source()
        before, self._before = self._before, found
        if not _same(found, before):
            return ()
        if not _same(found, self._settled):
            self._settled, self._approved = found, False
            return (*self._changed(found), *self._lock())
        return tuple(self._lock())

    def adopted(self, in_force: Rulebook) -> None:
        """From now on these are compared with."""
        self.in_force, self._settled = in_force, in_force.source
        self._waits, self._approved = None, False

    def _changed(self, found: Source | Said) -> Iterable[Noticed]:
        read = self.file.rulebook(found) if isinstance(found, Source) else found
        waited, self._waits = self._waits, None
        if not isinstance(read, Rulebook):
            return (Noticed(Text("reload.unusable", {"path": self.file.path, "why": read})),)
        differences = between(self.in_force, read)
        if differences:
            self._waits = read
            told = Text("reload.changed", {"path": self.file.path, "count": len(differences)})
            return (Noticed(told, lines_of(differences)),)
        return () if waited is None else (Noticed(Text("reload.as_before", {"path": self.file.path})),)

    def _lock(self) -> Sequence[Noticed]:
        """Said once, when what waits is approved."""
        if self._waits is None or self._approved:
            return ()
        try:
            need_lock(self.file.path, self._waits, read_lock(lock_path(self.file.path)))
        except LockMismatch:
            return ()
        self._approved = True
        return (Noticed(Text("reload.approved", {"path": self.file.path})),)


def lines_of(differences: Iterable[Difference]) -> tuple[Said, ...]:
    """As `karb diff` tells them: what was, what is, and whether it allows more or less."""
    return tuple(map(_line, differences))


def _line(d: Difference) -> Said:
    verdict: Said = _NEITHER if d.looser is None else Text("diff.looser" if d.looser else "diff.tighter")
    told = {"change": d.change.value, "pointer": d.pointer, "before": d.before or "—", "after": d.after or "—"}
    return Text("reload.line", {**told, "verdict": verdict})


def _same(one: Source | Said | None, other: Source | Said | None) -> bool:
    if isinstance(one, Source) and isinstance(other, Source):
        return one.sha256 == other.sha256
    return one == other
