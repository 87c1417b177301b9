"""What two lots differ by is told part by part, and the parts are the difference, whatever the numbers."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.amount import Amount
from karb_core.domain.instrument import Instrument
from karb_core.texts.text import Words, render
from karb_core.wiring.divergence.differing import Reasons, differing
from karb_core.wiring.divergence.held import Held
from karb_core.wiring.divergence.row import Cause, Row, total
from tests.domain.draws import decimals
from tests.venue.accounts import PERPETUAL, SPOT
from tests.wiring.divergence.lots import held

D = Decimal
WHY = Reasons(Words("sooner"), Words("later"))
#: By moment, what near and far closed at.
CLOSES = {1: (D(100_000), D(70)), 2: (D(99_000), D(71)), 3: (D(98_000), D(72)), 9: (D(97_000), D(73))}
NEAR, FAR = (D(1), D(100_000), D(99_000)), (D(1), D(70), D(71))


def closes(instrument: Instrument, at_ns: int) -> Decimal:
    return CLOSES[at_ns][instrument == PERPETUAL]


def rows(mine: Held, other: Held) -> list[Row]:
    return list(differing(mine, other, closes, 9, WHY, "KRW"))


def told(found: list[Row]) -> list[tuple[Cause, Instrument | None, Amount]]:
    return [(row.cause, row.instrument, row.amount) for row in found]


def krw(value: str) -> Amount:
    return Amount(D(value), "KRW")


def test_two_lots_that_are_the_same_differ_by_nothing() -> None:
    assert rows(held(NEAR, FAR), held(NEAR, FAR)) == []


def test_a_better_price_is_the_fills_own_row() -> None:
    """Sold near at 100,100 where the bar closed at 100,000, and the backtest at 99,970."""
    mine = held((D(1), D(100_100), D(99_000)), FAR)
    other = held((D(1), D(99_970), D(99_000)), FAR)
    (row,) = rows(mine, other)
    assert told([row]) == [(Cause.FILL_IN, SPOT, krw("130"))]
    assert row.why is not None
    assert render(row.why) == "cost -100 KRW beyond the bar's close, in the backtest 30 KRW"


def test_leaving_later_is_worth_what_the_closes_moved_meanwhile() -> None:
    """Both at the closes of their moments: near fell by 1,000 won more, far rose by a dollar more."""
    mine = held((D(1), D(100_000), D(98_000)), (D(1), D(70), D(72)), left_ns=3)
    found = rows(mine, held(NEAR, FAR))
    assert told(found) == [(Cause.MOMENT_OUT, SPOT, krw("1000")), (Cause.MOMENT_OUT, PERPETUAL, krw("1380"))]
    assert {row.why for row in found} == {WHY.left}


def test_entering_elsewhere_has_the_reason_of_the_entry() -> None:
    mine = held((D(1), D(99_000), D(98_000)), (D(1), D(71), D(72)), entered_ns=2, left_ns=3)
    other = held((D(1), D(100_000), D(98_000)), (D(1), D(70), D(72)), left_ns=3)
    found = rows(mine, other)
    assert told(found) == [(Cause.MOMENT_IN, SPOT, krw("-1000")), (Cause.MOMENT_IN, PERPETUAL, krw("-1380"))]
    assert {row.why for row in found} == {WHY.entered}


def test_more_of_it_is_worth_what_the_price_moved() -> None:
    """Two instead of one: once more 1,000 won near and a dollar far."""
    mine = held((D(2), D(200_000), D(198_000)), (D(2), D(140), D(142)))
    assert told(rows(mine, held(NEAR, FAR))) == [
        (Cause.QUANTITY, SPOT, krw("1000")),
        (Cause.QUANTITY, PERPETUAL, krw("1380")),
    ]


def test_fees_funding_and_the_rate_are_rows_of_their_own() -> None:
    """The rate is of all the dollars that the run's lot brought: 1 + 2 - 3."""
    mine = held(NEAR, FAR, fee=D(3), funding=D(2), money=D(1400))
    assert told(rows(mine, held(NEAR, FAR))) == [
        (Cause.FEES, None, krw("-3")),
        (Cause.FEES, None, krw("-4140")),
        (Cause.FUNDING, None, krw("2760")),
    ]
    richer = held(NEAR, FAR, funding=D(2), money=D(1400))
    assert told(rows(richer, held(NEAR, FAR)))[-1] == (Cause.RATE, None, krw("60"))


amounts = decimals(1, 10**6, 8)
traded = st.tuples(amounts, amounts, amounts)
nothing = st.just((D(0), D(0), D(0)))
lots = st.builds(
    held,
    st.one_of(traded, nothing),
    st.one_of(traded, nothing),
    money=decimals(1, 2000, 4),
    fee=decimals(0, 1000, 8),
    funding=decimals(-1000, 1000, 8),
    entered_ns=st.sampled_from([1, 2]),
    left_ns=st.sampled_from([None, 2, 3]),
)


@given(lots, lots)
def test_the_rows_are_the_difference_to_the_last_digit(mine: Held, other: Held) -> None:
    assert total(rows(mine, other), "KRW") == mine.net - other.net
