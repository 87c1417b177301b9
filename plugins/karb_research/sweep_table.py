"""A sweep as rows to show: each point with what stands around it, never in an order of merit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_research.axes import Place
from karb_research.deflated_sharpe import deflated
from karb_research.figures import PointFigures
from karb_research.sweeping import Row, Swept

_HALF = Decimal("0.5")  # karb: constant because two values have their middle there


@dataclass(frozen=True, slots=True)
class Around:
    """What the neighbours came to that were carried out: one step away along one axis, in the stretch that is judged.

    count: how many they are; net, sharpe: their medians, None without one.
    """

    count: int
    net: Amount | None
    sharpe: float | None


@dataclass(frozen=True, slots=True)
class TableRow:
    """labels: what is written at each axis; figures: None for a point that could not be carried out, `row.found` says why;
    deflated: of the Sharpe ratio in the stretch that is judged, for the number of points."""

    row: Row
    labels: tuple[str, ...]
    figures: PointFigures | None
    around: Around
    deflated: float | None


@dataclass(frozen=True, slots=True)
class SweepTable:
    """rows: in the order in which the points were asked for; tries: how many were carried out."""

    swept: Swept
    rows: tuple[TableRow, ...]
    tries: int


def table_of(swept: Swept) -> SweepTable:
    carried = [row for row in swept.rows if row.figures is not None]
    by_place = {row.place: row.figures for row in carried if row.figures is not None}
    told = deflated([figures.judged for figures in by_place.values()])
    chances = dict(zip(by_place, told, strict=True))
    rows = tuple(
        TableRow(
            row,
            swept.grid.labels(row.place),
            row.figures,
            _around(swept.grid.neighbours(row.place), by_place),
            chances.get(row.place),
        )
        for row in swept.rows
    )
    return SweepTable(swept, rows, len(carried))


def _around(places: Iterable[Place], by_place: Mapping[Place, PointFigures]) -> Around:
    beside = [by_place[place].judged for place in places if place in by_place]
    sharpes = [each.sharpe for each in beside if each.sharpe is not None]
    return Around(len(beside), _middle([each.net for each in beside]), median(sharpes) if sharpes else None)


def _middle(amounts: Sequence[Amount]) -> Amount | None:
    """Exact: of an even number the middle between the two in the middle."""
    if not amounts:
        return None
    ordered = sorted(amounts)
    upper, lower = ordered[len(ordered) // 2], ordered[(len(ordered) - 1) // 2]
    return Amount(exact.mul((upper + lower).value, _HALF), upper.asset)
