"""A setting of the machine, changed, changes no byte of the decision log; each one that a backtest can name is here."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from karb_ccxt.books import BooksParams
from karb_ccxt.orders import OrdersParams
from karb_core.history.span import Span
from karb_core.ledger.decision_log import decision_log_bytes
from karb_core.ledger.ledger import open_ledger
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.rules.roles import Role
from karb_core.wiring import backtest_parts
from karb_core.wiring.backtest_parts import furnish
from karb_upbit.params import StreamParams, UsdtKrwParams
from tests.wiring.hourly import write_hourly
from tests.wiring.test_every_rule import BASE, MONEY
from tests.wiring.tiny import ROOT, Edit, edited, rulebook, strategy_text

NOTIFIER = "notifiers:\n  - {use: alerts.console, with: {tell: [entry, exit, refusal, halt]}}\n"

ORDERS = "{use: upbit.orders, with: {keys: secret:upbit}}"
FAR = "{use: binance_usdm.orders, with: {keys: secret:binance, network: production, leverage: 1, margin: isolated}}"

FILE: dict[str, Edit] = {
    "/about": ("about: a first run on synthetic data", "about: another sentence"),
    "/risk_gates/0/id": ("id: fresh_in,", "id: before_entries,"),
    "/risk_gates/1/id": ("id: fresh_out,", "id: before_exits,"),
    "/executors/0/with/base_url": (ORDERS, ORDERS[:-2] + ", base_url: 'http://127.0.0.1:9'}}"),
    "/executors/0/with/timeout": (ORDERS, ORDERS[:-2] + ", timeout: 500ms}}"),
    "/executors/1/with/base_url": (FAR, FAR[:-2] + ", base_url: 'http://127.0.0.1:9'}}"),
    "/executors/1/with/rights_url": (FAR, FAR[:-2] + ", rights_url: 'http://127.0.0.1:9'}}"),
    "/executors/1/with/timeout": (FAR, FAR[:-2] + ", timeout: 500ms}}"),
    "/notifiers/0/use": (NOTIFIER, "notifiers: []\n"),
    "/notifiers/0/with/tell": ("tell: [entry, exit, refusal, halt]", "tell: [halt]"),
}


#: The settings of Upbit's lines, each at a tenth and at ten times of its default.
UPBIT: dict[str, tuple[str, str]] = {
    "socket": ("'ws://127.0.0.1:9'", "'ws://127.0.0.1:10'"),
    "rest": ("'http://127.0.0.1:9'", "'http://127.0.0.1:10'"),
    "idle": ("6s", "600s"),
    "stall": ("6s", "600s"),
    "back_off": ("100ms", "10s"),
    "back_off_cap": ("500ms", "50s"),
    "down_after": ("1", "100"),
    "open_within": ("500ms", "50s"),
    "ping": ("3s", "300s"),
    "late": ("100ms", "10s"),
    "gap": ("200ms", "20s"),
}


#: Those of who publishes a rate, likewise.
BANK: dict[str, tuple[str, str]] = {
    "address": ("'http://127.0.0.1:9'", "'http://127.0.0.1:10'"),
    "every": ("1s", "100s"),
}


#: Those of whoever reaches an exchange through ccxt, likewise.
CCXT: dict[str, tuple[str, str]] = {
    "address": ("'http://127.0.0.1:9'", "'http://127.0.0.1:10'"),
    "timeout": ("500ms", "50s"),
    "every": ("50ms", "5s"),
    "marks_every": ("500ms", "50s"),
    "late": ("200ms", "20s"),
    "back_off": ("100ms", "10s"),
    "back_off_cap": ("500ms", "50s"),
    "down_after": ("1", "100"),
}


def log(folder: Path, market: Path, *edits: Edit) -> bytes:
    """Of a run that tells its story, so that channels have something to do."""
    ledger = open_ledger(folder / "ledger.sqlite")
    try:
        dataset = dataset_of(str(market), Catalogue.installed())
        text = strategy_text(*BASE, *edits)
        made = furnish(rulebook(text), dataset, ledger, Span(), 1, every_row=False, quiet=False)
        asyncio.run(made.backtest.run())
        made.backtest.end("done", 2)
        return decision_log_bytes(ledger, made.run)
    finally:
        ledger.close()


@pytest.fixture(scope="module")
def hourly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_hourly(tmp_path_factory.mktemp("settings"))


@pytest.fixture(scope="module")
def before(hourly: Path) -> bytes:
    told = log(hourly.parent, hourly)
    assert told.count(b"\n") > 100  # else equal logs show little
    return told


@pytest.mark.parametrize("setting", FILE)
def test_a_setting_of_the_file_changes_no_byte(setting: str, before: bytes, hourly: Path, tmp_path: Path) -> None:
    assert log(tmp_path, hourly, FILE[setting]) == before


def test_ten_times_the_timeout_changes_no_byte(before: bytes, hourly: Path, tmp_path: Path) -> None:
    assert log(tmp_path, hourly, (ORDERS, ORDERS[:-2] + ", timeout: 50s}}")) == before


def test_every_setting_of_the_file_is_here() -> None:
    lines = rulebook(strategy_text(*BASE)).lines
    assert {line.pointer for line in lines if line.role is Role.TECH} == FILE.keys()


def test_no_component_has_a_setting_of_its_own_that_is_not_here() -> None:
    """One that gains a number is to be run at a tenth and at ten times of its default, here."""
    assert settings("strategy") == {"about", "base_url", "rights_url", "timeout", *BANK, *UPBIT, *CCXT}
    assert settings("dataset") == {"about", "unit", "zone"}


@pytest.fixture(scope="module")
def of_upbit(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A market in which Upbit's USDT serves as the money rate, and what was decided there with every default."""
    market = write_hourly(tmp_path_factory.mktemp("upbit"))
    market.write_text(edited(market.read_text("utf-8"), ("serves: [fx.dunamu]", "serves: [upbit.usdt_krw]")), "utf-8")
    told = log(market.parent, market, *upbit())
    assert told.count(b"\n") > 100
    return market, told


