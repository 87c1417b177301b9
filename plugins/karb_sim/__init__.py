"""Simulated fills, for backtest and paper."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_executors():  # type: ignore[no-untyped-def]
    from karb_sim.bars import BarFills
    from karb_sim.depth import DepthFills

    return [BarFills, DepthFills]
