"""`cash_and_carry` over years of recorded hours: karb's trades are the oracle's, row by row, to the last digit."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.carry_1h import Trade, run

HOUSE = Path(__file__).parents[2]
DATA = HOUSE.parent / "shared" / "data"
DATASET = HOUSE / "datasets" / "carry_1h.yaml"


def told_by_karb(folder: Path, *more: str) -> tuple[Any, Path]:
    """The shipped file, told on the console."""
    lines = (HOUSE / "strategies" / "cash_and_carry.yaml").read_text("utf-8").split("\n")
    console = "  - {use: alerts.console, with: {tell: [entry, exit]}}"
    file = folder / "cash_and_carry.yaml"
    file.write_text("\n".join(console if "alerts.discord" in line else line for line in lines), "utf-8")
    karb = str(Path(sys.executable).with_name("karb"))
    command = [karb, "run", str(file), "--mode", "backtest", "--data", str(DATASET), "--format", "json", "--quiet"]
    command += ["--ledger", str(folder / f"ledger{len(more)}.sqlite"), *more]
    done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode in {0, 10}, done.stderr  # 10: ended with something left open
    return json.loads(done.stdout), file


def row(told: Any) -> Trade:
    near, far = told["legs"]

    def usdt(text: str) -> Decimal:
        value, asset = text.split(" ")
        assert asset == "USDT"
        return Decimal(value)

    return Trade(
        told["entered_at"], told["exited_at"], Decimal(told["amount"]), usdt(near["entered_cost"]),
        usdt(far["entered_cost"]), usdt(near["left_cost"]), usdt(far["left_cost"]),
        sum(map(usdt, told["fees"]), Decimal(0)), sum(map(usdt, told["funding"]), Decimal(0)), usdt(told["net"]),
    )  # fmt: skip


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no recorded hours at {DATA}")
def test_karb_makes_the_trades_the_oracle_makes(tmp_path: Path) -> None:
    told, file = told_by_karb(tmp_path)
    expected = run(DATA, file, DATASET)
    assert [row(one) for one in told["trades"]] == expected.trades
    assert len(expected.trades) >= 5
    assert (told["denials"], expected.refused) == ([], [])
    assert (told["open_lots"] == []) == (expected.open is None)
