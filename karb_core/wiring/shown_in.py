"""What a mode cannot show to gates is an error before anything runs, never a gate that sees nothing."""

from __future__ import annotations

from collections.abc import Iterable

from karb_core.errors import StrategyInvalid
from karb_core.ports import BarRows, GridRows, Mode, Reads
from karb_core.rulebook.dispatch import Seat
from karb_core.texts.text import Text

_SECOND = 1_000_000_000  # karb: constant because a second has so many nanoseconds


def need_shown(reads: Iterable[tuple[Seat, Reads]], rows: BarRows | GridRows, mode: Mode) -> None:
    """Errors: StrategyInvalid for a gate that does not serve the mode, or looks at what nobody shows it there: books,
    clocks, warnings and steps of time that data do not have, volumes of tops.
    """
    for seat, looks in reads:
        modes = getattr(seat.offer.component, "modes", None)
        told_live = looks.depths or looks.clocks or looks.cautions
        if (modes is not None and mode not in modes) or (told_live and mode == "backtest"):
            served = ", ".join(sorted(modes or {"live", "paper"}))
            args = {"use": seat.use, "mode": mode, "modes": served}
            raise StrategyInvalid(Text("mode.unserved", args), Text("mode.unserved.help", args))
        if mode == "backtest" and 0 < looks.stood_ns < rows.length_ns:
            args = {"use": seat.use, "back": _told(looks.stood_ns), "rows": _told(rows.length_ns)}
            raise StrategyInvalid(Text("run.looks_between", args), Text("run.looks_between.help", args))
        if looks.volumes and isinstance(rows, GridRows):
            raise StrategyInvalid(Text("run.no_volumes", {"use": seat.use}), Text("run.grid.help"))


def _told(ns: int) -> str:
    return f"{ns / _SECOND:g}s"
