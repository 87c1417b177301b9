"""`karb run`, from the command line to the table, and every way in which it says no."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.conftest import Karb
from tests.cli.run import ours
from tests.cli.shipped import ROOT
from tests.wiring.tiny import strategy_text, write_market

FILE = "tiny.yaml"
ROWS = (
    "trades", "premium captured", "exchange rate", "funding", "fees", "net", "deepest fall", "longest holding",
    "worst paper loss", "refusals", "denied for want of money", "left open", "assumptions", "run", "ledger",
)  # fmt: skip


@pytest.fixture
def tiny(home: Path) -> Path:
    write_market(home)
    (home / FILE).write_text(strategy_text(), "utf-8")
    return home


def write(home: Path, *edits: tuple[str, str]) -> None:
    (home / FILE).write_text(strategy_text(*edits), "utf-8")


def test_ends_with_what_it_came_to_and_where_the_ledger_is(karb: Karb, tiny: Path) -> None:
    told = karb("run", FILE, "--quiet")
    assert told.code == 0, told.err
    lines = told.out.split("\n")
    assert lines[0] == "quickstart  backtest  2025-01-01 00:00 to 2025-01-11 00:00  data sample"
    assert "SYNTHETIC" in lines[1]
    shown = [line.strip() for line in lines[3:] if line.strip()]
    assert len(shown) == len(ROWS)
    assert all(line.startswith(name) for line, name in zip(shown, ROWS, strict=True))
    assert str(tiny / "karb-home" / "ledger.sqlite") in shown[-1]
    assert (tiny / "karb-home" / "ledger.sqlite").is_file()


def test_tells_its_story_unless_it_shall_be_quiet(karb: Karb, tiny: Path) -> None:
    told = karb("run", FILE)
    assert "BTC entry long_premium" in told.out
    assert "[backtest] Buy" in told.out
    assert "BTC entry" not in karb("run", FILE, "--quiet").out


def test_as_json_it_is_one_document(karb: Karb, tiny: Path) -> None:
    told = karb("run", FILE, "--format", "json", "--ledger", "here.sqlite")
    assert told.code == 0
    said = json.loads(told.out)
    assert list(said) == [
        "format_version",
        "strategy",
        "mode",
        "run",
        "ledger",
        "summary",
        "trades",
        "open_lots",
        "denials",
    ]
    assert said["format_version"] == 1
    assert said["ledger"] == "here.sqlite"
    assert (tiny / "here.sqlite").is_file()
    summary = said["summary"]
    assert summary["trades"] == len(said["trades"]) > 10
    assert summary["net"].endswith(" KRW")
    assert sum(d["count"] for d in said["denials"]) > len(said["denials"]) > 0
    assert summary["open_lots"] == len(said["open_lots"]) > 0
    assert set(said["trades"][0]["split"]) == {"premium", "rate", "funding", "fees"}


def test_a_lot_that_was_left_open_is_told_in_full(karb: Karb, tiny: Path) -> None:
    said = json.loads(karb("run", FILE, "--format", "json").out)
    for lot in said["open_lots"]:
        assert list(lot) == [
            "lot", "pair", "tier", "side", "entered_at", "amount", "legs", "entry_premium", "rates", "target",
            "fees", "funding",
        ]  # fmt: skip
        near, far = lot["legs"]
        assert near["entered"].removeprefix("-") == far["entered"].removeprefix("-") == f"{lot['amount']} {lot['pair']}"
        assert (near["left"], near["left_cost"]) == (f"0 {lot['pair']}", "0 KRW")
        paid = [Decimal(leg["entered_cost"].split()[0]) for leg in lot["legs"]]
        premium = abs(paid[0]) / (abs(paid[1]) * Decimal(lot["rates"]["premium"])) - 1
        assert abs(premium - Decimal(lot["entry_premium"])) < Decimal("1e-8")
        assert lot["target"] == "0.002"
        assert [fee.split()[1] for fee in lot["fees"]] == ["KRW", "USDT"]


def test_every_bar_and_a_folder_of_another_name_say_the_same(karb: Karb, tiny: Path) -> None:
    one = json.loads(karb("run", FILE, "--format", "json").out)
    two = json.loads(karb("run", str(tiny / FILE), "--format", "json", "--every-bar").out)
    for name in ("strategy", "summary", "trades", "open_lots", "denials"):
        assert one[name] == two[name]
    assert one["run"] != two["run"]


def test_a_period_is_whole_days(karb: Karb, tiny: Path) -> None:
    told = karb("run", FILE, "--quiet", "--from", "2025-01-04", "--to", "2025-01-08")
    assert told.code == 0
    assert told.out.startswith("quickstart  backtest  2025-01-04 00:00 to 2025-01-08 00:00")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--mode", "paper"), 2, "tiny.yaml may run in backtest at most, not in paper"),
        (("--mode", "live"), 2, "may run in backtest at most"),
        (("--mode", "dream"), 2, "--mode must be one of backtest, paper, live"),
        (("--data", "nowhere.yaml"), 2, "nowhere.yaml: there is no such file"),
        (("--data", "."), 2, "folder"),
        (("--from", "2025-01-09", "--to", "2025-01-05"), 2, "--to 2025-01-05 is not after --from 2025-01-09"),
        (("--from", "2025-01-10", "--to", "2025-01-10"), 2, "no day lies between them"),
        (("--from", "2025-02-30"), 2, "`2025-02-30` is not a day"),
        (("--from", "yesterday"), 2, "`yesterday` is not a day"),
        (("--from", "2030-01-01"), 7, "no bars of upbit BTC/KRW"),
        (("--to", "2020-01-01"), 7, "no bars of upbit BTC/KRW"),
        (("--ledger", "."), 8, "is a folder, not a ledger"),
        (("--ledger", "tiny.yaml"), 8, "tiny.yaml"),
        (("--ledger", "no/such/folder/l.sqlite"), 8, "no/such/folder"),
    ],
)
def test_says_no_in_one_sentence(arguments: tuple[str, ...], code: int, said: str, karb: Karb, tiny: Path) -> None:
    told = karb("run", FILE, *arguments)
    assert (told.code, said in told.all) == (code, True), told.all
    assert "Traceback" not in told.all
    assert not (tiny / "karb-home" / "ledger.sqlite-journal").exists()


@pytest.mark.parametrize("name", ["missing.yaml", ".", "strategies"])
def test_a_file_that_is_none_is_told(name: str, karb: Karb, tiny: Path) -> None:
    told = karb("run", name)
    assert told.code == 2
    assert len(told.err.strip().split("\n")) <= 2


def test_a_wrong_file_runs_nothing(karb: Karb, tiny: Path) -> None:
    write(tiny, ("entry: 2.0", "entry: two"))
    told = karb("run", FILE)
    assert told.code == 3
    assert "tiny.yaml:" in told.all
    assert not (tiny / "karb-home").exists()


def test_a_run_over_data_tells_nobody_outside_this_machine(karb: Karb, tiny: Path) -> None:
    """It asks for no secret either."""
    with_discord = "{use: alerts.discord, with: {webhook: secret:discord, tell: [entry]}}"
    write(tiny, ("{use: alerts.console, with: {tell: [entry, exit, refusal, halt]}}", with_discord))
    told = karb("run", FILE)
    assert told.code == 0, told.all
    assert "BTC entry" not in told.out


def test_a_plugin_that_is_not_there_is_told(karb: Karb, tiny: Path) -> None:
    write(tiny, ("use: premium.zscore", "use: premiums.zscore"))
    told = karb("run", FILE)
    assert told.code in (3, 5)
    assert "premiums" in told.all


def test_without_simulation_there_is_no_backtest(karb: Karb, tiny: Path) -> None:
    simulated = "{use: sim.bars, with: {fill: next_open, slippage: 3bp, legs_apart: 0s}}"
    write(tiny, (f"backtest: {simulated}", "backtest: none"))
    told = karb("run", FILE)
    assert (told.code, "K416" in told.all) == (3, True)


def test_bars_that_are_too_coarse_are_refused(karb: Karb, tiny: Path) -> None:
    write(tiny, ("bar: 5m", "bar: 30s"))
    told = karb("run", FILE)
    assert told.code == 7
    assert "bars of 60s cannot make the signal's bars of 30s" in told.err


def test_a_dataset_that_lacks_a_pair_is_told(karb: Karb, tiny: Path) -> None:
    text = (tiny / "market.yaml").read_text("utf-8")
    (tiny / "market.yaml").write_text(text.replace("coins: [BTC, XRP]", "coins: [BTC]"), "utf-8")
    told = karb("run", FILE)
    assert told.code in (3, 7)
    assert "XRP" in told.all


def test_a_home_that_cannot_be_made_is_told(karb: Karb, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tiny / "a-file").write_text("", "utf-8")
    monkeypatch.setenv("KARB_HOME", str(tiny / "a-file"))
    told = karb("run", FILE)
    assert told.code == 8
    assert "could not be made" in told.err
    assert "--ledger" in told.err


def test_no_feed_and_no_data_is_told(karb: Karb, tiny: Path) -> None:
    write(tiny, ("{use: replay.dataset, with: {file: market.yaml}}", "{use: upbit.stream}"))
    told = karb("run", FILE)
    assert told.code in (2, 3)
    assert "Traceback" not in told.all


RUNS = """
import json, sys
from karb_core.cli.main import main
for _ in range(2):
    try:
        main(["run", "tiny.yaml", "--quiet", "--format", "json"])
    except SystemExit as ended:
        assert not ended.code, ended.code
