"""Waking only where a signal could act gives the judgements of judging every row, exact ties included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.domain.market import Top
from karb_core.history.prices import exact as price_of
from karb_core.ports import Fired, Judgement, Moment, PairSeries, Standing
from tests.plugins.karb_premium.signals import plain, series, tiered
from tests.plugins.scene import LEGS, LONG, SHORT, TERMS, lot, rate, top

MS = 1_000_000


def slipped(instrument: Any, close: float, slippage: Decimal) -> Top:
    price = price_of(close)
    bid, ask = (exact.mul(price, exact.add(Decimal(1), s)) for s in (exact.negate(slippage), slippage))
    return top(instrument, str(bid), str(ask))


def row(of: PairSeries, features: Mapping[str, Any], at: int, slippage: Decimal) -> Moment:
    """The moment of a row, as a desk makes it: prices from closes moved against us."""
    at_ns = int(of.closed_at_ms[at]) * MS
    assert of.rate is not None
    known = {"premium": rate(repr(float(of.rate[at])), at_ns=at_ns)} if of.rate[at] > 0 else {}
    if of.money is not None:
        known["money"] = rate(repr(float(of.money[at])), at_ns=at_ns)
    tops = tuple(slipped(leg, float(c[at]), slippage) for leg, c in zip(LEGS, of.closes, strict=True))
    values = {name: column[at].item() for name, column in features.items()}
    return Moment("BTC", at_ns, values, LEGS, tops, known)


def acting(signal: Any, of: PairSeries, standing: Standing, slippage: Decimal) -> list[int]:
    """The rows at which judging does anything; a desk judges rows in which every leg has its bar."""
    features = signal.features(of)
    whole = np.flatnonzero(of.present[0] & of.present[1]).tolist()
    judged = {at: signal.judge(row(of, features, at, slippage), standing, TERMS) for at in whole}
    return [at for at, found in judged.items() if found != Judgement()]


def missed(signal: Any, of: PairSeries, standing: Standing, slippage: Decimal = Decimal(0)) -> list[int]:
    mask = signal.wakes(signal.features(of), standing, TERMS)
    assert mask.dtype == np.bool_
    return [at for at in acting(signal, of, standing, slippage) if not mask[at]]


steps = st.lists(st.sampled_from([-800, -200, -100, 0, 100, 200, 800, None]), min_size=12, max_size=60)
signals = st.builds(
    lambda one, exits, rules: (plain if one else tiered)(exits, **rules),
    st.booleans(),
    st.fixed_dictionaries(
        {
            "profit_by": st.sampled_from(["premium", "premium", "krw"]),
            "profit": st.sampled_from(["net", "gross"]),
            "funding": st.sampled_from(["counted", "ignored"]),
            "exit_z": st.sampled_from(["none", Decimal(0), Decimal("0.5"), Decimal(1)]),
            "exit_when": st.sampled_from(["any", "all"]),
            "stop_loss": st.sampled_from(["none", "none", "1%"]),
            "max_holding": st.sampled_from(
                ["none", "none", *({"for": "1h", "then": then} for then in ("exit", "tell", "stop_entries"))]
            ),
        }
    ),
    st.fixed_dictionaries(
        {
            "rearm": st.sampled_from(["none", {"below_z": 1}, {"below_z": 2}]),
            "min_premium": st.sampled_from(["none", "0.5%", "1%"]),
            "premium_sign": st.sampled_from(["any", "agrees"]),
            "when_high": st.sampled_from([SHORT, LONG, "none"]),
            "when_low": st.sampled_from([SHORT, LONG, "none"]),
            "sigma_floor": st.sampled_from(["0%", "0.1%"]),
            "max_open": st.sampled_from(["none", "none", 1, 2]),
        }
    ),
)
held = st.builds(
    lambda side, near, target, funding, tier: lot(
        side, near=str(near), target=target, funding=funding, tier=tier, fees=("50", "0.05")
    ),
    st.sampled_from([SHORT, LONG]),
    st.integers(970, 1060).map(lambda n: n * 100),
    st.sampled_from([None, "0.001", "0.008", "0.02"]),
    st.sampled_from([(), ("-0.3 USDT",), ("0.3 USDT",), ("0.2 USDT", "-100 KRW")]),
    st.sampled_from(["normal", "extreme"]),
)
standings = st.builds(
    lambda lots, fired, told: Standing(
        tuple(lots), tuple(Fired(name, 1, Decimal(0), done) for name, done in fired), told
    ),
    st.lists(held, max_size=2),
    st.lists(st.tuples(st.sampled_from(["", "normal", "extreme", "ultra"]), st.booleans()), max_size=2),
    st.sampled_from([frozenset[str](), frozenset({"lot-1"})]),
)


def walk(moves: list[int | None], rates: bool, money: bool) -> PairSeries:
    closes, at = [], 102_000
    for move in moves:
        at += move or 0
        closes.append(0.0 if move is None else float(at))
    known = [1000.0 if not rates or i % 7 else 0.0 for i in range(len(closes))]
    return series(closes, rate=known, money=[1000.0 + 3 * (i % 9) for i in range(len(closes))] if money else None)


@settings(max_examples=150, deadline=None)
@given(signals, standings, steps, st.booleans(), st.booleans(), st.sampled_from(["0", "0.0003"]))
def test_no_row_at_which_judging_would_act_is_slept_through(
    signal: Any, standing: Standing, moves: list[int | None], rates: bool, money: bool, slippage: str
) -> None:
    assert missed(signal, walk(moves, rates, money), standing, Decimal(slippage)) == []


def on_tops(of: PairSeries, spread: Decimal) -> PairSeries:
    """The same rows as a grid of tops, so far around the closes."""
    return replace(of, facing=lambda leg, side: of.closes[leg] * float(1 + side.sign * spread))


GRID = {"bar": "none", "grid": {"every": "5m", "max_age": "5m"}, "price": "mid"}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([plain, tiered]), standings, steps, st.sampled_from(["0.1%", "0.7%", "3%"]), st.booleans(),
       st.sampled_from(["net", "gross"]), st.sampled_from(["0.00001", "0.0003", "0.004"]))  # fmt: skip
def test_no_row_of_a_grid_at_which_a_stop_would_act_is_slept_through(
    made: Any, standing: Standing, moves: list[int | None], stop: str, money: bool, profit: str, spread: str
) -> None:
    signal = made({"stop_loss": stop, "profit": profit}, **GRID)
    of = on_tops(walk(moves, True, money), Decimal(spread))
    assert missed(signal, of, standing, Decimal(spread)) == []


@pytest.mark.parametrize(("side", "entered"), [(LONG, "103000"), (SHORT, "101000")])
def test_on_a_grid_a_stop_wakes_at_its_bound_and_not_before(side: str, entered: str) -> None:
    """1,000 of the entry's near price is lost at the middles, and 10 more on each leg at the sides: about 0.99 %."""
    of = on_tops(series([102_000.0] * 9), Decimal(10) / Decimal(102_000))
    standing, rules = Standing((lot(side, near=entered, target=None),)), {"profit": "gross", "funding": "ignored"}
    near, beyond = (plain({"stop_loss": stop} | rules, **GRID) for stop in ("0.98%", "1.02%"))
    assert near.wakes(near.features(of), standing, TERMS).all()
    assert not beyond.wakes(beyond.features(of), standing, TERMS).any()


