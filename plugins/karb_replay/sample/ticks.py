"""Prices on the venues' own steps."""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

import numpy as np

from karb_replay.sample.columns import Floats

# Source: Upbit's page on order price units in the KRW market; a price from the left on is in steps of the right.
_FROM = np.array([100.0, 1_000.0, 5_000.0, 10_000.0, 50_000.0, 100_000.0, 500_000.0, 1_000_000.0])
_TICKS = np.array([0.1, 1.0, 1.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1_000.0])


def near_tick(price: Floats) -> Floats:
    """Upbit's price step in KRW at each price; a price on a boundary has the step above it."""
    steps: Floats = _TICKS[np.searchsorted(_FROM, price, side="right")]
    return steps


def on_tick(price: Floats, tick: Floats | float) -> Floats:
    """The nearest multiple of the tick, as the float nearest to its decimal spelling; half to even.

    Edge: never below one tick, as no market has a price of zero.
    """
    per_unit = np.maximum(np.round(1.0 / np.asarray(tick)), 1.0)
    steps = np.maximum(np.round(price / np.maximum(tick, 1.0) * per_unit), 1.0)
    rounded: Floats = steps * np.maximum(tick, 1.0) / per_unit
    return rounded
