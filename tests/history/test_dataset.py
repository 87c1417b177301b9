"""Loading a dataset: exactly what was asked for, and one sentence for whatever cannot be judged by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.instrument import Instrument
from karb_core.errors import DataUnusable
from karb_core.history.bars import Bars
from karb_core.history.dataset import Dataset
from karb_core.history.load import LoadedDataset, load
from karb_core.history.points import Points
from karb_core.history.span import Span
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.texts.text import render

HOUSE = Path(__file__).parents[2]
REAL = HOUSE / "datasets" / "real_1h.yaml"
INSTALLED = Catalogue.installed()
HOUR = 3_600_000
START = datetime(2025, 1, 1, tzinfo=UTC)
START_MS = 1_735_689_600_000

BTC, PERP = Instrument("upbit", "BTC", "KRW"), Instrument("binance_usdm", "BTC", "USDT")

MINE = """\
karb: 1
dataset: mine
folder: data
series:
  upbit BTC/KRW:
    bars:
      file: btc.csv
      length: 1h
      time: {column: opened, zone: Asia/Seoul, is: open}
      columns: {open: o, high: h, low: l, close: c, volume: none}
    marks: none
    funding: none
  binance_usdm BTC/USDT:
    bars:
      file: perp.parquet
      length: 1h
      time: {column: closed, unit: ms, is: close}
      columns: {open: o, high: h, low: l, close: c, volume: v}
    marks:
      file: mark.parquet
      length: 1h
      time: {column: opened, is: open}
      columns: {open: o, high: h, low: l, close: c, volume: none}
    funding: {file: funding.csv, settled: {column: ts, unit: s}, rate: rate}
rates:
  usd-krw:
    base: USD
    quote: KRW
    kind: reference
    source: ecb
    serves: [fx.frankfurter]
    file: usdkrw.csv
    known: {column: day, zone: UTC, after: 15h}
    value: fixing
facts:
  upbit BTC/KRW:
    spot:
      from: 2025-01-01
      amount_step: 0.00000001 BTC
      min_amount: none
      max_amount: none
      min_notional: 5,000 KRW
      ticks: [{from: 1_000_000 KRW, tick: 1_000 KRW}]
  binance_usdm BTC/USDT:
    perpetual:
      from: none
      amount_step: 0.001 BTC
      min_amount: 0.001 BTC
      max_amount: none
      min_notional: 50 USDT
      ticks: [{from: 0 USDT, tick: 0.1 USDT}]
      contract: 1 BTC
      margin: USDT
      maintenance: [{from: 0 USDT, rate: 0.4%, deduct: 0 USDT}]
