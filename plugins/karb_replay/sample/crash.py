"""The rare hour in which the near venue falls away from the world and comes back."""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

import numpy as np

from karb_replay.sample.character import Character
from karb_replay.sample.columns import Floats, Times
from karb_replay.sample.draws import Draws
from karb_replay.sample.spec import SampleSpec

_MINUTES_OF_YEAR = 365 * 1440
_LASTS = 24 * 60  # minutes, after which nothing of it is left


def crash_minutes(spec: SampleSpec, character: Character, draws: Draws) -> Times:
    """The minutes, counted from the start, in which a crash begins: each minute is as likely as any other."""
    begins = draws.uniform("crash", spec.minutes) <= character.crash_per_year / _MINUTES_OF_YEAR
    return np.flatnonzero(begins).astype(np.int64)


def crash_path(spec: SampleSpec, character: Character, begins: Times, deeper: float, draws: Draws) -> Floats:
    """Percentage points below, at each edge of a minute, for a coin that falls `deeper` times as far as BTC."""
    path = np.zeros(spec.minutes + 1)
    fall, heal = character.crash_minutes
    after = np.arange(_LASTS)
    shape = 0.5 ** (after / heal) - 0.5 ** (after / fall)
    shape /= shape.max()
    low, high = character.crash_depth
    for at in begins.tolist():
        depth = low + (high - low) * float(draws.uniform(f"crash depth {at}", 1)[0])
        path[at : at + _LASTS] -= deeper * depth * shape[: path.size - at]
    return path
