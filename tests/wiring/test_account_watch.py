"""What venues say of an account reaches its owner: a balance, how near a position is to its liquidation, a key's end."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Mark
from karb_core.domain.statement import Balance, VenuePosition, VenueSilent
from karb_core.ports import AccountSetting
from karb_core.wiring.account_watch import AccountWatch
from karb_core.wiring.watching import Wanted
from tests.engine.scene import Hand
from tests.wiring.test_watching import HOUR, START, Owner

D = Decimal
FAR = Instrument("binance_usdm", "BTC", "USDT")
WANTED = Wanted(
    frozenset({"balance", "liquidation", "keys"}), {"keys": 14 * 24 * HOUR}, None, {"USDT": D(500)}, D("0.15")
)


@dataclass
class Venue:
    """One that says what a test puts there, or nothing."""

    free: str = "1000"
    amount: str = "-1"
    liquidation: str = "130000"
    ends: str = "2025-01-10T00:00:00+09:00"
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    async def balances(self) -> Mapping[Account, Balance]:
        if self.silent:
            raise VenueSilent("binance_usdm", "balances", "timeout")
        return {Account("binance_usdm", "USDT"): Balance(D(self.free), D(0))}

    async def positions(self) -> Mapping[Instrument, VenuePosition]:
        return {FAR: VenuePosition(D(self.amount), D(1), D(1), D(self.liquidation))}

    async def settings(self) -> Sequence[AccountSetting]:
        self.asked.append("settings")
        return [AccountSetting("key_good_until", None, None, self.ends), AccountSetting("leverage", FAR, "1", "1")]


def watched(venue: Any, mark: str = "100000") -> tuple[AccountWatch, Owner]:
    owner = Owner({"a": WANTED})
    owner.latest.take(Mark(FAR, D(mark), None, START, START))
    clock = Hand()
    clock.now = START
    return AccountWatch({"binance_usdm": venue}, owner.latest, clock, owner.watching), owner


def test_all_three_are_told_of_one_look_and_once() -> None:
    venue = Venue(free="499.99", liquidation="109000")
    watch, owner = watched(venue)
    for _ in range(3):
        asyncio.run(watch.round())
    assert owner.heard == [("a", "balance"), ("a", "liquidation"), ("a", "keys")]
    assert owner.notices[1].facts["distance"] == D("0.09")
    assert venue.asked == ["settings"], "a key's end is asked for once a day"
    assert watch.balances == {Account("binance_usdm", "USDT"): Balance(D("499.99"), D(0))}


def test_what_is_well_is_not_told() -> None:
    watch, owner = watched(Venue(ends="2027-01-01T00:00:00+09:00"))
    asyncio.run(watch.round())
    assert owner.heard == []


def test_a_position_that_is_gone_is_over_and_a_silent_venue_leaves_what_it_said() -> None:
    venue = Venue(liquidation="109000", ends="never")
    watch, owner = watched(venue)
    asyncio.run(watch.round())
    venue.silent = True
    asyncio.run(watch.round())
    assert watch.balances[Account("binance_usdm", "USDT")].free == D(1000)
    venue.silent, venue.amount = False, "0"
    asyncio.run(watch.round())
    assert owner.heard == [("a", "liquidation"), ("a", "over")]
