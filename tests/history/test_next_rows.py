"""The walk over rows that could matter goes where the whole mask goes, though it looks at pieces of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from karb_core.history.next_rows import NextRows

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]
ROWS = 3000
CLOSED = np.arange(ROWS, dtype=np.int64) * 60_000 + 60_000


def masks(density: float, seed: int) -> Mask:
    return np.random.default_rng(seed).random(ROWS) < density


END = int(CLOSED[-1])


def walk(rows: NextRows, most: int = ROWS) -> list[int]:
    out = []
    while len(out) < most and (found := rows.next(END)) is not None:
        assert found[1] == CLOSED[found[0]]
        rows.take(found[0])
        out.append(found[0])
    return out


some = st.tuples(st.sampled_from([0.0, 0.001, 0.02, 0.5, 1.0]), st.integers(0, 50))


@settings(max_examples=60, deadline=None)
@given(some, some, some, st.integers(0, 40), st.integers(0, ROWS))
def test_the_walk_is_that_of_the_whole_mask(
    whole: tuple[float, int], first: tuple[float, int], then: tuple[float, int], steps: int, from_row: int
) -> None:
    judged, one, other = masks(*whole), masks(*first), masks(*then)
    rows = NextRows(CLOSED, judged)
    rows.ask(lambda at: one[at], 0)
    expected = np.flatnonzero(judged & one).tolist()
    assert walk(rows, steps) == expected[:steps]
    taken = expected[min(steps, len(expected)) - 1] if steps and expected else -1
    rows.ask(lambda at: other[at], int(CLOSED[from_row]) if from_row < ROWS else int(CLOSED[-1]) + 1)
    after = max(taken + 1, from_row)
    assert walk(rows) == [row for row in np.flatnonzero(judged & other).tolist() if row >= after]


def test_without_a_mask_every_row_comes_that_may_be_judged() -> None:
    judged = masks(0.3, 1)
    rows = NextRows(CLOSED, judged)
    rows.ask(None, 0)
    assert walk(rows) == np.flatnonzero(judged).tolist()


def test_a_near_row_is_found_without_going_through_the_year() -> None:
    looked = []
    rows = NextRows(CLOSED, np.ones(ROWS, dtype=np.bool_))

    def mask(at: slice) -> Mask:
        looked.append(at.stop)
        return np.arange(at.start, at.stop) == 7

    rows.ask(mask, 0)
    assert rows.next(END) == (7, int(CLOSED[7]))
    assert max(looked) < ROWS
    rows.take(7)
    assert rows.next(END) is None
    assert max(looked) == ROWS


@pytest.mark.parametrize(("from_ms", "first"), [(60_000, 0), (60_001, 1), (0, 0), (ROWS * 60_000, ROWS - 1)])
def test_a_row_that_closes_at_the_time_asked_from_counts(from_ms: int, first: int) -> None:
    rows = NextRows(CLOSED, np.ones(ROWS, dtype=np.bool_))
    rows.ask(None, from_ms)
    assert rows.next(END) == (first, int(CLOSED[first]))


def codes(at: slice) -> Ints:
    """Rows of threes are passed by as 0, rows of fives as 1."""
    rows = np.arange(at.start, at.stop)
    return np.where(rows % 3 == 0, 0, np.where(rows % 5 == 0, 1, -1))


def test_what_is_passed_by_is_told_once_in_its_order_and_never_comes() -> None:
    rows = NextRows(CLOSED, np.ones(ROWS, dtype=np.bool_))
    rows.ask(lambda at: np.arange(at.start, at.stop) % 2 == 0, 0, codes)
    assert walk(rows) == [row for row in range(0, ROWS, 2) if row % 3 and row % 5]
    told = list(rows.passed(END))
    assert told == [(int(CLOSED[row]), int(row % 3 != 0)) for row in range(0, ROWS, 2) if not (row % 3 and row % 5)]
    assert list(rows.passed(END)) == []


def test_what_was_told_is_over_whatever_is_asked_then_and_what_was_not_may_still_come() -> None:
    rows = NextRows(CLOSED, np.ones(ROWS, dtype=np.bool_))
    rows.ask(None, 0, lambda at: np.zeros(at.stop - at.start, dtype=np.int64))
    assert rows.next(int(CLOSED[9])) is None
    assert [ms for ms, _ in rows.passed(int(CLOSED[4]))] == CLOSED[:5].tolist()
    rows.ask(None, int(CLOSED[2]))
    assert rows.next(END) == (5, int(CLOSED[5]))
    assert list(rows.passed(END)) == []


def test_no_further_is_looked_than_is_asked_for() -> None:
    looked = []
    rows = NextRows(CLOSED, np.ones(ROWS, dtype=np.bool_))

    def mask(at: slice) -> Mask:
        looked.append(at.stop)
        return np.zeros(at.stop - at.start, dtype=np.bool_)

    rows.ask(mask, 0)
    assert rows.next(int(CLOSED[0])) is None
    assert max(looked) < ROWS
