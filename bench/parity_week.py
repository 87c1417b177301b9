"""One file, one week: on paper against generated live input, and as a backtest on what was recorded there.

    python bench/parity_week.py                a week, bars of five minutes, three pairs
    python bench/parity_week.py --hours 24     a part of it

The real house, door, desk, venues over books and ledger (SQLite, synchronous FULL), in virtual time; then `karb parity`
of that run as anybody calls it. What is hard is in it: an hour for which the owner stopped entries, an hour of late
bars, thin books, settlements, a rate that moves. Exits 1 unless every decision over the same inputs is the same, and
every difference in net result is a row with a cause, down to the last digit.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.parity_house import Stretch, live_through
from bench.parity_market import MINUTE, Shape
from karb_core.cli.main import main as karb
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import lived

WEEK_H = 7 * 24
_HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Shown:
    """What `karb parity` said of the run, as JSON has it, and its exit code."""

    code: int
    told: dict[str, Any]

    @property
    def adds_up(self) -> bool:
        """Whether the rows, added here, are the difference."""
        amounts = (Decimal(row["amount"].partition(" ")[0]) for row in self.told["rows"])
        return sum(amounts, Decimal(0)) == Decimal(self.told["net"]["difference"].partition(" ")[0])

    @property
    def has_causes(self) -> bool:
        return all(row["why"] for row in self.told["rows"])

    @property
    def holds(self) -> bool:
        return self.code == 0 and self.adds_up and self.has_causes


def of_hours(hours: int, bar_ns: int = 5 * MINUTE, step_s: int = 10, asks_s: int = 10) -> Stretch:
    """The owner stops entries for the second tenth of it, and bars are late in the sixth."""
    tenth = max(hours // 10, 1)
    return Stretch(
        Shape(bar_ns, wave=36), hours * _HOUR_S, window=288, step_s=step_s, halted=(tenth, 2 * tenth),
        late=(5 * tenth, 6 * tenth), asks_s=asks_s,
    )  # fmt: skip


def shown(ledger: Path) -> Shown:
    opened = open_ledger(ledger, read_only=True)
    run = next(lived(opened)).run
    opened.close()
    said = io.StringIO()
    code = 0
    with contextlib.redirect_stdout(said):
        try:
            karb(["parity", run.id, "--ledger", str(ledger), "--format", "json"])
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Shown(code, json.loads(said.getvalue()))


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description="One week on paper, and a backtest on what was recorded there.")
    options.add_argument("--hours", type=int, default=WEEK_H)
    options.add_argument("--keep", type=Path, default=None, metavar="FOLDER", help="where ledger and journal stay")
    given = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as thrown_away:
        place = (given.keep or Path(thrown_away)) / "ledger.sqlite"
        place.parent.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        ledger = open_ledger(place)
        live_through(of_hours(given.hours), ledger)
        ledger.close()
        lived_s = time.perf_counter() - began
        journal = sum(file.stat().st_size for file in place.parent.glob("journal/*/*"))
        print(f"{given.hours} h on paper took {lived_s:,.0f} s, {journal / 2**20:,.0f} MiB recorded", flush=True)
        began = time.perf_counter()
        found = shown(place)
        print(f"karb parity took {time.perf_counter() - began:,.0f} s, exit code {found.code}")
    _tell(found)
    return int(not found.holds)


def _tell(found: Shown) -> None:
    told = found.told
    replayed = told["replayed"]
    print(f"decisions over the same inputs: {replayed['decisions']}, of which {len(replayed['differences'])} differ")
    print(f"lots: {told['lots']['run']} on paper, {told['lots']['backtest']} in the backtest")
    print(f"net: {told['net']['run']} on paper, {told['net']['backtest']} in the backtest")
    print(f"difference: {told['net']['difference']}, in {len(told['rows'])} rows")
    counts = Counter(row["cause"] for row in told["rows"])
    for cause, amount in told["causes"].items():
        print(f"  {cause:16} {counts[cause]:5} {amount}")
    for name, true in (("every row has a cause", found.has_causes), ("the rows are the difference", found.adds_up)):
        print(f"{name}: {'yes' if true else 'NO'}")
    print("ok" if found.holds else "missed")


if __name__ == "__main__":
    sys.exit(main())
