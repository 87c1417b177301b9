"""A tighter limit never lets more through: every line of every gate that has a direction, from its tightest to its loosest.

The table is held against the gates that are installed, so a line that is added later is in it, or this fails.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.decisions import Passed
from karb_core.domain.market import Cautions, FundingRate, VenueClock
from karb_core.ports import Approval, Execution
from tests.plugins.karb_gates.asked import CASES, CLOCKS, Case, built, entry, full_account, gates
from tests.plugins.karb_gates.test_capital import SMALL, uneven
from tests.plugins.karb_gates.test_counts import ended, with_lots
from tests.plugins.karb_gates.test_liquidity import book
from tests.plugins.karb_gates.test_looking_back import ETH, beside, moved, traded
from tests.plugins.karb_gates.test_price_jump import went
from tests.plugins.scene import FAR, NEAR, NOW, SECOND, lot, plan, rates, top, view

GATES = gates()
_HOUR = 3600 * SECOND


def case(at: Any = None, of: Any = None, way: Any = None) -> Case:
    return replace(entry(), plan=way or plan(), view=at or view(), account=of or full_account())


def settles(in_s: int, ago_s: int) -> Any:
    """A settlement so far ahead, the one before it so long ago."""
    told = FundingRate(FAR, Decimal(0), NOW + in_s * SECOND, False, (in_s + ago_s) * SECOND, NOW, NOW)
    return replace(view(), funding={FAR: told})


def aged(near_s: int, far_s: int) -> Any:
    return view(top(NEAR, "103000", at_ns=NOW - near_s * SECOND), top(FAR, "100", at_ns=NOW - far_s * SECOND))


def books(age_s: int = 0) -> Any:
    near = book(NEAR, bids=[("1000", "100"), ("990", "900")], at_ns=NOW - age_s * SECOND)
    return replace(view(), depths={NEAR: near, FAR: book(FAR, asks=[("100", "999")])})


def clocks(age_s: int) -> Any:
    return replace(view(), clocks={v: VenueClock(v, 0, 0, NOW, NOW - age_s * SECOND) for v in CLOCKS})


WORD = full_account(approvals={"BTC": Approval(None, NOW - 100 * SECOND, "ann")})
FAILED = replace(full_account(), executions=tuple(Execution("BTC", NOW - 30 * SECOND, whole=False) for _ in range(3)))
LOST = full_account(ended=(ended(net="-800000"),))
THREE = full_account(ended=tuple(ended(f"e{n}", opened_ns=NOW) for n in range(3)))
HELD = replace(full_account(lot()), terms=SMALL)

#: By gate and line: what is written, its values from the tightest to the loosest, and a state that some of them deny.
LINES: dict[tuple[str, str], tuple[str, str, Case]] = {
    ("approval", "valid_for"): ("valid_for: X, worse: 1%", "1s 99s 100s 9h", case(of=WORD)),
    ("approval", "worse"): ("valid_for: 1h, worse: X", "0% 0.09% 0.1% 9%", case(of=WORD, way=plan("1", "102900"))),
    ("breaker", "failures"): ("failures: X, for: 60s, per: pair", "1 2 3 4 99", case(of=FAILED)),
    ("breaker", "for"): ("failures: 3, for: X, per: pair", "9h 31s 30s 1s", case(of=FAILED)),
    ("clock_offset", "most"): ("most: X, max_age: 5m", "1ms 999ms 1s 9h", case(replace(view(), clocks=CLOCKS))),
    ("clock_offset", "max_age"): ("most: 1s, max_age: X", "1s 59s 60s 9h", case(clocks(60))),
    ("cooldown", "for"): (
        "after: exit, for: X, per: pair", "9h 31s 30s 1s", case(of=with_lots(ended=(ended(ended_ns=NOW - 30 * SECOND),)))
    ),
    ("correlation", "most"): (
        "most: X, of: levels, window: 4h, min_present: 100%", "1% 79.99% 80% 100%",
        case(moved([1, 2, 3, 4], [1, 2, 4, 3]), beside(ETH)),
    ),
    ("correlation", "min_present"): (
        "most: 80%, of: levels, window: 4h, min_present: X", "100% 75.01% 75% 1%",
        case(moved([1, 2, 3, 4], [4, None, 2, 1]), beside(ETH)),
    ),
    ("daily_loss", "most"): ("most: X, day: '00:00 KST', counts: ended, then: refuse", "0.01% 1.99% 2% 99%", case(of=LOST)),
    ("drawdown", "most"): ("most: X, counts: ended, then: refuse", "0.01% 1.99% 2% 99%", case(of=LOST)),
    ("free_after", "least"): ("venue: binance_usdm, least: X USDT", "30000 29899.96 29899.95 1", case()),
    ("fresh", "book"): ("book: X, between_legs: 9s", "1s 2.999s 3s 9h", case(aged(3, 3))),
    ("fresh", "between_legs"): ("book: 9s, between_legs: X", "1s 2.999s 3s 9h", case(aged(3, 0))),
    ("funding_window", "before"): ("before: X, after: 0s", "9h 61s 60s 0s", case(settles(60, 9000))),
    ("funding_window", "after"): ("before: 0s, after: X", "9h 61s 60s 0s", case(settles(9000, 60))),
    ("fx_disagreement", "most"): ("most: X", "0.01% 4.99% 5% 99%", case(view(known=rates(money="1050")))),
    ("liquidation_distance", "least"): ("least: X, then: refuse", "99% 60% 40% 1%", CASES["gates.liquidation_distance"]()),
    ("liquidity", "band"): (
        "band: X, least: 900000 KRW, max_age: 3s", "1bp 99bp 100bp 99%", case(books(), way=plan("1", "1000"))
    ),
    ("liquidity", "least"): (
        "band: 1%, least: X KRW, max_age: 3s", "9000000 991001 991000 1", case(books(), way=plan("1", "1000"))
    ),
    ("liquidity", "max_age"): (
        "band: 1%, least: 1 KRW, max_age: X", "1s 1.999s 2s 9h", case(books(2), way=plan("1", "1000"))
    ),
    ("max_deployed", "in_all"): ("counts: near_leg, in_all: X, venues: none", "1% 20% 90% 100%", case(of=HELD)),
    ("max_open", "per_pair"): ("per_pair: X, in_all: none", "1 2 3 9", case(of=with_lots(lot()))),
    ("max_open", "in_all"): ("per_pair: none, in_all: X", "1 3 4 9", case(of=with_lots(eth=3))),
    ("max_order", "most"): ("most: [X KRW]", "1 102999 103000 9000000", case()),
    ("max_position", "single"): ("of: capital, single: X", "0.01% 0.2574% 0.2575% 99%", case()),
    ("max_premium", "most"): ("most: X", "0.01% 2.99% 3% 99%", case()),
    ("max_trades", "most"): ("most: X, day: '00:00 KST', per: file", "1 3 4 99", case(of=THREE)),
    ("min_volume", "least"): ("least: X KRW, over: 24h", "9000000 24001 24000 1", case(traded(*[("1", "1")] * 24))),
    ("net_exposure", "most"): ("most: X KRW", "1 102 103 9000000", case(of=full_account(uneven("-0.001")))),
    ("price_jump", "move"): (
        "move: X, within: 60s, then: refuse", "0.01% 10% 10.01% 99%", case(went("1000", "1000", "1100", every_s=50))
    ),
    ("price_jump", "within"): (
        "move: 5%, within: X, then: refuse", "60s 31s 30s 1s", case(went("1000", "1000", "1100", every_s=70, last_s=30))
    ),
    ("spread", "most"): ("most: X", "0.1bp 9bp 11bp 99%", case(view(top(NEAR, "1000", "1001"), top(FAR, "100")))),
    ("venue_warnings", "max_age"): (
        "venue: upbit, ignoring: none, max_age: X", "1s 59s 60s 9h",
        case(replace(view(), cautions={NEAR: Cautions(NEAR, (), NOW, NOW - 60 * SECOND)})),
    ),
}  # fmt: skip
#: What has a direction, and another line's value beside it would have to be told too.
UNTRIED = {
    ("min_volume", "over"): "a longer stretch counts more trades, and is tried beside its own tests",
}


def passes(gate: str, written: str, value: str, of: Case) -> bool:
    made = built(GATES[f"gates.{gate}"], f"{{{written.replace('X', value)}}}")
    return bool(made.check(of.plan, of.view, of.account) == Passed())


def test_every_line_that_has_a_direction_is_here() -> None:
    lines = {
        (use.removeprefix("gates."), field.alias or name)
        for use, gate in GATES.items()
        for name, field in gate.Params.model_fields.items()
        if (field.json_schema_extra or {}).get("x-karb-tighter")
    }
    assert lines == LINES.keys() | UNTRIED.keys()


@pytest.mark.parametrize(("gate", "line"), LINES, ids=lambda word: word)
def test_from_its_tightest_value_to_its_loosest_it_turns_once(gate: str, line: str) -> None:
    written, values, of = LINES[gate, line]
    found = [passes(gate, written, value, of) for value in values.split()]
    assert found == sorted(found), list(zip(values.split(), found, strict=True))
    assert not found[0], "its tightest value denies"
    assert found[-1], "its loosest passes"


@given(st.sampled_from(sorted(LINES)), st.data())
def test_whichever_two_values_are_held_against_each_other(line: tuple[str, str], data: st.DataObject) -> None:
    written, values, of = LINES[line]
    told = values.split()
    tight, loose = sorted(data.draw(st.tuples(*[st.integers(0, len(told) - 1)] * 2)))
    if passes(line[0], written, told[tight], of):
        assert passes(line[0], written, told[loose], of)
