"""A point is a backtest of a file that really says so: whoever carries it out, and whatever was carried out before."""

from __future__ import annotations

import asyncio
import os
import pickle
from multiprocessing import parent_process
from pathlib import Path

import pytest

from karb_core.errors import KarbError
from karb_core.history.span import Span
from karb_core.ledger.ledger import open_ledger
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import Change, Changes, PointCarried, PointRefused, PointResult, Where
from karb_core.rulebook.check import check, check_document
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.rulebook.reader import read
from karb_core.rulebook.source import Source
from karb_core.wiring.backtest_parts import furnish
from karb_core.wiring.backtested import backtested
from karb_core.wiring.points import OpenPoints, open_points
from tests.wiring.hourly import HOUR, START, TWO_RATES, write_hourly
from tests.wiring.tiny import strategy_text

TIER = "/signal/with/tiers/normal"
GATE = "{use: gates.max_position, id: small, at: [entry], with: {of: capital, single: 20%}}"
POINTS: tuple[Changes, ...] = (
    (),
    (Change(f"{TIER}/z", "1.2"),),
    (Change(f"{TIER}/z", "2.0"), Change(f"{TIER}/take_profit", "0.6%")),
    (Change("/signal/with/window", "3d"),),
    (Change("/signal/with/bar", "2h"), Change(f"{TIER}/z", "1.2")),
    (Change("/signal/with/exit/stop_loss", "none"),),
    (Change("/signal/with/exit/max_holding", "{for: 12h, then: exit}"),),
    (Change("/risk_gates/0", None),),
    (Change("/risk_gates/-", GATE),),
    (Change("/pairs/XRP", None), Change("/inventory/upbit/1", None)),
    (Change("/fx_source/money/with/series", "usd-krw"),),
    (Change("/simulate/backtest/with/slippage", "10bp"),),
    (Change("/costs/upbit/taker", "0.25%"),),
)


def opened(folder: Path, where: Where | None = None, until: int | None = None) -> OpenPoints:
    market = write_hourly(folder)
    document, catalogue = read(Source.of_text(strategy_text(*TWO_RATES), "tiny.yaml")), Catalogue.installed()
    rulebook = check_document(document, catalogue).rulebook
    assert rulebook is not None
    return open_points(document, rulebook, dataset_of(str(market), catalogue), Span(None, until), where or Where(1))


def as_it_is(result: PointResult) -> PointResult:
    return result


def by_backtest(points: OpenPoints, changes: Changes, folder: Path) -> PointCarried:
    """The same by the path of `karb backtest`, from the text of the changed file."""
    made = check(Source.of_text(points.text(changes), "tiny.yaml"), Catalogue.installed())
    assert made.rulebook is not None, made.findings
    ledger = open_ledger(folder / "ledger.sqlite")
    done = furnish(made.rulebook, points.carrier.dataset, ledger, points.carrier.span, 1, every_row=False, quiet=True)
    asyncio.run(done.backtest.run())
    done.backtest.end("done", 2)
    came = backtested(done, ledger)
    ledger.close()
    return PointCarried.of_days(
        rules=came.digests["rules"],
        capital=came.capital,
        trades=tuple((trade.closed_at_ns, trade.net) for trade in came.trades),
        by_day=[(day.day, day.at_ns, came.capital + day.parts.net) for day in came.days],
        open_lots=len(came.open_lots),
    )


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> OpenPoints:
    return opened(tmp_path_factory.mktemp("points"))


@pytest.fixture(scope="module")
def carried(points: OpenPoints) -> list[PointResult]:
    """One after the other, so that what an earlier one left behind would be seen in a later one."""
    return [result for _, result in sorted(points.results(POINTS, as_it_is), key=lambda one: one[0])]


@pytest.mark.parametrize("number", range(len(POINTS)))
def test_each_point_is_the_backtest_of_a_really_changed_file(
    number: int, points: OpenPoints, carried: list[PointResult], tmp_path: Path
) -> None:
    assert carried[number] == by_backtest(points, POINTS[number], tmp_path)


