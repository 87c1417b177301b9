"""How long `karb check` takes as a whole process, with many components installed. Exits 1 when the bar is missed.

    python bench/check_speed.py [--rounds 10] [--strategy strategies/kimp_tiered.yaml]

The bar is 0.3 s for the best of ten. Throw-away plugins are written to a temporary folder on PYTHONPATH, so that at
least 60 components are installed; compiled files go to a folder of their own, as after an ordinary installation.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
BAR_S = 0.3
PLUGINS, COMPONENTS_EACH = 12, 5

#: What pip writes as the `karb` command.
_SCRIPT = "import sys; from karb_core.cli.main import main; sys.exit(main())"

_PLUGIN = """\
from karb_core.plugin import hookimpl
from karb_core.rules.params import Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import rule


def _made(number):
    class Made(Params):
        limit: PositiveRatio = rule("a limit", ko="한도", example="20%")
        reach: PositiveRatio = rule("a reach", ko="폭", example="20%")

    return type(f"Gate{number}", (), {"name": f"gate_{number}", "Params": Made, "__doc__": "A gate."})


@hookimpl
def karb_risk_gates():
    return [_made(number) for number in range(COMPONENTS)]
"""


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        _install(site)
        environment = _environment(site, Path(folder) / "compiled")
        check = [sys.executable, "-c", _SCRIPT, "check", options.strategy]
        installed = _components(environment)
        _run(check, environment)  # compiles
        best, middle = _timed(check, environment, options.rounds)
        bare, _ = _timed([sys.executable, "-c", "pass"], environment, options.rounds)
        rows = _imports(check[1:], environment)
    print(
        f"karb check {options.strategy}: best of {options.rounds} {best:.3f} s, median {middle:.3f} s (bar {BAR_S} s)"
    )
    print(f"python -c pass: {bare:.3f} s; ratio {best / bare:.1f}")
    print(f"components installed: {installed}")
    print("slowest imports, themselves / with what they import (ms):")
    for own, whole, name in rows:
        print(f"  {own / 1000:7.1f} {whole / 1000:7.1f}  {name}")
    missed = best > BAR_S or installed < PLUGINS * COMPONENTS_EACH
    print("missed" if missed else "ok")
    return int(missed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How long `karb check` takes as a whole process.")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--strategy", default="strategies/kimp_tiered.yaml")
    return parser.parse_args()


def _install(site: Path) -> None:
    for number in range(PLUGINS):
        name = f"throwaway_{number}"
        info = site / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")
        (info / "entry_points.txt").write_text(f"[karb.plugins]\n{name} = {name}\n", "utf-8")
        (site / f"{name}.py").write_text(_PLUGIN.replace("COMPONENTS", str(COMPONENTS_EACH)), "utf-8")


def _environment(site: Path, compiled: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "KARB_PLUGINS")}
    path = os.pathsep.join([str(ROOT), str(ROOT / "plugins"), str(site)])
    return kept | {"PYTHONPATH": path, "PYTHONPYCACHEPREFIX": str(compiled), "KARB_LANG": "en"}


def _components(environment: dict[str, str]) -> int:
    counted = "from karb_core.plugin.catalogue import Catalogue\nprint(len(list(Catalogue.installed().offers())))"
    return int(_run([sys.executable, "-c", counted], environment).stdout)


def _timed(command: Sequence[str], environment: dict[str, str], rounds: int) -> tuple[float, float]:
    """Best and median, in seconds of wall time."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        _run(command, environment)
        taken.append(time.perf_counter() - began)
    return min(taken), sorted(taken)[len(taken) // 2]


def _imports(arguments: Sequence[str], environment: dict[str, str]) -> list[tuple[int, int, str]]:
    """The ten slowest by their own time, in microseconds."""
    told = _run([sys.executable, "-X", "importtime", *arguments], environment).stderr
    rows = re.findall(r"import time:\s+(\d+) \|\s+(\d+) \|\s+(\S+)", told)
    return sorted(((int(own), int(whole), name) for own, whole, name in rows), reverse=True)[:10]


def _run(command: Sequence[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", check=True
    )


if __name__ == "__main__":
    sys.exit(main())
