"""The columns that a page draws: floats, rounded for the eye, and fewer than the run had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from karb_core.domain.lots import Lot
from karb_core.domain.premium import premium
from karb_core.history.columns import Ints, Mask
from karb_core.texts.text import Words
from karb_research.drawdown import under_water
from karb_research.equity_curve import EquityCurve
from karb_research.premiums import Premiums
from karb_research.study import Study

_MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_MINUTE = 60_000  # karb: constant because a minute has so many milliseconds
_BUCKETS = 900  # karb: constant because a screen has no more columns to show
_UNITS = 1e8  # karb: constant because premium columns are in units of 1e-8
_PLACES = 6  # karb: constant because it is a step of display
_WORDS = {
    "equity": Words("equity", "자산"),
    "drawdown": Words("drawdown", "낙폭"),
    "premium": Words("premium", "프리미엄"),
    "judged": Words("at the rate that judges", "판단 환율"),
    "booked": Words("at the rate that books", "정산 환율"),
    "open": Words("open", "열림"),
}


def figures(study: Study) -> dict[str, object]:
    """Shape: JSON. Times are minutes since `first`, ms of UTC; premiums and drawdown ratios; None is a gap."""
    return {
        "asset": study.came.capital.asset,
        "words": {key: {"en": words.en, "ko": words.ko} for key, words in _WORDS.items()},
        "days": _days(study),
        "premiums": [{"pair": name, **_premium(study, name, one)} for name, one in study.premiums.items()],
    }


def _days(study: Study) -> dict[str, object]:
    curve = EquityCurve.of(study.came)
    at_ms = [study.came.began_ns // _MS, *(day.at_ns // _MS for day in study.came.days)]
    equity = [round(float(value.value), 2) for value in curve.values]
    fell = [0.0, *(round(depth, _PLACES) for depth in under_water(curve))]
    return {**_times(at_ms), "equity": equity, "fell": fell}


def _premium(study: Study, name: str, premiums: Premiums) -> dict[str, object]:
    rows = list(_rows(premiums))
    out = {**_times([int(premiums.closed_at_ms[row]) for row in rows]), "booked": None}
    out["judged"] = [_at(premiums.judged, premiums.judged_present, row) for row in rows]
    if premiums.booked is not None and premiums.booked_present is not None:
        out["booked"] = [_at(premiums.booked, premiums.booked_present, row) for row in rows]
    return {**out, "marks": list(_marks(study, name))}


def _rows(premiums: Premiums) -> Iterator[int]:
    """Of each stretch the lowest and the highest, so that no extreme is lost; of one without any its first: a gap."""
    count = len(premiums.closed_at_ms)
    step = -(-count // _BUCKETS) or 1  # karb: constant because a chart of nothing has no stretches
    for first in range(0, count, step):
        mine, there = premiums.judged[first : first + step], premiums.judged_present[first : first + step]
        seen = there.nonzero()[0]
        if not len(seen):
            yield first
            continue
        lowest, highest = int(seen[mine[seen].argmin()]), int(seen[mine[seen].argmax()])
        yield from sorted({first + lowest, first + highest})


def _at(column: Ints, present: Mask, row: int) -> float | None:
    return round(int(column[row]) / _UNITS, _PLACES) if present[row] else None


def _marks(study: Study, pair: str) -> Iterator[dict[str, object]]:
    """Of each lot its way in, and its way out where it has one."""
    for trade in study.came.trades:
        if trade.lot.pair == pair and trade.entry_premium is not None:
            ended = {"out": trade.closed_at_ns // _MS, "to": _float(trade.exit_premium)}
            net = {"net": round(float(trade.net.value), 2), "good": trade.net.value > 0}
            yield {**_into(trade.lot, trade.entry_premium), **ended, **net}
    for lot in study.came.open_lots:
        entered = _entered_at(lot)
        if lot.pair == pair and entered is not None:
            yield {**_into(lot, entered), "out": None, "to": None, "net": None, "good": None}


def _into(lot: Lot, entered: Decimal) -> dict[str, object]:
    side = lot.side.partition("_")[0]
    return {"into": lot.opened_at_ns // _MS, "from": _float(entered), "side": side, "tier": lot.tier}


def _entered_at(lot: Lot) -> Decimal | None:
    """The premium that an open lot was entered at; None where it is no premium's, or a leg never filled."""
    costs = [abs(leg.entered_cost).value for leg in lot.legs]
    if len(costs) != 2 or not all(costs):
        return None
    rate = dict(lot.rates).get("premium")
    return premium(costs[0], costs[1], Decimal(1) if rate is None else rate.value)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else round(float(value), _PLACES)


def _times(at_ms: Sequence[int]) -> dict[str, object]:
    first = at_ms[0] if at_ms else 0
    return {"first": first, "minutes": [(at - first) // _MINUTE for at in at_ms]}
