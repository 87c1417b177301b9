"""A spot leg and a perpetual leg of one coin, the owner's ladder, and a desk whose venues and ledger a test can see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from karb_core.domain.amount import Amount
from karb_core.domain.approved import Approved
from karb_core.domain.decisions import Cause, Cited, Decision, LegTarget, Plan, Proposal, ProposalKind, Share
from karb_core.domain.holdings import Account, Holdings, Position
from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, TickBand
from karb_core.domain.lots import Lot, LotLeg
from karb_core.domain.market import FxKind, FxRate, Top
from karb_core.domain.orders import Fill, Filled, Order, Outcome, Rejected, Side, Unknown
from karb_core.engine.books import Books
from karb_core.engine.desk import Desk
from karb_core.engine.driver import Driver
from karb_core.engine.leg_rules import LadderRung, LegRules, Rung
from karb_core.engine.strategy import GateSeat, RateRule, Strategy
from karb_core.ports import (
    AccountView,
    Balance,
    Booked,
    Income,
    Judgement,
    MarketView,
    Moment,
    PairTerms,
    Sized,
    Standing,
    Terms,
    VenuePosition,
)

SPOT = Instrument("korbit", "ADA", "EUR")
PERP = Instrument("dydx", "ADA", "USD")
LEGS = (SPOT, PERP)
SECOND = 1_000_000_000
NOW = 1_000_000 * SECOND
D = Decimal


def facts(
    instrument: Instrument, step: str, tick: str, *, min_notional: str | None = None, margin: str | None = None
) -> InstrumentFacts:
    return InstrumentFacts(
        instrument=instrument,
        kind=InstrumentKind.SPOT if margin is None else InstrumentKind.PERPETUAL,
        ticks=(TickBand(D(0), D(tick)),),
        amount_step=D(step),
        min_amount=None,
        max_amount=None,
        min_notional=None if min_notional is None else D(min_notional),
        margin_asset=margin,
        multiplier=D(1),
        maintenance=(),
        taker_fee=None,
        maker_fee=None,
        valid_from_ns=0,
    )


FACTS = {SPOT: facts(SPOT, "0.01", "0.001", min_notional="5"), PERP: facts(PERP, "0.1", "0.01", margin="USD")}


def cited(rule: str) -> Cited:
    return Cited(rule, "test.yaml", 1, "as written")


def rung(kind: Rung, band: str = "0", seconds: int = 0) -> LadderRung:
    return LadderRung(kind, D(band), seconds * SECOND, cited(f"/execution/on_one_leg/{kind.value}"))


LADDER = (
    rung(Rung.RETRY, "0.005", 2),
    rung(Rung.RETRY, "0.01", 2),
    rung(Rung.UNWIND, "0.02", 5),
    rung(Rung.HALT),
)


def rules(first: int | None = None, ladder: tuple[LadderRung, ...] = LADDER) -> LegRules:
    return LegRules(
        first,
        D("0.002"),
        10 * SECOND,
        ladder,
        20 * SECOND,
        cited("/execution/price/band"),
        cited("/execution/on_unknown/then"),
    )


def target(instrument: Instrument, amount: str | Decimal, price: str = "10") -> LegTarget:
    return LegTarget(instrument, instrument.amount(D(amount)), instrument.price(D(price)))


def proposal(kind: ProposalKind = ProposalKind.ENTRY, *lot_ids: str, **changes: Any) -> Proposal:
    parts: dict[str, Any] = {
        "pair": "ADA", "kind": kind, "cause": Cause.TAKEN, "tier": None, "side": "up", "rules": ("entry",),
        "lot_ids": lot_ids, "target": None, "seen": (),
    }  # fmt: skip
    return Proposal(**{**parts, **changes})


def plan(*legs: LegTarget, shares: tuple[Share, ...] = (), intent: str = "abcdefghij234567") -> Plan:
    given = legs or (target(SPOT, "-100"), target(PERP, "100"))
    way = proposal(ProposalKind.EXIT, *(s.lot_id for s in shares)) if shares else proposal()
    return Plan(intent_id=intent, proposals=(way,), legs=given, shares=shares)


def top(instrument: Instrument, price: str = "10", at_ns: int = NOW) -> Top:
    return Top(instrument, D(price), D(1000), D(price), D(1000), at_ns, at_ns)


def lot(name: str, spot: str, perp: str, side: str = "up") -> Lot:
    """A lot that holds so much on each leg, bought and sold at 10."""
    legs = tuple(
        LotLeg.unfilled(i, Side.of(D(held))).moved(i.amount(D(held)), i.amount(D(held)).at(i.price(D(10))))
        for i, held in ((SPOT, spot), (PERP, perp))
    )
    return Lot(
        id=name, pair="ADA", tier=None, side=side, rules_digest="sha256:r", target=None, opened_at_ns=0, rates=(), legs=legs,
        fees=(), funding=(),
    )  # fmt: skip


TERMS = Terms(
    strategy="test",
    rules_digest="sha256:r",
    capital=Amount(D(10_000), "EUR"),
    reserve=D(0),
    pairs={"ADA": PairTerms("ADA", LEGS, D(1))},
    costs={"korbit": D("0.001"), "dydx": D("0.001")},
    leverage={"korbit": D(1), "dydx": D(2)},
    facts=FACTS,
)


def rate(value: str = "1.25", at_ns: int = NOW) -> FxRate:
    return FxRate("USD", "EUR", D(value), "a bank", FxKind.BASE, at_ns, at_ns)


def moment(at_ns: int = NOW, rates: Mapping[str, FxRate] | None = None) -> Moment:
    known = {"money": rate(at_ns=at_ns)} if rates is None else rates
    return Moment("ADA", at_ns, {}, LEGS, (top(SPOT, at_ns=at_ns), top(PERP, at_ns=at_ns)), known)


def view(of: Moment) -> MarketView:
    return MarketView(of.at_ns, dict(zip(of.legs, of.tops, strict=True)), of.rates, {}, {})


class Proposes:
    """A signal that says what it was told to say."""

    def __init__(self, *proposals: Proposal, rearmed: str | None = None) -> None:
        self.says = Judgement(proposals, rearmed)

    def rows(self) -> Any:
        raise NotImplementedError

    def features(self, series: Any) -> Any:
        raise NotImplementedError

    def wakes(self, features: Any, standing: Any, terms: Any) -> Any:
        raise NotImplementedError

    def judge(self, moment: Moment, standing: Standing, terms: Terms) -> Judgement:
        return self.says


class Sizes:
    """A sizing that asks for the same legs each time."""

    def __init__(self, *legs: LegTarget) -> None:
        self.legs = legs or (target(SPOT, "-100"), target(PERP, "100"))

    def size(self, proposal: Proposal, moment: Moment, account: AccountView) -> Sized:
        return Sized(self.legs, ("size",))


def strategy(
    signal: Proposes, sizing: Sizes | None = None, *, gates: tuple[GateSeat, ...] = (),
    rates: tuple[RateRule, ...] = (), legs: LegRules | None = None, terms: Terms = TERMS,
) -> Strategy:  # fmt: skip
    return Strategy(
        terms=terms, signal=signal, signal_cite=lambda n: cited(f"/signal/with/{n}"), sizing=sizing or Sizes(),
        sizing_cite=lambda n: cited(f"/sizing/with/{n}"), gates=gates, rates=rates, legs=legs or rules(), file_cite=cited,
    )  # fmt: skip


@dataclass
class Trace:
    """Everything that was written down and everything that reached a venue, in the order in which it happened."""

    events: list[tuple[str, Any]] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Any]:
        return [what for kind, what in self.events if kind in kinds]


class Recording:
    """A journal that keeps everything in the order in which it came."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self._written: list[str] = []
        self.safe: set[str] = set()

    def decision(self, decision: Decision) -> None:
        self.trace.events.append(("decision", decision))

    def order(self, order: Order, at_ns: int) -> None:
        self.trace.events.append(("order", order))
        self._written.append(order.id)

    def sent(self, order: Order, durable_at_ns: int, at_ns: int) -> None:
        assert order.id in self.safe

    def outcome(self, outcome: Outcome, at_ns: int) -> None:
        self.trace.events.append(("outcome", outcome))

    def fill(self, fill: Fill, lot_shares: Sequence[tuple[str, Amount]]) -> None:
        self.trace.events.append(("fill", (fill, tuple(lot_shares))))

    def income(self, booked: Booked) -> None:
        self.trace.events.append(("income", booked))

    def lot(self, lot: Lot) -> None:
        self.trace.events.append(("lot", lot))

    def halt(self, strength: str, reason: str, author: str, at_ns: int) -> None:
        self.trace.events.append(("halt", reason))

    def took(self, command_id: str, at_ns: int) -> None:
        self.trace.events.append(("took", command_id))

    async def durable(self) -> None:
        self.trace.events.append(("durable", None))
        self.safe |= set(self._written)

    def end(self, how: str, at_ns: int) -> None:
        raise NotImplementedError


