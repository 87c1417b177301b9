"""A strategy on a grid of tops: by wakes it decides what it decides row by row; what it may not be given is refused."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from karb_core.domain import exact
from karb_core.errors import DataUnusable, StrategyInvalid
from karb_core.history.span import Span
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.wiring.market_data import bar_rows
from karb_core.wiring.strategy_of import built
from tests.wiring.few_tops import START_MS, ran, strategy_text, write_tops
from tests.wiring.tiny import Edit, rulebook, write_market

MS = 1_000_000
SECOND = 1000 * MS

FRESH = "  - {use: gates.fresh, at: [entry, exit], with: {book: 2s, between_legs: 2s}}\n"
TIERED: tuple[Edit, ...] = (
    ("  use: premium.zscore\n", "  use: premium.zscore_tiers\n"),
    (
        "    entry: 2.0\n    take_profit: 0.1%\n",
        "    tiers:\n      normal: {z: 1.5, take_profit: 0.1%}\n      ultra: {z: 2.25, take_profit: 0.3%}\n",
    ),
    ("max_open: 1", "max_open: none"),
    ("rearm: none", "rearm: {below_z: 1.0}"),
    (
        "  use: sizing.share\n  with: {of: capital, counts: near_leg, size: 1%}\n",
        "  use: sizing.by_tier\n  with:\n    of: capital\n    counts: near_leg\n"
        "    normal: {size: 1%, split: {clips: [60%, 40%], next: 0.05%}}\n    ultra: {size: 2%, split: none}\n"
        "    kept_for: none\n",
    ),
)
#: Rules of which each makes other rows matter: what is counted, what wakes, what an order meets when it arrives.
CHANGED: dict[str, tuple[Edit, ...]] = {
    "as written": (),
    "no more than is offered": (
        ("amount: any", "amount: offered"),
        ("max_open: 1", "max_open: 3"),
        ("rearm: none", "rearm: {below_z: 1.0}"),
    ),
    "refusals by age and by loss": (
        (FRESH, FRESH.replace("2s", "400ms") + "  - {use: gates.profit_only_exit, at: [exit]}\n"),
        ("take_profit: 0.1%", "take_profit: 0.02%"),
        ("profit: net", "profit: gross"),
    ),
    "refusals for want of a share": (("share: 34%", "share: 0.5%"), ("of: capital", "of: pair_share")),
    "tiers and clips": TIERED,
    "every way out": (
        ("exit_z: none", "exit_z: 0.25"),
        ("stop_loss: none", "stop_loss: 0.3%"),
        ("max_holding: none", "max_holding: {for: 45s, then: exit}"),
    ),
    "orders that travel longer than a step": (
        ("order_latency: 80ms", "order_latency: 1500ms"),
        ("profit_by: premium", "profit_by: krw"),
    ),
    "a coarser grid": (("every: 1s", "every: 5s"), ("max_age: 2s}\n", "max_age: 4s}\n")),
}


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tops(tmp_path_factory.mktemp("tops"), seconds=900)


@pytest.mark.parametrize("name", CHANGED)
def test_by_wakes_it_decides_what_it_decides_at_every_row(tmp_path: Path, market: Path, name: str) -> None:
    woken = ran(market, tmp_path / "woken.sqlite", *CHANGED[name])
    stepped = ran(market, tmp_path / "stepped.sqlite", *CHANGED[name], every_row=True)
    assert woken.log == stepped.log
    assert woken.run.kept.fills == stepped.run.kept.fills
    assert len(woken.log.splitlines()) >= 4


def test_refusals_that_surely_come_again_are_counted_and_not_judged(tmp_path: Path, market: Path) -> None:
    made = ran(market, tmp_path / "ledger.sqlite", *CHANGED["refusals by age and by loss"])
    lines = [json.loads(line) for line in made.log.splitlines()]
    rules = Counter(denied["rule"] for line in lines for denied in line.get("denied", ()))
    assert any(rule.startswith("/risk_gates/0") for rule in rules)
    assert any(rule.startswith("/risk_gates/1") for rule in rules)
    assert max(line["times"] for line in lines if "times" in line) > 1


def test_a_row_is_judged_by_the_tops_that_stand_then_and_filled_by_those_that_stand_at_arrival(
    tmp_path: Path, market: Path
) -> None:
    made = ran(market, tmp_path / "ledger.sqlite")
    at_ns = {s.order.id: s.sent_ns for sent in made.run.desk.driver.sent.values() for s in sent}
    tops = made.run.data.tops
    fills = [fill for fill, _ in made.run.kept.fills if fill.order_id in at_ns]
    assert len(fills) > 20
    for fill in fills:
        assert fill.venue_at_ns == at_ns[fill.order_id] + 80 * MS
        series = tops[fill.instrument].tops
        row = series.last_at(fill.venue_at_ns // MS)
        side = series.ask if fill.side.sign > 0 else series.bid
        assert fill.price.value == Decimal(repr(float(side[row])))


def test_what_venues_hold_is_what_the_books_hold(tmp_path: Path, market: Path) -> None:
    """Funding at each settlement, marked at the middles where no marks were recorded, is booked on both sides."""
    made = ran(market, tmp_path / "ledger.sqlite", ("take_profit: 0.1%", "take_profit: 5%"))
    incomes = made.run.kept.incomes
    assert incomes
    for booked in incomes:
        tops = made.run.data.tops[booked.instrument].tops
        row = tops.last_at(booked.at_ns // MS)
        held = Decimal(0)
        for fill, _ in made.run.kept.fills:
            if fill.instrument == booked.instrument and fill.venue_at_ns < booked.at_ns:
                held = exact.add(held, exact.mul(fill.amount.value, fill.side.sign))
        mark = Decimal(repr(float(tops.bid[row] + tops.ask[row]) / 2))
        assert booked.received.value == exact.negate(exact.mul(exact.mul(held, mark), Decimal("0.0005")))
    books = [book for book in made.run.venues.books.values() if book.positions()]
    assert {i: p.amount for book in books for i, p in book.positions().items()} == {
        i: position.amount for i, position in made.run.desk.books.holdings.positions.items() if position.amount
    }


def refused(text: str, market: Path, tmp_path: Path) -> str:
    from karb_core.ledger.ledger import open_ledger
    from karb_core.texts.text import render
    from karb_core.wiring.backtest_parts import furnish

    opened = open_ledger(tmp_path / "refused.sqlite")
    dataset = dataset_of(str(market), Catalogue.installed())
    with pytest.raises((DataUnusable, StrategyInvalid)) as raised:
        furnish(rulebook(text), dataset, opened, Span(), 1, every_row=False, quiet=True)
    opened.close()
    return render(raised.value.said)


def test_data_that_have_only_bars_are_refused(tmp_path: Path) -> None:
    market = write_market(tmp_path)
    said = refused(strategy_text(), market, tmp_path)
    assert said.endswith("the signal is judged on a grid of tops, and of `upbit BTC/KRW` there are no tops")


def test_tops_coarser_than_the_grid_are_refused(tmp_path: Path) -> None:
    market = write_tops(tmp_path, seconds=120, every="10s")
    said = refused(strategy_text(), market, tmp_path)
    assert said.endswith("its tops were written every 10s, and the signal is judged every 1s")


def test_changes_alone_are_fine_enough_for_any_grid(tmp_path: Path) -> None:
    market = write_tops(tmp_path, seconds=120, every="none")
    made = ran(market, tmp_path / "ledger.sqlite", every_row=True)
    assert made.run.span == (START_MS + 1000, START_MS + 118_000)  # where each has a first top, and a last


def test_bars_are_not_made_from_tops(tmp_path: Path, market: Path) -> None:
    text = strategy_text(
        ("    bar: none\n    grid: {every: 1s, max_age: 2s}\n", "    bar: 1m\n"), ("price: mid", "price: close")
    )
    said = refused(text.replace("window: 1m", "window: 5m"), market, tmp_path)
    assert said.endswith("bars are asked for, and of `upbit BTC/KRW` there are only tops")


def test_a_simulation_over_bars_cannot_take_the_place_of_one_over_tops(tmp_path: Path, market: Path) -> None:
    sim = "{use: sim.tops, with: {order_latency: 80ms, amount: any, max_age: 2s}}"
    bars = "{use: sim.bars, with: {fill: next_open, slippage: 0%, legs_apart: 0s}}"
    said = refused(strategy_text((sim, bars)), market, tmp_path)
    assert said == "`sim.bars` cannot fill at tops, and the signal is judged on a grid of them"


def test_who_reads_bars_only_says_so() -> None:
    made = rulebook(strategy_text())
    with pytest.raises(StrategyInvalid):
        bar_rows(built(made.seats_of("signal")[0]).rows())
