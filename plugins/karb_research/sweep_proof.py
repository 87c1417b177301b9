"""`--check N`: sampled points carried out by `karb backtest` itself, on a file that really says so."""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from pathlib import Path

from karb_core.domain import canonical
from karb_core.errors import KarbError
from karb_core.ports import App, Asked, Backtested, PointCarried, Points
from karb_core.texts.text import Words
from karb_research.figures import PointFigures, point_figures
from karb_research.sweep_table import SweepTable, TableRow


def prove(app: App, points: Points, table: SweepTable, asked: Asked, count: int) -> int:
    """How many were compared: all figures, to the last digit. Errors: KarbError where one differs, naming the point."""
    sampled = _sampled(table, count)
    for row in sampled:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "changed.yaml"
            file.write_text(points.text(table.swept.grid.changes(row.row.place)), encoding="utf-8", newline="\n")
            mine = replace(asked, data=points.data, ledger=str(Path(folder) / "ledger.sqlite"))
            came = app.backtest(str(file), mine, progress=False)
        again = point_figures(_carried(came), table.swept.out_of_sample)
        if again != row.figures:
            raise _differs(row, again)
    return len(sampled)


def _sampled(table: SweepTable, count: int) -> list[TableRow]:
    """The same of the same study, on every machine."""
    carried = [row for row in table.rows if row.figures is not None]
    names = [(axis.name, *(level.label for level in axis.levels)) for axis in table.swept.grid.axes]
    drawn = random.Random(canonical.digest(names)).sample(range(len(carried)), min(count, len(carried)))
    return [carried[at] for at in sorted(drawn)]


def _carried(came: Backtested) -> PointCarried:
    return PointCarried.of_days(
        rules=came.digests["rules"],
        capital=came.capital,
        trades=tuple((trade.closed_at_ns, trade.net) for trade in came.trades),
        by_day=[(day.day, day.at_ns, came.capital + day.parts.net) for day in came.days],
        open_lots=len(came.open_lots),
    )


def _differs(row: TableRow, again: PointFigures) -> KarbError:
    mine = row.figures
    assert mine is not None
    told = f"{mine.whole.trades} / {mine.booked.text()} != {again.whole.trades} / {again.booked.text()}"
    number, at = row.row.number, " ".join(row.labels)
    return KarbError(
        Words(
            f"point {number} ({at}) is not what `karb backtest` makes of it: {told}",
            f"{number}번 점({at})이 `karb backtest`의 결과와 다릅니다: {told}",
        ),
        Words("do not use this table, and report it", "이 표를 쓰지 말고 알려 주세요"),
    )
