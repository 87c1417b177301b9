"""A request that comes too late is refused, which proves that an order unknown by then is dead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.orders import Side
from karb_core.venue.request_window import RequestWindow
from tests.venue.accounts import SPOT, order

WINDOW = RequestWindow(window_ns=5_000, ahead_ns=1_000)
ORDER = order(SPOT, Side.BUY, "0.1", "95000000")


@pytest.mark.parametrize(
    ("stamped", "taken"), [(100_000, True), (95_000, True), (94_999, False), (101_000, True), (101_001, False)]
)
def test_takes_what_comes_within_the_window_and_exactly_at_its_ends(stamped: int, taken: bool) -> None:
    refused = WINDOW.refusal(ORDER, stamped, 100_000)
    assert (refused is None) is taken
    if refused is not None:
        assert refused.code == "request_out_of_window"
        assert f"{100_000 - stamped} ns" in refused.message


@given(stamped=st.integers(0, 20_000), asked=st.integers(0, 40_000), later=st.integers(0, 40_000))
def test_once_it_is_over_no_request_with_that_stamp_is_ever_taken(stamped: int, asked: int, later: int) -> None:
    if WINDOW.is_over(stamped, asked):
        assert WINDOW.refusal(ORDER, stamped, asked + later) is not None


@pytest.mark.parametrize(("at", "over"), [(100_000, False), (105_000, False), (105_001, True)])
def test_it_is_over_only_after_the_last_moment_at_which_a_request_would_be_taken(at: int, over: bool) -> None:
    assert WINDOW.is_over(100_000, at) is over


@pytest.mark.parametrize(("window", "ahead"), [(0, 0), (-1, 0), (1, -1)])
def test_a_window_that_nothing_fits_is_not_made(window: int, ahead: int) -> None:
    with pytest.raises(ValueError, match="no request fits"):
        RequestWindow(window, ahead)
