"""Random numbers by name, and the one recursion everything here is made of."""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

from itertools import accumulate

import numpy as np

from karb_replay.sample.columns import Floats

_BLOCK = 1440  # rows worked on side by side; another block would round other last bits


class Draws:
    """Independent streams of random numbers, one for each name, from one seed.

    A stream of its own for every use keeps what is drawn independent of what else was drawn: a coin is the same
    whichever other coins are wanted, and a longer sample begins with the shorter one. Unit: none. Errors: none.
    Source: NumPy's SeedSequence; its distributions may differ from one NumPy to the next.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def normal(self, name: str, count: int) -> Floats:
        """`count` draws with mean 0 and standard deviation 1."""
        return self._stream(name).standard_normal(count)

    def uniform(self, name: str, count: int) -> Floats:
        """`count` draws above 0 and up to 1, so that their logarithm exists."""
        return 1.0 - self._stream(name).random(count)

    def _stream(self, name: str) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self._seed, *name.encode()])))


def mean_reverting(shocks: Floats, half_life_minutes: float) -> Floats:
    """x[i] = a x[i-1] + sqrt(1 - a^2) shocks[i]: as wide as the shocks, halfway back after the half life.

    Edge: begins at shocks[0], which is the long-run width when the shocks are of unit width. Source: the discrete
    Ornstein-Uhlenbeck process.
    """
    keep = 0.5 ** (1.0 / half_life_minutes)
    steps = shocks * np.sqrt(1.0 - keep * keep)
    steps[0] = shocks[0]
    return fading(steps, half_life_minutes)


def fading(impulses: Floats, half_life_minutes: float) -> Floats:
    """x[i] = a x[i-1] + impulses[i]: each impulse at its whole size, then halved every half life.

    Blocks of a fixed length run side by side, then each takes on what the ones before left over: Python loops over a
    block instead of over years.
    """
    keep = 0.5 ** (1.0 / half_life_minutes)
    blocks = -(-impulses.size // _BLOCK)
    padded = np.zeros(blocks * _BLOCK)
    padded[: impulses.size] = impulses
    rows = padded.reshape(blocks, _BLOCK).T.copy()
    for row in range(1, _BLOCK):
        rows[row] += keep * rows[row - 1]
    kept = np.cumprod(np.full(_BLOCK, keep))
    last = float(kept[-1])
    ends = list(accumulate(rows[-1].tolist(), lambda before, end: last * before + end))
    rows += kept[:, np.newaxis] * np.array([0.0, *ends[:-1]])
    faded: Floats = rows.T.ravel()[: impulses.size]
    return faded
