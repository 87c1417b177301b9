"""Cuts a plan once to what every venue of it takes: equal base on equal legs, floored, never rounded up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.decisions import Denied, LegTarget
from karb_core.domain.instrument import Instrument, InstrumentFacts

Facts = Mapping[Instrument, InstrumentFacts]


def cut(
    legs: tuple[LegTarget, ...], facts: Facts, rule: str, *, leaves: bool = False
) -> tuple[LegTarget, ...] | Denied:
    """The legs in steps, or why no venue would take them; `rule` names the owner's line they come from.

    Legs of one base share one step, so that they stay equal; legs of another base keep a step of their own. Where the
    plan `leaves`, a leg of which less than a step is open stays behind, and holds no other.
    """
    steps = {base: _common_step(legs, facts, base) for base in {leg.amount.asset for leg in legs}}
    out = []
    sizes = [exact.floor_to(exact.absolute(leg.amount.value), steps[leg.amount.asset]) for leg in legs]
    for leg, size in zip(legs, sizes, strict=True):
        if leaves and not size and any(sizes):
            continue
        refused = _unfit(leg, size, facts[leg.instrument], rule, leaves)
        if refused is not None:
            return refused
        out.append(replace(leg, amount=leg.instrument.amount(exact.mul(size, leg.side.sign))))
    return tuple(out)


def _common_step(legs: tuple[LegTarget, ...], facts: Facts, base: str) -> Decimal:
    return exact.common_step(*(facts[leg.instrument].amount_step for leg in legs if leg.amount.asset == base))


def _unfit(leg: LegTarget, size: Decimal, facts: InstrumentFacts, rule: str, leaves: bool) -> Denied | None:
    broken = "amount_step" if not size else facts.unfit(size, facts.floor_price(leg.price.value), reduces=leaves)
    if broken is None:
        return None
    told = f"{exact.text(size)} {leg.amount.asset} of {leg.instrument.text()}"
    limit = getattr(facts, broken)
    return Denied(rule, told, f"the venue's {broken} {exact.text(limit) if isinstance(limit, Decimal) else ''}".strip())
