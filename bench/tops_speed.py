"""A month of one-second tops of three pairs, through the full desk and through other engines. Exits 1 when a bar is missed.

    python bench/tops_speed.py [--seconds 2678400] [--peers PYTHON] [--peer-seconds 172800] [--stepped-seconds 86400]

Both legs of each pair have a top a second, made from a seed. karb is measured as a whole process, from shell to result, its
ledger written, and told in tops a second; the peers by the time of their run alone, which favours them, on the first part of the
same tops: their rate does not grow with the stretch. `--peers` names a Python in which basana and nautilus_trader are
installed; what is not there is said to be missing, and counts as not shown. All of them carry out the same rule on the same
premium: on the stretch that each peer was given, its number of trades stands beside karb's. The run that steps every row is
told beside it, on a shorter stretch, without a bar; that both make the same decisions to the byte is a bar.
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
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
WORK = ROOT / "bench" / "tops_work"
START_MS = 1_735_689_600_000
#: Legs of three pairs, each with one top a second.
LEGS = 6
#: What pip writes as the `karb` command.
_KARB = "import sys; from karb_core.cli.main import main; sys.exit(main())"


@dataclass(frozen=True)
class Ran:
    """One run of karb as a whole process. Unit: seconds of the wall, megabytes; None where nobody tells."""

    wall: float
    peak: float | None
    result: Mapping[str, Any]
    ledger: Path


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        few_s = min(options.seconds, options.stepped_seconds)
        few, whole = _made(folder / "few", few_s), _made(folder / "whole", options.seconds)
        woken = _karb(folder, few)  # compiles, and its time is not told
        runs = [_karb(folder, whole) for _ in range(options.rounds)]
        rate = LEGS * options.seconds / median(run.wall for run in runs)
        _show("karb, whole process", rate, options.seconds, len(runs[0].result["trades"]), runs[0].peak)
        missed = _stepped(woken, _karb(folder, few, "--every-bar"), few_s)
        for peer in ("basana", "nautilus_trader"):
            missed |= _peer(
                options.peers, peer, whole.parent, min(options.seconds, options.peer_seconds), rate, runs[0]
            )
    return int(missed)


def _stepped(woken: Ran, stepped: Ran, seconds: int) -> bool:
    """Every row judged, and the same stretch by wakes: whether their decisions differ."""
    _show("karb, every row", LEGS * seconds / stepped.wall, seconds, len(stepped.result["trades"]), stepped.peak)
    equal = _decisions(woken) == _decisions(stepped)
    print(f"  decisions of both, on {seconds:,} seconds: {'equal to the byte' if equal else 'NOT EQUAL'}")
    return not equal


def _decisions(run: Ran) -> bytes:
    sys.path.insert(0, str(ROOT))
    from karb_core.ledger.decision_log import decision_log_bytes
    from karb_core.ledger.ledger import open_ledger
    from karb_core.ledger.reading import runs

    opened = open_ledger(run.ledger)
    try:
        return decision_log_bytes(opened, list(runs(opened))[-1])
    finally:
        opened.close()


def _peer(python: str, name: str, data: Path, seconds: int, rate: float, karb: Ran) -> bool:
    """Whether karb is not ahead of it."""
    if subprocess.run([python, "-c", f"import {name}"], capture_output=True, check=False).returncode:
        print(f"  {name}: missing (pip install {name}; --peers names its Python): not shown")
        return True
    script = WORK / f"peer_{name.split('_')[0]}.py"
    told = subprocess.run([python, str(script), str(data), str(seconds)], capture_output=True, text=True, check=True)
    tops, took, trades = told.stdout.split()[-3:]
    theirs = int(tops) / float(took)
    _show(f"{name}, run alone", theirs, seconds, int(trades), None)
    until = START_MS + seconds * 1000
    ours = sum(_ms(trade["exited_at"]) <= until for trade in karb.result["trades"])
    print(f"  trades on {seconds:,} seconds: {name} {trades}, karb {ours}")
    ahead = rate > theirs
    print(f"  {rate / theirs:8.1f} times {name:18} bar > 1   {'ok' if ahead else 'missed'}")
    return not ahead


def _ms(written: str) -> int:
    from datetime import datetime

    return int(datetime.fromisoformat(written).timestamp() * 1000)


def _karb(folder: Path, dataset: Path, *more: str) -> Ran:
    fresh = Path(tempfile.mkdtemp(dir=folder))
    asked = ["backtest", str(WORK / "strategy.yaml"), "--data", str(dataset), "--format", "json"]
    asked += ["--ledger", str(fresh / "ledger.sqlite"), *more]
    own = {"KARB_HOME": str(folder / "home"), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | own
    began = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([sys.executable, "-c", _KARB, *asked], stdout=out, env=kept, cwd=ROOT)
        if not hasattr(os, "wait4"):  # a system that does not tell what a child used
            code, used = process.wait(), None
        else:
            _, status, used = os.wait4(process.pid, 0)
            code = process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        out.seek(0)
        told = out.read()
    if code not in (0, 10):  # 10: ended with something left open
        raise SystemExit(f"karb: exit {code}")
    return Ran(wall, None if used is None else used.ru_maxrss / 1024, json.loads(told), fresh / "ledger.sqlite")


def _made(data: Path, seconds: int) -> Path:
    """The dataset of this work over tops that were just made."""
    subprocess.run([sys.executable, str(WORK / "make_tops.py"), str(data), str(seconds)], check=True)
    written = (WORK / "dataset.yaml").read_text(encoding="utf-8").splitlines()
    path = data / "dataset.yaml"
    lines = ["folder: ." if line.startswith("folder:") else line for line in written]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _show(name: str, rate: float, seconds: int, trades: int, peak: float | None) -> None:
    memory = "" if peak is None else f"{peak:8.0f} MB"
    print(f"{name:26} {rate:12,.0f} tops/s   {seconds:10,} s of market  {trades:6} trades {memory}", flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=31 * 86_400)
    parser.add_argument("--stepped-seconds", type=int, default=86_400)
    parser.add_argument("--peer-seconds", type=int, default=2 * 86_400)
    parser.add_argument("--peers", default=sys.executable)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
