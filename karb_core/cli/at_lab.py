"""`karb run --lab`: the same run at venues of this machine, which are started for it or run already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points

from karb_core.cli.ledger_place import home_file
from karb_core.cli.terminal import Terminal
from karb_core.cli.to_run import ToRun
from karb_core.errors import PluginUnusable, UsageMistake
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import lived
from karb_core.ports import Lab, LocalVenues
from karb_core.texts.text import Text
from karb_core.wiring.local_venues import lab_wanted
from karb_core.wiring.wall_clock import WallClock

GROUP = "karb.labs"
_REAL = "live:"


@dataclass(frozen=True, slots=True)
class LabAsked:
    """`control`: where a lab runs already, None for one of the run's own."""

    control: str | None


def lab_ledger(given: str | None) -> str:
    """The given one, else `lab.sqlite` in KARB_HOME: nothing of a lab stands among what was real."""
    return home_file("lab.sqlite") if given is None else given


def need_no_real_account(ledger: Ledger) -> None:
    """Errors: UsageMistake for a ledger in which real orders stand."""
    real = next((each.run.account for each in lived(ledger) if each.run.account.startswith(_REAL)), None)
    if real is not None:
        args = {"ledger": ledger.name, "account": real}
        raise UsageMistake(Text("lab.real_ledger", args), Text("lab.real_ledger.help"))


@contextmanager
def local_venues(terminal: Terminal, wanted: Sequence[ToRun], asked: LabAsked) -> Iterator[LocalVenues]:
    """Errors: those of `Lab`; PluginUnusable where no plugin brings one."""
    given = lab_wanted([each.rulebook for each in wanted])
    if asked.control is not None:
        yield _told(terminal, the_lab().reached(given, asked.control))
        return
    with the_lab().started(given, WallClock) as venues:
        yield _told(terminal, venues)


@cache
def the_lab() -> Lab:
    """Errors: PluginUnusable where no plugin brings one."""
    point = next(iter(entry_points(group=GROUP, name="lab")), None)
    if point is None:
        raise PluginUnusable(Text("lab.none"), Text("lab.none.help"))
    found: Lab = point.load()
    return found


def _told(terminal: Terminal, venues: LocalVenues) -> LocalVenues:
    places = ", ".join(f"{venue} {address}" for venue, address in venues.addresses.items())
    terminal.out(Text("lab.at", {"places": places, "control": venues.control}))
    return venues
