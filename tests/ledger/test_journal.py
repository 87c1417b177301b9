"""Writing: refusals that go on, the log of decisions, and an event loop that never waits for the disk."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event

from karb_core.domain.decisions import Decision
from karb_core.ledger.decision_log import decision_log_bytes
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose, decisions
from karb_core.ledger.refusals import Count, Refused, refusals
from karb_core.ports.journal import Journal
from karb_core.wiring.stepped_loop import SteppedLoop
from tests.ledger.words import RUN, backtest, entry, rearm, refusal

WORKED = [
    refusal(1),
    refusal(2),
    refusal(2, tier="extreme"),
    refusal(3, pair="DOT"),
    refusal(4),
    entry(5, pair="DOT"),
    refusal(6),
    refusal(7, pair="DOT"),
    rearm(8),
    refusal(9),
    refusal(10, rule="/risk_gates/1"),
    refusal(11),
]
ROWS = [
    ("ADA", "normal", 1, 6, 4),
    ("ADA", "extreme", 2, 2, 1),
    ("DOT", "normal", 3, 3, 1),
    ("DOT", "normal", 5, 5, 1),
    ("DOT", "normal", 7, 7, 1),
    ("ADA", None, 8, 8, 1),
    ("ADA", "normal", 9, 11, 2),
    ("ADA", "normal", 10, 10, 1),
]


def written(ledger: Ledger, whose: Whose) -> list[tuple[str, str | None, int, int, int]]:
    return [(w.pair, w.tier, w.first_at_ns, w.last_at_ns, w.times) for w in decisions(ledger, whose)]


@pytest.mark.parametrize("durable_after", [1, 2, 5, 100])
@pytest.mark.parametrize("batch_rows", [None, 1, 4])
def test_a_refusal_that_goes_on_is_one_row(tmp_path: Any, durable_after: int, batch_rows: int | None) -> None:
    ledger = open_ledger(tmp_path / "karb.ledger")
    journal = ledger.begin(RUN, 5, batch_rows=batch_rows)
    for at, decision in enumerate(WORKED, start=1):
        journal.decision(decision)
        if at % durable_after == 0:
            asyncio.run(journal.durable())
    journal.end("done", 9)
    assert written(ledger, Whose.of(RUN)) == ROWS
    ledger.close()


def test_a_refusal_that_goes_on_is_counted_by_both_databases(ledger: Ledger) -> None:
    journal = ledger.begin(RUN, 5)
    for decision in WORKED:
        journal.decision(decision)
        asyncio.run(journal.durable())
    assert written(ledger, Whose.of(RUN)) == ROWS
    counted = refusals(decisions(ledger, Whose.of(RUN)))
    assert counted == {
        Refused("/risk_gates/0/with/book", "ADA", "short", "normal"): Count(6, 1, 11),
        Refused("/risk_gates/0/with/book", "ADA", "short", "extreme"): Count(1, 2, 2),
        Refused("/risk_gates/0/with/book", "DOT", "short", "normal"): Count(2, 3, 7),
        Refused("/risk_gates/1", "ADA", "short", "normal"): Count(1, 10, 10),
    }


def test_a_new_run_begins_its_refusals_anew(ledger: Ledger) -> None:
    for at in range(2):
        journal = ledger.begin(RUN, at)
        journal.decision(refusal(1))
        journal.end("done", at)
    assert [times for *_, times in written(ledger, Whose.of(RUN))] == [1, 1]


def logged(ledger: Ledger, worked: list[Decision], batch_rows: int | None) -> bytes:
    journal = ledger.begin(backtest(), 5, batch_rows=batch_rows)
    for decision in worked:
        journal.decision(decision)
        asyncio.run(journal.durable())
    journal.end("done", 9)
    return decision_log_bytes(ledger, journal.run)


def test_equal_decisions_have_equal_bytes_however_they_were_written(ledger: Ledger) -> None:
    logs = [logged(ledger, WORKED, batch_rows) for batch_rows in (None, 1, 1000)]
    assert logs[0] == logs[1] == logs[2]
    lines = logs[0].decode("utf-8").splitlines()
    assert lines[0] == WORKED[0].text()
    assert lines[1] == '{"last_at_ns":6,"times":4}'
    assert len(lines) == len(ROWS) + 2


@pytest.mark.parametrize("changed", range(len(WORKED)))
def test_any_other_decision_gives_other_bytes(tmp_path: Any, changed: int) -> None:
    ledger = open_ledger(tmp_path / "karb.ledger")
    others = [*WORKED[:changed], replace(WORKED[changed], tier="other"), *WORKED[changed + 1 :]]
    assert logged(ledger, WORKED, 100) != logged(ledger, others, 100)
    assert logged(ledger, WORKED, 100) != logged(ledger, [*WORKED[:changed], *WORKED[changed + 1 :]], 100)
    ledger.close()


@contextmanager
def held(ledger: Ledger) -> Iterator[tuple[threading.Event, list[str]]]:
    """Commits wait for the event; the names of the threads that commit."""
    free, threads = threading.Event(), list[str]()

    def wait(_: object) -> None:
        threads.append(threading.current_thread().name)
        free.wait(10)

    event.listen(ledger.engine, "commit", wait)
    try:
        yield free, threads
    finally:
        free.set()
        event.remove(ledger.engine, "commit", wait)


def test_the_loop_goes_on_while_the_disk_is_slow(ledger: Ledger) -> None:
    async def trade() -> list[str]:
        journal = ledger.begin(RUN, 5)
        with held(ledger) as (free, threads):
            journal.decision(refusal(1))
            first = asyncio.ensure_future(journal.durable())
            while not threads:
                await asyncio.sleep(0)
            journal.decision(refusal(2))
            journal.decision(entry(3))
            second = asyncio.ensure_future(journal.durable())
            await asyncio.sleep(0)
            assert not first.done() and not second.done()
            assert journal.waiting == 3
            free.set()
            await asyncio.gather(first, second)
        assert journal.waiting == 0
        return threads

    threads = asyncio.run(trade())
    assert all(name.startswith("ledger") for name in threads)
    assert written(ledger, Whose.of(RUN)) == [("ADA", "normal", 1, 2, 2), ("ADA", "normal", 3, 3, 1)]


def test_whether_it_is_asked_follows_from_what_the_loop_was_told_and_not_from_how_far_the_disk_is(
    ledger: Ledger,
) -> None:
    """Else a recorded run would not replay: how fast a disk was is in no recording."""
    works: list[Callable[[], object]] = []
    answers: list[asyncio.Future[object]] = []

    def hands_out(_: object, work: Callable[[], object]) -> asyncio.Future[object]:
        works.append(work)
        answers.append(loop.create_future())
        return answers[-1]

    loop = SteppedLoop(hands_out)
    tasks: list[asyncio.Task[None]] = []
    journal = ledger.begin(RUN, 5)
    journal.decision(refusal(1))
    loop.step(lambda: tasks.append(loop.create_task(journal.durable())))
    works[0]()
    assert journal.waiting == 0
    loop.step(lambda: tasks.append(loop.create_task(journal.durable())))
    assert len(works) == 2
    loop.step(lambda: answers[0].set_result(None))
    loop.step(lambda: tasks.append(loop.create_task(journal.durable())))
    assert len(works) == 2
    loop.end()
    journal.end("done", 9)


def test_many_at_once_are_all_durable_when_each_is_told_so(ledger: Ledger) -> None:
    async def pair(journal: Journal, name: str) -> None:
        for at in range(10):
            journal.decision(entry(at, pair=name, intent=f"{name}{at}"))
            await journal.durable()
            mine = [w.intent_id for w in decisions(ledger, Whose.of(RUN)) if w.pair == name]
            assert mine == [f"{name}{n}" for n in range(at + 1)]

    async def trade() -> None:
        journal = ledger.begin(RUN, 5)
        await asyncio.gather(*(pair(journal, name) for name in ("ADA", "DOT", "XLM")))
        journal.end("done", 9)

    asyncio.run(trade())
    assert len(list(decisions(ledger, Whose.of(RUN)))) == 30


def test_batches_wait_until_they_are_full_or_the_run_ends(ledger: Ledger) -> None:
    journal = ledger.begin(RUN, 5, batch_rows=3)
    seen = []
    for at in range(5):
        journal.decision(entry(at))
        asyncio.run(journal.durable())
        seen.append((journal.waiting, len(list(decisions(ledger, Whose.of(RUN))))))
    journal.end("done", 9)
    assert seen == [(1, 0), (2, 0), (0, 3), (1, 3), (2, 3)]
    assert len(list(decisions(ledger, Whose.of(RUN)))) == 5


def test_numbers_are_kept_as_they_are_written_everywhere_else(ledger: Ledger) -> None:
    journal = ledger.begin(RUN, 5)
    journal.decision(replace(entry(), seen=(("z", Decimal("1E+3")),)))
    journal.flush()
    assert [w.document()["seen"] for w in decisions(ledger, Whose.of(RUN))] == [{"z": "1000"}]
