"""Where the time of a run goes: start, imports, read, features, decide, ledger.

    python bench/run_phases.py [STRATEGY] [DATASET]

Prints a row per phase, medians over five runs in processes of their own, and the ratio of the whole to a bare
Python's start. Exits 1 when the quickstart is not at its summary in ten seconds.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5
BAR_S = 10.0
PHASES = ("imports", "read", "features", "decide", "ledger")

_PROBE = """
import time; t = [time.perf_counter()]
def lap(): t.append(time.perf_counter())
import asyncio, sys, tempfile, pathlib
from karb_core.cli.rehearsing import named_dataset as _dataset_of
from karb_core.history.span import Span
from karb_core.ledger.ledger import open_ledger
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import check
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.rulebook.source import read_source
from karb_core.wiring import backtest_parts, market_data
import numpy, polars
lap()
strategy, dataset = sys.argv[1], sys.argv[2]
catalogue = Catalogue.installed()
rulebook = check(read_source(strategy), catalogue).rulebook
described = dataset_of(dataset or _dataset_of(strategy, rulebook), catalogue)
loads = []
real = market_data.load
def timed(*args):
    began = time.perf_counter(); made = real(*args); loads.append(time.perf_counter() - began); return made
market_data.load = timed
with tempfile.TemporaryDirectory() as folder:
    ledger = open_ledger(pathlib.Path(folder) / "ledger.sqlite")
    began = time.perf_counter()
    made = backtest_parts.furnish(rulebook, described, ledger, Span(), 0, every_row=False, quiet=True)
    features = time.perf_counter() - began - loads[0]
    lap()
    asyncio.run(made.backtest.run())
    lap()
    made.backtest.end("done", 0)
    ledger.close()
    lap()
read = t[2] - t[1] - features
print(t[1] - t[0], read, features, t[3] - t[2], t[4] - t[3], len(made.backtest.desk.books.closed))
"""


def main() -> int:
    strategy = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "strategies" / "quickstart.yaml")
    dataset = sys.argv[2] if len(sys.argv) > 2 else ""
    rows, walls, bare = [], [], []
    for _ in range(RUNS):
        bare.append(_wall(["-c", "pass"])[0])
        wall, out = _wall(["-c", _PROBE, strategy, dataset])
        walls.append(wall)
        rows.append([float(x) for x in out.split()])
    start, whole = statistics.median(bare), statistics.median(walls)
    print(f"{'start':10} {start:7.3f} s")
    for i, name in enumerate(PHASES):
        print(f"{name:10} {statistics.median(row[i] for row in rows):7.3f} s")
    print(f"{'whole':10} {whole:7.3f} s   {whole / start:.0f} times a bare Python   {rows[0][5]:.0f} trades")
    return 0 if whole < BAR_S or len(sys.argv) > 1 else 1


def _wall(arguments: list[str]) -> tuple[float, str]:
    began = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True, cwd=ROOT)
    return time.perf_counter() - began, done.stdout


if __name__ == "__main__":
    sys.exit(main())
