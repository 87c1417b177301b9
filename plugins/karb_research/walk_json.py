"""A walk forward as one JSON document: money whole, as text; ratios as numbers or null."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from karb_core.domain.instant import to_text
from karb_research import walk_words
from karb_research.axes import Grid
from karb_research.figures import Figures
from karb_research.sweep_file import StudyFile, Take
from karb_research.walked import Walked, WalkRow
from karb_research.windows import Laid


def document(
    study: StudyFile, strategy: str, data: str, grid: Grid, take: Take, laid: Laid, found: Walked
) -> dict[str, object]:
    """Keys are added, never changed: the App writes its version first. What one run of the same study says, each says."""
    rolling = study.walk_forward is not None and study.walk_forward.windows.rolling is not None
    return {
        "study": study.study,
        "strategy": strategy,
        "data": data,
        "windows": "rolling" if rolling else "anchored",
        "take": {"measure": take.measure, "towards": take.towards},
        "axes": [
            {"name": axis.name, "rule": axis.rule, "levels": [level.label for level in axis.levels]}
            for axis in grid.axes
        ],
        "days_left": laid.left,
        "walks": [_walk(grid, take, row) for row in found.rows],
        "joined": {
            "figures": _figures(found.joined),
            "efficiency": found.efficiency,
            "equity": None
            if found.days is None
            else [
                {"day": day.isoformat(), "at": to_text(at_ns), "equity": equity.text()}
                for day, at_ns, equity in found.days
            ],
        },
    }


def _walk(grid: Grid, take: Take, row: WalkRow) -> dict[str, object]:
    window, taken, names = row.walk.window, row.walk.taken, [axis.name for axis in grid.axes]
    why = walk_words.why_nothing(row, take)
    return {
        "window": window.number,
        "in_sample": _days(window.in_sample),
        "out_of_sample": _days(window.out_of_sample),
        "points": [
            {
                "point": each.number,
                "at": dict(zip(names, grid.labels(each.place), strict=True)),
                take.measure: _measured(None if each.figures is None else each.figures.judged, take),
            }
            for each in row.walk.rows
        ],
        "taken": None if taken is None else taken.number,
        "refused": None if why is None else why.en,
        "inside": _figures(row.inside),
        "outside": _figures(row.outside),
        "open_lots": None if row.walk.carried is None else row.walk.carried.open_lots,
        "efficiency": row.efficiency,
    }


def _days(stretch: tuple[date, date]) -> dict[str, str]:
    first, last = stretch
    return {"first": first.isoformat(), "last": last.isoformat()}


def _figures(figures: Figures | None) -> dict[str, object] | None:
    return None if figures is None else {**asdict(figures), "net": figures.net.text()}


def _measured(figures: Figures | None, take: Take) -> object:
    if figures is None:
        return None
    return figures.net.text() if take.measure == "net" else getattr(figures, take.measure)
