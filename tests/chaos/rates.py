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
class Rates:
    """`spells`: when it says nothing, stands still, is three percent off, or a second source says something else."""

    start_ns: int
    spells: tuple[Spell, ...] = ()

    def at(self, now_ns: int) -> FxRate | None:
        on = {spell.fault: spell for spell in self.spells if spell.is_on(now_ns)}
        if Fault.RATE_MISSING in on:
            return None
        since = on[Fault.RATE_FROZEN].from_ns if Fault.RATE_FROZEN in on else now_ns
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


def spells(of: Iterable[tuple[Fault, int, int]]) -> tuple[Spell, ...]:
    return tuple(Spell(*each) for each in of)
