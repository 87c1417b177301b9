"""The books as some runs left them are what those runs wrote, and nothing of who came after."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from karb_core.domain.canonical import to_json
from karb_core.ledger import reading
from karb_core.ledger.copying import copy_runs
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose
from tests.ledger.words import RUN, entry, fill, lot, order, refusal

MINE = Whose.of(RUN)
READ = (reading.decisions, reading.orders, reading.fills, reading.incomes, reading.opened_lots, reading.halts)


def written(ledger: Ledger) -> list[str]:
    return [to_json(list(read(ledger, MINE))) for read in READ]  # type: ignore[operator]


def lives(ledger: Ledger, name: str) -> None:
    """One run, killed or not: who copies does not ask."""
    journal = ledger.begin(replace(RUN, id=name), 1, batch_rows=1)
    journal.rulebook(RUN.rules_digest, f"text of {name}")
    for decision in (entry(10, intent=name), refusal(11), refusal(12)):
        journal.decision(decision)
    journal.lot(lot(name))
    journal.order(replace(order(), id=f"karb-m1-{name}-0-0"), 11)
    journal.fill(fill(name), [(name, fill().moved)])
    journal.halt("no-entries", "news", "ann", 12)
    journal.flush()


def test_books_are_as_the_runs_left_them(ledger: Ledger, tmp_path: Path) -> None:
    lives(ledger, "one")
    before = written(ledger)
    lives(ledger, "two")
    assert written(ledger) != before
    into = open_ledger(tmp_path / "copy.sqlite")
    copy_runs(ledger, ["one"], into)
    assert written(into) == before
    assert [run.id for run in reading.runs(into)] == ["one"]
    assert reading.rulebook(into, RUN.rules_digest) == "text of one"
    lives(into, "two")
    assert written(into) == written(ledger)
    into.close()


def test_nothing_copied_is_an_empty_ledger(ledger: Ledger, tmp_path: Path) -> None:
    lives(ledger, "one")
    into = open_ledger(tmp_path / "copy.sqlite")
    copy_runs(ledger, [], into)
    assert list(reading.runs(into)) == []
    into.close()
