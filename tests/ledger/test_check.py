"""What must hold of a ledger is proved, and each row that breaks it is named."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from karb_core.domain.order_id import order_id
from karb_core.domain.orders import Filled
from karb_core.ledger.check import check
from karb_core.ledger.connect import connect
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.texts.text import render
from tests.ledger.words import RUN, SPOT, backtest, entry, fill, lot, order, refusal

FIRST, LAST = "SELECT min(ordinal) FROM {table}", "SELECT max(ordinal) FROM {table}"
ENTRY = "SELECT min(ordinal) FROM decisions WHERE kind = 'entry'"
REFUSAL = "SELECT min(ordinal) FROM decisions WHERE kind = 'refusal'"
SECOND = "SELECT min(ordinal) FROM orders WHERE ordinal > (SELECT min(ordinal) FROM orders)"
NOBODY = order_id(mark="m1", intent_id="a" * 16, leg=0, attempt=0)


@dataclass(frozen=True)
class Break:
    """A row broken by SQL, and the row that must be named for it: by default the same."""

    proof: str
    table: str
    sql: str
    at: str = FIRST
    named: str = ""
    named_at: str = ""

    def __str__(self) -> str:
        return f"{self.proof}: {self.sql}"


BREAKS = [
    Break("belong", "orders", "UPDATE orders SET account = 'other' WHERE ordinal = {at}"),
    Break("belong", "lots", "UPDATE lots SET strategy = 'other' WHERE ordinal = {at}"),
    Break("belong", "fills", "UPDATE fills SET run_id = 'nobody' WHERE ordinal = {at}"),
    Break("numbered", "decisions", "DELETE FROM decisions WHERE ordinal = {at}", at=REFUSAL, named="runs"),
    Break("numbered", "incomes", "UPDATE incomes SET ordinal = 1 WHERE ordinal = {at}", named_at="SELECT 1"),
    Break("rulebooks", "rulebooks", "UPDATE rulebooks SET source = 'karb: 1' WHERE ordinal = {at}"),
    Break("readable", "fills", "UPDATE fills SET amount = 'much' WHERE ordinal = {at}"),
    Break("readable", "fills", "UPDATE fills SET price = 'NaN' WHERE ordinal = {at}"),
    Break("readable", "orders", "UPDATE orders SET amount = '0' WHERE ordinal = {at}"),
    Break("readable", "outcomes", "UPDATE outcomes SET filled = '-1' WHERE ordinal = {at}"),
    Break("readable", "lots", "UPDATE lots SET legs = '[[]]' WHERE ordinal = {at}"),
    Break("readable", "incomes", "UPDATE incomes SET lots = '7' WHERE ordinal = {at}"),
    Break("readable", "decisions", "UPDATE decisions SET kind = 'wish' WHERE ordinal = {at}"),
    Break("readable", "fill_shares", "UPDATE fill_shares SET amount = 'Infinity' WHERE ordinal = {at}"),
    Break("decisions", "decisions", "UPDATE decisions SET digest = 'abc' WHERE ordinal = {at}"),
    Break("decisions", "decisions", "UPDATE decisions SET text = '{{}}' WHERE ordinal = {at}"),
    Break("decisions", "decisions", "UPDATE decisions SET text = 'no json' WHERE ordinal = {at}"),
    Break("decisions", "decisions", "UPDATE decisions SET pair = 'DOT' WHERE ordinal = {at}"),
    Break("decisions", "decisions", "UPDATE decisions SET intent_id = NULL WHERE ordinal = {at}", at=ENTRY),
    Break("decisions", "decisions", "UPDATE decisions SET topic = 'abc' WHERE ordinal = {at}", at=REFUSAL),
    Break("decisions", "decisions", "UPDATE decisions SET first_at_ns = 1, last_at_ns = 1 WHERE ordinal = {at}"),
    Break("refusals", "decisions", "UPDATE decisions SET times = 0 WHERE ordinal = {at}", at=REFUSAL),
    Break("refusals", "decisions", "UPDATE decisions SET times = 2 WHERE ordinal = {at}", at=ENTRY),
    Break("refusals", "decisions", "UPDATE decisions SET times = 2, last_at_ns = 1 WHERE ordinal = {at}", at=REFUSAL),
    Break("refusals", "decisions", "UPDATE decisions SET last_at_ns = last_at_ns + 1 WHERE ordinal = {at}", at=ENTRY),
    Break("orders", "orders", "UPDATE orders SET intent_id = 'other' WHERE ordinal = {at}"),
    Break("orders", "decisions", "UPDATE decisions SET kind = 'refusal' WHERE ordinal = {at}", ENTRY, "orders", FIRST),
    Break("orders", "orders", "UPDATE orders SET ordinal = 0 WHERE ordinal = {at}", named_at="SELECT 0"),
    Break("ids", "orders", "UPDATE orders SET order_id = 'mine-1' WHERE ordinal = {at}"),
    Break("ids", "orders", f"UPDATE orders SET order_id = '{NOBODY}' WHERE ordinal = {{at}}"),
    Break(
        "ids",
        "orders",
        # Under another account, where the database itself does not see it.
        "UPDATE orders SET account = 'x', order_id = (SELECT o.order_id FROM orders o ORDER BY o.ordinal LIMIT 1)"
        " WHERE ordinal = {at}",
        at=SECOND,
    ),
    Break("answers", "outcomes", f"UPDATE outcomes SET order_id = '{NOBODY}' WHERE ordinal = {{at}}"),
    Break("answers", "outcomes", "UPDATE outcomes SET ordinal = 0 WHERE ordinal = {at}", named_at="SELECT 0"),
    Break("fills", "fills", "UPDATE fills SET amount = '999999' WHERE ordinal = {at}"),
    Break("fills", "fills", f"UPDATE fills SET order_id = '{NOBODY}' WHERE ordinal = {{at}}"),
    Break("fills", "fills", "UPDATE fills SET instrument = 'dydx ADA/USD' WHERE ordinal = {at}"),
    Break(
        "fills",
        "fills",
        "UPDATE fills SET side = CASE side WHEN 'buy' THEN 'sell' ELSE 'buy' END WHERE ordinal = {at}",
    ),
    Break("fills", "outcomes", "UPDATE outcomes SET filled = '0.00001' WHERE ordinal = {at}"),
    Break("fills", "fills", "DELETE FROM fills WHERE ordinal = {at}", LAST, "outcomes", "SELECT {at} - 1"),
    Break("shares", "fill_shares", "UPDATE fill_shares SET amount = '-7' WHERE ordinal = {at}", named="fills"),
    Break("shares", "fill_shares", "DELETE FROM fill_shares WHERE ordinal = {at}", named="fills"),
    Break("shares", "fill_shares", "UPDATE fill_shares SET ordinal = 0 WHERE ordinal = {at}", named_at="SELECT 0"),
    Break("lots", "fill_shares", "UPDATE fill_shares SET lot_id = 'nobody' WHERE ordinal = {at}", named="fills"),
    Break("lots", "lots", "UPDATE lots SET legs = '[]' WHERE ordinal = {at}", named="fills", named_at=FIRST),
    Break("lots", "fill_shares", "UPDATE fill_shares SET amount = '0' WHERE ordinal = {at}", named="fills"),
    Break("incomes", "incomes", "UPDATE incomes SET received = '1' WHERE ordinal = {at}"),
    Break("incomes", "incomes", "UPDATE incomes SET asset = 'DOT' WHERE ordinal = {at}"),
    Break("incomes", "incomes", "UPDATE incomes SET lots = '[]' WHERE ordinal = {at}"),
    Break(
        "holdings",
        "fill_shares",
        "UPDATE fill_shares SET amount = '-7' WHERE ordinal = {at}",
        named="fills",
        named_at="SELECT max(ordinal) FROM fills WHERE instrument ="
        " (SELECT f.instrument FROM fills f ORDER BY f.ordinal LIMIT 1)",
    ),
    Break("holdings", "incomes", "UPDATE incomes SET received = '1' WHERE ordinal = {at}", named_at=LAST),
]


@pytest.fixture
def good(old: str) -> Iterator[Ledger]:
    """A ledger in which everything holds: one run of karb 0.1.0 with lots, settlements and a refusal."""
    opened = open_ledger(old, read_only=True)
    yield opened
    opened.close()


def named(ledger: Ledger, proof: str) -> set[tuple[str, str, int]]:
    proved = {p.name: p for p in check(ledger)}
    for violation in (v for p in proved.values() for v in p.broken):
        assert all(len(render(violation.said, lang).splitlines()) == 1 for lang in ("en", "ko"))
    return {(v.table, v.run_id, v.ordinal) for v in proved[proof].broken}


def test_all_of_it_holds_and_something_was_looked_at(good: Ledger) -> None:
    proved = check(good)
    assert [p.name for p in proved if p.broken] == []
    assert {p.name: p.count > 0 for p in proved} == dict.fromkeys((p.name for p in proved), True)
    assert {p.name for p in proved} == {b.proof for b in BREAKS}


@pytest.mark.parametrize("broken", BREAKS, ids=str)
def test_a_row_that_was_broken_is_named(broken: Break, good: Ledger, old: str) -> None:
    engine, _ = connect(old, wait_s=5, read_only=False, max_pages=None)
    with engine.begin() as connection:
        ask = connection.exec_driver_sql
        at = ask(broken.at.format(table=broken.table)).scalar_one()
        run = ask("SELECT run_id FROM runs").scalar_one()
        assert ask(broken.sql.format(at=at)).rowcount == 1
        table = broken.named or broken.table
        where = ask(broken.named_at.format(table=table, at=at)).scalar_one() if broken.named_at else at
    engine.dispose()
    who = "nobody" if "'nobody'" in broken.sql and broken.proof == "belong" else run
    assert (table, who, where) in named(good, broken.proof)


def test_an_empty_ledger_holds(ledger: Ledger) -> None:
    assert all(not p.broken for p in check(ledger))


def written(ledger: Ledger, *, end: bool, booked: bool) -> None:
    """An entry of one leg, ordered and answered; its fill may not be booked yet."""
    journal = ledger.begin(RUN, 5)
    journal.decision(replace(entry(), intent_id=INTENT))
    journal.lot(replace(lot(), id=INTENT))
    mine = replace(order(order_id(mark="m1", intent_id=INTENT, leg=0, attempt=0)), intent_id=INTENT)
    journal.order(mine, 20)
    journal.outcome(Filled(mine, SPOT.amount(Decimal("2.5")), order_cost("0.25"), True), 21)
    if booked:
        traded = replace(fill(), order_id=mine.id)
        journal.fill(traded, [(INTENT, traded.moved)])
    asyncio.run(journal.durable())
    if end:
        journal.end("done", 30)


INTENT = "abcdefghij234567"


def order_cost(value: str):  # type: ignore[no-untyped-def]
    from karb_core.domain.amount import Amount

    return Amount(Decimal(value), SPOT.quote)


@pytest.mark.parametrize(
    ("end", "booked", "holds"), [(True, True, True), (False, True, True), (False, False, True), (True, False, False)]
)
def test_a_run_that_goes_on_or_was_killed_may_lack_the_last_fills(
    ledger: Ledger, end: bool, booked: bool, holds: bool
) -> None:
    written(ledger, end=end, booked=booked)
    assert (not named(ledger, "fills")) is holds
    assert [p.name for p in check(ledger) if p.broken] == ([] if holds else ["fills"])


def test_what_is_told_again_may_leave_gaps_in_books_that_runs_share(ledger: Ledger) -> None:
    for at in (5, 6):
        journal = ledger.begin(replace(RUN, id=f"run{at}"), at)
        journal.rulebook(RUN.rules_digest, "karb: 1")
        journal.lot(lot())
        journal.decision(refusal(7))
        journal.decision(refusal(8))
        journal.end("done", 9)
    assert [p.name for p in check(ledger) if p.broken] == []


def test_a_second_run_of_the_same_rules_needs_no_text_of_its_own(ledger: Ledger) -> None:
    for dataset in ("d" * 64, "e" * 64):
        journal = ledger.begin(backtest(dataset), 5)
        journal.rulebook("r" * 64, "karb: 1")
        journal.decision(refusal(7))
        journal.end("done", 9)
    assert [p.name for p in check(ledger) if p.broken] == []
    with ledger.writing() as connection:
        connection.exec_driver_sql("DELETE FROM rulebooks")
    assert {(table, ordinal) for table, _, ordinal in named(ledger, "numbered")} == {("runs", 0)}
