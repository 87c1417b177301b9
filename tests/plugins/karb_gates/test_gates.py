"""What may say no: at the boundary, and whenever it cannot compute."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Denied, Passed, ProposalKind
from karb_core.ports import Stage
from karb_gates.fresh import Fresh
from karb_gates.max_position import MaxPosition
from karb_gates.profit_only_exit import ProfitOnlyExit
from tests.plugins.scene import (
    FAR,
    LONG,
    NEAR,
    NOW,
    SECOND,
    SHORT,
    TERMS,
    account,
    leaving,
    lot,
    plan,
    proposal,
    rates,
    top,
    tops,
    view,
)


def test_they_are_stable_and_say_where_they_stand() -> None:
    assert {g.stage for g in (Fresh, MaxPosition, ProfitOnlyExit)} == {Stage.STABLE}
    assert (Fresh.stands, MaxPosition.stands) == ({"entry", "exit"}, {"entry"})
    assert ProfitOnlyExit.stands == {"exit"}


# -- fresh -------------------------------------------------------------------------------------------------------------

FRESH = Fresh(Fresh.Params.model_validate({"book": "2s", "between_legs": "1s"}))


@pytest.mark.parametrize(
    ("near_age_ns", "far_age_ns", "verdict"),
    [
        (0, 0, Passed()),
        (2 * SECOND, 2 * SECOND, Passed()),
        (2 * SECOND, SECOND, Passed()),
        (2 * SECOND + 1, 2 * SECOND, Denied("book", "2.000000001s old", "2s")),
        (SECOND, 2 * SECOND + 1, Denied("book", "2.000000001s old", "2s")),
        (SECOND + 1, 0, Denied("between_legs", "1.000000001s apart", "1s")),
        (0, SECOND + 1, Denied("between_legs", "1.000000001s apart", "1s")),
        (-1, 0, Denied("book", "0.000000001s from the future", "2s")),
    ],
)
def test_prices_are_denied_only_beyond_the_limit(near_age_ns: int, far_age_ns: int, verdict: Any) -> None:
    at = (top(NEAR, "1", at_ns=NOW - near_age_ns), top(FAR, "1", at_ns=NOW - far_age_ns))
    assert FRESH.check(plan(), view(*at), account()) == verdict


def test_a_late_message_is_old() -> None:
    """Received just now, but told by the venue three seconds ago."""
    late = replace(top(NEAR, "1", at_ns=NOW - 3 * SECOND), received_at_ns=NOW)
    verdict = FRESH.check(plan(), view(late, top(FAR, "1")), account())
    assert verdict == Denied("book", "3s old", "2s")


def test_a_leg_without_a_price_is_denied() -> None:
    verdict = FRESH.check(plan(), view(top(NEAR, "1")), account())
    assert verdict == Denied("book", "binance_usdm BTC/USDT has no price", "a price")


def test_the_way_out_is_asked_alike() -> None:
    old = tops(at_ns=NOW - 3 * SECOND)
    assert isinstance(FRESH.check(leaving(lot()), view(*old), account(lot())), Denied)


# -- max_position ------------------------------------------------------------------------------------------------------


def max_position(of: str = "capital", single: str = "40%") -> MaxPosition:
    return MaxPosition(MaxPosition.Params.model_validate({"of": of, "single": single}))


@pytest.mark.parametrize(
    ("of", "held", "price", "passes"),
    [
        ("capital", "6000000", "10000000", True),  # 16,000,000 of 16,000,000
        ("capital", "6000000", "10000000.00000001", False),
        ("capital", "6000000.01", "10000000", False),
        ("pair_share", "400000", "6000000", True),  # 40 % of 40 %
        ("pair_share", "400000", "6000000.01", False),
    ],
)
def test_a_position_is_denied_only_beyond_the_limit(of: str, held: str, price: str, passes: bool) -> None:
    state = account(lot(near=held), others=(lot(near="39000000"),))
    verdict = max_position(of).check(plan("1", price), view(), state)
    assert (verdict == Passed()) is passes
    if isinstance(verdict, Denied):
        assert verdict.rule == "single"


def test_a_denial_tells_what_it_would_be_and_what_is_allowed() -> None:
    verdict = max_position().check(plan("2", "9000000"), view(), account(lot(near="1")))
    assert verdict == Denied("single", "18000001 KRW", "16000000 KRW")


def test_without_a_position_only_the_plan_counts() -> None:
    bare = replace(account(), standing={})
    assert max_position().check(plan("1", "16000000"), view(), bare) == Passed()


def test_the_way_out_is_never_a_position_too_large() -> None:
    assert max_position(single="1%").check(leaving(lot(near="39000000")), view(), account()) == Passed()


def test_a_position_in_another_asset_cannot_be_counted() -> None:
    state = account(terms=replace(TERMS, capital=Amount(Decimal(10**9), "USDT")))
    verdict = max_position().check(plan(), view(), state)
    assert isinstance(verdict, Denied)
    assert verdict.rule == "single"


# -- profit_only_exit --------------------------------------------------------------------------------------------------

GATE = ProfitOnlyExit(ProfitOnlyExit.Params())


@pytest.mark.parametrize(
    ("bought_at", "passes"),
    [
        # sold at 100000, fees in 50 KRW and 0.05 USDT = 50; out 50 on far and 0.05 % of the price near
        ("99800", True),
        ("99801", False),
    ],
)
def test_an_exit_passes_only_above_zero(bought_at: str, passes: bool) -> None:
    """100000 - 99800 - 50 - 50 - 50 - 49.9 = 0.1."""
    held = lot(SHORT, near="100000", fees=("50", "0.05"))
    verdict = GATE.check(leaving(held), view(*tops(bought_at)), account(held))
    assert (verdict == Passed()) is passes
    if isinstance(verdict, Denied):
        assert verdict == Denied("use", "lot lot-1: -0.9005 KRW", "a net result above zero")


def test_exactly_zero_is_no_profit() -> None:
    """Bought at 1000 and sold at 1000 with nothing to pay."""
    free = replace(TERMS, costs={"upbit": Decimal(0), "binance_usdm": Decimal(0)})
    held = lot(LONG, near="100000")
    verdict = GATE.check(leaving(held), view(*tops("100000")), account(held, terms=free))
    assert verdict == Denied("use", "lot lot-1: 0 KRW", "a net result above zero")
    assert GATE.check(leaving(held), view(*tops("100000.00000001")), account(held, terms=free)) == Passed()


def test_funding_and_the_rate_of_money_count() -> None:
    held = lot(SHORT, near="100000", funding=("-1 USDT",))
    at = tops("98800")  # + 1200 - 50 - 49.4 of fees, - 1000 of funding
    assert GATE.check(leaving(held), view(*at), account(held)) == Passed()
    dear = GATE.check(leaving(held), view(*at, known=rates(money="1050")), account(held))
    assert dear == Passed()  # - 1050 - 52.5 - 49.4
    dearer = GATE.check(leaving(held), view(*at, known=rates(money="1100")), account(held))
    assert dearer == Denied("use", "lot lot-1: -4.4 KRW", "a net result above zero")


def test_each_lot_is_asked_alone() -> None:
    good, bad = lot(SHORT, near="110000", name="good"), lot(SHORT, near="99000", name="bad")
    verdict = GATE.check(leaving(good, bad), view(*tops("100000")), account(good, bad))
    assert isinstance(verdict, Denied)
    assert verdict.observed.startswith("lot bad: -")
    assert GATE.check(leaving(good), view(*tops("100000")), account(good, bad)) == Passed()


@pytest.mark.parametrize("missing", ["money", "near", "far", "costs", "lot"])
def test_what_cannot_be_computed_is_denied(missing: str) -> None:
    held = lot(SHORT, near="110000", fees=("50", "0.05"))
    near, far = tops("100000")
    at = {"near": (far,), "far": (near,)}.get(missing, (near, far))
    known = {"premium": rates()["premium"]} if missing == "money" else rates()
    terms = replace(TERMS, costs={"upbit": Decimal(0)}) if missing == "costs" else TERMS
    state = account(terms=terms) if missing == "lot" else account(held, terms=terms)
    assert GATE.check(leaving(held), view(near, far), account(held)) == Passed()
    verdict = GATE.check(leaving(held), view(*at, known=known), state)
    assert isinstance(verdict, Denied)
    assert verdict.rule == "use"


def test_an_entry_is_not_what_it_is_asked_for() -> None:
    assert isinstance(GATE.check(plan("1", "1", proposal(kind=ProposalKind.ENTRY)), view(), account()), Denied)