def test_the_points_of_this_test_are_all_different(carried: list[PointResult]) -> None:
    nets = {result.equity.amount(-1) for result in carried if isinstance(result, PointCarried)}
    assert len(nets) >= len(POINTS) - 1  # the gate that goes may never have said no
    assert all(isinstance(result, PointCarried) and result.trades for result in carried)


def test_in_another_order_each_is_the_same(points: OpenPoints, carried: list[PointResult]) -> None:
    backwards = dict(points.results(POINTS[::-1], as_it_is))
    assert [backwards[len(POINTS) - 1 - n] for n in range(len(POINTS))] == carried


def test_other_processes_give_the_same(tmp_path: Path, carried: list[PointResult]) -> None:
    two = opened(tmp_path, Where(cores=2))
    assert [result for _, result in sorted(two.results(POINTS, as_it_is), key=lambda one: one[0])] == carried


def ended_by_the_system(result: PointResult) -> PointResult:
    if parent_process() is not None:
        os._exit(9)
    return result


def test_a_process_that_is_ended_from_outside_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(KarbError, match="ended by the system"):
        list(opened(tmp_path, Where(cores=2)).results(POINTS, ended_by_the_system))


def test_a_copy_of_it_has_the_data_and_nothing_that_was_made_of_them(
    points: OpenPoints, carried: list[PointResult]
) -> None:
    copy = pickle.loads(pickle.dumps(points.carrier))
    assert copy._made._columns == {}
    assert copy.result(POINTS[1]) == carried[1]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (Change(f"{TIER}/z", "-1"), "must be above 0"),
        (Change(f"{TIER}/take_profit", "0.4"), "take_profit"),
        (Change("/signal/use", "premium.zscroe"), "premium.zscroe"),
        (Change("/signal/with/window", "30m"), "window"),
        (Change("/signal/with/bar", "30m"), "cannot make"),
        (Change("/fx_source/money/with/series", "usd-jpy"), "usd-jpy"),
    ],
)
def test_a_point_that_cannot_be_carried_out_says_why(points: OpenPoints, change: Change, why: str) -> None:
    result = points.carrier.result((change,))
    assert isinstance(result, PointRefused)
    assert why in result.why.en
    assert result.why.ko
    assert result.why.ko != result.why.en


def test_a_key_follows_from_all_that_makes_a_result_and_from_nothing_else(points: OpenPoints, tmp_path: Path) -> None:
    one, other = (points.key(changes, ()) for changes in POINTS[1:3])
    assert one != other
    assert one == opened(tmp_path).key(POINTS[1], ())
    assert one != opened(tmp_path, until=1_737_000_000_000).key(POINTS[1], ())
    assert one != points.key(POINTS[1], ("karb_research",))
    both = POINTS[2]
    assert points.key(both, ()) == points.key(both[::-1], ())


def test_columns_are_shared_only_where_they_would_be_the_same(tmp_path: Path) -> None:
    points = opened(tmp_path)
    made = points.carrier._made
    list(points.results(POINTS[:3], as_it_is))
    assert (len(made._columns), len(made._features)) == (2, 2)  # two pairs
    list(points.results(POINTS[3:5], as_it_is))
    assert (len(made._columns), len(made._features)) == (4, 6)  # another window, then other bars


@pytest.mark.parametrize(
    ("pointer", "told"),
    [
        (f"{TIER}/z", "1.5"),
        ("/signal/with/exit/max_holding", "{for: 90h, then: stop_entries}"),
        ("/capital", "40,000,000 KRW"),
        ("/signal/with/exit/stop_losses", None),
    ],
)
def test_what_the_file_has_at_a_place_is_told_on_one_line(points: OpenPoints, pointer: str, told: str | None) -> None:
    assert points.written(pointer) == told


NS = 1_000_000
#: After 111 hours nothing is open and no tier waits to be armed again; three days later something is open.
QUIET, LATER = 111, 111 + 72


def ns_of(hour: int) -> int:
    return (START + hour * HOUR) * NS


