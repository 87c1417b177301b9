"""What holds of every gate that karb brings: it fails closed, says which line denied, and never holds a way out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Any

import pytest

from karb_core.domain.decisions import Cause, Denied, Passed, ProposalKind
from karb_core.domain.market import Cautions, Depth, Level, VenueClock
from karb_core.engine.gatehouse import ask
from karb_core.engine.strategy import GateSeat
from karb_core.ports import Stage, Stood
from tests.engine import scene as engine
from tests.engine.test_desk import take
from tests.plugins.karb_gates.asked import CASES, Case, built, example, gates

GATES = gates()
NAN = Decimal("NaN")
BOTH = frozenset({"entry", "exit"})


#: By gate, seats of rates that it has no use for.
NOT_LOOKED_AT = {
    ("gates.max_premium", "money"), ("gates.approval", "money"), ("gates.liquidity", "premium"), ("gates.min_volume", "premium"),
    ("gates.max_deployed", "premium"), ("gates.profit_only_exit", "premium"), ("gates.drawdown", "premium"),
}  # fmt: skip


def lacking(what: str) -> list[Any]:
    """Cases of gates that look at it."""
    return [pytest.param(use, make(), id=use) for use, make in CASES.items() if what in make().looks_at]


def seat(use: str, gate: Any) -> GateSeat:
    return GateSeat(use, gate, BOTH, lambda name: engine.cited(f"/risk_gates/0/with/{name}"))


def test_each_has_a_case_here_and_a_sentence_in_both_languages() -> None:
    assert GATES.keys() == CASES.keys()
    for gate in GATES.values():
        assert gate.stage is Stage.STABLE
        assert gate.stands and gate.stands <= BOTH
        assert gate.about.en.endswith(".") and gate.about.ko


@pytest.mark.parametrize("use", GATES)
def test_each_line_of_it_has_an_example_that_can_be_written(use: str) -> None:
    assert built(GATES[use], example(GATES[use])) is not None


@pytest.mark.parametrize("use", GATES)
def test_it_passes_where_nothing_stands_against_it(use: str) -> None:
    assert CASES[use]().asked(GATES[use]) == Passed()


class Broken:
    """Whatever is asked of it, it fails."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("nothing can be computed")


@pytest.mark.parametrize("use", sorted(GATES))
def test_what_it_raises_is_a_refusal_that_names_its_line(use: str) -> None:
    """Asked with a plan that it cannot read."""
    gate = built(GATES[use], CASES[use]().written or example(GATES[use]))
    odd: Any = Broken()
    with pytest.raises(RuntimeError):
        gate.check(odd, odd, odd)

    class Raises:
        def check(self, *_: object) -> Any:
            return gate.check(odd, odd, odd)

    for way in (engine.plan(), engine.plan(shares=(engine.Share("lot", Decimal(1)),))):
        of = engine.strategy(engine.Proposes(), gates=(seat(use, Raises()),))
        (denied,) = ask(of, way, engine.view(engine.moment()), engine.AccountView(engine.TERMS, {}, {}))
        assert denied.rule == "/risk_gates/0/with/use"
        assert "nothing can be computed" in denied.observed


def refused(use: str, case: Case, **changed: Any) -> None:
    """By a line of its own, or as a whole, with what was seen and what would do; or it raises, which refuses as well."""
    with localcontext() as ambient:
        ambient.clear_traps()  # whatever a library did to the thread's own context
        try:
            verdict = case.asked(GATES[use], **changed)
        except (ValueError, TypeError, ArithmeticError, AttributeError):
            return
    assert isinstance(verdict, Denied)
    names = {field.alias or name for name, field in GATES[use].Params.model_fields.items()}
    assert verdict.rule.split(".")[0] in names | {"use"}
    assert verdict.observed
    assert verdict.limit


@pytest.mark.parametrize(("use", "case"), lacking("tops"))
def test_a_leg_without_a_price_is_refused(use: str, case: Case) -> None:
    for missing in case.view.tops:
        if use != "gates.net_exposure" or missing.quote == "KRW":  # it asks for prices in the limit's asset
            left = {i: top for i, top in case.view.tops.items() if i != missing}
            refused(use, case, view=replace(case.view, tops=left))


@pytest.mark.parametrize(("use", "case"), [c for c in lacking("tops") if c.id != "gates.fresh"])
def test_a_price_that_is_no_number_is_refused(use: str, case: Case) -> None:
    for at, top in case.view.tops.items():
        for odd in (NAN, Decimal("Infinity"), Decimal(0)):
            if use != "gates.net_exposure" or at.quote == "KRW":
                tops = {**case.view.tops, at: replace(top, bid=odd, ask=odd)}
                refused(use, case, view=replace(case.view, tops=tops))


