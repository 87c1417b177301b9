"""`karb run FILE --mode live --lab-at CONTROL` as a process of its own, on a clock that leaps; nothing else differs."""

from __future__ import annotations

import sys
from pathlib import Path

from karb_core.cli.at_lab import LabAsked
from karb_core.cli.reading import rulebook_of
from karb_core.cli.terminal import Terminal
from karb_core.cli.to_run import ToRun
from karb_core.cli.trading_run import HouseAsked, run_house
from karb_core.errors import KarbError
from tests.house.leaping import LeapingClock, Leaps


def main(file: str, ledger: str, control: str, leaps: str, mode: str, serve: str = "", halts: str = "") -> int:
    terminal, clock = Terminal(), Leaps(Path(leaps))
    asked = HouseAsked(mode, ledger, (), LabAsked(control), serve or None, halts or None)
    try:
        wanted = [ToRun(file, rulebook_of(terminal, file))]
        return run_house(terminal, wanted, asked, lambda: LeapingClock(clock))
    except KarbError as e:
        terminal.error(e.said, e.help)
        return e.exit_code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
