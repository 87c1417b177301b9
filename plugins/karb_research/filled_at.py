"""Whether an order filled at a price that nobody could have had: known when it was decided, or known only later."""

from __future__ import annotations

from collections.abc import Iterator

from karb_core.domain.amount import Amount, Price
from karb_core.domain.exact import text
from karb_core.domain.orders import Fill
from karb_core.ports import Course
from karb_core.texts.text import Words
from karb_research.found_bias import Found, Kind
from karb_research.whole_run import Whole

_SIMULATE = "/simulate/backtest"


def last_stamp(course: Course, cut_ns: int) -> int:
    """When what was placed by then has filled whole, on the venue's clock; the cut itself where that is later."""
    return max([cut_ns, *(each.fill.venue_at_ns for each in course.fills if each.placed_at_ns <= cut_ns)])


def placed_at(course: Course, at_ns: int) -> bool:
    """Whether an order that filled was placed at that moment."""
    return any(each.placed_at_ns == at_ns for each in course.fills)


def own_prices(whole: Whole, cut_ns: int, otherwise: Course) -> Iterator[Found]:
    """`otherwise`: decided as the whole run up to the cut, but whatever trades from that moment on has other prices. A fill
    at its old price was at one that was known when it was decided."""
    theirs = _by_order(otherwise)
    for each in whole.course.fills:
        prices = [fill.price for fill in theirs.get(each.fill.order_id, ())]
        if each.placed_at_ns == cut_ns and each.fill.price in prices:
            yield _found(whole, Kind.OWN_PRICE, each.fill, _said(each.fill), cut_ns)


def fills_ahead(whole: Whole, cut_ns: int, otherwise: Course) -> Iterator[Found]:
    """`otherwise`: prices are others only after the last of these fills. The first that differs, of a plan that was decided
    the same, rests on what came after it."""
    theirs = _by_order(otherwise)
    decided = {decision.intent_id: decision.text() for decision in otherwise.decisions}
    planned = {decision.intent_id: decision.text() for decision in whole.course.decisions}
    for each in whole.course.fills:
        there = theirs.get(each.fill.order_id, ())
        if each.placed_at_ns > cut_ns or any(_traded(fill) == _traded(each.fill) for fill in there):
            continue
        intent = next((i for i in planned if i is not None and i in each.fill.order_id), None)
        if intent in decided and decided[intent] == planned[intent]:
            yield _found(whole, Kind.FILL_AHEAD, each.fill, _said(there[0]) if there else None, cut_ns)
            return


def _by_order(course: Course) -> dict[str, list[Fill]]:
    out: dict[str, list[Fill]] = {}
    for each in course.fills:
        out.setdefault(each.fill.order_id, []).append(each.fill)
    return out


def _traded(fill: Fill) -> tuple[Price, Amount, int]:
    return fill.price, fill.amount, fill.venue_at_ns


def _found(whole: Whole, kind: Kind, fill: Fill, other: str | None, cut_ns: int) -> Found:
    lines = whole.lines_of(_SIMULATE)
    said = ", ".join(f"{line.rule.rpartition('/')[2]}: {line.written}" for line in lines)
    return Found(
        kind=kind,
        use=whole.use(_SIMULATE),
        lines=lines,
        pair=_pair_of(whole, fill),
        what="fill",
        at_ns=fill.venue_at_ns,
        whole=f"{fill.instrument.text()} {_said(fill)}",
        piece=other,
        piece_ns=cut_ns,
        stated=Words(f"your file states it: {said}", f"당신의 파일에 쓰여 있습니다: {said}"),
    )


def _said(fill: Fill) -> str:
    return f"{fill.amount.text()} @ {text(fill.price.value)}"


def _pair_of(whole: Whole, fill: Fill) -> str:
    """Of the decision that planned it: an order has the name of its intent in its own."""
    planned = (d.pair for d in whole.course.decisions if d.intent_id is not None and d.intent_id in fill.order_id)
    return next(planned, "-")
