"""Tops as columns: read as strictly as bars, and what stands at each time of a grid."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.instrument import Instrument
from karb_core.history.bad_data import BadData
from karb_core.history.joined import joined_tops
from karb_core.history.points import Points
from karb_core.history.prices import exact
from karb_core.history.read import TopColumns, read_tops
from karb_core.history.span import Span
from karb_core.history.time_column import TimeColumn
from karb_core.history.top_columns import top_columns
from karb_core.history.top_market import StandingTops, middle_bars
from karb_core.history.tops import Tops

START = 1_735_689_600_000  # 2025-01-01 00:00 UTC
NS = 1_000_000
COIN = Instrument("upbit", "BTC", "KRW")


def tops(at: list[int], **changed: Any) -> Tops:
    """A top of 100 bid and 101 asked, one more each time."""
    bid = np.arange(len(at), dtype=np.float64) + 100
    columns = {"bid": bid, "bid_amount": bid / 100, "ask": bid + 1, "ask_amount": bid / 50}
    return Tops("upbit BTC/KRW", 1000, START + np.array(at, dtype=np.int64), **{**columns, **changed})


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"ask": np.array([101.0, 101.0])}, "column `ask`, row 1: 101.0: the ask is not above the bid"),
        ({"bid": np.array([100.0, 0.0])}, "column `bid`, row 1: 0.0 is not a price"),
        ({"ask": np.array([np.nan, 102.0])}, "column `ask`, row 0: nan is not a price"),
        ({"bid_amount": np.array([1.0, 0.0])}, "column `bid_amount`, row 1: 0.0: this is not an amount above zero"),
        ({"ask_amount": np.array([np.inf, 1.0])}, "column `ask_amount`, row 0: inf: this is not an amount above zero"),
    ],
)
def test_what_is_no_sound_top_is_refused_with_its_row(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadData) as raised:
        tops([0, 1000], **changed)
    assert sentence in str(raised.value)


def test_times_must_rise() -> None:
    with pytest.raises(BadData, match="is there twice: times must rise"):
        tops([1000, 1000])


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_tops_come_back_as_they_were_written_and_errors_are_in_the_words_of_the_file(tmp_path: Path, kind: str) -> None:
    frame = pl.DataFrame(
        {"t": [START, START + 7], "b": [1.5, 1.25], "x": [3.0, 4.0], "a": [1.75, 1.5], "y": [5.0, 6.0]}
    )
    path = tmp_path / f"tops.{kind}"
    frame.write_parquet(path) if kind == "parquet" else frame.write_csv(path)
    names = TopColumns("b", "x", "a", "y")
    read = read_tops(path, None, TimeColumn("t", "ms"), names)
    assert (read.times.tolist(), read.bid.tolist(), read.bid_amount.tolist()) == (
        [START, START + 7],
        [1.5, 1.25],
        [3.0, 4.0],
    )
    assert (read.ask.tolist(), read.ask_amount.tolist(), read.every_ms) == ([1.75, 1.5], [5.0, 6.0], None)
    with pytest.raises(BadData, match=r"column `b`, row 0: 1\.5: the ask is not above the bid"):
        read_tops(path, None, TimeColumn("t", "ms"), TopColumns("a", "x", "b", "y"))


def test_several_files_are_joined_in_the_order_of_their_times_and_may_not_overlap(tmp_path: Path) -> None:
    parts = {"b.csv": [2, 3], "a.csv": [0, 1]}
    for name, seconds in parts.items():
        one = tops([1000 * second for second in seconds])
        (tmp_path / name).write_text("", "utf-8")
        parts[name] = one  # type: ignore[assignment]
    joined = joined_tops(tmp_path / "*.csv", lambda path: parts[path.name])  # type: ignore[arg-type, return-value]
    assert joined.times.tolist() == [START, START + 1000, START + 2000, START + 3000]
    parts["b.csv"] = tops([1000, 3000])  # type: ignore[assignment]
    with pytest.raises(BadData, match="this file begins before"):
        joined_tops(tmp_path / "*.csv", lambda path: parts[path.name])  # type: ignore[arg-type, return-value]


def test_a_span_keeps_the_top_that_stands_when_it_begins_and_the_one_of_its_end() -> None:
    kept = Span(START + 1500, START + 3000).tops(tops([0, 1000, 2000, 3000, 4000]))
    assert kept.times.tolist() == [START + 1000, START + 2000, START + 3000]


def test_a_row_has_the_top_that_stands_then_if_it_is_young_enough_and_its_middle() -> None:
    """Seen at 0.3 s, at exactly 2 s, and then no more: at 4 s the last is 2 s old, which is the limit, at 5 s it is gone."""
    made = top_columns([tops([300, 2000])], 1000, 2000, (START, START + 5000), None, None)
    columns, (standing,) = made.columns, made.standing
    assert columns.closed_at_ms.tolist() == [START + second * 1000 for second in (1, 2, 3, 4, 5)]
    assert columns.present[0].tolist() == [True, True, True, True, False]
    assert columns.closes[0].tolist() == [100.5, 101.5, 101.5, 101.5, 0.0]
    assert standing.tolist() == [0, 1, 1, 1, 1]


def test_before_the_first_top_there_is_none_and_a_rate_is_known_from_its_time() -> None:
    rate = Points("rate", np.array([START + 2000]), np.array([1450.0]))
    columns = top_columns([tops([1500])], 1000, 60_000, (START, START + 3000), rate, rate).columns
    assert columns.present[0].tolist() == [False, True, True]
    assert columns.rate is not None
    assert columns.rate.tolist() == [0.0, 1450.0, 1450.0]
    assert columns.money is not None
    assert columns.money.tolist() == columns.rate.tolist()


@given(st.floats(1e-9, 1e12), st.floats(1e-9, 1e3))
def test_the_middle_lies_in_the_top(bid: float, spread: float) -> None:
    ask = bid + spread
    if not bid < ask:
        return
    one = Tops("x", None, np.array([START]), *(np.array([value]) for value in (bid, 1.0, ask, 1.0)))
    (middle,) = top_columns([one], 1000, 1000, (START - 1000, START), None, None).columns.closes[0].tolist()
    assert exact(bid) <= exact(middle) <= exact(ask)


def test_what_stands_is_told_with_its_own_time_and_exactly() -> None:
    market = StandingTops({COIN: tops([300, 2000], bid=np.array([0.1, 0.2]), ask=np.array([0.3, 0.4]))})
    assert market.top_at(COIN, (START + 299) * NS) is None
    first = market.top_at(COIN, (START + 1999) * NS)
    assert first is not None
    assert (first.bid, first.ask, first.bid_amount) == (Decimal("0.1"), Decimal("0.3"), Decimal("1.0"))
    assert first.venue_at_ns == first.received_at_ns == (START + 300) * NS
    second = market.top_at(COIN, (START + 2000) * NS)
    assert second is not None
    assert second.bid == Decimal("0.2")
    assert market.next_after((START + 300) * NS) == (START + 2000) * NS
    assert market.next_after((START + 2000) * NS) is None
    assert market.top_at(Instrument("upbit", "ETH", "KRW"), START * NS) is None


def test_bars_of_middles_open_and_close_at_the_middles_of_their_ends() -> None:
    bars = middle_bars(tops([0, 1000, 2000, 9000]), 1000, 1500, (START, START + 10_000))
    assert bars.opened_at.tolist() == [START + second * 1000 for second in (0, 1, 2, 8, 9)]
    assert bars.close.tolist() == [101.5, 102.5, 102.5, 103.5, 103.5]
    assert bars.open.tolist() == [101.5, 101.5, 102.5, 103.5, 103.5]
    assert bars.high.tolist() == [101.5, 102.5, 102.5, 103.5, 103.5]
