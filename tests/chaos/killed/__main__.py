"""`python -m tests.chaos.killed --ledger sqlite|postgres [--all]`: boundary by boundary, what was survived."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from karb_core.ledger.ledger import Ledger, open_ledger
from tests.chaos.killed.script import SCRIPTS
from tests.chaos.killed.sweep import Sweep, everywhere, spread, unproven
from tests.ledger.conftest import NO_POSTGRES, postgres_schema


@contextmanager
def _place(kind: str) -> Iterator[str]:
    """Where a ledger is made that is gone afterwards."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            yield str(Path(folder) / "karb.ledger")
    elif NO_POSTGRES is not None:
        sys.exit(NO_POSTGRES)
    else:
        with postgres_schema() as url:
            yield url


def main() -> int:
    told = argparse.ArgumentParser(prog="python -m tests.chaos.killed", description=__doc__)
    told.add_argument("--ledger", choices=("sqlite", "postgres"), required=True)
    told.add_argument("--all", action="store_true", help="at every boundary, not only at some of each kind")
    asked = told.parse_args()
    with _place(asked.ledger) as where:
        ledger = open_ledger(where)
        try:
            return _sweep(ledger, where, everything=asked.all)
        finally:
            ledger.close()


def _sweep(ledger: Ledger, where: str, *, everything: bool) -> int:
    began, boundaries, plays, kills, differ = time.monotonic(), 0, 0, 0, 0
    for turn, name in enumerate(SCRIPTS):
        sweep = Sweep(name, ledger, where)
        whole = sweep.whole()
        boundaries += len(whole.passed)
        print(f"{name}: {len(whole.passed)} boundaries")
        for at in everywhere(whole.passed) if everything else spread(whole.passed, turn):
            done = sweep.killed(at, whole)
            plays, kills, differ = plays + 1, kills + len(done.where), differ + bool(done.differs)
            numbered = ", then ".join(f"{n} {place}" for n, place in zip(done.kills, done.where, strict=False))
            print(f"  {numbered}: {'; '.join(done.differs) or 'survived'}", flush=True)
    broken = unproven(ledger)
    took = time.monotonic() - began
    print(f"{boundaries} boundaries, {plays} plays, {kills} kills, {differ} differ, {took:.0f} s")
    print("the ledger's own check:", "; ".join(broken) or "all holds")
    return 1 if differ or broken else 0


if __name__ == "__main__":
    sys.exit(main())
