"""The level signal's rules in one shape: each level with its way, and which premium it is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain.lots import Lot
from karb_core.domain.orders import Side
from karb_core.domain.premium import Direction
from karb_core.ports import BarRows, Standing
from karb_core.rules.exit_policy import ExitPolicy
from karb_core.rules.exits import nanoseconds
from karb_premium.level_params import Level, ThresholdParams
from karb_premium.zrules import open_lots


@dataclass(frozen=True, slots=True)
class LevelRules:
    """What judging needs. `levels`: by the parameter that states it, `above` before `below`."""

    rows: BarRows
    at_sides: bool
    levels: dict[str, Level]
    funding_above: Decimal | None
    max_open: int | None
    target: Decimal | None
    exit: ExitPolicy

    def full(self, standing: Standing) -> bool:
        """As many lots of the pair are open as the owner allows. Edge: exactly so many are enough."""
        return self.max_open is not None and open_lots(standing) >= self.max_open

    def target_rule(self, lot: Lot) -> str:  # noqa: ARG002
        """The parameter that set a lot's target."""
        return "take_profit"


def level_rules(params: ThresholdParams) -> LevelRules:
    written = {"above": params.above, "below": params.below}
    return LevelRules(
        rows=BarRows(nanoseconds(params.bar), 1, params.price),
        at_sides=params.at == "sides",
        levels={name: level for name, level in written.items() if level is not None},
        funding_above=params.funding_above,
        max_open=params.max_open,
        target=params.take_profit,
        exit=params.exit,
    )


def beyond(name: str, premium: Decimal, bound: Decimal) -> bool:
    """Strictly: at its level a premium is not beyond it."""
    return premium > bound if name == "above" else premium < bound


def back(name: str, premium: Decimal, bound: Decimal) -> bool:
    """At the level, or on this side of it."""
    return premium <= bound if name == "above" else premium >= bound


def seen_no_better_at_close(direction: Direction, *, rising: bool, leaving: bool) -> bool:
    """Whether the sides can only be less far that way than the closes are: then a mask of the closes misses nothing.

    Who enters short or leaves long sells near at the bid and buys far at the ask: that premium is never above the closes'.
    """
    at_bid = (direction.opposite if leaving else direction).near_side is Side.SELL
    return at_bid is rising
