"""Points by the short way are the points of the desk; and where the desk alone can tell, the desk is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from karb_core.history.span import Span
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import Change, Changes, PointCarried, Where
from karb_core.rulebook.check import check_document
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.rulebook.reader import read
from karb_core.rulebook.source import Source
from karb_core.wiring.points import OpenPoints, open_points
from karb_core.wiring.short_way import ShortWay
from tests.oracle.made_minutes import write_minutes
from tests.wiring.tiny import ROOT, edited

WORK = ROOT / "bench" / "reference_work"
TIER = "/signal/with/tiers/normal"
SHORT: tuple[Changes, ...] = (
    (),
    (Change(f"{TIER}/z", "1.5"), Change(f"{TIER}/take_profit", "0.40%")),
    (Change(f"{TIER}/z", "1.5"), Change(f"{TIER}/take_profit", "0.60%")),
    (Change(f"{TIER}/z", "2.3"), Change(f"{TIER}/take_profit", "0.60%")),
    (Change("/signal/with/exit/stop_loss", "0.5%"), Change(f"{TIER}/z", "1.5")),
    (Change("/signal/with/window", "1d"),),
    (Change("/signal/with/bar", "10m"),),
    (Change("/sizing/with/normal/size", "30%"),),
    (Change("/capital", "50_000_000 KRW"),),
    (Change("/costs/upbit/taker", "0.15%"),),
    (Change("/balances/upbit/0", "15_000_000 KRW"), Change(f"{TIER}/z", "1.5")),
)
BY_THE_DESK: tuple[Changes, ...] = (
    (Change("/risk_gates/-", "{use: gates.fresh, at: [entry], with: {book: 5m, between_legs: 5m}}"),),
    (Change("/simulate/backtest/with/slippage", "3bp"),),
    (Change("/signal/with/max_open", "none"), Change("/signal/with/rearm", "{below_z: 1.0}")),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("minutes")
    write_minutes(folder, days=8, seed=4)
    text = (WORK / "dataset.yaml").read_text("utf-8").replace("folder: bench-data", "folder: .")
    (folder / "dataset.yaml").write_text(text, "utf-8")
    return folder


def opened(folder: Path) -> OpenPoints:
    text = edited((WORK / "sweep_strategy.yaml").read_text("utf-8"), ("window: 20d", "window: 12h"))
    document, catalogue = read(Source.of_text(text, "sweep.yaml")), Catalogue.installed()
    rulebook = check_document(document, catalogue).rulebook
    assert rulebook is not None
    return open_points(document, rulebook, dataset_of(str(folder / "dataset.yaml"), catalogue), Span(), Where(1))


class NoWay(ShortWay):
    """Nothing is short: everything is carried out by the desk."""

    def carried(self, *asked: object) -> PointCarried | None:
        return None


class Counted(ShortWay):
    """How often the short way knew."""

    knew = 0

    def carried(self, *asked: object) -> PointCarried | None:
        found = super().carried(*asked)  # type: ignore[arg-type]
        self.knew += found is not None
        return found


@pytest.fixture(scope="module")
def desk(folder: Path) -> OpenPoints:
    points = opened(folder)
    points.carrier._short = NoWay()
    return points


@pytest.fixture(scope="module")
def short(folder: Path) -> OpenPoints:
    """One for all of them, in the order of this file, so that what it keeps of one is there at the next."""
    points = opened(folder)
    points.carrier._short = Counted()
    return points


@pytest.mark.parametrize("number", range(len(SHORT)))
def test_the_short_way_comes_to_the_same_to_the_last_digit(number: int, short: OpenPoints, desk: OpenPoints) -> None:
    before = short.carrier._short.knew  # type: ignore[attr-defined]
    found = short.carrier.result(SHORT[number])
    assert found == desk.carrier.result(SHORT[number])
    assert isinstance(found, PointCarried)
    assert found.trades
    wanted = 0 if "balances" in str(SHORT[number]) else 1
    assert short.carrier._short.knew - before == wanted  # type: ignore[attr-defined]


@pytest.mark.parametrize("number", range(len(BY_THE_DESK)))
def test_where_the_desk_alone_can_tell_it_is_asked(number: int, short: OpenPoints, desk: OpenPoints) -> None:
    before = short.carrier._short.knew  # type: ignore[attr-defined]
    assert short.carrier.result(BY_THE_DESK[number]) == desk.carrier.result(BY_THE_DESK[number])
    assert short.carrier._short.knew == before  # type: ignore[attr-defined]
