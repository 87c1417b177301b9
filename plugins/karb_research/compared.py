"""Several files or runs side by side: each of them against the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from karb_core.domain.decisions import DecisionKind
from karb_core.texts.text import Words
from karb_research import compare_words as words
from karb_research.decisions_apart import DecisionApart, decisions_apart
from karb_research.entrant import Entrant
from karb_research.lines_apart import LineApart, lines_apart


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two of them. acts: how many entries and ways out the base decided; warnings: why they may not be comparable."""

    base: Entrant
    other: Entrant
    lines: tuple[LineApart, ...]
    decisions: tuple[DecisionApart, ...]
    acts: int
    warnings: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    entrants: tuple[Entrant, ...]
    pairings: tuple[Pairing, ...]


def compared(entrants: Sequence[Entrant]) -> Compared:
    base, *others = entrants
    return Compared(tuple(entrants), tuple(_pairing(base, other) for other in others))


def _pairing(base: Entrant, other: Entrant) -> Pairing:
    lines = lines_apart(base.ran, other.ran)
    acts = sum(one.kind in (DecisionKind.ENTRY, DecisionKind.EXIT) for one in base.ran.decisions)
    apart = tuple(decisions_apart(base.ran, other.ran, lines))
    return Pairing(base, other, lines, apart, acts, tuple(_warnings(base, other)))


def _warnings(base: Entrant, other: Entrant) -> list[Words]:
    told = []
    for name, said in (("assumptions", words.OTHER_ASSUMPTIONS), ("dataset", words.OTHER_DATA)):
        if base.ran.digests.get(name) != other.ran.digests.get(name):
            told.append(words.filled(said, base.name, other.name))
    return told