"""


@dataclass
class Recorded:
    """Files in a folder of their own: ten hours of bars but the fourth, a dollar of two days, two settlements."""

    folder: Path
    hours: list[int] = field(default_factory=lambda: [h for h in range(10) if h != 3])

    def __post_init__(self) -> None:
        (self.folder / "data").mkdir()
        self.says(MINE)
        opened = [START + timedelta(hours=h) for h in self.hours]
        prices = [140_000_000.0 + h for h in self.hours]
        self.near = self.bars(prices) | {"opened": [f"{t + timedelta(hours=9):%Y-%m-%dT%H:%M:%S}" for t in opened]}
        self.far = self.bars(prices) | {"closed": [int(t.timestamp()) * 1000 + HOUR for t in opened], "v": [1.5] * 9}
        mark = self.bars(prices) | {"opened": opened}
        self.write("btc.csv", self.near)
        self.write("perp.parquet", self.far)
        self.write("mark.parquet", mark)
        self.write("funding.csv", {"ts": [START_MS // 1000, START_MS // 1000 + 28_800], "rate": ["0.0001", "-0.00025"]})
        self.write(
            "usdkrw.csv", {"day": ["2024-12-30T00:00:00", "2024-12-31T00:00:00"], "fixing": ["1474.1", "1471.9"]}
        )

    @staticmethod
    def bars(prices: list[float]) -> dict[str, list[Any]]:
        return {"o": prices, "h": [p + 2 for p in prices], "l": [p - 2 for p in prices], "c": [p + 1 for p in prices]}

    def write(self, name: str, columns: dict[str, Any]) -> None:
        frame = pl.DataFrame(columns, strict=False)
        path = self.folder / "data" / name
        frame.write_csv(path) if name.endswith("csv") else frame.write_parquet(path)

    def says(self, text: str) -> None:
        (self.folder / "mine.yaml").write_text(text, "utf-8")

    @property
    def dataset(self) -> Dataset:
        return dataset_of(str(self.folder / "mine.yaml"), INSTALLED)

    def load(self, span: Span | None = None) -> LoadedDataset:
        return load(self.dataset, [BTC, PERP], ["usd-krw"], span)


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    return Recorded(tmp_path)


def test_every_series_comes_back_in_its_own_time(recorded: Recorded) -> None:
    loaded = recorded.load()
    opened = [START_MS + h * HOUR for h in recorded.hours]
    near, far = loaded.series[BTC], loaded.series[PERP]
    assert far.marks is not None
    assert far.funding is not None
    assert near.bars.opened_at.tolist() == far.bars.opened_at.tolist() == far.marks.opened_at.tolist() == opened
    assert (near.marks, near.funding, near.bars.volume) == (None, None, None)
    assert far.bars.volume is not None
    assert near.bars.close.tolist() == [140_000_001.0 + h for h in recorded.hours]
    assert far.funding.times.tolist() == [START_MS, START_MS + 8 * HOUR]
    assert far.funding.values.tolist() == [0.0001, -0.00025]
    assert loaded.facts[PERP].margin_asset == "USDT"
    assert not loaded.synthetic


def test_a_rate_is_there_from_the_moment_it_was_known(recorded: Recorded) -> None:
    rate = recorded.load().rates["usd-krw"]
    assert rate.points.times.tolist() == [START_MS - 33 * HOUR, START_MS - 9 * HOUR]
    assert rate.points.values.tolist() == [1474.1, 1471.9]
    assert (rate.terms.base, rate.terms.quote, rate.terms.source) == ("USD", "KRW", "ecb")


def test_only_what_is_asked_for_is_read(recorded: Recorded) -> None:
    for name in ("perp.parquet", "mark.parquet", "funding.csv", "usdkrw.csv"):
        (recorded.folder / "data" / name).unlink()
    loaded = load(recorded.dataset, [BTC], [])
    assert (list(loaded.series), list(loaded.rates), list(loaded.facts)) == ([BTC], [], [BTC])


def test_fills_are_booked_at_what_was_known_where_the_dataset_says_nothing_else(recorded: Recorded) -> None:
    rate = recorded.load().rates["usd-krw"]
    assert (rate.fills.times == rate.points.times).all()


def test_a_rate_may_be_booked_at_before_it_is_known(recorded: Recorded) -> None:
    recorded.says(MINE.replace("after: 15h", "after: 24h, filled_after: 1ms"))
    rate = recorded.load(Span(START_MS - HOUR, None)).rates["usd-krw"]
    assert ((rate.points.times - START_MS) // HOUR).tolist() == [-24, 0]
    assert (rate.fills.times - START_MS).tolist() == [-24 * HOUR + 1]
    assert rate.fills.values.tolist() == [1471.9]


def test_a_span_cuts_bars_and_settlements_and_keeps_the_last_known_rate(recorded: Recorded) -> None:
    loaded = recorded.load(Span(START_MS + HOUR, START_MS + 8 * HOUR))
    far = loaded.series[PERP]
    assert far.funding is not None
    assert loaded.series[BTC].bars.opened_at.tolist() == [START_MS + h * HOUR for h in (1, 2, 4, 5, 6, 7)]
    assert far.funding.times.tolist() == [START_MS + 8 * HOUR]
    assert loaded.rates["usd-krw"].points.values.tolist() == [1471.9]


def test_a_span_without_bars_says_when_there_are_some(recorded: Recorded) -> None:
    said = r"mine.yaml:7:13: `upbit BTC/KRW` has no bars .* from 2025-01-01 00:00:00 UTC to 2025-01-01 10:00:00 UTC"
    with pytest.raises(DataUnusable, match=said):
        recorded.load(Span(START_MS + 20 * HOUR, None))


def test_facts_are_not_used_before_they_were_in_force(recorded: Recorded) -> None:
    recorded.says(MINE.replace("from: 2025-01-01", "from: 2025-01-02"))
    said = (
        "the facts of `upbit BTC/KRW` are in force from 2025-01-02T00:00:00Z, and its data begin at 2025-01-01 00:00:00"
    )
    with pytest.raises(DataUnusable, match=said):
        recorded.load()
    recorded.says(MINE)
    assert recorded.load(Span(START_MS - HOUR, None)).series[BTC].bars.opened_at[0] == START_MS


def test_the_digest_is_of_the_data_and_of_what_is_said_of_them(recorded: Recorded) -> None:
    first = recorded.load().digest
    assert recorded.load(Span(START_MS, None)).digest == first
    (recorded.folder / "data").rename(recorded.folder / "moved")
    recorded.says(MINE.replace("folder: data", "folder: moved  # elsewhere"))
    assert recorded.load().digest == first
    (recorded.folder / "moved").rename(recorded.folder / "data")
    recorded.says(MINE.replace("after: 15h", "after: 16h"))
    assert recorded.load().digest != first
    recorded.says(MINE)
    recorded.write("usdkrw.csv", {"day": ["2024-12-30T00:00:00"], "fixing": ["1474.1"]})
    assert recorded.load().digest != first
    assert load(recorded.dataset, [BTC], []).digest == load(recorded.dataset, [BTC], []).digest


def test_a_star_joins_the_files_of_one_series(recorded: Recorded) -> None:
    whole = recorded.load()
    data = recorded.folder / "data"
    (data / "btc.csv").unlink()
    for name, rows in (("btc_[2].csv", slice(0, 4)), ("btc_[10].csv", slice(4, 7)), ("btc_[1].csv", slice(7, 9))):
        recorded.write(name, {column: values[rows] for column, values in recorded.near.items()})
    for row in (0, 1):
        recorded.write(
            f"fx_{1 - row}.csv", {"day": [f"2024-12-{30 + row}T00:00:00"], "fixing": [["1474.1", "1471.9"][row]]}
        )
    recorded.says(MINE.replace("btc.csv", "btc_[*].csv").replace("usdkrw.csv", "fx_*.csv"))
    joined = recorded.load()
    assert joined.series[BTC].bars.opened_at.tolist() == whole.series[BTC].bars.opened_at.tolist()
    assert joined.series[BTC].bars.close.tolist() == whole.series[BTC].bars.close.tolist()
    assert joined.rates["usd-krw"].points.values.tolist() == [1474.1, 1471.9]
    assert joined.digest != whole.digest


def test_files_of_one_series_may_not_overlap(recorded: Recorded) -> None:
    recorded.write("btc2.csv", {column: values[-1:] for column, values in recorded.near.items()})
    recorded.says(MINE.replace("btc.csv", "btc*.csv"))
    with pytest.raises(
        DataUnusable, match=r"btc2.csv, row 0: this file begins before .*btc.csv ends, at 2025-01-01 09:00"
    ):
        recorded.load()
    recorded.says(MINE.replace("btc.csv", "eth*.csv"))
    with pytest.raises(DataUnusable, match=r"mine.yaml:7:13: .*eth\*.csv: no file fits this name"):
        recorded.load()


Spoil = Callable[[Recorded], None]


def _near(column: str, values: list[Any]) -> Spoil:
    return lambda recorded: recorded.write("btc.csv", recorded.near | {column: values})


def _times(change: Callable[[list[str]], list[str]]) -> Spoil:
    return lambda recorded: recorded.write("btc.csv", recorded.near | {"opened": change(list(recorded.near["opened"]))})


BAD: list[tuple[str, Spoil, str, str]] = [
    ("the folder", lambda r: (r.folder / "data").rename(r.folder / "other") and None,
     r"mine.yaml:3:9: there is no folder .*data", "put the data there"),
    ("a file", lambda r: (r.folder / "data" / "btc.csv").unlink(),
     r"mine.yaml:7:13: .*btc.csv: there is no such file", "look for it in"),
    ("a column", lambda r: r.write("btc.csv", {k: v for k, v in r.near.items() if k != "c"}),
     r"mine.yaml:7:13: .*btc.csv, column `c`: there is no such column; there are o, h, l, opened", "correct the line"),
    ("a price that is none", _near("c", ["nan"] + ["140000000"] * 8),
     r"btc.csv, column `c`, row 0: nan is not a price", "karb repairs no data"),
    ("a cell without a price", _near("c", [None] + [140_000_000] * 8),
     r"btc.csv, column `c`, row 0: there is no value", "karb repairs no data"),
    ("a bar twice", _times(lambda t: [t[0], t[0], *t[2:]]),
     r"btc.csv, column `opened`, row 1: 2025-01-01 00:00:00 UTC is there twice", "correct the line"),
    ("bars out of order", _times(lambda t: [t[1], t[0], *t[2:]]),
     r"btc.csv, column `opened`, row 1: .* after .*: times must rise", "correct the line"),
    ("bars that overlap", _times(lambda t: [t[0].replace("00:00", "30:00", 1), *t[1:]]),
     r"btc.csv, column `opened`, row 0: .* is not where a bar of 3600000 ms opens", "correct the line"),
    ("a wrong unit", lambda r: r.says(MINE.replace("unit: ms", "unit: s")),
     r"mine.yaml:15:13: .*perp.parquet, column `closed`, row 0: .*is the unit right", "correct the line"),
    ("a zone left out", lambda r: r.says(MINE.replace("zone: Asia/Seoul, ", "")),
     r"btc.csv, column `opened`: the moments carry no zone: name the zone they are meant in", "correct the line"),
    ("a rate of nothing", lambda r: r.write("usdkrw.csv", {"day": ["2024-12-30T00:00:00"], "fixing": ["0"]}),
     r"mine.yaml:32:11: .*usdkrw.csv, column `fixing`, row 0: 0.0 is not a price", "correct the line"),
    ("a file that is none", lambda r: (r.folder / "data" / "perp.parquet").write_bytes(b"ts,close\n") and None,
     r"mine.yaml:15:13: .*perp.parquet: the file cannot be read", "correct the line"),
]  # fmt: skip


@pytest.mark.parametrize(("told", "spoil", "said", "help_"), BAD, ids=[bad[0] for bad in BAD])
def test_bad_data_are_refused_in_one_sentence(
    recorded: Recorded, told: str, spoil: Spoil, said: str, help_: str
) -> None:
    spoil(recorded)
    with pytest.raises(DataUnusable, match=said) as raised:
        recorded.load()
    assert raised.value.exit_code == 7
    assert raised.value.help is not None
    assert help_ in render(raised.value.help)
    assert "\n" not in render(raised.value.said)


def test_an_instrument_that_is_not_there_is_named(recorded: Recorded) -> None:
    eth = Instrument("upbit", "ETH", "KRW")
    said = "`upbit ETH/KRW` is not in this dataset; there are upbit BTC/KRW, binance_usdm BTC/USDT"
    with pytest.raises(DataUnusable, match=said) as raised:
        load(recorded.dataset, [BTC, eth], [])
    assert raised.value.help is not None
    assert render(raised.value.help).startswith("add `upbit ETH/KRW` under `series:` and `facts:`")


@given(st.lists(st.integers(0, 40), unique=True).map(sorted), st.integers(0, 40), st.integers(0, 40))
def test_a_span_is_a_filter(hours: list[int], since: int, length: int) -> None:
    times = np.array([START_MS + h * HOUR for h in hours], dtype=np.int64)
    ones = np.ones(len(hours))
    span = Span(START_MS + since * HOUR, START_MS + (since + length) * HOUR)
    bars = span.bars(Bars("x", HOUR, times, ones, ones, ones, ones, ones))
    assert ((bars.opened_at - START_MS) // HOUR).tolist() == [h for h in hours if since <= h < since + length]
    assert bars.volume is not None
    assert len(bars.volume) == len(bars)
    points = Points("x", times, np.arange(len(hours), dtype=np.float64))
    within = [h for h in hours if since <= h <= since + length]
    assert ((span.events(points).times - START_MS) // HOUR).tolist() == within
    before = [h for h in hours if h < since][-1:]
    first = [] if since in hours else before
    assert ((span.known(points).times - START_MS) // HOUR).tolist() == first + within


def test_a_span_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Span(2, 1)


SAMPLE = (HOUSE / "datasets" / "sample.yaml").read_text("utf-8")


def _made(tmp_path: Path, text: str = SAMPLE) -> Dataset:
    file = tmp_path / "sample.yaml"
    file.write_text(text.replace("days: 120", "days: 3"), "utf-8")
    return dataset_of(str(file), INSTALLED)


def test_a_made_up_market_comes_by_the_same_door(tmp_path: Path) -> None:
    dataset = _made(tmp_path)
    loaded = load(dataset, [BTC, PERP], ["usd-krw"])
    far = loaded.series[PERP]
    assert far.marks is not None
    assert far.funding is not None
    assert loaded.synthetic
    assert (len(far.bars), far.bars.length_ms, len(far.marks), len(far.funding)) == (4320, 60_000, 4320, 8)
    assert int(far.bars.opened_at[0]) == START_MS
    assert int(loaded.rates["usd-krw"].points.times[0]) < START_MS
    assert all(float(p) % 1000 == 0 for p in loaded.series[BTC].bars.close)


def test_a_made_up_market_is_the_same_whatever_is_asked_for_with_it(tmp_path: Path) -> None:
    dataset = _made(tmp_path)
    alone, all_ = load(dataset, [PERP], []), load(dataset, dataset.instruments, ["usd-krw"])
    assert alone.digest == all_.digest
    assert alone.series[PERP].bars.close.tobytes() == all_.series[PERP].bars.close.tobytes()
    other = load(_made(tmp_path, SAMPLE.replace("seed: 1", "seed: 2")), [PERP], [])
    assert other.digest != alone.digest
    assert other.series[PERP].bars.close.tobytes() != alone.series[PERP].bars.close.tobytes()


def test_a_made_up_market_is_cut_to_the_span_too(tmp_path: Path) -> None:
    dataset = _made(tmp_path)
    far = load(dataset, [PERP], ["usd-krw"], Span(START_MS + 5 * HOUR, START_MS + 9 * HOUR)).series[PERP]
    assert far.funding is not None
    assert (len(far.bars), far.funding.times.tolist()) == (240, [START_MS + 8 * HOUR])
    with pytest.raises(DataUnusable, match=r"no bars of binance_usdm BTC/USDT .*: it lasts 3 days from 2025-01-01"):
        load(dataset, [PERP], [], Span(START_MS - 9 * HOUR, START_MS))


def test_a_made_up_market_has_what_it_has(tmp_path: Path) -> None:
    dataset = _made(tmp_path, SAMPLE.replace("coins: [BTC, ETH, XRP]", "coins: [BTC]"))
    with pytest.raises(DataUnusable, match=r"sample.yaml:10:17: the made-up market has no upbit ETH/KRW"):
        load(dataset, [Instrument("upbit", "ETH", "KRW")], [])
    doge = _made(tmp_path, SAMPLE.replace("coins: [BTC, ETH, XRP]", "coins: [DOGE]").replace("BTC/KRW", "DOGE/KRW")
                 .replace("00000001 BTC", "00000001 DOGE"))  # fmt: skip
    with pytest.raises(DataUnusable, match=r"'DOGE' has no character"):
        load(doge, [Instrument("upbit", "DOGE", "KRW")], [])
    named = _made(tmp_path, SAMPLE.replace("usd-krw:", "usdt-krw:"))
    with pytest.raises(DataUnusable, match=r"the made-up market has one rate, usd-krw"):
        load(named, [BTC], ["usdt-krw"])


@pytest.fixture(scope="module")
def real() -> LoadedDataset:
    dataset = dataset_of(str(REAL), INSTALLED)
    if not dataset.folder.is_dir():
        pytest.skip(f"the recordings are not in {dataset.folder}")
    return load(dataset, dataset.instruments, ["usd-krw"])


def test_the_real_hours_are_whole(real: LoadedDataset) -> None:
    assert {str(i): len(s.bars) for i, s in real.series.items()} == {
        "upbit BTC/KRW": 26_261, "upbit ETH/KRW": 26_261, "upbit XRP/KRW": 26_258,
        "binance_usdm BTC/USDT": 26_304, "binance_usdm ETH/USDT": 26_304, "binance_usdm XRP/USDT": 26_304,
    }  # fmt: skip
    for instrument, series in real.series.items():
        assert (series.funding is not None) == (series.marks is not None) == (instrument.quote == "USDT")
        assert series.funding is None or len(series.funding) == 3_288


def test_the_real_prices_are_on_the_steps_that_the_facts_state(real: LoadedDataset) -> None:
    """In whole millionths, so that no step is lost to a float."""
    for instrument, series in real.series.items():
        facts = real.facts[instrument]
        for band, after in zip(facts.ticks, (*facts.ticks[1:], None), strict=True):
            close = series.bars.close
            inside = (close >= float(band.from_price)) & (close < (float(after.from_price) if after else np.inf))
            micro = np.rint(close[inside] * 1e6).astype(np.int64)
            assert not (micro % int(band.tick * 10**6)).any(), (instrument, band)
        assert series.bars.low.min() >= float(facts.ticks[0].from_price)


def test_a_real_dollar_is_known_at_its_publication(real: LoadedDataset) -> None:
    points = real.rates["usd-krw"].points
    hours = {(ms // HOUR) % 24 for ms in points.times.tolist()}
    assert hours == {14, 15}
    assert 1_000 < points.values.min() < points.values.max() < 1_700
