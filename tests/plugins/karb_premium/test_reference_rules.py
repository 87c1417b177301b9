"""The rules of the reference work, written a second time in plain NumPy, decide row for row as the signal does."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from karb_core.domain.decisions import Proposal, ProposalKind
from karb_core.domain.lots import Lot
from karb_core.ports import Judgement, PairSeries, Standing
from tests.plugins.karb_premium.signals import series, tiered
from tests.plugins.karb_premium.test_waking import row
from tests.plugins.scene import TERMS, lot

Floats = NDArray[np.float64]
#: When the row was decided, which side was held, in which tier, and whether it was the way in.
Decided = tuple[int, str, str, str]

ROWS, WINDOW = 4000, 288
TIERS = ((4.0, "ultra", 0.02), (3.0, "extreme", 0.015), (2.0, "normal", 0.008))
# Nearer than this to a bound a float could land on either side of it, and the comparison would say nothing.
CLEAR = 1e-9


@dataclass(frozen=True)
class Market:
    """Opens and closes of both legs and the rate at them, as a venue would quote them; rows of five minutes."""

    near: tuple[Floats, Floats]
    far: tuple[Floats, Floats]
    rate: tuple[Floats, Floats]

    def premium(self, at: int) -> Floats:
        """Of the opens (0) or the closes (1): S / 100 - 1, S rounded to six places."""
        found: Floats = np.round(100 * self.near[at] / (self.far[at] * self.rate[at]), 6) / 100 - 1
        return found

    def columns(self) -> PairSeries:
        return series(self.near[1].tolist(), self.far[1].tolist(), self.rate[1].tolist())


def market(seed: int) -> Market:
    """A premium that is drawn back to its mean, with shocks; a coin and a dollar that walk."""
    draw = np.random.default_rng(seed)
    shocks = draw.standard_normal(2 * ROWS) * 0.0009 + (draw.random(2 * ROWS) < 0.004) * draw.normal(0, 0.025, 2 * ROWS)
    premium = np.zeros(2 * ROWS)
    for i in range(1, 2 * ROWS):
        premium[i] = 0.99 * premium[i - 1] + shocks[i]
    far = np.round(60_000 * np.exp(np.cumsum(draw.standard_normal(2 * ROWS)) * 0.001), 1)
    rate = np.round(1400 + np.cumsum(draw.standard_normal(2 * ROWS)) * 0.05, 2)
    near = np.round(far * rate * (1 + 0.01 + premium) / 1000) * 1000
    return Market(*((column[0::2].copy(), column[1::2].copy()) for column in (near, far, rate)))


def by_numpy(of: Market) -> list[Decided]:
    """Flat and |z| at a tier: enter, filled at the next open. In a position and net at its target: leave."""
    premium, opened = of.premium(1), of.premium(0)
    windows = np.lib.stride_tricks.sliding_window_view(premium, WINDOW)
    z = np.full(ROWS, np.nan)
    z[WINDOW - 1 :] = (premium[WINDOW - 1 :] - windows.mean(axis=1)) / windows.std(axis=1)
    out: list[Decided] = []
    held: tuple[int, float, str, float] | None = None
    for k in range(ROWS - 1):
        if held is None:
            assert not any(abs(abs(z[k]) - bound) < CLEAR for bound, _, _ in TIERS)
            reached = next((tier for tier in TIERS if abs(z[k]) >= tier[0]), None)
            if reached is not None:
                d = -1 if z[k] > 0 else 1
                held = d, 1 + opened[k + 1], reached[1], reached[2]
                out.append((k, _side(d), reached[1], "entry"))
            continue
        d, e, tier, target = held
        p = 1 + premium[k]
        net = d * (p - e) / e - 0.001 - 0.001 * p / e
        assert abs(net - target) > CLEAR
        if net >= target:
            out.append((k, _side(d), tier, "exit"))
            held = None
    return out


def _side(d: int) -> str:
    return "short_premium" if d < 0 else "long_premium"


def by_judging(of: Market, *, every_row: bool) -> list[Decided]:
    """One position at a time, filled at the next open; asleep between wakes unless every row is judged."""
    signal = tiered({"funding": "ignored"}, window="1d", min_present="100%")
    columns = of.columns()
    features = signal.features(columns)
    out: list[Decided] = []
    standing = Standing()
    mask = signal.wakes(features, standing, TERMS)
    for k in range(ROWS - 1):
        if not (every_row or mask[k]):
            continue
        judged: Judgement = signal.judge(row(columns, features, k, Decimal(0)), standing, TERMS)
        wanted = _wanted(judged, standing)
        if wanted is None:
            continue
        out.append((k, wanted.side, str(wanted.tier), wanted.kind.value))
        entering = wanted.kind is ProposalKind.ENTRY
        standing = Standing((_filled(of, k, wanted, columns),)) if entering else Standing()
        mask = signal.wakes(features, standing, TERMS)
    return out


def _wanted(judged: Judgement, standing: Standing) -> Proposal | None:
    kind = ProposalKind.EXIT if standing.lots else ProposalKind.ENTRY
    return next((proposal for proposal in judged.proposals if proposal.kind is kind), None)


def _filled(of: Market, k: int, wanted: Proposal, columns: PairSeries) -> Lot:
    """The lot at the opens of the next row."""
    opens = (float(column[0][k + 1]) for column in (of.near, of.far, of.rate))
    near, far, rate = (repr(price) for price in opens)
    return lot(
        wanted.side,
        near=near,
        far=far,
        at_rate=rate,
        target=str(wanted.target),
        tier=wanted.tier,
        opened_at_ns=int(columns.closed_at_ms[k]) * 1_000_000,
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_the_signal_decides_as_the_reference_does(seed: int) -> None:
    of = market(seed)
    expected = by_numpy(of)
    told: dict[str, Any] = {"sides": {d[1] for d in expected}, "tiers": {d[2] for d in expected}}
    assert len(expected) > 20
    assert told == {"sides": {"short_premium", "long_premium"}, "tiers": {"normal", "extreme", "ultra"}}
    assert by_judging(of, every_row=False) == expected
    assert by_judging(of, every_row=True) == expected
