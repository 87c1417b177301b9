"""`karb data collect` as a process of its own, at a lab of its own, killed as often as somebody wants."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from karb_core.history.store import open_store
from tests.cli.run import started
from tests.cli.shipped import STRATEGIES

_LIMIT_S = 60
_LOOK_S = 0.1
HOW = "karb: 1\npast: 6h\nwrite: 1s\n"


@dataclass(slots=True)
class Recording:
    """`killed`: from when to when nobody recorded, ms of UTC. `said`: by all that recorded, killed or not."""

    folder: Path
    addresses: dict[str, str]
    killed: list[tuple[int, int]] = field(default_factory=list)
    said: str = ""

    @property
    def into(self) -> Path:
        return self.folder / "recordings"

    def write_files(self) -> None:
        (self.folder / "how.yaml").write_text(HOW, "utf-8")
        (self.folder / "strategy.yaml").write_text(_strategy(self.addresses), "utf-8")

    def collect(self, kill_after_s: float) -> None:
        """Killed once it has written something of all that is told, and recorded for so long."""
        began_ms = _now_ms()
        if self.killed:
            self.killed[-1] = (self.killed[-1][0], began_ms)
        arguments = ["data", "collect", "strategy.yaml", "--into", "recordings", "--how", "how.yaml"]
        with started(arguments, self.folder, subprocess.STDOUT) as running:
            until(lambda: self._is_written_since(began_ms) or running.poll() is not None)
            assert running.poll() is None, "it ended by itself"
            time.sleep(max(0.0, kill_after_s - (_now_ms() - began_ms) / 1000))
            self.killed.append((_now_ms(), 0))
            running.kill()
            assert running.stdout is not None
            self.said += running.stdout.read().decode()

    def collect_for(self, seconds: int) -> None:
        """To its end, by itself."""
        self.killed[-1] = (self.killed[-1][0], _now_ms())
        code, said = self.karb(
            "data", "collect", "strategy.yaml", "--into", "recordings", "--how", "how.yaml", "--for", f"{seconds}s"
        )
        assert code == 0, said
        self.said += said

    def karb(self, *arguments: str) -> tuple[int, str]:
        with started(arguments, self.folder, subprocess.STDOUT) as running:
            assert running.stdout is not None
            said = running.stdout.read().decode()
            return running.wait(_LIMIT_S), said

    def lab_minutes(self) -> dict[str, dict[int, Decimal]]:
        """By instrument, each minute in which the lab says that something traded, and its close."""
        near = self._asked("upbit", "/v1/candles/minutes/1?market=KRW-BTC&count=200")
        far = self._asked("binance_usdm", "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=200")
        return {
            "upbit BTC/KRW": {_ms(c["candle_date_time_utc"]): Decimal(str(c["trade_price"])) for c in near},
            "binance_usdm BTC/USDT": {c[0]: Decimal(c[4]) for c in far},
        }

    def _asked(self, venue: str, path: str) -> Any:
        with urlopen(self.addresses[venue] + path, timeout=_LIMIT_S) as answer:
            return json.load(answer)

    def _is_written_since(self, began_ms: int) -> bool:
        """Whether every kind that is told live has a durable row of this run, and every bar that was asked for is there."""
        if not self.into.is_dir():
            return False
        store, found = open_store(self.into), {}
        try:
            found = {series.text(): store.extent(series)[2] for series in store.series()}
        except Exception:  # noqa: BLE001 - a file that was put together with others meanwhile is gone
            return False
        live = ("upbit BTC-KRW tops", "binance_usdm BTC-USDT tops", "binance_usdm BTC-USDT marks")
        bars = ("upbit BTC-KRW bars_60s", "binance_usdm BTC-USDT bars_60s")
        asked_for = {hole.of for hole in store.holes() if hole.fate == "open"}
        heard = all(found.get(name, 0) > began_ms for name in live)
        return heard and all(name in found and name not in asked_for for name in bars)


@contextmanager
def lab_and_recording(folder: Path) -> Iterator[Recording]:
    with started(["lab", "--format", "json"], folder, subprocess.DEVNULL) as lab:
        assert lab.stdout is not None
        try:
            told = _document(lab.stdout)
            recording = Recording(folder, {name: its["address"] for name, its in told["venues"].items()})
            recording.write_files()
            yield recording
        finally:
            lab.kill()


def until(true: Any) -> None:
    ends = time.monotonic() + _LIMIT_S
    while not true():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(_LOOK_S)


def _strategy(addresses: dict[str, str]) -> str:
    """A file of the shelf, pointed at the lab: its addresses are settings of the machine."""
    near, far = addresses["upbit"], addresses["binance_usdm"]
    lines = f'socket: "{near.replace("http", "ws")}/websocket/v1", rest: "{near}"'
    rate = f"{{use: upbit.usdt_krw, with: {{max_age: 10m, {lines}}}}}"
    text = (STRATEGIES / "kimp_threshold.yaml").read_text("utf-8")
    for old, new in (
        ("{use: upbit.stream}", f"{{use: upbit.stream, with: {{{lines}}}}}"),
        (
            "{use: binance_usdm.stream, with: {network: production}}",
            "{use: binance_usdm.stream, with: {network: production, "
            f'socket: "{far.replace("http", "ws")}", rest: "{far}"}}}}',
        ),
        ("{use: fx.dunamu, with: {max_age: 10m, when_closed: 80h}}", rate),
        ("{use: upbit.usdt_krw, with: {max_age: 10s}}", rate),
        ("bar: 1h", "bar: 5m"),
        ("{use: alerts.discord, with: {webhook: secret:discord, tell: [entry, exit, refusal, halt]}}",
         "{use: alerts.console, with: {tell: [entry, exit]}}"),
    ):  # fmt: skip
        assert old in text, old
        text = text.replace(old, new)
    return text


def _document(stream: Any) -> dict[str, Any]:
    text = ""
    while not text.endswith("\n}\n"):
        line = stream.readline().decode()
        assert line, text
        text += line
    found: dict[str, Any] = json.loads(text)
    return found


def _ms(written_utc: str) -> int:
    return int(datetime.fromisoformat(written_utc).replace(tzinfo=UTC).timestamp()) * 1000


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
