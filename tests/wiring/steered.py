"""A desk over a real ledger that somebody steers from elsewhere, and what they told it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from karb_core.domain.holdings import Account, Holdings
from karb_core.engine.desk import Desk
from karb_core.engine.driver import Driver
from karb_core.engine.strategy import Strategy
from karb_core.ledger.commands import Command
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose, halts
from karb_core.ledger.runs import Run
from karb_core.ledger.telling import tell
from karb_core.wiring.obeying import Obeying
from karb_core.wiring.restart import before
from tests.chaos.boundaries import Boundaries, CutJournal
from tests.engine.scene import FACTS, SECOND, TERMS, D, Hand, Proposes, Scripted, Trace, proposal, strategy

ACCOUNT = "main"
GOOD_FOR_NS = 5 * SECOND


@dataclass
class Steered:
    """`boundaries`: where its commits can be cut off."""

    desk: Desk
    obeying: Obeying
    clock: Hand
    trace: Trace
    boundaries: Boundaries
    run: Run


def started(ledger: Ledger, *script: str, of: Strategy | None = None, started_ns: int = 1, kill_at: int = 0) -> Steered:
    """What stood when the last one ended is taken over, as at every start."""
    of = of or strategy(Proposes(proposal()))
    run = Run.started(
        strategy=TERMS.strategy, account=ACCOUNT, mode="paper", rules_digest="r", assumptions_digest="a",
        started_at_ns=started_ns,
    )  # fmt: skip
    inventory = Holdings({Account("korbit", "ADA"): D(100_000)})
    was = before(ledger, Whose(ACCOUNT, TERMS.strategy), inventory, FACTS, of.legs)
    boundaries, trace, clock = Boundaries(), Trace(), Hand()
    begun = ledger.begin(run, started_ns)
    journal: Any = CutJournal(begun, boundaries, lambda name, what: None, lambda: None)
    venue = Scripted(trace, clock, *script)
    driver = Driver({"korbit": venue, "dydx": venue}, journal, clock, was.books, FACTS, of.legs, "t1", dict)
    desk = Desk(of, was.books, driver, journal)
    was.into(desk)
    boundaries.kill_at = kill_at
    return Steered(desk, Obeying(ledger, ACCOUNT, [desk], clock, GOOD_FOR_NS), clock, trace, boundaries, begun.run)


def told(ledger: Ledger, verb: str, strength: str | None = None, *, id: str = "c1", **more: Any) -> None:  # noqa: A002
    parts = {"reason": "news", "author": "ann@phone", "strategy": TERMS.strategy, "at_ns": 7, **more}
    tell(ledger, Command(id=id, account=ACCOUNT, verb=verb, strength=strength, **parts))


def halt_rows(ledger: Ledger) -> list[tuple[str, str, str]]:
    return [(h.strength, h.reason, h.author) for h in halts(ledger, Whose(ACCOUNT))]
