"""Every recorded message about Binance's spot is read to the values that it holds; each test names its file."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from karb_binance.book_building import BookBuilding
from karb_binance.market_wire import read
from karb_binance.spot.market_wire import spot_change, spot_snapshot
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.instrument import Instrument
from tests.plugins.karb_binance.market_told import recorded

D = Decimal
SYNC = "binance_spot_depth_sync_nknusdt.jsonl"
NKN = Instrument("binance_spot", "NKN", "USDT")
LIMIT = 1000


def test_a_book_is_built_and_agrees_with_every_top_that_was_told() -> None:
    """binance_spot_depth_sync_nknusdt.jsonl: one snapshot by REST amid changes, and `bookTicker` beside them."""
    book = BookBuilding(NKN)
    mine: dict[str, dict[Decimal, Decimal]] = {"b": {}, "a": {}}
    tops: dict[int, tuple[Decimal, ...]] = {}
    built: dict[int, tuple[Decimal, ...]] = {}
    read_through, began = 0, False
    for record in recorded(SYNC):
        if record["dir"] == "http":
            values = json.loads(record["raw"])
            found = spot_snapshot(record["raw"].encode(), LIMIT)
            assert (found.last, [list(map(str, level)) for level in found.bids]) == (
                values["lastUpdateId"],
                values["bids"],
            )
            mine = {"b": exactly(values["bids"]), "a": exactly(values["asks"])}
            began = book.begin_from(found)
        if record["dir"] != "in":
            continue
        values = json.loads(record["raw"]).get("data", {})
        frame = read(json.dumps(values).encode())
        assert (frame.event, frame.symbol) == (values.get("e", ""), values.get("s", ""))
        if values.get("s") == "NKNUSDT" and not frame.event and "B" in values:
            tops[values["u"]] = tuple(D(values[name]) for name in ("b", "B", "a", "A"))
        if frame.event != "depthUpdate":
            continue
        change = spot_change(frame)
        assert (change.last, change.before) == (values["u"], values["U"] - 1)
        assert (dict(change.bids), dict(change.asks)) == (exactly(values["b"]), exactly(values["a"]))
        read_through += 1
        if frame.symbol != "NKNUSDT":
            continue
        assert book.changed(change), "nothing was lost in this recording"
        if began:
            for side in mine:
                mine[side] = {**mine[side], **exactly(values[side])}
            depth = book.told(1)
            assert depth is not None
            assert (depth.bids[:20], depth.asks[:20]) == (best(mine["b"], rising=False), best(mine["a"], rising=True))
            top = depth.top()
            assert top is not None
            built[change.last] = (top.bid, top.bid_amount, top.ask, top.ask_amount)
    assert read_through > 50
    both = set(tops) & set(built)
    assert all(tops[at] == built[at] for at in both)
    assert len(built) > 30


def exactly(rows: list[list[str]]) -> dict[Decimal, Decimal]:
    return {D(price): D(amount) for price, amount in rows}


def best(side: dict[Decimal, Decimal], *, rising: bool) -> tuple[tuple[Decimal, Decimal], ...]:
    """Kept by hand: the twenty best of what is not gone."""
    return tuple(sorted(((p, q) for p, q in side.items() if q), reverse=not rising)[:20])


@pytest.mark.parametrize(
    "wrong",
    [{"U": 0}, {"U": 12}, {"E": 0}, {"b": [["1"]]}, {"b": [["-1", "1"]]}, {"a": [["1", "-1"]]}, {"a": [["1", "NaN"]]}],
    ids=str,
)
def test_a_change_that_is_none_is_unreadable(wrong: dict[str, Any]) -> None:
    good = {"e": "depthUpdate", "E": 5, "s": "NKNUSDT", "U": 10, "u": 11, "b": [], "a": []}
    assert spot_change(read(msgspec.json.encode(good))).before == 9
    with pytest.raises(Unreadable):
        spot_change(read(msgspec.json.encode(good | wrong)))


@pytest.mark.parametrize("body", [b"{}", b'{"lastUpdateId":0,"bids":[],"asks":[]}', b"<html>"])
def test_a_snapshot_that_is_none_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        spot_snapshot(body, LIMIT)
