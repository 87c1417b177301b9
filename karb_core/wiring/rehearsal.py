"""A strategy carried out by the whole desk in virtual time, against simulated venues, in a market that is put on."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from karb_core.domain.market import Mark
from karb_core.domain.orders import Fill
from karb_core.engine.strategy import Strategy
from karb_core.history.prices import exact
from karb_core.history.span import Span
from karb_core.ledger.ledger import open_ledger
from karb_core.ports import Clock, ConditionsAt, DepthVenues, Play, Rehearsed, SeatRate, Setting
from karb_core.ports.rehearsal import ForcedClose, Happening
from karb_core.rulebook.rulebook import Rulebook
from karb_core.venue.terms import VenueTerms
from karb_core.wiring.desk_of import Furnishing, Seated, desk_of
from karb_core.wiring.house import House
from karb_core.wiring.latest import Latest
from karb_core.wiring.market_data import MarketData, need_bars_of
from karb_core.wiring.opening import Opening
from karb_core.wiring.rehearsed import Seen, rehearsed
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


async def _rehearsed(stage: _Stage, put_on: PutOn, over: OverDepth) -> Rehearsed:
    play, clock, latest = put_on(stage.setting), VirtualClock(), Latest()
    evenness = {name: Evenness(pair, stage.strategy.terms.facts) for name, pair in stage.strategy.terms.pairs.items()}
    seen = Seen(dict(stage.setting.last), Unevenness(evenness))
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
    house = House((trading,), latest, clock, (venues.take,), ((_LOOK_NS, trading.look),))
    house.begin()
    began_ns = ended_ns = stage.setting.opens_ns
    try:
        while (at_ns := play.next_ns(ended_ns, seen.watched(trading.desk))) is not None:
            await _pass_time(at_ns)
            for happening in play.happen(at_ns, seen.watched(trading.desk)):
                _happen(happening, house, venues, seen)
            seen.uneven.step(_fills(venues, ended_ns), at_ns)
            ended_ns = at_ns
        await trading.look()
        seen.uneven.step(_fills(venues, began_ns), clock.now_ns())
    finally:
        await house.end()
        seated.end("done", clock.now_ns())
        ledger.close()
    money = latest.rates["money"].price if "money" in latest.rates else None
    return rehearsed(trading.desk, venues, seen, money, (began_ns, ended_ns))


def _happen(happening: Happening, house: House, venues: DepthVenues, seen: Seen) -> None:
    match happening:
        case SeatRate(seat, rate):
            house.rate(seat, rate)
        case ForcedClose(why, instrument, part):
            venues.force(why, instrument, part)
            house.nudge()
        case _:
            before = _forced(venues)
            house.take(happening)
            seen.price(happening)
            if isinstance(happening, Mark) and _forced(venues) != before:
                house.nudge()


def _forced(venues: DepthVenues) -> int:
    return sum(len(book.positions()) for book in venues.books.values())


async def _pass_time(until_ns: int) -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    over: asyncio.Future[None] = loop.create_future()
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
