"""What is stopped, for which reasons, until somebody resumes. It only ever tightens by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from karb_core.domain.halt import Halt
from karb_core.ports import Journal

_NOTHING: Mapping[str, Halt] = MappingProxyType({})


def _nothing() -> Halt:
    return Halt.NONE


def _read(elsewhere: Callable[[], Halt]) -> Halt:
    return elsewhere()


@dataclass(slots=True)
class HaltLatch:
    """`elsewhere` is the place where other hands keep halts (a command, a file); if it cannot be read, no entries.
    `through`: how it is read.

    Each reason is latched and written once; `resume` takes away what is no more true, and is written too.
    """

    journal: Journal
    elsewhere: Callable[[], Halt] = _nothing
    through: Callable[[Callable[[], Halt]], Halt] = _read
    _latched: dict[str, Halt] = field(default_factory=dict)

    @property
    def reasons(self) -> list[str]:
        return list(self._latched)

    @property
    def latched(self) -> Mapping[str, Halt]:
        return dict(self._latched)

    def strength(self) -> Halt:
        try:
            other = self.through(self.elsewhere)
        except Exception:  # noqa: BLE001 - whoever cannot tell whether to stop does not begin
            other = Halt.NO_ENTRIES
        return max([other, *self._latched.values()])

    def latch(self, strength: Halt, reason: str, author: str, at_ns: int) -> None:
        """Edge: the same reason again changes nothing, unless it is stronger now."""
        if self._latched.get(reason, Halt.NONE) < strength:
            self._latched[reason] = strength
            self.journal.halt(strength.word, reason, author, at_ns)

    def resume(self, reason: str, author: str, at_ns: int, still: Mapping[str, Halt] = _NOTHING) -> None:
        """Takes every reason away but those that are `still` true, which are latched anew, at their strength of now.

        Edge: where nothing would change, nothing is written.
        """
        if self._latched and self._latched != still:
            self._latched.clear()
            self.journal.halt(Halt.NONE.word, reason, author, at_ns)
        for each, strength in still.items():
            self.latch(strength, each, "desk", at_ns)

    def restore(self, latched: Mapping[str, Halt]) -> None:
        """What stood when the desk was last there: written already."""
        self._latched |= latched
