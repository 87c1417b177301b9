"""Shipped strategies over years of recorded hours: karb's trades are the oracles', row by row.

Their rates of the dollar were not recorded in these years, so both seats are given the daily fixing, as in kimp_tiered_1h, and
`kimp_zscore` is judged on hours; nothing else of the files is changed but who is told.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.oracle import levels_1h, zscore_1h
from tests.oracle.test_tiered_1h import karb_open_lots, karb_rows, oracle_open_lots, oracle_rows
from tests.oracle.tiered_1h import DATA, DATASET, HOUSE

FIXING = "{use: fx.frankfurter, with: {max_age: 30h, when_closed: 110h}}"
ORACLES = {
    "kimp_threshold": levels_1h.run,
    "kimp_threshold_carry": levels_1h.run,
    "kimp_simple": levels_1h.run,
    "kimp_zscore": zscore_1h.run,
}


def study(name: str, folder: Path) -> Path:
    """The shipped file, with the fixing for both rates and the console for its owner."""
    lines = []
    for line in (HOUSE / "strategies" / f"{name}.yaml").read_text("utf-8").split("\n"):
        key = line.strip().split(":")[0]
        if key in ("premium", "money") and "use: " in line:
            line = f"  {key}: {FIXING}"
        if "alerts.discord" in line:
            line = "  - {use: alerts.console, with: {tell: [entry, exit]}}"
        lines.append(line.replace("bar: 5m ", "bar: 1h "))
    place = folder / f"{name}.yaml"
    place.write_text("\n".join(lines), "utf-8")
    return place


def karb_result(file: Path, folder: Path) -> Any:
    karb = str(Path(sys.executable).with_name("karb"))
    command = [karb, "run", str(file), "--mode", "backtest", "--data", str(DATASET), "--format", "json", "--quiet"]
    command += ["--ledger", str(folder / "ledger.sqlite")]
    done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode in {0, 10}, done.stderr  # 10: ended with something left open
    return json.loads(done.stdout)


def _named(told: Any) -> Any:
    """A signal without tiers has one without a name."""
    for kind in ("trades", "open_lots", "denials"):
        for one in told[kind]:
            one["tier"] = one["tier"] or ""
    return told


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no recorded hours at {DATA}")
@pytest.mark.parametrize("name", ORACLES)
def test_karb_makes_the_trades_the_oracle_makes(name: str, tmp_path: Path) -> None:
    file = study(name, tmp_path)
    expected, told = ORACLES[name](DATA, file, DATASET), karb_result(file, tmp_path)
    told = _named(told)
    trades, worked_out = karb_rows(told)[0], oracle_rows(expected)[0]
    # A position that the venue takes away is the last thing both know alike.
    taken = min((i.at for i in expected.incidents), default="9999")
    for ours, theirs in zip(trades, worked_out, strict=False):
        if theirs.exited_at > taken:
            break
        assert ours == theirs
    assert sum(t.exited_at <= taken for t in trades) == sum(t.exited_at <= taken for t in worked_out)
    if taken == "9999":
        assert karb_open_lots(told) == oracle_open_lots(expected)
        refused: Counter[tuple[str, ...]] = Counter()
        for kind, episodes in karb_rows(told)[1].items():
            refused[tuple(dict.fromkeys(kind.rules))] += sum(count for *_, count in episodes)  # a seat each has its age
        denied: Counter[tuple[str, ...]] = Counter()
        for kind, moments in oracle_rows(expected)[1].items():
            denied[kind.rules] += len(moments)
        assert refused == denied
    assert len(trades) + len(told["open_lots"]) >= 5
