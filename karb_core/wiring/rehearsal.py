"""A strategy carried out by the whole desk in virtual time, against simulated venues, in a market that is put on."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Decision, DecisionKind
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Bar, Depth, Mark, Top
from karb_core.domain.orders import Fill
from karb_core.engine.desk import Carried
from karb_core.engine.strategy import Strategy
from karb_core.history.prices import exact
from karb_core.history.span import Span
from karb_core.ledger.ledger import open_ledger
from karb_core.ports import (
    Clock,
    ConditionsAt,
    DepthVenues,
    Notice,
    Play,
    Rehearsed,
    SeatRate,
    Setting,
    Uneven,
    Watched,
)
from karb_core.ports.rehearsal import ForcedClose, Happening
from karb_core.rulebook.rulebook import Rulebook
from karb_core.venue.terms import VenueTerms
from karb_core.wiring.came_to import came_to, left_open
from karb_core.wiring.desk_of import Furnishing, Seated, desk_of
from karb_core.wiring.house import House
from karb_core.wiring.latest import Latest
from karb_core.wiring.market_data import MarketData, need_bars_of
from karb_core.wiring.opening import Opening
from karb_core.wiring.strategy_of import strategy_of
from karb_core.wiring.uneven import Evenness, Unevenness
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import VirtualLoop, run

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_LOOK_NS = 10_000_000_000  # karb: constant because a forced close is looked for at once, and the rest is only slower
_MARK = "rh"

OverDepth = Callable[[Sequence[VenueTerms], Clock, ConditionsAt], DepthVenues]
PutOn = Callable[[Setting], Play]


def rehearse(rulebook: Rulebook, given: MarketData, put_on: PutOn, over: OverDepth) -> Rehearsed:
    """`over` opens the simulated venues; the ledger is a new one that is thrown away. Nobody is told anything.

    Errors: as `strategy_of` and `MarketData.whole`; whatever the play raises.
    """
    strategy = strategy_of(rulebook, given.data.facts)
    rows = strategy.signal.rows()
    need_bars_of(rows, given.place)
    whole = given.whole(rows.length_ns // _NS)
    setting = _setting(strategy, given, whole[1])
    with tempfile.TemporaryDirectory() as folder:
        return run(_rehearsed(_Stage(rulebook, strategy, given, setting, Path(folder)), put_on, over), setting.opens_ns)


@dataclass(frozen=True, slots=True)
class _Stage:
    rulebook: Rulebook
    strategy: Strategy
    given: MarketData
    setting: Setting
    folder: Path


@dataclass(slots=True)
class _Seen:
    """What was decided and told on the way, and the last price of each instrument."""

    decisions: list[Decision] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    last: dict[Instrument, Decimal] = field(default_factory=dict)

    def heard(self, carried: Carried) -> None:
        self.decisions.append(carried.decided.decision)

    def count(self, kind: DecisionKind) -> int:
        return sum(decision.kind is kind for decision in self.decisions)


async def _rehearsed(stage: _Stage, put_on: PutOn, over: OverDepth) -> Rehearsed:
    play, clock, latest, seen = put_on(stage.setting), VirtualClock(), Latest(), _Seen(last=dict(stage.setting.last))
    opening = Opening(stage.rulebook.file, stage.strategy.terms, stage.setting.last)
    venues = over(opening.accounts(), clock, play.conditions)
    ledger = open_ledger(stage.folder / "ledger.sqlite")
    seated = desk_of(
        stage.rulebook, stage.strategy, opening.inventory(),
        Furnishing(
            ledger=ledger, account="rehearsal", mode="paper", mark=_MARK, clock=clock, latest=latest,
            executors={venue: venues.at(venue) for venue in venues.books}, told=seen.notices.append,
        ),
    )  # fmt: skip
    trading = seated.trading
    trading.heard = seen.heard
    _seed(stage, seated)
    house = House((trading,), latest, clock, venues.take, ((_LOOK_NS, trading.look),))
    house.begin()
    uneven = Unevenness({n: Evenness(p, stage.strategy.terms.facts) for n, p in stage.strategy.terms.pairs.items()})
    began_ns = ended_ns = stage.setting.opens_ns
    try:
        while (at_ns := play.next_ns(ended_ns, _watched(seated, seen))) is not None:
            await _pass_time(at_ns)
            for happening in play.happen(at_ns, _watched(seated, seen)):
                _happen(happening, house, venues, seen)
            uneven.step(_fills(venues, ended_ns), at_ns)
            ended_ns = at_ns
        await trading.look()
        uneven.step(_fills(venues, began_ns), clock.now_ns())
    finally:
        await house.end()
        seated.end("done", clock.now_ns())
        ledger.close()
    return _result(stage, seated, seen, venues, uneven, (began_ns, ended_ns))


def _happen(happening: Happening, house: House, venues: DepthVenues, seen: _Seen) -> None:
    match happening:
        case SeatRate(seat, rate):
            house.rate(seat, rate)
        case ForcedClose(why, instrument, part):
            venues.force(why, instrument, part)
            _nudge(house)
        case _:
            before = _forced(venues)
            house.take(happening)
            _note_price(happening, seen)
            if isinstance(happening, Mark) and _forced(venues) != before:
                _nudge(house)


def _nudge(house: House) -> None:
    """As a private stream tells at once that something happened to the account."""
    for trading in house.tradings:
        trading.spawn(trading.look())


def _forced(venues: DepthVenues) -> int:
    return sum(len(book.positions()) for book in venues.books.values())


def _note_price(happening: Happening, seen: _Seen) -> None:
    if isinstance(happening, Bar):
        seen.last[happening.instrument] = happening.close
    elif isinstance(happening, Top):
        seen.last[happening.instrument] = happening.mid
    elif isinstance(happening, Depth) and (top := happening.top()) is not None:
        seen.last[happening.instrument] = top.mid


def _watched(seated: Seated, seen: _Seen) -> Watched:
    desk = seated.trading.desk
    entered, left = seen.count(DecisionKind.ENTRY), seen.count(DecisionKind.EXIT)
    return Watched(len(desk.books.open_lots()), desk.at_work, entered, left, desk.halts.strength())


async def _pass_time(until_ns: int) -> None:
    loop: Any = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    over = loop.create_future()
    loop.call_at_ns(until_ns, over.set_result, None)
    await over


def _fills(venues: DepthVenues, since_ns: int) -> list[Fill]:
    return [fill for book in venues.books.values() for fill in book.fills_since(since_ns)]


def _setting(strategy: Strategy, given: MarketData, until_ms: int) -> Setting:
    """Where the data end, in whole bars of the signal's."""
    last = {}
    for instrument, series in given.data.series.items():
        row = int(series.bars.opened_at.searchsorted(until_ms)) - 1
        last[instrument] = exact(series.bars.close[row])
    rates = {seat: rate for seat, seated in given.rates.items() if (rate := seated.at(until_ms)) is not None}
    pairs = {name: pair.legs for name, pair in strategy.terms.pairs.items()}
    return Setting(pairs, strategy.signal.rows().length_ns, given.data.facts, until_ms * _NS, last, rates)