@pytest.mark.parametrize(("use", "case"), lacking("rates"))
def test_a_rate_that_is_missing_or_no_number_is_refused(use: str, case: Case) -> None:
    refused(use, case, view=replace(case.view, rates={}))
    for odd in (NAN, Decimal("Infinity"), Decimal(0)):
        rates = {seat: replace(rate, rate=odd) for seat, rate in case.view.rates.items()}
        refused(use, case, view=replace(case.view, rates=rates))


@pytest.mark.parametrize(("use", "case"), lacking("free"))
def test_an_account_that_does_not_answer_is_refused(use: str, case: Case) -> None:
    refused(use, case, account=replace(case.account, free={}))
    refused(use, case, account=replace(case.account, free=dict.fromkeys(case.account.free, NAN)))


@pytest.mark.parametrize("field", ["stood", "depths", "past", "clocks", "cautions"])
def test_what_it_looks_back_on_and_is_missing_or_no_number_is_refused(field: str) -> None:
    cases = {use: make() for use, make in CASES.items()}
    looking = {
        use: case for use, case in cases.items() if case.looks_at & {field, "mine" if field == "past" else field}
    }
    assert looking
    for use, case in looking.items():
        told: dict[Any, Any] = dict(getattr(case.view, field))
        own = {case.plan.pair} if "mine" in case.looks_at else told.keys()
        for key in own:
            for odd in (None, (), _no_number(told[key])):
                changed: dict[str, Any] = {field: {**told, key: odd}}
                refused(use, case, view=replace(case.view, **changed))
            missing: dict[str, Any] = {field: {k: v for k, v in told.items() if k != key}}
            refused(use, case, view=replace(case.view, **missing))


def _no_number(told: Any) -> Any:
    if isinstance(told, VenueClock):
        return replace(told, least_ns=NAN, most_ns=NAN)
    if isinstance(told, Cautions):
        return replace(told, flags=(NAN,))
    if isinstance(told, Depth):
        return replace(told, bids=(Level(NAN, NAN),), asks=(Level(NAN, NAN),))
    return tuple(
        Stood(each.since_ns, NAN)
        if isinstance(each, Stood)
        else replace(each, closes=(NAN, NAN), volumes=(NAN, NAN), premium=NAN)
        for each in told
    )


@pytest.mark.parametrize("field", ["tops", "rates"])
def test_a_price_or_a_rate_that_is_nothing_is_refused(field: str) -> None:
    """None where a value was meant."""
    for use, make in CASES.items():
        case = make()
        if field not in case.looks_at or use == "gates.net_exposure":
            continue
        for key in getattr(case.view, field):
            nothing: dict[str, Any] = {field: {**getattr(case.view, field), key: None}}
            if (use, key) in NOT_LOOKED_AT:
                assert case.asked(GATES[use], view=replace(case.view, **nothing)) == Passed()
                continue
            refused(use, case, view=replace(case.view, **nothing))


class Denies:
    """As the gate, where it would deny."""

    def check(self, *_: object) -> Any:
        return Denied("use", "seen", "allowed")


@pytest.mark.parametrize("use", sorted(GATES))
@pytest.mark.parametrize("cause", [Cause.DEMANDED, Cause.FORCED])
def test_it_never_holds_a_way_out_that_is_demanded_or_forced(use: str, cause: Cause) -> None:
    """Whichever it is, with nothing that it could compute by, and written at both places."""
    gate = built(GATES[use], CASES[use]().written or example(GATES[use]))
    odd: Any = Broken()

    class Blind:
        def check(self, *_: object) -> Any:
            return gate.check(odd, odd, odd)

    held = engine.lot("a", "-10", "10")
    for one in (Blind(), Denies()):
        taken = engine.proposal(ProposalKind.EXIT, "a")
        of = engine.scene(engine.strategy(engine.Proposes(taken), gates=(seat(use, one),)), lots=(held,))
        assert [c.decided.decision.kind.value for c in take(of, engine.NOW)] == ["refusal"]
        of.desk.strategy = replace(of.desk.strategy, signal=engine.Proposes(replace(taken, cause=cause)))
        assert [c.decided.decision.kind.value for c in take(of, engine.NOW + engine.SECOND)] == ["exit"]
