"""How plans were carried out, told again from a real ledger: a restart opens and closes no breaker."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from karb_core.domain.decisions import Proposal
from karb_core.domain.holdings import Account, Holdings
from karb_core.engine.desk import Desk
from karb_core.engine.driver import Driver
from karb_core.engine.strategy import GateSeat
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose
from karb_core.ledger.runs import Run
from karb_core.ports import Execution
from karb_core.wiring.restart import before
from karb_gates.breaker import Breaker
from tests.engine.scene import (
    FACTS,
    NOW,
    SECOND,
    Hand,
    Proposes,
    Scripted,
    Trace,
    cited,
    moment,
    proposal,
    rules,
    strategy,
    view,
)

WHOSE = Whose("main", "test")
HELD = Holdings({Account("korbit", "ADA"): FACTS[moment().legs[0]].amount_step * 10**8})
WHOLE, REFUSED, PARTLY, BACK = ("1", "1"), ("no", "no"), ("0.5", "0.5"), ("1", "no", "no", "no", "1")
LATER, STUCK, FOUND = ("1", "0.3", "1"), ("1", "no", "no", "no", "no"), ("lost", "silent", "1")


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(str(tmp_path / "karb.sqlite"))
    yield opened
    opened.close()


class Life:
    """A process over the ledger, from what it finds there on."""

    def __init__(self, ledger: Ledger, *script: str, now_ns: int = NOW, venue: Scripted | None = None) -> None:
        params = Breaker.Params.model_validate({"failures": 3, "for": "300s", "per": "pair"})
        seat = GateSeat("b", Breaker(params), frozenset({"entry"}), lambda name: cited(f"/b/{name}"))
        of = strategy(Proposes(proposal()), gates=(seat,))
        was = before(ledger, WHOSE, HELD, FACTS, rules())
        self.unfinished = was.unfinished
        self.clock = Hand(now_ns)
        self.venue = venue or Scripted(Trace(), self.clock)
        self.venue.clock, self.venue.script = self.clock, list(script)
        run = Run.started(
            strategy="test", account="main", mode="paper", rules_digest="r", assumptions_digest="a",
            started_at_ns=now_ns,
        )  # fmt: skip
        self.journal = ledger.begin(run, now_ns)
        venues: Any = dict.fromkeys(("korbit", "dydx"), self.venue)
        driver = Driver(venues, self.journal, self.clock, was.books, FACTS, of.legs, "t1", dict)
        self.desk = Desk(of, was.books, driver, self.journal)
        was.into(self.desk)

    @property
    def told(self) -> list[Execution]:
        return list(self.desk.books.executions.values())

    def take(self, *ways: Proposal, after_ns: int = SECOND) -> list[str]:
        self.clock.now += after_ns
        self.clock.venue_ns, self.clock.slept = self.clock.now, 0
        self.desk.strategy = replace(self.desk.strategy, signal=Proposes(*(ways or (proposal(),))))
        seen = moment(self.clock.now)
        return [c.decided.decision.kind.value for c in asyncio.run(self.desk.take(seen, view(seen)))]

    def recover(self) -> None:
        seen = moment(self.clock.now)
        asyncio.run(self.desk.recover(self.unfinished, view(seen)))

    def end(self) -> None:
        self.journal.end("done", self.clock.now)


def lived(ledger: Ledger, *scripts: tuple[str, ...]) -> Life:
    life = Life(ledger, *(word for script in scripts for word in script))
    for _ in scripts:
        life.take()
    life.end()
    return life


@pytest.mark.parametrize(
    "scripts",
    [
        (WHOLE,),
        (REFUSED,),
        (PARTLY,),
        (BACK, LATER),
        (STUCK,),
        (FOUND,),
        (BACK, WHOLE, REFUSED, PARTLY),
        (REFUSED, BACK, WHOLE),
        (BACK, REFUSED, LATER),
    ],
)
def test_the_rows_tell_what_the_desk_knew(ledger: Ledger, scripts: tuple[tuple[str, ...], ...]) -> None:
    life = lived(ledger, *scripts)
    assert life.told
    again = Life(ledger, now_ns=life.clock.now)
    assert again.desk.books.executions == life.desk.books.executions
    assert list(again.desk.books.executions) == list(life.desk.books.executions)


def test_one_moment_that_was_decided_twice_is_two_executions_in_the_rows_too(ledger: Ledger) -> None:
    life = Life(ledger, *["no"] * 4, "1", "1")
    seen = moment(NOW)
    for told in ([False], [False, False], [True]):
        asyncio.run(life.desk.take(seen, view(seen)))
        assert [e.whole for e in life.told] == told
        asyncio.run(life.journal.durable())
        found = before(ledger, WHOSE, HELD, FACTS, rules()).books
        assert found.executions == life.desk.books.executions
    life.end()


def test_a_restart_does_not_close_an_open_breaker_nor_lengthen_its_time(ledger: Ledger) -> None:
    life = lived(ledger, BACK, REFUSED, BACK)
    until_ns = life.told[-1].at_ns + 300 * SECOND
    again = Life(ledger, *WHOLE, now_ns=life.clock.now)
    assert again.unfinished == ()
    assert again.take() == ["refusal"]
    assert again.take(after_ns=until_ns - again.clock.now - 1) == ["refusal"]
    assert again.take(after_ns=1) == ["entry"]
    assert [e.whole for e in again.told] == [True]


def test_denials_in_the_ledger_are_no_executions(ledger: Ledger) -> None:
    life = Life(ledger, *BACK * 3)
    told = [life.take() for _ in range(6)]
    life.end()
    assert told == [["entry"]] * 3 + [["refusal"]] * 3
    assert len(Life(ledger, now_ns=life.clock.now).told) == 3


def test_what_a_kill_cut_off_is_not_whole_until_it_is_finished(ledger: Ledger) -> None:
    life = Life(ledger, *BACK, *BACK)
    life.take()
    life.take()
    place = life.venue.place

    async def killed(order: Any) -> Any:
        await place(order)
        raise Killed

    life.venue.place = killed  # type: ignore[method-assign]
    with pytest.raises(Killed):
        life.take()
    again = Life(ledger, now_ns=life.clock.now, venue=life.venue)
    assert [e.whole for e in again.told] == [False] * 3
    again.venue.place = place  # type: ignore[method-assign]
    again.recover()
    assert [e.whole for e in again.told] == [True]  # both legs had filled
    again.end()
