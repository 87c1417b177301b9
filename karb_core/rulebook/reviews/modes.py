"""What the file's mode can honour."""

from __future__ import annotations

from collections.abc import Iterator

from karb_core.ports import Mode, Stage
from karb_core.rulebook.dispatch import Seat
from karb_core.rulebook.finding import Finding
from karb_core.rulebook.reviews.case import Case
from karb_core.rulebook.unsimulated import unsimulated
from karb_core.texts.text import Text

_SIMULATED: tuple[Mode, ...] = ("backtest", "paper")


def review_modes(case: Case) -> Iterator[Finding]:
    mode = case.view.mode
    for seat in case.rulebook.all_seats():
        wanted = str(seat.path[1]) if seat.path[0] == "simulate" else mode
        modes = getattr(seat.offer.component, "modes", None)
        if modes is not None and wanted not in modes:
            args = {"use": seat.use, "mode": wanted, "modes": ", ".join(sorted(modes))}
            yield case.error("K408", (*seat.path, "use"), Text("mode.unserved", args), Text("mode.unserved.help", args))
    if mode in _SIMULATED and getattr(case.rulebook.file.simulate, mode) is None:
        said = Text("mode.no_simulation", {"mode": mode})
        yield case.error("K416", ("simulate", mode), said, Text("mode.no_simulation.help", {"mode": mode}))
    for seat, said in unsimulated(case.rulebook, mode):
        yield case.error("K408", (*seat.path, "with", "margin"), said, Text("mode.margin.help"))
    yield from _announced(case, case.rulebook.all_seats())


def _announced(case: Case, seats: tuple[Seat, ...]) -> Iterator[Finding]:
    names = sorted({seat.use for seat in seats if seat.offer.stage is Stage.ANNOUNCED})
    if names:
        said = Text("mode.announced", {"uses": ", ".join(names)})
        yield case.warning("K428", ("mode",), said, Text("mode.announced.help"))
