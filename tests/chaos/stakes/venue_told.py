"""Rows 6, 7, 13, 18 and 19: what a price is worth that was told, and which prices and amounts a venue takes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from karb_binance import book_building, public_facts
from karb_binance import facts as binance_facts
from karb_binance.book_building import BookBuilding, Change, Snapshot
from karb_binance.public_facts import Filter, Information, Listed
from karb_binance.wire import SeenBrackets, SeenFees, SeenFilter, SeenSymbol
from karb_core.connection.comparing import Comparing
from karb_core.connection.stalled import Stalled
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.decisions import Denied, LegTarget, Passed, Plan
from karb_core.domain.instrument import Instrument, InstrumentFacts, TickBand
from karb_core.domain.market import Depth, Level
from karb_core.engine import cut as cutting
from karb_core.engine.cut import Facts, cut
from karb_core.ports import AccountView, MarketView
from karb_core.wiring import virtual_loop
from karb_core.wiring.virtual_clock import VirtualClock
from karb_gates.fresh import Fresh
from karb_gates.max_premium import MaxPremium
from karb_gates.spread import Spread
from karb_upbit import facts as upbit_facts
from karb_upbit import ticks as upbit_ticks
from karb_upbit.wire import SeenChance, SeenMarket, SeenSide
from tests.chaos.stakes.stake import Stake
from tests.connection.orders_here import BTC as OF_HERE
from tests.connection.test_comparing import START, Heard, book
from tests.engine.scene import FACTS, PERP, SPOT, target
from tests.plugins import scene
from tests.plugins.karb_upbit.orders_told import BTC, NOW

D = Decimal
SECOND = 1_000_000_000
FAR_BTC = Instrument("binance_usdm", "BTC", "USDT")
SHIB = Instrument("binance_usdm", "SHIB", "USDT")


def _asked(gate: Any, view: MarketView) -> Any:
    return gate.check(scene.plan(), view, scene.account())


def _told(near_age_s: float, far_age_s: float) -> MarketView:
    """Both legs' tops came this moment; by their venues' own clocks they are so old."""
    ages = {scene.NEAR: near_age_s, scene.FAR: far_age_s}
    return scene.view(*(replace(t, venue_at_ns=scene.NOW - int(ages[t.instrument] * SECOND)) for t in scene.tops()))


def _fresh() -> Fresh:
    return Fresh(Fresh.Params.model_validate({"book": "2s", "between_legs": "1s"}))


# 6


def asks_how_old_a_price_is_by_its_venue(place: Path) -> None:
    """Row 6. A price that came just now and is old by its venue's clock is old."""
    assert isinstance(_asked(_fresh(), _told(3, 3)), Denied), "an old book was fresh because it came just now"
    assert _asked(_fresh(), _told(2, 2)) == Passed()


def asks_when_it_came(patch: pytest.MonkeyPatch) -> None:
    check = Fresh.check

    def arrived(self: Fresh, plan: Plan, view: MarketView, account: AccountView) -> Any:
        tops = {i: replace(t, venue_at_ns=t.received_at_ns) for i, t in view.tops.items()}
        return check(self, plan, replace(view, tops=tops), account)

    patch.setattr(Fresh, "check", arrived)


def asks_how_far_apart_the_legs_are(place: Path) -> None:
    """Row 6. Two prices of different moments make a premium that never was, however young both are."""
    assert isinstance(_asked(_fresh(), _told(0, 1.5)), Denied), "prices of two moments made one premium"


def asks_each_leg_by_itself(patch: pytest.MonkeyPatch) -> None:
    check = Fresh.check

    def alone(self: Fresh, plan: Plan, view: MarketView, account: AccountView) -> Any:
        said = (check(self, replace(plan, legs=(leg,)), view, account) for leg in plan.legs)
        return next((each for each in said if isinstance(each, Denied)), Passed())

    patch.setattr(Fresh, "check", alone)


def believes_no_price_of_the_future(place: Path) -> None:
    """Row 6. A time that lies after ours says that a clock is wrong, and so nothing of the price's age is known."""
    assert isinstance(_asked(_fresh(), _told(-0.5, -0.5)), Denied), "a price of the future was believed"


