"""Which decisions differ, and the line behind each: cited, refusing, what every judgement rests on, or what came before."""

from __future__ import annotations

from decimal import Decimal

import pytest

from karb_core.domain.decisions import Cited, DecisionKind, LegTarget
from karb_core.ports import Decided, Ran, Stated
from karb_research.decisions_apart import DecisionApart, Who, Why, by_line, decisions_apart, pointer_of
from karb_research.lines_apart import lines_apart
from tests.venue.accounts import SPOT

ENTRY, EXIT, REFUSAL, REARM = DecisionKind.ENTRY, DecisionKind.EXIT, DecisionKind.REFUSAL, DecisionKind.REARM
Z, TARGET, WINDOW, SIZE = "/signal/with/z", "/signal/with/take_profit", "/signal/with/window", "/sizing/with/size"
SLIPPAGE = "/simulate/backtest/with/slippage"
WRITTEN = {Z: "2.0", TARGET: "0.4%", WINDOW: "20d", SIZE: "100%", SLIPPAGE: "3bp", "/name": "one"}


def cited(rule: str, written: str = "") -> Cited:
    return Cited(rule, "one.yaml", 7, written)


def decided(
    kind: DecisionKind, at: int, by: tuple[str, ...] = (), *, denied: tuple[str, ...] = (), amount: str = "1", until: int | None = None,
    lots: tuple[str, ...] = (), pair: str = "BTC", tier: str | None = None,
) -> Decided:  # fmt: skip
    legs = (LegTarget(SPOT, SPOT.amount(Decimal(amount)), SPOT.price(Decimal(5))),) if kind in (ENTRY, EXIT) else ()
    return Decided(
        kind=kind, pair=pair, side="short_premium", tier=tier, cause="taken", at_ns=at, until_ns=at if until is None else until,
        times=1, by=tuple(map(cited, by)), denied=tuple(map(cited, denied)), legs=legs, lot_ids=lots,
    )  # fmt: skip


def ran(*decisions: Decided, data: str = "d", assumptions: bool = True, **changed: str) -> Ran:
    """`changed`: by the last word of a line."""
    told = {p: changed.get(p.rpartition("/")[2], written) for p, written in WRITTEN.items()}
    lines = {
        p: Stated(cited(p, written), written, p == SLIPPAGE)
        for p, written in told.items()
        if assumptions or p != SLIPPAGE
    }
    return Ran(
        run="r", strategy="s", mode="backtest", began_ns=0, ended_ns=100, lines=lines, digests={"dataset": data},
        decisions=decisions, trades={}, open_lots=(),
    )  # fmt: skip


def apart(base: Ran, other: Ran) -> list[DecisionApart]:
    return decisions_apart(base, other, lines_apart(base, other))


def told(found: list[DecisionApart]) -> list[tuple[int, Who, Why, str]]:
    return [(one.decided.at_ns, one.who, one.why, pointer_of(one)) for one in found]


def test_runs_that_decide_the_same_differ_in_nothing_whatever_their_files_say() -> None:
    acts = (decided(ENTRY, 1, (Z,)), decided(EXIT, 2, (TARGET,), lots=("a",)))
    assert apart(ran(*acts), ran(*acts, z="2.5", name="two")) == []


def test_a_decision_that_cites_a_line_which_differs_is_that_lines() -> None:
    assert told(apart(ran(decided(ENTRY, 1, (Z,))), ran(z="2.5", window="10d"))) == [(1, Who.BASE, Why.LINE, Z)]
    assert told(apart(ran(z="2.5"), ran(decided(ENTRY, 1, (Z,))))) == [(1, Who.OTHER, Why.LINE, Z)]


def test_a_line_of_the_sizing_makes_nobody_enter_who_did_not() -> None:
    found = apart(ran(decided(ENTRY, 1, (Z, SIZE))), ran(size="50%"))
    assert told(found) == [(1, Who.BASE, Why.UNKNOWN, "")]


def test_other_amounts_are_the_line_that_sized_them() -> None:
    found = apart(ran(decided(ENTRY, 1, (Z, SIZE))), ran(decided(ENTRY, 1, (Z, SIZE), amount="0.5"), size="50%"))
    assert told(found) == [(1, Who.BOTH, Why.LINE, SIZE)]


@pytest.mark.parametrize(("first", "last", "refuses"), [(1, 5, True), (5, 9, True), (6, 9, False), (1, 4, False)])
def test_who_was_refused_then_names_the_line_that_said_no(first: int, last: int, refuses: bool) -> None:
    """Both ends of a refusal that went on count."""
    said_no = decided(REFUSAL, first, denied=("/balances/upbit",), until=last)
    (found,) = apart(ran(decided(ENTRY, 5, (Z,))), ran(said_no, z="2.5"))
    assert (found.why, pointer_of(found)) == ((Why.REFUSED, "/balances/upbit") if refuses else (Why.LINE, Z))


