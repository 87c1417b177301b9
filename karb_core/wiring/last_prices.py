"""The last prices a run saw, kept in the home so that `karb check` knows what entries would need today."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain.exact import text
from karb_core.domain.instant import to_text
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.home import home

FILE = "prices.json"
_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


@dataclass(frozen=True, slots=True)
class LastPrices:
    """prices: by instrument (`upbit BTC/KRW`) and, for rates, by pair of assets (`USDT/KRW`).

    at_ns: when they were the last; synthetic: whether karb made them up.
    """

    prices: Mapping[str, Decimal]
    at_ns: int
    data: str
    synthetic: bool

    def json(self) -> str:
        """Prices as text, so that none loses a digit."""
        prices = {name: text(price) for name, price in self.prices.items()}
        about = {"at": to_text(self.at_ns), "data": self.data, "synthetic": self.synthetic}
        return json.dumps({"format_version": 1, **about, "prices": prices}, ensure_ascii=False, indent=2) + "\n"


def last_prices(run: Backtest, data: str) -> LastPrices:
    """Of every leg the close of its last bar, of every rate the one known then; `money` books, so it counts first."""
    end_ms = run.span[1]
    closes = {leg.text(): close for rows in run.pairs.values() for leg, close in rows.last_closes(end_ms)}
    return LastPrices(closes | dict(_rates(run, end_ms)), end_ms * _NS, data, run.data.synthetic)


def keep(last: LastPrices) -> None:
    """Replaces the file as a whole. Errors: OSError where that cannot be, RuntimeError where nobody has a home."""
    place = home()
    place.mkdir(parents=True, exist_ok=True)
    fresh = place / f"{FILE}.{os.getpid()}"
    try:
        fresh.write_text(last.json(), "utf-8")
        fresh.replace(place / FILE)
    finally:
        with suppress(OSError):
            fresh.unlink()


def _rates(run: Backtest, at_ms: int) -> Iterator[tuple[str, Decimal]]:
    for _, seated in sorted(run.rates.items(), key=lambda of: of[0] == "money"):
        rate = seated.at(at_ms)
        if rate is not None:
            yield f"{rate.base}/{rate.quote}", rate.rate
