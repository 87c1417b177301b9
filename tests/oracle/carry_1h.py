"""`cash_and_carry` over recorded hours, worked out a second time from its section in strategies/README.md.

Nothing of karb is imported; every amount is a Fraction of what was recorded. Readings where the page leaves room:

 1. In each hour first funding is paid on what is held, at the mark bar's open; then the bar that closed is judged; then what
    was decided is filled at the open of the bar that begins.
 2. The side of a price is the close (of a fill: the open) moved against us by the slippage.
 3. The size is the near notional, down to 1e-8 USDT, over the near side, down to the step that both legs take.
 4. Money is short where cost and fee are more than the account less the reserve; margin is the notional, up to 1e-8.
 5. An attempt of which a leg has no bar, or is further than the band from its plan, is none; one leg alone is not read here.
 6. A position that would be liquidated is not read here either.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import yaml

HOUR_MS = 3_600_000
DUST = Fraction(1, 10**8)
UNITS = {"%": Fraction(1, 100), "bp": Fraction(1, 10_000)}
HOURS = {"h": 1, "d": 24}
ONE_READING = {
    "bar": "1h", "price": "close", "enter": "long_premium", "max_open": "1", "take_profit": "none",
}  # fmt: skip
Bar = dict[str, Fraction]


@dataclass(frozen=True)
class Rules:
    notional: Fraction
    reserve: Fraction
    settlements: Fraction
    enter_at: Fraction
    leave_at: Fraction
    near_fee: Fraction
    far_fee: Fraction
    slippage: Fraction
    band: Fraction
    maintenance: Fraction
    step: Fraction


@dataclass
class Lot:
    hour: int
    amount: Fraction
    near: Fraction
    far: Fraction
    fees: Fraction
    funding: Fraction = Fraction(0)


@dataclass(frozen=True)
class Trade:
    """Costs signed as they were paid; all in USDT."""

    entered_at: str
    exited_at: str
    amount: Decimal
    near_cost: Decimal
    far_cost: Decimal
    near_left: Decimal
    far_left: Decimal
    fees: Decimal
    funding: Decimal
    net: Decimal


@dataclass
class Told:
    trades: list[Trade] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    open: Lot | None = None


def read(strategy: Path, dataset: Path) -> tuple[Rules, Fraction, Fraction]:
    """The rules, and what both accounts open with. Errors: ValueError for a line that says something else."""
    doc, facts = _yaml(strategy), _yaml(dataset)["facts"]
    signal, sizing = doc["signal"]["with"], doc["sizing"]["with"]
    for key, word in ONE_READING.items():
        if signal[key] != word:
            raise ValueError(f"{key}: the oracle reads {word!r} only, not {signal[key]!r}")
    if (sizing["of"], sizing["counts"], doc["executors"][1]["with"]["leverage"]) != ("capital", "both_legs", "1"):
        raise ValueError("the oracle reads a part of the capital over both legs at leverage 1 only")
    capital = _number(doc["capital"])
    near, far = (next(iter(facts[doc["pairs"]["BTC"][leg]].values())) for leg in ("near", "far"))
    rules = Rules(
        notional=_down(capital * _number(sizing["size"]) / 2, DUST),
        reserve=capital * _number(doc["reserve"]),
        settlements=Fraction(_hours(signal["over"]), _hours(signal["interval"])),
        enter_at=_number(signal["enter_at"]),
        leave_at=_number(signal["leave_at"]),
        near_fee=_number(doc["costs"]["binance_spot"]["taker"]),
        far_fee=_number(doc["costs"]["binance_usdm"]["taker"]),
        slippage=_number(doc["simulate"]["backtest"]["with"]["slippage"]),
        band=_number(doc["execution"]["price"]["band"]),
        maintenance=_number(far["maintenance"][0]["rate"]),
        step=max(_number(near["amount_step"]), _number(far["amount_step"])),
    )
    return rules, _number(doc["balances"]["binance_spot"][0]), _number(doc["balances"]["binance_usdm"][0])


def run(data: Path, strategy: Path, dataset: Path) -> Told:
    rules, cash, wallet = read(strategy, dataset)
    near, far = _bars(data, "binance_spot_BTCUSDT"), _bars(data, "binance_usdm_BTCUSDT")
    mark, settled = _bars(data, "binance_usdm_mark_BTCUSDT"), _funding(data)
    times, told = sorted(settled), Told()
    for hour in range(max(min(near), min(far)), min(max(near), max(far)) + 2):
        lot = told.open
        if lot is not None and hour in settled and hour in mark:
            paid = lot.amount * mark[hour]["open"] * settled[hour]
            lot.funding += paid
            wallet += paid
        plan = near.get(hour - 1), far.get(hour - 1)
        at = bisect_right(times, hour) - 1
        if plan[0] is None or plan[1] is None or at < 0:
            continue
        net = settled[times[at]] * rules.settlements - 2 * (rules.near_fee + rules.far_fee)
        if lot is not None and net <= rules.leave_at:
            ends = _filled(rules, hour, near, far, -1)
            if ends is not None:
                told.trades.append(_left(rules, lot, hour, *ends))
                cash += lot.amount * ends[0] * (1 - rules.near_fee)
                wallet += lot.amount * (2 * lot.far - ends[1] - ends[1] * rules.far_fee)
                told.open = None
        elif lot is None and net >= rules.enter_at:
            ask, bid = plan[0]["close"] * (1 + rules.slippage), plan[1]["close"] * (1 - rules.slippage)
            amount = _down(rules.notional / ask, rules.step)
            if amount * ask * (1 + rules.near_fee) > cash - rules.reserve:
                told.refused.append(f"{iso(hour)} cash")
            elif _up(amount * bid, DUST) + amount * bid * rules.far_fee > wallet - rules.reserve:
                told.refused.append(f"{iso(hour)} margin")
            elif (begins := _filled(rules, hour, near, far, 1)) is not None:
                fees = amount * (begins[0] * rules.near_fee + begins[1] * rules.far_fee)
                told.open = Lot(hour, amount, *begins, fees)
                cash -= amount * begins[0] * (1 + rules.near_fee)
                wallet -= amount * begins[1] * (1 + rules.far_fee)
        if told.open is not None:
            _need_margin(rules, told.open, mark, hour)
    return told


def _filled(
    rules: Rules, hour: int, near: dict[int, Bar], far: dict[int, Bar], way: int
) -> tuple[Fraction, Fraction] | None:
    """Both legs' prices at the open; `way` is +1 to get in. None where a bar is missing or both legs ran away."""
    if hour not in near or hour not in far:
        return None
    prices, there = [], []
    for bars, side in ((near, way), (far, -way)):
        moved = 1 + side * rules.slippage
        plan, now = bars[hour - 1]["close"] * moved, bars[hour]["open"] * moved
        prices.append(now)
        there.append((now - plan) * side <= plan * rules.band)
    if all(there):
        return prices[0], prices[1]
    if any(there):
        raise ValueError(f"{iso(hour)}: one leg alone is not read here")
    return None