@pytest.mark.parametrize("setting", UPBIT)
@pytest.mark.parametrize("other", [0, 1], ids=["a tenth", "ten times"])
def test_how_upbit_is_heard_changes_no_byte(
    setting: str, other: int, of_upbit: tuple[Path, bytes], tmp_path: Path
) -> None:
    market, told = of_upbit
    assert log(tmp_path, market, *upbit(f"{setting}: {UPBIT[setting][other]}")) == told


@pytest.mark.parametrize("setting", BANK)
def test_how_a_publisher_is_asked_changes_no_byte(setting: str, hourly: Path, tmp_path: Path) -> None:
    rate = "money: {use: fx.dunamu, with: {max_age: 30h, when_closed: 110h%s}}"
    logs = []
    for number, written in enumerate(("", *(f", {setting}: {value}" for value in BANK[setting]))):
        folder = tmp_path / str(number)
        folder.mkdir()
        logs.append(log(folder, hourly, (MONEY, rate % written)))
    assert logs[0].count(b"\n") > 100
    assert logs[1:] == logs[:1] * 2


@pytest.mark.parametrize("setting", CCXT)
def test_how_an_exchange_is_reached_through_ccxt_changes_no_byte(setting: str, hourly: Path, tmp_path: Path) -> None:
    logs = []
    for number, value in enumerate((None, *CCXT[setting])):
        folder = tmp_path / str(number)
        folder.mkdir()
        logs.append(log(folder, hourly, *through_ccxt("" if value is None else f", {setting}: {value}", setting)))
    assert logs[0].count(b"\n") > 100
    assert logs[1:] == logs[:1] * 2


def test_the_settings_of_ccxt_are_those() -> None:
    fields = {name for params in (BooksParams, OrdersParams) for name, field in params.model_fields.items()
              if not field.is_required()}  # fmt: skip
    assert fields == CCXT.keys()


