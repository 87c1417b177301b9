"""Rules that cannot show in a backtest over bars: each, changed, changes another outcome, a verdict or a refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from karb_core.domain.decisions import Plan, Proposal, ProposalKind, Share
from karb_core.domain.market import Top
from karb_core.domain.orders import Filled, Order, TimeInForce, Unknown
from karb_core.engine.gatehouse import ask
from karb_core.engine.legs import next_actions
from karb_core.engine.legs_now import LegsNow
from karb_core.engine.next_step import Place
from karb_core.engine.sent import FIRST_TRY, Sent
from karb_core.engine.strategy import Strategy
from karb_core.errors import DataUnusable, KarbError
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import AccountView, MarketView
from karb_core.rulebook.check import check
from karb_core.rulebook.source import Source
from karb_core.wiring.market_data import need_bars_of
from karb_core.wiring.strategy_of import need_runnable, strategy_of
from tests.engine import scene
from tests.wiring.test_every_rule import BASE, UNSHOWN
from tests.wiring.tiny import Edit, rulebook, strategy_text

SECOND = 1_000_000_000
NOW = 1_000_000 * SECOND
#: The two lines of the file that wait for fresh prices, at entries and at exits.
FRESH_IN = "{use: gates.fresh, id: fresh_in, at: [entry], with: {book: 5m, between_legs: 5m}}"
FRESH_OUT = "{use: gates.fresh, id: fresh_out, at: [exit], with: {book: 5m, between_legs: 5m}}"
OTHER = "{use: gates.max_position, id: fresh_in, at: [entry], with: {of: capital, single: 50%}}"
Outcome = object
Shows = Callable[[str], Outcome]


def found(text: str) -> Outcome:
    """What `karb check` says is wrong."""
    checked = check(Source.of_text(text), Catalogue.installed())
    return [(finding.code, finding.mark) for finding in checked.errors]


def of(text: str) -> Strategy:
    """The strategy over the two instruments of the engine's scene: only its gates and its ladder are asked."""
    book = rulebook(text)
    pair = book.file.pairs["BTC"]
    facts = {pair.near: replace(scene.FACTS[scene.SPOT], instrument=pair.near)}
    facts |= {pair.far: replace(scene.FACTS[scene.PERP], instrument=pair.far)}
    return strategy_of(book, facts)


def plan(strategy: Strategy, kind: ProposalKind) -> Plan:
    near, far = strategy.terms.pairs["BTC"].legs
    legs = (scene.target(near, "1"), scene.target(far, "-1"))
    lots = ("a",) if kind is ProposalKind.EXIT else ()
    way: Proposal = replace(scene.proposal(), pair="BTC", kind=kind, lot_ids=lots)
    return Plan(
        intent_id="abcdefghij234567", proposals=(way,), legs=legs, shares=tuple(Share(i, Decimal(1)) for i in lots)
    )


def verdicts(kind: ProposalKind, near_age_s: float, far_age_s: float) -> Shows:
    """Which lines of the gates deny a plan by prices of these ages."""

    def asked(text: str) -> Outcome:
        strategy = of(text)
        tops: dict[object, Top] = {}
        for leg, age in zip(strategy.terms.pairs["BTC"].legs, (near_age_s, far_age_s), strict=True):
            tops[leg] = scene.top(leg, at_ns=NOW - int(age * SECOND))
        view = MarketView(NOW, tops, {}, {}, {})  # type: ignore[arg-type]
        account = AccountView(strategy.terms, {}, {})
        only = replace(strategy, rates=(), gates=tuple(g for g in strategy.gates if g.name.startswith("fresh")))
        return [denied.rule for denied in ask(only, plan(strategy, kind), view, account)]

    return asked


def legs_at(after_s: float, *, lost: bool = False, unwound: bool = False) -> Shows:
    """What the legs do next, so long after the near leg filled and the far one did not, or did not answer."""

    def asked(text: str) -> Outcome:
        strategy = of(text)
        way = plan(strategy, ProposalKind.ENTRY)
        sent = [_sent(way, 0, "1"), _sent(way, 1, None if lost else "0")]
        if unwound:
            back = _sent(way, 0, "0")
            order = replace(back.order, id="back", side=back.order.side.opposite)
            sent.append(replace(back, order=order, step=2, sent_ns=NOW + 4 * SECOND, answered_ns=NOW + 4 * SECOND))
        now = LegsNow(way, tuple(sent), NOW + int(after_s * SECOND), {}, strategy.terms.facts, strategy.legs)
        told = next_actions(now)
        return told.phase, [(a.leg, a.side, a.limit) for a in told.actions if isinstance(a, Place)]

    return asked


