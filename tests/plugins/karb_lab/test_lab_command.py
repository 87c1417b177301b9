"""`karb lab` as a person calls it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.cli.run import ours

KARB = [sys.executable, "-m", "karb_core.cli.main"]


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt is sent as a signal")
def test_it_says_where_it_is_serves_until_it_is_interrupted_and_leaves(tmp_path: Path) -> None:
    with subprocess.Popen([*KARB, "lab", "--format", "json"], stdout=subprocess.PIPE, env=ours(tmp_path)) as running:
        assert running.stdout is not None
        told = _document(running.stdout)
        assert told["format_version"] == 1
        address = told["venues"]["upbit"]["address"]
        (account,) = told["venues"]["upbit"]["accounts"]
        assert len(account["key"]) == len(account["secret"]) == 40
        with urlopen(f"{address}/v1/ticker?markets=KRW-BTC") as answer:
            assert json.load(answer)[0]["trade_price"] > 0
        with urlopen(told["control"]) as answer:
            assert json.load(answer)["upbit"] == {"address": address, "up": True}
        with urlopen(f"{told['venues']['bithumb']['address']}/v1/ticker?markets=KRW-BTC") as answer:
            assert json.load(answer)[0]["trade_price"] > 0
        with urlopen(f"{told['venues']['binance_spot']['address']}/api/v3/ticker/price?symbol=BTCUSDT") as answer:
            assert Decimal(json.load(answer)["price"]) > 0
        with urlopen(f"{told['venues']['binance_usdm']['address']}/fapi/v1/premiumIndex?symbol=BTCUSDT") as answer:
            assert Decimal(json.load(answer)["markPrice"]) > 0
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 130


@pytest.mark.parametrize("told", ["nobody=1", "upbit", "upbit=x"])
def test_a_port_of_nobody_is_a_mistake_of_whoever_typed_it(tmp_path: Path, told: str) -> None:
    ended = subprocess.run(
        [*KARB, "lab", "--port", told], env=ours(tmp_path), capture_output=True, encoding="utf-8", check=False
    )
    assert ended.returncode == 2
    assert told in ended.stderr


def test_without_its_extra_it_says_what_to_install(tmp_path: Path) -> None:
    bare = "import sys; sys.modules['aiohttp'] = None; from karb_core.cli.main import main; main(['lab'])"
    ended = subprocess.run(
        [sys.executable, "-c", bare], env=ours(tmp_path), capture_output=True, encoding="utf-8", check=False
    )
    assert ended.returncode == 5
    assert "pip install 'karb[live]'" in ended.stderr


def _document(stream: Any) -> dict[str, Any]:
    text = ""
    while True:
        line = stream.readline().decode()
        assert line, text
        text += line
        if line.startswith("}"):
            return json.loads(text)
