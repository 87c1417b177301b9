"""What a dollar token costs in won, as a source tells it: anew each second, unless it fails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from karb_core.domain.market import FxKind, FxRate
from tests.chaos.faults import Fault, Spell

_SECOND = 1_000_000_000
_RATE = Decimal(1500)


@dataclass(frozen=True, slots=True)
class Night:
    """The market that the rate is of is closed: its source tells nothing new, and the owner's line for that time counts.

    kept_ns: how old a rate may be then; None where nothing is entered.
    """

    spell: Spell
    kept_ns: int | None

    def is_on(self, at_ns: int) -> bool:
        return self.spell.is_on(at_ns)


@dataclass(frozen=True, slots=True)
class Rates:
    """`spells`: when it says nothing, stands still, is three percent off, or a second source says something else."""

    start_ns: int
    spells: tuple[Spell, ...] = ()
    night: Night | None = None

    def at(self, now_ns: int) -> FxRate | None:
        on = {spell.fault: spell for spell in self.spells if spell.is_on(now_ns)}
        if Fault.RATE_MISSING in on:
            return None
        still = [on[Fault.RATE_FROZEN]] if Fault.RATE_FROZEN in on else []
        if self.night is not None and self.night.is_on(now_ns):
            still.append(self.night.spell)
        since = min([now_ns, *(spell.from_ns for spell in still)])
        told_ns = max(self.start_ns, since - (since - self.start_ns) % _SECOND)
        value = _RATE * Decimal("1.03") if Fault.RATE_JUMP in on else _RATE
        return FxRate("USDT", "KRW", value, "a venue", FxKind.TETHER, told_ns, told_ns)

    def seats(self, now_ns: int) -> dict[str, FxRate]:
        """What each seat says: a second source has a seat only while it disagrees with the first."""
        rate = self.at(now_ns)
        if rate is None:
            return {}
        if not any(s.fault is Fault.RATES_DISAGREE and s.is_on(now_ns) for s in self.spells):
            return {"money": rate}
        other = replace(rate, rate=_RATE * Decimal("0.94"), source="a bank", kind=FxKind.BASE)
        return {"money": rate, "premium": other}

    def age_ns(self, now_ns: int) -> int | None:
        """How old what is told is; None where nothing is."""
        rate = self.at(now_ns)
        return None if rate is None else now_ns - rate.venue_at_ns

    def oldest_ns(self, now_ns: int, open_ns: int, off_ns: int) -> int | None:
        """How old it may be at an entry, by a clock that is no further off; None where nothing may be entered."""
        if self.night is None:
            return open_ns + off_ns
        begins, ends = self.night.spell.from_ns, self.night.spell.until_ns
        if begins <= now_ns - off_ns and now_ns + off_ns < ends:
            return None if self.night.kept_ns is None else self.night.kept_ns + off_ns
        may_be = self.night.kept_ns is not None and begins <= now_ns + off_ns and now_ns - off_ns < ends
        return (max(open_ns, self.night.kept_ns) if may_be else open_ns) + off_ns


def spells(of: Iterable[tuple[Fault, int, int]]) -> tuple[Spell, ...]:
    return tuple(Spell(*each) for each in of)
