"""How much of trading is stopped."""

from __future__ import annotations

from enum import IntEnum


class Halt(IntEnum):
    """Each stops what the one before it stops, and more; none ever stops a way out.

    NO_ENTRIES: nothing new is entered; an entry that has begun may be completed by the ladder. REDUCE_ONLY: an entry
    that has begun is traded back to balance. FLATTEN: beside that, everything that is open is brought back to nothing.
    """

    NONE = 0
    NO_ENTRIES = 1
    REDUCE_ONLY = 2
    FLATTEN = 3

    @property
    def word(self) -> str:
        """As the ledger and the owner write it: `no-entries`."""
        return self.name.lower().replace("_", "-")

    @classmethod
    def read(cls, word: str) -> Halt:
        """Errors: ValueError for no such word."""
        found = {each.word: each for each in cls}
        if word not in found:
            raise ValueError(f"{word!r} is no strength of a halt: {', '.join(found)}")
        return found[word]
