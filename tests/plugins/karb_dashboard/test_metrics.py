"""What the metrics say of a look at a house: of orders that fail one after the other, and of venues that come back."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("prometheus_client", reason="needs karb[dashboard]")

from karb_dashboard.metrics import _orders
from karb_dashboard.returns import Returns
from karb_dashboard.seen import Seen


def order(answer: str, seconds: int = 1) -> dict[str, Any]:
    answered = None if answer == "none" else f"2026-01-05T00:00:{seconds:02}Z"
    return {"answer": answer, "at": "2026-01-05T00:00:00Z", "answered_at": answered}


def failed(*answers: str) -> float:
    """`answers`: of the latest orders, the newest first."""
    row, _ = _orders(Seen(books=[{"account": "a", "orders": [order(each) for each in answers]}]))
    (sample,) = row.samples
    return float(sample.value)


def test_failures_in_a_row_end_with_an_order_that_did_not_fail() -> None:
    assert failed() == 0
    assert failed("rejected", "unknown", "done", "rejected") == 2
    assert failed("done", "rejected") == 0
    assert failed("none", "rejected", "none", "rejected") == 2, "one that nobody answered yet says nothing"
    assert failed(*["rejected"] * 6) == 6


def test_times_of_answers_are_those_of_the_latest_orders() -> None:
    orders = [order("done", seconds) for seconds in range(1, 12)]
    _, took = _orders(Seen(books=[{"account": "a", "orders": [*orders, order("none")]}]))
    assert {each.labels["quantile"]: each.value for each in took.samples} == {"0.5": 6, "0.99": 10}


def market(*states: str) -> dict[str, Any]:
    return {"legs": [{"venue": "upbit", "status": list(states)}, {"venue": "far", "status": []}]}


def test_a_venue_is_counted_once_each_time_it_came_back() -> None:
    returns = Returns()
    for states in ([], ["up"], ["down"], ["down"], ["up"], ["degraded"], ["up"], ["down"]):
        returns.take([market(*states)])
    assert returns.counted == {"upbit": 2, "far": 0}
