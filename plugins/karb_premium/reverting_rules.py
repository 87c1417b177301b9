"""The rules of the signal on several lengths of time: those of a z-score signal, and what must have turned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from math import inf, nextafter

from karb_core.history.window import Window
from karb_core.ports import GridRows
from karb_core.rules.exits import nanoseconds
from karb_premium.reverting_params import RevertingParams
from karb_premium.zrules import Bound, ZRules, direction_of, floor_units, rows_present

_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class RevertingRules:
    """z: as a z-score signal's, z being that of the last closed bar of `arm_ms`; turn_ms: bars whose moves are counted;
    moves: how many in a row enter.
    """

    z: ZRules
    arm_ms: int
    turn_ms: int
    moves: int

    @property
    def armed_from(self) -> float:
        """The least float that is not below the bound on |z|: a float is compared as the number that it is."""
        bound = self.z.bounds[0].z
        near = float(bound)
        return near if Decimal.from_float(near) >= bound else nextafter(near, inf)


def reverting_rules(params: RevertingParams) -> RevertingRules:
    """Errors: ValueError for what `review` refuses."""
    floor = floor_units(params.sigma_floor)
    if floor != int(floor):
        raise ValueError(f"a sigma_floor of {params.sigma_floor} is not a whole number of 1e-8")
    bars = params.window // params.arm.bar
    steps = params.window // params.watch + params.arm.bar // params.watch
    turning = (params.enter.reverting + 1) * (params.enter.bar // params.watch)
    z = ZRules(
        rows=GridRows(nanoseconds(params.watch), steps + turning, nanoseconds(params.max_age)),
        window=Window(bars, rows_present(params.min_present, bars)),
        floor=int(floor),
        bounds=(Bound(None, params.arm.z, "arm.z", params.take_profit),),
        rearm_below=params.rearm.below_z if params.rearm is not None else None,
        min_premium=params.min_premium,
        sign_agrees=params.premium_sign == "agrees",
        when_high=direction_of(params.when_high),
        when_low=direction_of(params.when_low),
        max_open=params.max_open,
        exit=params.exit,
    )
    return RevertingRules(z, params.arm.bar // _MS, params.enter.bar // _MS, params.enter.reverting)
