"""What a run came to is known at the end of every day of Korea, and its parts add up to the last digit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from karb_core.domain.amount import Amount
from karb_core.domain.equity import equity
from karb_core.domain.holdings import Holdings
from karb_core.domain.parts import Parts
from karb_core.ledger import folds
from karb_core.ledger.reading import fills, incomes
from karb_core.ports import Backtested
from karb_core.wiring.backtested import backtested
from tests.wiring.hourly import TIERED_HOURLY, TWO_RATES, write_hourly
from tests.wiring.tiny import TIERED, Edit, Ran, ran
from tests.wiring.venues_worth import opening_worth, valuation, venue_worth

BOOK = "KRW"
FORCED: tuple[Edit, ...] = (
    ("leverage: 1,", "leverage: 20,"),
    ("take_profit: 0.2%", "take_profit: none"),
    ("{for: 60h, then: exit}", "{for: 30d, then: tell}"),
    ("size: 100%", "size: 30%"),
)


@pytest.fixture(params=["plain", "tiered", "hourly", "forced"])
def told(request: pytest.FixtureRequest, market: Path, tmp_path: Path) -> Iterator[tuple[Ran, Backtested]]:
    """Runs of every kind: lots of both sides, a money rate that is not the premium's, legs that a venue closed."""
    edits = {"plain": (), "tiered": TIERED, "hourly": TWO_RATES, "forced": FORCED}[request.param]
    data = write_hourly(tmp_path) if request.param == "hourly" else market
    done = ran(data, tmp_path / "days.sqlite", *edits)
    yield done, backtested(done.made, done.ledger)
    done.ledger.close()


def held_before(of: Ran, at_ns: int, *, whole: bool) -> Holdings:
    """Folded here, from the ledger's rows: what was booked before a time, or at it where that is the run's end."""
    kinds = {i: f.kind for i, f in of.run.strategy.terms.facts.items()}
    traded = [one for one in fills(of.ledger, of.whose) if one[0].venue_at_ns < at_ns + whole]
    settled = [one for one in incomes(of.ledger, of.whose) if one.at_ns < at_ns + whole]
    return folds.holdings(Holdings({}), traded, settled, kinds)


def test_each_day_is_what_the_books_are_worth_then(told: tuple[Ran, Backtested]) -> None:
    done, came = told
    assert len(came.days) > 9
    for day in came.days:
        held = held_before(done, day.at_ns, whole=day is came.days[-1])
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
    assert came.plans > len(came.uneasy) > 0
    assert any(one.back for one in came.uneasy)
    assert all(one.again or not one.back for one in came.uneasy)
    assert any(one.cost > Amount.zero(BOOK) for one in came.uneasy)
    done.ledger.close()
