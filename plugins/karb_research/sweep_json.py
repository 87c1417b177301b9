"""A sweep as one JSON document: money whole, as text; ratios as numbers or null."""

from __future__ import annotations

from karb_core.texts.text import Words
from karb_research import kept_figures
from karb_research.goal import Reached
from karb_research.sweep_file import StudyFile
from karb_research.sweep_table import SweepTable, TableRow


def document(study: StudyFile, strategy: str, data: str, table: SweepTable, goal: Reached | None) -> dict[str, object]:
    """Keys are added, never changed: the App writes its version first. What one run of the same study says, each says:
    how many points were known before is not in it."""
    split = table.swept.out_of_sample
    told: dict[str, object] = {
        "study": study.study,
        "strategy": strategy,
        "data": data,
        "out_of_sample": None if split is None else split.isoformat(),
        "axes": [
            {"name": axis.name, "rule": axis.rule, "levels": [level.label for level in axis.levels]}
            for axis in table.swept.grid.axes
        ],
        "grid": table.swept.grid.size,
        "tries": table.tries,
        "points": [_point(table, row) for row in table.rows],
    }
    if goal is not None:
        told["goal"] = {
            "written": goal.goal.written,
            "in_sample": [row.row.number for row in goal.inside],
            "out_of_sample_too": [row.row.number for row in goal.both],
        }
    return told


def _point(table: SweepTable, row: TableRow) -> dict[str, object]:
    names = [axis.name for axis in table.swept.grid.axes]
    told: dict[str, object] = {"point": row.row.number, "at": dict(zip(names, row.labels, strict=True))}
    if isinstance(row.row.found, Words):
        return {**told, "refused": row.row.found.en}
    around = {
        "count": row.around.count,
        "net": None if row.around.net is None else row.around.net.text(),
        "sharpe": row.around.sharpe,
    }
    return {**told, **kept_figures.plain(row.row.found), "neighbours": around, "deflated_sharpe": row.deflated}
