"""What the benches of the reference work share: its data, a home of its own, and a command measured as a whole process."""

from __future__ import annotations

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

ROOT = Path(__file__).parents[1]
WORK = ROOT / "bench" / "reference_work"
MAKE = ROOT.parent / "shared" / "bench" / "make_data.py"
#: What pip writes as the `karb` command.
KARB = (sys.executable, "-c", "import sys; from karb_core.cli.main import main; sys.exit(main())")

Environment = Mapping[str, str]


@dataclass(frozen=True)
class Measured:
    """One whole process. Unit: seconds of the wall and of the processor, megabytes; None where nobody tells."""

    wall: float
    processor: float | None
    peak: float | None
    out: str


def year_of(script: Path, folder: Path) -> Path:
    subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "BENCH_DATA": str(folder / "year")},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return folder / "year"


def dataset_over(folder: Path, data: Path) -> Path:
    """The dataset of the reference work, with the folder in which the data lie here."""
    written = (WORK / "dataset.yaml").read_text(encoding="utf-8").splitlines()
    lines = [f"folder: {json.dumps(str(data))}" if line.startswith("folder:") else line for line in written]
    path = folder / "dataset.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def own_home(folder: Path) -> Environment:
    """A home of its own, and compiled files kept, as after an ordinary installation."""
    own = {"KARB_HOME": str(folder / "home"), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | own


def measured(command: Sequence[str], environment: Environment) -> Measured:
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


def show(name: str, runs: Sequence[Measured]) -> None:
    peak = f"{middle(runs, 'peak'):6.0f} MB" if runs[0].peak is not None else ""
    used = f"{middle(runs, 'processor'):6.2f} s of processor" if runs[0].processor is not None else ""
    print(f"{name:18} {middle(runs, 'wall'):6.2f} s   {used} {peak}")


def middle(runs: Sequence[Measured], what: str) -> float:
    return median(getattr(run, what) or 0.0 for run in runs)


def misses(what: str, found: float, bar: float, *, least: bool = False) -> bool:
    below = found < bar if least else found >= bar
    print(f"  {found:8.2f} {what:24} bar {'>=' if least else '<'} {bar:g}   {'missed' if below else 'ok'}")
    return below