def takes_the_future_for_now(patch: pytest.MonkeyPatch) -> None:
    check = Fresh.check

    def clamped(self: Fresh, plan: Plan, view: MarketView, account: AccountView) -> Any:
        tops = {i: replace(t, venue_at_ns=min(t.venue_at_ns, view.as_of_ns)) for i, t in view.tops.items()}
        return check(self, plan, replace(view, tops=tops), account)

    patch.setattr(Fresh, "check", clamped)


# 7


def gives_up_a_line_whose_time_stands_still(place: Path) -> None:
    """Row 7. A line that answers pings and repeats an old book is dead."""
    line = Stalled(idle_ns=60 * SECOND, stall_ns=60 * SECOND)
    line.opened(0)
    for at_s in range(0, 90, 10):
        line.heard(at_s * SECOND, None)
        line.heard(at_s * SECOND, 7)
    assert line.why(90 * SECOND) == "its time stands still", "a dead book passed for one that is told"


def takes_any_message_for_life(patch: pytest.MonkeyPatch) -> None:
    heard = Stalled.heard

    def any_of_them(self: Stalled, now_ns: int, venue_ns: int | None) -> None:
        heard(self, now_ns, now_ns)

    patch.setattr(Stalled, "heard", any_of_them)


def _level(price: int, amount: int) -> Level:
    return Level(D(price), D(amount))


def _built(*changes: Change) -> BookBuilding:
    made = BookBuilding(FAR_BTC)
    made.begin()
    made.begin_from(Snapshot(10, (_level(99, 1),), (_level(101, 1),), 1, 1000))
    for change in changes:
        made.changed(change)
    return made


def has_no_book_after_a_gap(place: Path) -> None:
    """Row 7. A change that does not follow the one before it ends the book until there is a new snapshot."""
    leads_on = Change(11, 10, (_level(98, 5),), (), 2)
    later = Change(14, 13, (_level(97, 5),), (), 3)
    assert _built(leads_on).told(4) is not None
    assert _built(leads_on, later).told(4) is None, "a book with a hole in it was told"


def applies_what_comes(patch: pytest.MonkeyPatch) -> None:
    apply = BookBuilding._apply
    patch.setattr(BookBuilding, "_apply", lambda self, change: apply(self, replace(change, before=self._last)))


def tells_no_crossed_book(place: Path) -> None:
    """Row 7. A book whose bid is above its ask is none."""
    crossed = Change(11, 10, (_level(102, 5),), (), 2)
    assert _built(crossed).told(4) is None, "a crossed book was told"


def tells_what_it_has(patch: pytest.MonkeyPatch) -> None:
    def told(self: BookBuilding, received_at_ns: int) -> Depth | None:
        bids, asks = self._bids.best(), self._asks.best()
        return Depth(self.instrument, bids or (), asks or (), self._venue_at_ns, received_at_ns)

    patch.setattr(book_building.BookBuilding, "told", told)


def denies_a_crossed_price(place: Path) -> None:
    """Row 7. A premium of a price whose bid is above its ask is refused."""
    gate = Spread(Spread.Params.model_validate({"most": "20bp"}))
    near, far = scene.tops()
    assert _asked(gate, scene.view(replace(near, ask=near.bid), far)) == Passed(), "a bid at the ask is no cross"
    found = _asked(gate, scene.view(replace(near, ask=near.bid - 1), far))
    assert isinstance(found, Denied), "a crossed price was traded on"


def measures_a_width_without_a_sign(patch: pytest.MonkeyPatch) -> None:
    check = Spread.check

    def unsigned(self: Spread, plan: Plan, view: MarketView, account: AccountView) -> Any:
        tops = {i: replace(t, bid=min(t.bid, t.ask), ask=max(t.bid, t.ask)) for i, t in view.tops.items()}
        return check(self, plan, replace(view, tops=tops), account)

    patch.setattr(Spread, "check", unsigned)