needless = {"aiohttp", "alembic", "ccxt", "msgspec", "pandas", "pyarrow", "rich", "structlog"}
print(json.dumps(sorted(needless & set(sys.modules))), file=sys.stderr)
"""


def test_a_run_imports_nothing_that_it_does_not_need(tiny: Path) -> None:
    """Neither the first, which makes the ledger, nor the second, which finds it at its newest version."""
    done = subprocess.run(
        [sys.executable, "-c", RUNS],
        cwd=tiny,
        env=environment(tiny),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count('"format_version": 1') == 2
    assert json.loads(done.stderr.strip().split("\n")[-1]) == []


def environment(home: Path) -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), str(ROOT / "plugins")])
    return dict(os.environ) | ours(home) | {"PYTHONPATH": path}


def test_speaks_korean(karb: Karb, tiny: Path) -> None:
    told = karb("--lang", "ko", "run", FILE, "--quiet")
    assert told.code == 0
    for word in ("거래", "프리미엄 손익", "환율 손익", "펀딩", "수수료", "순손익", "장부", "데이터는 가상입니다"):
        assert word in told.out
    wrong = karb("--lang", "ko", "run", FILE, "--from", "2025-01-09", "--to", "2025-01-05")
    assert (wrong.code, "사이에 날이 없습니다" in wrong.err) == (2, True)
