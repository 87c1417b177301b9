"""The sweep of the reference work, 1,000 points, as a whole process: how long, beside vectorbt. Exits 1 when a bar is missed.

    python bench/sweep_speed.py [--data FOLDER | --make make_data.py] [--rounds 3] [--bars 5.0,5] [--peers PYTHON]

`--data` and `--make` as in `backtest_speed.py`. The bars are seconds from shell to table (median) and how many times faster
than vectorbt, which is measured in turn by the Python of `--peers` where it is installed there; where it is not, that bar
counts as missed. First of all the table is held against two others: trades of 40 points, drawn from a seed, against the
oracle in tests/oracle, those of all points against vectorbt's, and three points whole against `karb backtest` (`--check`).
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.whole_process import (
    KARB,
    MAKE,
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

Point = tuple[str, str]
CHECKED, DRAWN = 3, 40


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    most_s, times = (float(bar) for bar in options.bars.split(","))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        data = (Path(options.data) if options.data else year_of(Path(options.make), folder)).absolute()
        dataset, environment = dataset_over(folder, data), own_home(folder)
        first = _sweep(dataset, folder, environment, "--check", str(CHECKED))
        table = _trades(json.loads(first.out))
        peer = [options.peers, str(WORK / "peer_vectorbt.py"), str(data)] if _has_vectorbt(options.peers) else None
        ours, theirs = [], []
        for _ in range(options.rounds):
            ours.append(_sweep(dataset, folder, environment))
            if peer is not None:
                theirs.append(measured(peer, environment))
        missed = not _as_the_oracle(table, data)
        show("karb sweep", ours)
        missed |= misses("s, whole process", middle(ours, "wall"), most_s)
        if not theirs:
            print("vectorbt is not installed: nothing to stand beside")
            return 1
        show("vectorbt", theirs)
        missed |= table != _peers_trades(theirs[0].out)
        print(f"trades of all points {'equal' if table == _peers_trades(theirs[0].out) else 'NOT EQUAL'} to vectorbt's")
        ratio = middle(theirs, "wall") / middle(ours, "wall")
        missed |= misses("times vectorbt", ratio, times, least=True)
    return int(missed)


def _sweep(dataset: Path, folder: Path, environment: Environment, *more: str) -> Measured:
    """With a store of its own: nothing is known of any point."""
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        asked = ["sweep", str(WORK / "sweep.yaml"), "--data", str(dataset), "--format", "json"]
        store = ["--store", str(Path(fresh) / "points.sqlite")]
        return measured([*KARB, *asked, *store, *more], environment)


def _trades(told: Mapping[str, Any]) -> dict[Point, int]:
    """By z and target in percent."""
    return {
        (point["at"]["z"], point["at"]["target"].removesuffix("%")): point["whole"]["trades"]
        for point in told["points"]
    }


def _peers_trades(told: str) -> dict[Point, int]:
    rows = (line.split() for line in told.splitlines())
    return {(z, target): int(trades) for z, target, trades, _ in rows}


def _as_the_oracle(table: Mapping[Point, int], data: Path) -> bool:
    import polars as pl

    from tests.oracle.reference_work import Columns, trades

    frame = pl.read_parquet(data / "BTC.parquet")
    names = ("krw_open", "krw_close", "usdt_open", "usdt_close", "fx")
    columns = Columns(frame["ts"].to_numpy(), *(frame[name].to_numpy() for name in names))
    drawn = random.Random(1).sample(sorted(table), DRAWN)
    equal = [
        len(trades(columns, ((float(z), "normal", float(target) / 100),), clear=0)) == table[z, target]
        for z, target in drawn
    ]
    print(f"{sum(equal)} of {len(equal)} points have the trades of the oracle")
    return all(equal)


def _has_vectorbt(python: str) -> bool:
    found = subprocess.run([python, "-c", "import vectorbt"], capture_output=True, check=False)
    return found.returncode == 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=None)
    parser.add_argument("--make", default=str(MAKE))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bars", default="5.0,5")
    parser.add_argument("--peers", default=sys.executable)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
