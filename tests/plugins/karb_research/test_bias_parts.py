"""Which moments are tried, what counts as another value, and whose a decision is that differs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from karb_core.domain.decisions import Cause, Decision, DecisionKind, Denied, LegTarget
from karb_core.ports import RecordedRate
from karb_research.cuts import beginnings, cuts, told
from karb_research.decided_otherwise import blamed, first_other
from karb_research.decided_otherwise import told as told_decision
from karb_research.differing import Differing, differing
from karb_research.found_bias import Found, Kind, joined
from tests.plugins.scene import NEAR

HOUR = 3_600_000
NS = 1_000_000
START = 1_736_121_600_000
CLOSED = START + HOUR * np.arange(1, 101)


def close(row: int) -> int:
    return int(CLOSED[row]) * NS


def decision(row: int, kind: DecisionKind = DecisionKind.ENTRY, pair: str = "BTC", **more: object) -> Decision:
    made = Decision(
        kind=kind, at_ns=close(row), pair=pair, side="short_premium", tier=None, cause=Cause.TAKEN, cited=(),
        seen=(("z", Decimal("2.5")),), denied=(), legs=(), lot_ids=(), intent_id=None, rules_digest="sha256:0",
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def rate(*rows: int) -> RecordedRate:
    """Published half an hour after each of these closes."""
    return RecordedRate("usd", "market.yaml:1", CLOSED[list(rows)] + HOUR // 2, 0)


def test_half_of_the_cuts_are_at_decisions_and_a_quarter_before_publications() -> None:
    decided = [decision(row) for row in range(30, 60, 3)]
    made = cuts(CLOSED, 20, decided, [rate(*range(20, 90, 7))], 12)
    assert told(made) == {"decision": 6, "publication": 3, "other": 3}
    assert {cut.at_ns for cut in made if cut.why == "decision"} <= {each.at_ns for each in decided}
    assert {cut.at_ns for cut in made if cut.why == "publication"} <= {close(row) for row in range(20, 90, 7)}
    assert [cut.at_ns for cut in made] == sorted({cut.at_ns for cut in made})


def test_what_traded_is_cut_before_what_was_refused_and_the_last_row_never() -> None:
    refused = [decision(row, DecisionKind.REFUSAL) for row in range(30, 99)]
    made = cuts(CLOSED, 20, [*refused, decision(50), decision(99)], [], 4)
    assert {cut.why for cut in made if cut.at_ns == close(50)} == {"decision"}
    assert told(made) == {"decision": 2, "publication": 0, "other": 2}
    assert max(cut.at_ns for cut in cuts(CLOSED, 20, [decision(99)], [rate(99)], 200)) == close(98)


def test_without_a_decision_the_cuts_are_elsewhere_and_never_before_the_lookback() -> None:
    made = cuts(CLOSED, 20, [], [], 12)
    assert told(made) == {"decision": 0, "publication": 0, "other": 12}
    assert min(cut.at_ns for cut in made) >= close(20)


def test_there_are_fewer_cuts_where_there_are_fewer_rows() -> None:
    made = cuts(CLOSED[:30], 20, [], [], 50)
    assert {cut.at_ns for cut in made} <= {close(row) for row in range(20, 29)}
    assert 5 <= len(made) <= 9


@pytest.mark.parametrize(("most", "rows"), [(1, (25,)), (2, (10, 25)), (0, ())])
def test_series_begin_later_and_leave_half_of_what_can_be_compared(most: int, rows: tuple[int, ...]) -> None:
    assert beginnings(100, 20, most) == rows


@pytest.mark.parametrize("rows", [20, 21])
def test_a_series_as_long_as_its_lookback_cannot_begin_later(rows: int) -> None:
    assert beginnings(rows, 20, 2) == ()


def test_two_undefined_values_are_the_same_and_one_is_not() -> None:
    nan = float("nan")
    one = {"z": np.array([nan, nan, 1.0, 2.0]), "kept": np.array([1, 2, 3, 4])}
    other = {"z": np.array([nan, 5.0, 1.0, 2.5]), "kept": np.array([1, 2, 3, 4])}
    assert list(differing(one, other, 4)) == [Differing("z", 1, None, 5.0, 3, every=True)]
    assert list(differing(one, other, 4, first=2)) == [Differing("z", 3, 2.0, 2.5, 1, every=False)]
    assert list(differing(one, other, 1)) == []
    assert list(differing(one, one, 4)) == []


def test_a_value_is_told_with_how_much_it_is_above() -> None:
    (found,) = differing({"z": np.array([1.5])}, {"z": np.array([2.0])}, 1)
    assert found.apart == "-0.5"
    (flag,) = differing({"on": np.array([True])}, {"on": np.array([False])}, 1)
    assert (flag.one, flag.other, flag.apart) == (True, False, None)
    assert Differing("z", 0, None, 1.0, 1, every=True).apart is None


def test_a_column_that_is_not_there_or_too_short_differs() -> None:
    whole = {"z": np.array([1.0, 2.0, 3.0])}
    assert list(differing(whole, {}, 3)) == [Differing("z", 0, 1.0, None, 3, every=True)]
    (short,) = differing(whole, {"z": np.array([1.0, 2.0])}, 3)
    assert (short.row, short.one, short.other) == (2, 3.0, None)


def leg(amount: str) -> LegTarget:
    return LegTarget(NEAR, NEAR.amount(Decimal(amount)), NEAR.price(Decimal(100)))


def test_the_first_decision_that_differs_is_found_pair_by_pair() -> None:
    one = (decision(1), decision(2, pair="ETH"), decision(3))
    assert first_other(one, (one[1], one[0], one[2])) is None
    assert first_other(one, one[:2]) == (one[2], None)
    assert first_other(one, one[:2], close(2)) is None
    other = replace(one[1], tier="ultra")
    assert first_other(one, (one[0], other)) == (one[1], other)


def test_a_decision_that_differs_is_somebodys() -> None:
    entry = decision(1, legs=(leg("1"),))
    refused = decision(
        1, DecisionKind.REFUSAL, denied=(Denied("/risk_gates/2/with/limit", "1", "2"),), legs=(leg("1"),)
    )
    assert blamed((entry, refused)) == "/risk_gates/2"
    assert blamed((entry, None)) == "/signal"
    assert blamed((entry, replace(entry, legs=(leg("2"),)))) == "/sizing"
    assert blamed((entry, replace(entry, legs=(leg("2"),), seen=(("z", Decimal(3)),)))) == "/signal"
    assert blamed((replace(refused, denied=(Denied("/sizing/with/size", "1", "2"),)), None)) == "/sizing"
    assert blamed((entry, replace(entry, side="long_premium"))) == "/signal"


def test_decisions_that_read_alike_are_told_by_what_parts_them() -> None:
    entry = decision(1, legs=(leg("1"),))
    said = told_decision((entry, replace(entry, seen=(("z", Decimal(3)),)))).en
    assert said.endswith("it decided entry short_premium, z 2.5; with that part of the data: entry short_premium, z 3")
    assert "1 BTC" in told_decision((entry, replace(entry, legs=(leg("2"),)))).en
    assert told_decision((entry, None)).en.endswith("entry short_premium; with that part of the data: -")


def found(at_row: int, piece_row: int, rows: int, **more: object) -> Found:
    made = Found(
        kind=Kind.LOOK_AHEAD, use="x.y", lines=(), pair="BTC", what="z", at_ns=close(at_row), whole="1", piece="2",
        piece_ns=close(piece_row), rows=rows, every=True,
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def test_one_error_is_told_once_as_it_first_showed() -> None:
    seen = [
        found(5, 9, 5),
        found(2, 4, 3, pair="ETH", every=False),
        found(8, 9, 2, pair="XRP"),
        found(1, 9, 9, what="y"),
    ]
    z, y = joined(seen)
    assert (z.pair, z.at_ns, z.piece_ns) == ("ETH", close(2), close(4))
    assert (z.times, z.rows, z.every) == (2, 5, False)
    assert (y.what, y.times) == ("y", 1)
