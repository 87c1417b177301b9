"""Rows 45 and 56 to 59: what happened while nobody looked, by whose hand, and what was there before."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Insert, Table, select, true

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Denied, LegTarget, Plan, Proposal, ProposalKind
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.order_id import OrderId, order_id
from karb_core.domain.orders import Fill, Side
from karb_core.engine import catching_up, decide, deployable
from karb_core.engine.agreement import Agreement
from karb_core.engine.books import Books
from karb_core.engine.catching_up import CatchingUp
from karb_core.errors import AccountHeld
from karb_core.ledger import booking, lease
from karb_core.ledger.fills import FILLS
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose
from karb_core.ports import Income
from karb_core.venue.forced import Forced
from karb_core.wiring import restart
from tests.chaos.places import FAR, NEAR
from tests.chaos.stakes.stake import Stake
from tests.chaos.stakes.stand import AMOUNT, ENTRY, PLANNED, Stand, stood
from tests.chaos.stakes.venues import sold_and_bought
from tests.engine.scene import PERP, SPOT, D, Proposes, Scene, lot, moment, proposal, scene, strategy, view
from tests.engine.test_agreement import Watched, booked
from tests.engine.test_books import fill
from tests.ledger.words import RUN
from tests.ledger.words import fill as ledger_fill
from tests.wiring import steered
from tests.wiring.steered import Steered

EXIT = proposal(ProposalKind.EXIT, "a")
LENT = Account("korbit", "ADA")


def _taken(of: Scene) -> None:
    asyncio.run(of.desk.take(moment(), view(moment())))


# 45


def answers_every_forced_close(place: Path) -> None:
    """Row 45. A close that the venue made by itself is known by its id, booked, and the coins are sold at once."""
    for why in Forced:
        stood(_closed_by(why))


def _closed_by(why: Forced) -> Any:
    async def body(stand: Stand) -> None:
        await stand.judge(ENTRY)
        closed = stand.truth.force(why, FAR, AMOUNT, PLANNED[FAR], stand.clock.now_ns())
        assert closed is not None
        assert stand.held(NEAR) == AMOUNT
        await stand.look()
        assert stand.held(NEAR) == 0, "the coins stand alone after a forced close"
        assert stand.desk.books.open_lots() == ()

    return body


def knows_no_forced_close(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Forced, "read", lambda _: None)


def knows_only_liquidations(patch: pytest.MonkeyPatch) -> None:
    known = Forced.LIQUIDATION
    patch.setattr(Forced, "read", lambda told: known if told.startswith(known.value) else None)


# 56


class _Life:
    """A process over a ledger, from what it finds there on; the venue is the one that was there before."""

    def __init__(self, ledger: Ledger, *script: str, after: _Life | None = None) -> None:
        number = 1 if after is None else after.number + 1
        self.number = number
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(steered, "before", restart.before)  # as it is now, be it naive
            self.made: Steered = steered.started(ledger, *script, started_ns=number)
        self.venue: Any = self.made.desk.driver.executors["korbit"]
        if after is not None:
            self.venue.truth, self.venue.booked = after.venue.truth, after.venue.booked
        self.unfinished = restart.before(ledger, steered_whose(), _lent(), self.made.desk.books.facts, _rules()).unfinished

    async def begin(self) -> None:
        await self.made.obeying.look()
        await self.made.desk.recover(self.unfinished, view(moment()))

    async def take(self, at_ns: int) -> None:
        await self.made.desk.take(moment(at_ns), view(moment(at_ns)))
