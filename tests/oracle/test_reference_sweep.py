"""The sweep of the reference work: points of it against an oracle that knows the specification alone."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from karb_core.history.span import Span
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import PointCarried, Where
from karb_core.rulebook.check import check_document
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.rulebook.reader import read
from karb_core.rulebook.source import read_source
from karb_core.wiring.points import OpenPoints, open_points
from karb_research.axes import Grid, grid_of
from karb_research.sweep_file import StudyFile
from tests.oracle.made_minutes import write_minutes
from tests.oracle.reference_work import Columns, trades

WORK = Path(__file__).parents[2] / "bench" / "reference_work"
NAMES = ("krw_open", "krw_close", "usdt_open", "usdt_close", "fx")
POINTS = random.Random(5).sample(range(1000), 12)


@pytest.fixture(scope="module")
def minutes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("minutes")
    write_minutes(folder, days=30, seed=21)
    text = (WORK / "dataset.yaml").read_text(encoding="utf-8").replace("folder: bench-data", "folder: .")
    (folder / "dataset.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def opened(minutes: Path) -> OpenPoints:
    document, catalogue = read(read_source(str(WORK / "sweep_strategy.yaml"))), Catalogue.installed()
    rulebook = check_document(document, catalogue).rulebook
    assert rulebook is not None
    return open_points(document, rulebook, dataset_of(str(minutes / "dataset.yaml"), catalogue), Span(), Where(1))


@pytest.fixture(scope="module")
def grid(opened: OpenPoints) -> Grid:
    study = read(read_source(str(WORK / "sweep.yaml"))).data
    return grid_of("sweep.yaml", StudyFile.model_validate(study), opened, {})


def test_it_has_the_thousand_points_of_the_specification(grid: Grid) -> None:
    assert [(len(axis.levels), axis.levels[0].label, axis.levels[-1].label) for axis in grid.axes] == [
        (25, "1.5", "3.9"), (40, "0.40%", "2.35%"),
    ]  # fmt: skip


@pytest.mark.parametrize("number", POINTS)
def test_a_point_leaves_when_the_specification_leaves(
    number: int, opened: OpenPoints, grid: Grid, minutes: Path
) -> None:
    frame = pl.read_parquet(minutes / "BTC.parquet")
    columns = Columns(frame["ts"].to_numpy(), *(frame[name].to_numpy() for name in NAMES))
    z, target = grid.labels(grid.place(number))
    wanted = trades(columns, ((float(z), "normal", float(target.removesuffix("%")) / 100),))
    carried = opened.carrier.result(grid.changes(grid.place(number)))
    assert isinstance(carried, PointCarried)
    assert [at // 1_000_000 for at, _ in carried.trades] == [trade.exited_at for trade in wanted]


def test_these_points_trade(opened: OpenPoints, grid: Grid) -> None:
    found = [opened.carrier.result(grid.changes(grid.place(number))) for number in POINTS]
    assert len({len(each.trades) for each in found if isinstance(each, PointCarried)}) > 3
