"""The reference work in karb, as a whole process: how long, how much memory, where the time goes. Exits 1 when a bar is missed.

    python bench/backtest_speed.py [--data FOLDER | --make make_data.py] [--rounds 5] [--peers PYTHON] [--years 10] [--real]
                                   [--bars 1.0,350,2.5,8,10,1]

`--data` names the folder of BTC.parquet, ETH.parquet and XRP.parquet; without it `--make` is run, which writes them where
BENCH_DATA says. The bars are seconds from shell to result (medians), megabytes at the peak, how many times faster than
backtesting.py, vectorbt and nautilus_trader, whole processes on five-minute bars, and how many times faster than vectorbt from
columns in memory to the trades. Peers are run in turn, by the Python of `--peers`; one that is not installed there, or whose
trades are not the specification's, counts as missed, but for a bar of 0, which asks nothing. First of all karb's own trades
are held against the oracle in tests/oracle, row by row: a list that differs is a missed bar, however fast it was made.
`--years` runs so many years (the same one, again and again) in one: neither time nor memory may grow by more than that; 0 runs
none. `--real` runs the recorded hours of 2022-2024 too, where they lie beside the house. Processor seconds stand beside those
of the wall, and NumPy's own import beside both: on a machine that does other things only these can be compared.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.more_years import repeated
from bench.peers import Peer, peers, t_bt
from bench.trade_lists import COINS, expected, told
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
PHASES = ("imports", "check", "read", "features", "decide", "ledger", "results", "figures", "json")
STRATEGY = str(WORK / "strategy.yaml")


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    most_s, most_mb, *times = (float(bar) for bar in options.bars.split(","))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        data = (Path(options.data) if options.data else year_of(Path(options.make), folder)).absolute()
        dataset, environment = dataset_over(folder, data), own_home(folder)
        first = _backtest(STRATEGY, str(dataset), folder, environment)  # compiles
        others = {peer: version for peer in peers() if (version := peer.version(options.peers)) is not None}
        numpy, ours, from_columns = [], [], []
        for _ in range(options.rounds):
            numpy.append(measured([sys.executable, "-c", "import numpy"], environment))
            ours.append(_backtest(STRATEGY, str(dataset), folder, environment))
            own = measured([sys.executable, str(WORK / "own_trades.py"), STRATEGY, str(dataset)], environment)
            from_columns.append(t_bt(own.out))
            for peer in others:
                peer.run(options.peers, data, environment, warm=peer.name == "vectorbt")
        more = _years(data, folder, environment, options.years)
        real = _real(folder, environment, options.rounds) if options.real else []
        show("NumPy's import", numpy)
        show("karb", ours)
        # after what is measured: a child inherits its parent's peak
        missed = not _equal(json.loads(first.out), data)
        _phases(str(dataset), environment, options.rounds)
        missed |= misses("s, whole process", middle(ours, "wall"), most_s)
        missed |= misses("MB at the peak", middle(ours, "peak"), most_mb)
        missed |= _beside(others, data, middle(ours, "wall"), median(from_columns), times)
        missed |= _in_proportion(more, ours, options.years)
        if real:
            show("real hours", real)
            missed |= misses("s, 2022-2024 hourly", middle(real, "wall"), most_s)
    return int(missed)


def _backtest(strategy: str, dataset: str, folder: Path, environment: Environment) -> Measured:
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        ledger = str(Path(fresh) / "ledger.sqlite")
        asked = ["backtest", strategy, "--data", dataset, "--format", "json", "--ledger", ledger]
        return measured([*KARB, *asked], environment)


def _beside(others: dict[Peer, str], data: Path, our_s: float, our_t_bt: float, bars: Sequence[float]) -> bool:
    """Whether a bar beside the peers is missed; a row for each peer."""
    missed, found = False, {peer.name: peer for peer in others}
    print(f"  {'t_bt':18} {our_t_bt:6.3f} s of the wall, from columns in memory to the trades")
    for peer, times in zip(peers(), bars, strict=False):
        mine = found.get(peer.name)
        if mine is None:
            print(f"{peer.name} is not installed: nothing to stand beside" if times else f"{peer.name}: not asked for")
            missed |= bool(times)
            continue
        equal = mine.is_equal(expected(data, same_close=mine.same_close))
        show(f"{mine.name} {others[mine]}", mine.runs)
        filled = "the close that decides" if mine.same_close else "the next open"
        print(
            f"  {'t_bt':18} {median(mine.times):6.3f} s; trades {'equal' if equal else 'NOT EQUAL'}, filled at {filled}"
        )
        missed |= (not equal and bool(times)) | misses(
            f"times {mine.name}", middle(mine.runs, "wall") / our_s, times, least=True
        )
        if mine.name == "vectorbt":
            missed |= misses("times its t_bt", median(mine.times) / our_t_bt, bars[-1], least=True)
    return missed


def _years(data: Path, folder: Path, environment: Environment, years: int) -> Measured | None:
    """One run over so many years; None for none."""
    if not years:
        return None
    place = folder / "years"
    place.mkdir()
    return _backtest(STRATEGY, str(dataset_over(place, repeated(data, place / "data", years))), folder, environment)


def _in_proportion(more: Measured | None, ours: Sequence[Measured], years: int) -> bool:
    """Whether more years took more than so many times of one: by the processor where it tells, as that is steady."""
    if more is None:
        return False
    show(f"{years} years", [more])
    what = "wall" if more.processor is None else "processor"
    missed = misses("times the time of one", middle([more], what) / middle(ours, what), years)
    if more.peak is not None:
        missed |= misses("times the memory of one", more.peak / middle(ours, "peak"), years)
    return missed


def _real(folder: Path, environment: Environment, rounds: int) -> list[Measured]:
    """Nothing where the recordings do not lie beside the house."""
    if not (ROOT.parent / "shared" / "data").is_dir():
        return []
    return [_backtest(*(str(ROOT / each) for each in REAL), folder, environment) for _ in range(rounds)]


def _equal(result: Mapping[str, Any], data: Path) -> bool:
    """Whether every trade is the specification's."""
    wanted = expected(data)
    for coin in COINS:
        word = "equal in every row" if told(result, coin) == wanted[coin] else "NOT EQUAL"
        print(f"{coin}  {len(told(result, coin))} trades, {word}")
    return all(told(result, coin) == wanted[coin] for coin in COINS)


def _phases(dataset: str, environment: Environment, rounds: int) -> None:
    rows = []
    for _ in range(rounds):
        told = measured([sys.executable, str(WORK / "phases.py"), STRATEGY, dataset], environment).out
        rows.append([float(each) for each in told.split()])
    for at, name in enumerate(PHASES):
        print(f"  {name:10} {median(row[at] for row in rows):7.3f} s of processor")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=None)
    parser.add_argument("--make", default=str(MAKE))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--bars", default="1.0,350,2.5,8,10,1")
    parser.add_argument("--peers", default=sys.executable)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--real", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
