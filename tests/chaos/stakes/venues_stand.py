"""Rows 49, 50, 52, 53 and 55: what a venue says of itself, and what we do while it does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from karb_core.connection import standing
from karb_core.connection.back_off import BackOff
from karb_core.connection.standing import Standing
from karb_core.domain.decisions import Denied, Passed, ProposalKind
from karb_core.domain.market import Cautions, VenueClock, VenueState, VenueStatus
from karb_core.engine import desk
from karb_core.engine.desk import Desk
from karb_core.ports import MarketView, Moment
from karb_gates.clock_offset import ClockOffset
from karb_gates.venue_warnings import VenueWarnings
from tests.chaos.stakes.stake import Stake
from tests.chaos.stakes.venues import sold_and_bought
from tests.engine.scene import NOW, PERP, SECOND, SPOT, Proposes, Scene, lot, moment, proposal, scene, strategy, view
from tests.plugins import scene as plugins
from tests.plugins.karb_upbit.life import Life, lived

_MS = 1_000_000
ENTRY, EXIT = proposal(), proposal(ProposalKind.EXIT, "a")
HELD = lot("a", "-10", "10")


def _taken(of: Scene, state: VenueState, note: str) -> None:
    """The desk sees its next moment, while the perpetual's venue says this of itself."""
    said = VenueStatus("dydx", None, state, note, NOW, NOW)
    asyncio.run(of.desk.take(moment(), replace(view(moment()), status={("dydx", None): said})))


# 49


def enters_nothing_in_a_maintenance(place: Path) -> None:
    """Row 49. While a venue says that it is being maintained nothing is sent to either venue of the pair."""
    of = scene(strategy(Proposes(ENTRY)))
    _taken(of, VenueState.DOWN, "maintenance")
    assert of.trace.of("place") == [], "a maintenance was found out by an order"


