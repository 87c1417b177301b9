"""The exit policy at each of its bounds. Net is worked out by hand: entry at 3 %, prices in round numbers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import nan, nextafter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.amount import Amount
from karb_core.domain.lots import Lot
from karb_core.domain.market import Top
from karb_core.domain.premium import Net
from karb_core.rules.exit_policy import ExitPolicy
from karb_core.rules.exits import ExitDue, exit_due, overdue, reminder_due
from karb_core.rules.leaving import Leaving
from tests.plugins.scene import COSTS, FAR, LONG, NEAR, NOW, SECOND, SHORT, lot, rates, top, tops

PROFIT = ("exit.profit_by", "exit.profit", "exit.funding")
TARGET = "tiers.normal.take_profit"


def policy(**lines: Any) -> ExitPolicy:
    written: dict[str, Any] = {
        "profit_by": "premium",
        "profit": "gross",
        "funding": "ignored",
        "exit_z": "none",
        "exit_when": "any",
        "stop_loss": "none",
        "max_holding": "none",
    }
    return ExitPolicy.model_validate(written | lines)


def due(rule: ExitPolicy, of: Lot, at: tuple[Top, ...] = (), z: float = nan, at_ns: int = NOW) -> ExitDue | None:
    return exit_due(rule, Leaving(of, at or tops(), rates(), COSTS), z=z, at_ns=at_ns, target_rule=TARGET)


def rules(found: ExitDue | None) -> tuple[str, ...]:
    return () if found is None else found.rules


def net(of: Lot, at: tuple[Top, ...], by: str = "premium", *, fees: bool, funding: bool, money: str = "1000") -> Net:
    found = Leaving(of, at, rates(money=money), COSTS).net(by, fees=fees, funding=funding)
    assert found is not None
    return found


# -- target ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("side", "entered", "now", "reached"),
    [
        (SHORT, "100000", "99000", True),  # exactly 1 %
        (SHORT, "100000", "99001", False),
        (SHORT, "100000", "98999", True),
        (LONG, "100000", "101000", True),
        (LONG, "100000", "100999", False),
        (LONG, "100000", "99000", False),
    ],
)
def test_a_target_is_reached_at_its_bound(side: str, entered: str, now: str, reached: bool) -> None:
    found = due(policy(), lot(side, near=entered, target="0.01"), tops(now))
    assert rules(found) == ((TARGET, *PROFIT) if reached else ())


def test_net_takes_both_legs_fees_in_and_out() -> None:
    """e = 1, p = 0.98: 0.02 - 0.001 - 0.001 x 0.98 = 0.01802."""
    at_bound = lot(SHORT, near="100000", target="0.01802")
    assert due(policy(profit="net"), at_bound, tops("98000")) is not None
    assert due(policy(profit="net"), replace(at_bound, target=Decimal("0.018020001")), tops("98000")) is None
    assert due(policy(), replace(at_bound, target=Decimal("0.02")), tops("98000")) is not None


def test_funding_counts_where_the_policy_counts_it() -> None:
    """-0.5 USDT at 1000 is 500 KRW of 100000: half a percent."""
    paid = lot(SHORT, near="100000", target="0.015", funding=("-0.5 USDT",))
    assert due(policy(), paid, tops("98500")) is not None
    assert due(policy(funding="counted"), paid, tops("98500")) is None
    assert due(policy(funding="counted"), paid, tops("98000")) is not None


def test_the_exit_is_judged_at_the_sides_we_would_trade() -> None:
    """A short premium buys near at the ask and sells far at the bid: 98000 / (98 x 1000) - 1 = 0."""
    sides = (top(NEAR, "97000", "98000"), top(FAR, "98", "99"))
    found = due(policy(), lot(SHORT, near="100000", target="0.0001"), sides)
    assert found is None
    found = due(policy(stop_loss="0.0001%"), lot(LONG, near="100000"), sides)
    assert found is not None
    assert dict(found.seen)["exit_premium"] == Decimal("-0.02020202")  # 97000 / (99 x 1000) - 1


# -- stop, z, age ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("now", "stopped"), [("101999", False), ("102000", True), ("102001", True)])
def test_a_stop_is_reached_at_minus_its_bound(now: str, stopped: bool) -> None:
    found = due(policy(stop_loss="2%"), lot(SHORT, near="100000"), tops(now))
    assert rules(found) == (("exit.stop_loss", *PROFIT) if stopped else ())


@pytest.mark.parametrize(
    ("z", "back"),
    [(0.5, True), (-0.5, True), (0.0, True), (nextafter(0.5, 1), False), (-nextafter(0.5, 1), False), (nan, False)],
)
def test_z_is_back_at_its_bound_and_never_while_undefined(z: float, back: bool) -> None:
    found = due(policy(exit_z=Decimal("0.5")), lot(), z=z)
    assert rules(found) == (("exit.exit_z",) if back else ())


def test_z_is_compared_exactly_with_a_bound_that_no_float_is() -> None:
    """The float written 0.1 is above one tenth."""
    assert due(policy(exit_z=Decimal("0.1")), lot(), z=0.1) is None
    assert due(policy(exit_z=Decimal("0.1")), lot(), z=nextafter(0.1, 0)) is not None


@pytest.mark.parametrize(
    ("when", "now", "z", "left"),
    [
        ("any", "99000", 3.0, (TARGET, *PROFIT, "exit.exit_when")),
        ("any", "100000", 0.5, ("exit.exit_z", "exit.exit_when")),
        ("any", "100000", 3.0, ()),
        ("all", "99000", 3.0, ()),
        ("all", "100000", 0.5, ()),
        ("all", "99000", nan, ()),
        ("all", "99000", 0.5, (TARGET, "exit.exit_z", *PROFIT, "exit.exit_when")),
    ],
)
def test_target_and_z_join_as_the_policy_says(when: str, now: str, z: float, left: tuple[str, ...]) -> None:
    found = due(policy(exit_z=Decimal("0.5"), exit_when=when), lot(near="100000", target="0.01"), tops(now), z=z)
    assert rules(found) == left


def test_all_asks_only_for_what_is_not_none() -> None:
    assert rules(due(policy(exit_when="all"), lot(near="100000", target="0.01"), tops("99000"))) == (TARGET, *PROFIT)
    assert rules(due(policy(exit_when="all", exit_z=Decimal(1)), lot(), z=1.0)) == ("exit.exit_z",)
    assert due(policy(exit_when="all"), lot(), z=0.0) is None


@pytest.mark.parametrize(("age_s", "left"), [(3599, False), (3600, True), (3601, True)])
def test_a_lot_is_left_at_its_longest_holding(age_s: int, left: bool) -> None:
    old = lot(opened_at_ns=NOW - age_s * SECOND)
    rule = policy(max_holding={"for": "1h", "then": "exit"})
    assert rules(due(rule, old)) == (("exit.max_holding.for", "exit.max_holding.then") if left else ())
    assert overdue(rule.max_holding, old, NOW) is left
    assert not overdue(None, old, NOW)


@pytest.mark.parametrize("then", ["stop_entries", "tell"])
def test_a_longest_holding_that_only_tells_leaves_nothing(then: str) -> None:
    assert due(policy(max_holding={"for": "1s", "then": then}), lot()) is None


@pytest.mark.parametrize(("age_s", "told"), [(3599, False), (3600, True), (3601, True)])
def test_the_owner_is_told_of_a_lot_at_its_longest_holding(age_s: int, told: bool) -> None:
    rule = policy(max_holding={"for": "1h", "then": "tell"})
    leaving = Leaving(lot(opened_at_ns=NOW - age_s * SECOND), tops(), rates(), COSTS)
    found = reminder_due(rule, leaving, z=0.2, at_ns=NOW)
    assert rules(found) == (("exit.max_holding.for", "exit.max_holding.then") if told else ())
    if found is not None:
        assert dict(found.seen)["held_ns"] == age_s * SECOND
        assert dict(found.seen)["net"] is not None


@pytest.mark.parametrize("holding", ["none", {"for": "1s", "then": "exit"}, {"for": "1s", "then": "stop_entries"}])
def test_nobody_is_told_who_did_not_ask_for_it(holding: object) -> None:
    leaving = Leaving(lot(), tops(), rates(), COSTS)
    assert reminder_due(policy(max_holding=holding), leaving, z=0.2, at_ns=NOW) is None


def test_every_line_that_holds_is_named() -> None:
    rule = policy(stop_loss="1%", exit_z=Decimal(1), max_holding={"for": "1s", "then": "exit"})
    found = due(rule, lot(near="100000"), tops("102000"), z=0.2)
    assert rules(found) == ("exit.stop_loss", *PROFIT, "exit.exit_z", "exit.max_holding.for", "exit.max_holding.then")


# -- by krw ------------------------------------------------------------------------------------------------------------


def test_net_in_money_by_hand() -> None:
    """Sold 2 at 103000, bought 2 at 100 USDT; back at 101000 and 99.5, a USDT at 1010 KRW.

    near +4000, far -1 USDT = -1010, funding +0.2 = 202, fees paid 103 + 0.1 USDT = 204,
    fees of leaving 2 x 101000 x 0.05 % = 101 and 2 x 99.5 x 0.05 % = 0.0995 USDT = 100.495.
    """
    held = lot(SHORT, near="103000", far="100", amount="2", fees=("103", "0.1"), funding=("0.2 USDT",))
    at = tops("101000", "99.5")
    whole = net(held, at, "krw", fees=True, funding=True, money="1010")
    assert whole == Net(Decimal("2786.505"), Decimal(206_000))
    assert net(held, at, "krw", fees=True, funding=False, money="1010").over == Decimal("2584.505")
    assert net(held, at, "krw", fees=False, funding=False, money="1010").over == Decimal(2990)
    # in points the rate of money has no say but in funding: e = 1.03, p = 1.01507538
    points = net(held, at, fees=False, funding=False, money="1010")
    assert points.points() == Decimal("0.01448992")


@pytest.mark.parametrize(("money", "reached"), [("1000", True), ("999.999999", False), ("1100", True)])
def test_money_and_points_differ_where_the_policy_says_so(money: str, reached: bool) -> None:
    """Near +9 % costs 9000, far +10 % brings 10 USDT: p is 109 / 110, and money depends on what a USDT fetches."""
    held = Leaving(
        lot(SHORT, near="100000", far="100", target="0.01"), tops("109000", "110"), rates(money=money), COSTS
    )
    by = {name: policy(profit_by=name) for name in ("krw", "premium")}
    found = exit_due(by["krw"], held, z=nan, at_ns=NOW, target_rule=TARGET)
    assert (found is not None) is reached
    assert exit_due(by["premium"], held, z=nan, at_ns=NOW, target_rule=TARGET) is None


@pytest.mark.parametrize(("now", "reached"), [("99000", True), ("99001", False)])
def test_a_target_in_money_is_reached_at_its_bound(now: str, reached: bool) -> None:
    found = due(policy(profit_by="krw"), lot(SHORT, near="100000", target="0.01"), tops(now))
    assert (found is not None) is reached


prices = st.integers(90_000, 110_000)


@settings(max_examples=60)
@given(st.sampled_from([SHORT, LONG]), prices, prices, st.integers(80, 120), st.integers(80, 120), st.integers(-90, 90))
def test_both_nets_are_their_formulas(side: str, n0: int, n1: int, f0: int, f1: int, funding: int) -> None:
    held = lot(side, near=str(n0), far=str(f0), fees=("51", "0.05"), funding=(f"{funding} USDT",) if funding else ())
    at, d = tops(str(n1), str(f1)), -1 if side == SHORT else 1
    money = net(held, at, "krw", fees=True, funding=True)
    fees = 51 + 50 + (Fraction(n1) + 1000 * f1) / 2000
    assert Fraction(money.over) == d * ((n1 - n0) - (f1 - f0) * 1000) + funding * 1000 - fees
    points = net(held, at, fees=True, funding=True)
    e, p = (1 + Fraction(x) for x in (Leaving(held, at, rates(), COSTS).entered_at(), _left(held, at)))
    expected = d * (p - e) / e - Fraction(1, 1000) * (1 + p / e) + Fraction(funding * 1000, n0)
    assert Fraction(points.over) / Fraction(points.under) == expected


def _left(of: Lot, at: tuple[Top, ...]) -> Decimal:
    found = Leaving(of, at, rates(), COSTS).left_at()
    assert found is not None
    return found


# -- what cannot be computed, and what was seen ------------------------------------------------------------------------


def test_what_cannot_be_computed_reaches_neither_target_nor_stop() -> None:
    rule = policy(stop_loss="0.0001%", max_holding={"for": "1s", "then": "exit"})
    held = lot(SHORT, near="100000", target="0.0001")
    for at, known, costs in (
        (tops(), {}, COSTS),
        (tops()[:1], rates(), COSTS),
        ((top(NEAR, "0"), top(FAR, "100")), rates(), COSTS),
    ):
        found = exit_due(rule, Leaving(held, at, known, costs), z=nan, at_ns=NOW, target_rule=TARGET)
        assert rules(found) == ("exit.max_holding.for", "exit.max_holding.then")
        assert found is not None
        assert dict(found.seen)["net"] is None
    assert Leaving(held, tops(), rates(), {}).points(fees=True, funding=False) is None
    assert Leaving(held, tops(), rates(), {}).money(fees=True, funding=False) is None
    in_coins = replace(held, fees=(Amount(Decimal(1), "BNB"),))
    assert Leaving(in_coins, tops(), rates(), COSTS).money(fees=True, funding=False) is None
    unfilled = replace(held, legs=(held.legs[0], replace(held.legs[1], entered=Amount.zero("BTC"))))
    assert Leaving(unfilled, tops(), rates(), COSTS).points(fees=False, funding=False) is None


def test_legs_filled_unequally_are_compared_by_price() -> None:
    held = lot(SHORT, near="103000", far="100")
    more = held.with_fill(FAR, Amount(Decimal(2), "BTC"), Amount(Decimal(200), "USDT"), Amount.zero("USDT"))
    assert Leaving(more, tops(), rates(), COSTS).entered_at() == Decimal("0.03")


def test_legs_of_one_quote_need_no_rate() -> None:
    there = replace(FAR, venue="bithumb", quote="KRW")
    held = lot(SHORT, near="103000")
    far = replace(
        held.legs[1], instrument=there, entered_cost=Amount(Decimal(100_000), "KRW"), left_cost=Amount.zero("KRW")
    )
    inland = replace(held, legs=(held.legs[0], far), rates=(), fees=())
    at = (top(NEAR, "103000"), top(there, "100000"))
    assert Leaving(inland, at, {}, COSTS).entered_at() == Decimal("0.03")
    assert Leaving(inland, at, {}, {"upbit": Decimal(0), "bithumb": Decimal(0)}).money(fees=True, funding=True) == Net(
        Decimal(0), Decimal(103_000)
    )


def test_what_was_seen_is_told_exactly() -> None:
    found = due(policy(exit_z=Decimal(1)), lot(near="103000"), tops("100000"), z=-0.1, at_ns=NOW + 5)
    assert found is not None
    assert dict(found.seen) == {
        "entry_premium": Decimal("0.03"),
        "exit_premium": Decimal(0),
        "held_ns": NOW + 5,
        "money_rate": Decimal(1000),
        "money_rate_age_ns": 5,
        "net": Decimal("0.02912621"),  # 0.03 / 1.03
        "premium_rate": Decimal(1000),
        "premium_rate_age_ns": 5,
        "z": Decimal("-0.1"),
    }
