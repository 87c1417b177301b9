"""The z-score signals' rules in one shape: one threshold is a signal with a single tier that has no name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.lots import Lot
from karb_core.domain.premium import ONE, Direction
from karb_core.history.window import Window
from karb_core.ports import BarRows, GridRows, Standing
from karb_core.rules.exit_policy import ExitPolicy
from karb_core.rules.exits import nanoseconds
from karb_premium.params import Rearm, ZScoreOneParams, ZScoreParams, ZScoreTiersParams

_WHOLE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Bound:
    """One tier: reached at |z| at or above `z`, which `z_rule` says."""

    tier: str | None
    z: Decimal
    z_rule: str
    target: Decimal | None


@dataclass(frozen=True, slots=True)
class ZRules:
    """What judging needs. bounds: the highest first; floor: the least deviation in units of 1e-8."""

    rows: BarRows | GridRows
    window: Window
    floor: int
    bounds: tuple[Bound, ...]
    rearm_below: Decimal | None
    min_premium: Decimal | None
    sign_agrees: bool
    when_high: Direction | None
    when_low: Direction | None
    max_open: int | None
    exit: ExitPolicy

    @property
    def stops_at_sides(self) -> bool:
        """Whether a stop is bounded by columns of the sides, which there are on a grid of tops alone."""
        points = self.exit.stop_loss is not None and self.exit.profit_by == "premium"
        return points and isinstance(self.rows, GridRows)

    def full(self, standing: Standing) -> bool:
        """Whether as many lots of the pair are open as the owner allows. Edge: exactly so many are enough."""
        return self.max_open is not None and open_lots(standing) >= self.max_open

    def target_rule(self, lot: Lot) -> str:
        """The parameter that set a lot's target."""
        return "take_profit" if lot.tier is None else f"tiers.{lot.tier}.take_profit"


def open_lots(standing: Standing) -> int:
    """How many lots of the pair are open, of whichever tier and side."""
    return sum(not lot.flat for lot in standing.lots)


def of_one(params: ZScoreOneParams) -> ZRules:
    bound = Bound(None, params.entry, "entry", params.take_profit)
    return _rules(params, (bound,), params.rearm, params.exit)


def of_tiers(params: ZScoreTiersParams) -> ZRules:
    bounds = (Bound(name, tier.z, f"tiers.{name}.z", tier.take_profit) for name, tier in params.tiers.items())
    return _rules(params, bounds, params.rearm, params.exit)


def floor_units(sigma_floor: Decimal) -> Decimal:
    """The least deviation in units of 1e-8, whole or not."""
    return exact.mul(sigma_floor, Decimal(ONE))


def window_of(params: ZScoreParams) -> Window:
    """`min_present` of the window's rows, rounded up; the row judged must be there in any case.

    Errors: ValueError for what `review` refuses.
    """
    rows = params.window // step_of(params)
    return Window(rows, rows_present(params.min_present, rows))


def rows_present(least: Decimal, rows: int) -> int:
    """That part of a window's rows, rounded up; one at least."""
    return max(int(exact.ceil_to(exact.mul(least, Decimal(rows)), _WHOLE)), 1)


def step_of(params: ZScoreParams) -> timedelta:
    """From one row to the next. Errors: ValueError for what `review` refuses: neither `bar` nor `grid`, or both."""
    if (params.bar is None) == (params.grid is None):
        raise ValueError("one of `bar` and `grid` is written")
    return params.bar if params.bar is not None else params.grid.every if params.grid is not None else timedelta()


def _rows(params: ZScoreParams, lookback: int) -> BarRows | GridRows:
    step_ns = nanoseconds(step_of(params))
    if params.grid is not None:
        return GridRows(step_ns, lookback, nanoseconds(params.grid.max_age))
    return BarRows(step_ns, lookback, params.price)


def _rules(params: ZScoreParams, bounds: Iterable[Bound], rearm: Rearm | None, policy: ExitPolicy) -> ZRules:
    window, floor = window_of(params), floor_units(params.sigma_floor)
    if floor != int(floor):
        raise ValueError(f"a sigma_floor of {params.sigma_floor} is not a whole number of 1e-8")
    return ZRules(
        rows=_rows(params, window.rows),
        window=window,
        floor=int(floor),
        bounds=tuple(sorted(bounds, key=lambda bound: bound.z, reverse=True)),
        rearm_below=rearm.below_z if rearm is not None else None,
        min_premium=params.min_premium,
        sign_agrees=params.premium_sign == "agrees",
        when_high=direction_of(params.when_high),
        when_low=direction_of(params.when_low),
        max_open=params.max_open,
        exit=policy,
    )


def direction_of(written: str | None) -> Direction | None:
    """The way that is written; None for `none`."""
    return Direction(written) if written is not None else None