def learns_of_it_by_errors(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(desk, "down", lambda *_: ())


def begins_no_way_out_that_one_venue_cannot_follow(place: Path) -> None:
    """Row 49. A way out that nothing demands waits for the venue: the other leg would stand alone."""
    of = scene(strategy(Proposes(EXIT)), "1", *["no"] * 9, lots=(HELD,))
    _taken(of, VenueState.DOWN, "maintenance")
    assert of.trace.of("place") == [], "one leg was sent while the other's venue is maintained"


def asks_only_at_entries(patch: pytest.MonkeyPatch) -> None:
    down = desk.down

    def at_entries(pair: str, legs: Any, view: MarketView) -> Iterator[Denied]:
        return iter(()) if view.status else down(pair, legs, view)

    patch.setattr(desk, "down", at_entries)


# 50


def leaves_a_held_pair_while_a_wallet_is_shut(place: Path) -> None:
    """Row 50. That coins cannot be moved holds no way out: both legs are sold where they are."""
    of = scene(strategy(Proposes(EXIT)), lots=(HELD,))
    _taken(of, VenueState.DEGRADED, "deposits and withdrawals are halted")
    assert sold_and_bought(of, SPOT) == -sold_and_bought(of, PERP) == 10, "a shut wallet held a way out"


def takes_a_shut_wallet_for_a_shut_venue(patch: pytest.MonkeyPatch) -> None:
    def up_or_nothing(pair: str, legs: Any, view: MarketView) -> Iterator[Denied]:
        for said in view.status.values():
            if said.state is not VenueState.UP:
                yield Denied(f"/pairs/{pair}", said.note, "up")

    patch.setattr(desk, "down", up_or_nothing)


def does_nothing_because_a_wallet_is_shut(place: Path) -> None:
    """Row 50. What a venue says of its wallets comes minutes late, and begins nothing."""
    of = scene(strategy(Proposes()), lots=(HELD,))
    _taken(of, VenueState.DEGRADED, "deposits and withdrawals are halted")
    assert of.trace.of("place") == [], "a shut wallet was a reason to trade"


def trades_on_the_news(patch: pytest.MonkeyPatch) -> None:
    take = Desk.take

    async def at_once(self: Desk, moment: Moment, view: MarketView, *of: Any, **more: Any) -> Any:
        if any(said.state is not VenueState.UP for said in view.status.values()):
            self.strategy = self.carrier.strategy = strategy(Proposes(EXIT))
        return await take(self, moment, view, *of, **more)

    patch.setattr(Desk, "take", at_once)


# 52


def is_down_after_so_many_failures_and_goes_on_trying(place: Path) -> None:
    """Row 52. A venue that nobody reaches is down after ten failures, is tried ever more rarely, and is up again."""
    tried: list[int] = []

    async def body(life: Life) -> None:
        life.venue.reachable = False
        await life.until(30)
        life.venue.line.cut()
        await life.until(3600, telling=False)
        assert life.states()[-1] is VenueState.DOWN, "a venue that is gone was never said to be down"
        tried.append(len(life.venue.tried_s))
        life.venue.reachable = True
        await life.until(3720)
        assert life.states()[-1] is VenueState.UP

    lived(body)
    assert 10 < tried[0] < 1000, "a venue that is gone was tried without a pause"


def never_gives_it_up(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(BackOff, "down", property(lambda _: False))


def tries_every_second(patch: pytest.MonkeyPatch) -> None:
    failed = BackOff.failed

    def at_once(self: BackOff) -> float:
        failed(self)
        return 1.0

    patch.setattr(BackOff, "failed", at_once)


def is_well_again_only_after_a_while(place: Path) -> None:
    """Row 52. One good message after a flaw says little: a venue is up again after a minute without one."""
    said: list[VenueState] = []
    of = Standing(lambda status: said.append(status.state), "korbit", ("one",))
    of.line("one", VenueState.UP, "", NOW)
    for second in range(0, 50, 10):
        of.flawed(None, "a message that cannot be read", NOW + second * SECOND)
        of.sound(SPOT, NOW + (second + 5) * SECOND)
    assert said == [VenueState.UP, VenueState.DEGRADED], "it was well and ill by turns"
    of.sound(SPOT, NOW + 101 * SECOND)
    assert said[-1] is VenueState.UP


def is_well_again_at_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(standing, "_MINUTE_NS", 0)


# 53


def _warned(*flags: str) -> Any:
    gate = VenueWarnings(
        VenueWarnings.Params.model_validate({"venue": "upbit", "ignoring": ["trading_volume_soaring"], "max_age": "5m"})
    )
    told = {plugins.NEAR: Cautions(plugins.NEAR, flags, plugins.NOW, plugins.NOW)}
    return gate.check(plugins.plan(), replace(plugins.view(), cautions=told), plugins.account())


def asks_what_the_venue_warns_of(place: Path) -> None:
    """Row 53. What a venue flags is refused, also by a word that nobody knew before, but for what the owner does not mind."""
    assert _warned("trading_volume_soaring") == Passed()
    for flag in ("global_price_differences", "concentration_of_small_accounts", "a_word_of_tomorrow"):
        assert isinstance(_warned(flag), Denied), f"a market was entered that its venue flags: {flag}"


def knows_two_flags(patch: pytest.MonkeyPatch) -> None:
    check = VenueWarnings.check

    def known(self: VenueWarnings, plan: Any, view: MarketView, account: Any) -> Any:
        words = {"price_fluctuations", "trading_volume_soaring"}
        told = {i: replace(c, flags=tuple(f for f in c.flags if f in words)) for i, c in view.cautions.items()}
        return check(self, plan, replace(view, cautions=told), account)

    patch.setattr(VenueWarnings, "check", known)


# 55


def enters_nothing_by_a_clock_that_is_far_off(place: Path) -> None:
    """Row 55. While a venue's clock may be further from ours than the file allows, no age of a price can be believed."""
    gate = ClockOffset(ClockOffset.Params.model_validate({"most": "500ms", "max_age": "5m"}))
    for least_ms, most_ms, passes in ((-400, 400, True), (400, 600, False), (-600, -550, False)):
        told = {
            leg.venue: VenueClock(leg.venue, least_ms * _MS, most_ms * _MS, plugins.NOW, plugins.NOW)
            for leg in plugins.LEGS
        }
        found = gate.check(plugins.plan(), replace(plugins.view(), clocks=told), plugins.account())
        assert isinstance(found, Passed) is passes, "an entry was judged by a clock that is far off"


def measures_no_clock(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ClockOffset, "check", lambda *_: Passed())


STAKES = (
    Stake(49, enters_nothing_in_a_maintenance, learns_of_it_by_errors, "a maintenance was found out by an order"),
    Stake(49, begins_no_way_out_that_one_venue_cannot_follow, asks_only_at_entries, "one leg was sent while"),
    Stake(50, leaves_a_held_pair_while_a_wallet_is_shut, takes_a_shut_wallet_for_a_shut_venue, "held a way out"),
    Stake(50, does_nothing_because_a_wallet_is_shut, trades_on_the_news, "a shut wallet was a reason to trade"),
    Stake(52, is_down_after_so_many_failures_and_goes_on_trying, never_gives_it_up, "never said to be down"),
    Stake(52, is_down_after_so_many_failures_and_goes_on_trying, tries_every_second, "tried without a pause"),
    Stake(52, is_well_again_only_after_a_while, is_well_again_at_once, "it was well and ill by turns"),
    Stake(53, asks_what_the_venue_warns_of, knows_two_flags, "a market was entered that its venue flags"),
    Stake(55, enters_nothing_by_a_clock_that_is_far_off, measures_no_clock, "by a clock that is far off"),
)
