"""`kimp_multi_timeframe` over recorded tops, worked out a second time from its section in strategies/README.md.

Nothing of karb is imported; every amount is a Fraction of what was recorded. Readings:

 1. A step is a full half minute. A leg's top there is the last that was told by then, at that time included, and missing
    where it is older than `max_age`. The middle is half of bid and ask as a float; the premium is of the middles, rounded to
    1e-8, half even.
 2. A five-minute bar closes at each fifth minute of the clock, a one-minute bar at each full minute, at that step's middle.
 3. z of a long bar is in force from its close until the next one's close; at a close the new one is. Where it is undefined, or
    below the bound, nothing is armed.
 4. A move from one minute's close to the next counts where both are there, z in force was far out on one side at both, and the
    premium moved strictly towards the mean. Three in a row enter at that minute.
 5. A way out is judged at every step at which both legs are there, at the sides of the tops, |z| in force at or below its
    bound and net at or above the target, both; then the age of both tops, then that it is a gain in won.
 6. An order meets the top that stands when it arrives, and any amount fills there.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from tests.oracle.market import Z, exact
from tests.oracle.rules import _units, _yaml

ONE_READING = {
    "watch": "30s", "arm": {"bar": "5m"}, "enter": {"bar": "1m"}, "premium_sign": "any", "when_high": "short_premium",
    "when_low": "long_premium", "max_open": "1", "rearm": "none", "min_premium": "none",
}  # fmt: skip
POLICY = {"profit_by": "premium", "profit": "net", "exit_when": "all", "stop_loss": "none"}
STEP, TURN, ARM = 30_000, 60_000, 300_000
UNIT = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


@dataclass(frozen=True)
class Top:
    at: int
    bid: Fraction
    ask: Fraction
    mid: Fraction


@dataclass
class Trade:
    pair: str
    side: str
    opened_at: int
    amount: Fraction
    entered: tuple[Fraction, Fraction]
    fees: list[Fraction] = field(default_factory=lambda: [Fraction(0), Fraction(0)])
    left: tuple[Fraction, Fraction] | None = None
    left_at: int | None = None


class Leg:
    """One instrument's tops by their time."""

    def __init__(self, file: Path) -> None:
        frame = pl.read_parquet(file).sort("ts")
        self.times: list[int] = frame["ts"].to_list()
        self._bids, self._asks = frame["bid"].to_list(), frame["ask"].to_list()

    def at(self, at: int, max_age: int) -> Top | None:
        i = bisect_right(self.times, at) - 1
        if i < 0 or at - self.times[i] > max_age:
            return None
        bid, ask = self._bids[i], self._asks[i]
        return Top(self.times[i], exact(bid), exact(ask), exact((bid + ask) / 2))


