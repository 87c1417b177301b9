"""`max_holding: {then: tell}` in whole runs: once for each lot, whichever rows are judged, and over restarts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from karb_core.domain.decisions import DecisionKind, Reminder, seen
from karb_core.domain.holdings import Account, Holdings
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose, decisions, opened_lots
from karb_core.ports import Judgement, Moment, Notice, NoticeKind, Standing, Terms
from karb_core.wiring.restart import before
from tests.engine.scene import FACTS, NOW, SECOND, D, Proposes, moment, proposal, rules, strategy, view
from tests.wiring.steered import ACCOUNT, started
from tests.wiring.tiny import Edit, Ran, prepared, ran

HOURS_NS = 3_600 * SECOND
TELLS: Edit = ("{for: 60h, then: exit}", "{for: 5h, then: tell}")
NEVER: Edit = ("{for: 60h, then: exit}", "none")


def told(of: Ran) -> list[tuple[str, int]]:
    return [
        (lot_id, d.first_at_ns)
        for d in decisions(of.ledger, of.whose)
        if d.kind is DecisionKind.REMINDER
        for lot_id in d.document()["lot_ids"]
    ]


def test_each_lot_is_told_once_at_the_first_bar_at_which_it_is_that_old(market: Path, tmp_path: Path) -> None:
    woken, judged = (ran(market, tmp_path / f"{every}.sqlite", TELLS, every_row=every) for every in (False, True))
    opened = {lot.id: lot.opened_at_ns for lot in opened_lots(woken.ledger, woken.whose)}
    assert len(told(woken)) > 3
    assert len({lot_id for lot_id, _ in told(woken)}) == len(told(woken))
    for lot_id, at_ns in told(woken):
        assert 5 * HOURS_NS <= at_ns - opened[lot_id] < 5 * HOURS_NS + 300 * SECOND
    assert woken.log == judged.log
    for one in (woken, judged):
        one.ledger.close()


def test_to_be_told_changes_nothing_else(market: Path, tmp_path: Path) -> None:
    """A refusal that goes on is one row still."""
    with_, without = ran(market, tmp_path / "with.sqlite", TELLS), ran(market, tmp_path / "without.sqlite", NEVER)
    rows = [
        [
            (d.kind, d.pair, d.side, d.first_at_ns, d.last_at_ns, d.times)
            for d in decisions(of.ledger, of.whose)
            if d.kind is not DecisionKind.REMINDER
        ]
        for of in (with_, without)
    ]
    assert rows[0] == rows[1]
    for one in (with_, without):
        one.ledger.close()


@dataclass
class Heard:
    notices: list[Notice] = field(default_factory=list)

    async def notify(self, notice: Notice) -> None:
        self.notices.append(notice)


def test_a_notice_names_the_lot_how_long_and_the_line(market: Path, tmp_path: Path) -> None:
    one = prepared(market, tmp_path / "karb.sqlite", TELLS)
    heard = Heard()
    one.run.notifiers = (heard,)
    asyncio.run(one.run.run())
    one.run.end("done", 2)
    reminders = [notice for notice in heard.notices if notice.kind is NoticeKind.REMINDER]
    assert [(notice.facts["lot"], notice.at_ns) for notice in reminders] == told(one)
    for notice in reminders:
        held = notice.facts["held_ns"]
        assert isinstance(held, int)
        assert held >= 5 * HOURS_NS
        assert str(notice.facts["lines"]).startswith("tiny.yaml:")
    one.ledger.close()


class Telling(Proposes):
    """Says of each lot that it is old, until it was told."""

    def judge(self, moment: Moment, standing: Standing, terms: Terms) -> Judgement:
        parts = {"pair": moment.pair, "tier": None, "side": "short", "rules": ("exit",), "seen": seen({"held_ns": 1})}
        lots = [lot.id for lot in standing.lots if lot.id not in standing.reminded]
        return Judgement(() if standing.lots else self.says.proposals, None, tuple(
            Reminder(lot_id=lot_id, **parts) for lot_id in lots  # type: ignore[arg-type]
        ))  # fmt: skip


def kinds(ledger: Ledger) -> list[DecisionKind]:
    return [d.kind for d in decisions(ledger, Whose(ACCOUNT))]


def test_a_restart_tells_nobody_again_and_a_halt_keeps_nothing_back(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    of = strategy(Telling(proposal()))

    async def day(at_ns: int, started_ns: int) -> None:
        desk = started(ledger, "1", "1", of=of, started_ns=started_ns)
        await desk.obeying.look()
        for n in range(3):
            now = moment(at_ns + n * SECOND)
            await desk.desk.take(now, view(now))
            if n == 0:
                desk.desk.carrier.halt("a test", now.at_ns)
        await desk.desk.journal.durable()

    asyncio.run(day(NOW, 1))
    assert kinds(ledger) == [DecisionKind.ENTRY, DecisionKind.REMINDER]
    asyncio.run(day(NOW + 10 * SECOND, 2))
    assert kinds(ledger) == [DecisionKind.ENTRY, DecisionKind.REMINDER]
    (lot,) = opened_lots(ledger, Whose(ACCOUNT))
    inventory = Holdings({Account("korbit", "ADA"): D(100_000)})
    assert before(ledger, Whose(ACCOUNT, "test"), inventory, FACTS, rules()).books.reminded == {lot.id}
    ledger.close()
