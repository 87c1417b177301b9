"""Strategies of other shapes through the same desk, venues, ledger and report: one leg, and three.

A file can only name pairs, so these are furnished by hand; every part of them but the signal and the sizing is ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from karb_core.domain.amount import Amount, Price
from karb_core.domain.decisions import Cause, Cited, DecisionKind, LegTarget, Proposal, ProposalKind, seen
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.instrument import Instrument, InstrumentFacts, InstrumentKind, MaintenanceTier, TickBand
from karb_core.domain.market import FxKind, FxRate
from karb_core.domain.trade import Trade
from karb_core.engine.books import Books
from karb_core.engine.desk import Desk
from karb_core.engine.driver import Driver
from karb_core.engine.leg_rules import LadderRung, LegRules, Rung
from karb_core.engine.strategy import Strategy
from karb_core.history.bar_columns import BarColumns, Traded
from karb_core.history.bars import Bars
from karb_core.history.points import Points
from karb_core.ledger import folds
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose, decisions, fills, incomes, opened_lots
from karb_core.ledger.runs import Run
from karb_core.ports import AccountView, BarRows, Judgement, MarketView, Moment, PairTerms, Sized, Standing, Terms
from karb_core.venue.bar_market import BarVenues
from karb_core.venue.terms import VenueTerms
from karb_core.wiring.day_ends import Prices, Rows, run_day_ends
from karb_core.wiring.event_clock import EventClock
from karb_core.wiring.summary import summary_of
from karb_core.wiring.trades import trades_of
from karb_sim.bars import BarFills, BarFillsParams

D = Decimal
NS = 1_000_000
MINUTE = 60_000
START = 1_735_689_600_000
PERP = Instrument("binance_usdm", "BTC", "USDT")
SPOT = Instrument("upbit", "BTC", "KRW")
TETHER = Instrument("upbit", "USDT", "KRW")
KINDS = {PERP: InstrumentKind.PERPETUAL, SPOT: InstrumentKind.SPOT, TETHER: InstrumentKind.SPOT}
STEPS = {PERP: ("0.001", "0.1"), SPOT: ("0.00000001", "1000"), TETHER: ("0.01", "1")}
NO_WHERE = Cited("", "test.yaml", 0, "")


def facts(instrument: Instrument) -> InstrumentFacts:
    margined = KINDS[instrument] is InstrumentKind.PERPETUAL
    return InstrumentFacts(
        instrument=instrument,
        kind=KINDS[instrument],
        ticks=(TickBand(D(0), D(STEPS[instrument][1])),),
        amount_step=D(STEPS[instrument][0]),
        min_amount=None,
        max_amount=None,
        min_notional=None,
        margin_asset="USDT" if margined else None,
        multiplier=D(1),
        maintenance=(MaintenanceTier(D(0), D("0.004"), D(0)),) if margined else (),
        taker_fee=None,
        maker_fee=None,
        valid_from_ns=0,
    )


class Turns:
    """Enters when its one feature is above zero, leaves when it is below. It knows of no premium."""

    def rows(self) -> BarRows:
        return BarRows(MINUTE * NS, 1)

    def features(self, series: Any) -> Any:
        raise NotImplementedError("this test gives its moments itself")

    def wakes(self, features: Any, standing: Standing, terms: Terms) -> Any:
        raise NotImplementedError

    def judge(self, moment: Moment, standing: Standing, terms: Terms) -> Judgement:
        turn = moment.features["turn"]
        told = seen({"turn": int(turn)})
        parts: dict[str, Any] = {
            "pair": moment.pair, "cause": Cause.TAKEN, "tier": None, "side": "up", "target": None, "seen": told,
            "rules": ("turn",),
        }  # fmt: skip
        if turn > 0 and not standing.lots:
            return Judgement((Proposal(kind=ProposalKind.ENTRY, lot_ids=(), **parts),))
        if turn < 0 and standing.lots:
            return Judgement((Proposal(kind=ProposalKind.EXIT, lot_ids=tuple(x.id for x in standing.lots), **parts),))
        return Judgement()


class Amounts:
    """The same signed amounts at every entry, by leg."""

    def __init__(self, *amounts: str) -> None:
        self._amounts = [D(amount) for amount in amounts]

    def size(self, proposal: Proposal, moment: Moment, account: AccountView) -> Sized:
        legs = [
            LegTarget(leg, leg.amount(amount), leg.price(top.ask if amount > 0 else top.bid))
            for leg, top, amount in zip(moment.legs, moment.tops, self._amounts, strict=True)
        ]
        return Sized(tuple(legs), ("amounts",))


@dataclass(frozen=True, slots=True)
class Shape:
    """What differs: legs with their prices minute by minute, amounts, the book asset, what accounts open with."""

    prices: Mapping[Instrument, Sequence[float]]
    amounts: tuple[str, ...]
    capital: Amount
    opening: Mapping[str, Mapping[str, Decimal]]
    turns: Sequence[int]
    funding: Mapping[int, float]
    money: Sequence[int] = ()
    jumps: Mapping[tuple[Instrument, int], float] | None = None


ONE_LEG = Shape(
    {PERP: [60_000, 60_100, 60_300, 60_700, 60_500, 60_400, 60_900, 61_000, 61_100]}, ("0.25",), Amount(D(20_000), "USDT"),
    {"binance_usdm": {"USDT": D(20_000)}}, [0, 1, 0, 0, -1, 1, 0, -1], {3: 0.0001, 7: -0.0002},
)  # fmt: skip
THREE_LEGS = Shape(
    {
        SPOT: [90_000_000, 90_100_000, 90_500_000, 90_200_000, 90_000_000, 90_000_000],
        PERP: [60_000, 60_100, 60_300, 60_700, 60_500, 60_400],
        TETHER: [1400, 1401, 1402, 1405, 1403, 1410],
    },
    ("0.1", "-0.1", "-6000"), Amount(D(40_000_000), "KRW"),
    {"upbit": {"KRW": D(40_000_000), "USDT": D(7000)}, "binance_usdm": {"USDT": D(20_000)}},
    [0, 1, 0, 0, -1, 0], {3: 0.0001}, [1400, 1401, 1402, 1405, 1403, 1410],
)  # fmt: skip


def bars(prices: Sequence[float], jumps: Mapping[int, float]) -> Bars:
    """Each minute opens at the close before it, or where it jumps to."""
    close = np.array(prices, dtype=np.float64)
    open_ = np.array([jumps.get(i, prices[max(i - 1, 0)]) for i in range(len(prices))], dtype=np.float64)
    opened = np.arange(len(prices), dtype=np.int64) * MINUTE + START
    return Bars(
        "test", MINUTE, opened, open_, np.maximum(open_, close), np.minimum(open_, close), close, close * 0 + 9.0
    )


def market(shape: Shape) -> BarColumns:
    traded = {}
    for instrument, prices in shape.prices.items():
        jumps = {minute: to for (i, minute), to in (shape.jumps or {}).items() if i == instrument}
        at = np.array([START + minute * MINUTE for minute in shape.funding], dtype=np.int64)
        settled = Points("funding", at, np.array(list(shape.funding.values())))
        perpetual = KINDS[instrument] is InstrumentKind.PERPETUAL
        traded[instrument] = Traded(bars(prices, jumps), None, settled if perpetual else None)
    return BarColumns(traded, [tuple(shape.prices)])


@dataclass(frozen=True, slots=True)
class Done:
    desk: Desk
    venues: Any
    ledger: Ledger
    run: Run
    trades: list[Trade]

    @property
    def whose(self) -> Whose:
        return Whose(self.run.account, run_id=self.run.id)


def rules() -> LegRules:
    rungs = (
        LadderRung(Rung.RETRY, D("0.005"), 2_000_000_000, NO_WHERE),
        LadderRung(Rung.RETRY, D("0.01"), 2_000_000_000, NO_WHERE),
        LadderRung(Rung.UNWIND, D("0.02"), 5_000_000_000, NO_WHERE),
        LadderRung(Rung.HALT, D(0), 0, NO_WHERE),
    )
    return LegRules(None, D("0.002"), 10_000_000_000, rungs, 20_000_000_000, NO_WHERE, NO_WHERE)


def strategy(shape: Shape, stated: dict[Instrument, InstrumentFacts]) -> Strategy:
    def cite(name: str) -> Cited:
        return Cited(name, "test.yaml", 1, "as written")

    venues = {i.venue for i in shape.prices}
    terms = Terms(
        strategy="shapes", rules_digest="sha256:" + "0" * 64, capital=shape.capital, reserve=D(0),
        pairs={"BTC": PairTerms("BTC", tuple(shape.prices), D(1))}, costs=dict.fromkeys(venues, D("0.0005")),
        leverage=dict.fromkeys(venues, D(1)), facts=stated,
    )  # fmt: skip
    return Strategy(terms, Turns(), cite, Amounts(*shape.amounts), cite, (), (), rules(), cite)


def carried(shape: Shape, where: Path) -> Done:
    """The shape over its minutes: settlements first, then the row that closed, as a run over bars does it."""
    stated = {i: facts(i) for i in shape.prices}
    accounts = [
        VenueTerms(
            venue=v, opening=opening, facts={i: f for i, f in stated.items() if i.venue == v}, leverage=D(1),
            taker_fee=D("0.0005"),
        )
        for v, opening in shape.opening.items()
    ]  # fmt: skip
    params = BarFillsParams.model_validate({"fill": "next_open", "slippage": "3bp", "legs_apart": "0s"})
    venues = BarFills(params).open_market(market(shape), accounts)
    ledger = open_ledger(where)
    run = Run.repeatable(
        strategy="shapes", mode="backtest", rules_digest="sha256:" + "0" * 64, assumptions_digest="a",
        dataset_digest="d", from_ns=START * NS, until_ns=(START + 60 * MINUTE) * NS,
    )  # fmt: skip
    journal = ledger.begin(run, 1, batch_rows=1000)
    books, clock = Books(Holdings({Account("upbit", "USDT"): D(7000)}), stated), EventClock(venues)
    of = strategy(shape, stated)
    driver = Driver({i.venue: venues for i in shape.prices}, journal, clock, books, stated, of.legs, "bt", dict)
    desk = Desk(of, books, driver, journal)
    asyncio.run(_minutes(shape, desk, venues, clock))
    journal.end("done", 2)
    return Done(desk, venues, ledger, journal.run, trades_of(books.closed, of.terms.book))


async def _minutes(shape: Shape, desk: Desk, venues: BarVenues, clock: EventClock) -> None:
    for row, turn in enumerate(shape.turns):
        at_ns = (START + (row + 1) * MINUTE) * NS
        clock.at(at_ns)
        venues.wake(at_ns)
        for income in await desk.driver.executors["binance_usdm"].income_since(0):
            desk.settle(income)
        rates = {}
        if shape.money:
            rates["money"] = FxRate("USDT", "KRW", D(shape.money[row]), "test", FxKind.TETHER, at_ns, at_ns)
        legs = tuple(shape.prices)
        tops = tuple(venues.top(leg, D(str(shape.prices[leg][row])), at_ns) for leg in legs)
        moment = Moment("BTC", at_ns, {"turn": turn}, legs, tops, rates)
        await desk.take(moment, MarketView(at_ns, dict(zip(legs, tops, strict=True)), rates, {}, {}))


def gained(done: Done, venue: str, asset: str) -> Fraction:
    book = done.venues.books[venue]
    balance = book.balances()[Account(venue, asset)]
    return Fraction(balance.free + balance.locked) - Fraction(book.terms.opening.get(asset, D(0)))


@pytest.fixture(scope="module")
def one_leg(tmp_path_factory: pytest.TempPathFactory) -> Done:
    return carried(ONE_LEG, tmp_path_factory.mktemp("one") / "ledger.sqlite")


@pytest.fixture(scope="module")
def three_legs(tmp_path_factory: pytest.TempPathFactory) -> Done:
    return carried(THREE_LEGS, tmp_path_factory.mktemp("three") / "ledger.sqlite")


def test_one_leg_trades_pays_and_is_paid_in_its_own_asset(one_leg: Done) -> None:
    assert [t.net.asset for t in one_leg.trades] == ["USDT", "USDT"]
    assert all(t.split is None and t.entry_premium is None for t in one_leg.trades)
    assert [len(t.lot.legs) for t in one_leg.trades] == [1, 1]
    assert all(t.lot.funding and t.lot.fees for t in one_leg.trades)
    whole = sum((Fraction(t.net.value) for t in one_leg.trades), Fraction(0))
    assert whole == gained(one_leg, "binance_usdm", "USDT")


def test_one_leg_by_hand(one_leg: Done) -> None:
    """Bought at the open after the second close, 60,100 and 3bp; sold at 60,500 less 3bp; half a basis point a side
    times ten in fees; one settlement of 0.0001 at the mark of the third minute, 60,300."""
    first = one_leg.trades[0]
    bought, sold = D("0.25") * D("60100") * D("1.0003"), D("0.25") * D("60500") * D("0.9997")
    fees, funding = (bought + sold) * D("0.0005"), D("0.25") * D("60300") * D("0.0001")
    assert first.net.value == sold - bought - fees - funding


def test_three_legs_go_in_and_out_together(three_legs: Done) -> None:
    (trade,) = three_legs.trades
    assert [leg.entered.text() for leg in trade.lot.legs] == ["0.1 BTC", "-0.1 BTC", "-6000 USDT"]
    assert trade.lot.flat
    assert trade.split is None
    assert three_legs.desk.books.lots == {}
    u = Fraction(1403)
    total = gained(three_legs, "upbit", "KRW") + gained(three_legs, "binance_usdm", "USDT") * u
    assert gained(three_legs, "upbit", "USDT") == 0
    assert Fraction(trade.net.value) == total


@pytest.mark.parametrize("shape", ["one_leg", "three_legs"])
def test_ledger_and_report_say_the_same(shape: str, request: pytest.FixtureRequest) -> None:
    done: Done = request.getfixturevalue(shape)
    lots = folds.lots(
        opened_lots(done.ledger, done.whose), fills(done.ledger, done.whose), incomes(done.ledger, done.whose)
    )
    assert [t.lot for t in done.trades] == list(lots.values())
    terms = done.desk.strategy.terms
    decided = list(decisions(done.ledger, done.whose))
    assert [d.kind for d in decided] == [DecisionKind.ENTRY, DecisionKind.EXIT] * len(done.trades)
    told = summary_of(done.trades, decided, 0, terms.capital, None, 0)
    assert told.trades == len(done.trades)
    assert told.net.asset == terms.book
    assert Fraction(told.net.value) == sum((Fraction(t.net.value) for t in done.trades), Fraction(0))
    assert told.by_side == {"up": len(done.trades)}


@pytest.mark.parametrize(("shape", "of"), [("one_leg", ONE_LEG), ("three_legs", THREE_LEGS)])
def test_a_day_of_another_shape_has_no_split_and_lacks_nothing(
    shape: str, of: Shape, request: pytest.FixtureRequest
) -> None:
    """Whenever it ends: before the entry, while the lot is open, after the exit."""
    done: Done = request.getfixturevalue(shape)
    rows = Rows(*(tuple(read(done.ledger, done.whose)) for read in (opened_lots, fills, incomes)))
    book, ended = done.desk.strategy.terms.book, []
    for minute in range(1, len(of.turns) + 1):
        prices = Prices(
            book,
            {i: KINDS[i] for i in of.prices},
            lambda instrument, _, row=minute - 1: D(str(of.prices[instrument][row])),
            lambda _, row=minute - 1: (("money", Price(D(of.money[row]), "USDT", "KRW")),) if of.money else (),
        )
        (day,) = run_day_ends(rows, done.desk.books.closed, prices, START * NS, (START + minute * MINUTE) * NS)
        assert day.beside.value == 0
        assert day.parts.premium.value == day.parts.funding.value == day.parts.fees.value == 0
        ended.append((bool(day.exposed), day.parts.net))
    assert ended[0] == (False, Amount.zero(book))
    assert [open_ for open_, _ in ended].count(True) >= 3
    assert ended[-1][0] is False
    if not of.money:
        assert ended[-1][1] == Amount.total((trade.net for trade in done.trades), book)


def test_a_third_leg_that_lacks_is_hedged_or_all_go_back(tmp_path: Path) -> None:
    """The third leg opens three percent away: no band reaches it, so what the other two have is traded back."""
    far_off = replace(THREE_LEGS, jumps={(TETHER, 2): 1350.0})
    done = carried(far_off, tmp_path / "ledger.sqlite")
    assert done.desk.books.lots == {}
    (trade,) = done.trades
    assert [leg.entered.value + leg.left.value for leg in trade.lot.legs] == [0, 0, 0]
    assert not trade.lot.legs[2].entered.value
    assert gained(done, "upbit", "BTC") == 0
    assert trade.net.value < 0


def test_a_leg_that_fills_only_on_the_second_rung_is_booked(tmp_path: Path) -> None:
    """Seven tenths of a percent away: outside the first rung's band, inside the second's, two seconds later."""
    later = replace(THREE_LEGS, jumps={(TETHER, 2): 1391.5})
    done = carried(later, tmp_path / "ledger.sqlite")
    (trade,) = done.trades
    assert trade.lot.legs[2].entered.text() == "-6000 USDT"
    assert gained(done, "upbit", "USDT") == 0
    assert done.desk.halted == []
