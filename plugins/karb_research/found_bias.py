"""What `karb bias` finds: one error of one component, as it first showed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from karb_core.domain.decisions import Cited
from karb_core.texts.text import Words


class Kind(Enum):
    """look_ahead: it rests on what came later; rate_early: on a rate that was not published yet; booked_early: fills are booked at such a
    rate; recursion: on where the
    series began; unrepeatable: it differs each time; own_price: an order filled at a price that was known when it was
    decided; fill_ahead: at one that rests on what came after the fill.
    """

    LOOK_AHEAD = "look_ahead"
    RATE_EARLY = "rate_early"
    BOOKED_EARLY = "booked_early"
    RECURSION = "recursion"
    UNREPEATABLE = "unrepeatable"
    OWN_PRICE = "own_price"
    FILL_AHEAD = "fill_ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """what: the feature, `decision`, `top`, `fill`, or a rate's seat; lines: of the owner's file, that name the component
    and what they state of it; at_ns: the first moment at which it showed; whole, piece: what was there with all data and
    with a part of them, None for nothing; apart: how much the first is above the second; piece_ns: where that part ends,
    of a recursion begins; rows: before its end, how many rows at most were not the same, every: all that had a
    value; times: at how many of the cuts (beginnings) it showed; decides: what was decided otherwise with it; stated:
    that this is what a file says.
    """

    kind: Kind
    use: str
    lines: tuple[Cited, ...]
    pair: str
    what: str
    at_ns: int
    whole: str | None
    piece: str | None
    apart: str | None = None
    piece_ns: int
    rows: int | None = None
    every: bool = False
    times: int = 1
    decides: Words | None = None
    stated: Words | None = None

    def joined(self, other: Found) -> Found:
        """The same error seen twice: as it showed at the earlier moment."""
        first = self if (self.at_ns, self.piece_ns) <= (other.at_ns, other.piece_ns) else other
        rows = max((found.rows for found in (self, other) if found.rows is not None), default=None)
        return replace(
            first,
            times=self.times + other.times,
            rows=rows,
            every=self.every and other.every,
            decides=first.decides or self.decides or other.decides,
        )


def joined(found: Iterable[Found]) -> tuple[Found, ...]:
    """Each error of a component once, however many cuts and pairs showed it."""
    out: dict[tuple[Kind, str, str], Found] = {}
    seen: dict[tuple[Kind, str, str], set[int]] = {}
    for one in found:
        key = one.kind, one.use, one.what
        again = one.piece_ns in seen.setdefault(key, set())
        seen[key].add(one.piece_ns)
        out[key] = out[key].joined(replace(one, times=0) if again else one) if key in out else one
    return tuple(out.values())
