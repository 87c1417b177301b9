"""The strategies on plain levels over recorded hours, worked out a second time from their sections in strategies/README.md.

Nothing of karb is imported. How a plan fills, what funding pays and when a position would be taken away is the hourly
desk's of `tiered_1h`, whose readings hold here too; judging, sizing and refusing are of this page:

 1. The premium that is compared is that of the sides (a close moved against us by the slippage), rounded to 1e-8, half
    even. Strictly beyond a level is entered, `above` before `below`; back at `leave_at` is left.
 2. The funding asked for is the rate that was settled last, at the moment's own hour included; strictly above its bound.
 3. Profit in won is what both legs would bring at the sides less all fees and with the funding booked, over nothing: a
    target of nothing is reached at nothing, and `profit_only_exit` asks for more than nothing.
 4. A stop in points is reached at net points of minus the stop or below.
 5. One lot a pair: nothing is entered while one is open, and none in the hour in which one is left or proposed to be.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.oracle.market import HOUR_MS, Market
from tests.oracle.outcome import Denial, Lot, OracleResult
from tests.oracle.rules import Pair, Rules, Tier, _balances, _hours, _pairs, _units, _yaml
from tests.oracle.tiered_1h import DUST, Desk, Moment, Plan, _down, _fixing_open, _premium, _tick, _up, hour_of


@dataclass(frozen=True)
class Level:
    tier: Tier
    d: int
    bound: Fraction
    rising: bool
    leave_at: Fraction | None


@dataclass(frozen=True)
class Levels:
    levels: tuple[Level, ...]
    funding_above: Fraction | None
    target: Fraction | None
    stop: Fraction | None
    in_won: bool
    only_gains: bool
    notional: Fraction


ONE_READING = {
    "bar": "1h", "price": "close", "at": "sides", "max_open": "1",
}  # fmt: skip
ONE_POLICY = {"profit": "net", "funding": "counted", "exit_z": "none", "exit_when": "any"}


def read_levels(file: Path, dataset: Path) -> tuple[Rules, Levels]:
    """Errors: ValueError for a line that is read in one way only and says something else."""
    doc = _yaml(file)
    signal, sizing, execution = doc["signal"]["with"], doc["sizing"]["with"], doc["execution"]
    policy = signal["exit"]
    for said, lines in ((signal, ONE_READING), (policy, ONE_POLICY)):
        for key, word in lines.items():
            if said[key] != word:
                raise ValueError(f"{file}: {key}: the oracle reads {word!r} only, not {said[key]!r}")
    if doc["signal"]["use"] != "premium.threshold" or policy["max_holding"]["then"] != "tell":
        raise ValueError(f"{file}: not a strategy on levels that only tells of old lots")
    capital, (krw, coins) = _units(doc["capital"]), _balances(doc["balances"]["upbit"])
    inventory = {"BTC": Fraction(0)} if doc["inventory"] == "none" else _balances(doc["inventory"]["upbit"])[1]
    ladder = [next(iter(step.items())) for step in execution["on_one_leg"] if step != "halt"]
    leverage = _units(doc["executors"][1]["with"]["leverage"])
    levels = tuple(
        Level(
            Tier(name, Fraction(0), Fraction(0), Fraction(0), False),
            1 if line["enter"] == "long_premium" else -1,
            _units(line["premium"]),
            name == "above",
            None if line["leave_at"] == "none" else _units(line["leave_at"]),
        )
        for name, line in ((name, signal[name]) for name in ("above", "below"))
        if line != "none"
    )
    stop = None if policy["stop_loss"] == "none" else _units(policy["stop_loss"])
    rules = Rules(
        capital=capital, reserve=_units(doc["reserve"]) * capital, krw=krw["KRW"], coins={"BTC": Fraction(0)} | coins,
        inventory=inventory, usdt=_units(doc["balances"]["binance_usdm"][0]), pairs=_pairs(doc, dataset), window=1,
        min_present=Fraction(1), sigma_floor=Fraction(0), min_premium=Fraction(0), tiers=(), rearm_below=Fraction(0),
        single=Fraction(0), max_age_h=_hours(doc["fx_source"]["premium"]["with"]["max_age"]),
        when_closed_h=_hours(doc["fx_source"]["premium"]["with"]["when_closed"]),
        band=_units(execution["price"]["band"]), retries=tuple(_units(s["band"]) for kind, s in ladder if kind == "retry"),
        unwind=_units(ladder[-1][1]["band"]), leverage=leverage, near_fee=_units(doc["costs"]["upbit"]["taker"]),
        far_fee=_units(doc["costs"]["binance_usdm"]["taker"]),
        slippage=_units(doc["simulate"]["backtest"]["with"]["slippage"]),
    )  # fmt: skip
    return rules, Levels(
        levels=levels,
        funding_above=None if signal["funding_above"] == "none" else _units(signal["funding_above"]),
        target=None if signal["take_profit"] == "none" else _units(signal["take_profit"]),
        stop=stop,
        in_won=policy["profit_by"] == "krw",
        only_gains=any(gate["use"] == "gates.profit_only_exit" for gate in doc["risk_gates"]),
        notional=_notional(doc["sizing"]["use"], sizing, capital, stop, leverage),
    )


def _notional(use: str, sizing: Any, capital: Fraction, stop: Fraction | None, leverage: Fraction) -> Fraction:
    """The near leg: a part of the capital over both legs, or what loses the risk at the stop."""
    if use == "sizing.risk_per_trade":
        assert stop
        return _down(capital * _units(sizing["risk"]) / stop, DUST)
    assert (use, sizing["of"], sizing["counts"]) == ("sizing.share", "capital", "both_legs")
    return _down(capital * _units(sizing["size"]) * leverage / (leverage + 1), DUST)


class LevelDesk(Desk):
    def __init__(self, rules: Rules, own: Levels, data: Path, since: int | None, until: int | None) -> None:
        super().__init__(rules, data, since, until, "reserved")
        self.own = own
        self.settled = sorted(self.markets[0].funding)

    def _judge(self, pair: Pair, market: Market, hour: int) -> Plan | None:
        i = self.grid.at(hour) - 1
        if i < 0 or market.premium[i] is None:
            return None
        seen, self.ongoing[pair.name] = self.ongoing[pair.name], {}
        moment = Moment(market, i, self.rules.slippage, self._rate(hour))
        lots = self.lots[pair.name]
        due = [lot for lot in lots if self._due(lot, moment)]
        if due:
            return self._way_out(pair, due[0], moment, hour, seen)
        return None if lots else self._way_in(pair, moment, hour, seen)

    def _due(self, lot: Lot, moment: Moment) -> bool:
        near, far = moment.leave(lot.d)
        level = next(level for level in self.own.levels if level.tier == lot.tier)
        now = _premium(near, far * moment.rate)
        if level.leave_at is not None and (now <= level.leave_at if level.rising else now >= level.leave_at):
            return True
        net = self._net(lot, moment)
        if self.own.stop is not None and net <= -self.own.stop:
            return True
        return self.own.target is not None and net >= self.own.target

    def _net(self, lot: Lot, moment: Moment) -> Fraction:
        """Over the near notional at entry: in won, or in points of premium."""
        near, far = moment.leave(lot.d)
        if self.own.in_won:
            won, dollars = lot.results(near, far)
            paid = lot.fees_krw + lot.fees_usdt * moment.rate
            leaving = lot.amount * (near * self.rules.near_fee + far * self.rules.far_fee * moment.rate)
            return (won + (dollars + lot.booked) * moment.rate - paid - leaving) / lot.near_cost
        e, p = 1 + _premium(lot.near_cost, lot.far_cost * lot.rate), 1 + _premium(near, far * moment.rate)
        fee = self.rules.near_fee + self.rules.far_fee
        return lot.d * (p - e) / e - fee - fee * p / e + lot.booked * moment.rate / lot.near_cost

    def _way_out(self, pair: Pair, lot: Lot, moment: Moment, hour: int, seen: dict[object, Denial]) -> Plan | None:
        if self.own.only_gains and not self._in_profit(lot, moment):
            self._deny(seen, pair, lot.tier, lot.d, {"profit_only_exit"}, hour, lot)
            return None
        near_price, far_price = moment.leave(lot.d)
        near = -lot.d * lot.amount
        return Plan(pair, near, -near, near_price, far_price, moment.rate, None, (lot,))

    def _way_in(self, pair: Pair, moment: Moment, hour: int, seen: dict[object, Denial]) -> Plan | None:
        for level in self.own.levels:
            near, far = moment.leave(-level.d)
            now = _premium(near, far * moment.rate)
            if (now > level.bound if level.rising else now < level.bound) and self._funded(hour):
                break
        else:
            return None
        amount = _down(self.own.notional / near, max(DUST, pair.near.step, pair.far.step))
        refused = self._refused(pair, amount, near, far, moment.rate, level.d, hour)
        if refused:
            self._deny(seen, pair, level.tier, level.d, refused, hour, None)
            return None
        return Plan(pair, level.d * amount, -level.d * amount, near, far, moment.rate, level.tier, ())

    def _funded(self, hour: int) -> bool:
        if self.own.funding_above is None:
            return True
        at = bisect_right(self.settled, hour) - 1
        return at >= 0 and self.markets[0].funding[self.settled[at]] > self.own.funding_above

    def _refused(
        self, pair: Pair, amount: Fraction, near: Fraction, far: Fraction, rate: Fraction, d: int, hour: int
    ) -> set[str]:
        for facts, at in ((pair.near, near), (pair.far, far)):
            if amount < max(facts.min_amount, facts.step) or amount * _down(at, _tick(facts, at)) < facts.min_notional:
                return {"minimum"}
        rules, account = self.rules, self.account
        refused = {"halt"} if self.halted else set()
        margin = _up(amount * far / rules.leverage, DUST) + amount * far * rules.far_fee
        if margin > account.usdt - _up(rules.reserve / rate, DUST):
            refused.add("money.usdt")
        if d > 0 and amount * near * (1 + rules.near_fee) > account.krw - rules.reserve:
            refused.add("money.near")
        if d < 0 and amount > account.sellable(pair.name):
            refused.add("money.near")
        known, opened = self.rates.at(hour), _fixing_open(hour)
        if known is None or known[1] > (rules.max_age_h if opened else rules.when_closed_h) * HOUR_MS:
            refused.add("max_age" if opened else "when_closed")
        return refused


def run(
    data: Path, strategy: Path, dataset: Path, since: datetime | None = None, until: datetime | None = None
) -> OracleResult:
    rules, own = read_levels(strategy, dataset)
    first, end = (hour_of(at) if at else None for at in (since, until))
    return LevelDesk(rules, own, data, first, end).run()