class Scripted:
    """Venues that answer each order by a script: a share of it that fills, `no`, `lost` (filled, but nobody says so)
    or `silent` (nothing traded, and nobody says so)."""

    def __init__(self, trace: Trace, clock: Hand, *script: str, free: str = "100000") -> None:
        self.trace, self.clock, self.script = trace, clock, list(script)
        self.free = D(free)
        self.placed: dict[str, Outcome] = {}
        self.truth: dict[str, Outcome] = {}
        self.booked: list[Fill] = []

    async def place(self, order: Approved[Order]) -> Outcome:
        item = order.item
        self.trace.events.append(("place", item))
        assert item.id not in self.truth, "an id is never sent twice"
        word = self.script.pop(0) if self.script else "1"
        done = D(0) if word in ("no", "silent") else (D(1) if word == "lost" else D(word)) * item.amount.value
        if done:
            self._fill(item, done)
        assert item.limit is not None
        nothing = Filled(item, item.instrument.amount(done), item.instrument.amount(done).at(item.limit), final=True)
        self.truth[item.id] = Rejected(item, "no", "no") if word == "no" else nothing
        zero = item.instrument.amount(D(0))
        unknown = Unknown(item, "no answer", zero, zero.at(item.limit))
        return unknown if word in ("lost", "silent") else self.truth[item.id]

    def _fill(self, item: Order, done: Decimal) -> None:
        assert item.limit is not None
        self.booked.append(
            Fill(
                order_id=item.id, venue_trade_id=f"{item.id}-t", instrument=item.instrument, side=item.side,
                amount=item.instrument.amount(done), price=item.limit, fee=Amount(D("0.07"), item.instrument.quote),
                venue_at_ns=self.clock.venue_ns, received_at_ns=self.clock.venue_ns,
            )
        )  # fmt: skip

    async def find(self, order: Order) -> Outcome:
        self.trace.events.append(("find", order))
        return self.truth[order.id]

    async def cancel(self, order: Order) -> None:
        raise NotImplementedError

    async def open_orders(self) -> Sequence[Order]:
        return ()

    async def balances(self) -> Mapping[Account, Balance]:
        return {
            Account("korbit", "EUR"): Balance(self.free, D(0)),
            Account("korbit", "ADA"): Balance(self.free, D(0)),
            Account("dydx", "USD"): Balance(self.free, D(0)),
        }

    async def positions(self) -> Mapping[Instrument, VenuePosition]:
        return {}

    async def fills_since(self, venue_at_ns: int) -> Sequence[Fill]:
        return [f for f in self.booked if f.venue_at_ns >= venue_at_ns]

    async def income_since(self, venue_at_ns: int) -> Sequence[Income]:
        return ()

    async def facts(self) -> Mapping[Instrument, InstrumentFacts]:
        return FACTS


