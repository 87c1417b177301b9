"""Best bid and ask of the last days, every 30 seconds."""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

import numpy as np

from karb_replay.sample.columns import Flags, Floats, Times, Tops
from karb_replay.sample.draws import Draws
from karb_replay.sample.ticks import near_tick, on_tick

_HALF_MINUTE_MS = 30_000


def half_minutes(start_ms: int, fair: Floats, step: Floats, name: str, draws: Draws) -> tuple[Times, Floats]:
    """The moments and the fair prices: the edges of the minutes after the first, and a bridge's middle before each."""
    between = (fair[:-1] + fair[1:]) / 2 * (1.0 + step / 2 * draws.normal(f"middle {name}", step.size))
    at = start_ms + np.arange(1, 2 * step.size + 1, dtype=np.int64) * _HALF_MINUTE_MS
    return at, np.column_stack((between, fair[1:])).ravel()


def near_tops(
    at: Times,
    fair: Floats,
    opened: Flags,
    spread: tuple[float, float],
    best: tuple[float, float],
    name: str,
    draws: Draws,
) -> Tops:
    """Around the fair price on Upbit's steps, at least one step wide, while the venue is open.

    spread: basis points, best: KRW on each side; each the median and the width of its logarithm.
    """
    half = fair * _lognormal(f"spread {name}", spread, fair.size, draws) / 20_000
    tick = near_tick(fair)
    bid = on_tick(np.floor((fair - half) / tick) * tick, near_tick(fair - half))
    ask = np.maximum(on_tick(np.ceil((fair + half) / tick) * tick, near_tick(fair + half)), on_tick(bid + tick, tick))
    bid_amount, ask_amount = _amounts(bid, ask, best, 1e-8, name, draws)
    return Tops(at[opened], bid[opened], bid_amount[opened], ask[opened], ask_amount[opened])


def far_tops(
    at: Times, fair: Floats, tick: float, best: tuple[float, float], amount_step: float, name: str, draws: Draws
) -> Tops:
    """One tick wide around the fair price, as the perpetual nearly always is. best: USDT on each side."""
    bid = on_tick(np.floor(fair / tick) * tick, tick)
    ask = on_tick(bid + tick, tick)
    bid_amount, ask_amount = _amounts(bid, ask, best, amount_step, name, draws)
    return Tops(at, bid, bid_amount, ask, ask_amount)


def _amounts(
    bid: Floats, ask: Floats, best: tuple[float, float], step: float, name: str, draws: Draws
) -> tuple[Floats, Floats]:
    bid_worth = _lognormal(f"bid amount {name}", best, bid.size, draws)
    ask_worth = _lognormal(f"ask amount {name}", best, ask.size, draws)
    return on_tick(bid_worth / bid, step), on_tick(ask_worth / ask, step)


def _lognormal(name: str, shape: tuple[float, float], count: int, draws: Draws) -> Floats:
    median, width = shape
    values: Floats = median * np.exp(width * draws.normal(name, count))
    return values