def _sent(way: Plan, leg: int, filled: str | None) -> Sent:
    to = way.legs[leg]
    order = Order(
        id=f"o{leg}", intent_id=way.intent_id, leg=leg, instrument=to.instrument, side=to.side, amount=abs(to.amount),
        limit=to.price, cost=None, time_in_force=TimeInForce.IOC, reduce_only=False,
    )  # fmt: skip
    done = to.instrument.amount(Decimal(filled or 0))
    known = Unknown(order, "no answer", done, done.at(to.price))
    return Sent(
        order, leg, FIRST_TRY, NOW, known if filled is None else Filled(order, done, done.at(to.price), True), NOW
    )


def runs(text: str) -> Outcome:
    """Whether a backtest of it may begin."""
    try:
        need_runnable(rulebook(text), "backtest")
    except KarbError as refused:
        return type(refused).__name__
    return "begins"


def boldest(text: str) -> Outcome:
    return rulebook(text).file.mode


def series(text: str) -> Outcome:
    """Whether bars of trades are what the signal asks for."""
    try:
        need_bars_of(of(text).signal.rows(), "market.yaml")
    except DataUnusable as refused:
        return type(refused).__name__
    return "closes"


SHOWN: dict[str, tuple[Edit, Shows]] = {
    "/mode": (("mode: backtest", "mode: paper"), boldest),
    "/feeds/0/use": (("use: replay.dataset,", "use: replay.datasets,"), found),
    "/risk_gates/0/use": ((FRESH_IN, OTHER), verdicts(ProposalKind.ENTRY, 600, 600)),
    "/risk_gates/0/at": ((FRESH_IN, FRESH_IN.replace("[entry]", "[exit]")), verdicts(ProposalKind.ENTRY, 600, 600)),
    "/risk_gates/0/with/book": ((FRESH_IN, FRESH_IN.replace("book: 5m", "book: 15m")), verdicts(ProposalKind.ENTRY, 600, 600)),
    "/risk_gates/0/with/between_legs": ((FRESH_IN, FRESH_IN.replace("legs: 5m", "legs: 1m")), verdicts(ProposalKind.ENTRY, 200, 100)),
    "/risk_gates/1/use": ((FRESH_OUT, "{use: gates.profit_only_exit, id: fresh_out, at: [exit]}"), verdicts(ProposalKind.EXIT, 600, 600)),
    "/risk_gates/1/at": ((FRESH_OUT, FRESH_OUT.replace("[exit]", "[entry]")), verdicts(ProposalKind.EXIT, 600, 600)),
    "/risk_gates/1/with/book": ((FRESH_OUT, FRESH_OUT.replace("book: 5m", "book: 15m")), verdicts(ProposalKind.EXIT, 600, 600)),
    "/risk_gates/1/with/between_legs": ((FRESH_OUT, FRESH_OUT.replace("legs: 5m", "legs: 1m")), verdicts(ProposalKind.EXIT, 200, 100)),
    "/risk_gates/2/at": (("{use: gates.max_position, at: [entry]", "{use: gates.max_position, at: [exit]"), found),
    "/risk_gates/3/at": (("{use: gates.profit_only_exit, at: [exit]}", "{use: gates.profit_only_exit, at: [entry]}"), found),
    "/execution/unhedged_for": (("unhedged_for: 10s", "unhedged_for: 3s"), found),
    "/execution/on_one_leg/2/unwind/for": (("unwind: {band: 200bp, for: 5s}", "unwind: {band: 200bp, for: 3s}"), legs_at(8, unwound=True)),
    "/execution/on_one_leg/3": (("    - halt\n", "    - unwind: {band: 300bp, for: 1s}\n"), legs_at(9.5, unwound=True)),
    "/execution/on_unknown/ask_for": (("ask_for: 20s", "ask_for: 8s"), legs_at(10, lost=True)),
    "/execution/on_unknown/then": (("then: halt}", "then: unwind}"), found),
    "/executors/0/use": (("use: upbit.orders", "use: upbit.order"), found),
    "/executors/1/use": (("use: binance_usdm.orders", "use: binance_usdm.order"), found),
    "/executors/1/with/margin": (("margin: isolated", "margin: cross"), found),
    "/signal/with/price": (("price: close", "price: mid"), series),
}  # fmt: skip


@pytest.mark.parametrize("rule", SHOWN)
def test_a_rule_changed_changes_an_outcome(rule: str) -> None:
    edit, shows = SHOWN[rule]
    assert shows(strategy_text(*BASE)) != shows(strategy_text(*BASE, edit))


def test_every_rule_that_a_backtest_cannot_show_is_shown_here() -> None:
    assert SHOWN.keys() == UNSHOWN.keys()


def test_what_is_not_simulated_does_not_begin() -> None:
    assert runs(strategy_text(*BASE)) == "begins"
    assert runs(strategy_text(*BASE, ("margin: isolated", "margin: cross"))) == "StrategyInvalid"
