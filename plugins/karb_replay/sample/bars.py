"""One-minute bars from where the price stood at the edges of the minutes."""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

import numpy as np

from karb_replay.sample.columns import Bars, Flags, Floats, Times
from karb_replay.sample.draws import Draws
from karb_replay.sample.ticks import near_tick, on_tick


def near_bars(
    opened_at: Times, fair: Floats, bounce: Floats, step: Floats, volume: Floats, name: str, draws: Draws
) -> Bars:
    """Last trades around the fair price. bounce: their deviation from it, step: of the minute's move, as ratios.

    The first trade of a minute is not the last one of the minute before: the noise that a signal saw in a close
    cannot be traded at the next open. Prices are on Upbit's steps.
    """
    count = opened_at.size
    first = fair[:-1] * (1.0 + bounce * draws.normal(f"first {name}", count))
    last = fair[1:] * (1.0 + bounce * draws.normal(f"last {name}", count))
    high, low = _extremes(first, last, step, name, draws)
    first, high, low, last = (on_tick(price, near_tick(price)) for price in (first, high, low, last))
    return Bars(opened_at, first, high, low, last, np.round(volume, 8))


def far_bars(
    opened_at: Times, fair: Floats, step: Floats, volume: Floats, tick: float, name: str, draws: Draws
) -> Bars:
    """The perpetual opens where it closed. Prices are multiples of the tick."""
    first, last = fair[:-1], fair[1:]
    high, low = _extremes(first, last, step, name, draws)
    first, high, low, last = (on_tick(price, tick) for price in (first, high, low, last))
    return Bars(opened_at, first, high, low, last, volume)


def mark_bars(opened_at: Times, fair: Floats, step: Floats, name: str, draws: Draws) -> Bars:
    """The mark price: no ticks, no trades, eight decimals."""
    first, last = fair[:-1], fair[1:]
    high, low = _extremes(first, last, step, name, draws)
    first, high, low, last = (np.round(price, 8) for price in (first, high, low, last))
    return Bars(opened_at, first, high, low, last, np.zeros(opened_at.size))


def where(bars: Bars, kept: Flags) -> Bars:
    """The bars of the minutes that are kept."""
    values = (column[kept] for column in (bars.open, bars.high, bars.low, bars.close, bars.volume))
    return Bars(bars.opened_at[kept], *values)


def _extremes(first: Floats, last: Floats, step: Floats, name: str, draws: Draws) -> tuple[Floats, Floats]:
    """The highest and lowest of a random walk from first to last. Source: the law of a Brownian bridge's maximum."""
    move = last / first - 1.0
    up = np.log(draws.uniform(f"high {name}", first.size))
    down = np.log(draws.uniform(f"low {name}", first.size))
    high = first * (1.0 + (move + np.sqrt(move * move - 2.0 * step * step * up)) / 2.0)
    low = first * (1.0 + (move - np.sqrt(move * move - 2.0 * step * step * down)) / 2.0)
    return np.maximum(high, np.maximum(first, last)), np.minimum(low, np.minimum(first, last))
