"""What a signal says of whole columns, with one lot at a time, is what judging each row does: exact ties included."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.domain.decisions import ProposalKind
from karb_core.ports import Entering, Held, PairSeries, Standing, Straight
from karb_core.rules.leaving import Leaving
from tests.plugins.karb_premium.signals import plain, series, tiered
from tests.plugins.karb_premium.test_waking import row, steps, walk
from tests.plugins.scene import LONG, SHORT, TERMS, lot

NOTHING = Decimal(0)
PAIR = TERMS.pairs["BTC"]
exits = st.fixed_dictionaries(
    {
        "profit": st.sampled_from(["net", "gross"]),
        "funding": st.sampled_from(["counted", "ignored"]),
        "exit_z": st.sampled_from(["none", "none", Decimal(0), Decimal("0.5"), Decimal(1)]),
        "exit_when": st.sampled_from(["any", "all"]),
        "stop_loss": st.sampled_from(["none", "0.5%", "1%"]),
        "max_holding": st.sampled_from(
            ["none", *({"for": "1h", "then": then} for then in ("exit", "tell", "stop_entries"))]
        ),
    }
)
rules = st.fixed_dictionaries(
    {
        "min_premium": st.sampled_from(["none", "0.5%", "1%"]),
        "premium_sign": st.sampled_from(["any", "agrees"]),
        "when_high": st.sampled_from([SHORT, LONG, "none"]),
        "when_low": st.sampled_from([SHORT, LONG, "none"]),
        "sigma_floor": st.sampled_from(["0%", "0.1%"]),
    }
)
signals = st.builds(
    lambda one, left, entered: (plain if one else tiered)(left, max_open=1, **entered), st.booleans(), exits, rules
)


def whole(of: PairSeries) -> Any:
    return of.present[0] & of.present[1]


def entered(signal: Any, of: PairSeries) -> dict[int, Entering]:
    """By row, what judging proposes where nothing is open."""
    features, found = signal.features(of), {}
    for at in np.flatnonzero(whole(of)).tolist():
        for each in signal.judge(row(of, features, at, NOTHING), Standing(), TERMS).proposals:
            found[at] = Entering(each.tier, each.side, each.target)
    return found


@settings(max_examples=200, deadline=None)
@given(signals, steps, st.booleans(), st.booleans())
def test_entries_are_those_that_judging_each_row_proposes(
    signal: Any, moves: list[int | None], rates: bool, money: bool
) -> None:
    of = walk(moves, rates, money)
    told = signal.enters(signal.features(of), PAIR, TERMS)
    assert isinstance(signal, Straight)
    assert told is not None
    asked = whole(of)[told.rows]
    rows, which = told.rows[asked].tolist(), told.which[asked].tolist()
    assert {at: told.kinds[kind] for at, kind in zip(rows, which, strict=True)} == entered(signal, of)
    assert told.rows.tolist() == sorted(told.rows.tolist())


@settings(max_examples=200, deadline=None)
@given(
    signals,
    steps,
    st.booleans(),
    st.sampled_from([SHORT, LONG]),
    st.integers(970, 1060),
    st.sampled_from([None, "0", "0.001", "0.008", "0.02", "-0.004"]),
    st.integers(0, 20),
)
def test_a_lot_is_left_at_the_first_row_at_which_judging_proposes_it(
    signal: Any, moves: list[int | None], rates: bool, side: str, near: int, target: str | None, first: int
) -> None:
    of = walk(moves, rates, money=True)
    features, judged = signal.features(of), whole(of)
    opened_ns = int(of.closed_at_ms[first % len(judged)]) * 1_000_000
    mine = lot(side, near=str(near * 100), target=target, opened_at_ns=opened_ns)
    paid = Leaving(mine, (), {}, {}).entered_at()
    assert paid is not None
    held = Held(Entering("normal", side, mine.target), paid, opened_ns)
    after = first % len(judged) + 1
    due = [
        at
        for at in range(after, len(judged))
        if judged[at]
        and any(
            each.kind is ProposalKind.EXIT
            for each in signal.judge(row(of, features, at, NOTHING), Standing((mine,)), TERMS).proposals
        )
    ]
    assert signal.leaves(features, judged, PAIR, TERMS)(held, after) == (due[0] if due else None)


def test_a_premium_at_the_very_bound_of_a_target_is_the_first_to_leave() -> None:
    """Long from 0 at a fee of 0.1 % in all: net is 0.8 % from p = 1.009 / 0.999 - 1 on, which no premium is exactly."""
    bound = Decimal("1.009") / Decimal("0.999") - 1
    units = int(bound.scaleb(8).to_integral_value(rounding="ROUND_CEILING"))
    signal = tiered({"funding": "ignored"}, max_open=1)
    held = Held(Entering("normal", LONG, Decimal("0.008")), Decimal(0), 0)
    columns = {
        "premium": np.array([units - 1, units, units + 1], dtype=np.int64),
        "present": np.ones(3, dtype=np.bool_),
        "z": np.zeros(3),
        "closed_at_ms": np.arange(3, dtype=np.int64) + 1,
    }
    assert signal.leaves(columns, np.ones(3, dtype=np.bool_), PAIR, TERMS)(held, 0) == 1
    assert exact.mul(Decimal(units), Decimal("1e-8")) > bound


@pytest.mark.parametrize(
    "signal",
    [
        plain({"profit_by": "krw"}, max_open=1),
        tiered(max_open=2),
        tiered(max_open="none"),
        tiered(max_open=1, rearm={"below_z": 1}),
    ],
)
def test_it_says_nothing_where_lots_stand_together_or_fills_decide(signal: Any) -> None:
    of = series([103_000.0] * 12)
    assert signal.enters(signal.features(of), PAIR, TERMS) is None


def test_a_venue_without_a_stated_fee_leaves_net_unknown() -> None:
    signal, of = tiered(max_open=1), series([103_000.0] * 12)
    assert signal.enters(signal.features(of), PAIR, TERMS) is not None
    assert signal.enters(signal.features(of), PAIR, replace(TERMS, costs={"upbit": Decimal(0)})) is None
