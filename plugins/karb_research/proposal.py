"""A patch for the owner's own hand, of the one point he names: a diff in a file of its own. karb applies none."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

from karb_core.errors import UsageMistake
from karb_core.ports import Points
from karb_core.texts.text import Words
from karb_research.sweep_table import SweepTable, TableRow


def named_point(table: SweepTable, number: int) -> TableRow:
    """Errors: UsageMistake for a point that is not in the table, and one that could not be carried out."""
    row = next((each for each in table.rows if each.row.number == number), None)
    if row is None:
        raise UsageMistake(
            Words(
                f"there is no point {number}: there are 1 to {len(table.rows)}",
                f"{number}번 점이 없습니다: 1-{len(table.rows)}",
            )
        )
    if row.figures is None:
        raise UsageMistake(
            Words(f"point {number} cannot be carried out: nothing is proposed", f"{number}번 점은 실행할 수 없습니다")
        )
    return row


def patch(points: Points, table: SweepTable, row: TableRow, strategy: str) -> str:
    """A unified diff. Errors: StrategyInvalid where the text cannot be changed in place."""
    before, after = points.text(()), points.text(table.swept.grid.changes(row.row.place))
    name = Path(strategy).as_posix()
    lines = unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