def within(points: OpenPoints, first: int, stop: int, *changes: Changes) -> list[PointCarried]:
    found = dict(points.within(ns_of(first), ns_of(stop)).results(changes or ((),), as_it_is))
    assert all(isinstance(came, PointCarried) for came in found.values())
    return [found[at] for at in range(len(found))]  # type: ignore[misc]


def test_the_whole_stretch_is_the_same_as_none(points: OpenPoints, carried: list[PointResult]) -> None:
    start_ns, end_ns = points.span_ns
    assert (start_ns, end_ns) == (ns_of(0), ns_of(12 * 24))
    assert [result for _, result in points.within(start_ns, end_ns).results(POINTS[:3], as_it_is)] == carried[:3]


def test_a_stretch_is_warm_from_what_lies_before_and_trades_nothing_there(
    points: OpenPoints, carried: list[PointResult]
) -> None:
    """From a moment on at which the run through all had nothing open, it does what that run did."""
    (came,) = within(points, QUIET, LATER)
    whole = carried[0]
    assert isinstance(whole, PointCarried)
    assert came.trades == tuple(trade for trade in whole.trades if ns_of(QUIET) <= trade[0] < ns_of(LATER))
    assert len(came.trades) == 8
    window_h = 48
    cold = opened_from(points, QUIET)
    assert min(at_ns for at_ns, _ in came.trades) < ns_of(QUIET + window_h) < min(at_ns for at_ns, _ in cold.trades)


def opened_from(points: OpenPoints, hour: int) -> PointCarried:
    """As `karb backtest --from` begins: with nothing before."""
    span = Span(START + hour * HOUR, None)
    (came,) = (r for _, r in open_points(points.document, points.rulebook, points.carrier.dataset, span, Where(1)).results(((),), as_it_is))  # fmt: skip
    assert isinstance(came, PointCarried)
    return came


def test_the_days_of_a_stretch_are_its_own_and_begin_with_the_capital(points: OpenPoints) -> None:
    midnight = 15
    (came,) = within(points, midnight, midnight + 24 * 10)
    assert [day.isoformat() for day, _ in came.days] == [f"2025-01-{n:02}" for n in range(7, 17)]
    assert came.by_day[0] == (*came.days[0], came.capital)


def test_nothing_after_a_stretch_is_there(points: OpenPoints, tmp_path: Path) -> None:
    """Other prices from its end on change nothing in it, nor does their absence."""
    other = opened(tmp_path)
    for file in ("near_BTC.csv", "far_XRP.csv", "usdkrw.csv"):
        path = tmp_path / "data" / file
        head, *lines = path.read_text("utf-8").splitlines()
        kept = [line for line in lines if int(line.split(",")[0]) < START + LATER * HOUR]
        changed = [_dearer(line) for line in lines[len(kept) :]]
        assert changed
        path.write_text("\n".join([head, *kept, *changed]) + "\n", "utf-8")
    other = open_points(other.document, other.rulebook, other.carrier.dataset, Span(), Where(1))
    assert within(other, QUIET, LATER, *POINTS[:3]) == within(points, QUIET, LATER, *POINTS[:3])


def _dearer(line: str) -> str:
    at, *values = line.split(",")
    return ",".join([at, *(str(float(value) * 1.5) for value in values)])


def test_what_is_known_of_one_stretch_is_not_said_of_another(points: OpenPoints) -> None:
    stretches = [points, *(points.within(ns_of(a), ns_of(b)) for a, b in ((0, 99), (1, 99), (0, 98)))]
    assert len({each.key((), ()) for each in stretches}) == 4
    assert len({each.key(POINTS[1], ()) for each in stretches}) == 4


def test_a_point_over_other_series_keeps_to_the_stretch_too(points: OpenPoints) -> None:
    other: Changes = (Change("/pairs/XRP/near", "upbit XRP/USDT"), Change("/balances/upbit/-", "20,000 USDT"))
    (came,) = within(points, QUIET, LATER, other)
    assert came.days[-1][1] == ns_of(LATER)
    assert all(ns_of(QUIET) <= at_ns < ns_of(LATER) for at_ns, _ in came.trades)
    assert came.trades
