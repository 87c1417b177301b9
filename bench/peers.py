"""Other engines at the reference work, where they are installed: their whole process, and their way from columns to trades."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.trade_lists import are_printed
from bench.whole_process import WORK, Environment, Measured, measured
from tests.oracle.reference_work import Trade

_VERSION = "from importlib.metadata import version; import {0}; print(version('{1}'))"


@dataclass(eq=False)
class Peer:
    """One engine. same_close: it knows no next open. runs: whole processes; times: seconds from columns to trades."""

    name: str
    module: str
    script: str
    same_close: bool = False
    runs: list[Measured] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def version(self, python: str) -> str | None:
        """None where it is not installed."""
        asked = [python, "-c", _VERSION.format(self.module, self.name)]
        found = subprocess.run(asked, capture_output=True, text=True, check=False)
        return None if found.returncode else found.stdout.strip()

    def run(self, python: str, data: Path, environment: Environment, *, warm: bool) -> None:
        command = [python, str(WORK / self.script), str(data)]
        self.runs.append(measured(command, environment))
        again = measured([*command, "warm"], environment) if warm else self.runs[-1]
        self.times.append(t_bt(again.out))

    def is_equal(self, wanted: Mapping[str, Sequence[Trade]]) -> bool:
        return all(are_printed(run.out, wanted) for run in self.runs)


def t_bt(out: str) -> float:
    """Of the line in which a script tells it."""
    return next(float(line.split()[1]) for line in out.splitlines() if line.startswith("t_bt "))


def peers() -> tuple[Peer, ...]:
    """In the order of their bars."""
    return (
        Peer("backtesting", "backtesting", "peer_backtesting.py"),
        Peer("vectorbt", "vectorbt", "peer_vectorbt_trades.py"),
        Peer("nautilus_trader", "nautilus_trader", "peer_nautilus.py", same_close=True),
    )
