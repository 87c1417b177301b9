"""Which decisions two runs did not both make, and the line that made them differ."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from karb_core.domain.decisions import Cited, DecisionKind
from karb_core.ports import Decided, Ran
from karb_research.decided_before import DecidedBefore
from karb_research.lines_apart import LineApart

_ACTS = (DecisionKind.ENTRY, DecisionKind.EXIT)
_JUDGES = ("/signal",)
_SHAPES = ("/signal", "/fx_source", "/pairs", "/feeds")

Key = tuple[int, str, str, str, str]


class Who(Enum):
    """Which of the two decided it; both, where they moved other amounts."""

    BASE = "base"
    OTHER = "other"
    BOTH = "both"


class Why(Enum):
    """line: a line that it cites is another there. refused: a line said no there. follows: what was decided before of this
    pair differed already. shapes: no line that it cites differs, but those of what is judged do. assumed: only
    assumptions differ. data: the data are others. unknown: none of these.
    """

    LINE = "line"
    REFUSED = "refused"
    FOLLOWS = "follows"
    SHAPES = "shapes"
    ASSUMED = "assumed"
    DATA = "data"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DecisionApart:
    """`lines`: those that differ and stand behind it, the base's and the other's; `refused`: the line that said no.

    since_ns: of what follows, when the last decision of this pair differed by itself; its lines stand here then.
    """

    decided: Decided
    who: Who
    why: Why
    lines: tuple[LineApart, ...]
    refused: Cited | None
    since_ns: int | None = None


def decisions_apart(base: Ran, other: Ran, lines: Sequence[LineApart]) -> list[DecisionApart]:
    """Entries and ways out, in time order, by pair, side, tier and moment. Edge: only from when both were there to when
    the first of them ended.
    """
    since, until = max(base.began_ns, other.began_ns), min(_end(base), _end(other))
    mine, theirs = (_acts(ran, since, until) for ran in (base, other))
    both = _Two(DecidedBefore(base), DecidedBefore(other), lines)
    out = []
    for key in sorted({*mine, *theirs}):
        for one, two in _together(mine.get(key, []), theirs.get(key, [])):
            found = _apart(one, two, both)
            if found is None:
                continue
            out.append(found)
            if found.why is not Why.FOLLOWS:
                both.parted[found.decided.pair] = found
    return out


def by_line(apart: Iterable[DecisionApart]) -> list[tuple[Why, str, int]]:
    """How many decisions each line made differ, most first: the reason, the line's pointer, how often."""
    counted = Counter((one.why, pointer_of(one)) for one in apart)
    order = list(Why)
    rows = [(why, line, times) for (why, line), times in counted.items()]
    return sorted(rows, key=lambda row: (-row[2], row[1], order.index(row[0])))


@dataclass(frozen=True, slots=True)
class _Two:
    """`parted`: by pair, the last decision that differed by itself."""

    base: DecidedBefore
    other: DecidedBefore
    lines: Sequence[LineApart]
    parted: dict[str, DecisionApart] = field(default_factory=dict)

    def assumed(self) -> tuple[LineApart, ...]:
        return tuple(line for line in self.lines if line.assumed)

    def shapes(self) -> tuple[LineApart, ...]:
        """What no decision ever cites, and every one rests on: a window, a bar, a rate's source."""
        cited = self.base.cited | self.other.cited
        told = (line for line in self.lines if line.pointer.startswith(_SHAPES) and not line.assumed)
        return tuple(line for line in told if not any(line.touches(rule) for rule in cited))

    @property
    def other_data(self) -> bool:
        return self.base.ran.digests.get("dataset") != self.other.ran.digests.get("dataset")


def _apart(one: Decided | None, two: Decided | None, both: _Two) -> DecisionApart | None:
    if one is not None and two is not None:
        return None if _amounts(one) == _amounts(two) else _otherwise(one, two, both)
    decided, who, lacks = (one, Who.BASE, both.other) if two is None else (two, Who.OTHER, both.base)
    assert decided is not None
    refusal = lacks.refused(decided)
    if refusal is not None:
        lines = tuple(line for line in both.lines if line.touches(refusal.rule))
        return DecisionApart(decided, who, Why.REFUSED, lines, refusal)
    parted = decided.pair in both.parted
    if parted and not lacks.could(decided):
        return _follows(decided, who, both)
    judged = tuple(line for line in both.lines if line.pointer.startswith(_JUDGES))
    why, lines = _first(
        (Why.LINE, _cited(decided, judged)),
        (Why.FOLLOWS if parted else Why.UNKNOWN, ()),
        (Why.DATA if both.other_data else Why.UNKNOWN, ()),
        (Why.SHAPES, both.shapes()),
        (Why.ASSUMED, both.assumed()),
    )
    return _follows(decided, who, both) if why is Why.FOLLOWS else DecisionApart(decided, who, why, lines, None)


def _follows(decided: Decided, who: Who, both: _Two) -> DecisionApart:
    root = both.parted[decided.pair]
    return DecisionApart(decided, who, Why.FOLLOWS, root.lines, root.refused, root.decided.at_ns)


def _otherwise(one: Decided, two: Decided, both: _Two) -> DecisionApart:
    """Both decided it, and planned other amounts."""
    why, lines = _first(
        (Why.LINE, _cited(one, both.lines) or _cited(two, both.lines)),
        (Why.FOLLOWS if one.pair in both.parted else Why.UNKNOWN, ()),
        (Why.DATA if both.other_data else Why.UNKNOWN, ()),
        (Why.ASSUMED, both.assumed()),
        (Why.SHAPES, both.shapes()),
    )
    return _follows(two, Who.BOTH, both) if why is Why.FOLLOWS else DecisionApart(two, Who.BOTH, why, lines, None)


def _first(*asked: tuple[Why, tuple[LineApart, ...]]) -> tuple[Why, tuple[LineApart, ...]]:
    """The first of these that is so: what follows, or comes with the data, has no line."""
    lineless = (Why.FOLLOWS, Why.DATA)
    return next(((why, lines) for why, lines in asked if lines or why in lineless), (Why.UNKNOWN, ()))


def _acts(ran: Ran, since_ns: int, until_ns: int) -> Mapping[Key, list[Decided]]:
    out: dict[Key, list[Decided]] = defaultdict(list)
    for one in ran.decisions:
        if one.kind in _ACTS and since_ns <= one.at_ns <= until_ns:
            out[one.at_ns, one.pair, one.kind.value, one.side, one.tier or ""].append(one)
    return out


def _together(mine: list[Decided], theirs: list[Decided]) -> Iterable[tuple[Decided | None, Decided | None]]:
    for at in range(max(len(mine), len(theirs))):
        yield (mine[at] if at < len(mine) else None, theirs[at] if at < len(theirs) else None)


def _amounts(decided: Decided) -> list[tuple[str, str]]:
    return [(leg.instrument.text(), leg.amount.text()) for leg in decided.legs]


def _cited(decided: Decided, lines: Iterable[LineApart]) -> tuple[LineApart, ...]:
    return tuple(line for line in lines if not line.assumed and any(line.touches(cited.rule) for cited in decided.by))


def pointer_of(one: DecisionApart) -> str:
    """The rule of the line that said no, else of those that differ."""
    if one.refused is not None:
        return one.refused.rule
    return ", ".join(line.pointer for line in one.lines)


def _end(ran: Ran) -> int:
    last = max((one.until_ns for one in ran.decisions), default=ran.began_ns)
    return last if ran.ended_ns is None else ran.ended_ns
