"""The rule of `strategy.yaml` as peers step it: a z of the last hour, kept by running sums, and a position of one side."""

from __future__ import annotations

from collections import deque
from math import sqrt
from pathlib import Path

import numpy as np
import polars as pl

COINS = ("BTC", "ETH", "XRP")
#: About 1 % of 100,000,000 KRW, in steps both legs take.
SIZES = {"BTC": "0.007", "ETH": "0.2", "XRP": "290"}
RATE, WINDOW, ENTRY, EXIT_Z, TARGET, FEES, FLOOR = 1450.0, 3600, 2.5, 0.1, 0.001, 0.001, 0.0001


class Rule:
    """1: buy near and sell far now, -1: the other way round, 0: nothing. What was entered is left by the opposite."""

    def __init__(self) -> None:
        self._seen: deque[float] = deque()
        self._sum = self._squares = 0.0
        self._side, self._entered = 0, 0.0

    def step(self, near: float, far: float) -> int:
        premium = near / (far * RATE)
        self._seen.append(premium)
        self._sum += premium
        self._squares += premium * premium
        if len(self._seen) > WINDOW:
            gone = self._seen.popleft()
            self._sum -= gone
            self._squares -= gone * gone
        if len(self._seen) < WINDOW:
            return 0
        mean = self._sum / WINDOW
        z = (premium - mean) / max(sqrt(max(self._squares / WINDOW - mean * mean, 0.0)), FLOOR)
        if self._side:
            net = self._side * (premium - self._entered) / self._entered - FEES - FEES * premium / self._entered
            if net >= TARGET or abs(z) <= EXIT_Z:
                left, self._side = -self._side, 0
                return left
        elif abs(z) >= ENTRY:
            self._side, self._entered = (-1 if z > 0 else 1), premium
            return self._side
        return 0


def columns(folder: Path, name: str, seconds: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times in ms of UTC, bids and asks of one leg."""
    frame = pl.read_parquet(folder / f"{name}.parquet", n_rows=seconds)
    return frame["ts"].to_numpy(), frame["bid"].to_numpy(), frame["ask"].to_numpy()
