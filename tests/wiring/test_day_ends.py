"""What a run came to is known at the end of every day of Korea, and its parts add up to the last digit."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from karb_core.domain.amount import Amount
from karb_core.domain.equity import equity
from karb_core.domain.holdings import Holdings
from karb_core.domain.parts import Parts
from karb_core.history.span import Span
from karb_core.ledger import folds
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import fills, incomes
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import Backtested
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.wiring.backtest_parts import furnish
from karb_core.wiring.backtested import backtested
from tests.wiring.hourly import TIERED_HOURLY, TWO_RATES, write_hourly
from tests.wiring.tiny import ROOT, TIERED, Edit, Ran, ran, rulebook
from tests.wiring.venues_worth import opening_worth, valuation, venue_worth

BOOK = "KRW"
FORCED: tuple[Edit, ...] = (
    ("leverage: 1,", "leverage: 20,"),
    ("take_profit: 0.2%", "take_profit: none"),
    ("{for: 60h, then: exit}", "{for: 30d, then: tell}"),
    ("size: 100%", "size: 30%"),
)


#: A strategy of this house over a dataset of its own: the whole made-up market, and the recorded hours of three years.
SHIPPED = {"sample": ("quickstart", "sample"), "real": ("kimp_tiered_1h", "real_1h")}
REAL = ROOT / "datasets" / "../../shared/data"


@pytest.fixture(scope="module", params=["plain", "tiered", "hourly", "forced", *SHIPPED])
def told(
    request: pytest.FixtureRequest, market: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Ran, Backtested]]:
    """Runs of every kind: lots of both sides, a money rate that is not the premium's, legs that a venue closed."""
    folder = tmp_path_factory.mktemp("days")
    if request.param in SHIPPED:
        done = shipped(folder / "days.sqlite", *SHIPPED[request.param])
    else:
        edits = {"plain": (), "tiered": TIERED, "hourly": TWO_RATES, "forced": FORCED}[request.param]
        data = write_hourly(folder) if request.param == "hourly" else market
        done = ran(data, folder / "days.sqlite", *edits)
    yield done, backtested(done.made, done.ledger)
    done.ledger.close()


def shipped(ledger: Path, strategy: str, data: str) -> Ran:
    if data == "real_1h" and not REAL.is_dir():
        pytest.skip(f"the recorded hours are not on this machine: {REAL} is not there")
    opened = open_ledger(ledger)
    rules = rulebook((ROOT / "strategies" / f"{strategy}.yaml").read_text("utf-8"))
    dataset = dataset_of(str(ROOT / "datasets" / f"{data}.yaml"), Catalogue.installed())
    made = furnish(rules, dataset, opened, Span(), 1, every_row=False, quiet=True)
    asyncio.run(made.backtest.run())
    made.backtest.end("done", 2)
    return Ran(made, opened)


def held_before(of: Ran, times: list[int]) -> Iterator[Holdings]:
    """Folded here, from the ledger's rows: what was booked before each time, and at the last, the run's end, too."""
    kinds = {i: f.kind for i, f in of.run.strategy.terms.facts.items()}
    traded, settled = list(fills(of.ledger, of.whose)), list(incomes(of.ledger, of.whose))
    held, since = Holdings({}), 0
    for at_ns in times:
        until = at_ns + (at_ns == times[-1])
        mine = [one for one in traded if since <= one[0].venue_at_ns < until]
        held = folds.holdings(held, mine, [one for one in settled if since <= one.at_ns < until], kinds)
        since = until
        yield held


def test_each_day_is_what_the_books_are_worth_then(told: tuple[Ran, Backtested]) -> None:
    done, came = told
    assert len(came.days) > 9
    for day, held in zip(came.days, held_before(done, [day.at_ns for day in came.days]), strict=True):
        assert Fraction(day.parts.net.value) == Fraction(equity(held, valuation(done, day.at_ns)).value)
    assert any(day.exposed for day in came.days[:-1])


def test_the_parts_of_a_day_are_its_lots_and_add_up(told: tuple[Ran, Backtested]) -> None:
    _, came = told
    for day in came.days:
        parts = day.parts
        summed = sum(Fraction(each.value) for each in (parts.premium, parts.rate, parts.funding, parts.fees))
        beside = Fraction(parts.other.value)
        assert summed + beside == Fraction(parts.net.value)
        assert beside == 0


def test_the_last_day_is_what_the_venues_say(told: tuple[Ran, Backtested]) -> None:
    done, came = told
    at = valuation(done, came.ended_ns)
    assert came.days[-1].at_ns == came.ended_ns
    assert Fraction(came.days[-1].parts.net.value) == venue_worth(done, at) - opening_worth(done, at)


def test_what_ended_counts_as_its_trades_but_for_the_rate_since(told: tuple[Ran, Backtested]) -> None:
    """Fees, funding and premium of a tier with nothing open are those of its trades."""
    _, came = told
    last, still = came.days[-1], {(lot.pair, lot.tier) for lot in came.open_lots}
    keys = {(trade.lot.pair, trade.lot.tier) for trade in came.trades} - still
    for key in keys:
        trades = [trade for trade in came.trades if (trade.lot.pair, trade.lot.tier) == key]
        summed = Parts.total(map(Parts.of, trades), BOOK)
        assert (summed.premium, summed.funding, summed.fees) == (
            last.by[key].premium,
            last.by[key].funding,
            last.by[key].fees,
        )


def test_days_are_koreas_and_none_is_left_out(once: Ran) -> None:
    days = backtested(once.made, once.ledger).days
    began = datetime.fromtimestamp(once.run.span[0] / 1000, UTC)
    assert days[0].day == (began + timedelta(hours=9)).date()
    assert [day.day for day in days] == [days[0].day + timedelta(days=n) for n in range(len(days))]
    assert all(day.at_ns % 86_400_000_000_000 == 15 * 3_600_000_000_000 for day in days[:-1])


def test_a_refusal_says_which_of_the_owners_lines_denied(once: Ran) -> None:
    came = backtested(once.made, once.ledger)
    assert came.refusals
    for refusal in came.refusals:
        assert refusal.by
        assert all(cited.line > 0 and cited.written for cited in refusal.by)
    assert {refusal.kind for refusal in came.refusals} == {"entry"}


def test_a_leg_that_lagged_is_told_with_its_cost(tmp_path: Path) -> None:
    done = ran(write_hourly(tmp_path), tmp_path / "legs.sqlite", *TIERED_HOURLY)
    came = backtested(done.made, done.ledger)
    assert came.plans > len(came.lagging) > 0
    assert any(one.back for one in came.lagging)
    assert all(one.again or not one.back for one in came.lagging)
    assert any(one.cost > Amount.zero(BOOK) for one in came.lagging)
    done.ledger.close()
