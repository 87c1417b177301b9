"""A strategy as the desk carries it out: its seats, and the owner's line behind each of their rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from karb_core.domain.decisions import Cited
from karb_core.engine.leg_rules import LegRules
from karb_core.ports import Reads, RiskGate, Signal, Sizing, Terms, Watching

#: From a component's own parameter (`tiers.ultra.z`), or a place of the file (`/pairs/BTC/share`), to the line.
Cite = Callable[[str], Cited]


@dataclass(frozen=True, slots=True)
class GateSeat:
    """`at` has `entry`, `exit` or both."""

    name: str
    gate: RiskGate
    at: frozenset[str]
    cite: Cite


@dataclass(frozen=True, slots=True)
class RateRule:
    """How old the rate of one seat may be at an entry: `closed_ns` while its market is closed, None refuses then."""

    seat: str
    open_ns: int
    closed_ns: int | None
    is_open: Callable[[int], bool]
    cite: Cite


@dataclass(frozen=True, slots=True)
class Strategy:
    terms: Terms
    signal: Signal
    signal_cite: Cite
    sizing: Sizing
    sizing_cite: Cite
    gates: tuple[GateSeat, ...]
    rates: tuple[RateRule, ...]
    legs: LegRules
    file_cite: Cite

    @property
    def watched(self) -> bool:
        """Whether a gate looks at every moment, not only where something is proposed."""
        return any(isinstance(seat.gate, Watching) and seat.gate.watches() for seat in self.gates)

    @property
    def reads(self) -> Reads:
        """What its gates look at beside the latest of everything."""
        return Reads.of(seat.gate for seat in self.gates)
