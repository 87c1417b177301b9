"""The tiered strategy over recorded hours, worked out a second time: every trade and every denial, exactly.

`python -m tests.oracle.tiered_1h [--since 2022-03-01] [--until 2022-06-01] [--rows]` prints a summary. Nothing of karb is
imported; every amount is a Fraction of what was recorded, so there is no rounding but the named one (premium to 1e-8,
half even; an amount down to the common step; a limit to its tick; reserve and margin asked, up to 1e-8).

Readings where neither the order for this page nor rules-exactly.md says:

 1. Facts (steps, ticks, least worth, maintenance) are the dataset's where the dataset file is there: karb runs over it.
 2. One moment, several pairs: judged in the file's order, against the books before any of them filled, less what the
    plans approved earlier at this moment asked for. `same_moment="filled"` fills each pair before the next is judged.
 3. A lack of money is judged at plan prices; the margin asked is the whole far notional also where it nets an opposite lot.
    Margin asked = notional/leverage rounded up to 1e-8, plus the fee unrounded. At the fill nothing is rounded.
 4. The KRW of a plan: a long needs cost + fee within balance - reserve. A short asks the near venue for coins only.
 5. Denied by the share: nothing else is asked. Denied by a minimum: likewise (it is the sizing's cut). A denial does not
    spend the tier; an attempt that did not fill does not either and is no denial (`missed`).
 6. An episode goes on while each judged row of the pair (present row) repeats it; a row that proposes no entry (an exit
    proposed, no tier, spent) ends an entry's. Exits are one episode per lot. Where karb joins rows otherwise, moments and
    counts are what is compared, not episodes. Rules of an age: the line that bound it.
 7. Whether the rate's market is open is asked of the moment T, not of the moment the rate was published.
 8. Exits are judged at every present row, with z or without; re-arming too, also at a row that proposes an exit.
 9. `entered_at` and `exited_at` are the open of the bar that filled (= T), also after a retry within the ladder.
10. Exits of opposite sides netted in one plan: prices are those of the net direction, for every lot of the plan.
11. A missing bar at T counts as no fill of both legs; nothing is tried later but by the next judgement.
12. Money is booked exactly: no venue's rounding of cost, fee or funding. A part of a margin that is given back and the
    venue's average price are held to 1e-30.
13. A position that would be liquidated, or an exit the account could not pay, is an `Incident`; the run goes on as if it
    had not happened, so rows after the first one are not to be compared (`trusted_until`).
14. Liquidation is looked for in the hours a position was held through, after the fills at the hour's open, at the mark
    bar's high (short) or low (long), and (traded bar's where the mark's is absent) after funding of that hour.
15. `since`, `until` cut bars and funding (open times, half open): z is warm 480 hours later, books open as in the file.
16. A settlement is of the venue's one position: lots of opposite sides that cancel out are settled to nothing at all.
17. What is open at the end stays open: in `open_lots`, not in `trades`.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from tests.oracle.account import Account
from tests.oracle.market import HOUR_MS, Market, Z, price, read_markets, read_rates
from tests.oracle.outcome import (
    Denial,
    Incident,
    Lot,
    Missed,
    OracleResult,
    Settlement,
    Trade,
    exact_decimal,
    hour_of,
    iso,
    opening_of,
    side_of,
    summary,
    trade_of,
)
from tests.oracle.rules import Facts, Pair, Rules, Tier, read_rules

HOUSE = Path(__file__).parents[2]
DATA = HOUSE.parent / "shared" / "data"
STRATEGY = HOUSE / "strategies" / "kimp_tiered_1h.yaml"
DATASET = HOUSE / "datasets" / "real_1h.yaml"
DUST = Fraction(1, 10**8)
LOOSE = 1e-6  # floats only decide what is surely too far away to be worth the exact comparison


@dataclass(frozen=True)
class Plan:
    """Both legs of one pair, signed, with the prices they were judged at."""

    pair: Pair
    near: Fraction
    far: Fraction
    near_price: Fraction
    far_price: Fraction
    rate: Fraction
    tier: Tier | None  # of an entry
    lots: tuple[Lot, ...]  # of an exit


def run(
    data_dir: Path = DATA,
    strategy_yaml: Path = STRATEGY,
    *,
    dataset_yaml: Path | None = DATASET,
    since: datetime | None = None,
    until: datetime | None = None,
    same_moment: str = "reserved",
) -> OracleResult:
    rules = read_rules(strategy_yaml, dataset_yaml if dataset_yaml and dataset_yaml.exists() else None)
    first, end = (hour_of(at) if at else None for at in (since, until))
    return Desk(rules, data_dir, first, end, same_moment).run()


class Desk:
    def __init__(self, rules: Rules, data: Path, since: int | None, until: int | None, same_moment: str) -> None:
        self.rules, self.same_moment = rules, same_moment
        self.rates = read_rates(data)
        self.grid, self.markets = read_markets(data, rules, self.rates, since, until)
        self.account = Account(rules)
        self.lots: dict[str, list[Lot]] = {p.name: [] for p in rules.pairs}
        self.spent: dict[str, set[str]] = {p.name: set() for p in rules.pairs}
        self.ongoing: dict[str, dict[object, Denial]] = {p.name: {} for p in rules.pairs}
        self.doomed: set[str] = set()
        self.closed: list[tuple[int, Trade]] = []
        self._nothing_asked()
        self.opened = 0
        self.halted = False
        self.result = OracleResult(iso(self.grid.start), self.grid.length)

    def run(self) -> OracleResult:
        for hour in range(self.grid.start, self.grid.start + self.grid.length + 1):
            for market in self.markets:
                self._settle(market, hour)
            plans: list[tuple[Plan, Market]] = []
            self._nothing_asked()
            for pair, market in zip(self.rules.pairs, self.markets, strict=True):
                plan = self._judge(pair, market, hour)
                if plan and self.same_moment == "filled":
                    self._execute(plan, market, hour)
                    self._nothing_asked()  # what it asked for is spent by now
                elif plan:
                    plans.append((plan, market))
            for plan, market in plans:
                self._execute(plan, market, hour)
            for pair, market in zip(self.rules.pairs, self.markets, strict=True):
                self._look_for_liquidation(pair, market, hour)
        return self._finish()

    def _nothing_asked(self) -> None:
        self.asked = {"krw": Fraction(0), "usdt": Fraction(0)}

    # -- judging ---------------------------------------------------------------------------------------------------

    def _judge(self, pair: Pair, market: Market, hour: int) -> Plan | None:
        i = self.grid.at(hour) - 1
        if i < 0 or market.premium[i] is None:
            return None
        seen, self.ongoing[pair.name] = self.ongoing[pair.name], {}
        moment = Moment(market, i, self.rules.slippage, self._rate(hour))
        proposed = [lot for lot in self.lots[pair.name] if self._takes_profit(lot, moment)]
        z = market.z[i]
        if z and not z.reaches(self.rules.rearm_below):
            self.spent[pair.name].clear()
        if proposed:
            return self._exit(pair, proposed, moment, hour, seen)
        return self._entry(pair, z, moment, hour, seen) if z else None

    def _takes_profit(self, lot: Lot, moment: Moment) -> bool:
        near, far = moment.leave(lot.d)
        fee = self.rules.near_fee + self.rules.far_fee
        funded, target = lot.booked * moment.rate / lot.near_cost, lot.tier.take_profit
        rough = float(near / (far * moment.rate) / (lot.near_entry / (lot.far_entry * lot.rate))) - 1
        if lot.d * rough - float(fee) * (2 + rough) + float(funded) < float(target) - LOOSE:
            return False
        e = 1 + _premium(lot.near_cost, lot.far_cost * lot.rate)
        p = 1 + _premium(near, far * moment.rate)
        return lot.d * (p - e) / e - fee - fee * p / e + funded >= target

    def _exit(self, pair: Pair, lots: list[Lot], moment: Moment, hour: int, seen: dict[object, Denial]) -> Plan | None:
        allowed = []
        for lot in lots:
            if self._in_profit(lot, moment):
                allowed.append(lot)
            else:
                self._deny(seen, pair, lot.tier, lot.d, {"profit_only_exit"}, hour, lot)
        if not allowed:
            return None
        near = sum((-lot.d * lot.amount for lot in allowed), Fraction(0))
        if len({lot.d for lot in allowed}) > 1:
            self.result.ladder.append(f"{iso(hour)} {pair.name}: exits of opposite sides in one plan")
        near_price, far_price = moment.leave(-1 if near > 0 else 1)
        return Plan(pair, near, -near, near_price, far_price, moment.rate, None, tuple(allowed))

    def _in_profit(self, lot: Lot, moment: Moment) -> bool:
        near, far = moment.leave(lot.d)
        won, dollars = lot.results(near, far)
        paid = lot.fees_krw + lot.fees_usdt * moment.rate
        leaving = lot.amount * (near * self.rules.near_fee + far * self.rules.far_fee * moment.rate)
        return won + (dollars + lot.booked) * moment.rate - paid - leaving > 0

    def _entry(self, pair: Pair, z: Z, moment: Moment, hour: int, seen: dict[object, Denial]) -> Plan | None:
        reached = [tier for tier in self.rules.tiers if z.reaches(tier.z)]
        premium = Fraction(moment.market.premium[moment.i] or 0, 10**8)
        if not reached or abs(premium) < self.rules.min_premium:
            return None
        tier, d = max(reached, key=lambda t: t.z), -1 if z.dev > 0 else 1
        if tier.name in self.spent[pair.name]:
            return None
        near, far = moment.leave(-d)  # getting in is what leaving the other side would be
        notional = tier.size * self.rules.capital
        amount = _down(notional / near, max(DUST, pair.near.step, pair.far.step))
        refused = self._sizing_refuses(pair, tier, notional, amount, near, far)
        refused = refused or self._gates_refuse(pair, amount, near, far, moment.rate, d, hour)
        if refused:
            self._deny(seen, pair, tier, d, refused, hour, None)
            return None
        self.asked["usdt"] += amount * far * (1 / self.rules.leverage + self.rules.far_fee)
        self.asked["krw"] += amount * near * (1 + self.rules.near_fee) if d > 0 else 0
        return Plan(pair, d * amount, -d * amount, near, far, moment.rate, tier, ())

    def _sizing_refuses(
        self, pair: Pair, tier: Tier, notional: Fraction, amount: Fraction, near: Fraction, far: Fraction
    ) -> set[str]:
        if not tier.over_share and self._open(pair) + notional > pair.share * self.rules.capital:
            return {"share"}
        for facts, at in ((pair.near, near), (pair.far, far)):
            if amount < max(facts.min_amount, facts.step) or amount * _down(at, _tick(facts, at)) < facts.min_notional:
                return {"minimum"}
        return set()

    def _gates_refuse(
        self, pair: Pair, amount: Fraction, near: Fraction, far: Fraction, rate: Fraction, d: int, hour: int
    ) -> set[str]:
        rules, account = self.rules, self.account
        refused = {"halt"} if self.halted else set()
        free_usdt = account.usdt - _up(rules.reserve / rate, DUST) - self.asked["usdt"]
        if _up(amount * far / rules.leverage, DUST) + amount * far * rules.far_fee > free_usdt:
            refused.add("money.usdt")
        if d > 0 and amount * near * (1 + rules.near_fee) > account.krw - rules.reserve - self.asked["krw"]:
            refused.add("money.krw")
        if d < 0 and amount > account.sellable(pair.name):
            refused.add("money.coins")
        known = self.rates.at(hour)
        opened = _fixing_open(hour)
        if known is None or known[1] > (rules.max_age_h if opened else rules.when_closed_h) * HOUR_MS:
            refused.add("max_age" if opened else "when_closed")
        if self._open(pair) + amount * near > rules.single * rules.capital:
            refused.add("max_position")
        return refused

    def _open(self, pair: Pair) -> Fraction:
        return sum((lot.near_cost for lot in self.lots[pair.name]), Fraction(0))

    def _deny(
        self, seen: dict[object, Denial], pair: Pair, tier: Tier, d: int, rules: set[str], hour: int, lot: Lot | None
    ) -> None:
        key = (tier.name, d, frozenset(rules), lot and lot.number)
        denial = seen.get(key)
        if denial is None:
            stand, number = ("exit", lot.number) if lot else ("entry", None)
            at = iso(hour)
            denial = Denial(pair.name, tier.name, side_of(d), stand, frozenset(rules), at, at, 0, number)
            self.result.denials.append(denial)
        denial.last_at, denial.count = iso(hour), denial.count + 1
        denial.moments.append(denial.last_at)
        self.ongoing[pair.name][key] = denial

    # -- filling ---------------------------------------------------------------------------------------------------

    def _execute(self, plan: Plan, market: Market, hour: int) -> None:
        i = self.grid.at(hour)
        near_open, far_open = price(market.near.open, i), price(market.far.open, i)
        if near_open is None or far_open is None:
            self._miss(plan, hour, "no bar of both legs opens")
            return
        near, far = self._moved(near_open, plan.near), self._moved(far_open, plan.far)
        within = [self._both_within(plan, near, far, band) for band in (self.rules.band, *self.rules.retries)]
        if within[0] == (False, False):
            self._miss(plan, hour, "both legs outside their limits")
            return
        if within[0] != (True, True):
            step = next((n for n, both in enumerate(within) if both == (True, True)), None)
            self.result.ladder.append(
                f"{iso(hour)} {plan.pair.name}: one leg; {f'retry {step}' if step else 'unwound'}"
            )
            if step is None:
                self._unwind(
                    plan, hour, within[0][0], near if within[0][0] else far, near_open if within[0][0] else far_open
                )
                return
        self._fill(plan, hour, near, far)

    def _both_within(self, plan: Plan, near: Fraction, far: Fraction, band: Fraction) -> tuple[bool, bool]:
        return (
            _within(near, plan.near, plan.near_price, band, plan.pair.near),
            _within(far, plan.far, plan.far_price, band, plan.pair.far),
        )

    def _fill(self, plan: Plan, hour: int, near: Fraction, far: Fraction) -> None:
        name, rules = plan.pair.name, self.rules
        if plan.near > 0 and plan.near * near * (1 + rules.near_fee) > self.account.krw:
            self._incident(name, hour, f"the near venue lacks won for {side_of(1 if plan.tier else -1)}")
        self.account.near_fill(name, plan.near, near)
        self.account.far_fill(name, plan.far, far)
        if self.account.usdt < 0:
            self._incident(name, hour, "the far wallet is below zero")
        if plan.tier:
            amount, d = abs(plan.near), 1 if plan.near > 0 else -1
            fees = amount * near * rules.near_fee, amount * far * rules.far_fee
            self.opened += 1
            self.lots[name].append(Lot(self.opened, name, plan.tier, d, hour, plan.rate, amount, near, far, *fees))
            self.spent[name].add(plan.tier.name)
        for lot in plan.lots:
            self.lots[name].remove(lot)
            self.closed.append((lot.number, trade_of(lot, hour, near, far, plan.rate, rules)))

    def _unwind(self, plan: Plan, hour: int, near_filled: bool, paid: Fraction, opened: Fraction) -> None:
        """The filled leg is traded back at the same open; no entries from here on."""
        name, amount = plan.pair.name, plan.near if near_filled else plan.far
        back, facts = self._moved(opened, -amount), plan.pair.near if near_filled else plan.pair.far
        fill = self.account.near_fill if near_filled else self.account.far_fill
        fill(name, amount, paid)
        if _within(back, -amount, plan.near_price if near_filled else plan.far_price, self.rules.unwind, facts):
            fill(name, -amount, back)
        else:
            self._incident(name, hour, "stranded: the unwind is outside its band")
        if plan.tier:
            self.spent[name].add(plan.tier.name)
        self.halted = True

    def _moved(self, opened: Fraction, amount: Fraction) -> Fraction:
        return opened * (1 + (self.rules.slippage if amount > 0 else -self.rules.slippage))

    def _miss(self, plan: Plan, hour: int, why: str) -> None:
        what = f"entry {plan.tier.name}" if plan.tier else f"exit of {len(plan.lots)}"
        self.result.missed.append(Missed(plan.pair.name, iso(hour), what, why))

    # -- what the far venue does of itself -------------------------------------------------------------------------

    def _settle(self, market: Market, hour: int) -> None:
        rate = market.funding.get(hour)
        i = self.grid.at(hour)
        if rate is None or i >= self.grid.length or not self.lots[market.name]:
            return
        mark = price(market.mark.open, i) or price(market.far.open, i)
        if mark is None:
            self._incident(market.name, hour, "no mark to settle funding at")
            return
        position = self.account.positions[market.name]
        if position.amount:
            received = -position.amount * mark * rate
            position.margin += received
            self.result.settlements.append(Settlement(iso(hour), market.name, exact_decimal(received)))
        for lot in self.lots[market.name]:
            usdt = lot.d * lot.amount * mark * rate
            lot.funding.append((hour, usdt))
            lot.booked += usdt

    def _look_for_liquidation(self, pair: Pair, market: Market, hour: int) -> None:
        held, i = self.account.positions[pair.name], self.grid.at(hour)
        if held.amount == 0:
            self.doomed.discard(pair.name)
        if held.amount == 0 or pair.name in self.doomed:
            return
        bars = ("high", "low")[held.amount > 0]
        worst = price(getattr(market.mark, bars), i) or price(getattr(market.far, bars), i)
        if worst is not None and held.liquidated_at(worst, pair.far.maintenance):
            self.doomed.add(pair.name)
            self._incident(pair.name, hour, f"liquidation of {float(held.amount)} at a mark of {float(worst)}")

    def _incident(self, pair: str, hour: int, what: str) -> None:
        self.result.incidents.append(Incident(pair, iso(hour), what))

    def _rate(self, hour: int) -> Fraction:
        known = self.rates.at(hour)
        assert known  # a row without a rate is absent
        return known[0]

    def _finish(self) -> OracleResult:
        left = sorted((lot for lots in self.lots.values() for lot in lots), key=lambda lot: lot.number)
        self.result.trades = [trade for _, trade in sorted(self.closed, key=lambda pair: pair[0])]
        self.result.open_lots = [Trade(**opening_of(lot)) for lot in left]
        coins = {asset: exact_decimal(amount) for asset, amount in self.account.coins.items()}
        self.result.balances = {"KRW": exact_decimal(self.account.krw), "USDT": float(self.account.usdt), **coins}
        return self.result


@dataclass(frozen=True)
class Moment:
    """One judged row: bid and ask are the closes moved by the slippage (R48)."""

    market: Market
    i: int
    slippage: Fraction
    rate: Fraction

    def leave(self, d: int) -> tuple[Fraction, Fraction]:
        """Prices to leave a lot of side d: a long sells near at its bid and buys far at its ask."""
        near, far = price(self.market.near.close, self.i), price(self.market.far.close, self.i)
        assert near is not None and far is not None
        return near * (1 - d * self.slippage), far * (1 + d * self.slippage)


def _within(fill: Fraction, amount: Fraction, plan: Fraction, band: Fraction, facts: Facts) -> bool:
    """A buy at or below plan + band, floored to the tick; a sale at or above plan - band, raised to it."""
    edge = plan * (1 + band if amount > 0 else 1 - band)
    return fill <= _down(edge, _tick(facts, edge)) if amount > 0 else fill >= _up(edge, _tick(facts, edge))


def _tick(facts: Facts, at: Fraction) -> Fraction:
    return next((tick for start, tick in reversed(facts.ticks) if at >= start), facts.ticks[0][1])


def _down(value: Fraction, step: Fraction) -> Fraction:
    return value // step * step


def _up(value: Fraction, step: Fraction) -> Fraction:
    return -(-value // step) * step


def _premium(near: Fraction, far: Fraction) -> Fraction:
    return Fraction(round((near / far - 1) * 10**8), 10**8)


def _fixing_open(hour: int) -> bool:
    """Monday 15:00 UTC to Friday 15:00 UTC; 1970-01-01 was a Thursday."""
    of_week = (hour + 3 * 24) % 168
    return 15 <= of_week < 4 * 24 + 15


def main() -> None:
    day = lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC)  # noqa: E731
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--strategy", type=Path, default=STRATEGY)
    options.add_argument("--since", type=day)
    options.add_argument("--until", type=day)
    options.add_argument("--rows", action="store_true", help="every trade and denial too")
    asked = options.parse_args()
    result = run(asked.data, asked.strategy, since=asked.since, until=asked.until)
    rows = [str(row) for row in (*result.trades, *result.open_lots, *result.denials)] if asked.rows else []
    sys.stdout.write("\n".join([*rows, summary(result), ""]))


if __name__ == "__main__":
    main()
