"""Runs over pieces of the data: the whole is the run of a backtest, and a piece knows nothing beyond its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from karb_core.domain.decisions import DecisionKind
from karb_core.history.span import Span
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import Piece, Piecewise
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.wiring.piecewise import OverPieces
from tests.wiring.hourly import TWO_RATES, write_hourly
from tests.wiring.tiny import ran, rulebook, strategy_text

HOUR_NS = 3_600_000_000_000


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_hourly(tmp_path_factory.mktemp("pieces"))


@pytest.fixture(scope="module")
def over(market: Path) -> Piecewise:
    return OverPieces.of(rulebook(strategy_text(*TWO_RATES)), dataset_of(str(market), Catalogue.installed()), Span())


def test_with_all_data_it_decides_and_fills_as_a_backtest(over: Piecewise, market: Path, tmp_path: Path) -> None:
    whole = over.decide(Piece())
    done = ran(market, tmp_path / "whole.sqlite", *TWO_RATES)
    acted = [d.text() for d in whole.decisions if d.intent_id is not None]
    assert acted == [d.text() for d in done.run.kept.carried.values()]
    assert len(acted) > 10
    assert [each.fill for each in whole.fills] == [fill for fill, _ in done.run.kept.fills]
    done.ledger.close()


def test_what_it_decided_by_a_time_is_the_same_without_what_came_later(over: Piecewise) -> None:
    whole = over.decide(Piece())
    entries = [d.at_ns for d in whole.decisions if d.kind is DecisionKind.ENTRY]
    at_ns = entries[len(entries) // 2]
    piece = over.decide(Piece(until_ns=at_ns, published_ns=at_ns, traded_other_ns=at_ns))
    assert [d.text() for d in piece.decisions] == [d.text() for d in whole.decisions if d.at_ns <= at_ns]
    assert piece.fills == tuple(each for each in whole.fills if each.placed_at_ns <= at_ns)
    moved = over.decide(Piece(until_ns=at_ns, published_ns=at_ns, traded_other_ns=at_ns, opens_too=True))
    assert not {each.fill.price for each in moved.fills if each.placed_at_ns == at_ns} & {
        each.fill.price for each in whole.fills if each.placed_at_ns == at_ns
    }


def test_nothing_is_judged_before_it_is_to_be(over: Piecewise) -> None:
    from_ns = over.span_ns[0] + 100 * HOUR_NS
    decisions = over.decide(Piece(judged_from_ns=from_ns)).decisions
    assert decisions
    assert min(d.at_ns for d in decisions) >= from_ns


def test_what_is_seen_of_a_piece_are_its_rows(over: Piecewise) -> None:
    since, until = over.span_ns[0] + 10 * HOUR_NS, over.span_ns[0] + 110 * HOUR_NS
    whole, piece = over.seen(Piece()), over.seen(Piece(since_ns=since, until_ns=until))
    assert list(piece) == ["BTC", "XRP"]
    for pair, seen in piece.items():
        assert seen.closed_at_ms.tolist() == whole[pair].closed_at_ms[10:110].tolist()
        assert seen.features["premium"].tolist() == whole[pair].features["premium"][10:110].tolist()
        assert set(seen.booked) == {"premium", "money"}
        assert seen.booked["money"].values.tolist() == whole[pair].booked["money"].values[10:110].tolist()
        assert seen.booked["money"].age_ms.tolist() == [0] * 100


def test_prices_to_trade_at_are_made_of_the_close_alone(over: Piecewise) -> None:
    at_ns = over.span_ns[0] + 50 * HOUR_NS
    tops = over.tops(at_ns, cut=True)
    assert tops == over.tops(at_ns, cut=False)
    assert [top.venue_at_ns for top in tops["BTC"]] == [at_ns, at_ns]


def test_a_row_without_a_bar_of_a_leg_has_no_prices(over: Piecewise) -> None:
    assert over.tops(over.span_ns[0] + 193 * HOUR_NS, cut=False) == {}


def test_it_says_what_the_dataset_has(over: Piecewise, market: Path) -> None:
    assert (over.row_ns, over.lookback, over.data, over.synthetic) == (HOUR_NS, 48, "hourly", False)
    assert {seat: rate.name for seat, rate in over.rates.items()} == {"premium": "usd-krw", "money": "usdt-krw"}
    assert all(rate.place.startswith(f"{market}:") and not rate.booked_before_ns for rate in over.rates.values())
    recorded = {instrument.text(): one for instrument, one in over.instruments.items()}
    assert len(recorded) == 4
    assert recorded["upbit BTC/KRW"].opened_ns == over.span_ns[0]
    assert recorded["upbit BTC/KRW"].closed_ns == over.span_ns[1]
    assert not any(one.funding_missing or one.facts_from_ns for one in recorded.values())
