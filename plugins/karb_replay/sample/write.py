"""A sample as files, in the columns that recorded data have too."""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from karb_replay.sample.columns import Bars, Floats, Sample, Times, Tops

if TYPE_CHECKING:
    import polars as pl

GENERATOR = 1  # goes up with every change that makes other bytes of the same seed
_STAMP = "SAMPLE.json"


def write_sample(sample: Sample, folder: Path) -> tuple[Path, ...]:
    """Parquet files below the folder, and the stamp that says they are made up; returns what was written, in order.

    Of each coin candles_1m/upbit_KRW-BTC, candles_1m/binance_usdm_BTCUSDT, candles_1m/binance_usdm_mark_BTCUSDT,
    funding_8h/binance_usdm_BTCUSDT and, where the sample has tops, tops_30s/ of both venues; and fx/usdkrw_1d.
    Columns: `ts` (milliseconds UTC, of a bar its opening time), open, high, low, close, volume (the mark has none); ts,
    funding_rate; ts, bid, bid_amount, ask, ask_amount; usdkrw, published_ts. Edge: files of the same name are written
    over. Errors: OSError where the folder cannot be written.
    """
    frames: dict[str, pl.DataFrame] = {}
    for coin in sample.coins:
        near, far = f"upbit_KRW-{coin.coin}", f"binance_usdm_{coin.coin}USDT"
        frames[f"candles_1m/{near}"] = _bars(coin.near)
        frames[f"candles_1m/{far}"] = _bars(coin.far)
        frames[f"candles_1m/binance_usdm_mark_{coin.coin}USDT"] = _bars(coin.mark).drop("volume")
        frames[f"funding_8h/{far}"] = _frame({"ts": coin.funding.at, "funding_rate": coin.funding.rate})
        if sample.spec.tops_days:
            frames[f"tops_30s/{near}"] = _tops(coin.near_tops)
            frames[f"tops_30s/{far}"] = _tops(coin.far_tops)
    frames["fx/usdkrw_1d"] = _frame({"usdkrw": sample.fx.value, "published_ts": sample.fx.known_at})
    written = [_write(frame, folder / f"{name}.parquet") for name, frame in frames.items()]
    stamp = folder / _STAMP
    stamp.write_text(json.dumps(_stamp(sample), indent=2) + "\n", encoding="utf-8")
    return (*written, stamp)


def _bars(bars: Bars) -> "pl.DataFrame":
    columns = {"open": bars.open, "high": bars.high, "low": bars.low, "close": bars.close, "volume": bars.volume}
    return _frame({"ts": bars.opened_at, **columns})


def _tops(tops: Tops) -> "pl.DataFrame":
    columns = {"bid": tops.bid, "bid_amount": tops.bid_amount, "ask": tops.ask, "ask_amount": tops.ask_amount}
    return _frame({"ts": tops.at, **columns})


def _frame(columns: dict[str, Times | Floats]) -> "pl.DataFrame":
    import polars as pl

    stamped = [name for name in columns if name.endswith("ts")]
    return pl.DataFrame(columns).with_columns(pl.col(stamped).cast(pl.Datetime("ms", "UTC")))


def _write(frame: "pl.DataFrame", path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path, compression="zstd")
    return path


def _stamp(sample: Sample) -> dict[str, object]:
    spec = sample.spec
    return {
        "synthetic": True,
        "what": "made up by karb's sample market; no price here was ever traded",
        "generator": GENERATOR,
        "numpy": np.__version__,
        "seed": spec.seed,
        "start": spec.start.isoformat(),
        "days": spec.days,
        "coins": list(spec.coins),
        "tops_days": spec.tops_days,
        "crashes_ms": sample.crashes.tolist(),
        "closed_ms": [
            list(each) for each in zip(sample.closed_from.tolist(), sample.closed_until.tolist(), strict=True)
        ],
    }
