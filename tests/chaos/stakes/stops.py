"""Rows 60 and 61: who may stop what, how much of it stops, and what is said of the rest."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from karb_core.domain.halt import Halt
from karb_core.domain.lots import Lot
from karb_core.engine import desk as desk_module
from karb_core.engine import driver
from karb_core.engine.desk import Desk
from karb_core.engine.halt_latch import HaltLatch
from karb_core.engine.legs_now import LegsNow
from karb_core.engine.next_step import Next, Phase
from karb_core.errors import EndedOpen
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.texts.text import Said, render
from karb_core.wiring.halt_file import HaltFile
from karb_core.wiring.obeying import Obeying
from karb_core.wiring.stopping import INTERRUPTED, Stopping
from tests.chaos.stakes.stake import Stake
from tests.chaos.stakes.venues import Calls, at, sold_and_bought
from tests.engine.scene import NOW, PERP, SECOND, SPOT, Proposes, Scene, moment, proposal, scene, strategy, view
from tests.wiring.steered import GOOD_FOR_NS, Steered, halt_rows, started, told


def _take(of: Desk, at_s: int = 0) -> Any:
    later = moment(NOW + at_s * SECOND)
    return of.take(later, view(later))


def _fresh(of: Scene) -> bool:
    """Whether a new moment enters something."""
    before = len(of.venue.booked)
    asyncio.run(_take(of.desk, 1))
    return len(of.venue.booked) > before


# 60


def stops_by_any_of_its_hands(place: Path) -> None:
    """Row 60. A command in the ledger, a file, a signal to the process, and the desk itself each stop entries alone."""
    for stop in (_by_command, _by_file, _by_signal, _by_the_desk):
        entered = _entered_after(place / f"{stop.__name__}.sqlite", stop)
        assert not entered, f"something was entered though it was stopped {stop.__name__[1:].replace('_', ' ')}"


async def _by_command(desk: Steered, ledger: Ledger) -> None:
    told(ledger, "halt", "no-entries")
    await desk.obeying.look()


async def _by_file(desk: Steered, ledger: Ledger) -> None:
    path = Path(ledger.name).with_suffix(".HALT")
    path.write_text("news", "utf-8")
    desk.obeying.file = HaltFile(path)
    await desk.obeying.look()


async def _by_signal(desk: Steered, ledger: Ledger) -> None:
    async def interrupted() -> None:
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(0)
        await asyncio.Event().wait()

    await Stopping([desk.desk], desk.clock, lambda _: None).run(interrupted())


async def _by_the_desk(desk: Steered, ledger: Ledger) -> None:
    desk.desk.carrier.halt("a leg is open", NOW)


def stops_by_command_alone(patch: pytest.MonkeyPatch) -> None:
    def strength(self: HaltLatch) -> Halt:
        return max((each for why, each in self.latched.items() if "news" in why), default=Halt.NONE)

    patch.setattr(HaltLatch, "strength", strength)


def looks_at_no_file(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(HaltFile, "look", lambda *_: None)


def enters_nothing_while_nobody_can_tell(place: Path) -> None:
    """Row 60. While the place of halts cannot be read, nothing is entered."""
    of = scene(strategy(Proposes(proposal())))

    def unreadable() -> Halt:
        raise OSError("the place of halts is gone")

    of.desk.halts.elsewhere = unreadable
    assert not _fresh(of), "something was entered though nobody could tell whether to stop"
    of.desk.halts.elsewhere = lambda: Halt.NONE
    assert _fresh(of)


def goes_on_when_nobody_can_tell(patch: pytest.MonkeyPatch) -> None:
    def strength(self: HaltLatch) -> Halt:
        try:
            other = self.elsewhere()
        except OSError:
            other = Halt.NONE
        return max([other, *self.latched.values()])

    patch.setattr(HaltLatch, "strength", strength)


def enters_nothing_on_an_old_answer(place: Path) -> None:
    """Row 60. What the commands said last counts for so long only, and not at all once they cannot be read."""
    assert not _entered_after(place / "old.sqlite", _grows_old), "something was entered on an old answer"
    assert not _entered_after(place / "gone.sqlite", _is_gone), "something was entered on an answer before the last"


def _entered_after(path: Path, what: Callable[[Steered, Ledger], Any]) -> bool:
    ledger = open_ledger(path)
    desk = started(ledger)

    async def day() -> bool:
        await desk.obeying.look()
        await what(desk, ledger)
        await _take(desk.desk)
        return bool(desk.desk.books.open_lots())

    try:
        return asyncio.run(day())
    finally:
        ledger.close()


async def _grows_old(desk: Steered, ledger: Ledger) -> None:
    desk.clock.now += GOOD_FOR_NS


async def _is_gone(desk: Steered, ledger: Ledger) -> None:
    with ledger.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE commands RENAME TO gone")
    await desk.obeying.look()


def believes_what_it_heard_last(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Obeying, "strength", lambda _: Halt.NONE)


def looks_away_from_an_error(patch: pytest.MonkeyPatch) -> None:
    look = Obeying.look

    async def shrugs(self: Obeying) -> None:
        await look(self)
        self.unread = None

    patch.setattr(Obeying, "look", shrugs)


def stays_stopped_until_it_is_flat(place: Path) -> None:
    """Row 60. A flatten that somebody takes back stands until nothing is open any more."""
    ledger = open_ledger(place / "karb.sqlite")
    desk = started(ledger)

    async def day() -> None:
        await desk.obeying.look()
        await _take(desk.desk)
        told(ledger, "flatten", id="c1", reason="out")
        told(ledger, "resume", id="c2", reason="no, stay")
        await desk.obeying.look()
        assert desk.desk.halts.strength() is Halt.FLATTEN, "a flatten was taken back while something is open"
        await _take(desk.desk, 9)
        told(ledger, "resume", id="c3", reason="go on")
        await desk.obeying.look()

    try:
        asyncio.run(day())
        assert desk.desk.books.open_lots() == ()
        assert (desk.desk.halts.strength(), len(halt_rows(ledger))) == (Halt.NONE, 2)
    finally:
        ledger.close()


def is_taken_back_by_whoever_says_so(patch: pytest.MonkeyPatch) -> None:
    def nothing(latched: Mapping[str, Halt], open_lots: tuple[Lot, ...], owed: set[str]) -> dict[str, Halt]:
        return {}

    patch.setattr(desk_module, "still_true", nothing)


# 61


def knows_three_ways_to_stop(place: Path) -> None:
    """Row 61. No entries: what has begun is completed. Reduce only: it is traded back. Flatten: all of it goes out."""
    ends = {strength: _stopped_half_way(strength) for strength in (Halt.NO_ENTRIES, Halt.REDUCE_ONLY, Halt.FLATTEN)}
    assert ends[Halt.NO_ENTRIES] == [-100, 100], "an entry that had begun was not completed though only entries stop"
    assert ends[Halt.REDUCE_ONLY] == [-30, 30], "an entry was completed though only reducing is left"
    assert ends[Halt.FLATTEN] == [0, 0], "something is open though all was to go out"


def _stopped_half_way(strength: Halt) -> list[Decimal]:
    """What the venue has, by leg, when it is stopped after one leg filled whole and the other in part."""
    of = at(Calls, strategy(Proposes(proposal())), "1", "0.3")
    venue: Any = of.venue
    venue.then = lambda: of.desk.halts.latch(strength, "told to", "the owner", NOW)
    asyncio.run(_take(of.desk))
    asyncio.run(_take(of.desk, 9))
    return [sold_and_bought(of, leg) for leg in (SPOT, PERP)]


def knows_one_way_to_stop(patch: pytest.MonkeyPatch) -> None:
    strength = HaltLatch.strength
    patch.setattr(HaltLatch, "strength", lambda self: min(strength(self), Halt.NO_ENTRIES))


def drops_everything(patch: pytest.MonkeyPatch) -> None:
    steps = driver.next_actions

    def killed(now: LegsNow) -> Next:
        return Next((), Phase.DONE) if now.halt else steps(now)

    patch.setattr(driver, "next_actions", killed)


def says_what_stays_open(place: Path) -> None:
    """Row 61. Who ends the process is told of each lot that stays, and the exit code says so too."""
    of = scene(strategy(Proposes(proposal())))
    said: list[Said] = []

    async def life() -> int:
        async def work() -> None:
            await _take(of.desk)
            signal.raise_signal(signal.SIGTERM)
            await asyncio.Event().wait()

        return await Stopping([of.desk], of.clock, said.append).run(work())

    code = asyncio.run(life())
    told_of = [line for line in map(render, said) if "-100 ADA" in line and "100 ADA" in line]
    assert (code, len(told_of)) == (EndedOpen.exit_code, 1), "the process ended without a word of what stays open"


def ends_without_a_word(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Stopping, "_told", lambda self, ended: INTERRUPTED)


STAKES = (
    Stake(60, stops_by_any_of_its_hands, stops_by_command_alone, "though it was stopped by signal"),
    Stake(60, stops_by_any_of_its_hands, looks_at_no_file, "though it was stopped by file"),
    Stake(60, enters_nothing_while_nobody_can_tell, goes_on_when_nobody_can_tell, "nobody could tell"),
    Stake(60, enters_nothing_on_an_old_answer, believes_what_it_heard_last, "on an old answer"),
    Stake(60, enters_nothing_on_an_old_answer, looks_away_from_an_error, "on an answer before the last"),
    Stake(60, stays_stopped_until_it_is_flat, is_taken_back_by_whoever_says_so, "was taken back while"),
    Stake(61, knows_three_ways_to_stop, knows_one_way_to_stop, "though only reducing is left"),
    Stake(61, knows_three_ways_to_stop, drops_everything, "an entry that had begun was not completed"),
    Stake(61, says_what_stays_open, ends_without_a_word, "without a word of what stays open"),
)
