"""The reference work in karb, as a whole process: how long, how much memory, where the time goes. Exits 1 when a bar is missed.

    python bench/backtest_speed.py [--data FOLDER | --make make_data.py] [--rounds 5] [--bars 1.0,350,2.5] [--real]

`--data` names the folder of BTC.parquet, ETH.parquet and XRP.parquet; without it `--make` is run, which writes them where
BENCH_DATA says. The bars are seconds from shell to result (medians), megabytes at the peak, and how many times faster
than backtesting.py on five-minute bars, which is measured in turn where it is installed. First of all the trades are held
against the oracle in tests/oracle, row by row: a list that differs counts as a missed bar, however fast it was made.
`--real` runs the recorded hours of 2022-2024 too, where they lie beside the house. Processor seconds stand beside those of
the wall, and NumPy's own import beside both: on a machine that does other things only these can be compared.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.whole_process import (
    KARB,
    MAKE,
    ROOT,
    WORK,
    Environment,
    Measured,
    dataset_over,
    measured,
    middle,
    misses,
    own_home,
    show,
    year_of,
)

REAL = ("strategies/kimp_tiered_1h.yaml", "datasets/real_1h.yaml")
COINS = ("BTC", "ETH", "XRP")
PHASES = ("imports", "check", "read", "features", "decide", "ledger", "results", "figures", "json")


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    most_s, most_mb, times = (float(bar) for bar in options.bars.split(","))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        data = Path(options.data) if options.data else year_of(Path(options.make), folder)
        dataset = dataset_over(folder, data.absolute())
        environment = own_home(folder)
        strategy = str(WORK / "strategy.yaml")
        first = _backtest(strategy, str(dataset), folder, environment)  # compiles
        peer = [sys.executable, str(WORK / "peer_backtesting.py"), str(data)] if find_spec("backtesting") else None
        rounds: dict[str, list[Measured]] = {"NumPy's import": [], "karb": [], "backtesting.py": []}
        for _ in range(options.rounds):
            rounds["NumPy's import"].append(measured([sys.executable, "-c", "import numpy"], environment))
            rounds["karb"].append(_backtest(strategy, str(dataset), folder, environment))
            if peer is not None:
                rounds["backtesting.py"].append(measured(peer, environment))
        for name, runs in rounds.items():
            if runs:
                show(name, runs)
        real = _real(folder, environment, options.rounds) if options.real else []
        missed = not _equal(json.loads(first.out), data)  # after what is measured: a child inherits its parent's peak
        _phases(strategy, str(dataset), environment, options.rounds)
        missed |= misses("s, whole process", middle(rounds["karb"], "wall"), most_s)
        missed |= misses("MB at the peak", middle(rounds["karb"], "peak"), most_mb)
        if peer is not None:
            ratio = middle(rounds["backtesting.py"], "wall") / middle(rounds["karb"], "wall")
            missed |= misses("times backtesting.py", ratio, times, least=True)
        if real:
            show("real hours", real)
            missed |= misses("s, 2022-2024 hourly", middle(real, "wall"), most_s)
    return int(missed)


def _backtest(strategy: str, dataset: str, folder: Path, environment: Environment) -> Measured:
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        ledger = str(Path(fresh) / "ledger.sqlite")
        asked = ["backtest", strategy, "--data", dataset, "--format", "json", "--ledger", ledger]
        return measured([*KARB, *asked], environment)


def _real(folder: Path, environment: Environment, rounds: int) -> list[Measured]:
    """Nothing where the recordings do not lie beside the house."""
    if not (ROOT.parent / "shared" / "data").is_dir():
        return []
    return [_backtest(*(str(ROOT / each) for each in REAL), folder, environment) for _ in range(rounds)]


def _equal(result: Mapping[str, Any], data: Path) -> bool:
    """Whether every trade is the specification's."""
    import polars as pl

    from tests.oracle.reference_work import Columns, Trade, trades

    equal = True
    for coin in COINS:
        frame = pl.read_parquet(data / f"{coin}.parquet")
        names = ("krw_open", "krw_close", "usdt_open", "usdt_close", "fx")
        expected = trades(Columns(frame["ts"].to_numpy(), *(frame[name].to_numpy() for name in names)))
        told = [
            Trade(
                *(int(datetime.fromisoformat(t[name]).timestamp()) * 1000 for name in ("entered_at", "exited_at")),
                t["side"],
                t["tier"],
                *(Decimal(t[name]) for name in ("premium_at_decision", "entry_premium", "exit_premium")),
            )
            for t in result["trades"]
            if t["pair"] == coin
        ]
        equal &= told == expected
        print(f"{coin}  {len(told)} trades, {'equal in every row' if told == expected else 'NOT EQUAL'}")
    return equal


def _phases(strategy: str, dataset: str, environment: Environment, rounds: int) -> None:
    rows = []
    for _ in range(rounds):
        told = measured([sys.executable, str(WORK / "phases.py"), strategy, dataset], environment).out
        rows.append([float(each) for each in told.split()])
    for at, name in enumerate(PHASES):
        print(f"  {name:10} {median(row[at] for row in rows):7.3f} s of processor")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=None)
    parser.add_argument("--make", default=str(MAKE))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--bars", default="1.0,350,2.5")
    parser.add_argument("--real", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
