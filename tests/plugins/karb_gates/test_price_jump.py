"""A price that has just moved by much: exactly the limit is a jump, whatever way, and what is not known is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.decisions import Denied, Passed
from karb_core.domain.halt import Halt
from karb_core.engine.strategy import GateSeat
from karb_core.ports import AccountView, Demand, MarketView, Stood
from karb_gates.price_jump import PriceJump
from tests.engine import scene as engine
from tests.engine.test_desk import take
from tests.plugins.karb_gates.asked import built, full_account, rule_of
from tests.plugins.scene import FAR, NEAR, NOW, SECOND, leaving, lot, plan, tops, view

QUIET = (Stood(0, Decimal(100)),)


def went(
    *prices: str, every_s: int = 10, last_s: int = 0, far: Any = QUIET, at: MarketView | None = None
) -> MarketView:
    """Near stood at these, one after the other so many seconds apart, the last since `last_s` ago."""
    since = [NOW - (last_s + every_s * n) * SECOND for n in reversed(range(len(prices)))]
    stood = tuple(Stood(at_ns, Decimal(price)) for at_ns, price in zip(since, prices, strict=True))
    return replace(at or view(*tops(prices[-1])), stood={NEAR: stood, FAR: far})


def gate(move: str = "5%", within: str = "60s", then: str = "refuse") -> Any:
    return built(PriceJump, f"{{move: {move}, within: {within}, then: {then}}}")


def denied(at: MarketView, **rules: str) -> str | None:
    return rule_of(gate(**rules).check(plan(), at, full_account()))


@pytest.mark.parametrize(
    ("last", "refused"),
    [("1050", "move"), ("1049.99999999", None), ("950", "move"), ("950.00000001", None), ("1000", None)],
)
def test_a_move_of_exactly_the_limit_is_a_jump_up_or_down(last: str, refused: str | None) -> None:
    assert denied(went("1000", last, every_s=60)) == refused


def test_a_move_counts_from_the_lowest_and_the_highest_before_it_and_not_after() -> None:
    assert denied(went("1000", "1000", "980", "1029", every_s=20)) == "move"  # 5 % of 980
    assert denied(went("1000", "1000", "1029", "980", every_s=20)) is None  # 4.8 % of 1029
    assert denied(went("1000", "1000", "1060", "1000", every_s=20)) == "move"  # it came back, and was a jump


@pytest.mark.parametrize(("last_s", "refused"), [(0, "move"), (59, "move"), (60, None)])
def test_a_jump_is_one_for_as_long_as_it_lies_within(last_s: int, refused: str | None) -> None:
    assert denied(went("1000", "1000", "1100", last_s=last_s, every_s=40)) == refused


def test_what_stood_when_the_stretch_began_counts_however_long_it_had_stood() -> None:
    assert denied(went("1000", "1100", every_s=9_000)) == "move"


@pytest.mark.parametrize(("every_s", "refused"), [(60, None), (59, "within")])
def test_a_price_that_is_not_known_for_so_long_is_refused(every_s: int, refused: str | None) -> None:
    """As a desk that has just begun."""
    assert denied(went("1000", "1000", every_s=every_s)) == refused


@pytest.mark.parametrize(("age_s", "refused"), [(60, None), (61, "within"), (-1, "within")])
def test_a_price_that_its_venue_told_too_long_ago_says_nothing(age_s: int, refused: str | None) -> None:
    old = view(*tops("1000", at_ns=NOW - age_s * SECOND))
    assert denied(went("1000", "1000", every_s=100, at=old)) == refused


def test_either_leg_may_have_jumped_and_a_denial_says_which_and_by_how_much() -> None:
    far = (Stood(0, Decimal(100)), Stood(NOW - SECOND, Decimal(93)))
    assert gate().check(plan(), went("1000", "1000", every_s=90, far=far), full_account()) == Denied(
        "move", "binance_usdm BTC/USDT: -7% at 1970-01-12T13:46:39Z", "5%"
    )


def test_a_way_out_is_not_asked() -> None:
    held = lot()
    assert gate().check(leaving(held), went("1000", "2000"), full_account(held)) == Passed()


@pytest.mark.parametrize(
    ("then", "strength"), [("stop_entries", Halt.NO_ENTRIES), ("reduce", Halt.REDUCE_ONLY), ("flatten", Halt.FLATTEN)]
)
def test_beyond_it_the_desk_stops_as_the_line_says(then: str, strength: Halt) -> None:
    watching = gate(then=then)
    assert watching.watches()
    jumped = went("1000", "1000", "1100", every_s=60)
    told = Demand(strength, "move", "upbit BTC/KRW: 10% at 1970-01-12T13:46:40Z", "5%")
    assert watching.watch(jumped, full_account()) == told
    assert watching.watch(went("1000", "1000", every_s=60), full_account()) is None
    assert not gate(then="refuse").watches()


def test_a_leg_that_cannot_be_told_stops_nothing_and_hides_no_jump_of_another() -> None:
    blind = replace(went("1000", "1000", every_s=60), stood={})
    assert gate(then="stop_entries").watch(blind, full_account()) is None
    assert rule_of(gate(then="stop_entries").check(plan(), blind, full_account())) == "within"
    far = (Stood(0, Decimal(100)), Stood(NOW - SECOND, Decimal(93)))
    half = replace(blind, stood={FAR: far})
    assert gate(then="stop_entries").watch(half, full_account()) is not None


def test_a_desk_that_stopped_for_a_jump_stays_so_when_the_price_is_back() -> None:
    """Until somebody resumes; what it holds is not left by it."""
    seat = GateSeat(
        "jump", gate(then="stop_entries"), frozenset({"entry"}), lambda n: engine.cited(f"/risk_gates/0/with/{n}")
    )
    of = engine.scene(engine.strategy(engine.Proposes(engine.proposal()), gates=(seat,)))
    stood = {leg: (Stood(0, Decimal(100)),) for leg in engine.LEGS}
    jumped = {**stood, engine.SPOT: (Stood(0, Decimal(100)), Stood(engine.NOW, Decimal(110)))}
    seen = engine.view(engine.moment())
    account = AccountView(of.desk.strategy.terms, {}, {})
    assert seat.gate.watch(replace(seen, stood=stood), account) is None
    of.desk.watch(replace(seen, stood=jumped))
    of.desk.watch(replace(seen, stood=stood))
    assert of.desk.halts.strength() is Halt.NO_ENTRIES
    assert take(of, engine.NOW) == ()


@given(
    st.lists(st.integers(900, 1100), min_size=1, max_size=8),
    st.tuples(st.integers(1, 2000), st.integers(1, 2000)).map(sorted),
    st.tuples(st.integers(1, 90), st.integers(1, 90)).map(sorted),
)
def test_a_tighter_limit_never_lets_more_through(prices: list[int], moves: list[int], within: list[int]) -> None:
    at = went("1000", *map(str, prices), every_s=13)
    tight = denied(at, move=f"{moves[0]}bp", within=f"{within[1]}s")
    if tight is None:
        assert denied(at, move=f"{moves[1]}bp", within=f"{within[0]}s") is None