def compares_a_silent_market_with_rest(place: Path) -> None:
    """Row 7. A market that is silent while its book went on is found by asking for the book beside the stream."""
    given_up: list[str] = []

    async def books(wanted: Any, received_at_ns: int) -> Mapping[Instrument, Depth]:
        return {OF_HERE: book([10, 8], at_s=50)}

    async def run() -> None:
        comparing = Comparing(Heard(), books, VirtualClock().now_ns, timedelta(seconds=60), given_up.append)
        task = asyncio.ensure_future(comparing.run())
        await asyncio.sleep(90)
        task.cancel()

    virtual_loop.run(run(), START)
    assert given_up, "nobody looked whether the silent book was still the venue's"


def trusts_a_line_that_is_open(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Comparing, "_is_silent", lambda *_: False)


# 13


def _upbit(tick: str, price: str) -> InstrumentFacts:
    side, fee = SeenSide(D(5000)), D("0.0005")
    chance = SeenChance(fee, fee, fee, fee, SeenMarket("KRW-BTC", side, side))
    return upbit_facts.facts_of(BTC, chance, D(tick), D(price), NOW)


def steps_as_the_venue_says_now(place: Path) -> None:
    """Row 13. The step that Upbit states at a start is taken, whatever a table in a program says."""
    found = _upbit("500", "124350000").tick_at(D(124_350_000))
    assert found == 500, "a table in the program overruled the venue"


