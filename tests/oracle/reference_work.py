"""The trade list of the reference work, worked out a second time from its specification alone, in NumPy.

Nothing of karb is imported. One synthetic price S a symbol, S = 100 x near / (far x fx) rounded to six places, so that a
point of S is a percent of premium; five-minute closes are judged, fills are at the next minute's open.

    z[k]  = (p[k] - mean) / deviation over the last 5,760 closes, k included, population deviation; none before row 5,759
    enter   flat and |z| >= 2, 3, 4: against z, in the highest tier reached
    leave   d (p - e) / e - 0.001 - 0.001 p / e >= the tier's target, p the close and e the fill, both of S
    fill    at the S of the next minute's open; what has no next minute is dropped; what is open at the end is no trade
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Tiers = tuple[tuple[float, str, float], ...]

WINDOW, BAR = 5760, 5
FEES = 0.001
#: Highest first: |z| from which on, name, target.
TIERS: Tiers = ((4.0, "ultra", 0.020), (3.0, "extreme", 0.015), (2.0, "normal", 0.008))
#: Nearer than this to a bound, one engine's last bit could decide: the data are made so that nothing is.
CLEAR = 1e-7


@dataclass(frozen=True)
class Columns:
    """One symbol, a row a minute. `at`: when each opened, ms of UTC."""

    at: Ints
    near_open: Floats
    near_close: Floats
    far_open: Floats
    far_close: Floats
    fx: Floats

    @property
    def opens(self) -> Floats:
        return _spread(self.near_open, self.far_open, self.fx)

    @property
    def closes(self) -> Floats:
        return _spread(self.near_close, self.far_close, self.fx)


@dataclass(frozen=True, order=True)
class Trade:
    """Premiums to 1e-8; times in ms of UTC. `judged` is the premium at which the entry was decided."""

    entered_at: int
    exited_at: int
    side: str
    tier: str
    judged: Decimal
    entered: Decimal
    left: Decimal


def trades(of: Columns, tiers: Tiers = TIERS, clear: float = CLEAR, *, same_close: bool = False) -> list[Trade]:
    """`clear`: how far every number must keep from a bound; 0 where data were not made for these tiers. `same_close`: filled
    at the close that decides, for engines that know no next open; times are those of the next minute all the same."""
    fills = (of.closes[BAR - 1 :: BAR][: (len(of.at) - 1) // BAR]) if same_close else of.opens[BAR::BAR]
    return [_trade(of, fills, *ends) for ends in _round_trips(of, fills, tiers, clear)]


def z_scores(closes: Floats) -> Floats:
    """Of five-minute closes; the sums are taken window by window, so nothing runs off over the year."""
    premium = closes / 100 - 1
    z = np.full(len(premium), np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(premium, WINDOW)
    for first in range(0, len(windows), 2000):
        part = windows[first : first + 2000]
        rows = slice(first + WINDOW - 1, first + WINDOW - 1 + len(part))
        z[rows] = (premium[rows] - part.mean(axis=1)) / part.std(axis=1)
    return z


def _round_trips(of: Columns, opens: Floats, tiers: Tiers, clear: float) -> Iterator[tuple[int, int, int, str]]:
    """The closes at which a trade was entered and left, its direction, its tier. opens: at what each close's fill is."""
    closes = of.closes[BAR - 1 :: BAR]
    z = z_scores(closes)
    k = 0
    while (k := _entry(z, k, tiers[-1][0])) < len(opens):
        bound, tier, target = next(each for each in tiers if abs(z[k]) >= each[0])
        assert min(abs(abs(z[k]) - each[0]) for each in tiers) > clear, f"z {z[k]} at {k} is too near to {bound}"
        d, e = (-1 if z[k] > 0 else 1), opens[k]
        out = _exit(closes, k + 1, d, e, target, clear)
        if out >= len(opens):
            return
        yield k, out, d, tier
        k = out + 1


def _entry(z: Floats, first: int, lowest: float) -> int:
    far_out = np.abs(z[first:]) >= lowest
    return first + (int(far_out.argmax()) if far_out.any() else len(far_out))


def _exit(closes: Floats, first: int, d: int, e: float, target: float, clear: float) -> int:
    p = closes[first:]
    net = d * (p - e) / e - FEES - FEES * p / e
    reached = net >= target
    out = int(reached.argmax()) if reached.any() else len(p)
    assert (np.abs(net[: out + 1] - target) > clear).all(), f"a net after {first} is too near to {target}"
    return first + out


def _trade(of: Columns, opens: Floats, entered: int, left: int, d: int, tier: str) -> Trade:
    next_minutes = [BAR * k + BAR for k in (entered, left)]
    side = "long_premium" if d > 0 else "short_premium"
    premiums = (of.closes[BAR * entered + BAR - 1], opens[entered], opens[left])
    return Trade(*(int(of.at[row]) for row in next_minutes), side, tier, *(_premium(s) for s in premiums))


def _spread(near: Floats, far: Floats, fx: Floats) -> Floats:
    found: Floats = np.round(100 * near / (far * fx), 6)
    return found


def _premium(s: float) -> Decimal:
    return (Decimal(repr(round(float(s), 6))) / 100 - 1).quantize(Decimal("1e-8"))
