"""All that the next step of an intent's legs depends on, and what follows from it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from karb_core.domain import exact
from karb_core.domain.decisions import Cause, Plan, ProposalKind
from karb_core.domain.halt import Halt
from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import Top
from karb_core.engine.leg_rules import LegRules
from karb_core.engine.sent import Sent


@dataclass(frozen=True, slots=True)
class LegsNow:
    """`sent`: every order of the intent, in the order in which they were sent; `tops`: the latest."""

    plan: Plan
    sent: tuple[Sent, ...]
    now_ns: int
    tops: Mapping[Instrument, Top]
    facts: Mapping[Instrument, InstrumentFacts]
    rules: LegRules
    halt: Halt = Halt.NONE

    @property
    def enters(self) -> bool:
        return self.plan.proposals[0].kind is ProposalKind.ENTRY

    @property
    def completes(self) -> bool:
        """Whether what lacks may be filled up: always on the way out, on the way in unless it is to be traded back."""
        return not self.enters or self.halt < Halt.REDUCE_ONLY

    @property
    def goes_back(self) -> bool:
        """Whether what leads may be traded back. On the way out that opens again: where somebody demanded or forced it,
        or only reducing is left, what is closed stays closed.
        """
        taken = all(proposal.cause is Cause.TAKEN for proposal in self.plan.proposals)
        return self.enters or (taken and self.halt < Halt.REDUCE_ONLY)

    def of_leg(self, leg: int) -> tuple[Sent, ...]:
        return tuple(s for s in self.sent if s.leg == leg)

    def is_free(self, leg: int) -> bool:
        """Whether no order of the leg may trade any more: only then another is placed there."""
        return all(s.over for s in self.of_leg(leg))

    def fell_short(self, leg: int) -> bool:
        """Whether an order towards the leg's target got less than it asked for."""
        side = self.plan.legs[leg].side
        return any(s.over and s.order.side is side and s.filled < s.order.amount.value for s in self.of_leg(leg))

    def filled(self, leg: int) -> Decimal:
        """Base that the leg is known to have towards its target, net of what was traded back."""
        target = self.plan.legs[leg].side
        total = Decimal(0)
        for s in self.of_leg(leg):
            total = exact.add(total, s.filled) if s.order.side is target else exact.sub(total, s.filled)
        return total

    def lacking(self) -> dict[int, Decimal]:
        """Legs behind the one that leads, and the base each lacks, in steps; less than a step is balanced.

        What is being traded back may be gone: nobody is led by it.
        """
        if all(self._is_whole(i) for i in self._legs()):
            return {}
        lead = max(Fraction(self._sure(i)) / self._goal(i, Fraction(1)) for i in self._legs())
        return self._steps({i: self._goal(i, lead) - Fraction(self.filled(i)) for i in self._legs()})

    def leading(self) -> dict[int, Decimal]:
        """Legs ahead of the one that is furthest behind, and the base to trade back, in steps."""
        least = min(self._parts())
        return self._steps({i: Fraction(self.filled(i)) - self._goal(i, least) for i in self._legs()})

    def _is_whole(self, leg: int) -> bool:
        """Whether the leg has all of its target, and keeps it."""
        whole = exact.absolute(self.plan.legs[leg].amount.value)
        return self.filled(leg) == whole and self._sure(leg) == whole

    def _sure(self, leg: int) -> Decimal:
        """Base that the leg has whatever becomes of the orders that trade it back."""
        target, sure = self.plan.legs[leg].side, self.filled(leg)
        for s in self.of_leg(leg):
            if not s.over and s.order.side is not target:
                sure = exact.sub(sure, exact.sub(s.order.amount.value, s.filled))
        return sure

    def _legs(self) -> range:
        return range(len(self.plan.legs))

    def _parts(self) -> list[Fraction]:
        """How much of its target each leg has."""
        return [Fraction(self.filled(i)) / self._goal(i, Fraction(1)) for i in self._legs()]

    def _goal(self, leg: int, part: Fraction) -> Fraction:
        return Fraction(exact.absolute(self.plan.legs[leg].amount.value)) * part

    def _steps(self, missing: dict[int, Fraction]) -> dict[int, Decimal]:
        out = {}
        for leg, base in missing.items():
            step = self.facts[self.plan.legs[leg].instrument].amount_step
            whole = base // Fraction(step)
            if whole > 0:
                out[leg] = exact.mul(Decimal(int(whole)), step)
        return out