@settings(max_examples=40, deadline=None)
@given(signals, standings, steps, st.integers(0, 59))
def test_a_slice_of_the_features_gives_the_slice_of_the_mask(
    signal: Any, standing: Standing, moves: list[int | None], cut: int
) -> None:
    features = signal.features(walk(moves, True, True))
    part = {name: column[cut:] for name, column in features.items()}
    whole = signal.wakes(features, standing, TERMS)
    assert whole[cut:].tolist() == signal.wakes(part, standing, TERMS).tolist()


# Seven bars at one premium and one elsewhere: z is exactly the root of 7, whatever the step between.
TIE = [103_000.0] * 7 + [103_100.0]


def test_a_z_exactly_at_its_bound_wakes() -> None:
    far_out = float(plain().features(series(TIE))["z"][-1])
    at_it = plain(entry=Decimal.from_float(far_out))
    assert acting(at_it, series(TIE), Standing(), Decimal(0)) == [7]
    assert missed(at_it, series(TIE), Standing()) == []
    # one step of 0.1 % over a mean of an eighth of it, divided by a floor of 0.05 %
    exactly = plain(entry=Decimal("1.75"), sigma_floor="0.05%")
    assert exactly.features(series(TIE))["z"][-1] == 1.75
    assert acting(exactly, series(TIE), Standing(), Decimal(0)) == [7]
    assert missed(exactly, series(TIE), Standing()) == []