def steps_by_a_table(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(upbit_facts, "ticks_of", lambda quote, stated, price: upbit_ticks._WON)


def steps_by_each_price(place: Path) -> None:
    """Row 13. A quote that crosses into another band is rounded to the step of that band."""
    bands = (TickBand(D(0), D(1)), TickBand(D(10_000), D(10)), TickBand(D(50_000), D(50)))
    of = replace(FACTS[SPOT], ticks=bands)
    assert (of.floor_price(D("50_049")), of.floor_price(D("49_999"))) == (50_000, 49_990), "one step for every price"
    assert (of.ceil_price(D("49_991")), of.ceil_price(D("50_001"))) == (50_000, 50_050)


def steps_by_one(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(InstrumentFacts, "_band", lambda self, price: 0)


# 18


def _binance(base: str, wanted: Instrument) -> InstrumentFacts:
    filters = (
        SeenFilter(filter_type="PRICE_FILTER", tick_size=D("0.01"), min_price=D("0.01")),
        SeenFilter(filter_type="LOT_SIZE", step_size=D("0.01"), min_qty=D("0.01"), max_qty=D(50)),
        SeenFilter(filter_type="MIN_NOTIONAL", notional=D(5)),
    )
    seen = SeenSymbol(f"{base}USDT", base, "USDT", "USDT", "PERPETUAL", filters)
    fees = SeenFees(f"{base}USDT", D("0.00018"), D("0.00045"))
    return binance_facts.facts_of(wanted, seen, SeenBrackets(f"{base}USDT", ()), fees, NOW)


def refuses_a_contract_of_a_thousand(place: Path) -> None:
    """Row 18. A market that the venue says is of 1000SHIB is not one of SHIB, whatever stands in its name."""
    try:
        _binance("1000SHIB", SHIB)
    except Unreadable:
        return
    raise AssertionError("a contract of a thousand coins was taken for one of one")


def goes_by_the_name(patch: pytest.MonkeyPatch) -> None:
    facts = binance_facts._facts

    def named(instrument: Instrument, seen: SeenSymbol, *of: Any) -> InstrumentFacts:
        mine = msgspec.structs.replace(seen, base_asset=instrument.base, quote_asset=instrument.quote)
        return facts(instrument, mine, *of)

    patch.setattr(binance_facts, "_facts", named)


def knows_only_what_is_listed(place: Path) -> None:
    """Row 18. A coin that a venue lists only by the thousand is not there, and no market is found for it by likeness."""
    filters = (
        Filter("PRICE_FILTER", tick=D("0.01")),
        Filter("LOT_SIZE", step=D(1), least=D(1), most=D(50)),
        Filter("MIN_NOTIONAL", notional=D(5)),
    )
    listed = Listed("1000SHIBUSDT", "PERPETUAL", "TRADING", "USDT", filters)
    assert public_facts.facts_of([SHIB], Information(1, (listed,))) == {}, "a market was found by its likeness"


def looks_for_what_is_alike(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(public_facts, "symbol_of", lambda instrument: f"1000{instrument.base}{instrument.quote}")


def believes_no_premium_of_a_thousand(place: Path) -> None:
    """Row 18. Prices of two things under one name differ by more than any premium: nothing is entered on them."""
    gate = MaxPremium(MaxPremium.Params.model_validate({"most": "15%"}))
    view = scene.view(known=scene.rates("1000", "1000"))
    assert gate.check(scene.plan(price="103000"), view, scene.account()) == Passed()
    found = gate.check(scene.plan(price="103"), view, scene.account())
    assert isinstance(found, Denied), "two things of one name were traded against each other"


def believes_every_premium(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(MaxPremium, "check", lambda self, *asked: Passed())


# 19


def cuts_by_the_steps_of_amounts(place: Path) -> None:
    """Row 19. An amount keeps to the step of amounts that both venues state, and not to the step of prices."""
    legs = (target(SPOT, "-100.05"), target(PERP, "100.05"))
    made = cut(legs, FACTS, "/sizing")
    assert not isinstance(made, Denied)
    assert [leg.amount.value for leg in made] == [-100, 100], "an amount was cut by the step of prices"


def cuts_by_the_steps_of_prices(patch: pytest.MonkeyPatch) -> None:
    def step(legs: Iterable[LegTarget], facts: Facts, base: str) -> Decimal:
        return max(facts[leg.instrument].ticks[0].tick for leg in legs if leg.amount.asset == base)

    patch.setattr(cutting, "_common_step", step)
    patch.setattr(cutting, "_unfit", lambda *_: None)


def plans_no_more_than_a_venue_takes_at_once(place: Path) -> None:
    """Row 19. A leg that is larger than the venue's largest order is refused before the other leg is sent."""
    small = {**FACTS, PERP: replace(FACTS[PERP], max_amount=D(50))}
    made = cut((target(SPOT, "-100"), target(PERP, "100")), small, "/sizing")
    assert isinstance(made, Denied), "a leg was planned that its venue does not take"
    assert "max_amount" in made.limit


def knows_no_largest_order(patch: pytest.MonkeyPatch) -> None:
    unfit = InstrumentFacts.unfit

    def boundless(self: InstrumentFacts, *of: Any, **more: Any) -> str | None:
        return unfit(replace(self, max_amount=None), *of, **more)

    patch.setattr(InstrumentFacts, "unfit", boundless)


STAKES = (
    Stake(6, asks_how_old_a_price_is_by_its_venue, asks_when_it_came, "because it came just now"),
    Stake(6, asks_how_far_apart_the_legs_are, asks_each_leg_by_itself, "prices of two moments made one premium"),
    Stake(6, believes_no_price_of_the_future, takes_the_future_for_now, "a price of the future was believed"),
    Stake(7, gives_up_a_line_whose_time_stands_still, takes_any_message_for_life, "a dead book passed"),
    Stake(7, has_no_book_after_a_gap, applies_what_comes, "a book with a hole in it was told"),
    Stake(7, tells_no_crossed_book, tells_what_it_has, "a crossed book was told"),
    Stake(7, denies_a_crossed_price, measures_a_width_without_a_sign, "a crossed price was traded on"),
    Stake(7, compares_a_silent_market_with_rest, trusts_a_line_that_is_open, "nobody looked whether"),
    Stake(13, steps_as_the_venue_says_now, steps_by_a_table, "a table in the program overruled the venue"),
    Stake(13, steps_by_each_price, steps_by_one, "one step for every price"),
    Stake(18, refuses_a_contract_of_a_thousand, goes_by_the_name, "a contract of a thousand coins was taken"),
    Stake(18, knows_only_what_is_listed, looks_for_what_is_alike, "a market was found by its likeness"),
    Stake(18, believes_no_premium_of_a_thousand, believes_every_premium, "two things of one name were traded"),
    Stake(19, cuts_by_the_steps_of_amounts, cuts_by_the_steps_of_prices, "cut by the step of prices"),
    Stake(19, plans_no_more_than_a_venue_takes_at_once, knows_no_largest_order, "a leg was planned that its venue"),
)
