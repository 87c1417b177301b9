"""Data that cannot be judged by: one sentence each, with its place, and no run begun."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import Karb
from tests.cli.hourly import furnished, one_sentence, run, runs_in
from tests.wiring.hourly import write_hourly
from tests.wiring.tiny import edited

Damage = Callable[[pl.DataFrame], pl.DataFrame]
KINDS = ("csv", "parquet")


@pytest.fixture(params=KINDS)
def hourly(request: pytest.FixtureRequest, home: Path) -> Path:
    return furnished(home, request.param)


@pytest.fixture
def csv(home: Path) -> Path:
    return furnished(home, "csv")


def file_of(home: Path, stem: str) -> Path:
    (found,) = (home / "data").glob(f"{stem}.*")
    return found


def damage(path: Path, by: Damage) -> None:
    read = pl.read_csv if path.suffix == ".csv" else pl.read_parquet
    made = by(read(path))
    made.write_csv(path) if path.suffix == ".csv" else made.write_parquet(path)


def rewrite(home: Path, old: str, new: str) -> None:
    path = home / "market.yaml"
    path.write_text(edited(path.read_text("utf-8"), (old, new)), "utf-8")


def set_at(column: str, row: int, value: float | None) -> Damage:
    return lambda t: t.with_columns(
        pl.when(pl.int_range(pl.len()) == row).then(value).otherwise(pl.col(column)).alias(column)
    )


def test_whole_data_run_and_a_gap_is_none_of_our_business(karb: Karb, hourly: Path) -> None:
    told = run(karb)
    assert told.code == 0, told.err
    assert [ended for _, _, ended in runs_in(hourly)] == ["done"]
    write_hourly(hourly, file_of(hourly, "near_BTC").suffix[1:], gap=False)
    assert run(karb).code == 0


BAD_FILES: dict[str, tuple[str, Damage, str]] = {
    "a missing column": ("near_BTC", lambda t: t.drop("close"), "column `close`: there is no such column"),
    "a row twice": ("far_BTC", lambda t: pl.concat([t[:50], t[49:]]), "column `ts`, row 50"),
    "rows not in order": ("near_BTC", lambda t: pl.concat([t[10:], t[:10]]), "column `ts`, row"),
    "bars that overlap": (
        "far_BTC",
        lambda t: t.with_columns(ts=pl.col("ts") + pl.int_range(pl.len()) % 2 * 1000),
        "ts",
    ),
    "NaN for a price": ("near_BTC", set_at("close", 30, float("nan")), "column `close`, row 30"),
    "no price": ("far_BTC", set_at("open", 31, None), "column `open`, row 31"),
    "a price of zero": ("far_BTC", set_at("low", 32, 0.0), "column `low`, row 32"),
    "a price below zero": ("near_BTC", set_at("low", 33, -1.0), "column `low`, row 33"),
    "an endless price": ("near_BTC", set_at("high", 34, float("inf")), "column `high`, row 34"),
    "NaN for a rate": ("usdkrw", set_at("fixing", 3, float("nan")), "column `fixing`, row 3"),
    "a rate of zero": ("usdkrw", set_at("fixing", 4, 0.0), "column `fixing`, row 4"),
    "NaN for funding": ("funding", set_at("rate", 5, float("nan")), "column `rate`, row 5"),
    "a file without rows": ("far_BTC", lambda t: t[:0], "holds no rows"),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_bad_rows_are_told_by_file_column_and_row(what: str, karb: Karb, hourly: Path) -> None:
    stem, by, said = BAD_FILES[what]
    path = file_of(hourly, stem)
    damage(path, by)
    told = one_sentence(run(karb), 7)
    assert said in told
    assert path.name in told
    assert "market.yaml:" in told
    assert runs_in(hourly) == []


@pytest.mark.parametrize("stem", ["near_BTC", "far_BTC", "usdkrw", "funding"])
def test_a_file_that_is_missing(stem: str, karb: Karb, hourly: Path) -> None:
    path = file_of(hourly, stem)
    path.unlink()
    told = one_sentence(run(karb), 7)
    assert "there is no such file" in told
    assert path.name in told


def test_a_file_of_something_else(karb: Karb, hourly: Path) -> None:
    path = file_of(hourly, "far_BTC")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    assert path.name in one_sentence(run(karb), 7)


def test_a_wrong_folder(karb: Karb, hourly: Path) -> None:
    rewrite(hourly, "folder: data", "folder: elsewhere")
    told = one_sentence(run(karb), 7)
    assert "elsewhere" in told
    assert "market.yaml:4:" in told


def test_a_folder_in_place_of_a_file(karb: Karb, hourly: Path) -> None:
    path = file_of(hourly, "usdkrw")
    path.unlink()
    path.mkdir()
    assert "folder, not a file" in one_sentence(run(karb), 7)


def test_funding_that_a_perpetual_lacks_is_a_statement_and_runs(karb: Karb, hourly: Path) -> None:
    path = hourly / "market.yaml"
    kind = file_of(hourly, "funding").suffix
    stated = f"{{file: funding{kind}, settled: {{column: ts, unit: ms}}, rate: rate}}"
    path.write_text(path.read_text("utf-8").replace(stated, "none"), "utf-8")
    assert run(karb).code == 0


def test_funding_that_is_not_stated_is_asked_for(karb: Karb, csv: Path) -> None:
    path = csv / "market.yaml"
    text = path.read_text("utf-8")
    line = "    funding: {file: funding.csv, settled: {column: ts, unit: ms}, rate: rate}\n"
    path.write_text(text.replace(line, "", 1), "utf-8")
    assert "funding" in one_sentence(run(karb), 7)


def test_korean_names_of_columns_in_cp949_and_in_utf8(karb: Karb, csv: Path) -> None:
    path = file_of(csv, "near_BTC")
    text = path.read_text("utf-8").replace("close", "종가", 1)
    market = csv / "market.yaml"
    first = "columns: {open: open, high: high, low: low, close: close"
    market.write_text(market.read_text("utf-8").replace(first, first[:-5] + "종가", 1), "utf-8")
    path.write_bytes(text.encode("cp949"))
    told = one_sentence(run(karb), 7)
    assert path.name in told
    assert "UTF-8" in told
    for encoding in ("utf-8", "utf-8-sig"):
        path.write_bytes(text.encode(encoding))
        assert run(karb).code == 0
