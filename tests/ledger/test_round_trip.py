"""What is written comes back as it was, in the order in which it was written."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from karb_core.domain.amount import Amount
from karb_core.domain.orders import Filled, Order, Outcome, Rejected, Side, TimeInForce, Unknown
from karb_core.ledger.halts import Halted
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import (
    Whose,
    decisions,
    fills,
    halts,
    incomes,
    opened_lots,
    orders,
    outcomes,
    rulebook,
    runs,
)
from karb_core.ports.journal import Booked
from karb_core.ports.notifier import Notice, NoticeKind
from tests.ledger.words import PERP, RUN, SPOT, backtest, entry, fill, lot, order, rearm, refusal

MINE = Whose.of(RUN)


@pytest.fixture(params=[None, 1, 1000], ids=["off the loop", "batches of one", "one batch"])
def batch_rows(request: pytest.FixtureRequest) -> int | None:
    rows: int | None = request.param
    return rows


def test_one_of_everything_survives_closing_and_opening(where: str, batch_rows: int | None) -> None:
    first = open_ledger(where)
    journal = first.begin(RUN, 5, batch_rows=batch_rows)
    sold = order()
    bought = Order(
        id="karb-m1-abcdefghij234567-1-0",
        intent_id="lot1",
        leg=1,
        instrument=PERP,
        side=Side.BUY,
        amount=PERP.amount(Decimal(3)),
        limit=None,
        cost=Amount(Decimal("0.30"), "USD"),
        time_in_force=TimeInForce.GTC,
        reduce_only=True,
    )
    answers: list[Outcome] = [
        Unknown(sold, "no answer\0 in \ud800 5 s", SPOT.amount(Decimal(0)), Amount(Decimal(0), "EUR")),
        Filled(sold, SPOT.amount(Decimal("2.5")), Amount(Decimal("0.25"), "EUR"), final=True),
        Rejected(bought, "-2019", "증거금 부족"),
    ]
    booked = Booked("i1", PERP, Amount(Decimal("-0.00001"), "USD"), 7, (("lot1", Amount(Decimal("-0.00001"), "USD")),))
    decided = [entry(), refusal(11), rearm(12)]
    journal.rulebook("r" * 64, "karb: 1  # 첫 줄\n")
    for one in decided:
        journal.decision(one)
    journal.lot(lot())
    journal.order(sold, 20)
    journal.order(bought, 21)
    journal.sent(sold, 22, 23)
    for at, answer in enumerate(answers):
        journal.outcome(answer, 30 + at)
    journal.fill(fill(), [("lot1", SPOT.amount(Decimal("-2.50")))])
    journal.income(booked)
    journal.halt("no-entries", "이유", "desk", 40)
    journal.notice(Notice(NoticeKind.ENTRY, 41, "ADA", "paper", {"net": Decimal("1.50")}))
    asyncio.run(journal.durable())
    journal.end("done", 99)
    first.close()

    again = open_ledger(where, read_only=True)
    assert list(runs(again)) == [RUN]
    assert rulebook(again, "r" * 64) == "karb: 1  # 첫 줄\n"
    assert rulebook(again, "x") is None
    assert [(w.text, w.digest, w.topic, w.kind) for w in decisions(again, MINE)] == [
        (d.text(), d.digest(), d.topic(), d.kind) for d in decided
    ]
    assert list(opened_lots(again, MINE)) == [lot()]
    assert list(orders(again, MINE)) == [(sold, 20), (bought, 21)]
    assert [at for _, at in outcomes(again, MINE)] == [30, 31, 32]
    told = [outcome for outcome, _ in outcomes(again, MINE)]
    assert told[1:] == answers[1:]
    assert isinstance(told[0], Unknown)
    assert told[0].why == r"no answer\x00 in \ud800 5 s"
    assert list(fills(again, MINE)) == [(fill(), (("lot1", SPOT.amount(Decimal("-2.5"))),))]
    assert list(incomes(again, MINE)) == [booked]
    assert list(halts(again, MINE)) == [Halted("no-entries", "이유", "desk", 40)]
    again.close()


def test_the_same_trade_booked_again_changes_nothing(ledger: Ledger) -> None:
    whole = [("lot1", SPOT.amount(Decimal("-2.50")))]
    halves = [("lot1", SPOT.amount(Decimal("-1.25"))), ("lot2", SPOT.amount(Decimal("-1.25")))]
    journal = ledger.begin(RUN, 5)
    journal.fill(fill(), whole)
    journal.fill(fill(), halves)
    journal.flush()
    before = rows(ledger)
    journal.fill(fill(fee=Decimal(1)), halves)
    journal.fill(fill("t2"), halves)
    journal.flush()
    later = ledger.begin(RUN, 6)
    later.fill(fill("t2"), whole)
    later.flush()
    assert before == [(fill(), tuple(whole))]
    assert rows(ledger) == [(fill(), tuple(whole)), (fill("t2"), tuple(halves))]
    with ledger.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM fill_shares").scalar_one() == 3


def test_orders_lots_settlements_and_rulebooks_are_booked_once(ledger: Ledger) -> None:
    booked = Booked("i1", PERP, Amount(Decimal(-1), "USD"), 7, (("lot1", Amount(Decimal(-1), "USD")),))
    for at in range(2):
        journal = ledger.begin(RUN, 5 + at)
        for _ in range(2):
            journal.rulebook("r" * 64, "karb: 1\n")
            journal.order(order(), 20 + at)
            journal.lot(lot().with_funding(Amount(Decimal(at), "USD")))
            journal.income(booked)
        journal.end("done", 9)
    assert list(orders(ledger, MINE)) == [(order(), 20)]
    assert list(opened_lots(ledger, MINE)) == [lot()]
    assert list(incomes(ledger, MINE)) == [booked]


def test_a_run_over_the_same_data_twice_has_books_of_its_own_each_time(ledger: Ledger) -> None:
    ran = []
    for at in range(3):
        journal = ledger.begin(backtest(), at, batch_rows=10)
        journal.decision(entry())
        journal.fill(fill(), [("lot1", SPOT.amount(Decimal("-2.50")))])
        journal.end("done", at)
        ran.append(journal.run)
    assert ran[0] == backtest()
    assert len({run.id for run in ran}) == 3
    assert list(runs(ledger)) == ran
    for run in ran:
        assert [w.text for w in decisions(ledger, Whose.of(run))] == [entry().text()]
        assert len(list(fills(ledger, Whose.of(run)))) == 1


def test_what_goes_in_names_a_repeatable_run() -> None:
    assert backtest() == backtest()
    assert backtest().id != backtest("e" * 64).id
    assert len(backtest().id) == 26


def test_strategies_accounts_and_runs_are_told_apart(ledger: Ledger) -> None:
    from dataclasses import replace

    other = replace(RUN, id="other", strategy="zscore")
    elsewhere = replace(RUN, id="elsewhere", account="second")
    for run in (RUN, other, elsewhere):
        journal = ledger.begin(run, 5)
        journal.fill(fill(f"t-{run.id}"), ())
        journal.fill(fill("same"), ())
        journal.end("done", 6)
    assert [f.venue_trade_id for f, _ in fills(ledger, Whose("main"))] == [f"t-{RUN.id}", "same", "t-other"]
    assert [f.venue_trade_id for f, _ in fills(ledger, Whose.of(other))] == ["t-other"]
    assert [f.venue_trade_id for f, _ in fills(ledger, Whose("second", run_id="elsewhere"))] == ["t-elsewhere", "same"]


def test_rows_come_back_in_the_order_of_writing_whatever_their_times(ledger: Ledger) -> None:
    written = [entry(at, intent=f"i{n}") for n, at in enumerate([50, 10, 40, 20, 30])]
    for part in (written[:3], written[3:]):
        journal = ledger.begin(RUN, 5)
        for one in part:
            journal.decision(one)
            asyncio.run(journal.durable())
    assert [w.intent_id for w in decisions(ledger, MINE)] == ["i0", "i1", "i2", "i3", "i4"]


def rows(ledger: Ledger) -> list[object]:
    return list(fills(ledger, MINE))