@pytest.mark.parametrize(
    ("side", "entered", "now", "target"),
    [
        (SHORT, "100000", 98_000.0, "0.01802"),  # 0.02 - 0.001 x 1.98
        (LONG, "100000", 102_000.0, "0.01798"),  # 0.02 - 0.001 x 2.02
    ],
)
@pytest.mark.parametrize("funding", [(), ("0.1 USDT",), ("-0.1 USDT",)])
def test_a_net_exactly_at_its_target_wakes_and_the_premium_before_it_sleeps(
    side: str, entered: str, now: float, target: str, funding: tuple[str, ...]
) -> None:
    """0.1 USDT at 1000 KRW is 0.1 % of 100,000 KRW."""
    came = {(): Decimal(0), ("0.1 USDT",): Decimal("0.001"), ("-0.1 USDT",): Decimal("-0.001")}[funding]
    held = lot(side, near=entered, target=str(exact.add(Decimal(target), came)), funding=funding)
    nearly = now + (1.0 if side == SHORT else -1.0)
    walked = series([100_000.0, nearly, now], money=[1000.0] * 3)
    signal = plain(min_present="100%")
    assert acting(signal, walked, Standing((held,)), Decimal(0)) == [2]
    assert signal.wakes(signal.features(walked), Standing((held,)), TERMS).tolist() == [False, False, True]


def test_funding_that_came_abroad_bounds_nothing_while_its_rate_is_unknown() -> None:
    """What was paid can only make a target later; what came makes it earlier, by a rate that nobody gives."""
    for funding, awake in ((("0.1 USDT",), True), (("-0.1 USDT",), False), ((), False)):
        held = lot(SHORT, near="100000", target="0.5", funding=funding)
        features = plain().features(series([100_000.0]))
        assert plain().wakes(features, Standing((held,)), TERMS).tolist() == [awake]


def test_a_lot_wakes_when_it_is_to_be_told_of_and_no_more_after_it_was() -> None:
    quiet = series([102_000.0] * 24)
    signal, held = tiered({"max_holding": {"for": "1h", "then": "tell"}}), lot(SHORT, near="102000", target="0.008")
    opened = replace(held, opened_at_ns=int(quiet.closed_at_ms[3]) * MS)
    awake = signal.wakes(signal.features(quiet), Standing((opened,)), TERMS)
    assert awake.tolist() == [False] * 15 + [True] * 9
    told = Standing((opened,), (), frozenset({opened.id}))
    assert not signal.wakes(signal.features(quiet), told, TERMS).any()


def test_a_quiet_market_is_slept_through() -> None:
    walked = series([102_000.0 + 10 * (i % 3) for i in range(500)])
    signal = tiered(rearm={"below_z": 1})
    for standing in (Standing(), Standing((lot(SHORT, near="102000", target="0.008"),))):
        assert not signal.wakes(signal.features(walked), standing, TERMS).any()


def test_what_is_spent_is_slept_through_and_its_rearming_is_not() -> None:
    signal = plain(rearm={"below_z": 1}, sigma_floor="0.05%", entry=Decimal("1.5"))
    features = signal.features(series(TIE))
    assert signal.wakes(features, Standing(), TERMS)[-1]
    spent = Standing((), (Fired("", 1, Decimal(0), True),))
    assert not signal.wakes(features, spent, TERMS)[-1]
    calm = signal.features(series([103_000.0] * 8))
    assert signal.wakes(calm, spent, TERMS)[-1]
    assert not signal.wakes(calm, Standing(), TERMS)[-1]