class Strategy:
    """The numbers of the file. Errors: ValueError for a line that is read in one way only and says something else."""

    def __init__(self, file: Path, dataset: Path) -> None:
        doc, facts = _yaml(file), _yaml(dataset)["facts"]
        signal, policy = doc["signal"]["with"], doc["signal"]["with"]["exit"]
        for said, lines in ((signal, ONE_READING), (policy, POLICY)):
            for key, word in lines.items():
                if (said[key] != word) if isinstance(word, str) else any(said[key][k] != v for k, v in word.items()):
                    raise ValueError(f"{key}: the oracle reads {word} only")
        capital = _units(doc["capital"])
        self.window = _ms(signal["window"]) // ARM
        self.least = -(-_units(signal["min_present"]) * self.window // 1)
        self.floor = _units(signal["sigma_floor"]) * 10**8
        self.max_age, self.armed = _ms(signal["max_age"]), _units(signal["arm"]["z"])
        self.moves, self.back = int(signal["enter"]["reverting"]), _units(policy["exit_z"])
        self.target = _units(signal["take_profit"])
        self.fees = tuple(_units(doc["costs"][venue]["taker"]) for venue in ("upbit", "binance_usdm"))
        self.notional = {name: capital * _units(line["share"]) for name, line in doc["pairs"].items()}
        self.steps = {
            name: max(_step(facts[line[leg]]) for leg in ("near", "far")) for name, line in doc["pairs"].items()
        }
        gates = {(g["use"], *g["at"]): g.get("with") for g in doc["risk_gates"]}
        fresh = [gates["gates.fresh", stand] for stand in ("entry", "exit")]
        self.fresh = [(_ms(gate["book"]), _ms(gate["between_legs"])) for gate in fresh]
        model = doc["simulate"]["backtest"]["with"]
        if model["amount"] != "any" or ("gates.profit_only_exit", "exit") not in gates:
            raise ValueError("any amount fills, and no loss is taken: the oracle reads nothing else")
        self.latency, self.fill_age = _ms(model["order_latency"]), _ms(model["max_age"])


def run(file: Path, dataset: Path, rate: Fraction) -> list[Trade]:
    """Every lot in the order in which it was opened, pairs of a time in the file's."""
    of = Strategy(file, dataset)
    trades: list[Trade] = []
    for name in of.notional:
        trades += Pair(of, name, dataset.parent, rate).run()
    return sorted(trades, key=lambda trade: trade.opened_at)


class Pair:
    def __init__(self, of: Strategy, name: str, folder: Path, rate: Fraction) -> None:
        self.of, self.name, self.rate = of, name, rate
        self.legs = tuple(Leg(folder / f"{name}_{leg}.parquet") for leg in ("near", "far"))
        self.bars: list[int | None] = []
        self.z: Z | None = None
        self.minute: tuple[int | None, int] = (None, 0)
        self.turned = 0
        self.trades: list[Trade] = []

    def run(self) -> list[Trade]:
        first = max(leg.times[0] for leg in self.legs)
        last = min(leg.times[-1] for leg in self.legs) // STEP * STEP
        for at in range(-(-first // STEP) * STEP + STEP, last + 1, STEP):
            tops = [leg.at(at, self.of.max_age) for leg in self.legs]
            near, far = tops
            there = near is not None and far is not None
            premium = round((near.mid / (far.mid * self.rate) - 1) * 10**8) if near and far else None
            if at % ARM == 0:
                self._close_bar(premium)
            entered = self._close_minute(premium) if at % TURN == 0 else False
            if there and near and far:
                self._judge(at, near, far, entered)
        return self.trades

    def _close_bar(self, premium: int | None) -> None:
        self.bars.append(premium)
        seen = [x for x in self.bars[-self.of.window :] if x is not None]
        ready = premium is not None and len(self.bars) >= self.of.window and len(seen) >= self.of.least
        self.z = None
        if ready and premium is not None:
            n, total = len(seen), sum(seen)
            spread = n * sum(x * x for x in seen) - total**2
            self.z = Z(n * premium - total, max(spread, int((self.of.floor * n) ** 2)))

    def _side(self) -> int:
        if self.z is None or not self.z.reaches(self.of.armed):
            return 0
        return 1 if self.z.dev > 0 else -1

    def _close_minute(self, premium: int | None) -> bool:
        before, was = self.minute
        side = self._side()
        good = premium is not None and before is not None and side != 0 and side == was
        good = good and (premium - before) * side < 0  # type: ignore[operator]
        self.turned = self.turned + 1 if good else 0
        self.minute = premium, side
        return self.turned >= self.of.moves

    def _judge(self, at: int, near: Top, far: Top, turned: bool) -> None:
        held = next((t for t in self.trades if t.left_at is None), None)
        if held is not None:
            if self._is_due(held, near, far) and self._fresh(at, near, far, 1) and self._gains(held, near, far):
                self._fill(held, at, leaving=True)
            return
        if not turned or not self._side() or not self._fresh(at, near, far, 0):
            return
        d = -self._side()
        price = near.ask if d > 0 else near.bid
        amount = self.of.notional[self.name] / price // self.of.steps[self.name] * self.of.steps[self.name]
        lot = Trade(self.name, "long_premium" if d > 0 else "short_premium", at, amount, (Fraction(0), Fraction(0)))
        self.trades.append(lot)
        self._fill(lot, at, leaving=False)

    def _fill(self, lot: Trade, at: int, *, leaving: bool) -> None:
        d = 1 if lot.side == "long_premium" else -1
        near, far = (leg.at(at + self.of.latency, self.of.fill_age) for leg in self.legs)
        assert near and far, "an order that met no top is not read here"
        buys = (d > 0) != leaving
        prices = (near.ask, far.bid) if buys else (near.bid, far.ask)
        for leg, price in enumerate(prices):
            lot.fees[leg] += lot.amount * price * self.of.fees[leg]
        if leaving:
            lot.left, lot.left_at = prices, at
        else:
            lot.entered = prices

    def _is_due(self, lot: Trade, near: Top, far: Top) -> bool:
        if self.z is None or (self.z.dev * self.of.back.denominator) ** 2 > self.of.back.numerator**2 * self.z.var:
            return False
        d = 1 if lot.side == "long_premium" else -1
        p = 1 + self._premium(*((near.bid, far.ask) if d > 0 else (near.ask, far.bid)))
        e, fee = 1 + self._premium(*lot.entered), sum(self.of.fees, Fraction(0))
        return d * (p - e) / e - fee - fee * p / e >= self.of.target

    def _gains(self, lot: Trade, near: Top, far: Top) -> bool:
        d = 1 if lot.side == "long_premium" else -1
        prices = (near.bid, far.ask) if d > 0 else (near.ask, far.bid)
        won, dollars = (
            s * d * lot.amount * (now - then) for s, now, then in zip((1, -1), prices, lot.entered, strict=True)
        )
        leaving = [lot.amount * price * fee for price, fee in zip(prices, self.of.fees, strict=True)]
        return won - lot.fees[0] - leaving[0] + (dollars - lot.fees[1] - leaving[1]) * self.rate > 0

    def _premium(self, near: Fraction, far: Fraction) -> Fraction:
        return Fraction(round((near / (far * self.rate) - 1) * 10**8), 10**8)

    def _fresh(self, at: int, near: Top, far: Top, stand: int) -> bool:
        book, apart = self.of.fresh[stand]
        return at - min(near.at, far.at) <= book and abs(near.at - far.at) <= apart


def _ms(text: str) -> int:
    unit = text.lstrip("0123456789")
    return int(text.removesuffix(unit)) * UNIT[unit]


def _step(entry: Any) -> Fraction:
    ((_, facts),) = entry.items()
    return max(_units(facts["amount_step"]), Fraction(Decimal("1e-8")))