def _left(rules: Rules, lot: Lot, hour: int, near: Fraction, far: Fraction) -> Trade:
    fees = lot.fees + lot.amount * (near * rules.near_fee + far * rules.far_fee)
    net = lot.amount * (near - lot.near - far + lot.far) + lot.funding - fees
    sums = (
        lot.amount, lot.amount * lot.near, -lot.amount * lot.far, -lot.amount * near, lot.amount * far, fees, lot.funding, net,
    )  # fmt: skip
    return Trade(iso(lot.hour), iso(hour), *map(decimal, sums))


def _need_margin(rules: Rules, lot: Lot, mark: dict[int, Bar], hour: int) -> None:
    """The margin is what the position cost: a short loses as the mark rises."""
    if hour in mark and 2 * lot.far - mark[hour]["high"] <= rules.maintenance * mark[hour]["high"]:
        raise ValueError(f"{iso(hour)}: a position that is taken away is not read here")


def _bars(data: Path, name: str) -> dict[int, Bar]:
    frame = pl.read_parquet(data / "candles_1h" / f"{name}.parquet")
    hours = (frame["ts"].dt.epoch("ms") // HOUR_MS).to_list()
    columns = {name: frame[name].to_list() for name in ("open", "high", "close")}
    return {hour: {name: _exact(column[i]) for name, column in columns.items()} for i, hour in enumerate(hours)}


def _funding(data: Path) -> dict[int, Fraction]:
    frame = pl.read_parquet(data / "funding_8h" / "binance_usdm_BTCUSDT.parquet")
    stamps, rates = frame["ts"].dt.epoch("ms").to_list(), frame["funding_rate"].to_list()
    assert not any(ms % HOUR_MS for ms in stamps)
    return {ms // HOUR_MS: _exact(rate) for ms, rate in zip(stamps, rates, strict=True)}


def _exact(value: float) -> Fraction:
    return Fraction(Decimal(repr(float(value))))


def decimal(value: Fraction) -> Decimal:
    """The same number in decimals. Errors: ValueError for one that does not end."""
    for places in range(80):
        scaled = value * 10**places
        if scaled.denominator == 1:
            return Decimal((int(scaled < 0), tuple(map(int, str(abs(int(scaled))))), -places))
    raise ValueError(f"{value} has no end in decimals")


def iso(hour: int) -> str:
    return datetime.fromtimestamp(hour * 3600, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _yaml(file: Path) -> Any:
    return yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)


def _number(text: str) -> Fraction:
    digits = str(text).split(" ")[0].replace(",", "").replace("_", "")
    for unit, worth in UNITS.items():
        if digits.endswith(unit):
            return Fraction(digits.removesuffix(unit)) * worth
    return Fraction(digits)


def _hours(text: str) -> int:
    return int(text[:-1]) * HOURS[text[-1]]


def _down(value: Fraction, step: Fraction) -> Fraction:
    return value // step * step


def _up(value: Fraction, step: Fraction) -> Fraction:
    return -(-value // step) * step
