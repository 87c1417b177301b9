"""Which of the owner's lines two runs have otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from karb_core.ports import Ran, Stated

#: What a file is called decides nothing.
_UNRULING = ("/name", "/karb", "/mode")


@dataclass(frozen=True, slots=True)
class LineApart:
    """One value, by its pointer; None where that file does not state it."""

    pointer: str
    base: Stated | None
    other: Stated | None

    @property
    def assumed(self) -> bool:
        stated = self.other or self.base
        return stated is not None and stated.assumed

    def touches(self, rule: str) -> bool:
        """Whether a decision that cites the rule cites this line, or a part of it."""
        return rule == self.pointer or rule.startswith(f"{self.pointer}/") or self.pointer.startswith(f"{rule}/")


def lines_apart(base: Ran, other: Ran) -> tuple[LineApart, ...]:
    """In the order of the base's file, what only the other has after that; values of one meaning are one, however spelt.

    Edge: assumptions of which one run knows nothing are not compared.
    """
    found = []
    assumes = all(any(stated.assumed for stated in ran.lines.values()) for ran in (base, other))
    for pointer in dict.fromkeys((*base.lines, *other.lines)):
        mine, theirs = base.lines.get(pointer), other.lines.get(pointer)
        if pointer in _UNRULING or (mine is not None and theirs is not None and mine.value == theirs.value):
            continue
        line = LineApart(pointer, mine, theirs)
        if assumes or not line.assumed:
            found.append(line)
    return tuple(found)
