"""One life of karb as a process of its own, which ends itself at a boundary with the signal that nobody can catch."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any

from sqlalchemy import event

from karb_core.domain.instrument import Instrument
from karb_core.domain.market import FxRate, Top
from karb_core.ledger.connect import WRITES
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ports import MarketView, Moment
from tests.chaos.boundaries import Boundaries
from tests.chaos.killed.line import Line
from tests.chaos.killed.script import SCRIPTS
from tests.chaos.killed.standing_market import StandingMarket
from tests.chaos.killed.wall_clock import WallClock
from tests.chaos.places import START
from tests.chaos.process import Process, inventory
from tests.chaos.rates import Rates
from tests.chaos.trader import LEGS, PAIR, strategy

IN_COMMIT = "in the commit"


class LastBoundary(Boundaries):
    """At the `kill_at`-th boundary this process is gone, after its last word on where that was."""

    def __init__(self, kill_at: int, stage: Connection) -> None:
        super().__init__(kill_at)
        self._stage = stage

    def at(self, where: str) -> None:
        self.passed.append(where)
        if len(self.passed) == self.kill_at:
            self._stage.send(("killed", where))
            os.kill(os.getpid(), signal.SIGKILL)


class Life(Process):
    """A process that is handed its moments: started again, it judges the one again at which it was killed."""

    market: Any

    def tops(self) -> dict[Instrument, Top]:
        """As this life heard of them, by its own clock."""
        found = {leg: self.market.told(leg, self.market.now.at_ns).top() for leg in LEGS}
        return {leg: top for leg, top in found.items() if top is not None}

    def moment(self) -> Moment:
        tops = self.tops()
        return Moment(PAIR, self.market.now.at_ns, {}, LEGS, tuple(tops[i] for i in LEGS), self._money())

    def view(self) -> MarketView:
        return MarketView(self.market.now.at_ns, self.tops(), self._money(), {}, {})

    def _money(self) -> dict[str, FxRate]:
        rate = self.rates.at(self.market.now.at_ns)
        return {} if rate is None else {"money": rate}


def live(where: str, account: str, name: str, kill_at: int, lines: Mapping[str, Connection]) -> None:
    """Plays the script to its end, from wherever the process before it was. `lines`: to each venue, and to the stage."""
    boundaries = LastBoundary(kill_at, lines["stage"])
    ledger = open_ledger(where)
    _cut_commits(ledger, boundaries)
    asyncio.run(_live(ledger, account, name, boundaries, lines))
    ledger.close()


async def _live(
    ledger: Ledger, account: str, name: str, boundaries: Boundaries, lines: Mapping[str, Connection]
) -> None:
    stage, script, clock = lines["stage"], SCRIPTS[name], WallClock()
    market: Any = StandingMarket(script.acts)
    market.turn(_asked(stage, "act"), clock.now_ns())
    wires = {leg.venue: Line(lines[leg.venue], boundaries, clock) for leg in LEGS}
    karb = Life(
        strategy(script.wishes, START, script.rules), ledger, account, market, clock,  # type: ignore[arg-type]
        wires, boundaries, lambda *_: None, inventory(), START, Rates(START), lambda: None,
    )  # fmt: skip
    karb.start()
    await asyncio.gather(*karb.tasks)
    while True:
        await karb.look_now()
        await karb.desk.take(karb.moment(), karb.view())
        await karb.desk.journal.durable()
        following = _asked(stage, "played", market.act)
        if following is None:
            break
        market.turn(following, clock.now_ns())
    _asked(stage, "done", tuple(boundaries.passed), tuple(karb.desk.halted), karb.desk.books.open_lots())


def _asked(stage: Connection, *what: Any) -> Any:
    stage.send(what)
    return stage.recv()


def _cut_commits(ledger: Ledger, boundaries: Boundaries) -> None:
    """The rows are with the ledger, and it was not told to keep them."""

    def at_commit(connection: Any) -> None:
        if connection.get_execution_options().get(WRITES, False):
            boundaries.at(IN_COMMIT)

    event.listen(ledger.engine, "commit", at_commit)