def _seed(stage: _Stage, seated: Seated) -> None:
    """What lies before, as far back as the signal looks."""
    until_ms = stage.setting.opens_ns // _NS
    rows = stage.strategy.signal.rows()
    span = Span(until_ms - rows.lookback * (rows.length_ns // _NS), until_ms)
    bars = {instrument: span.bars(series.bars) for instrument, series in stage.given.data.series.items()}
    rates = {seat: span.known(seated_rate.rate.points) for seat, seated_rate in stage.given.rates.items()}
    for window in seated.trading.windows.values():
        window.seed(bars, rates)


def _result(
    stage: _Stage, seated: Seated, seen: _Seen, venues: DepthVenues, uneven: Unevenness, times: tuple[int, int]
) -> Rehearsed:
    desk, terms, latest = seated.trading.desk, stage.strategy.terms, seated.trading.latest
    money = latest.rates["money"].price if "money" in latest.rates else None
    books = tuple(venues.books.values())
    return Rehearsed(
        decisions=tuple(seen.decisions),
        notices=tuple(seen.notices),
        uneven=tuple(
            _uneven(name, one, seen.last, money, terms.book) for name, one in uneven.pairs.items() if one.worst
        ),
        left_open=left_open(books),
        booked=_booked(desk.books.open_lots()),
        result=came_to(books, seen.last, money, terms.book),
        halts=desk.halts.latched,
        orders=sum(len(sent) for sent in desk.driver.sent.values()),
        fills=len(_fills(venues, times[0])),
        began_ns=times[0],
        ended_ns=times[1],
    )


def _uneven(name: str, one: Evenness, last: Mapping[Instrument, Decimal], money: Any, book: str) -> Uneven:
    """Its worth is that of the leg which is priced in the asset of the capital, else of the last."""
    leg = next((leg for leg in one.pair.legs if leg.quote == book), one.pair.legs[-1])
    base = Amount(one.worst, leg.base)
    price = leg.price(last[leg]) if leg in last else None
    worth = None if price is None else base.at(price)
    if worth is not None and worth.asset != book:
        worth = worth.at(money) if money is not None and money.base == worth.asset else None
    return Uneven(name, base, one.longest_ns, worth)


def _booked(lots: Sequence[Any]) -> dict[Instrument, Decimal]:
    out: dict[Instrument, Decimal] = {}
    for lot in lots:
        for leg in lot.legs:
            out[leg.instrument] = out.get(leg.instrument, Decimal(0)) + leg.open.value
    return {instrument: base for instrument, base in out.items() if base}
