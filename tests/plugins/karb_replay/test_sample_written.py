"""The sample as files: the columns of recorded data, and a stamp that nobody can overlook."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from karb_replay.sample import Sample, SampleSpec, make_sample, write_sample

STAMPED = pl.Datetime("ms", "UTC")
PRICES = dict.fromkeys(("open", "high", "low", "close"), pl.Float64)


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample(SampleSpec(date(2024, 3, 1), 5, seed=3, coins=("BTC", "XRP"), tops_days=1))


def test_the_files_have_the_columns_of_recorded_data(sample: Sample, tmp_path: Path) -> None:
    names = {str(path.relative_to(tmp_path)): path for path in write_sample(sample, tmp_path)}
    schemas = {name: dict(pl.read_parquet_schema(path)) for name, path in names.items() if name.endswith(".parquet")}
    tops = dict.fromkeys(("bid", "bid_amount", "ask", "ask_amount"), pl.Float64)
    expected = {"fx/usdkrw_1d.parquet": {"usdkrw": pl.Float64, "published_ts": STAMPED}}
    for coin in ("BTC", "XRP"):
        expected[f"candles_1m/upbit_KRW-{coin}.parquet"] = {"ts": STAMPED, **PRICES, "volume": pl.Float64}
        expected[f"candles_1m/binance_usdm_{coin}USDT.parquet"] = {"ts": STAMPED, **PRICES, "volume": pl.Float64}
        expected[f"candles_1m/binance_usdm_mark_{coin}USDT.parquet"] = {"ts": STAMPED, **PRICES}
        expected[f"funding_8h/binance_usdm_{coin}USDT.parquet"] = {"ts": STAMPED, "funding_rate": pl.Float64}
        expected[f"tops_30s/upbit_KRW-{coin}.parquet"] = {"ts": STAMPED, **tops}
        expected[f"tops_30s/binance_usdm_{coin}USDT.parquet"] = {"ts": STAMPED, **tops}
    assert schemas == expected


def test_what_is_read_back_is_what_was_made(sample: Sample, tmp_path: Path) -> None:
    write_sample(sample, tmp_path)
    bars = pl.read_parquet(tmp_path / "candles_1m/upbit_KRW-XRP.parquet")
    near = sample.coin("XRP").near
    assert bars["ts"].dt.epoch("ms").to_list() == near.opened_at.tolist()
    assert bars["close"].to_list() == near.close.tolist()
    assert bars["volume"].to_list() == near.volume.tolist()
    rates = pl.read_parquet(tmp_path / "fx/usdkrw_1d.parquet")
    assert rates["published_ts"].dt.epoch("ms").to_list() == sample.fx.known_at.tolist()
    assert rates["usdkrw"].to_list() == sample.fx.value.tolist()


def test_the_stamp_says_that_nothing_here_was_traded(sample: Sample, tmp_path: Path) -> None:
    stamp = json.loads(write_sample(sample, tmp_path)[-1].read_text(encoding="utf-8"))
    assert stamp["synthetic"] is True
    assert (stamp["generator"], stamp["seed"], stamp["start"], stamp["days"]) == (1, 3, "2024-03-01", 5)
    assert stamp["coins"] == ["BTC", "XRP"]


def test_writing_twice_writes_the_same_bytes(sample: Sample, tmp_path: Path) -> None:
    first = write_sample(sample, tmp_path / "first")
    second = write_sample(sample, tmp_path / "second")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_without_tops_there_are_no_files_of_tops(tmp_path: Path) -> None:
    bare = make_sample(SampleSpec(date(2024, 3, 1), 1, seed=3, coins=("BTC",)))
    folders = {path.parent.name for path in write_sample(bare, tmp_path / "bare")}
    assert folders == {"candles_1m", "funding_8h", "fx", "bare"}
