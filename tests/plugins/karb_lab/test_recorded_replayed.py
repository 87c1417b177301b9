"""Recorded books, told again by the lab: karb's own streams end in the same book, and never in one that was not there."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from karb_binance.params import StreamParams as FuturesParams
from karb_binance.spot.params import SpotStreamParams
from karb_binance.spot.stream import SpotStream
from karb_binance.stream import Stream as FuturesStream
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Depth, Level, MarketEvent
from karb_core.ports import Clock
from karb_core.ports.feed import Wants
from karb_core.wiring.wall_clock import WallClock
from karb_lab.binance_futures.account import futures_account
from karb_lab.binance_spot.account import spot_account
from karb_lab.made_up import MadeUp
from karb_lab.upbit.account import upbit_account
from karb_lab.venue import Venue
from karb_upbit.params import StreamParams as UpbitParams
from karb_upbit.stream import Stream as UpbitStream
from tests.plugins.karb_lab.running import KEY, SECRET, RunningLab

MINUTE_NS = 60_000_000_000
FRAMES = "upbit/ws_trade_orderbook_simple_2021-04-17.jsonl"
SPOT_SYNC = "binance/binance_spot_depth_sync_nknusdt.jsonl"
SYNC = "binance/binance_usdm_depth_sync_sushiusdt_akrousdt.jsonl"
Sides = tuple[tuple[Level, ...], tuple[Level, ...]]
TOLD = 100  # as deep as Binance's books are told


def recorded(name: str) -> Iterator[dict[str, Any]]:
    """Skips the test where `KARB_WIRE_DATA` names no folder that has it."""
    path = Path(os.environ.get("KARB_WIRE_DATA", "") or "recorded-wire-data") / name
    if not path.is_file():
        pytest.skip(f"{name} is not there: KARB_WIRE_DATA names no folder that has it")
    yield from map(json.loads, path.read_text("utf-8").splitlines())


def upbit_books() -> list[tuple[Instrument, Sides]]:
    """Every book of the recording, in order."""
    found = []
    for record in recorded(FRAMES):
        told = json.loads(record["raw"], parse_float=Decimal, parse_int=Decimal) if record["dir"] == "in" else {}
        if told and told["ty"] == "orderbook":
            quote, _, base = told["cd"].partition("-")
            bids, asks = (
                tuple(Level(unit[price], unit[size]) for unit in told["obu"] if unit[size])
                for price, size in (("bp", "bs"), ("ap", "as"))
            )
            found.append((Instrument("upbit", base, quote), (bids, asks)))
    return found


def binance_books(recording: str, venue: str) -> list[tuple[Instrument, Sides]]:
    """Each book after each change, kept by hand from the snapshot on."""
    kept: dict[str, dict[str, dict[Decimal, Decimal]]] = {}
    since: dict[str, int] = {}
    found = []
    for record in recorded(recording):
        if record["dir"] == "http":
            name, told = record["url"].partition("symbol=")[2].partition("&")[0], json.loads(record["raw"])
            kept[name] = {"b": exactly(told["bids"]), "a": exactly(told["asks"])}
            since[name] = told["lastUpdateId"]
        elif record["dir"] == "in":
            told = json.loads(record["raw"]).get("data", {})
            name = told.get("s")
            if told.get("e") == "depthUpdate" and name in kept and told["u"] >= since[name]:
                for side, levels in kept[name].items():
                    levels.update(exactly(told[side]))
                found.append((Instrument(venue, name.removesuffix("USDT"), "USDT"), sides(kept[name])))
    return found


def exactly(rows: list[list[str]]) -> dict[Decimal, Decimal]:
    return {Decimal(price): Decimal(amount) for price, amount in rows}


def sides(kept: dict[str, dict[Decimal, Decimal]]) -> Sides:
    bids = sorted((Level(*level) for level in kept["b"].items() if level[1]), reverse=True)
    asks = sorted(Level(*level) for level in kept["a"].items() if level[1])
    return tuple(bids), tuple(asks)


def upbit_of(clock: Clock) -> tuple[Venue, list[MadeUp]]:
    return Venue([upbit_account("owner", KEY, SECRET, {}, ("LAMB", "WAVES"))], clock), []


def futures_of(clock: Clock) -> tuple[Venue, list[MadeUp]]:
    return Venue([futures_account("owner", KEY, SECRET, {}, ("SUSHI", "AKRO"), Decimal(1))], clock), []


def spot_of(clock: Clock) -> tuple[Venue, list[MadeUp]]:
    return Venue([spot_account("owner", KEY, SECRET, {}, ("NKN",))], clock), []


def replayed(
    lab: RunningLab, stream: UpbitStream | FuturesStream | SpotStream, books: Sequence[tuple[Instrument, Sides]]
) -> dict[Instrument, list[Sides]]:
    """What the stream told of each book, from when it had its first on, until it has told the last of each."""
    heard: dict[Instrument, list[Sides]] = {instrument: [] for instrument, _ in books}
    last = dict(books)

    def hear(event: MarketEvent) -> None:
        if isinstance(event, Depth) and event.bids and event.asks:
            heard[event.instrument].append((event.bids, event.asks))

    def tell(instrument: Instrument, both: Sides) -> None:
        bids, asks = ([(str(level.price), str(level.amount)) for level in side] for side in both)
        lab.book(bids, asks, instrument)

    async def scene() -> None:
        running = asyncio.ensure_future(stream.run(Wants(tuple(last), MINUTE_NS, "close"), hear, WallClock()))
        try:
            async with asyncio.timeout(120):
                for instrument, both in books:
                    await asyncio.to_thread(tell, instrument, both)
                while any(not told or cut(told[-1]) != cut(last[of]) for of, told in heard.items()):
                    assert not running.done(), running
                    for instrument, both in last.items():
                        await asyncio.to_thread(tell, instrument, both)
                    await asyncio.sleep(0.05)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(scene())
    return heard


def cut(both: Sides) -> Sides:
    return both[0][:TOLD], both[1][:TOLD]


def test_upbits_stream_ends_in_the_recorded_book() -> None:
    """upbit/ws_trade_orderbook_simple_2021-04-17.jsonl"""
    books = upbit_books()
    assert len(books) == 85
    with RunningLab(None, upbit_of) as lab:
        address = lab.address("upbit")
        params = UpbitParams(socket=address.replace("http", "ws") + "/websocket/v1", rest=address, late="10s")
        heard = replayed(lab, UpbitStream(params), books)
    for instrument, told in heard.items():
        there = {both for of, both in books if of == instrument}
        assert set(told) <= there


def test_binances_stream_builds_the_recorded_book_and_no_other() -> None:
    """binance/binance_usdm_depth_sync_sushiusdt_akrousdt.jsonl: a thousand levels, told as changes after a snapshot."""
    books = binance_books(SYNC, "binance_usdm")
    assert len(books) > 100
    with RunningLab(None, futures_of) as lab:
        address = lab.address("binance_usdm")
        params = FuturesParams(network="demo", socket=address.replace("http", "ws"), rest=address, late="10s")
        heard = replayed(lab, FuturesStream(params), books)
    for instrument, told in heard.items():
        there = {cut(both) for of, both in books if of == instrument}
        assert set(map(cut, told)) <= there


def test_binances_spot_stream_builds_the_recorded_book_and_no_other() -> None:
    """binance/binance_spot_depth_sync_nknusdt.jsonl: changes without `pu`, after a snapshot without a time."""
    books = [both for both in binance_books(SPOT_SYNC, "binance_spot") if both[0].base == "NKN"]
    assert len(books) > 30
    with RunningLab(None, spot_of) as lab:
        address = lab.address("binance_spot")
        params = SpotStreamParams(network="demo", socket=address.replace("http", "ws"), rest=address, late="10s")
        heard = replayed(lab, SpotStream(params), books)
    for instrument, told in heard.items():
        there = {cut(both) for of, both in books if of == instrument}
        assert set(map(cut, told)) <= there
