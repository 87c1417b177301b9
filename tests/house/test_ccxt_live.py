"""The shipped three-tier strategy live at local venues, its far leg through ccxt."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("aiohttp", reason="needs karb[live]")
pytest.importorskip("ccxt", reason="needs karb[ccxt]")

from tests.house.lab_stage import NEAR, OF_BTC, lab_stage
from tests.wiring.tiny import Edit

FLAT = 130
AT = "exchange: binanceusdm, venue: binance_usdm, market: swap"
BY_CCXT: tuple[Edit, ...] = (
    ("{use: binance_usdm.stream, with: {network: production}}", f"{{use: ccxt.books, with: {{{AT}}}}}"),
    (
        "{use: binance_usdm.orders, with: {keys: secret:binance, network: production, leverage: 1, margin: isolated}}",
        f"{{use: ccxt.orders, with: {{{AT}, keys: secret:binance, ids: as_is, leverage: 1, margin: isolated}}}}",
    ),
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills and interrupts by signals")


def test_it_enters_is_killed_and_the_next_one_leaves_and_the_books_are_the_venues(tmp_path: Path) -> None:
    with lab_stage(tmp_path, *OF_BTC, *BY_CCXT) as stage:
        with stage.run().warm() as first:
            stage.premium("0.027")
            stage.until_bars_close(lambda: len(stage.open_base()) == 1)
            first.heard(" entry ultra")
            first.killed()
        assert {coin: -amount for coin, amount in stage.near_base().items()} == stage.open_base(), "even on both legs"
        with stage.run().warm() as second:
            stage.premium("0.002")
            stage.until_bars_close(lambda: not stage.open_base())
            second.heard(" exit ")
            stage.premium("0")
            assert second.ended() == FLAT, second.lines
        assert stage.near_base() == {}
        assert stage.booked(NEAR)["balances"]["KRW"]["locked"] == "0"
        stage.need_same_books()