def test_the_settings_of_upbit_are_those() -> None:
    for params in (StreamParams, UsdtKrwParams):
        fields = {name for name, field in params.model_fields.items() if not field.is_required()}
        assert UPBIT.keys() - {"late", "gap", "down_after"} <= fields <= UPBIT.keys()


def upbit(written: str = "") -> list[Edit]:
    """Both of Upbit's components in their seats, each with the setting where it has it."""
    of_stream = f", with: {{{written}}}" if written else ""
    of_rate = f", {written}" if written and not written.startswith(("late", "gap", "down_after")) else ""
    return [
        ("{use: replay.dataset, with: {file: market.yaml}}", f"{{use: upbit.stream{of_stream}}}"),
        (MONEY, f"money: {{use: upbit.usdt_krw, with: {{max_age: 30h{of_rate}}}}}"),
    ]


def through_ccxt(written: str, setting: str) -> list[Edit]:
    """The far venue by both of ccxt's components, each with the setting where it has it."""
    at = "exchange: binanceusdm, venue: binance_usdm, market: swap"
    of_orders = written if setting in ("address", "timeout") else ""
    orders = f"{at}, keys: secret:binance, ids: as_is, leverage: 1, margin: isolated"
    return [
        (
            "{use: replay.dataset, with: {file: market.yaml}}",
            f"{{use: upbit.stream}}\n  - {{use: ccxt.books, with: {{{at}{written}}}}}",
        ),
        (FAR, f"{{use: ccxt.orders, with: {{{orders}{of_orders}}}}}"),
    ]


def settings(schema: str) -> set[str]:
    """The names of all `tech` fields, of every shipped component too."""
    whole = json.loads((ROOT / "schemas" / f"{schema}.schema.json").read_text("utf-8"))
    return {name for name, field in _properties(whole) if field.get("x-karb-role") == "tech"}


def _properties(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        for name, field in node.get("properties", {}).items():
            if isinstance(field, dict):
                yield name, field
        for part in node.values():
            yield from _properties(part)
    elif isinstance(node, list):
        for part in node:
            yield from _properties(part)


# -- data: the same moments in another writing ---------------------------------------------------------------------


SEOUL = timezone(timedelta(hours=9))
#: What stands in the file for a number of ms, and how the dataset says so.
WRITINGS = {
    "seconds": (lambda ms: ms // 1000, "unit: s"),
    "microseconds": (lambda ms: ms * 1000, "unit: us"),
    "moments with their zone": (lambda ms: datetime.fromtimestamp(ms / 1000, UTC).isoformat(), "unit: datetime"),
    "moments of Seoul": (
        lambda ms: datetime.fromtimestamp(ms / 1000, SEOUL).replace(tzinfo=None).isoformat(),
        "unit: datetime, zone: Asia/Seoul",
    ),
}


@pytest.mark.parametrize("writing", WRITINGS)
def test_how_times_are_written_changes_no_byte(writing: str, before: bytes, tmp_path: Path) -> None:
    written, said = WRITINGS[writing]
    market = write_hourly(tmp_path)
    for path in (tmp_path / "data").glob("*.csv"):
        frame = pl.read_csv(path)
        frame.with_columns(pl.Series("ts", [written(ms) for ms in frame["ts"]])).write_csv(path)
    market.write_text(market.read_text("utf-8").replace("unit: ms", said), "utf-8")
    assert log(tmp_path, market) == before


def test_what_is_said_about_data_changes_no_byte(before: bytes, tmp_path: Path) -> None:
    market = write_hourly(tmp_path)
    market.write_text(edited(market.read_text("utf-8"), ("about: made up for a test", "about: something")), "utf-8")
    assert log(tmp_path, market) == before


@pytest.mark.parametrize("times", [0.001, 0.1, 10])
def test_how_many_rows_are_written_together_changes_no_byte(
    times: float, before: bytes, hourly: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backtest_parts, "_BATCH", int(backtest_parts._BATCH * times))
    assert log(tmp_path, hourly) == before