class Hand:
    """A clock that moves when somebody sleeps, a little more than asked; the venue's stands still meanwhile."""

    def __init__(self, now_ns: int = NOW) -> None:
        self.now, self.venue_ns = now_ns, now_ns
        self.slept = 0

    def now_ns(self) -> int:
        self.now += 1
        return self.now

    async def sleep_until(self, at_ns: int | None) -> None:
        self.slept += 1
        assert self.slept < 200, "a desk that never comes to an end"
        if at_ns is not None:
            self.now = max(self.now, at_ns)


@dataclass
class Scene:
    trace: Trace
    clock: Hand
    venue: Scripted
    journal: Recording
    desk: Desk

    @property
    def books(self) -> Books:
        return self.desk.books


def scene(of: Strategy, *script: str, lots: tuple[Lot, ...] = (), free: str = "100000") -> Scene:
    trace, clock = Trace(), Hand()
    venue = Scripted(trace, clock, *script, free=free)
    journal = Recording(trace)
    books = Books(_holding(lots), FACTS, {one.id: one for one in lots})
    driver = Driver({"korbit": venue, "dydx": venue}, journal, clock, books, FACTS, of.legs, "t1", dict)
    return Scene(trace, clock, venue, journal, Desk(of, books, driver, journal))


def _holding(lots: tuple[Lot, ...]) -> Holdings:
    held = sum((one.legs[1].open.value for one in lots), D(0))
    open_ = {PERP: Position(held, held * 10)} if held else {}
    return Holdings({Account("korbit", "ADA"): D(100_000)}, {}, open_)
