"""What it costs to hear one book of Upbit's, beside other ways to read JSON. Exits 1 when a bar is missed.

    python bench/decode.py [--messages 2000] [--rounds 15] [--bars 1.5,2,10]

In one run and message by message in turn: `json`, `orjson` (where it is installed) and bare msgspec with typed levels of
floats, each of which only decodes; karb while nobody asks for the book (what came is read, put in its place, and stamped),
karb with the top as exact values, and karb with the whole book as exact values. The bars are ratios to bare msgspec for
the first two, and microseconds a message for the top (10,000 books in a tenth of a second). Frames are made up, thirty
levels a side; recorded ones of fifteen are measured too where KARB_WIRE_DATA names their folder.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles

import msgspec

from karb_core.connection.standing import Standing
from karb_core.domain.instrument import Instrument
from karb_upbit.candles import unit_of
from karb_upbit.closing import Closing
from karb_upbit.codes import instrument_of
from karb_upbit.hearing import Hearing
from karb_upbit.market_wire import depth, read, top

ROOT = Path(__file__).parents[1]
MINUTE_NS = 60 * 1_000_000_000
RECORDED = "ws_trade_orderbook_simple_2021-04-17.jsonl"
Reads = Callable[[bytes], object]


class _Level(msgspec.Struct):
    ap: float
    bp: float
    as_: float = msgspec.field(name="as")
    bs: float = 0.0


class _Book(msgspec.Struct):
    ty: str
    cd: str
    tms: int
    obu: list[_Level]


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    quiet, exact_top, top_us = (float(bar) for bar in options.bars.split(","))
    missed = False
    for name, frames in _sets(options.messages):
        found = _measured(frames, options.rounds)
        bare = found["msgspec, bare"][0]
        print(f"{name}: {len(frames)} books of {len(frames[0])} bytes and so on")
        for reader, (middle, late) in found.items():
            print(f"  {reader:24} p50 {middle:7.2f} us  p99 {late:7.2f} us  {middle / bare:5.2f} x bare msgspec")
        ratios = (found["karb, book unasked"][0] / bare, found["karb, exact top"][0] / bare)
        met = ratios[0] <= quiet and ratios[1] <= exact_top and found["karb, exact top"][0] <= top_us
        print(f"  bars {quiet:g} x, {exact_top:g} x and {top_us:g} us: {'ok' if met else 'missed'}")
        missed |= not met
    print("ccxt.pro is not measured here")
    return int(missed)


def _sets(messages: int) -> list[tuple[str, list[bytes]]]:
    sets = [("made up", _made(messages))]
    path = Path(os.environ.get("KARB_WIRE_DATA", "")) / "upbit" / RECORDED
    if path.is_file():
        told = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        raws = [each["raw"].encode() for each in told if each["dir"] == "in"]
        sets.append((RECORDED, [raw for raw in raws if b'"orderbook"' in raw]))
    return sets


def _made(messages: int) -> list[bytes]:
    draw = random.Random(1)
    out = []
    for number in range(messages):
        middle = 124_350_000 + 1000 * draw.randrange(-50, 50)
        levels = [
            {
                "ap": float(middle + 1000 * (n + 1)), "bp": float(middle - 1000 * n),
                "as": round(draw.uniform(0.01, 3), 8), "bs": round(draw.uniform(0.01, 3), 8),
            }
            for n in range(30)
        ]  # fmt: skip
        told = {"ty": "orderbook", "cd": "KRW-BTC", "tms": 1_795_237_200_000 + number, "tas": 31.2, "tbs": 29.8}
        out.append(json.dumps(told | {"obu": levels, "lv": 0, "st": "REALTIME"}, separators=(",", ":")).encode())
    return out


def _measured(frames: list[bytes], rounds: int) -> dict[str, tuple[float, float]]:
    """By reader, median and 99th percentile in us a message. The median over rounds of each, so that one slow stretch of
    the machine is nobody's.
    """
    readers = _readers(frames)
    middles: dict[str, list[float]] = {name: [] for name in readers}
    lates: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(rounds):
        took: dict[str, list[int]] = {name: [] for name in readers}
        for frame in frames:
            for name, reads in readers.items():
                began = time.perf_counter_ns()
                reads(frame)
                took[name].append(time.perf_counter_ns() - began)
        for name, each in took.items():
            middles[name].append(median(each) / 1000)
            lates[name].append(quantiles(each, n=100)[-1] / 1000)
    return {name: (median(middles[name]), median(lates[name])) for name in readers}


def _readers(frames: list[bytes]) -> dict[str, Reads]:
    instruments = sorted({instrument_of(read(frame).code) for frame in frames})
    of = {f"{i.quote}-{i.base}": i for i in instruments}
    hearing = _hearing(instruments)
    now_ns = time.time_ns()
    readers: dict[str, Reads] = {"json": json.loads}
    try:
        import orjson
    except ImportError:
        print("orjson is not installed and not measured")
    else:
        readers["orjson"] = orjson.loads
    readers["msgspec, bare"] = msgspec.json.Decoder(_Book).decode
    readers["karb, book unasked"] = lambda raw: hearing.heard(raw, now_ns)

    def exact_top(raw: bytes) -> object:
        frame = read(raw)
        return top(frame, of[frame.code], now_ns)

    def exact_book(raw: bytes) -> object:
        frame = read(raw)
        return depth(frame, of[frame.code], now_ns)

    return readers | {"karb, exact top": exact_top, "karb, exact book": exact_book}


def _hearing(instruments: Sequence[Instrument]) -> Hearing:
    told: list[object] = []
    return Hearing(
        instruments=instruments,
        unit=unit_of(MINUTE_NS),
        closing=Closing(0, 0, MINUTE_NS),
        standing=Standing(told.append, "upbit", ("quotation",)),
        emit=told.append,
        fetches=told.append,
        gap_ns=MINUTE_NS,
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What it costs to hear one book of Upbit's.")
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--bars", default="1.5,2,10")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
