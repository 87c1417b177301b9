"""`kimp_zscore` over recorded hours, worked out a second time from its section in strategies/README.md.

Nothing of karb is imported. How a plan fills, what funding pays and when a position would be taken away is the hourly
desk's of `tiered_1h`, whose readings hold here too. Of this page is what differs: one bound without a tier, the pair's whole
share in one entry, and a refusal for want of that share where a lot is open. Of one moment each pair is filled before the
next is judged, as over data nothing lies between the two.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from pathlib import Path

from tests.oracle.market import Z
from tests.oracle.outcome import Denial, OracleResult
from tests.oracle.rules import Pair, Rules, Tier, _balances, _hours, _pairs, _units, _yaml
from tests.oracle.tiered_1h import DUST, Desk, Moment, Plan, _down, hour_of

ONE_READING = {"bar": "1h", "price": "close", "premium_sign": "any", "when_high": "short_premium", "max_open": "none"}
ONE_POLICY = {
    "profit_by": "premium", "profit": "net", "funding": "counted", "exit_z": "none", "exit_when": "any", "stop_loss": "none",
}  # fmt: skip


def read_zscore(file: Path, dataset: Path) -> Rules:
    """Errors: ValueError for a line that is read in one way only and says something else."""
    doc = _yaml(file)
    signal, execution = doc["signal"]["with"], doc["execution"]
    for said, lines in ((signal, ONE_READING), (signal["exit"], ONE_POLICY)):
        for key, word in lines.items():
            if said[key] != word:
                raise ValueError(f"{file}: {key}: the oracle reads {word!r} only, not {said[key]!r}")
    sizing = doc["sizing"]["with"]
    if (sizing["of"], sizing["counts"], sizing["size"]) != ("pair_share", "near_leg", "100%"):
        raise ValueError(f"{file}: sizing: the oracle reads the pair's whole share only")
    ladder = [next(iter(step.items())) for step in execution["on_one_leg"] if step != "halt"]
    single = next(g["with"]["single"] for g in doc["risk_gates"] if g["use"] == "gates.max_position")
    capital, (krw, coins) = _units(doc["capital"]), _balances(doc["balances"]["upbit"])
    bound = Tier("", _units(signal["entry"]), _units(signal["take_profit"]), Fraction(0), False)
    return Rules(
        capital=capital, reserve=_units(doc["reserve"]) * capital, krw=krw["KRW"], coins=coins,
        inventory=_balances(doc["inventory"]["upbit"])[1], usdt=_units(doc["balances"]["binance_usdm"][0]),
        pairs=_pairs(doc, dataset), window=_hours(signal["window"]), min_present=_units(signal["min_present"]),
        sigma_floor=_units(signal["sigma_floor"]), min_premium=_units(signal["min_premium"]), tiers=(bound,),
        rearm_below=_units(signal["rearm"]["below_z"]), single=_units(single),
        max_age_h=_hours(doc["fx_source"]["premium"]["with"]["max_age"]),
        when_closed_h=_hours(doc["fx_source"]["premium"]["with"]["when_closed"]),
        band=_units(execution["price"]["band"]), retries=tuple(_units(s["band"]) for kind, s in ladder if kind == "retry"),
        unwind=_units(ladder[-1][1]["band"]), leverage=_units(doc["executors"][1]["with"]["leverage"]),
        near_fee=_units(doc["costs"]["upbit"]["taker"]), far_fee=_units(doc["costs"]["binance_usdm"]["taker"]),
        slippage=_units(doc["simulate"]["backtest"]["with"]["slippage"]),
    )  # fmt: skip


class ZDesk(Desk):
    def _entry(self, pair: Pair, z: Z, moment: Moment, hour: int, seen: dict[object, Denial]) -> Plan | None:
        (bound,) = self.rules.tiers
        premium = Fraction(moment.market.premium[moment.i] or 0, 10**8)
        if not z.reaches(bound.z) or abs(premium) < self.rules.min_premium or bound.name in self.spent[pair.name]:
            return None
        d = -1 if z.dev > 0 else 1
        near, far = moment.leave(-d)
        notional = pair.share * self.rules.capital
        amount = _down(notional / near, max(DUST, pair.near.step, pair.far.step))
        refused = self._sizing_refuses(pair, bound, notional, amount, near, far)
        refused = refused or self._gates_refuse(pair, amount, near, far, moment.rate, d, hour)
        if refused:
            self._deny(seen, pair, bound, d, refused, hour, None)
            return None
        self.asked["usdt"] += amount * far * (1 / self.rules.leverage + self.rules.far_fee)
        self.asked["krw"] += amount * near * (1 + self.rules.near_fee) if d > 0 else 0
        return Plan(pair, d * amount, -d * amount, near, far, moment.rate, bound, ())


def run(
    data: Path, strategy: Path, dataset: Path, since: datetime | None = None, until: datetime | None = None
) -> OracleResult:
    first, end = (hour_of(at) if at else None for at in (since, until))
    return ZDesk(read_zscore(strategy, dataset), data, first, end, "filled").run()
