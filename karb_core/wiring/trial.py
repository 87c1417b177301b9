"""A test of an owner's: one moment, put together as it is given, judged, sized and gated by the rules as they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Decision, DecisionKind
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, MaintenanceTier, TickBand
from karb_core.domain.lots import Lot, LotLeg
from karb_core.domain.market import Cautions, Depth, FxKind, FxRate, Level, Top, VenueClock
from karb_core.domain.premium import Direction
from karb_core.engine.decide import decide
from karb_core.engine.deployable import deployable
from karb_core.engine.strategy import Strategy
from karb_core.errors import StrategyInvalid
from karb_core.history.next_rows import row_of
from karb_core.ports import AccountView, Fired, MarketView, Moment, PairTerms, Standing, Stood
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.signal_facts import signal_facts
from karb_core.rulebook.strategy_tests import Expect, Given, OpenLot, StrategyTest
from karb_core.texts.text import Text
from karb_core.wiring.opening import Opening
from karb_core.wiring.strategy_of import nanoseconds, strategy_of
from karb_core.wiring.trial_series import trial_series

#: Noon in Seoul on Monday, 5 January 2026: markets of rates are open.
_AT_NS = 1_767_582_000_000_000_000  # karb: constant because a moment that is made up needs some time
_FINE = Decimal(1).scaleb(-8)  # karb: constant because a test is of the owner's rules, not of a venue's steps
# karb: constant because a test is of the owner's rules, not of when a venue liquidates
_NO_MARGIN = (MaintenanceTier(Decimal(0), Decimal(0), Decimal(0)),)
_ACTS = (DecisionKind.ENTRY, DecisionKind.EXIT, DecisionKind.REFUSAL)


@dataclass(frozen=True, slots=True)
class Tried:
    """differs: what is other than expected, each as a sentence; empty for a test that passed. lines: the places in the
    file that its decisions cite, or that refused."""

    test: StrategyTest
    differs: tuple[Text, ...]
    lines: frozenset[str]


def tried(rulebook: Rulebook, test: StrategyTest) -> Tried:
    """Errors: StrategyInvalid for a moment that cannot be: a pair that is none, a price in another asset, no rate."""
    given = test.given
    strategy = strategy_of(rulebook, _facts(rulebook))
    pair = strategy.terms.pairs.get(given.pair)
    if pair is None:
        raise StrategyInvalid(Text("test.no_pair", {"test": test.name, "pair": given.pair}))
    _need_prices(test, pair)
    decisions = _decided(rulebook, strategy, pair, given)
    cited = {line.rule for decision in decisions for line in decision.cited}
    denied = {denied.rule for decision in decisions for denied in decision.denied}
    acts = [decision for decision in decisions if decision.kind in _ACTS]
    found = _differences(test.expect, acts[0] if acts else None)
    return Tried(test, tuple(found), frozenset(cited | denied))


def _decided(rulebook: Rulebook, strategy: Strategy, pair: PairTerms, given: Given) -> list[Decision]:
    terms, view = strategy.terms, _view(pair, given)
    series = trial_series(strategy.signal.rows(), pair, given, _AT_NS)
    features = row_of(strategy.signal.features(series), len(series.closed_at_ms) - 1)
    tops = tuple(view.tops[leg] for leg in pair.legs)
    moment = Moment(pair.name, _AT_NS, features, pair.legs, tops, view.rates)
    lots = tuple(_lot(rulebook, strategy, pair, given, of, i) for i, of in enumerate(given.open or ()))
    fired = tuple(Fired(lot.tier or "", lot.opened_at_ns, None, True) for lot in lots)
    standing = {name: Standing() for name in terms.pairs} | {pair.name: Standing(lots, fired)}
    opening = Opening(rulebook.file, terms, {leg: view.tops[leg].bid for leg in pair.legs})
    held = {Account(a.venue, asset): value for a in opening.accounts() for asset, value in a.opening.items()}
    account = AccountView(terms, deployable(strategy, view, held, opening.inventory(), ()), standing)
    judged = strategy.signal.judge(moment, standing[pair.name], terms)
    return [decided.decision for decided in decide(strategy, moment, judged, view, account)]


def _differences(expect: Expect, decision: Decision | None) -> Iterator[Text]:
    kind = decision.kind.value if decision is not None else "nothing"
    if kind != expect.decision:
        refused = ", ".join(f"{d.rule}: {d.observed} ({d.limit})" for d in decision.denied) if decision else ""
        yield Text("test.decision", {"expected": expect.decision, "found": f"{kind} {refused}".strip()})
    if decision is None:
        return
    for name, wanted, found in (("side", expect.side, decision.side), ("tier", expect.tier, decision.tier)):
        if wanted is not None and wanted != found:
            yield Text("test.other", {"what": name, "expected": wanted, "found": found or "none"})
    if expect.near is not None:
        yield from _other_size(expect.near, decision)
    named = {line.rule for line in decision.cited} | {denied.rule for denied in decision.denied}
    for line in expect.lines or ():
        if line not in named:
            yield Text("test.line", {"line": line, "found": ", ".join(sorted(named))})


def _other_size(expected: Amount, decision: Decision) -> Iterator[Text]:
    """Edge: what near is worth may be less by one hundred-millionth of the coin, which amounts are floored to."""
    if not decision.legs:
        yield Text("test.other", {"what": "near", "expected": expected.text(), "found": "none"})
        return
    near = decision.legs[0]
    worth = abs(near.amount).at(near.price)
    least = exact.sub(expected.value, exact.mul(near.price.value, _FINE))
    if worth.asset != expected.asset or not least <= worth.value <= expected.value:
        yield Text("test.other", {"what": "near", "expected": expected.text(), "found": worth.text()})


def _view(pair: PairTerms, given: Given) -> MarketView:
    at_ns = _AT_NS - (nanoseconds(given.age) if given.age is not None else 0)
    tops = {
        leg: _top(leg, price.value, given, at_ns) for leg, price in zip(pair.legs, (given.near, given.far), strict=True)
    }
    # A test is of one moment, and of the owner's rules: prices stood where they are for as long as any gate looks back, books
    # hold plenty at them, clocks agree, and no venue warns.
    return MarketView(
        _AT_NS, tops, _rates(pair, given), {}, {},
        stood={leg: (Stood(0, top.mid),) for leg, top in tops.items()},
        depths={leg: _book(top) for leg, top in tops.items()},
        clocks={leg.venue: VenueClock(leg.venue, 0, 0, _AT_NS, _AT_NS) for leg in tops},
        cautions={leg: Cautions(leg, (), _AT_NS, _AT_NS) for leg in tops},
    )  # fmt: skip


def _book(top: Top) -> Depth:
    bids, asks = (Level(top.bid, top.bid_amount),), (Level(top.ask, top.ask_amount),)
    return Depth(top.instrument, bids, asks, top.venue_at_ns, top.received_at_ns)


def _top(leg: Instrument, bid: Decimal, given: Given, at_ns: int) -> Top:
    spread = given.spread if given.spread is not None else Decimal(0)
    ask = exact.mul(bid, exact.add(Decimal(1), spread))
    plenty = Decimal(1).scaleb(9)  # karb: constant because a test is of the owner's rules, not of what a book offers
    return Top(leg, bid, plenty, ask, plenty, at_ns, at_ns)


def _rates(pair: PairTerms, given: Given) -> Mapping[str, FxRate]:
    if given.fx is None:
        return {}
    base, quote = pair.legs[1].quote, pair.legs[0].quote
    seats = {"premium": given.fx.premium, "money": given.fx.money}
    return {
        seat: FxRate(base, quote, rate.value, "test", FxKind.MARKET, _AT_NS, _AT_NS) for seat, rate in seats.items()
    }


def _lot(rulebook: Rulebook, strategy: Strategy, pair: PairTerms, given: Given, of: OpenLot, at: int) -> Lot:
    signal, way = signal_facts(rulebook), Direction(of.side).near_side
    tier = signal.tiers.get(of.tier or "") if signal is not None else None
    lot = Lot(
        id=f"test-{at}", pair=pair.name, tier=of.tier, side=of.side, rules_digest=strategy.terms.rules_digest,
        target=tier.target if tier is not None else None, opened_at_ns=_AT_NS - nanoseconds(of.held),
        rates=tuple((seat, rate.price) for seat, rate in _rates(pair, given).items()),
        legs=(LotLeg.unfilled(pair.legs[0], way), LotLeg.unfilled(pair.legs[1], way.opposite)), fees=(), funding=(),
    )  # fmt: skip
    for leg, turn, price in zip(pair.legs, (way, way.opposite), (of.near, of.far), strict=True):
        moved = leg.amount(exact.mul(of.amount.value, turn.sign))
        cost = moved.at(leg.price(price.value))
        lot = lot.with_fill(leg, moved, cost, abs(cost).times(strategy.terms.costs[leg.venue]))
    return lot


def _need_prices(test: StrategyTest, pair: PairTerms) -> None:
    given, (near, far) = test.given, pair.legs
    prices = [(given.near, near.quote), (given.far, far.quote)]
    for lot in given.open or ():
        prices += [(lot.near, near.quote), (lot.far, far.quote), (lot.amount, near.base)]
    if given.fx is not None:
        prices += [(given.fx.premium, near.quote), (given.fx.money, near.quote)]
    for amount, asset in prices:
        if amount.asset != asset:
            raise StrategyInvalid(Text("test.asset", {"test": test.name, "amount": amount.text(), "asset": asset}))
    if (given.fx is None) != (near.quote == far.quote):
        raise StrategyInvalid(Text("test.no_rate", {"test": test.name, "near": near.quote, "far": far.quote}))


def _facts(rulebook: Rulebook) -> dict[Instrument, InstrumentFacts]:
    """Of every leg, with steps so fine that nothing is cut: a venue's own are no rule of the owner's."""
    margined: set[str] = set()
    for seat in rulebook.seats_of("executors"):
        # karb: constant because an executor without margin states none
        if getattr(seat.params, "leverage", None) is not None:
            margined |= set(seat.offer.component.venues(seat.params) or ())
    legs = {leg for pair in rulebook.file.pairs.values() for leg in (pair.near, pair.far)}
    return {leg: _fine(leg, leg.venue in margined) for leg in legs}


def _fine(leg: Instrument, perpetual: bool) -> InstrumentFacts:
    return InstrumentFacts(
        instrument=leg, kind=InstrumentKind.PERPETUAL if perpetual else InstrumentKind.SPOT,
        ticks=(TickBand(Decimal(0), _FINE),), amount_step=_FINE, min_amount=None, max_amount=None, min_notional=None,
        margin_asset=leg.quote if perpetual else None, multiplier=Decimal(1), maintenance=_NO_MARGIN if perpetual else (), taker_fee=None,
        maker_fee=None, valid_from_ns=0,
    )  # fmt: skip
