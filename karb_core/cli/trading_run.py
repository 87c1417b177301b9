"""`karb run` where a desk lives through its data once: until it is told to end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from karb_core.cli.ledger_place import ledger_path
from karb_core.cli.terminal import Terminal
from karb_core.errors import UsageMistake
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text
from karb_core.wiring.paper import paper
from karb_core.wiring.trading_house import trade
from karb_core.wiring.wall_clock import WallClock


def run_on_paper(terminal: Terminal, rulebooks: Sequence[Rulebook], ledger: str | None) -> int:
    """The exit code. Errors: those of `Running`, each before anything is placed."""
    names = [rulebook.file.name for rulebook in rulebooks]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageMistake(Text("run.same_name", {"name": twice}), Text("run.same_name.help"))
    opened = open_ledger(ledger_path(ledger))
    try:
        return asyncio.run(_run(terminal, rulebooks, opened))
    finally:
        opened.close()


async def _run(terminal: Terminal, rulebooks: Sequence[Rulebook], ledger: Ledger) -> int:
    clock = WallClock()
    runnings = [paper(rulebook, ledger, clock, terminal.out) for rulebook in rulebooks]
    return await trade(runnings, clock, terminal.out)
