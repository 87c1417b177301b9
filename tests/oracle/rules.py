"""The numbers of one strategy file and of one dataset's facts, read with PyYAML and nothing of karb.

What the oracle reads in one way only is compared with the file word by word: a file that says something else is an
error here, never a silent difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

ONE_READING = {  # strategies/kimp_tiered_1h.yaml: lines the oracle knows in this reading only
    ("signal", "use"): "premium.zscore_tiers",
    ("signal", "with", "bar"): "1h",
    ("signal", "with", "price"): "close",
    ("signal", "with", "premium_sign"): "any",
    ("signal", "with", "when_high"): "short_premium",
    ("signal", "with", "when_low"): "long_premium",
    ("signal", "with", "max_open"): "none",
    ("signal", "with", "exit", "profit_by"): "premium",
    ("signal", "with", "exit", "profit"): "net",
    ("signal", "with", "exit", "funding"): "counted",
    ("signal", "with", "exit", "exit_z"): "none",
    ("signal", "with", "exit", "exit_when"): "any",
    ("signal", "with", "exit", "stop_loss"): "none",
    ("signal", "with", "exit", "max_holding", "then"): "tell",
    ("sizing", "with", "of"): "capital",
    ("sizing", "with", "counts"): "near_leg",
    ("sizing", "with", "kept_for"): "none",
    ("execution", "first"): "together",
    ("simulate", "backtest", "use"): "sim.bars",
    ("simulate", "backtest", "with", "fill"): "next_open",
    ("simulate", "backtest", "with", "legs_apart"): "0s",
}
HOURS = {"h": 1, "d": 24}
UNITS = {"%": Fraction(1, 100), "bp": Fraction(1, 10_000)}


@dataclass(frozen=True)
class Facts:
    """What one venue asks of an order. ticks: (from this price on, tick), ascending."""

    step: Fraction
    min_amount: Fraction
    min_notional: Fraction
    ticks: tuple[tuple[Fraction, Fraction], ...]
    maintenance: Fraction


@dataclass(frozen=True)
class Pair:
    name: str
    share: Fraction
    near: Facts
    far: Facts


@dataclass(frozen=True)
class Tier:
    name: str
    z: Fraction
    take_profit: Fraction
    size: Fraction
    over_share: bool


@dataclass(frozen=True)
class Rules:
    capital: Fraction
    reserve: Fraction
    krw: Fraction
    coins: Mapping[str, Fraction]
    inventory: Mapping[str, Fraction]
    usdt: Fraction
    pairs: tuple[Pair, ...]
    window: int
    min_present: Fraction
    sigma_floor: Fraction
    min_premium: Fraction
    tiers: tuple[Tier, ...]
    rearm_below: Fraction
    single: Fraction
    max_age_h: int
    when_closed_h: int
    band: Fraction
    retries: tuple[Fraction, ...]
    unwind: Fraction
    leverage: Fraction
    near_fee: Fraction
    far_fee: Fraction
    slippage: Fraction


def read_rules(strategy_yaml: Path, dataset_yaml: Path | None) -> Rules:
    doc = _yaml(strategy_yaml)
    for path, word in ONE_READING.items():
        if (found := _at(doc, path)) != word:
            raise ValueError(f"{strategy_yaml}: {'.'.join(path)}: the oracle reads {word!r} only, not {found!r}")
    signal, sizing, execution = doc["signal"]["with"], doc["sizing"]["with"], doc["execution"]
    gates = {(g["use"], stand): g.get("with") for g in doc["risk_gates"] for stand in g["at"]}
    if (
        set(gates)
        != {
            ("gates.fresh", "entry"),
            ("gates.fresh", "exit"),
            ("gates.max_position", "entry"),
            ("gates.profit_only_exit", "exit"),
        }
        or doc["fx_source"]["premium"] != doc["fx_source"]["money"]
    ):
        raise ValueError(f"{strategy_yaml}: gates and rates are not the ones the oracle reads")
    capital, (krw, coins) = _units(doc["capital"]), _balances(doc["balances"]["upbit"])
    ladder = [(*step.items(),) if isinstance(step, dict) else step for step in execution["on_one_leg"]]
    bands = [(step[0][0], _units(step[0][1]["band"])) for step in ladder if step != "halt"]
    if [kind for kind, _ in bands] != ["retry", "retry", "unwind"] or ladder[-1] != "halt":
        raise ValueError(f"{strategy_yaml}: execution.on_one_leg is not the ladder the oracle reads")
    return Rules(
        capital=capital,
        reserve=_units(doc["reserve"]) * capital,
        krw=krw["KRW"],
        coins=coins,
        inventory=_balances(doc["inventory"]["upbit"])[1],
        usdt=_units(doc["balances"]["binance_usdm"][0]),
        pairs=_pairs(doc, dataset_yaml),
        window=_hours(signal["window"]),
        min_present=_units(signal["min_present"]),
        sigma_floor=_units(signal["sigma_floor"]),
        min_premium=_units(signal["min_premium"]),
        tiers=tuple(_tier(name, tier, sizing[name]) for name, tier in signal["tiers"].items()),
        rearm_below=_units(signal["rearm"]["below_z"]),
        single=_units(gates["gates.max_position", "entry"]["single"]),
        max_age_h=_hours(doc["fx_source"]["premium"]["with"]["max_age"]),
        when_closed_h=_hours(doc["fx_source"]["premium"]["with"]["when_closed"]),
        band=_units(execution["price"]["band"]),
        retries=tuple(band for kind, band in bands if kind == "retry"),
        unwind=bands[-1][1],
        leverage=_units(doc["executors"][1]["with"]["leverage"]),
        near_fee=_units(doc["costs"]["upbit"]["taker"]),
        far_fee=_units(doc["costs"]["binance_usdm"]["taker"]),
        slippage=_units(doc["simulate"]["backtest"]["with"]["slippage"]),
    )


def _pairs(doc: Any, dataset_yaml: Path | None) -> tuple[Pair, ...]:
    facts = _yaml(dataset_yaml)["facts"] if dataset_yaml else None
    pairs = []
    for name, line in doc["pairs"].items():
        if (line["near"], line["far"]) != (f"upbit {name}/KRW", f"binance_usdm {name}/USDT"):
            raise ValueError(f"pairs.{name}: not the two instruments the oracle reads")
        near, far = (_facts(facts[line["near"]]), _facts(facts[line["far"]])) if facts else _brief(name)
        pairs.append(Pair(name, _units(line["share"]), near, far))
    return tuple(pairs)


def _tier(name: str, tier: Any, size: Any) -> Tier:
    if size["split"] != "none":
        raise ValueError(f"sizing.{name}.split: the oracle reads `none` only")
    over = size.get("over_share") == "true"
    return Tier(name, _units(tier["z"]), _units(tier["take_profit"]), _units(size["size"]), over)


def _facts(entry: Any) -> Facts:
    ((_, facts),) = entry.items()  # one epoch only
    tiers = facts.get("maintenance") or [{"rate": "0%", "deduct": "0 USDT"}]
    if facts["from"] != "none" or len(tiers) != 1 or _units(tiers[0]["deduct"]) != 0:
        raise ValueError(f"facts in several epochs or maintenance tiers: not read here: {facts}")
    return Facts(
        step=_units(facts["amount_step"]),
        min_amount=_units(facts["min_amount"]),
        min_notional=_units(facts["min_notional"]),
        ticks=tuple((_units(level["from"]), _units(level["tick"])) for level in facts["ticks"]),
        maintenance=_units(tiers[0]["rate"]),
    )


def _brief(asset: str) -> tuple[Facts, Facts]:
    """Facts where no dataset file states them: Upbit's table of 2024 and Binance's filters."""
    levels = "10:0.1 100:1 1000:1 5000:5 10000:10 50000:50 100000:100 500000:500 1000000:1000"
    near = tuple((Fraction(at), Fraction(tick)) for at, tick in (level.split(":") for level in levels.split()))
    step, least, tick = {"BTC": ("0.001", 50, "0.1"), "ETH": ("0.001", 20, "0.01"), "XRP": ("0.1", 5, "0.0001")}[asset]
    return (
        Facts(Fraction(1, 10**8), Fraction(0), Fraction(5_000), near, Fraction(0)),
        Facts(Fraction(step), Fraction(step), Fraction(least), ((Fraction(0), Fraction(tick)),), Fraction("0.004")),
    )


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def _at(doc: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        doc = doc[key]
    return doc


def _balances(lines: list[str]) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """Money and coins: {"KRW": 45000000}, {"BTC": 1, ...}."""
    amounts = {line.split()[1]: _units(line) for line in lines}
    return {k: v for k, v in amounts.items() if k == "KRW"}, {k: v for k, v in amounts.items() if k != "KRW"}


def _units(text: str) -> Fraction:
    """`40,000,000 KRW`, `0.8%`, `20bp`, `none` (nothing asked: zero) as an exact number."""
    if text == "none":
        return Fraction(0)
    number = text.split()[0].replace(",", "").replace("_", "")
    for unit, factor in UNITS.items():
        if number.endswith(unit):
            return Fraction(number.removesuffix(unit)) * factor
    return Fraction(number)


def _hours(text: str) -> int:
    return int(text[:-1]) * HOURS[text[-1]]
