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
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
WORK = ROOT / "bench" / "reference_work"
MAKE = ROOT.parent / "shared" / "bench" / "make_data.py"
REAL = ("strategies/kimp_tiered_1h.yaml", "datasets/real_1h.yaml")
COINS = ("BTC", "ETH", "XRP")
PHASES = ("imports", "check", "read", "features", "decide", "ledger", "results", "figures", "json")
#: What pip writes as the `karb` command.
_KARB = "import sys; from karb_core.cli.main import main; sys.exit(main())"

Environment = Mapping[str, str]


@dataclass(frozen=True)
class Measured:
    """One whole process. Unit: seconds of the wall and of the processor, megabytes; None where nobody tells."""

    wall: float
    processor: float | None
    peak: float | None
    out: str


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    most_s, most_mb, times = (float(bar) for bar in options.bars.split(","))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        data = Path(options.data) if options.data else _made(Path(options.make), folder)
        dataset = _dataset(folder, data.absolute())
        environment = _environment(folder)
        strategy = str(WORK / "strategy.yaml")
        first = _backtest(strategy, str(dataset), folder, environment)  # compiles
        peer = [sys.executable, str(WORK / "peer_backtesting.py"), str(data)] if find_spec("backtesting") else None
        rounds: dict[str, list[Measured]] = {"NumPy's import": [], "karb": [], "backtesting.py": []}
        for _ in range(options.rounds):
            rounds["NumPy's import"].append(_measured([sys.executable, "-c", "import numpy"], environment))
            rounds["karb"].append(_backtest(strategy, str(dataset), folder, environment))
            if peer is not None:
                rounds["backtesting.py"].append(_measured(peer, environment))
        for name, runs in rounds.items():
            if runs:
                _show(name, runs)
        real = _real(folder, environment, options.rounds) if options.real else []
        missed = not _equal(json.loads(first.out), data)  # after what is measured: a child inherits its parent's peak
        _phases(strategy, str(dataset), environment, options.rounds)
        missed |= _missed("s, whole process", _median(rounds["karb"], "wall"), most_s)
        missed |= _missed("MB at the peak", _median(rounds["karb"], "peak"), most_mb)
        if peer is not None:
            ratio = _median(rounds["backtesting.py"], "wall") / _median(rounds["karb"], "wall")
            missed |= _missed("times backtesting.py", ratio, times, least=True)
        if real:
            _show("real hours", real)
            missed |= _missed("s, 2022-2024 hourly", _median(real, "wall"), most_s)
    return int(missed)


def _made(script: Path, folder: Path) -> Path:
    subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "BENCH_DATA": str(folder / "year")},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return folder / "year"


def _dataset(folder: Path, data: Path) -> Path:
    """The dataset of the reference work, with the folder in which the data lie here."""
    written = (WORK / "dataset.yaml").read_text(encoding="utf-8").splitlines()
    lines = [f"folder: {json.dumps(str(data))}" if line.startswith("folder:") else line for line in written]
    path = folder / "dataset.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _environment(folder: Path) -> Environment:
    """A home of its own, and compiled files kept, as after an ordinary installation."""
    own = {"KARB_HOME": str(folder / "home"), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | own


def _backtest(strategy: str, dataset: str, folder: Path, environment: Environment) -> Measured:
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        ledger = str(Path(fresh) / "ledger.sqlite")
        asked = ["backtest", strategy, "--data", dataset, "--format", "json", "--ledger", ledger]
        return _measured([sys.executable, "-c", _KARB, *asked], environment)


def _real(folder: Path, environment: Environment, rounds: int) -> list[Measured]:
    """Nothing where the recordings do not lie beside the house."""
    if not (ROOT.parent / "shared" / "data").is_dir():
        return []
    return [_backtest(*(str(ROOT / each) for each in REAL), folder, environment) for _ in range(rounds)]


def _measured(command: Sequence[str], environment: Environment) -> Measured:
    began = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, env=dict(environment), cwd=ROOT)
        if not hasattr(os, "wait4"):  # a system that does not tell what a child used
            code, used = process.wait(), None
        else:
            _, status, used = os.wait4(process.pid, 0)
            code = process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        out.seek(0)
        told = out.read().decode()
    if code not in (0, 10):  # 10: ended with something left open
        raise SystemExit(f"{command[0]}: exit {code}")
    if used is None:
        return Measured(wall, None, None, told)
    return Measured(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, told)


def _equal(result: Mapping[str, Any], data: Path) -> bool:
    """Whether every trade is the specification's."""
    sys.path.insert(0, str(ROOT))
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


def _show(name: str, runs: Sequence[Measured]) -> None:
    peak = f"{_median(runs, 'peak'):6.0f} MB" if runs[0].peak is not None else ""
    used = f"{_median(runs, 'processor'):6.2f} s of processor" if runs[0].processor is not None else ""
    print(f"{name:18} {_median(runs, 'wall'):6.2f} s   {used} {peak}")


def _median(runs: Sequence[Measured], what: str) -> float:
    return median(getattr(run, what) or 0.0 for run in runs)


def _missed(what: str, found: float, bar: float, *, least: bool = False) -> bool:
    missed = found < bar if least else found >= bar
    print(f"  {found:8.2f} {what:24} bar {'>=' if least else '<'} {bar:g}   {'missed' if missed else 'ok'}")
    return missed


def _phases(strategy: str, dataset: str, environment: Environment, rounds: int) -> None:
    rows = []
    for _ in range(rounds):
        told = _measured([sys.executable, str(WORK / "phases.py"), strategy, dataset], environment).out
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
