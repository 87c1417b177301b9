"""Puts a scenario on: pushes the premium until the strategy enters, lets the day happen, and brings it back."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from karb_core.domain import exact
from karb_core.domain.instrument import InstrumentKind
from karb_core.ports import ForcedClose, Happening, SeatRate, Setting, Watched
from karb_core.rules.exits import nanoseconds
from karb_core.venue.conditions import Conditions
from karb_core.venue.forced import Forced
from karb_research.pace import Pace
from karb_research.scenario import Phase, Push, Scenario
from karb_research.scene import Scene, instruments, is_of
from karb_research.spells import Spell, spells
from karb_research.tape import Tape
from karb_research.weather import conditions

_FORCED = {"liquidated": Forced.LIQUIDATION, "deleveraged": Forced.DELEVERAGING}


class Director:
    """The `Play` of one scenario.

    The premium is moved in the middle of a bar, so that what was decided at a close meets the market it was decided
    in. The parts of the play: entering, until something was entered and its legs are done; open, for as long as the
    scenario says; leaving, until no lot is open. Whatever the strategy does, the play ends: the premium is pushed no
    further than the scenario says, either way, and no part waits longer for the desk than that takes.
    """

    def __init__(self, scenario: Scenario, setting: Setting) -> None:
        told = scenario.told
        paces = (told.every, told.before_close, told.after_close, told.on_the_way)
        self._scenario = scenario
        self._setting = setting
        self._pace = Pace(setting.opens_ns, setting.bars_ns, *map(nanoseconds, paces))
        self._tape = Tape(setting)
        self._offset = Decimal(0)
        self._began: dict[Phase, int] = {"entering": setting.opens_ns}
        self._over: dict[Phase, int] = {}
        self._spells: tuple[Spell, ...] = ()
        self._forced: set[int] = set()
        self._furthest = False
        self._ends_ns: int | None = None
        self._longest_ns = setting.bars_ns * _bars_of(scenario.push)
        self._begin("entering", setting.opens_ns)

    @property
    def opens_ns(self) -> int:
        return self._setting.opens_ns

    def next_ns(self, after_ns: int, watched: Watched) -> int | None:
        if after_ns < self.opens_ns:
            return self.opens_ns
        self._look(after_ns, watched)
        if self._ends_ns is not None and after_ns >= self._ends_ns:
            return None
        told_ns = self._pace.next_ns(after_ns, works=watched.at_work, moves=self._scene().moving(after_ns))
        turns = [s.from_ns for s in self._spells] + [s.until_ns for s in self._spells if s.until_ns is not None]
        turns += [nanoseconds(self._scenario.holds) + self._began["open"]] if "open" in self._began else []
        turns += [self._ends_ns] if self._ends_ns is not None else []
        return min([told_ns, *(at_ns for at_ns in turns if at_ns > after_ns)])

    def happen(self, at_ns: int, watched: Watched) -> list[Happening]:
        self._look(at_ns, watched)
        if self._pace.is_middle(at_ns):
            self._push(watched)
        scene = self._scene()
        out: list[Happening] = list(self._tape.told(scene, at_ns))
        rates = ((seat, scene.rate(seat, at_ns)) for seat in self._setting.rates)
        out += [SeatRate(seat, rate) for seat, rate in rates if rate is not None]
        out += self._closes(at_ns)
        if self._pace.is_close(at_ns):
            out += self._tape.bars(at_ns)
        return out

    def conditions(self, venue: str, at_ns: int) -> Conditions:
        return conditions(self._setting, self._scenario.usual, self._spells, venue, at_ns)

    def _look(self, now_ns: int, watched: Watched) -> None:
        """Goes on to the next part of the play, or to its end, where this one is over."""
        late = now_ns >= self._part_ns + self._longest_ns
        if "open" not in self._began:
            if late or (not watched.at_work and (watched.entered or self._furthest)):
                self._begin("open", now_ns)
        elif "leaving" not in self._began:
            if now_ns >= self._began["open"] + nanoseconds(self._scenario.holds):
                self._furthest = False
                self._begin("leaving", now_ns)
        elif late or self._furthest or (watched.open_lots == 0 and not watched.at_work):
            if self._ends_ns is None:
                self._ends_ns = now_ns + nanoseconds(self._scenario.settles)
        else:
            self._ends_ns = None

    def _begin(self, part: Phase, now_ns: int) -> None:
        for earlier in self._began:
            self._over.setdefault(earlier, now_ns)
        self._over.pop(part, None)
        self._began[part] = self._part_ns = now_ns
        self._spells = spells(self._scenario.events, self._began, self._over, self._pace.next_close_ns)

    def _push(self, watched: Watched) -> None:
        """Once in each bar: away while nothing was entered, back while anything is open."""
        leaves = "leaving" in self._began
        if (leaves and watched.open_lots == 0) or (not leaves and (watched.entered or "open" in self._began)):
            return
        push = self._scenario.push
        way = Decimal(1 if (push.towards == "high") is not leaves else -1)
        moved = exact.add(self._offset, exact.mul(way, push.by))
        if exact.mul(moved, way) > push.at_most:
            self._furthest = True
        else:
            self._offset = moved

    def _scene(self) -> Scene:
        return Scene(self._setting, self._scenario.usual, self._offset, self._spells)

    def _closes(self, at_ns: int) -> Iterator[ForcedClose]:
        """What the venue closes by force at this time, once for each event."""
        for spell in self._spells:
            for kind, why in _FORCED.items():
                block = getattr(spell.event.happens, kind)
                if block is None or not spell.on(at_ns) or spell.number in self._forced:
                    continue
                self._forced.add(spell.number)
                for instrument in instruments(self._setting):
                    margined = self._setting.facts[instrument].kind is InstrumentKind.PERPETUAL
                    if margined and is_of(self._setting, block, instrument):
                        yield ForcedClose(why, instrument, block.part)


def _bars_of(push: Push) -> int:
    """In how many bars the premium goes from one end to the other, and one more at each."""
    one = Decimal(1)
    return 2 * (exact.steps_in(push.at_most, push.by, one, exact.Rounding.CEIL) + 1)
