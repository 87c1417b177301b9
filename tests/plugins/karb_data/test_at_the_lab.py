"""A recording over real sockets, killed twice: whole, with every hole said; and it backtests.

The long form is `python bench/collect_soak.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("aiohttp", reason="needs karb[live]")

from karb_core.history.store import open_store
from tests.plugins.karb_data.at_the_lab import lab_and_recording
from tests.plugins.karb_data.unreported import unreported


def test_killed_twice_it_lacks_nothing_that_it_does_not_say_and_backtests(tmp_path: Path) -> None:
    with lab_and_recording(tmp_path) as recording:
        recording.collect(kill_after_s=0)
        recording.collect(kill_after_s=0)
        recording.collect_for(4)
        for series in ("upbit BTC-KRW", "binance_usdm BTC-USDT"):
            assert f"lost: {series} tops" in recording.said
            assert f"filled: {series} bars_60s" in recording.said
        assert unreported(recording) == []
        assert not list(recording.into.rglob("*.half"))
        code, told = recording.karb("data", "check", "recordings", "--format", "json")
        assert code == 7
        assert {each["problem"] for each in json.loads(told.partition("error:")[0])["wrong"]} == {"gap"}
        code, told = recording.karb("data", "show", "recordings")
        assert code == 0
        assert "binance_usdm BTC-USDT  marks" in told
        code, told = recording.karb("data", "dataset", "recordings", "--out", "recorded.yaml", "--maintenance", "2.5%")
        assert code == 0, told
        code, told = recording.karb("backtest", "strategy.yaml", "--data", "recorded.yaml")
        assert code == 0, told
        assert "Refusals by your lines" in told


def test_what_the_venues_keep_is_downloaded_and_asked_for_again_it_is_there_once(tmp_path: Path) -> None:
    with lab_and_recording(tmp_path) as recording:
        call = ("data", "download", "strategy.yaml", "--into", "recordings", "--since", "26h")
        for _ in range(2):
            code, said = recording.karb(*call)
            assert code == 0, said
        assert said.count("filled:") == 3, "each series is said once, however many questions it took"
        code, told = recording.karb("data", "check", "recordings")
        assert (code, told) == (0, "nothing is wrong\n")
        rows = open_store(recording.into).frame("binance_usdm BTC/USDT", "bars")
        assert not rows["opened_at"].is_duplicated().any()
        assert rows.height > 26 * 60 * 12 // 13