def test_the_refusal_of_another_tier_or_of_a_way_out_refuses_no_entry() -> None:
    others = (
        decided(REFUSAL, 5, denied=("/a",), tier="ultra"),
        decided(REFUSAL, 5, denied=("/b",), lots=("x",)),
        decided(REFUSAL, 5, denied=("/c",), pair="XRP"),
    )
    assert told(apart(ran(decided(ENTRY, 5, (Z,))), ran(*others, z="2.5"))) == [(5, Who.BASE, Why.LINE, Z)]


def test_what_comes_of_an_earlier_difference_names_the_line_of_that() -> None:
    """The other enters later, for its threshold is higher; that it leaves later is no line's of its own."""
    base = ran(decided(ENTRY, 1, (Z,)), decided(EXIT, 5, (TARGET,), lots=("a",)))
    other = ran(decided(ENTRY, 2, (Z,)), decided(EXIT, 6, (TARGET,), lots=("b",)), z="2.5", take_profit="0.8%")
    found = apart(base, other)
    assert told(found) == [
        (1, Who.BASE, Why.LINE, Z),
        (2, Who.OTHER, Why.FOLLOWS, Z),
        (5, Who.BASE, Why.LINE, TARGET),
        (6, Who.OTHER, Why.FOLLOWS, TARGET),
    ]
    assert [one.since_ns for one in found] == [None, 1, None, 5]
    assert by_line(found) == [(Why.LINE, TARGET, 1), (Why.FOLLOWS, TARGET, 1), (Why.LINE, Z, 1), (Why.FOLLOWS, Z, 1)]


def test_once_it_is_rearmed_an_entry_is_judged_by_its_own_line_again() -> None:
    base = ran(*(decided(ENTRY, at, (Z,)) for at in (1, 5, 9)))
    other = ran(decided(ENTRY, 2, (Z,)), decided(REARM, 7), z="2.5")
    assert [(one.decided.at_ns, one.why) for one in apart(base, other)] == [
        (1, Why.LINE),
        (2, Why.FOLLOWS),
        (5, Why.FOLLOWS),
        (9, Why.LINE),
    ]


def test_another_pair_follows_nothing() -> None:
    base = ran(decided(ENTRY, 1, (Z,)), decided(ENTRY, 2, (Z,), pair="XRP"))
    assert [one.why for one in apart(base, ran(z="2.5"))] == [Why.LINE, Why.LINE]


def test_what_no_decision_cites_shapes_all_of_them() -> None:
    assert told(apart(ran(decided(ENTRY, 1, (Z,))), ran(window="10d", slippage="6bp"))) == [
        (1, Who.BASE, Why.SHAPES, WINDOW)
    ]


def test_assumptions_move_amounts_and_are_named_only_where_nothing_else_is() -> None:
    one, two = decided(ENTRY, 1, (Z, SIZE)), decided(ENTRY, 1, (Z, SIZE), amount="0.9")
    assert told(apart(ran(one), ran(two, slippage="6bp"))) == [(1, Who.BOTH, Why.ASSUMED, SLIPPAGE)]
    assert told(apart(ran(one), ran(slippage="6bp"))) == [(1, Who.BASE, Why.ASSUMED, SLIPPAGE)]


def test_other_data_are_a_reason_of_their_own() -> None:
    found = apart(ran(decided(ENTRY, 1, (Z,))), ran(data="e", window="10d"))
    assert told(found) == [(1, Who.BASE, Why.DATA, "")]


def test_only_what_both_were_there_for_is_compared() -> None:
    from dataclasses import replace

    base = ran(*(decided(ENTRY, at, (Z,)) for at in (1, 10, 20)))
    other = replace(ran(z="2.5"), began_ns=10, ended_ns=19)
    assert [one.decided.at_ns for one in apart(base, other)] == [10]


def test_lines_are_told_in_the_order_of_the_base_and_a_name_is_none() -> None:
    from dataclasses import replace

    base, other = ran(), ran(z="2.5", slippage="6bp", name="two")
    more = replace(
        other, lines={"/risk_gates/0/with/limit": Stated(cited("x", "1"), "1", assumed=False), **other.lines}
    )
    found = lines_apart(base, more)
    assert [line.pointer for line in found] == [Z, SLIPPAGE, "/risk_gates/0/with/limit"]
    assert [(line.base is None, line.assumed) for line in found] == [(False, False), (False, True), (True, False)]


def test_assumptions_that_one_run_does_not_know_are_not_held_against_it() -> None:
    assert lines_apart(ran(), ran(assumptions=False)) == ()
