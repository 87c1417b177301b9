"""Simulated fills, for backtest and paper."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_executors():  # type: ignore[no-untyped-def]
    from karb_sim.bars import BarFills
    from karb_sim.depth import DepthFills
    from karb_sim.tops import TopFills

    return [BarFills, DepthFills, TopFills]
